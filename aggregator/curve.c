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
    bool follows = meter->kind == METER_REGISTER && meter->scale_den == 1;
    *curve = (struct curve){.meter = meter, .slope = follows ? meter->scale_num : 0};
}

void curve_clear(struct curve *curve)
{
    if (curve->said != NULL) {
        decisions_clear(&curve->said->decisions);
        scales_clear(&curve->said->scales);
        free(curve->said);
    }
    free(curve->samples);
    columns_clear(&curve->columns);
    *curve = (struct curve){0};
}

struct sample curve_sample(const struct curve *curve, size_t at)
{
    const struct point *point = &curve->samples[at];
    return (struct sample){
        .ts_us = point->ts_us,
        .raw = point->raw,
        .c_base = point->fresh ? DERIVE_NEW : curve_c_base(curve, point),
        .c_rest = curve_rest(curve, point),
        .reference_raw = curve_reference_raw(curve, point),
        .seq = ~columns_get(&curve->columns, COLUMN_SEQ, at),
        .kind = (uint8_t)point->kind,
        .uncertain = point->uncertain,
        .gap = point->gap,
        .loss = point->loss,
        .entered = point->entered,
        .decided = point->decided,
        .final = point->final,
    };
}

static void set_seq(struct curve *curve, size_t at, int64_t seq)
{
    columns_set(&curve->columns, COLUMN_SEQ, at, ~seq, curve->capacity);
}

void curve_set_rest(struct curve *curve, const struct point *sample, int64_t rest)
{
    size_t at = (size_t)(sample - curve->samples);
    columns_set(&curve->columns, COLUMN_REST, at, rest, curve->capacity);
}

void curve_set_reference_raw(struct curve *curve, const struct point *sample, int64_t reference_raw)
{
    size_t at = (size_t)(sample - curve->samples);
    columns_set(&curve->columns, COLUMN_REFERENCE, at, reference_raw ^ sample->raw,
                curve->capacity);
}

void curve_set_c_base(struct curve *curve, const struct point *sample, int64_t c_base)
{
    size_t at = (size_t)(sample - curve->samples);
    uint64_t from_raw = (uint64_t)sample->raw * (uint64_t)curve->slope;
    uint64_t rest = (uint64_t)c_base - from_raw - (uint64_t)curve->origin_base;
    if (rest != 0 && at == 0 && curve->count <= 1 && curve->columns.of[COLUMN_C] == NULL) {
        curve->origin_base = (int64_t)((uint64_t)c_base - from_raw);
        rest = 0;
    }
    columns_set(&curve->columns, COLUMN_C, at, (int64_t)rest, curve->capacity);
}

void curve_forget_c(struct curve *curve)
{
    columns_drop(&curve->columns, COLUMN_C);
    curve->origin_base = (int64_t)(0 - (uint64_t)curve->samples[0].raw * (uint64_t)curve->slope);
    for (size_t i = 0; i < curve->count; i++) {
        curve->samples[i].fresh = i > 0;
    }
}

void curve_shift_c(struct curve *curve, int64_t shift_base)
{
    curve->origin_base = (int64_t)((uint64_t)curve->origin_base + (uint64_t)shift_base);
}

void curve_gather_c(struct curve *curve)
{
    if (curve->columns.of[COLUMN_C] == NULL || curve->count == 0) {
        return;
    }
    int64_t common_base = columns_get(&curve->columns, COLUMN_C, 0);
    bool different = false;
    for (size_t i = 1; i < curve->count; i++) {
        different |= columns_get(&curve->columns, COLUMN_C, i) != common_base;
    }
    curve_shift_c(curve, common_base);
    if (!different) {
        columns_drop(&curve->columns, COLUMN_C);
        return;
    }
    for (size_t i = 0; i < curve->count && common_base != 0; i++) {
        int64_t rest_base =
            (int64_t)((uint64_t)columns_get(&curve->columns, COLUMN_C, i) - (uint64_t)common_base);
        columns_set(&curve->columns, COLUMN_C, i, rest_base, curve->capacity);
    }
}

