#include "submeters_state.h"

#include "failure.h"
#include "memory.h"
#include "quantity.h"
#include "sharing.h"
#include "timestamp.h"

#include <stdlib.h>
#include <string.h>

static const struct curve *curve_of(const struct submeters *submeters, meter_id meter)
{
    return submeters->curves.of(submeters->curves.context, meter);
}

static size_t sub_index(const struct gauge *gauge, meter_id meter)
{
    size_t at = 0;
    while (at < gauge->sub_count && gauge->subs[at].index != meter.index) {
        at++;
    }
    return at;
}

/* Its sub-meters, those of its earliest key first. */
static void gauge_add_subs(struct gauge *gauge)
{
    const struct meter *meter = gauge->meter;
    for (uint32_t i = 0; i < meter->sharing->rule_count; i++) {
        const struct sharing_rule *rule = &meter->sharing->rules[i];
        for (uint32_t k = 0; rule->method == SHARING_SUBMETER && k < rule->part_count; k++) {
            if (sub_index(gauge, rule->parts[k].meter) == gauge->sub_count) {
                REQUIRE(gauge->sub_count < SHARING_METERS_MAX);
                gauge->subs[gauge->sub_count++] = rule->parts[k].meter;
            }
        }
    }
}

static void gauge_init(struct gauge *gauge, meter_id shared, const struct meter *meter)
{
    *gauge = (struct gauge){
        .shared = shared,
        .meter = meter,
        .walked_us = INT64_MIN,
        .tip_us = INT64_MIN,
        .forgotten_us = INT64_MIN,
        .moved_us = TIMESTAMP_NEVER_US,
    };
    gauge_add_subs(gauge);
}

/* The meter shares by others: takes note of all of them. */
static void note_concerned(struct submeters *submeters, const struct gauge *gauge)
{
    submeters->concerned[gauge->shared.index] = true;
    for (size_t k = 0; k < gauge->sub_count; k++) {
        submeters->concerned[gauge->subs[k].index] = true;
    }
}

/* A gauge for a meter that shares by others. */
static void add_gauge(struct submeters *submeters, meter_id shared, const struct meter *meter)
{
    if (meter->role == METER_BOOK && sharing_uses(meter, SHARING_SUBMETER)) {
        memory_grow(&submeters->gauges, submeters->count, &submeters->capacity,
                    sizeof *submeters->gauges);
        struct gauge *gauge = &submeters->gauges[submeters->count++];
        gauge_init(gauge, shared, meter);
        note_concerned(submeters, gauge);
    }
}

struct submeters *submeters_create(const struct catalog *catalog,
                                   const struct submeters_curves *curves)
{
    struct submeters *submeters = memory_zeroed(1, sizeof *submeters);
    submeters->concerned = memory_zeroed(catalog->meter_count, sizeof *submeters->concerned);
    submeters->curves = *curves;
    for (uint32_t i = 0; i < catalog->meter_count; i++) {
        add_gauge(submeters, (meter_id){i}, &catalog->meters[i]);
    }
    if (submeters->count == 0) {
        submeters_destroy(submeters);
        return NULL;
    }
    return submeters;
}

void submeters_destroy(struct submeters *submeters)
{
    for (size_t i = 0; submeters != NULL && i < submeters->count; i++) {
        free(submeters->gauges[i].pins_us);
        free(submeters->gauges[i].c_base);
        free(submeters->gauges[i].noted);
    }
    if (submeters != NULL) {
        free(submeters->gauges);
        free(submeters->concerned);
    }
    free(submeters);
}

bool submeters_concern(const struct submeters *submeters, meter_id meter)
{
    return submeters != NULL && submeters->concerned[meter.index];
}

static struct gauge *gauge_of(const struct submeters *submeters, meter_id shared)
{
    bool concerned = submeters_concern(submeters, shared);
    for (size_t i = 0; concerned && i < submeters->count; i++) {
        if (submeters->gauges[i].shared.index == shared.index) {
            return &submeters->gauges[i];
        }
    }
    return NULL;
}

/* Further sub-meters, of keys that are still to come: what they showed at the pins so far is of no
 * weight to anybody. */
