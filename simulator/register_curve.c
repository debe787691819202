#include "register_curve.h"

#include "memory.h"
#include "quantity.h"
#include "timestamp.h"

#include <stdlib.h>

/* The heats' use of one kind, in the order in which it starts. */
struct ramp {
    int64_t start_us, end_us, total;
};

struct ramp_set {
    struct ramp *ramps;
    size_t count;
    size_t first_open; /* all before it have ended */
    int64_t ended;     /* sum of those before first_open */
};

struct register_curves {
    int64_t start_us;
    struct ramp_set blow, lf;
    int64_t *used; /* by profile */
};

static int compare_ramp(const void *left, const void *right)
{
    const struct ramp *a = left, *b = right;

    if (a->start_us != b->start_us) {
        return a->start_us < b->start_us ? -1 : 1;
    }
    return (a->end_us > b->end_us) - (a->end_us < b->end_us);
}

static void ramp_set_fill(struct ramp_set *set, const struct timetable *timetable,
                          enum timetable_time start, enum timetable_time end,
                          enum timetable_amount amount)
{
    set->count = timetable->heat_count;
    set->ramps = memory_zeroed(set->count, sizeof *set->ramps);
    for (size_t i = 0; i < set->count; i++) {
        const struct timetable_heat *heat = &timetable->heats[i];

        set->ramps[i] = (struct ramp){
            .start_us = heat->time_us[start],
            .end_us = heat->time_us[end],
            .total = heat->amount[amount] * REGISTER_CURVE_SCALE,
        };
    }
    qsort(set->ramps, set->count, sizeof *set->ramps, compare_ramp);
}

static int64_t ramp_set_used(struct ramp_set *set, int64_t ts_us)
{
    while (set->first_open < set->count && set->ramps[set->first_open].end_us <= ts_us) {
        set->ended = quantity_add(set->ended, set->ramps[set->first_open].total);
        set->first_open++;
    }
    int64_t used = set->ended;

    for (size_t i = set->first_open; i < set->count && set->ramps[i].start_us < ts_us; i++) {
        const struct ramp *ramp = &set->ramps[i];
        int64_t elapsed_us = (ts_us < ramp->end_us ? ts_us : ramp->end_us) - ramp->start_us;
        int64_t part;

        REQUIRE(quantity_multiply_divide(ramp->total, elapsed_us, ramp->end_us - ramp->start_us,
                                         &part));
        used = quantity_add(used, part);
    }
    return used;
}

static int64_t steady_used(int64_t per_hour, int64_t elapsed_us)
{
    int64_t used;

    REQUIRE(quantity_multiply_divide(per_hour * REGISTER_CURVE_SCALE, elapsed_us, TIMESTAMP_HOUR_US,
                                     &used));
    return used;
}

struct register_curves *register_curves_create(const struct timetable *timetable, int64_t start_us)
{
    struct register_curves *curves = memory_zeroed(1, sizeof *curves);
    size_t profile_count;

    meter_profiles(&profile_count);
    curves->start_us = start_us;
    curves->used = memory_zeroed(profile_count, sizeof *curves->used);
    ramp_set_fill(&curves->blow, timetable, TIMETABLE_BLOW_START, TIMETABLE_BLOW_END,
                  TIMETABLE_O2_NM3);
    ramp_set_fill(&curves->lf, timetable, TIMETABLE_LF_START, TIMETABLE_LF_END, TIMETABLE_LF_KWH);
    register_curves_advance(curves, start_us);
    return curves;
}

void register_curves_destroy(struct register_curves *curves)
{
    if (curves == NULL) {
        return;
    }
    free(curves->blow.ramps);
    free(curves->lf.ramps);
    free(curves->used);
    free(curves);
}

void register_curves_advance(struct register_curves *curves, int64_t ts_us)
{
    size_t count;
    const struct meter_profile *profiles = meter_profiles(&count);
    int64_t elapsed_us = ts_us - curves->start_us;

    for (size_t i = 0; i < count; i++) {
        if (profiles[i].behaviour == PROFILE_BLOW) {
            curves->used[i] = ramp_set_used(&curves->blow, ts_us);
        } else if (profiles[i].behaviour == PROFILE_LF) {
            curves->used[i] = ramp_set_used(&curves->lf, ts_us);
        } else if (meter_profile_is_register(&profiles[i])) {
            curves->used[i] = steady_used(profiles[i].per_hour, elapsed_us);
        }
    }
    /* The mains last: what they show besides their loss is what the others show now. */
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; profiles[i].behaviour == PROFILE_TOTAL && k < count; k++) {
            if (profiles[k].behaviour != PROFILE_TOTAL && profiles[k].id[0] == profiles[i].id[0]) {
                curves->used[i] = quantity_add(curves->used[i], curves->used[k]);
            }
        }
    }
}

int64_t register_curves_used(const struct register_curves *curves, size_t index)
{
    return curves->used[index];
}