void curve_put(struct curve *curve, size_t at, const struct sample *sample)
{
    REQUIRE(at < curve->capacity && !sample_is_said(sample));
    REQUIRE(sample->ts_us >= 0 && sample->ts_us <= POINT_TS_MAX_US);
    struct point *point = &curve->samples[at];
    *point = (struct point){
        .ts_us = sample->ts_us & POINT_TS_MAX_US,
        .raw = sample->raw,
        .kind = sample->kind & 15u,
        .uncertain = sample->uncertain,
        .gap = sample->gap,
        .loss = sample->loss,
        .entered = sample->entered,
        .decided = sample->decided,
        .final = sample->final,
        .fresh = sample->c_base == DERIVE_NEW,
    };
    if (point->fresh) {
        columns_set(&curve->columns, COLUMN_C, at, 0, curve->capacity);
    } else {
        curve_set_c_base(curve, point, sample->c_base);
    }
    /* Registers and rates have no reference; pages say 0 where nobody asks for it. */
    bool has_reference = curve->meter->kind == METER_LEVEL;
    curve_set_rest(curve, point, sample->c_rest);
    curve_set_reference_raw(curve, point, has_reference ? sample->reference_raw : sample->raw);
    set_seq(curve, at, sample->seq);
}

void curve_move(struct curve *curve, size_t to, size_t from, size_t count)
{
    if (count > 0 && to != from) {
        memmove(curve->samples + to, curve->samples + from, count * sizeof *curve->samples);
        columns_move(&curve->columns, to, from, count);
    }
}

