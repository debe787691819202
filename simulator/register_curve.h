/* What the simulated registers show at an instant.
 *
 * Use is counted in thousandths of the meter's unit since the start of the record; a ramp of total
 * T over [s, e) has used floor(T x (t - s) / (e - s)) at t. Instants must be asked for in order. */
#ifndef HEATLEDGER_REGISTER_CURVE_H
#define HEATLEDGER_REGISTER_CURVE_H

#include "meter_profile.h"
#include "timetable.h"

#include <stddef.h>
#include <stdint.h>

#define REGISTER_CURVE_SCALE 1000 /* parts of a unit */

struct register_curves;

/* `timetable` must outlive the curves. Ramps of different heats may overlap: they add. */
struct register_curves *register_curves_create(const struct timetable *timetable, int64_t start_us);
void register_curves_destroy(struct register_curves *curves);

/* Goes on to an instant, not before the one asked for last. */
void register_curves_advance(struct register_curves *curves, int64_t ts_us);

/* Use of profile `index` (of meter_profiles) since the start, in thousandths of a unit, at the
 * instant advanced to; 0 for a profile that is no register. Its `initial` is not in it. */
int64_t register_curves_used(const struct register_curves *curves, size_t index);

#endif
