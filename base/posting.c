#include "posting.h"

#include "failure.h"

bool crew_slot_equal(struct crew_slot a, struct crew_slot b)
{
    return a.day == b.day && a.shift.index == b.shift.index && a.crew.index == b.crew.index;
}

static const char *const cause_names[POSTING_CAUSE_COUNT] = {
    [POSTING_CLOSED] = "closed",
    [POSTING_REVERSAL] = "reversal",
    [POSTING_LATE_READING] = "late_reading",
    [POSTING_LATE_EVENT] = "late_event",
    [POSTING_ROSTER] = "roster",
    [POSTING_VOID] = "void",
    [POSTING_CONFLICT] = "conflict",
    [POSTING_RETURN] = "return",
    [POSTING_SPLIT] = "split",
    [POSTING_MERGE] = "merge",
    [POSTING_RENUMBER] = "renumber",
    [POSTING_EXCHANGE] = "exchange",
    [POSTING_MULTIPLIER] = "multiplier",
    [POSTING_DECISION] = "decision",
    [POSTING_SHARES] = "shares",
};

const char *posting_cause_name(enum posting_cause cause)
{
    REQUIRE((unsigned)cause < POSTING_CAUSE_COUNT);
    return cause_names[cause];
}

static const char *const method_names[SHARING_METHOD_COUNT] = {
    [SHARING_NONE] = "none",         [SHARING_EQUAL] = "equal",
    [SHARING_NAMED] = "named",       [SHARING_TIME] = "time",
    [SHARING_TONNAGE] = "tonnage",   [SHARING_RATIO] = "ratio",
    [SHARING_SUBMETER] = "submeter", [SHARING_HEAT_COUNT] = "heat_count",
    [SHARING_POWER] = "power",       [SHARING_NEXT_HEAT] = "next_heat",
    [SHARING_MOVED] = "moved",
};

const char *sharing_method_name(enum sharing_method method)
{
    REQUIRE((unsigned)method < SHARING_METHOD_COUNT);
    return method_names[method];
}

enum quality quality_worse(enum quality a, enum quality b)
{
    return a > b ? a : b;
}
