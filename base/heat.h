/* A heat as the other rooms see it: a batch of steel, what it weighs and who owns it. */
#ifndef HEATLEDGER_HEAT_H
#define HEATLEDGER_HEAT_H

#include "posting.h"

#include <stdbool.h>
#include <stdint.h>

struct heat {
    heat_no no;
    char id[CATALOG_ID_MAX + 1];
    char grade[CATALOG_ID_MAX + 1]; /* empty: unknown */
    int64_t steel_g;                /* after all moves, 0: all of it moved; -1: unknown */
    int64_t weighed_g;              /* as weighed, before any move; -1: unknown */
    int64_t tapped_g;               /* as told by the tap, after all moves; -1: unknown */
    int64_t cast_g;                 /* as told by the end at a last station; -1: unknown */
    int64_t planned_g;              /* -1: unknown; for forecasts only */
    int64_t first_start_us;         /* earliest start; TIMESTAMP_NEVER_US: not started */
    int64_t owner_at_us;            /* the ownership event; TIMESTAMP_NEVER_US: not yet */
    struct crew_slot owner;         /* meaningful where owner_at_us is known */
    int64_t ended_us;               /* ended everywhere; TIMESTAMP_NEVER_US: not yet */
    bool provisional;               /* named by a reading, no event of its own yet */
    bool review;                    /* somebody should look at it: heats_reviews says why */
    bool gone;      /* none of the books: void, or only what was cancelled ever named it, or … */
    heat_no keeper; /* … another id of this heat; its own number where it is not */
};

bool heat_owned(const struct heat *heat);
bool heat_ended(const struct heat *heat);

/* A stay of a heat at a station, half-open [start, end). */
struct heat_stay {
    heat_no heat;
    station_id station;
    uint32_t visit; /* 1, 2 … at this station */
    int64_t start_us;
    int64_t end_us; /* TIMESTAMP_NEVER_US: still there */
};

/* Why somebody should look at a heat. */
enum heat_review_reason {
    HEAT_REVIEW_TIMED_OUT,    /* its stay was never ended, and ended by itself */
    HEAT_REVIEW_PROVISIONAL,  /* a reading names it, and no event of its own has come */
    HEAT_REVIEW_MOVE_PENDING, /* steel moved, but it cannot be booked yet */
    HEAT_REVIEW_NO_OWNER,     /* it ended, and no ownership event came */
    HEAT_REVIEW_REASONS
};
const char *heat_review_reason_name(enum heat_review_reason reason);

struct heat_review {
    heat_no heat;
    enum heat_review_reason reason;
    int64_t since_us;
    station_id station; /* index CATALOG_NONE: no matter */
    const char *detail; /* a sentence that lives for ever; NULL: none */
};

#endif
