/* What sub-meters moved between the boundaries of the meters that share by them.
 *
 * A sub-meter's own curve is kept for its exact window alone, and its own marks stand at other
 * instants. So what it showed at each boundary of a meter that shares by it is pinned, and kept as
 * long as that meter may have to be cut again. A pin is C of the sub-meter at an instant, no matter
 * when it was asked for; it follows the curve for as long as the curve is kept there. */
#ifndef HEATLEDGER_SUBMETERS_H
#define HEATLEDGER_SUBMETERS_H

#include "attribution.h"
#include "curve.h"

#include <stdbool.h>
#include <stdint.h>

/* Pins of one meter: a year of them. Beyond, the older half is forgotten: between instants that are
 * not pinned and not on the curve any more a sub-meter counts as if it had moved evenly. */
#define SUBMETERS_PINS_MAX 65536

struct submeters;

/* Where the curve of a sub-meter is. */
typedef const struct curve *submeters_curve_of(const void *context, meter_id meter);

/* NULL where no meter of the catalog, which must outlive the result, shares by sub-meters. */
struct submeters *submeters_create(const struct catalog *catalog, submeters_curve_of *curve_of,
                                   const void *context);
void submeters_destroy(struct submeters *submeters);

/* The catalog holds another configuration, of whose meters the first `former_count` were there
 * before, and where meters may share by sub-meters for the first time, or by further ones. The
 * arguments are those of submeters_create, `*submeters` is what it made. */
void submeters_follow(struct submeters **submeters, const struct catalog *catalog,
                      uint32_t former_count, submeters_curve_of *curve_of, const void *context);

/* What a sub-meter moved over the segment of a meter that shares by it, 0 or more, from what is
 * known now: a silent one has moved nothing. Pins both ends, unless it is asked `only_to_show`. */
int64_t submeters_moved(struct submeters *submeters, const struct segment *whole, meter_id meter,
                        bool only_to_show);

/* Whether the meter shares by others, or another by it. */
bool submeters_concern(const struct submeters *submeters, meter_id meter);

/* The use of a meter is known up to `ts_us`: its open use ends there. Any meter may be given. */
void submeters_reach(struct submeters *submeters, meter_id meter, int64_t ts_us);

/* The boundaries of a meter are others from `from_us` on: pins the new ones. */
void submeters_recut(struct submeters *submeters, const struct attribution *attribution,
                     meter_id meter, int64_t from_us);

/* The curve of a sub-meter may be another than before, or longer. Calls `changed` for each meter
 * that shares by it, with the first instant at which what its use is divided by is another
 * (TIMESTAMP_NEVER_US: behind all boundaries so far). */
void submeters_refresh(struct submeters *submeters, const struct attribution *attribution,
                       meter_id meter,
                       void (*changed)(void *context, meter_id shared, int64_t from_us),
                       void *context);

#endif