static void gauge_follow(struct gauge *gauge, const struct meter *meter)
{
    size_t known = gauge->sub_count;
    gauge->meter = meter;
    gauge_add_subs(gauge);
    if (gauge->sub_count == known || gauge->pin_count == 0) {
        return;
    }
    int64_t *c_base = memory_zeroed(gauge->pin_count * gauge->sub_count, sizeof *c_base);
    for (size_t i = 0; i < gauge->pin_count; i++) {
        memcpy(&c_base[i * gauge->sub_count], &gauge->c_base[i * known], known * sizeof *c_base);
    }
    free(gauge->c_base);
    gauge->c_base = c_base;
    gauge->c_capacity = gauge->pin_count;
}

void submeters_follow(struct submeters **submeters, const struct catalog *catalog,
                      uint32_t former_count, const struct submeters_curves *curves)
{
    if (*submeters == NULL) {
        *submeters = submeters_create(catalog, curves);
        return;
    }
    struct submeters *known = *submeters;
    free(known->concerned);
    known->concerned = memory_zeroed(catalog->meter_count, sizeof *known->concerned);
    size_t gauge_count = known->count;
    for (size_t i = 0; i < gauge_count; i++) {
        gauge_follow(&known->gauges[i], &catalog->meters[known->gauges[i].shared.index]);
        note_concerned(known, &known->gauges[i]);
    }
    for (uint32_t i = 0; i < catalog->meter_count; i++) {
        bool has_one = false;
        for (size_t k = 0; k < gauge_count && i < former_count; k++) {
            has_one = has_one || known->gauges[k].shared.index == i;
        }
        if (!has_one) {
            add_gauge(known, (meter_id){i}, &catalog->meters[i]);
        }
    }
}

