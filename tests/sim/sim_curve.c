/* A meter's curve from the complete, sorted set of its readings. */
#include "sim_oracle.h"

#include "quantity.h"

#include <stdlib.h>
#include <string.h>

#define HOUR INT64_C(3600000000)

/* A reading, or an exchange or reset, in order of time. */
struct step {
    const struct sim_fact *fact;
    int chain; /* longest chain of readings that ends here; 0: none does */
    int before;
    bool taken;
};

struct steps {
    struct step *list;
    size_t count;
};

/* Same instant, other value: best quality, then highest seq, then the smallest value. */
static bool is_better(const struct sim_fact *a, const struct sim_fact *b)
{
    if (a->quality != b->quality) {
        return a->quality < b->quality;
    }
    if (a->seq != b->seq) {
        return a->seq > b->seq;
    }
    return a->value_raw < b->value_raw;
}

static int compare_steps(const void *a, const void *b)
{
    const struct step *left = a, *right = b;
    if (left->fact->ts_us != right->fact->ts_us) {
        return left->fact->ts_us < right->fact->ts_us ? -1 : 1;
    }
    return is_better(left->fact, right->fact) ? -1 : 1;
}

/* Whether a person said that a reading does not count. */
static bool is_rejected(const struct sim_facts *facts, const struct sim_fact *reading)
{
    for (size_t i = 0; i < facts->count; i++) {
        const struct sim_fact *fact = &facts->rows[i];
        if (fact->kind == SIM_FACT_ENTRY && fact->entry == SIM_ENTRY_REJECT &&
            fact->meter == reading->meter && fact->ts_us == reading->ts_us) {
            return true;
        }
    }
    return false;
}

static struct steps gather(const struct sim_facts *facts, int meter)
{
    struct steps steps = {calloc(facts->count + 1, sizeof *steps.list), 0};
    for (size_t i = 0; i < facts->count; i++) {
        const struct sim_fact *fact = &facts->rows[i];
        bool reading = (fact->kind == SIM_FACT_READING && !fact->refused &&
                        fact->void_id[0] == '\0' && !is_rejected(facts, fact)) ||
                       (fact->kind == SIM_FACT_ENTRY && fact->entry == SIM_ENTRY_READING);
        bool event = fact->kind == SIM_FACT_METER && fact->percent == 0;
        if ((reading || event) && fact->meter == meter) {
            steps.list[steps.count++].fact = fact;
        }
    }
    qsort(steps.list, steps.count, sizeof *steps.list, compare_steps);
    size_t kept = 0;
    for (size_t i = 0; i < steps.count; i++) {
        if (kept == 0 || steps.list[i].fact->ts_us != steps.list[kept - 1].fact->ts_us) {
            steps.list[kept++] = steps.list[i];
        }
    }
    steps.count = kept;
    return steps;
}

#define CANNOT INT64_MIN

/* What a register counted from one reading to the next; CANNOT: it cannot have. */
static int64_t rise_raw(const struct sim_meter *meter, int64_t from_raw, int64_t to_raw,
                        int64_t length_us)
{
    int64_t rise = to_raw - from_raw;
    if (rise < 0 && meter->reset == SIM_RESET_TO_ZERO) {
        return to_raw;
    }
    if (rise < 0 && meter->reset == SIM_RESET_UNKNOWN) {
        return 0;
    }
    if (rise < 0 && meter->width_raw != 0) {
        rise += meter->width_raw;
    }
    quantity_wide size = rise < 0 ? -(quantity_wide)rise : rise;
    bool fast = meter->max_rate_raw_hour != 0 &&
                size * HOUR > (quantity_wide)meter->max_rate_raw_hour * length_us;
    return (rise < 0 && !meter->two_way) || fast ? CANNOT : rise;
}

/* The longest chain of readings in which each fits on to the one before, from the baseline or from
 * what an exchange or reset began with. What is off it is held. */
