#include "derive.h"

#include "failure.h"
#include "quantity.h"
#include "timestamp.h"

/* ---- What a sample is ---- */

static enum verdict_of_person decided(const struct curve *curve, const struct point *sample)
{
    if (curve->said == NULL || sample->kind == SAMPLE_MARK || sample == curve->samples) {
        return DECISION_NONE; /* what everything counts from is never held */
    }
    return decisions_find(&curve->said->decisions, sample->ts_us, sample->raw);
}

/* Whether a reading stands at the instant of an exchange, or of a reset that says the same: it
 * decides nothing about those before it. */
static bool is_beside_mark(const struct curve *curve, size_t at)
{
    const struct point *sample = &curve->samples[at];
    const struct point *end = curve->samples + curve->count;
    if (point_rank(sample) > 0) {
        return false;
    }
    for (const struct point *told = sample + 1; told < end && told->ts_us == sample->ts_us;
         told++) {
        if (told->final || told->raw == sample->raw) {
            return true;
        }
    }
    return false;
}

/* The next sample behind index `*at`, which moves there, that nobody rejected. NULL: the register
 * ends there, a mark or more than REACH_US without a reading comes first, or none is there yet, and
 * `*at` is curve->count. */
static const struct point *reading_behind(const struct curve *curve, size_t *at)
{
    if (curve->samples[*at].final) {
        return NULL;
    }
    for (size_t i = *at + 1; i < curve->count; i++) {
        const struct point *sample = &curve->samples[i];
        if (sample->kind == SAMPLE_MARK || sample->ts_us - curve->samples[*at].ts_us > REACH_US) {
            return NULL;
        }
        if (decided(curve, sample) != DECISION_REJECTED && !is_beside_mark(curve, i)) {
            *at = i;
            return sample;
        }
        if (sample->final) {
            return NULL;
        }
    }
    *at = curve->count;
    return NULL;
}

/* Whether the readings directly behind a jump go on from it, and none of them fits what the
 * register showed before. */
static bool is_borne_out(const struct curve *curve, size_t at, const struct point *before)
{
    const struct point *last = &curve->samples[at];
    for (int i = 0; i < CURVE_SPIKE_CONFIRM; i++) {
        const struct point *next = reading_behind(curve, &at);
        if (next == NULL || derive_fits(curve->meter, before, next) ||
            (next->raw < last->raw && !curve->meter->two_way) ||
            !derive_fits(curve->meter, last, next)) {
            return false;
        }
        last = next;
    }
    return true;
}

uint32_t derive_low_run(const struct curve *curve, size_t at, const struct point *before,
                        bool *open)
{
    const struct point *last = &curve->samples[at];
    uint32_t run = 1;
    *open = false;
    while (run < curve->meter->reset_after) {
        const struct point *next = reading_behind(curve, &at);
        if (next == NULL) {
            *open = at == curve->count;
            break;
        }
        if (next->raw >= before->raw || next->raw < last->raw ||
            derive_fits(curve->meter, before, next) || !derive_fits(curve->meter, last, next)) {
            break;
        }
        last = next;
        run++;
    }
    return run;
}

static enum sample_kind fall_kind(const struct curve *curve, size_t at, const struct point *before)
{
    const struct meter *meter = curve->meter;
    if (meter->reset == METER_RESET_NEVER) {
        return SAMPLE_GLITCH;
    }
    if (meter->reset_after <= 1) {
        return SAMPLE_RESET;
    }
    bool open = false;
    if (derive_low_run(curve, at, before, &open) >= meter->reset_after) {
        return SAMPLE_RESET;
    }
    return open ? SAMPLE_FALL : SAMPLE_GLITCH;
}

