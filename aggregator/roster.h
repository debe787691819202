/* The roster: which crew is meant to be on duty, as the plant declares it. */
#ifndef HEATLEDGER_ROSTER_H
#define HEATLEDGER_ROSTER_H

#include "catalog.h"
#include "zone.h"

#include <stdint.h>

#define ROSTER_CYCLE_MAX 366
#define ROSTER_NO_OFFSET INT32_MIN /* a crew that is not in the cycle: a relief */

/* One day's exception: this crew, or nobody, in this shift. */
struct roster_override {
    int32_t day; /* production day */
    shift_id shift;
    crew_id crew; /* index CATALOG_NONE: nobody */
};

/* On production day d, crew c works shift cycle[(d - epoch_day + offset_days[c]) mod cycle_length]
 * (floored modulus, so that days before the epoch work too). */
struct roster {
    struct zone zone;
    int32_t day_start_s; /* local seconds after midnight at which the production day starts; equals
                            the start of catalog.shifts[0] */
    int32_t epoch_day;
    uint32_t cycle_length;
    shift_id cycle[ROSTER_CYCLE_MAX];       /* index CATALOG_NONE: off */
    int32_t offset_days[CATALOG_CREWS_MAX]; /* by crew; ROSTER_NO_OFFSET */
    uint32_t override_count;
    struct roster_override *overrides; /* by (day, shift), unique */
};

/* The shift that the cycle gives a crew on a production day; index CATALOG_NONE: off. */
shift_id roster_cycle_shift(const struct roster *roster, crew_id crew, int32_t day);

/* The crew that the roster puts in that shift; index CATALOG_NONE for a hole, and the lowest crew
 * where several are (check refuses such a roster). */
crew_id roster_crew(const struct roster *roster, const struct catalog *catalog, int32_t day,
                    shift_id shift);

/* The instant at which that shift starts, from the wall clock of its zone. A shift that starts
 * before the production day's start on the clock (night at 00:00) lies on the next calendar date.*/
int64_t roster_shift_start_us(const struct roster *roster, const struct catalog *catalog,
                              int32_t day, shift_id shift);

/* The production day and shift that contain an instant. */
void roster_shift_at(const struct roster *roster, const struct catalog *catalog, int64_t ts_us,
                     int32_t *day, shift_id *shift);

#endif
