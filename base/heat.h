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
    int64_t steel_g;                /* > 0, or -1: unknown */
    int64_t planned_g;              /* -1: unknown; for forecasts only */
    int64_t first_start_us;         /* earliest start; TIMESTAMP_NEVER_US: not started */
    int64_t owner_at_us;            /* the ownership event; TIMESTAMP_NEVER_US: not yet */
    struct crew_slot owner;         /* meaningful where owner_at_us is known */
    int64_t ended_us;               /* ended everywhere; TIMESTAMP_NEVER_US: not yet */
    bool provisional;               /* named by a reading, no event of its own yet */
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

#endif
