#include "verdict.h"

#include "failure.h"

#include <stddef.h>
#include <string.h>

#define NAME_OF(names, value)                                                                      \
    (REQUIRE((size_t)(value) < sizeof(names) / sizeof *(names)), (names)[(size_t)(value)])

static const char *const verdict_names[] = {
    [VERDICT_UNKNOWN] = "",
    [VERDICT_GREEN] = "green",
    [VERDICT_AMBER] = "amber",
    [VERDICT_RED] = "red",
};

static const char *const scope_names[] = {
    [BALANCE_HEAT] = "heat",   [BALANCE_CREW] = "crew",     [BALANCE_METER] = "meter",
    [BALANCE_PLANT] = "plant", [BALANCE_PERIOD] = "period",
};

static const char *const matter_names[ALERT_MATTERS] = {
    [ALERT_QUOTA] = "",
    [ALERT_HELD] = "held",
    [ALERT_STALE] = "stale",
    [ALERT_SYSTEM] = "system",
};

static const char *const level_names[ALERT_LEVELS] = {
    [ALERT_TARGET] = "target",
    [ALERT_LIMIT] = "limit",
};

static const char *const state_names[] = {
    [ALERT_RAISED] = "raised",   [ALERT_ACKED] = "acked",   [ALERT_SHELVED] = "shelved",
    [ALERT_CLEARED] = "cleared", [ALERT_CLOSED] = "closed",
};

const char *verdict_name(enum verdict verdict)
{
    return NAME_OF(verdict_names, verdict);
}

const char *balance_scope_name(enum balance_scope scope)
{
    return NAME_OF(scope_names, scope);
}

const char *alert_matter_name(enum alert_matter matter)
{
    return NAME_OF(matter_names, matter);
}

bool alert_matter_reserved(const char *id)
{
    /* "balance" will be what a main meter shows against its parts */
    bool reserved = strcmp(id, "balance") == 0;
    for (int matter = ALERT_QUOTA + 1; matter < ALERT_MATTERS; matter++) {
        reserved = reserved || strcmp(id, matter_names[matter]) == 0;
    }
    return reserved;
}

const char *alert_level_name(enum alert_level level)
{
    return NAME_OF(level_names, level);
}

const char *alert_state_name(enum alert_state state)
{
    return NAME_OF(state_names, state);
}