/* Index of the first pin at or after an instant. */
static size_t first_pin(const struct gauge *gauge, int64_t ts_us)
{
    size_t low = 0;
    size_t high = gauge->pin_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (gauge->pins_us[middle] < ts_us) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool is_kept(const struct curve *curve, int64_t ts_us)
{
    return !curve->trimmed || (curve->count > 0 && ts_us >= curve->samples[0].ts_us);
}

static int64_t curve_base(const struct curve *curve, int64_t ts_us)
{
    enum quality quality = QUALITY_MEASURED;
    return curve->count > 0 ? curve_at(curve, ts_us, &quality) : 0;
}

/* C of sub-meter `k` behind the curve's memory: evenly between the pins around the instant. */
static int64_t remembered_base(const struct gauge *gauge, const struct curve *curve, size_t k,
                               int64_t ts_us)
{
    size_t at = first_pin(gauge, ts_us);
    if (at < gauge->pin_count && gauge->pins_us[at] == ts_us) {
        return gauge->c_base[at * gauge->sub_count + k];
    }
    if (ts_us == gauge->tip_us) {
        return gauge->tip_base[k];
    }
    int64_t next_us = curve->samples[0].ts_us;
    int64_t next_base = curve_c_base(curve, &curve->samples[0]);
    if (at < gauge->pin_count && gauge->pins_us[at] < next_us) {
        next_us = gauge->pins_us[at];
        next_base = gauge->c_base[at * gauge->sub_count + k];
    }
    if (at == 0) {
        return next_base;
    }
    int64_t before_us = gauge->pins_us[at - 1];
    int64_t before_base = gauge->c_base[(at - 1) * gauge->sub_count + k];
    int64_t through_base = 0;
    REQUIRE(quantity_multiply_divide(next_base - before_base, ts_us - before_us,
                                     next_us - before_us, &through_base));
    return before_base + through_base;
}

static int64_t sub_base(const struct submeters *submeters, const struct gauge *gauge, size_t k,
                        int64_t ts_us)
{
    const struct curve *curve = curve_of(submeters, gauge->subs[k]);
    return is_kept(curve, ts_us) ? curve_base(curve, ts_us)
                                 : remembered_base(gauge, curve, k, ts_us);
}

/* What a sub-meter showed at an instant behind its memory is read from its stored curve. */
static void bring_back(const struct submeters *submeters, meter_id meter, int64_t ts_us)
{
    const struct submeters_curves *curves = &submeters->curves;
    if (curves->bring_back != NULL && !is_kept(curve_of(submeters, meter), ts_us)) {
        curves->bring_back(curves->context, meter, ts_us);
    }
}

static void forget_oldest(struct gauge *gauge)
{
    size_t gone = gauge->pin_count / 2;
    int64_t last_us = gauge->pins_us[gone - 1];
    gauge->forgotten_us = last_us > gauge->forgotten_us ? last_us : gauge->forgotten_us;
    gauge->pin_count -= gone;
    memmove(gauge->pins_us, gauge->pins_us + gone, gauge->pin_count * sizeof(int64_t));
    memmove(gauge->c_base, gauge->c_base + gone * gauge->sub_count,
            gauge->pin_count * gauge->sub_count * sizeof(int64_t));
}

/* Pins all sub-meters at an instant, if that is not done yet. */
static void pin(const struct submeters *submeters, struct gauge *gauge, int64_t ts_us)
{
    int64_t fresh_base[SHARING_METERS_MAX];
    size_t at = first_pin(gauge, ts_us);
    if (at < gauge->pin_count && gauge->pins_us[at] == ts_us) {
        return;
    }
    for (size_t k = 0; k < gauge->sub_count; k++) {
        bring_back(submeters, gauge->subs[k], ts_us);
        fresh_base[k] = sub_base(submeters, gauge, k, ts_us);
    }
    if (gauge->pin_count == SUBMETERS_PINS_MAX) {
        forget_oldest(gauge);
        at = first_pin(gauge, ts_us);
    }
    size_t row = gauge->sub_count * sizeof(int64_t);
    memory_grow(&gauge->pins_us, gauge->pin_count, &gauge->pin_capacity, sizeof(int64_t));
    memory_grow(&gauge->c_base, gauge->pin_count, &gauge->c_capacity, row);
    memmove(&gauge->pins_us[at + 1], &gauge->pins_us[at],
            (gauge->pin_count - at) * sizeof(int64_t));
    memmove(&gauge->c_base[(at + 1) * gauge->sub_count], &gauge->c_base[at * gauge->sub_count],
            (gauge->pin_count - at) * row);
    gauge->pins_us[at] = ts_us;
    memcpy(&gauge->c_base[at * gauge->sub_count], fresh_base, row);
    gauge->pin_count++;
}

int64_t submeters_moved(struct submeters *submeters, const struct segment *whole, meter_id meter,
                        bool only_to_show)
{
    struct gauge *gauge = gauge_of(submeters, whole->meter);
    REQUIRE(gauge != NULL);
    size_t k = sub_index(gauge, meter);
    REQUIRE(k < gauge->sub_count);
    if (!only_to_show) {
        pin(submeters, gauge, whole->start_us);
        pin(submeters, gauge, whole->end_us);
    }
    int64_t moved_base = sub_base(submeters, gauge, k, whole->end_us) -
                         sub_base(submeters, gauge, k, whole->start_us);
    return moved_base > 0 ? moved_base : 0;
}

/* The newest instant that any of the sub-meters has reached; INT64_MIN: none has begun. */
static int64_t reached_us(const struct submeters *submeters, const struct gauge *gauge)
{
    int64_t reached = INT64_MIN;
    for (size_t k = 0; k < gauge->sub_count; k++) {
        const struct curve *curve = curve_of(submeters, gauge->subs[k]);
        const struct point *newest = curve->count > 0 ? curve_newest(curve) : NULL;
        if (newest != NULL && newest->ts_us > reached) {
            reached = newest->ts_us;
        }
    }
    return reached;
}

/* Pins the boundaries up to what the sub-meters have reached, before their curves are forgotten
 * there: the meter itself may be slower than they are. */
static void walk(const struct submeters *submeters, const struct attribution *attribution,
                 struct gauge *gauge)
{
    int64_t to_us = reached_us(submeters, gauge);
    if (to_us == INT64_MIN) {
        return;
    }
    if (gauge->walked_us == INT64_MIN) {
        gauge->walked_us = to_us - CURVE_WINDOW_US; /* an earlier baseline may still come */
    }
    for (;;) {
        int64_t next_us = attribution_next_us(attribution, gauge->meter, false, gauge->walked_us);
        if (next_us > to_us) {
            return;
        }
        pin(submeters, gauge, next_us);
        gauge->walked_us = next_us;
    }
}

void submeters_recut(struct submeters *submeters, const struct attribution *attribution,
                     meter_id meter, int64_t from_us)
{
    struct gauge *gauge = gauge_of(submeters, meter);
    if (gauge == NULL) {
        return;
    }
    if (gauge->walked_us >= from_us) {
        gauge->walked_us = from_us - 1;
    }
    walk(submeters, attribution, gauge);
}

void submeters_reach(struct submeters *submeters, meter_id meter, int64_t open_us, int64_t ts_us)
{
    struct gauge *gauge = gauge_of(submeters, meter);
    if (gauge == NULL) {
        return;
    }
    pin(submeters, gauge, open_us);
    if (gauge->tip_us == ts_us) {
        return;
    }
    int64_t fresh_base[SHARING_METERS_MAX];
    for (size_t k = 0; k < gauge->sub_count; k++) {
        bring_back(submeters, gauge->subs[k], ts_us);
        fresh_base[k] = sub_base(submeters, gauge, k, ts_us);
    }
    memcpy(gauge->tip_base, fresh_base, gauge->sub_count * sizeof *fresh_base);
    gauge->tip_us = ts_us;
}

/* What is not in memory now does not change. */
static bool note_pin(struct gauge *gauge, const struct curve *curve, int64_t ts_us, bool tip)
{
    if (!is_kept(curve, ts_us)) {
        return false;
    }
    memory_grow(&gauge->noted, gauge->noted_count, &gauge->noted_capacity, sizeof *gauge->noted);
    gauge->noted[gauge->noted_count++] = (struct noted){ts_us, curve_base(curve, ts_us), tip};
    return true;
}

void submeters_note(struct submeters *submeters, meter_id meter)
{
    const struct curve *curve = curve_of(submeters, meter);
    for (size_t i = 0; i < submeters->count; i++) {
        struct gauge *gauge = &submeters->gauges[i];
        gauge->noted_count = 0;
        if (sub_index(gauge, meter) == gauge->sub_count) {
            continue;
        }
        (void)note_pin(gauge, curve, gauge->tip_us, true);
        size_t at = gauge->pin_count;
        while (at > 0 && note_pin(gauge, curve, gauge->pins_us[at - 1], false)) {
            at--;
        }
    }
}

static void move_pins(struct gauge *gauge, const struct curve *curve, size_t k)
{
    for (size_t i = 0; i < gauge->noted_count; i++) {
        const struct noted *noted = &gauge->noted[i];
        int64_t moved_base = curve_base(curve, noted->ts_us) - noted->c_base;
        if (noted->tip) {
            gauge->tip_base[k] += moved_base;
        } else if (moved_base != 0) {
            gauge->c_base[first_pin(gauge, noted->ts_us) * gauge->sub_count + k] += moved_base;
            gauge->moved_us = noted->ts_us < gauge->moved_us ? noted->ts_us : gauge->moved_us;
        }
    }
    int64_t first_us = curve->samples[0].ts_us;
    if (gauge->forgotten_us > first_us && first_us < gauge->moved_us) {
        gauge->moved_us = first_us; /* pins that moved and are not there any more */
    }
}

void submeters_move(struct submeters *submeters, meter_id meter)
{
    for (size_t i = 0; i < submeters->count; i++) {
        struct gauge *gauge = &submeters->gauges[i];
        size_t k = sub_index(gauge, meter);
        if (k < gauge->sub_count) {
            move_pins(gauge, curve_of(submeters, meter), k);
            gauge->noted_count = 0;
        }
    }
}

/* Brings the pins of a sub-meter to its curve as it is; returns the first that was another. */
static int64_t refresh_pins(const struct submeters *submeters, struct gauge *gauge, size_t k)
{
    const struct curve *curve = curve_of(submeters, gauge->subs[k]);
    int64_t changed_us = gauge->moved_us;
    gauge->moved_us = TIMESTAMP_NEVER_US;
    if (is_kept(curve, gauge->tip_us)) {
        gauge->tip_base[k] = curve_base(curve, gauge->tip_us);
    }
    for (size_t i = gauge->pin_count; i > 0 && is_kept(curve, gauge->pins_us[i - 1]); i--) {
        int64_t *c_base = &gauge->c_base[(i - 1) * gauge->sub_count + k];
        int64_t now_base = curve_base(curve, gauge->pins_us[i - 1]);
        if (*c_base != now_base) {
            *c_base = now_base;
            changed_us = gauge->pins_us[i - 1] < changed_us ? gauge->pins_us[i - 1] : changed_us;
        }
    }
    return changed_us;
}

void submeters_refresh(struct submeters *submeters, const struct attribution *attribution,
                       meter_id meter,
                       void (*changed)(void *context, meter_id shared, int64_t from_us),
                       void *context)
{
    bool concerned = submeters_concern(submeters, meter);
    for (size_t i = 0; concerned && i < submeters->count; i++) {
        struct gauge *gauge = &submeters->gauges[i];
        size_t k = sub_index(gauge, meter);
        if (k < gauge->sub_count) {
            int64_t changed_us = refresh_pins(submeters, gauge, k);
            walk(submeters, attribution, gauge);
            changed(context, gauge->shared, changed_us);
        }
    }
}
