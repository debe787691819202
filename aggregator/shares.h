/* Shares: the use of a meter over a stretch in which nothing changes, divided by its key over the
 * heats at the stations that it serves.
 *
 *   time, heat_count  equal parts for all heats there: within the stretch each is there for as long
 *   tonnage           by the heats' steel, planned where it is not weighed, 0 where neither is
 * known ratio             by the stations' declared weights; within a station equal parts power the
 * same, of the stations where a heat is submeter          by what the stations' own meters moved in
 * the stretch; within a station equal parts
 *
 * A station's part without a heat is that station's idle use. Where all weights are 0, all of it
 * is idle. Idle use stays idle, or goes to the heat that comes next, where that is declared. */
#ifndef HEATLEDGER_SHARES_H
#define HEATLEDGER_SHARES_H

#include "attribution.h"
#include "sharing.h"

#include <stddef.h>
#include <stdint.h>

#define SHARES_HEATS_MAX 256 /* at a meter's stations at once; the latest to come share */

/* Idle use waits for the next heat so long; what waits longer stays idle. */
#define SHARES_IDLE_REACH_US (7 * 24 * 3600 * INT64_C(1000000))

/* Adds the parts of `whole`, whose slot is set, to `list`; parts of 0 too: they say where use would
 * go. */
void shares_divide(const struct attribution *attribution, const struct segment *whole,
                   const struct meter *meter, struct segment_list *list);

/* The first instant after `after_us` at which the heats that share change. */
int64_t shares_next_us(const struct attribution *attribution, const struct meter *meter,
                       int64_t after_us);

/* The heats at a station, or at all (`station` NULL), are others from `from_us` on: from when on
 * the use of the meter may be somebody else's. That is earlier where idle use waits for a heat. */
int64_t shares_reach_us(const struct attribution *attribution, const struct meter *meter,
                        const station_id *station, int64_t from_us);

#endif