static void chain_register(const struct sim_meter *meter, struct steps *steps)
{
    struct step *list = steps->list;
    for (size_t begin = 0, end = 0; begin < steps->count; begin = end) {
        bool event = list[begin].fact->kind == SIM_FACT_METER;
        list[begin].taken = true;
        list[begin].chain = 1;
        list[begin].before = -1;
        size_t best = begin;
        for (end = begin + 1;
             end < steps->count && list[end].fact->kind != SIM_FACT_METER && !list[end].fact->jump;
             end++) {
            for (size_t i = begin; i < end; i++) {
                int64_t from_raw =
                    i == begin && event ? list[i].fact->initial_raw : list[i].fact->value_raw;
                int64_t length_us = list[end].fact->ts_us - list[i].fact->ts_us;
                if (list[i].chain > 0 && list[i].chain + 1 > list[end].chain &&
                    rise_raw(meter, from_raw, list[end].fact->value_raw, length_us) != CANNOT) {
                    list[end].chain = list[i].chain + 1;
                    list[end].before = (int)i;
                }
            }
            best = list[end].chain > list[best].chain ? end : best;
        }
        for (int i = (int)best; i >= 0; i = list[i].before) {
            list[i].taken = true;
        }
    }
}

static void make_register(struct sim_curve *curve, struct steps *steps)
{
    const struct sim_meter *meter = curve->meter;
    if (meter->reset == SIM_RESET_NEVER) {
        chain_register(meter, steps);
    }
    quantity_wide sum_raw = 0;
    int64_t last_raw = 0, last_us = 0;
    for (size_t i = 0; i < steps->count; i++) {
        const struct sim_fact *fact = steps->list[i].fact;
        bool reading = fact->kind != SIM_FACT_METER;
        bool taken = meter->reset != SIM_RESET_NEVER || steps->list[i].taken;
        curve->ambiguous += reading && taken == fact->held;
        if (!taken || curve->count == SIM_POINTS_MAX) {
            continue;
        }
        bool loss = !reading;
        if (curve->count == 0) { /* the baseline: what there was before it is not known */
            loss = false;
        } else if (reading) {
            loss = fact->value_raw < last_raw && meter->reset != SIM_RESET_NEVER;
            /* What a register jumped up was used; what it fell without a word is not known. */
            int64_t jump_raw = fact->value_raw > last_raw ? fact->value_raw - last_raw : 0;
            sum_raw += fact->jump
                           ? jump_raw
                           : rise_raw(meter, last_raw, fact->value_raw, fact->ts_us - last_us);
        } else if (!fact->is_reset) {
            int64_t rise = fact->final_raw - last_raw;
            sum_raw += rise < 0 ? rise + meter->width_raw : rise;
        }
        last_raw = reading ? fact->value_raw : fact->initial_raw;
        last_us = fact->ts_us;
        curve->points[curve->count++] = (struct sim_point){
            .ts_us = fact->ts_us,
            .sum_raw = (int64_t)sum_raw,
            .unsure = fact->quality != SIM_GOOD,
            .loss = loss,
            .said = fact->kind == SIM_FACT_ENTRY || fact->jump,
        };
    }
}

/* Falls of at least a division are use, rises of at least one are refills, less is noise. */
static void make_level(struct sim_curve *curve, const struct steps *steps)
{
    const struct sim_meter *meter = curve->meter;
    int64_t held_raw = 0;
    quantity_wide sum_raw = 0;
    for (size_t i = 0; i < steps->count && curve->count < SIM_POINTS_MAX; i++) {
        const struct sim_fact *fact = steps->list[i].fact;
        int64_t change = i == 0 ? 0 : fact->value_raw - held_raw;
        if (i == 0 || change >= meter->division_raw || change <= -meter->division_raw) {
            held_raw = fact->value_raw;
            sum_raw += change < 0 ? -change : 0;
        }
        curve->points[curve->count++] = (struct sim_point){
            .ts_us = fact->ts_us,
            .sum_raw = (int64_t)sum_raw,
            .unsure = fact->quality != SIM_GOOD,
            .said = fact->kind == SIM_FACT_ENTRY,
        };
    }
}

int64_t sim_curve_percent(const struct sim_facts *facts, int meter, int64_t ts_us)
{
    int64_t percent = 100, latest_us = INT64_MIN;
    for (size_t i = 0; i < facts->count; i++) {
        const struct sim_fact *fact = &facts->rows[i];
        if (fact->kind == SIM_FACT_METER && fact->meter == meter && fact->percent != 0 &&
            fact->ts_us <= ts_us && fact->ts_us > latest_us) {
            percent = fact->percent;
            latest_us = fact->ts_us;
        }
    }
    return percent;
}

