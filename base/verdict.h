/* What the rules say: balances and alerts, as values that the book keeps and the outlets show. */
#ifndef HEATLEDGER_VERDICT_H
#define HEATLEDGER_VERDICT_H

#include "period.h"
#include "posting.h"
#include "trouble_kind.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    uint16_t index; /* into the plant's quotas */
} quota_id;

enum verdict { VERDICT_UNKNOWN, VERDICT_GREEN, VERDICT_AMBER, VERDICT_RED };
const char *verdict_name(enum verdict verdict); /* "" for unknown */

/* BALANCE_METER and BALANCE_PLANT: of alerts only. */
enum balance_scope { BALANCE_HEAT, BALANCE_CREW, BALANCE_METER, BALANCE_PLANT, BALANCE_PERIOD };
const char *balance_scope_name(enum balance_scope scope); /* "heat", "crew", "meter" … */

/* One quota held against one heat, one crew-shift, or the shop in a period. */
struct balance {
    quota_id quota;
    enum balance_scope scope;
    heat_no heat;          /* BALANCE_HEAT */
    struct crew_slot slot; /* BALANCE_CREW: itself; BALANCE_HEAT: the owner, where known */
    bool slot_known;
    struct period period; /* BALANCE_PERIOD */
    bool allowed_known;   /* false: no counted heat has a weight yet, or one has none (linear) */
    int64_t allowed_target_base, allowed_limit_base;
    int64_t allowed_stretch_base; /* -1: the quota has no stretch, or it is not known */
    int64_t used_base;            /* booked and open */
    enum verdict verdict;
    bool provisional;
    bool gone; /* nothing counts or is allowed here after all: there is no such balance */
};

enum alert_level { ALERT_TARGET, ALERT_LIMIT, ALERT_LEVELS };
const char *alert_level_name(enum alert_level level);

/* acked and shelved come from people (entries). */
enum alert_state { ALERT_RAISED, ALERT_ACKED, ALERT_SHELVED, ALERT_CLEARED, ALERT_CLOSED };
const char *alert_state_name(enum alert_state state);

/* What an alert is about: a quota, what is wrong with a meter, or what keeps the plant's books from
 * being kept. The names of the others stand where a quota's id stands, and are no quota's. */
enum alert_matter {
    ALERT_QUOTA,
    ALERT_HELD,   /* the meter's newest readings are held until somebody decides */
    ALERT_STALE,  /* the meter is silent */
    ALERT_SYSTEM, /* a trouble of the program: trouble_kind.h */
    ALERT_MATTERS,
    ALERT_METER_MATTERS = ALERT_SYSTEM /* those from ALERT_HELD to before it are a meter's */
};
const char *
alert_matter_name(enum alert_matter matter); /* "" for a quota, "held", "stale", "system" */

/* Whether a quota must not bear this id. */
bool alert_matter_reserved(const char *id);

/* One step in the life of an alert, appended and never changed. The alert is (matter, quota, scope,
 * heat, slot, period, meter or trouble, level). */
struct alert_transition {
    enum alert_matter matter;
    quota_id quota; /* ALERT_QUOTA */
    enum balance_scope scope;
    heat_no heat;
    struct crew_slot slot;
    bool slot_known;
    struct period period;      /* BALANCE_PERIOD */
    meter_id meter;            /* BALANCE_METER */
    enum trouble_kind trouble; /* BALANCE_PLANT */
    enum alert_level level;
    enum alert_state state;
    int64_t at_us; /* the engine's time */
    /* a quota's; nothing is allowed to a meter or to a trouble, but ALERT_HELD has in used_base
     * what the newest held reading would book */
    int64_t used_base, allowed_base;
    bool retro; /* the scope had ended when it was judged, or a retained reading brought it about */
    bool again; /* ALERT_RAISED: its shelf has ended, it had risen before */
    const char *by;     /* ALERT_ACKED, ALERT_SHELVED: who; NULL otherwise */
    const char *reason; /* ALERT_SHELVED, ALERT_ACKED, and ALERT_RAISED of a trouble; NULL: none */
    int64_t until_us;   /* ALERT_SHELVED: the end of the shelf */
};

#endif
