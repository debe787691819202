#include "quota_entry.h"

#include "failure.h"

const char *quota_account_kind_name(enum quota_account_kind kind)
{
    static const char *const names[QUOTA_ACCOUNT_KINDS] = {
        [QUOTA_ACCOUNT_WORKSHOP] = "workshop", [QUOTA_ACCOUNT_HEAT] = "heat",
        [QUOTA_ACCOUNT_CREW] = "crew",         [QUOTA_ACCOUNT_PERIOD] = "period",
        [QUOTA_ACCOUNT_RESERVE] = "reserve",   [QUOTA_ACCOUNT_CREW_PERIOD] = "crew_period",
    };
    REQUIRE(kind < QUOTA_ACCOUNT_KINDS);
    return names[kind];
}

const char *quota_entry_cause_name(enum quota_entry_cause cause)
{
    static const char *const names[QUOTA_ENTRY_CAUSES] = {
        [QUOTA_ENTRY_EARNED] = "earned",   [QUOTA_ENTRY_WEIGHT] = "weight",
        [QUOTA_ENTRY_STEEL] = "steel",     [QUOTA_ENTRY_REVISION] = "revision",
        [QUOTA_ENTRY_VOID] = "void",       [QUOTA_ENTRY_TRANSFER] = "transfer",
        [QUOTA_ENTRY_CARRIED] = "carried", [QUOTA_ENTRY_RESERVE] = "reserve",
    };
    REQUIRE(cause < QUOTA_ENTRY_CAUSES);
    return names[cause];
}

struct quota_account quota_account_workshop(void)
{
    return (struct quota_account){.kind = QUOTA_ACCOUNT_WORKSHOP};
}

struct quota_account quota_account_of_crew(crew_id crew, struct period period)
{
    return (struct quota_account){
        .kind = QUOTA_ACCOUNT_CREW_PERIOD, .slot = {.crew = crew}, .period = period};
}