void curve_resize(struct curve *curve, size_t capacity)
{
    REQUIRE(capacity > 0 && capacity >= curve->count);
    curve_gather_c(curve);
    columns_resize(&curve->columns, curve->capacity, capacity);
    curve->samples = reallocarray(curve->samples, capacity, sizeof *curve->samples);
    REQUIRE(curve->samples != NULL);
    curve->capacity = capacity;
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
struct point *curve_part_before(const struct curve *curve, size_t at)
{
    while (at > 0 && point_is_held(&curve->samples[at - 1])) {
        at--;
    }
    return at > 0 ? &curve->samples[at - 1] : NULL;
}

const struct point *curve_part_from(const struct curve *curve, size_t at)
{
    while (at < curve->count && point_is_held(&curve->samples[at])) {
        at++;
    }
    return at < curve->count ? &curve->samples[at] : NULL;
}

const struct point *curve_newest(const struct curve *curve)
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

/* From when on the curve is another, the first sample that changed being known. */
static int64_t changed_from_us(const struct curve *curve, size_t first)
{
    if (first == curve->count) {
        return INT64_MAX;
    }
    const struct point *before = curve_part_before(curve, first);
    return before != NULL ? before->ts_us : INT64_MIN;
}

/* Works out what a sample that is new or another makes of the curve. Returns from when on it is
 * another. */
static int64_t derive_around(struct curve *curve, size_t at)
{
    return changed_from_us(curve, derive_samples(curve, derive_start(curve, at, false), at));
}

/* A sample of the same rank at the same ts as the new one: duplicate or conflict. */
static bool resolve_same_time(struct curve *curve, size_t behind, const struct sample *sample,
                              enum outcome *outcome, int64_t *changed_us)
{
    for (size_t i = behind; i > 0 && curve->samples[i - 1].ts_us == sample->ts_us; i--) {
        struct point *there = &curve->samples[i - 1];
        const struct sample there_in_full = curve_sample(curve, i - 1);
        if (point_rank(there) != sample_rank(sample->kind, sample->final)) {
            continue;
        }
        if (there->raw == sample->raw && there->uncertain == sample->uncertain) {
            if (sample->seq > there_in_full.seq) {
                set_seq(curve, i - 1, sample->seq);
            }
            if (there->entered && !sample->entered) { /* the meter says so itself */
                there->entered = false;
                there->fresh = true; /* of another quality, at least */
                *changed_us = derive_around(curve, i - 1);
            }
            *outcome = OUTCOME_DUPLICATE;
            return true;
        }
        *outcome = OUTCOME_CONFLICT;
        if (is_better(sample, &there_in_full)) {
            if (curve->trimmed && i == 1) {
                *outcome = OUTCOME_TOO_LATE; /* what it counts from is forgotten */
                return true;
            }
            there->raw = sample->raw;
            set_seq(curve, i - 1, sample->seq);
            there->uncertain = sample->uncertain;
            there->entered = sample->entered;
            there->fresh = true;
            *changed_us = derive_around(curve, i - 1);
        }
        return true;
    }
    return false;
}

/* A reading at the instant of an exchange: it says what the message says, or something else. */
static enum outcome outcome_of_echo(const struct point *reading, const struct point *end)
{
    const struct point *told = reading + 1;
    while (told < end && told->ts_us == reading->ts_us && told->raw != reading->raw) {
        told++;
    }
    bool same = reading->final || (told < end && told->ts_us == reading->ts_us);
    return same ? OUTCOME_DUPLICATE : OUTCOME_CONFLICT;
}

static enum outcome outcome_of(const struct curve *curve, const struct point *sample, bool late)
{
    static const enum outcome outcomes[SAMPLE_KIND_COUNT] = {
        [SAMPLE_NORMAL] = OUTCOME_ACCEPTED,    [SAMPLE_ROLLOVER] = OUTCOME_ROLLOVER,
        [SAMPLE_RESET] = OUTCOME_RESET,        [SAMPLE_MARK] = OUTCOME_ACCEPTED,
        [SAMPLE_GLITCH] = OUTCOME_GLITCH,      [SAMPLE_SPIKE] = OUTCOME_SPIKE,
        [SAMPLE_CONFIRMED] = OUTCOME_ACCEPTED, [SAMPLE_FALL] = OUTCOME_GLITCH,
        [SAMPLE_REJECTED] = OUTCOME_NO_EFFECT, [SAMPLE_ANEW] = OUTCOME_ACCEPTED,
    };
    if (sample->kind == SAMPLE_ECHO) {
        return outcome_of_echo(sample, curve->samples + curve->count);
    }
    enum outcome outcome = outcomes[sample->kind];
    return outcome == OUTCOME_ACCEPTED && late ? OUTCOME_LATE : outcome;
}

/* Puts a sample in its place and works out what it makes of the curve. */
static enum outcome place_sample(struct curve *curve, size_t at, const struct sample *sample,
                                 int64_t *changed_us)
{
    struct sample placed = *sample;
    placed.kind = sample->kind == SAMPLE_MARK ? SAMPLE_MARK : SAMPLE_GLITCH; /* not on it yet */
    placed.c_base = DERIVE_NEW;
    placed.reference_raw = sample->raw;
    if (curve->count == curve->capacity) {
        curve_resize(curve,
                     curve->capacity < CURVE_KEEP_MIN ? CURVE_KEEP_MIN : curve->capacity * 2);
    }
    bool late = at < curve->count;
    curve_move(curve, at + 1, at, curve->count - at);
    curve_put(curve, at, &placed);
    curve->count++;
    size_t start = derive_start(curve, at, true);
    bool fell = start < at && curve->samples[start].kind == SAMPLE_FALL;
    size_t first = derive_samples(curve, start, at);
    *changed_us = late || first < at ? changed_from_us(curve, first) : INT64_MAX;
    if (curve->count == 1 || at == 0) {
        return OUTCOME_BASELINE;
    }
    bool fall_decided = fell && curve->samples[start].kind == SAMPLE_RESET;
    return fall_decided ? OUTCOME_RESET : outcome_of(curve, &curve->samples[at], late);
}

enum outcome curve_insert(struct curve *curve, const struct sample *sample, int64_t *changed_us)
{
    *changed_us = INT64_MAX;
    if (sample_is_said(sample)) {
        return curve_say(curve, sample, changed_us);
    }
    size_t at = curve_first_after(curve, sample->ts_us);
    enum outcome outcome = OUTCOME_ACCEPTED;
    if (resolve_same_time(curve, at, sample, &outcome, changed_us)) {
        return outcome;
    }
    unsigned rank = sample_rank(sample->kind, sample->final);
    while (at > 0 && curve->samples[at - 1].ts_us == sample->ts_us &&
           point_rank(&curve->samples[at - 1]) > rank) {
        at--;
    }
    if (curve->trimmed && at == 0) { /* what it would count from is forgotten */
        const struct point *mark = &curve->samples[0];
        bool echo = mark->ts_us == sample->ts_us && mark->raw == sample->raw;
        return echo ? OUTCOME_DUPLICATE : OUTCOME_TOO_LATE;
    }
    return place_sample(curve, at, sample, changed_us);
}

int64_t curve_at(const struct curve *curve, int64_t ts_us, enum quality *quality)
{
    size_t behind = curve_first_after(curve, ts_us);
    const struct point *a = curve_part_before(curve, behind);
    if (a == NULL) {
        const struct point *first = curve_part_from(curve, 0);
        return first != NULL ? curve_c_base(curve, first) : 0;
    }
    const struct point *b = curve_part_from(curve, behind);
    if (a->uncertain) {
        *quality = quality_worse(*quality, QUALITY_UNCERTAIN);
    }
    if (a->ts_us == ts_us || b == NULL) {
        return curve_c_base(curve, a);
    }
    *quality = quality_worse(*quality, b->uncertain ? QUALITY_UNCERTAIN : QUALITY_INTERPOLATED);
    return derive_between(curve, a, b, ts_us);
}

enum quality curve_quality(const struct curve *curve, int64_t start_us, int64_t end_us)
{
    enum quality worst = QUALITY_MEASURED;
    size_t at = curve_first_after(curve, start_us);
    if (curve->trimmed && curve->count > 0 && start_us < curve->samples[0].ts_us) {
        worst = curve->trimmed_quality;
    }
    for (; at < curve->count; at++) {
        worst = quality_worse(worst, point_quality(&curve->samples[at]));
        if (curve->samples[at].ts_us >= end_us && !point_is_held(&curve->samples[at])) {
            break; /* the one that closes the segment counts too */
        }
    }
    return worst;
}

int64_t curve_gap_edge_us(const struct curve *curve, int64_t after_us)
{
    for (size_t i = curve_first_after(curve, after_us); i < curve->count; i++) {
        if (curve->samples[i].gap && !point_is_held(&curve->samples[i])) {
            const struct point *before = curve_part_before(curve, i);
            return before != NULL && before->ts_us > after_us ? before->ts_us
                                                              : curve->samples[i].ts_us;
        }
    }
    return INT64_MAX;
}

int64_t curve_void_end_us(const struct curve *curve, int64_t ts_us)
{
    size_t behind = curve_first_after(curve, ts_us);
    const struct point *before = curve_part_before(curve, behind);
    const struct point *next = curve_part_from(curve, behind);
    bool in_void = before != NULL && next != NULL && next->ts_us - before->ts_us > REACH_US;
    return in_void ? next->ts_us : INT64_MIN;
}

bool curve_begins_dip(const struct curve *curve, int64_t ts_us)
{
    size_t behind = curve_first_after(curve, ts_us);
    return behind < 2 || (curve->samples[behind - 2].kind != SAMPLE_GLITCH &&
                          curve->samples[behind - 2].kind != SAMPLE_FALL);
}
