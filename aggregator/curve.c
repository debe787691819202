#include "curve.h"

#include "derive.h"
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

/* Index of the first sample after an instant. */
size_t curve_first_after(const struct curve *curve, int64_t ts_us)
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
struct sample *curve_part_before(const struct curve *curve, size_t at)
{
    while (at > 0 && sample_is_held(&curve->samples[at - 1])) {
        at--;
    }
    return at > 0 ? &curve->samples[at - 1] : NULL;
}

const struct sample *curve_part_from(const struct curve *curve, size_t at)
{
    while (at < curve->count && sample_is_held(&curve->samples[at])) {
        at++;
    }
    return at < curve->count ? &curve->samples[at] : NULL;
}

const struct sample *curve_newest(const struct curve *curve)
{
    return curve_part_before(curve, curve->count);
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
            const struct sample *before = curve_part_before(curve, i - 1);
            *changed_us = before != NULL ? before->ts_us : INT64_MIN;
            there->raw = sample->raw;
            there->seq = sample->seq;
            there->uncertain = sample->uncertain;
            curve_derive_from(curve, i - 1);
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
    size_t at = curve_first_after(curve, sample->ts_us);
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
    curve_derive_from(curve, at);
    if (late) {
        const struct sample *before = curve_part_before(curve, at);
        *changed_us = before != NULL ? before->ts_us : INT64_MIN;
    }
    if (curve->count == 1 || at == 0) {
        return OUTCOME_BASELINE;
    }
    return outcome_of(&curve->samples[at], late);
}

int64_t curve_at(const struct curve *curve, int64_t ts_us, enum quality *quality)
{
    size_t behind = curve_first_after(curve, ts_us);
    const struct sample *a = curve_part_before(curve, behind);
    if (a == NULL) {
        const struct sample *first = curve_part_from(curve, 0);
        return first != NULL ? first->c_base : 0;
    }
    const struct sample *b = curve_part_from(curve, behind);
    if (a->ts_us == ts_us || b == NULL) {
        return a->c_base;
    }
    *quality = quality_worse(*quality, QUALITY_INTERPOLATED);
    int64_t elapsed_us = ts_us - a->ts_us;
    if (curve->meter->kind == METER_RATE) {
        return derive_rate_at(curve->meter, a, b, elapsed_us);
    }
    int64_t part_base = 0;
    REQUIRE(quantity_multiply_divide(b->c_base - a->c_base, elapsed_us, b->ts_us - a->ts_us,
                                     &part_base));
    return a->c_base + part_base;
}

enum quality curve_quality(const struct curve *curve, int64_t start_us, int64_t end_us)
{
    enum quality worst = QUALITY_MEASURED;
    size_t at = curve_first_after(curve, start_us);
    if (curve->trimmed && curve->count > 0 && start_us < curve->samples[0].ts_us) {
        worst = curve->trimmed_quality;
    }
    for (; at < curve->count; at++) {
        worst = quality_worse(worst, sample_quality(&curve->samples[at]));
        if (curve->samples[at].ts_us >= end_us && !sample_is_held(&curve->samples[at])) {
            break; /* the one that closes the segment counts too */
        }
    }
    return worst;
}

int64_t curve_gap_edge_us(const struct curve *curve, int64_t after_us)
{
    for (size_t i = curve_first_after(curve, after_us); i < curve->count; i++) {
        if (curve->samples[i].gap && !sample_is_held(&curve->samples[i])) {
            const struct sample *before = curve_part_before(curve, i);
            return before != NULL && before->ts_us > after_us ? before->ts_us
                                                              : curve->samples[i].ts_us;
        }
    }
    return INT64_MAX;
}

bool curve_begins_dip(const struct curve *curve, int64_t ts_us)
{
    size_t behind = curve_first_after(curve, ts_us);
    return behind < 2 || curve->samples[behind - 2].kind != SAMPLE_GLITCH;
}
