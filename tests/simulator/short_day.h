/* A day of two heats in a small plant, and the messages it makes. */
#ifndef SHORT_DAY_H
#define SHORT_DAY_H

#include "plant_day.h"

#include "memory.h"
#include "quantity.h"
#include "timestamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Two heats, forty minutes apart; energy and oxygen do not divide evenly by the samples. */
static const char timetable_text[] =
    "heat_id,charge,blow_s,blow_e,tap_s,tap_e,lf_s,lf_e,cc_s,cc_e,steel_kg,hot_metal_kg,femn_kg,"
    "fesi_kg,al_kg,sial_kg,tc_pcs,o2_nm3,lf_kwh\n"
    "H1,2026-03-10T07:45:00+08:00,2026-03-10T07:50:00+08:00,2026-03-10T08:05:00+08:00,"
    "2026-03-10T08:10:00+08:00,2026-03-10T08:15:00+08:00,2026-03-10T08:30:00+08:00,"
    "2026-03-10T09:00:00+08:00,2026-03-10T09:15:00+08:00,2026-03-10T09:55:00+08:00,"
    "99600,108564,682,446,20,82,4,5431,4127\n"
    "H2,2026-03-10T08:25:03+08:00,2026-03-10T08:30:00+08:00,2026-03-10T08:45:00+08:00,"
    "2026-03-10T08:50:00+08:00,2026-03-10T08:55:00+08:00,2026-03-10T09:10:00+08:00,"
    "2026-03-10T09:40:00+08:00,2026-03-10T09:55:00+08:00,2026-03-10T10:35:00+08:00,"
    "100100,109309,686,448,20,82,5,5400,3500\n";

struct message {
    int64_t at_us;
    char topic[96];
    char payload[192];
};

struct day {
    struct timetable timetable;
    struct catalog catalog;
    struct zone zone;
    struct plant_day day;
    struct message *messages;
    size_t count, capacity;
    size_t stop_after; /* 0: never */
    char missing[256];
};

static inline int64_t at(const char *clock)
{
    char text[32];
    int64_t ts_us;

    snprintf(text, sizeof text, "2026-03-10T%s+08:00", clock);
    assert_true(timestamp_parse(text, strlen(text), &ts_us));
    return ts_us;
}

static inline bool keep(void *context, const struct plant_message *message, struct failure *failure)
{
    struct day *day = context;

    if (day->stop_after != 0 && day->count == day->stop_after) {
        return failure_set(failure, FAILURE_RESOURCE, "the disk is full");
    }
    memory_grow(&day->messages, day->count, &day->capacity, sizeof *day->messages);
    struct message *kept = &day->messages[day->count++];
    kept->at_us = message->at_us;
    snprintf(kept->topic, sizeof kept->topic, "%s", message->topic);
    snprintf(kept->payload, sizeof kept->payload, "%s", message->payload);
    return true;
}

static inline void note_missing(void *context, const char *meter)
{
    struct day *day = context;
    size_t used = strlen(day->missing);

    snprintf(day->missing + used, sizeof day->missing - used, "%s ", meter);
}

static inline void add_meter(struct day *day, const char *id, uint16_t item, uint16_t station,
                             enum meter_kind kind)
{
    struct meter *meter = &day->catalog.meters[day->catalog.meter_count++];

    snprintf(meter->id, sizeof meter->id, "%s", id);
    meter->item.index = item;
    meter->station.index = station;
    meter->kind = kind;
    meter->decimals = day->catalog.items[item].decimals;
    meter->scale_num = 1;
    meter->scale_den = 1;
}

enum { ELECTRICITY, OXYGEN, HOT_METAL, THERMOCOUPLE, ITEMS };

static const struct {
    const char *id;
    uint8_t decimals;
} items[ITEMS] = {
    [ELECTRICITY] = {"electricity", 3},
    [OXYGEN] = {"o2", 3},
    [HOT_METAL] = {"hot_metal", 3},
    [THERMOCOUPLE] = {"thermocouple", 0},
};

