/* A small plant for tests of the aggregator: the demo plant's shifts and crews (DOMAIN, section 6),
 * three stations, and meters as a test wants them. Nothing here is shared between tests. */
#ifndef HEATLEDGER_TESTS_PLANT_FIXTURE_H
#define HEATLEDGER_TESTS_PLANT_FIXTURE_H

#include "aggregator.h"
#include "memory.h"
#include "roster.h"
#include "timestamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof *(table))
#define MINUTE_US TIMESTAMP_MINUTE_US

#define PLANT_METERS_MAX 8
#define PLANT_OVERRIDES_MAX 8

enum { LF, BOF, CCM, PLANT_STATIONS };
enum { DAY_SHIFT, MIDDLE_SHIFT, NIGHT_SHIFT, PLANT_SHIFTS };
enum { CREW_A, CREW_B, CREW_C, CREW_D, PLANT_CREWS };

#define NOBODY ((crew_id){CATALOG_NONE})
#define NO_STATION ((station_id){CATALOG_NONE})

/* Its address must not change: the catalog points into it. */
struct plant {
    struct item items[1];
    struct station stations[PLANT_STATIONS];
    struct meter meters[PLANT_METERS_MAX];
    struct shift shifts[PLANT_SHIFTS];
    struct crew crews[PLANT_CREWS];
    struct roster_override overrides[PLANT_OVERRIDES_MAX];
    struct catalog catalog;
    struct roster roster;
    struct heat_rules rules;
};

static inline int64_t at(const char *text)
{
    int64_t ts_us = 0;
    if (!timestamp_parse(text, strlen(text), &ts_us)) {
        fail_msg("the test has a broken time: %s", text);
    }
    return ts_us;
}

/* "08:03:20" on 2026-03-10, day 0 of the demo, in its zone (+08:00). */
static inline int64_t clock_at(const char *time_of_day)
{
    char text[TIMESTAMP_TEXT_MAX];
    snprintf(text, sizeof text, "2026-03-10T%s+08:00", time_of_day);
    return at(text);
}

static inline int32_t day_at(const char *text)
{
    int32_t day = 0;
    assert_true(timestamp_parse_day(text, strlen(text), &day));
    return day;
}

/* Day 08-16, middle 16-24, night 00-08; the production day starts at 08:00; crews A to D take two
 * of each, then two days off. Ownership at tap. No last station. */
static inline struct plant *plant_create(void)
{
    static const char *const stations[] = {"LF", "BOF", "CCM"};
    static const char *const shifts[] = {"day", "middle", "night"};
    static const char *const crews[] = {"A", "B", "C", "D"};
    struct plant *plant = memory_zeroed(1, sizeof *plant);
    strcpy(plant->items[0].id, "electricity");
    for (int i = 0; i < PLANT_STATIONS; i++) {
        strcpy(plant->stations[i].id, stations[i]);
    }
    for (int i = 0; i < PLANT_SHIFTS; i++) {
        strcpy(plant->shifts[i].id, shifts[i]);
        plant->shifts[i].start_s = (8 + 8 * i) % 24 * 3600;
    }
    for (int i = 0; i < PLANT_CREWS; i++) {
        strcpy(plant->crews[i].id, crews[i]);
        plant->roster.offset_days[i] = 2 * i;
    }
    plant->roster.zone = zone_fixed("Asia/Shanghai", 28800);
    plant->roster.day_start_s = 8 * 3600;
    plant->roster.epoch_day = day_at("2026-03-10");
    plant->roster.cycle_length = 8;
    for (uint16_t phase = 0; phase < 8; phase++) {
        plant->roster.cycle[phase].index = phase < 6 ? phase / 2 : CATALOG_NONE;
    }
    plant->roster.overrides = plant->overrides;
    plant->rules = (struct heat_rules){.owner_at_tap = true};
    plant->catalog = (struct catalog){
        .item_count = 1,
        .station_count = PLANT_STATIONS,
        .shift_count = PLANT_SHIFTS,
        .crew_count = PLANT_CREWS,
        .items = plant->items,
        .stations = plant->stations,
        .meters = plant->meters,
        .shifts = plant->shifts,
        .crews = plant->crews,
    };
    return plant;
}

static inline void plant_destroy(struct plant *plant)
{
    free(plant);
}

/* One more meter, a booking one, one base unit a raw unit, without limits. */
static inline struct meter *plant_meter(struct plant *plant, enum meter_kind kind, uint16_t station)
{
    assert_true(plant->catalog.meter_count < PLANT_METERS_MAX);
    struct meter *meter = &plant->meters[plant->catalog.meter_count];
    *meter = (struct meter){
        .station = {station},
        .kind = kind,
        .role = METER_BOOK,
        .scale_num = 1,
        .scale_den = 1,
        .min_raw = INT64_MIN,
        .max_raw = INT64_MAX,
    };
    snprintf(meter->id, sizeof meter->id, "M%02u", plant->catalog.meter_count++);
    return meter;
}

static inline void plant_override(struct plant *plant, int32_t day, uint16_t shift, uint16_t crew)
{
    assert_true(plant->roster.override_count < PLANT_OVERRIDES_MAX);
    plant->overrides[plant->roster.override_count++] =
        (struct roster_override){day, {shift}, {crew}};
}

/* Summer time of 2026, as in Madrid, in place of the plant's zone. */
static inline void plant_moves_to_madrid(struct plant *plant)
{
    plant->roster.zone = (struct zone){
        .name = "Europe/Madrid",
        .transition_count = 3,
        .transitions = {{INT64_MIN, 3600},
                        {at("2026-03-29T01:00:00Z"), 7200},
                        {at("2026-10-25T01:00:00Z"), 3600}},
    };
}

/* Heat events, without what a test does not mention. */
static inline struct heat_event heat_event_of(enum heat_event_kind kind, const char *heat,
                                              uint16_t station, int64_t ts_us)
{
    return (struct heat_event){
        .ts_us = ts_us,
        .kind = kind,
        .heat = heat,
        .station = {station},
        .steel_g = -1,
        .planned_g = -1,
        .moved_g = -1,
    };
}

static inline struct reading reading_of(uint32_t meter, int64_t ts_us, int64_t value_raw)
{
    return (struct reading){
        .meter = {meter},
        .ts_us = ts_us,
        .from_us = INT64_MIN,
        .value_raw = value_raw,
        .seq = -1,
    };
}

/* Heap's algorithm, one step: `order` holds `count` indices, `counters` starts zeroed. Returns
 * false after the last permutation. */
struct permutation {
    size_t count, step;
    size_t order[8], counters[8];
};

static inline struct permutation permutation_first(size_t count)
{
    struct permutation permutation = {.count = count};
    assert_true(count <= ROWS(permutation.order));
    for (size_t i = 0; i < count; i++) {
        permutation.order[i] = i;
    }
    return permutation;
}

static inline bool permutation_next(struct permutation *permutation)
{
    while (permutation->step < permutation->count) {
        size_t i = permutation->step;
        if (permutation->counters[i] < i) {
            size_t other = i % 2 == 0 ? 0 : permutation->counters[i];
            size_t kept = permutation->order[other];
            permutation->order[other] = permutation->order[i];
            permutation->order[i] = kept;
            permutation->counters[i]++;
            permutation->step = 0;
            return true;
        }
        permutation->counters[i] = 0;
        permutation->step++;
    }
    return false;
}

#endif
