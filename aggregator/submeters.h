/* What sub-meters moved between the boundaries of the meters that share by them.
 *
 * A sub-meter's own curve is in memory for its exact window alone, and its own marks stand at other
 * instants. So what it showed at each boundary of a meter that shares by it is pinned, and kept as
 * long as that meter may have to be cut again. A pin is C of the sub-meter at an instant, no matter
 * when it was asked for. While the curve is in memory there, the pin is what the curve says. Behind
 * that it moves by as much as the stored curve does when late truth changes it: what was pinned
 * from all readings is exact, where the stored curve has one a minute. */
#ifndef HEATLEDGER_SUBMETERS_H
#define HEATLEDGER_SUBMETERS_H

#include "attribution.h"
#include "curve.h"

#include <stdbool.h>
#include <stdint.h>

/* Pins of one meter: a year of them. Beyond, the older half is forgotten, and read from the stored
 * curve again where it is needed. Where there is none a sub-meter counts as if it had moved evenly
 * between what is pinned. */
#define SUBMETERS_PINS_MAX 65536

struct submeters;

/* Where the curves of the sub-meters are. */
struct submeters_curves {
    void *context;

    const struct curve *(*of)(const void *context, meter_id meter);

    /* Brings a curve back into memory from an instant on, for a while; NULL: none comes back. */
    void (*bring_back)(void *context, meter_id meter, int64_t ts_us);
};

/* NULL where no meter of the catalog, which must outlive the result, shares by sub-meters. */
struct submeters *submeters_create(const struct catalog *catalog,
                                   const struct submeters_curves *curves);
void submeters_destroy(struct submeters *submeters);

/* The catalog holds another configuration, of whose meters the first `former_count` were there
 * before, and where meters may share by sub-meters for the first time, or by further ones. The
 * arguments are those of submeters_create, `*submeters` is what it made. */
void submeters_follow(struct submeters **submeters, const struct catalog *catalog,
                      uint32_t former_count, const struct submeters_curves *curves);

/* What a sub-meter moved over the segment of a meter that shares by it, 0 or more, from what is
 * known now: a silent one has moved nothing. Pins both ends, unless it is asked `only_to_show`. */
int64_t submeters_moved(struct submeters *submeters, const struct segment *whole, meter_id meter,
                        bool only_to_show);

/* Whether the meter shares by others, or another by it. */
bool submeters_concern(const struct submeters *submeters, meter_id meter);

/* The use of a meter is known up to `ts_us`: its open use begins at `open_us`, its last mark, and
 * ends there. Any meter may be given. */
void submeters_reach(struct submeters *submeters, meter_id meter, int64_t open_us, int64_t ts_us);

/* The boundaries of a meter are others from `from_us` on: pins the new ones. */
void submeters_recut(struct submeters *submeters, const struct attribution *attribution,
                     meter_id meter, int64_t from_us);

/* The curve of a sub-meter was brought back into memory, and is about to be another: takes note of
 * C at the pins there. */
void submeters_note(struct submeters *submeters, meter_id meter);

/* Now it is, and is still in memory: moves these pins by as much as it did. */
void submeters_move(struct submeters *submeters, meter_id meter);

/* The curve of a sub-meter may be another than before, or longer; what was brought back of it has
 * left memory again. Calls `changed` for each meter that shares by it, with the first instant at
 * which what its use is divided by is another (TIMESTAMP_NEVER_US: behind all boundaries so far).
 */
void submeters_refresh(struct submeters *submeters, const struct attribution *attribution,
                       meter_id meter,
                       void (*changed)(void *context, meter_id shared, int64_t from_us),
                       void *context);

#endif
