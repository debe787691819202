#include "forecast.h"

#include <stddef.h>

/* done / planned; NULL where nothing is planned. */
static const struct fraction *progress(struct sheet *sheet, const struct fraction *done_t,
                                       const struct fraction *planned_t)
{
    return fraction_sign(planned_t) > 0 ? fraction_divide(sheet, done_t, planned_t) : NULL;
}

const struct fraction *forecast_at_completion(struct sheet *sheet, const struct fraction *used,
                                              const struct fraction *done_t,
                                              const struct fraction *planned_t)
{
    const struct fraction *part = progress(sheet, done_t, planned_t);
    const struct fraction *least = fraction_of(sheet, FORECAST_LEAST_PERCENT, 100);
    if (part == NULL || fraction_sign(part) <= 0 || fraction_compare(part, least) < 0) {
        return NULL;
    }
    return fraction_divide(sheet, used, part);
}

const struct fraction *forecast_rate_left(struct sheet *sheet, const struct fraction *quota,
                                          const struct fraction *used,
                                          const struct fraction *done_t,
                                          const struct fraction *planned_t)
{
    const struct fraction *left_t = fraction_subtract(sheet, planned_t, done_t);
    return fraction_sign(left_t) > 0
               ? fraction_divide(sheet, fraction_subtract(sheet, quota, used), left_t)
               : NULL;
}

const struct fraction *forecast_blend(struct sheet *sheet, const struct fraction *rate_now,
                                      const struct fraction *historical,
                                      const struct fraction *done_t,
                                      const struct fraction *planned_t)
{
    const struct fraction *none = fraction_of(sheet, 0, 1), *all = fraction_of(sheet, 1, 1);
    const struct fraction *part = progress(sheet, done_t, planned_t);
    if (part == NULL) {
        return NULL;
    }
    const struct fraction *weight = fraction_clamp(sheet, part, none, all);
    return fraction_add(
        sheet, fraction_multiply(sheet, weight, rate_now),
        fraction_multiply(sheet, fraction_subtract(sheet, all, weight), historical));
}