/* What a register's sample is, seen from the last one that is part of the curve. */
static enum sample_kind register_kind(const struct curve *curve, size_t at,
                                      const struct point *before)
{
    const struct meter *meter = curve->meter;
    const struct point *sample = &curve->samples[at];
    int64_t moved_raw = sample->raw - before->raw;
    if (sample->kind == SAMPLE_MARK) {
        return SAMPLE_MARK;
    }
    if (derive_fits(meter, before, sample)) {
        return moved_raw >= 0 || meter->two_way ? SAMPLE_NORMAL : SAMPLE_ROLLOVER;
    }
    bool accepted = decided(curve, sample) == DECISION_ACCEPTED;
    if (moved_raw >= 0 || meter->two_way) {
        return accepted || is_borne_out(curve, at, before) ? SAMPLE_CONFIRMED : SAMPLE_SPIKE;
    }
    return accepted ? SAMPLE_RESET : fall_kind(curve, at, before);
}

/* The last reading of an old register, seen from the curve before its instant: a reading of that
 * instant, which counts only where this one is held, tells nothing of it. */
static enum sample_kind final_kind(const struct curve *curve, size_t at, const struct point *before)
{
    if (before->ts_us < curve->samples[at].ts_us) {
        return register_kind(curve, at, before);
    }
    before = curve_part_before(curve, (size_t)(before - curve->samples));
    enum sample_kind kind = before != NULL ? register_kind(curve, at, before) : SAMPLE_ECHO;
    return sample_kind_is_held(kind) ? kind : SAMPLE_ECHO;
}

/* What a sample is if no person and no message of its instant says otherwise. */
static enum sample_kind kind_behind(const struct curve *curve, size_t at,
                                    const struct point *before)
{
    const struct point *sample = &curve->samples[at];
    if (sample->kind == SAMPLE_MARK) {
        return SAMPLE_MARK;
    }
    if (sample->ts_us - before->ts_us > REACH_US) {
        return SAMPLE_ANEW;
    }
    if (curve->meter->kind != METER_REGISTER) {
        return SAMPLE_NORMAL;
    }
    return sample->final ? final_kind(curve, at, before) : register_kind(curve, at, before);
}

/* Whether what a message of the same instant says counts in place of a reading: a mark that says
 * the same, or the last reading of the old register where that is part of the curve. */
static bool is_echo(const struct curve *curve, size_t at, const struct point *before)
{
    const struct point *sample = &curve->samples[at];
    const struct point *end = curve->samples + curve->count;
    if (point_rank(sample) > 0) {
        return false;
    }
    for (const struct point *told = sample + 1; told < end && told->ts_us == sample->ts_us;
         told++) {
        size_t told_at = (size_t)(told - curve->samples);
        bool counts = told->final && decided(curve, told) != DECISION_REJECTED &&
                      !sample_kind_is_held(kind_behind(curve, told_at, before));
        if (counts || (told->kind == SAMPLE_MARK && told->raw == sample->raw)) {
            return true;
        }
    }
    return false;
}

/* ---- How far it moved, and C ---- */

int64_t derive_moved_raw(const struct curve *curve, const struct point *a, const struct point *b)
{
    const struct meter *meter = curve->meter;
    if (b->kind == SAMPLE_MARK || b->kind == SAMPLE_ANEW) {
        return 0;
    }
    if (meter->kind == METER_LEVEL) {
        int64_t fallen_raw = curve_reference_raw(curve, a) - b->raw;
        return fallen_raw >= meter->division_raw ? fallen_raw : 0;
    }
    if (b->kind == SAMPLE_RESET) {
        return meter->reset == METER_RESET_TO_ZERO ? b->raw : 0;
    }
    return b->raw - a->raw + (b->kind == SAMPLE_ROLLOVER ? meter->width_raw : 0);
}

/* The area under a rate from sample a for `elapsed_us`, in raw x microseconds, twice that for a
 * trapezoid; `b` is the sample behind it. */