static void find_changes(struct sim_curve *curve)
{
    for (size_t i = 0; i < curve->facts->count; i++) {
        const struct sim_fact *fact = &curve->facts->rows[i];
        size_t at = curve->change_count;
        if (fact->kind != SIM_FACT_METER || fact->meter != curve->number || fact->percent == 0 ||
            at == SIM_CHANGES_MAX) {
            continue;
        }
        for (; at > 0 && curve->changes[at - 1]->ts_us > fact->ts_us; at--) {
            curve->changes[at] = curve->changes[at - 1];
        }
        curve->changes[at] = fact;
        curve->change_count++;
    }
}

/* An era: from one multiplier to the next. What it began with is a fraction of raw units. */
struct era {
    int64_t start_base;
    quantity_wide num, den;
    int64_t percent;
};

/* The curve where num / den raw units have been used. One floor an era. */
static int64_t era_at(const struct sim_meter *meter, const struct era *era, quantity_wide num,
                      quantity_wide den)
{
    bool same = era->den == den;
    quantity_wide rise = same ? num - era->num : num * era->den - era->num * den;
    return era->start_base +
           (int64_t)quantity_floor_divide(rise * meter->scale_num * era->percent,
                                          den * (same ? 1 : era->den) * meter->scale_den * 100);
}

/* Where the multiplier changes between two points, the raw value is linear in time, and the curve
 * has a point there. */
static void scale_points(struct sim_curve *curve)
{
    static struct sim_point scaled[SIM_POINTS_MAX];
    const struct sim_point *points = curve->points;
    struct era era = {0, points[0].sum_raw, 1,
                      sim_curve_percent(curve->facts, curve->number, points[0].ts_us)};
    size_t count = 0, change = 0;
    while (change < curve->change_count && curve->changes[change]->ts_us <= points[0].ts_us) {
        change++;
    }
    for (size_t i = 0; i < curve->count && count < SIM_POINTS_MAX; i++) {
        scaled[count] = points[i];
        scaled[count++].c_base = era_at(curve->meter, &era, points[i].sum_raw, 1);
        for (; i + 1 < curve->count && change < curve->change_count && count < SIM_POINTS_MAX &&
               curve->changes[change]->ts_us < points[i + 1].ts_us;
             change++) {
            int64_t at_us = curve->changes[change]->ts_us;
            int64_t length_us = points[i + 1].ts_us - points[i].ts_us;
            quantity_wide num = (quantity_wide)points[i].sum_raw * length_us +
                                (quantity_wide)(points[i + 1].sum_raw - points[i].sum_raw) *
                                    (at_us - points[i].ts_us);
            era = (struct era){era_at(curve->meter, &era, num, length_us), num, length_us,
                               curve->changes[change]->percent};
            if (at_us > points[i].ts_us) {
                scaled[count++] =
                    (struct sim_point){.ts_us = at_us,
                                       .c_base = era.start_base,
                                       .unsure = points[i].unsure || points[i + 1].unsure,
                                       .loss = true};
            }
        }
    }
    curve->count = count;
    memcpy(curve->points, scaled, count * sizeof *scaled);
}

static void make_rate(struct sim_curve *curve, const struct steps *steps)
{
    for (size_t i = 0; i < steps->count && curve->count < SIM_POINTS_MAX; i++) {
        const struct sim_fact *fact = steps->list[i].fact;
        curve->points[curve->count++] = (struct sim_point){
            .ts_us = fact->ts_us,
            .value_raw = fact->value_raw,
            .unsure = fact->quality != SIM_GOOD,
            .said = fact->kind == SIM_FACT_ENTRY,
        };
    }
}

