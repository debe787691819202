/* A posting moves an amount of one item from a meter to a heat (or idle) and the crew on duty,
 * over a time segment. It is written once and never changed: a correction is a reversal and a new
 * posting. Two views are made of one set of postings: by the crew on duty (clock), which stands
 * here, and by the crew that owns the heat (owner), which is joined from the heat. */
#ifndef HEATLEDGER_POSTING_H
#define HEATLEDGER_POSTING_H

#include "catalog.h"

#include <stdbool.h>
#include <stdint.h>

/* An effect's identity: the journal position of the record that caused it, and its number among
 * that record's effects. A replay gives every effect the same identity again. */
struct effect_id {
    uint64_t position;
    uint32_t ordinal;
};

/* A crew-shift: production day, shift and who was on duty. */
struct crew_slot {
    int32_t day;
    shift_id shift;
    crew_id crew; /* index CATALOG_NONE: unattributed */
};

bool crew_slot_equal(struct crew_slot a, struct crew_slot b);

/* Worst of M < I < U < C < S < E: INTERFACES. */
enum quality {
    QUALITY_MEASURED,
    QUALITY_INTERPOLATED, /* an end lies between two samples */
    QUALITY_UNCERTAIN,
    QUALITY_CORRECTED,
    QUALITY_SUBSTITUTED,
    QUALITY_ESTIMATED,
};
#define QUALITY_LETTERS "MIUCSE"
enum quality quality_worse(enum quality a, enum quality b);

/* A heat's number inside this ledger, in the order in which heats were first heard of, from 1;
 * 0: no heat (idle). */
typedef struct {
    uint32_t value;
} heat_no;

enum posting_cause {
    POSTING_CLOSED,   /* the segment's end was reached */
    POSTING_REVERSAL, /* takes `reverses` back */
    POSTING_LATE_READING,
    POSTING_LATE_EVENT, /* a heat event came after the fact */
    POSTING_ROSTER,     /* a takeover moved the crew boundary */
    POSTING_VOID,       /* an event was cancelled */
    POSTING_CONFLICT,   /* a better reading with the same time replaced one */
    POSTING_RETURN,     /* steel went back to another heat and took its cost along */
    POSTING_SPLIT,      /* a part of a heat became another one */
    POSTING_MERGE,      /* a heat, or a part of it, was poured into another one */
    POSTING_RENUMBER,   /* two ids turned out to be one heat */
    POSTING_EXCHANGE,   /* the meter was exchanged or reset, told after the fact */
    POSTING_MULTIPLIER, /* the meter's multiplier was corrected */
    POSTING_DECISION,   /* a person accepted or rejected a reading, or entered one */
    POSTING_SHARES,     /* what the use is shared by changed: a weight, a sub-meter */
    POSTING_CAUSE_COUNT
};
const char *posting_cause_name(enum posting_cause cause);

/* How a segment was divided over the heats at the station. */
enum sharing_method {
    SHARING_NONE,  /* one heat, or none, was there */
    SHARING_EQUAL, /* no key is declared: equal shares */
    SHARING_NAMED, /* the reading names its heat */
    SHARING_TIME,
    SHARING_TONNAGE,
    SHARING_RATIO,
    SHARING_SUBMETER,
    SHARING_HEAT_COUNT,
    SHARING_POWER,
    SHARING_NEXT_HEAT, /* idle use that the plant gives to the heat that comes next */
    SHARING_MOVED,     /* came with steel from another heat, or went with it */
    SHARING_METHOD_COUNT
};
const char *sharing_method_name(enum sharing_method method);

/* Use over [start, end) by one heat under one crew-shift; the part of a posting that attribution
 * decides. An event is at start = end. */
struct segment {
    meter_id meter;
    station_id station; /* at which it was used: a meter may serve several */
    heat_no heat;
    struct crew_slot slot;
    int64_t start_us, end_us;
    int64_t amount_base; /* item base units; a reversal's is the negative */
    enum quality quality;
    enum sharing_method method;
};

struct posting {
    struct effect_id id;
    struct segment segment;
    enum posting_cause cause;
    struct effect_id reverses; /* position UINT64_MAX: reverses nothing */
    int64_t booked_at_us;      /* when its record arrived; the pipeline fills it in */
};

#define EFFECT_NONE ((struct effect_id){.position = UINT64_MAX, .ordinal = 0})

#endif
