/* The sharing key of a meter: by what its use is divided over the heats that it serves, and since
 * when. A meter without one (NULL) gives equal shares to the heats at its own station. */
#ifndef HEATLEDGER_SHARING_H
#define HEATLEDGER_SHARING_H

#include "catalog.h"
#include "posting.h"

#include <stdbool.h>
#include <stdint.h>

#define SHARING_RULES_MAX 16
#define SHARING_PARTS_MAX 16
#define SHARING_METERS_MAX 32 /* different sub-meters of one meter, over all its rules */

/* A station that the meter serves. */
struct sharing_part {
    station_id station;
    meter_id meter; /* SHARING_SUBMETER: what it moves is the weight; it stands at that station */
    int64_t weight; /* SHARING_RATIO, SHARING_POWER: >= 0, of any unit */
};

struct sharing_rule {
    int64_t from_us; /* INT64_MIN: since ever */
    enum sharing_method method;
    uint32_t part_count;                          /* 0: the meter's own station alone */
    struct sharing_part parts[SHARING_PARTS_MAX]; /* by the stations' ids: the lowest wins a tie */
};

struct sharing {
    uint32_t rule_count;
    struct sharing_rule rules[SHARING_RULES_MAX]; /* by from_us, no two alike */
};

/* The rule in force at an instant; NULL: none is yet, or the meter has no key. */
const struct sharing_rule *sharing_rule_at(const struct sharing *sharing, int64_t ts_us);

/* The first instant after another at which another rule begins; TIMESTAMP_NEVER_US: none does. */
int64_t sharing_next_us(const struct sharing *sharing, int64_t after_us);

/* Whether heats at that station can have a share in the meter's use, at any time. */
bool sharing_serves(const struct meter *meter, station_id station);

/* Whether the meter shares by that method at any time. */
bool sharing_uses(const struct meter *meter, enum sharing_method method);

#endif
