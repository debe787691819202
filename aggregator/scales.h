/* A meter's factors over time: what one raw unit is in base units of its item. The configuration
 * gives the first; a message "multiplier" multiplies it from its time on (transformers exchanged,
 * a wrong ratio found), also for what lies behind. */
#ifndef HEATLEDGER_SCALES_H
#define HEATLEDGER_SCALES_H

#include "catalog.h"
#include "outcome.h"

#include <stddef.h>
#include <stdint.h>

#define SCALES_MAX 64 /* changes of one meter */

/* What a rate's floor cuts off is kept in 1/den of a base unit for an hour, twice that for a
 * trapezoid, in microseconds: 63 bits must hold it. */
#define SCALES_RATE_DEN_MAX (INT64_MAX / (2 * INT64_C(3600000000)))

/* Base units = floor(raw x num / den); both > 0. */
struct scale {
    int64_t num, den;
};

struct scale_change {
    int64_t ts_us;
    struct scale scale; /* from ts on */
};

/* Zeroed: the configured factor, always. */
struct scales {
    struct scale_change *items; /* by ts */
    size_t count, capacity;
};

void scales_clear(struct scales *scales);

/* From `ts_us` on the meter's configured factor x num / den (both > 0) is in force. Two for one
 * instant: the smaller stands. DUPLICATE, CONFLICT; OUT_OF_RANGE: too large or too fine for 63
 * bits; NOT_ALLOWED: more than SCALES_MAX changes. `*changed`: whether any factor is another. */
enum outcome scales_add(struct scales *scales, const struct meter *meter, int64_t ts_us,
                        int64_t num, int64_t den, bool *changed);

/* The factor in force at an instant. */
struct scale scales_at(const struct scales *scales, const struct meter *meter, int64_t ts_us);

/* The first change behind an instant; INT64_MAX: none. */
int64_t scales_next_us(const struct scales *scales, int64_t after_us);

/* Whether `limit_base` is not exceeded by a raw value under any factor of the meter. */
bool scales_fit(const struct scales *scales, const struct meter *meter, int64_t raw,
                int64_t limit_base);

#endif