static quantity_wide rate_area(const struct meter *meter, const struct point *a,
                               const struct point *b, int64_t elapsed_us)
{
    if (meter->integration == METER_TRAPEZOID) {
        /* floor(rise x elapsed^2 / length), by quotient and rest: no product leaves 128 bits. */
        int64_t length_us = b->ts_us - a->ts_us;
        quantity_wide rise = (quantity_wide)(b->raw - a->raw) * elapsed_us;
        quantity_wide quotient = quantity_floor_divide(rise, length_us);
        quantity_wide rest = rise - quotient * length_us;
        return (quantity_wide)2 * a->raw * elapsed_us + quotient * elapsed_us +
               rest * elapsed_us / length_us;
    }
    if (meter->max_hold_us > 0 && elapsed_us > meter->max_hold_us) {
        elapsed_us = meter->max_hold_us;
    }
    return (quantity_wide)a->raw * elapsed_us;
}

/* A place on the curve: C is floored, `rest` is what the floor cut off. */
struct place {
    int64_t ts_us;
    int64_t c_base, rest;
};

/* Goes on from a place between samples a and b to a later one, in which the scale does not
 * change. */
static void go_on(const struct curve *curve, const struct point *a, const struct point *b,
                  struct scale scale, int64_t to_us, struct place *place)
{
    const struct meter *meter = curve->meter;
    quantity_wide denominator = scale.den;
    quantity_wide sum = place->rest;
    if (meter->kind == METER_RATE) {
        denominator *= TIMESTAMP_HOUR_US * (meter->integration == METER_TRAPEZOID ? 2 : 1);
        quantity_wide area = rate_area(meter, a, b, to_us - a->ts_us);
        if (place->ts_us > a->ts_us) {
            area -= rate_area(meter, a, b, place->ts_us - a->ts_us);
        }
        sum += area * scale.num;
    } else if (place->ts_us == a->ts_us && to_us == b->ts_us) {
        sum += (quantity_wide)derive_moved_raw(curve, a, b) * scale.num;
    } else {
        /* What it moved is linear in time; whole raw units first, so that 128 bits hold. */
        int64_t length_us = b->ts_us - a->ts_us;
        quantity_wide moved = (quantity_wide)derive_moved_raw(curve, a, b) * (to_us - place->ts_us);
        quantity_wide whole = quantity_floor_divide(moved, length_us);
        sum += whole * scale.num + (moved - whole * length_us) * scale.num / length_us;
    }
    quantity_wide use = quantity_floor_divide(sum, denominator);
    REQUIRE(denominator <= INT64_MAX && use >= INT64_MIN && use <= INT64_MAX);
    place->c_base = quantity_add(place->c_base, (int64_t)use);
    place->rest = (int64_t)(sum - use * denominator);
    place->ts_us = to_us;
}

/* From sample a to an instant at or before b, era by era: each scale has its own floor. */
static struct place place_at(const struct curve *curve, const struct point *a,
                             const struct point *b, int64_t to_us)
{
    const struct meter *meter = curve->meter;
    struct place place = {a->ts_us, curve_c_base(curve, a), curve_rest(curve, a)};
    if (b->kind == SAMPLE_ANEW) {
        return (struct place){to_us, place.c_base, 0};
    }
    while (curve->said != NULL) {
        const struct scales *scales = &curve->said->scales;
        int64_t next_us = scales_next_us(scales, place.ts_us);
        if (next_us > to_us) {
            break;
        }
        go_on(curve, a, b, scales_at(scales, meter, place.ts_us), next_us, &place);
        place.rest = 0;
    }
    if (place.ts_us < to_us) {
        go_on(curve, a, b, curve_scale_at(curve, place.ts_us), to_us, &place);
    }
    return place;
}

