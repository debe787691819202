#include "curve.h"

#include "failure.h"
#include "memory.h"
#include "quantity.h"
#include "timestamp.h"

#include <stdlib.h>
#include <string.h>

void curve_init(struct curve *curve, const struct meter *meter)
{
    *curve = (struct curve){.meter = meter};
}

void curve_clear(struct curve *curve)
{
    free(curve->samples);
    *curve = (struct curve){0};
}

static bool is_held(const struct sample *sample)
{
    return sample->kind == SAMPLE_GLITCH || sample->kind == SAMPLE_SPIKE;
}

static enum quality quality_worse(enum quality a, enum quality b)
{
    return a > b ? a : b;
}

/* Index of the first sample after an instant. */
static size_t first_after(const struct curve *curve, int64_t ts_us)
{
    if (curve->count > 0 && curve->samples[curve->count - 1].ts_us <= ts_us) {
        return curve->count;
    }
    size_t low = 0;
    size_t high = curve->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (curve->samples[middle].ts_us <= ts_us) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The last sample of the curve before index `at`; NULL: none. */
static struct sample *part_before(const struct curve *curve, size_t at)
{
    while (at > 0 && is_held(&curve->samples[at - 1])) {
        at--;
    }
    return at > 0 ? &curve->samples[at - 1] : NULL;
}

static const struct sample *part_from(const struct curve *curve, size_t at)
{
    while (at < curve->count && is_held(&curve->samples[at])) {
        at++;
    }
    return at < curve->count ? &curve->samples[at] : NULL;
}

const struct sample *curve_newest(const struct curve *curve)
{
    return part_before(curve, curve->count);
}

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
    const struct sample *before = part_before(curve, at);
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
    if (is_held(sample)) {
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
    const struct sample *before = part_before(curve, at);
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
    const struct sample *before = part_before(curve, at);
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

static void derive_from(struct curve *curve, size_t at)
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

/* Which of two samples at the same time stands: best quality, highest seq, smallest value. */
static bool is_better(const struct sample *a, const struct sample *b)
{
    if (a->uncertain != b->uncertain) {
        return b->uncertain;
    }
    if (a->seq != b->seq) {
        return a->seq > b->seq;
    }
    return a->raw < b->raw;
}

/* A sample (or mark) at the same ts as the new one: duplicate or conflict. */
static bool resolve_same_time(struct curve *curve, size_t behind, const struct sample *sample,
                              enum outcome *outcome, int64_t *changed_us)
{
    for (size_t i = behind; i > 0 && curve->samples[i - 1].ts_us == sample->ts_us; i--) {
        struct sample *there = &curve->samples[i - 1];
        if ((there->kind == SAMPLE_MARK) != (sample->kind == SAMPLE_MARK)) {
            continue;
        }
        if (there->raw == sample->raw && there->uncertain == sample->uncertain) {
            there->seq = sample->seq > there->seq ? sample->seq : there->seq;
            *outcome = OUTCOME_DUPLICATE;
            return true;
        }
        *outcome = OUTCOME_CONFLICT;
        if (is_better(sample, there)) {
            if (curve->trimmed && i == 1) {
                *outcome = OUTCOME_TOO_LATE; /* what it counts from is forgotten */
                return true;
            }
            const struct sample *before = part_before(curve, i - 1);
            *changed_us = before != NULL ? before->ts_us : INT64_MIN;
            there->raw = sample->raw;
            there->seq = sample->seq;
            there->uncertain = sample->uncertain;
            derive_from(curve, i - 1);
        }
        return true;
    }
    return false;
}

static enum outcome outcome_of(const struct sample *sample, bool late)
{
    static const enum outcome outcomes[] = {
        [SAMPLE_NORMAL] = OUTCOME_ACCEPTED, [SAMPLE_ROLLOVER] = OUTCOME_ROLLOVER,
        [SAMPLE_RESET] = OUTCOME_RESET,     [SAMPLE_MARK] = OUTCOME_ACCEPTED,
        [SAMPLE_GLITCH] = OUTCOME_GLITCH,   [SAMPLE_SPIKE] = OUTCOME_SPIKE,
    };
    enum outcome outcome = outcomes[sample->kind];
    return outcome == OUTCOME_ACCEPTED && late ? OUTCOME_LATE : outcome;
}

enum outcome curve_insert(struct curve *curve, const struct sample *sample, int64_t *changed_us)
{
    *changed_us = INT64_MAX;
    size_t at = first_after(curve, sample->ts_us);
    enum outcome outcome = OUTCOME_ACCEPTED;
    if (resolve_same_time(curve, at, sample, &outcome, changed_us)) {
        return outcome;
    }
    if (at > 0 && curve->samples[at - 1].ts_us == sample->ts_us && sample->kind != SAMPLE_MARK) {
        at--; /* in front of the mark at the same instant */
    }
    if (at < curve->count && curve->samples[at].ts_us == sample->ts_us &&
        curve->samples[at].raw == sample->raw && sample->kind != SAMPLE_MARK) {
        return OUTCOME_DUPLICATE; /* what the mark of this instant says already */
    }
    if (curve->trimmed && at == 0) {
        return OUTCOME_TOO_LATE; /* what it would count from is forgotten */
    }
    memory_grow(&curve->samples, curve->count, &curve->capacity, sizeof *curve->samples);
    bool late = at < curve->count;
    if (late) {
        memmove(&curve->samples[at + 1], &curve->samples[at],
                (curve->count - at) * sizeof *curve->samples);
    }
    curve->samples[at] = *sample;
    curve->count++;
    derive_from(curve, at);
    if (late) {
        const struct sample *before = part_before(curve, at);
        *changed_us = before != NULL ? before->ts_us : INT64_MIN;
    }
    if (curve->count == 1 || at == 0) {
        return OUTCOME_BASELINE;
    }
    return outcome_of(&curve->samples[at], late);
}

int64_t curve_at(const struct curve *curve, int64_t ts_us, enum quality *quality)
{
    size_t behind = first_after(curve, ts_us);
    const struct sample *a = part_before(curve, behind);
    if (a == NULL) {
        const struct sample *first = part_from(curve, 0);
        return first != NULL ? first->c_base : 0;
    }
    const struct sample *b = part_from(curve, behind);
    if (a->ts_us == ts_us || b == NULL) {
        return a->c_base;
    }
    *quality = quality_worse(*quality, QUALITY_INTERPOLATED);
    int64_t elapsed_us = ts_us - a->ts_us;
    if (curve->meter->kind == METER_RATE) {
        quantity_wide sum = rate_integral(curve->meter, a, b, elapsed_us) + a->c_rest;
        return a->c_base + (int64_t)quantity_floor_divide(sum, rate_denominator(curve->meter));
    }
    int64_t part_base = 0;
    REQUIRE(quantity_multiply_divide(b->c_base - a->c_base, elapsed_us, b->ts_us - a->ts_us,
                                     &part_base));
    return a->c_base + part_base;
}

static enum quality sample_quality(const struct sample *sample)
{
    if (is_held(sample)) {
        return QUALITY_MEASURED;
    }
    if (sample->gap) {
        return QUALITY_ESTIMATED;
    }
    return sample->uncertain || sample->loss ? QUALITY_UNCERTAIN : QUALITY_MEASURED;
}

enum quality curve_quality(const struct curve *curve, int64_t start_us, int64_t end_us)
{
    enum quality worst = QUALITY_MEASURED;
    size_t at = first_after(curve, start_us);
    if (curve->trimmed && curve->count > 0 && start_us < curve->samples[0].ts_us) {
        worst = curve->trimmed_quality;
    }
    for (; at < curve->count; at++) {
        worst = quality_worse(worst, sample_quality(&curve->samples[at]));
        if (curve->samples[at].ts_us >= end_us && !is_held(&curve->samples[at])) {
            break; /* the one that closes the segment counts too */
        }
    }
    return worst;
}

int64_t curve_gap_edge_us(const struct curve *curve, int64_t after_us)
{
    for (size_t i = first_after(curve, after_us); i < curve->count; i++) {
        if (curve->samples[i].gap && !is_held(&curve->samples[i])) {
            const struct sample *before = part_before(curve, i);
            return before != NULL && before->ts_us > after_us ? before->ts_us
                                                              : curve->samples[i].ts_us;
        }
    }
    return INT64_MAX;
}

bool curve_begins_dip(const struct curve *curve, int64_t ts_us)
{
    size_t behind = first_after(curve, ts_us);
    return behind < 2 || curve->samples[behind - 2].kind != SAMPLE_GLITCH;
}

/* Held samples older than the window are listed in the ledger and need no memory here. */
static void drop_held(struct curve *curve, int64_t oldest_us)
{
    size_t kept = 0;
    for (size_t i = 0; i < curve->count; i++) {
        bool newest = i + 1 == curve->count;
        if (newest || !is_held(&curve->samples[i]) || curve->samples[i].ts_us >= oldest_us) {
            curve->samples[kept++] = curve->samples[i];
        }
    }
    curve->count = kept;
}

bool curve_trim_due(struct curve *curve, int64_t *anchor_us)
{
    if (curve->count < curve->capacity || curve->count <= 2 * CURVE_KEEP_MIN) {
        return false;
    }
    int64_t oldest_us = curve->samples[curve->count - 1].ts_us - CURVE_WINDOW_US;
    drop_held(curve, oldest_us);
    if (curve->count <= CURVE_KEEP_MIN) {
        return false;
    }
    size_t keep_from = first_after(curve, oldest_us - 1);
    if (keep_from > curve->count - CURVE_KEEP_MIN) {
        keep_from = curve->count - CURVE_KEEP_MIN;
    }
    while (keep_from > 0 && is_held(&curve->samples[keep_from])) {
        keep_from--;
    }
    *anchor_us = curve->samples[keep_from].ts_us;
    return keep_from >= curve->capacity / 4;
}

void curve_trim(struct curve *curve, int64_t anchor_us, int64_t mark_us)
{
    enum quality trimmed = QUALITY_MEASURED;
    if (curve->trimmed && mark_us < curve->samples[0].ts_us) {
        trimmed = curve->trimmed_quality; /* still the same segment */
    }
    size_t cut = 0;
    while (cut < curve->count &&
           (curve->samples[cut].ts_us < anchor_us || is_held(&curve->samples[cut]))) {
        if (curve->samples[cut].ts_us > mark_us) {
            trimmed = quality_worse(trimmed, sample_quality(&curve->samples[cut]));
        }
        cut++;
    }
    REQUIRE(cut < curve->count);
    if (curve->samples[cut].ts_us > mark_us) {
        /* The anchor's own stretch reaches back into what is forgotten. */
        trimmed = quality_worse(trimmed, sample_quality(&curve->samples[cut]));
    }
    curve->count -= cut;
    memmove(curve->samples, curve->samples + cut, curve->count * sizeof *curve->samples);
    curve->trimmed = true;
    curve->trimmed_quality = trimmed;
}
