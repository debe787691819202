/* Which heats are at a station when: the timeline of one station.
 *
 * A stay is half-open [start, end). Stays may overlap: several heats can be at a station at once.
 */
#ifndef HEATLEDGER_STAYS_H
#define HEATLEDGER_STAYS_H

#include "heat.h"

#include <stddef.h>
#include <stdint.h>

struct stays {
    struct heat_stay *stays; /* by start */
    int64_t *latest_end_us;  /* of stays[0..i]: how far back a search must look */
    size_t count, capacity, latest_capacity;
    int64_t *bounds_us; /* every start and end, ascending */
    size_t bound_count, bound_capacity;
};

void stays_clear(struct stays *stays);
void stays_add(struct stays *stays, const struct heat_stay *stay);
/* Removes the stay with the same heat, visit and start, which must be there. */
void stays_remove(struct stays *stays, const struct heat_stay *stay);

/* Index of the first stay that starts after an instant. */
size_t stays_first_after(const struct stays *stays, int64_t ts_us);

/* Whether the stay at an index only goes on with a visit: steel moved then, and nobody came. */
bool stays_goes_on(const struct stays *stays, size_t at);

/* The first start or end after an instant; TIMESTAMP_NEVER_US: none is known. */
int64_t stays_next_us(const struct stays *stays, int64_t after_us);

/* Heats whose stay contains an instant: writes up to `max` of them, latest start first, and returns
 * how many. */
size_t stays_alive(const struct stays *stays, int64_t ts_us, heat_no *heats, size_t max);

#endif
