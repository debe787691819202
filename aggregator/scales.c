#include "scales.h"

#include "memory.h"
#include "quantity.h"

#include <stdlib.h>
#include <string.h>

void scales_clear(struct scales *scales)
{
    free(scales->items);
    *scales = (struct scales){0};
}

static quantity_wide greatest_divisor(quantity_wide a, quantity_wide b)
{
    while (b != 0) {
        quantity_wide rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* The configured factor x num / den in lowest terms; false: it does not fit. */
static bool multiply(const struct meter *meter, int64_t num, int64_t den, struct scale *scale)
{
    quantity_wide wide_num = (quantity_wide)meter->scale_num * num;
    quantity_wide wide_den = (quantity_wide)meter->scale_den * den;
    quantity_wide divisor = greatest_divisor(wide_num, wide_den);
    int64_t den_max = meter->kind == METER_RATE ? SCALES_RATE_DEN_MAX : INT64_MAX;
    if (wide_num / divisor > INT64_MAX || wide_den / divisor > den_max) {
        return false;
    }
    *scale = (struct scale){(int64_t)(wide_num / divisor), (int64_t)(wide_den / divisor)};
    return true;
}

/* Index of the first change behind an instant. */
static size_t first_after(const struct scales *scales, int64_t ts_us)
{
    size_t at = scales->count;
    while (at > 0 && scales->items[at - 1].ts_us > ts_us) {
        at--;
    }
    return at;
}

static enum outcome resolve(struct scale *there, const struct scale *scale, bool *changed)
{
    if (there->num == scale->num && there->den == scale->den) {
        return OUTCOME_DUPLICATE;
    }
    if ((quantity_wide)scale->num * there->den < (quantity_wide)there->num * scale->den) {
        *there = *scale;
        *changed = true;
    }
    return OUTCOME_CONFLICT;
}

enum outcome scales_add(struct scales *scales, const struct meter *meter, int64_t ts_us,
                        int64_t num, int64_t den, bool *changed)
{
    struct scale scale;
    *changed = false;
    if (num <= 0 || den <= 0 || !multiply(meter, num, den, &scale)) {
        return OUTCOME_OUT_OF_RANGE;
    }
    size_t at = first_after(scales, ts_us);
    if (at > 0 && scales->items[at - 1].ts_us == ts_us) {
        return resolve(&scales->items[at - 1].scale, &scale, changed);
    }
    if (scales->count == SCALES_MAX) {
        return OUTCOME_NOT_ALLOWED;
    }
    memory_grow(&scales->items, scales->count, &scales->capacity, sizeof *scales->items);
    memmove(&scales->items[at + 1], &scales->items[at],
            (scales->count - at) * sizeof *scales->items);
    scales->items[at] = (struct scale_change){ts_us, scale};
    scales->count++;
    *changed = true;
    return OUTCOME_ACCEPTED;
}

struct scale scales_at(const struct scales *scales, const struct meter *meter, int64_t ts_us)
{
    size_t at = first_after(scales, ts_us);
    return at > 0 ? scales->items[at - 1].scale
                  : (struct scale){meter->scale_num, meter->scale_den};
}

int64_t scales_next_us(const struct scales *scales, int64_t after_us)
{
    size_t at = first_after(scales, after_us);
    return at < scales->count ? scales->items[at].ts_us : INT64_MAX;
}

bool scales_fit(const struct scales *scales, const struct meter *meter, int64_t raw,
                int64_t limit_base)
{
    struct scale scale = {meter->scale_num, meter->scale_den};
    for (size_t i = 0;; i++) {
        int64_t base = 0;
        if (!quantity_multiply_divide(raw, scale.num, scale.den, &base) || base > limit_base ||
            base < -limit_base) {
            return false;
        }
        if (i == scales->count) {
            return true;
        }
        scale = scales->items[i].scale;
    }
}
