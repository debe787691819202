/* What a register can have done between two readings. */
#include "derive.h"
#include "quantity.h"
#include "timestamp.h"

/* Whether moving by `raw` within `elapsed_us` is more than the meter can. */
static bool too_fast(const struct meter *meter, int64_t raw, int64_t elapsed_us)
{
    quantity_wide moved = raw < 0 ? -(quantity_wide)raw : raw;
    return meter->max_rate_raw_hour > 0 &&
           moved * TIMESTAMP_HOUR_US > (quantity_wide)meter->max_rate_raw_hour * elapsed_us;
}

/* Whether so much time passed that the register may have gone round more than once. */
static bool may_have_lapped(const struct meter *meter, int64_t elapsed_us)
{
    return (quantity_wide)meter->max_rate_raw_hour * elapsed_us >
           (quantity_wide)meter->width_raw * TIMESTAMP_HOUR_US;
}

/* How far a register went if it went round; -1: it cannot have, or nobody can tell how often.
 * Without a declared max_rate it must fall from the top quarter into the lowest. */
static int64_t round_raw(const struct meter *meter, int64_t moved_raw, int64_t elapsed_us)
{
    int64_t raw = meter->width_raw + moved_raw;
    if (meter->width_raw == 0 || moved_raw >= 0 || raw < 0) {
        return -1;
    }
    bool plausible = meter->max_rate_raw_hour > 0
                         ? !too_fast(meter, raw, elapsed_us) && !may_have_lapped(meter, elapsed_us)
                         : raw <= meter->width_raw / 4;
    return plausible ? raw : -1;
}

bool derive_fits(const struct meter *meter, const struct point *before, const struct point *sample)
{
    int64_t moved_raw = sample->raw - before->raw;
    int64_t elapsed_us = sample->ts_us - before->ts_us;
    if (moved_raw >= 0 || meter->two_way) {
        return !too_fast(meter, moved_raw, elapsed_us);
    }
    return round_raw(meter, moved_raw, elapsed_us) >= 0;
}