int64_t derive_between(const struct curve *curve, const struct point *a, const struct point *b,
                       int64_t ts_us)
{
    if (curve->meter->kind == METER_RATE) {
        return place_at(curve, a, b, ts_us).c_base;
    }
    struct place from = {a->ts_us, curve_c_base(curve, a), 0};
    struct place to = {b->ts_us, curve_c_base(curve, b), 0};
    while (curve->said != NULL) {
        int64_t next_us = scales_next_us(&curve->said->scales, from.ts_us);
        if (next_us >= b->ts_us) {
            break;
        }
        struct place edge = place_at(curve, a, b, next_us);
        if (next_us > ts_us) {
            to = edge;
            break;
        }
        from = edge;
    }
    int64_t part_base = 0;
    REQUIRE(quantity_multiply_divide(to.c_base - from.c_base, ts_us - from.ts_us,
                                     to.ts_us - from.ts_us, &part_base));
    return from.c_base + part_base;
}

int64_t derive_accepted_base(const struct curve *curve, const struct point *before,
                             const struct point *held)
{
    struct point accepted = *held;
    bool jump = held->raw >= before->raw || curve->meter->two_way;
    accepted.kind = jump ? SAMPLE_CONFIRMED : SAMPLE_RESET;
    return place_at(curve, before, &accepted, held->ts_us).c_base - curve_c_base(curve, before);
}

/* Puts a sample on the curve, behind the one before it. */
static void put_behind(struct curve *curve, const struct point *before, struct point *sample)
{
    const struct meter *meter = curve->meter;
    if (curve->said == NULL && meter->scale_den == 1 && meter->kind != METER_RATE) {
        /* By far the most: nothing is ever cut off. */
        quantity_wide use =
            (quantity_wide)derive_moved_raw(curve, before, sample) * meter->scale_num;
        REQUIRE(use >= INT64_MIN && use <= INT64_MAX);
        curve_set_c_base(curve, sample, quantity_add(curve_c_base(curve, before), (int64_t)use));
        curve_set_rest(curve, sample, 0);
    } else if (sample->ts_us == before->ts_us) { /* a mark, at the last reading before it */
        curve_set_c_base(curve, sample, curve_c_base(curve, before));
        curve_set_rest(curve, sample, curve_rest(curve, before));
    } else {
        struct place place = place_at(curve, before, sample, sample->ts_us);
        curve_set_c_base(curve, sample, place.c_base);
        curve_set_rest(curve, sample, place.rest);
    }
    int64_t max_gap_us = meter->max_gap_us > 0 ? meter->max_gap_us : REACH_US;
    int64_t length_us = sample->ts_us - before->ts_us;
    sample->gap = length_us > max_gap_us || length_us > REACH_US;
}

static void derive_one(struct curve *curve, size_t at)
{
    const struct meter *meter = curve->meter;
    struct point *sample = &curve->samples[at];
    const struct point *before = curve_part_before(curve, at);
    sample->gap = sample->loss = sample->decided = sample->fresh = false;
    curve_set_reference_raw(curve, sample, sample->raw);
    if (before == NULL) {
        sample->kind = sample->kind == SAMPLE_MARK ? SAMPLE_MARK : SAMPLE_NORMAL;
        curve_set_c_base(curve, sample, 0);
        curve_set_rest(curve, sample, 0);
        return;
    }
    if (decided(curve, sample) == DECISION_REJECTED) {
        sample->kind = SAMPLE_REJECTED;
    } else if (is_echo(curve, at, before)) {
        sample->kind = SAMPLE_ECHO;
    } else {
        sample->kind = kind_behind(curve, at, before) & 15u;
    }
    if (point_is_held(sample)) {
        curve_set_c_base(curve, sample, curve_c_base(curve, before));
        curve_set_rest(curve, sample, curve_rest(curve, before));
        return;
    }
    put_behind(curve, before, sample);
    /* What went through between the last reading and a reset to an unknown value is lost. */
    sample->loss = sample->kind == SAMPLE_RESET && meter->reset != METER_RESET_TO_ZERO;
    sample->decided = (sample->kind == SAMPLE_RESET || sample->kind == SAMPLE_CONFIRMED) &&
                      decided(curve, sample) == DECISION_ACCEPTED;
    int64_t reference_raw = curve_reference_raw(curve, before);
    int64_t risen_raw = sample->raw - reference_raw;
    if (meter->kind == METER_LEVEL && sample->kind != SAMPLE_ANEW &&
        risen_raw > -meter->division_raw && risen_raw < meter->division_raw) {
        curve_set_reference_raw(curve, sample, reference_raw);
    }
}