void sim_curve_make(const struct sim_plant *plant, const struct sim_facts *facts, int meter,
                    struct sim_curve *curve)
{
    curve->meter = &plant->meters[meter];
    curve->count = 0;
    curve->ambiguous = 0;
    curve->change_count = 0;
    curve->facts = facts;
    curve->number = meter;
    find_changes(curve);
    struct steps steps = gather(facts, meter);
    if (curve->meter->kind == SIM_REGISTER) {
        make_register(curve, &steps);
    } else if (curve->meter->kind == SIM_LEVEL) {
        make_level(curve, &steps);
    } else {
        make_rate(curve, &steps);
    }
    if (curve->meter->kind != SIM_RATE && curve->count > 0) {
        scale_points(curve);
    }
    free(steps.list);
}

/* The integral of a rate from the first point on; twice that, times *whole_us. */
static quantity_wide integral(const struct sim_curve *curve, int64_t ts_us, int64_t *whole_us)
{
    const struct sim_meter *meter = curve->meter;
    const struct sim_point *points = curve->points;
    quantity_wide twice = 0; /* twice the sum of whole intervals: raw x microseconds */
    size_t i = 0;
    for (; i + 1 < curve->count && points[i + 1].ts_us <= ts_us; i++) {
        int64_t length_us = points[i + 1].ts_us - points[i].ts_us;
        if (meter->trapezoid) {
            twice += (quantity_wide)(points[i].value_raw + points[i + 1].value_raw) * length_us;
        } else {
            int64_t hold_us = meter->max_hold_us;
            int64_t held_us = hold_us != 0 && hold_us < length_us ? hold_us : length_us;
            twice += (quantity_wide)points[i].value_raw * held_us * 2;
        }
    }
    quantity_wide part = 0;
    *whole_us = 1;
    int64_t part_us = ts_us - points[i].ts_us;
    if (part_us > 0 && meter->trapezoid) {
        *whole_us = points[i + 1].ts_us - points[i].ts_us;
        part = (quantity_wide)points[i].value_raw * 2 * part_us * *whole_us +
               (quantity_wide)(points[i + 1].value_raw - points[i].value_raw) * part_us * part_us;
    } else if (part_us > 0) {
        int64_t hold_us = meter->max_hold_us;
        part = (quantity_wide)points[i].value_raw * 2 *
               (hold_us != 0 && hold_us < part_us ? hold_us : part_us);
    }
    return twice * *whole_us + part;
}

/* From one instant to another within an era: exact until the one floor. */
static int64_t rate_between(const struct sim_curve *curve, int64_t from_us, int64_t to_us)
{
    const struct sim_meter *meter = curve->meter;
    int64_t whole_us = 1;
    quantity_wide before = integral(curve, from_us, &whole_us);
    before = whole_us == 1 ? before : 0; /* a ramp has one era, and before its start is nothing */
    quantity_wide rise = integral(curve, to_us, &whole_us) - before * whole_us;
    return (int64_t)quantity_floor_divide(
        rise * meter->scale_num * sim_curve_percent(curve->facts, curve->number, from_us),
        (quantity_wide)meter->scale_den * whole_us * 2 * HOUR * 100);
}

/* One floor an era: from one multiplier to the next. */
static int64_t rate_at(const struct sim_curve *curve, int64_t ts_us)
{
    int64_t from_us = curve->points[0].ts_us;
    int64_t sum_base = 0;
    for (size_t i = 0; i < curve->change_count; i++) {
        int64_t at_us = curve->changes[i]->ts_us;
        if (at_us > from_us && at_us < ts_us) {
            sum_base += rate_between(curve, from_us, at_us);
            from_us = at_us;
        }
    }
    return sum_base + rate_between(curve, from_us, ts_us);
}

int64_t sim_curve_at(const struct sim_curve *curve, int64_t ts_us)
{
    if (curve->meter->kind == SIM_RATE) {
        return rate_at(curve, ts_us);
    }
    const struct sim_point *points = curve->points;
    size_t i = 0;
    while (i + 1 < curve->count && points[i + 1].ts_us <= ts_us) {
        i++;
    }
    if (points[i].ts_us == ts_us || i + 1 == curve->count) {
        return points[i].c_base;
    }
    quantity_wide rise = points[i + 1].c_base - points[i].c_base;
    return points[i].c_base + (int64_t)quantity_floor_divide(rise * (ts_us - points[i].ts_us),
                                                             points[i + 1].ts_us - points[i].ts_us);
}
