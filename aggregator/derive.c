#include "derive.h"

#include "failure.h"
#include "quantity.h"
#include "timestamp.h"

/* Whether moving by `raw` within `elapsed_us` is more than the meter can. */
static bool too_fast(const struct meter *meter, int64_t raw, int64_t elapsed_us)
{
    return meter->max_rate_raw_hour > 0 && (quantity_wide)raw * TIMESTAMP_HOUR_US >
                                               (quantity_wide)meter->max_rate_raw_hour * elapsed_us;
}

/* What a sample is, seen from the last one that is part of the curve, and how far the register
 * moved. A rollover without a declared max_rate must fall from the top quarter into the lowest. */
static enum sample_kind register_step(const struct meter *meter, const struct sample *before,
                                      const struct sample *sample, int64_t *moved_raw)
{
    int64_t elapsed_us = sample->ts_us - before->ts_us;
    *moved_raw = sample->raw - before->raw;
    if (sample->kind == SAMPLE_MARK) {
        *moved_raw = 0;
        return SAMPLE_MARK;
    }
    if (*moved_raw >= 0) {
        return too_fast(meter, *moved_raw, elapsed_us) ? SAMPLE_SPIKE : SAMPLE_NORMAL;
    }
    if (meter->width_raw > 0) {
        int64_t round_raw = meter->width_raw + *moved_raw;
        bool plausible = meter->max_rate_raw_hour > 0 ? !too_fast(meter, round_raw, elapsed_us)
                                                      : round_raw <= meter->width_raw / 4;
        if (round_raw >= 0 && plausible) {
            *moved_raw = round_raw;
            return SAMPLE_ROLLOVER;
        }
    }
    if (meter->reset == METER_RESET_NEVER) {
        return SAMPLE_GLITCH;
    }
    *moved_raw = meter->reset == METER_RESET_TO_ZERO ? sample->raw : 0;
    return SAMPLE_RESET;
}

/* C at a sample by which the meter moved on from the one before. The fraction that the scale leaves
 * is carried along, so that C is one floor of the whole. */
static void move_on(const struct meter *meter, const struct sample *before, int64_t moved_raw,
                    struct sample *sample)
{
    quantity_wide moved = (quantity_wide)moved_raw * meter->scale_num + before->c_rest;
    sample->c_base = quantity_add(before->c_base, (int64_t)(moved / meter->scale_den));
    sample->c_rest = (int64_t)(moved % meter->scale_den);
    sample->gap = meter->max_gap_us > 0 && sample->ts_us - before->ts_us > meter->max_gap_us;
}

static void derive_register(struct curve *curve, size_t at)
{
    const struct meter *meter = curve->meter;
    struct sample *sample = &curve->samples[at];
    const struct sample *before = curve_part_before(curve, at);
    if (before == NULL) {
        sample->c_base = 0;
        sample->c_rest = 0;
        sample->kind = sample->kind == SAMPLE_MARK ? SAMPLE_MARK : SAMPLE_NORMAL;
        return;
    }
    int64_t moved_raw = 0;
    sample->kind = (uint8_t)register_step(meter, before, sample, &moved_raw);
    sample->c_base = before->c_base;
    sample->c_rest = before->c_rest;
    if (sample_is_held(sample)) {
        return;
    }
    move_on(meter, before, moved_raw, sample);
    /* What went through between the last reading and a reset to an unknown value is lost. */
    sample->loss = sample->kind == SAMPLE_RESET && meter->reset == METER_RESET_UNKNOWN;
}

static void derive_level(struct curve *curve, size_t at)
{
    const struct meter *meter = curve->meter;
    struct sample *sample = &curve->samples[at];
    const struct sample *before = curve_part_before(curve, at);
    sample->kind = SAMPLE_NORMAL;
    sample->reference_raw = sample->raw;
    if (before == NULL) {
        sample->c_base = 0;
        sample->c_rest = 0;
        return;
    }
    int64_t risen_raw = sample->raw - before->reference_raw;
    bool fell = risen_raw <= -meter->division_raw;
    if (!fell && risen_raw < meter->division_raw) {
        sample->reference_raw = before->reference_raw;
    }
    move_on(meter, before, fell ? -risen_raw : 0, sample);
}

/* Rates: what one base unit is in raw value x microseconds x num. A trapezoid counts twice. */
static quantity_wide rate_denominator(const struct meter *meter)
{
    quantity_wide twice = meter->integration == METER_TRAPEZOID ? 2 : 1;
    return (quantity_wide)meter->scale_den * TIMESTAMP_HOUR_US * twice;
}

/* The integral from sample a for `elapsed_us`, numerator of rate_denominator; `b` is the sample
 * behind it, NULL where there is none yet. */
static quantity_wide rate_integral(const struct meter *meter, const struct sample *a,
                                   const struct sample *b, int64_t elapsed_us)
{
    if (meter->integration == METER_TRAPEZOID && b != NULL) {
        /* floor(rise x elapsed^2 / length), by quotient and rest: no product leaves 128 bits. */
        int64_t length_us = b->ts_us - a->ts_us;
        quantity_wide rise = (quantity_wide)(b->raw - a->raw) * elapsed_us;
        quantity_wide quotient = quantity_floor_divide(rise, length_us);
        quantity_wide rest = rise - quotient * length_us;
        quantity_wide risen = quotient * elapsed_us + rest * elapsed_us / length_us;
        return ((quantity_wide)2 * a->raw * elapsed_us + risen) * meter->scale_num;
    }
    if (meter->max_hold_us > 0 && elapsed_us > meter->max_hold_us) {
        elapsed_us = meter->max_hold_us;
    }
    return (quantity_wide)a->raw * elapsed_us * meter->scale_num;
}

static void derive_rate(struct curve *curve, size_t at)
{
    const struct meter *meter = curve->meter;
    struct sample *sample = &curve->samples[at];
    const struct sample *before = curve_part_before(curve, at);
    sample->kind = SAMPLE_NORMAL;
    if (before == NULL) {
        sample->c_base = 0;
        sample->c_rest = 0;
        return;
    }
    quantity_wide denominator = rate_denominator(meter);
    quantity_wide sum =
        rate_integral(meter, before, sample, sample->ts_us - before->ts_us) + before->c_rest;
    quantity_wide whole = quantity_floor_divide(sum, denominator);
    sample->c_base = quantity_add(before->c_base, (int64_t)whole);
    sample->c_rest = (int64_t)(sum - whole * denominator);
    sample->gap = meter->max_gap_us > 0 && sample->ts_us - before->ts_us > meter->max_gap_us;
}

void curve_derive_from(struct curve *curve, size_t at)
{
    static void (*const derive[])(struct curve *, size_t) = {
        [METER_REGISTER] = derive_register,
        [METER_RATE] = derive_rate,
        [METER_LEVEL] = derive_level,
    };
    for (size_t i = at; i < curve->count; i++) {
        derive[curve->meter->kind](curve, i);
    }
}

int64_t derive_rate_at(const struct meter *meter, const struct sample *a, const struct sample *b,
                       int64_t elapsed_us)
{
    quantity_wide sum = rate_integral(meter, a, b, elapsed_us) + a->c_rest;
    return a->c_base + (int64_t)quantity_floor_divide(sum, rate_denominator(meter));
}