/* ---- How far a change reaches ---- */

/* How many readings behind a sample may decide what it is. */
static size_t look_ahead(const struct meter *meter)
{
    if (meter->kind != METER_REGISTER) {
        return 0;
    }
    size_t fall =
        meter->reset != METER_RESET_NEVER && meter->reset_after > 1 ? meter->reset_after - 1 : 0;
    size_t jump = meter->max_rate_raw_hour > 0 ? CURVE_SPIKE_CONFIRM : 0;
    return fall > jump ? fall : jump;
}

size_t curve_undecided(const struct curve *curve)
{
    return look_ahead(curve->meter) + 1;
}

static bool looked_ahead(const struct point *sample)
{
    return sample->kind == SAMPLE_SPIKE || sample->kind == SAMPLE_FALL ||
           sample->kind == SAMPLE_GLITCH || sample->kind == SAMPLE_CONFIRMED ||
           sample->kind == SAMPLE_RESET;
}

size_t derive_start(const struct curve *curve, size_t at, bool is_new)
{
    size_t ahead = look_ahead(curve->meter);
    size_t first = curve->trimmed ? 1 : 0;
    while (at > first && curve->samples[at - 1].ts_us == curve->samples[at].ts_us) {
        at--; /* what a message says tells what the reading of its instant is */
        is_new = false;
    }
    size_t start = at;
    /* A reading that a person accepts decides nothing about those before it. */
    bool appended = is_new && at + 1 == curve->count && curve->said == NULL;
    for (size_t i = at; i > first && ahead > 0; i--) {
        const struct point *sample = &curve->samples[i - 1];
        if (point_rank(sample) > 0 || (appended && !point_is_held(sample))) {
            break; /* what came before it was decided by it at the latest */
        }
        start = looked_ahead(sample) ? i - 1 : start;
        ahead -= sample->kind != SAMPLE_REJECTED && !is_beside_mark(curve, i - 1);
    }
    while (start > first && curve->samples[start - 1].ts_us == curve->samples[start].ts_us) {
        start--;
    }
    return start < first ? first : start;
}

/* What a sample is on the curve. */
struct standing {
    struct point point;
    int64_t c_base, rest, reference_raw;
};

static struct standing standing_of(const struct curve *curve, size_t at)
{
    const struct point *point = &curve->samples[at];
    return (struct standing){*point, curve_c_base(curve, point), curve_rest(curve, point),
                             curve_reference_raw(curve, point)};
}

static bool same_on_curve(const struct standing *a, const struct standing *b)
{
    if (point_is_held(&a->point) || point_is_held(&b->point)) {
        return point_is_held(&a->point) && point_is_held(&b->point);
    }
    return a->point.fresh == b->point.fresh && a->c_base == b->c_base && a->rest == b->rest &&
           a->reference_raw == b->reference_raw &&
           point_quality(&a->point) == point_quality(&b->point) && a->point.gap == b->point.gap;
}

size_t derive_samples(struct curve *curve, size_t from, size_t settled)
{
    size_t first = curve->count;
    const struct point *last = &curve->samples[curve->count - 1];
    if (from + 1 == curve->count && last->fresh && last->kind == SAMPLE_GLITCH) {
        derive_one(curve, from); /* by far the most: one more reading, and nothing undecided */
        return point_is_held(last) ? first : from;
    }
    for (size_t i = from; i < curve->count; i++) {
        struct standing before = standing_of(curve, i);
        derive_one(curve, i);
        struct standing now = standing_of(curve, i);
        bool same = same_on_curve(&before, &now);
        first = !same && i < first ? i : first;
        if (same && i > settled && !point_is_held(&curve->samples[i])) {
            break; /* what follows is seen from here */
        }
    }
    return first;
}