static inline int set_up(void **state)
{
    static const char *const stations[] = {"HM", "BOF", "LF", "CCM", "BOF-2", "LF-2", "CCM-2"};
    struct day *day = memory_zeroed(1, sizeof *day);
    struct catalog *catalog = &day->catalog;

    snprintf(catalog->shop, sizeof catalog->shop, "BOF1");
    catalog->items = memory_zeroed(ITEMS, sizeof *catalog->items);
    catalog->item_count = ITEMS;
    for (size_t i = 0; i < ITEMS; i++) {
        snprintf(catalog->items[i].id, sizeof catalog->items[i].id, "%s", items[i].id);
        catalog->items[i].decimals = items[i].decimals;
    }
    catalog->station_count = sizeof stations / sizeof stations[0];
    catalog->stations = memory_zeroed(catalog->station_count, sizeof *catalog->stations);
    for (size_t i = 0; i < catalog->station_count; i++) {
        snprintf(catalog->stations[i].id, sizeof catalog->stations[i].id, "%s", stations[i]);
    }
    catalog->meters = memory_zeroed(16, sizeof *catalog->meters);
    add_meter(day, "E01", ELECTRICITY, 0, METER_REGISTER);
    add_meter(day, "E02", ELECTRICITY, 2, METER_REGISTER);
    add_meter(day, "E04", ELECTRICITY, 1, METER_REGISTER);
    add_meter(day, "G01", OXYGEN, 1, METER_REGISTER);
    add_meter(day, "M01", HOT_METAL, 0, METER_EVENT);
    add_meter(day, "C01", THERMOCOUPLE, 2, METER_EVENT);
    add_meter(day, "E02-2", ELECTRICITY, 5, METER_REGISTER);
    struct failure failure = {0};
    assert_true(timetable_read("day.csv", timetable_text, strlen(timetable_text), &day->timetable,
                               &failure));
    day->zone = zone_fixed("Asia/Shanghai", 8 * 3600);
    day->day = (struct plant_day){
        .timetable = &day->timetable,
        .catalog = catalog,
        .zone = &day->zone,
        .copies = 1,
    };
    *state = day;
    return 0;
}

static inline int tear_down(void **state)
{
    struct day *day = *state;

    catalog_clear(&day->catalog);
    timetable_clear(&day->timetable);
    free(day->messages);
    free(day);
    return 0;
}

static inline bool run_into(struct day *day, struct failure *failure)
{
    struct plant_day_sink sink = {day, keep, note_missing};

    catalog_index_build(&day->catalog);
    return plant_day_run(&day->day, &sink, failure);
}

static inline void run(struct day *day)
{
    struct failure failure = {0};

    if (!run_into(day, &failure)) {
        fail_msg("%s", failure.text);
    }
}

static inline bool of_meter(const struct message *message, const char *meter)
{
    const char *slash = strrchr(message->topic, '/');

    return slash != NULL && strcmp(slash + 1, meter) == 0;
}

/* Value in thousandths. */
static inline int64_t value_of(const struct message *message)
{
    const char *value = strstr(message->payload, "\"value\":");
    int64_t thousandths;

    assert_non_null(value);
    value += strlen("\"value\":");
    assert_int_equal(quantity_from_text_exact(value, strcspn(value, ",}"), 3, &thousandths),
                     QUANTITY_OK);
    return thousandths;
}

static inline int64_t register_at(const struct day *day, const char *meter, int64_t at_us)
{
    for (size_t i = 0; i < day->count; i++) {
        if (day->messages[i].at_us == at_us && of_meter(&day->messages[i], meter)) {
            return value_of(&day->messages[i]);
        }
    }
    fail_msg("%s is not sampled at that instant", meter);
    return 0;
}

#define DAY_TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

#endif
