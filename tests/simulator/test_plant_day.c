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

static int64_t at(const char *clock)
{
    char text[32];
    int64_t ts_us;

    snprintf(text, sizeof text, "2026-03-10T%s+08:00", clock);
    assert_true(timestamp_parse(text, strlen(text), &ts_us));
    return ts_us;
}

static bool keep(void *context, const struct plant_message *message, struct failure *failure)
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

static void note_missing(void *context, const char *meter)
{
    struct day *day = context;
    size_t used = strlen(day->missing);

    snprintf(day->missing + used, sizeof day->missing - used, "%s ", meter);
}

static void add_meter(struct day *day, const char *id, uint16_t item, uint16_t station,
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

static int set_up(void **state)
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

static int tear_down(void **state)
{
    struct day *day = *state;

    catalog_clear(&day->catalog);
    timetable_clear(&day->timetable);
    free(day->messages);
    free(day);
    return 0;
}

static bool run_into(struct day *day, struct failure *failure)
{
    struct plant_day_sink sink = {day, keep, note_missing};

    catalog_index_build(&day->catalog);
    return plant_day_run(&day->day, &sink, failure);
}

static void run(struct day *day)
{
    struct failure failure = {0};

    if (!run_into(day, &failure)) {
        fail_msg("%s", failure.text);
    }
}

static bool of_meter(const struct message *message, const char *meter)
{
    const char *slash = strrchr(message->topic, '/');

    return slash != NULL && strcmp(slash + 1, meter) == 0;
}

/* Value in thousandths. */
static int64_t value_of(const struct message *message)
{
    const char *value = strstr(message->payload, "\"value\":");
    int64_t thousandths;

    assert_non_null(value);
    value += strlen("\"value\":");
    assert_int_equal(quantity_from_text_exact(value, strcspn(value, ",}"), 3, &thousandths),
                     QUANTITY_OK);
    return thousandths;
}

static int64_t register_at(const struct day *day, const char *meter, int64_t at_us)
{
    for (size_t i = 0; i < day->count; i++) {
        if (day->messages[i].at_us == at_us && of_meter(&day->messages[i], meter)) {
            return value_of(&day->messages[i]);
        }
    }
    fail_msg("%s is not sampled at that instant", meter);
    return 0;
}

static void the_record_runs_from_before_the_first_charge_to_after_the_last_cast(void **state)
{
    struct day *day = *state;

    run(day);
    assert_int_equal(day->messages[0].at_us, at("07:40:00"));
    assert_int_equal(day->messages[day->count - 1].at_us, at("10:40:00"));
    for (size_t i = 1; i < day->count; i++) {
        assert_true(day->messages[i].at_us >= day->messages[i - 1].at_us);
    }
}

static void the_furnace_register_moves_by_the_heats_energy_and_only_in_its_stay(void **state)
{
    struct day *day = *state;

    run(day);
    assert_int_equal(register_at(day, "E02", at("07:40:00")),
                     register_at(day, "E02", at("08:30:00")));
    assert_int_equal(
        register_at(day, "E02", at("09:00:00")) - register_at(day, "E02", at("08:30:00")), 4127000);
    assert_int_equal(register_at(day, "E02", at("09:10:00")),
                     register_at(day, "E02", at("09:00:00")));
    assert_int_equal(
        register_at(day, "E02", at("10:40:00")) - register_at(day, "E02", at("09:10:00")), 3500000);
    /* floor(4,127,000 x 605 / 1,800) */
    assert_int_equal(
        register_at(day, "E02", at("08:40:05")) - register_at(day, "E02", at("08:30:00")), 1387130);
}

static void oxygen_moves_within_the_blow_alone(void **state)
{
    struct day *day = *state;

    run(day);
    assert_int_equal(register_at(day, "G01", at("07:40:00")),
                     register_at(day, "G01", at("07:50:00")));
    assert_int_equal(
        register_at(day, "G01", at("08:05:00")) - register_at(day, "G01", at("07:50:00")), 5431000);
    assert_int_equal(register_at(day, "G01", at("08:30:00")),
                     register_at(day, "G01", at("08:05:00")));
}

static void no_register_starts_at_zero_or_falls(void **state)
{
    static const char *const meters[] = {"E01", "E02", "E04", "G01"};
    struct day *day = *state;

    run(day);
    for (size_t m = 0; m < sizeof meters / sizeof meters[0]; m++) {
        int64_t last = 0;

        for (size_t i = 0; i < day->count; i++) {
            if (of_meter(&day->messages[i], meters[m])) {
                int64_t value = value_of(&day->messages[i]);
                assert_true(value > 0 && value >= last);
                last = value;
            }
        }
        assert_true(last > 0);
    }
}

static void the_main_shows_what_the_furnace_adds(void **state)
{
    struct day *day = *state;

    run(day);
    int64_t quiet =
        register_at(day, "E01", at("08:20:00")) - register_at(day, "E01", at("08:10:00"));
    int64_t melting =
        register_at(day, "E01", at("08:50:00")) - register_at(day, "E01", at("08:40:00"));
    int64_t furnace =
        register_at(day, "E02", at("08:50:00")) - register_at(day, "E02", at("08:40:00"));
    int64_t fan = register_at(day, "E04", at("08:20:00")) - register_at(day, "E04", at("08:10:00"));

    assert_true(quiet > fan);
    /* Each main and each part is floored by itself. */
    assert_in_range(melting - quiet - furnace + 10, 0, 20);
}

static void registers_are_sampled_off_the_grid_at_heat_events_and_boundaries(void **state)
{
    struct day *day = *state;
    const int64_t boundaries_us[] = {at("06:00:00"), at("08:00:01"), at("16:00:00")};

    day->day.boundaries_us = boundaries_us;
    day->day.boundary_count = 3;
    run(day);
    assert_true(register_at(day, "E02", at("08:25:03")) > 0); /* charge of H2 */
    assert_true(register_at(day, "G01", at("08:00:01")) > register_at(day, "G01", at("08:00:00")));
    assert_int_equal(day->messages[0].at_us, at("07:40:00"));
    assert_int_equal(day->messages[day->count - 1].at_us, at("10:40:00"));
}

static void each_instant_samples_a_register_once(void **state)
{
    struct day *day = *state;
    int64_t last_us = INT64_MIN;
    size_t samples = 0;

    run(day);
    for (size_t i = 0; i < day->count; i++) {
        if (of_meter(&day->messages[i], "E02")) {
            assert_true(day->messages[i].at_us > last_us);
            last_us = day->messages[i].at_us;
            samples++;
        }
    }
    assert_int_equal(samples, 3 * 720 + 1 + 1); /* three hours of 5 s, both ends, charge of H2 */
}

static void registers_come_before_events_and_events_before_weighings(void **state)
{
    struct day *day = *state;
    static const char *const expected[] = {"E01", "E02", "E04", "G01", "heat", "M01"};
    size_t i = 0;

    run(day);
    while (day->messages[i].at_us != at("07:45:00")) {
        i++;
    }
    for (size_t k = 0; k < sizeof expected / sizeof expected[0]; k++) {
        assert_true(of_meter(&day->messages[i + k], expected[k]));
    }
    assert_true(day->messages[i + 6].at_us > at("07:45:00"));
    assert_string_equal(day->messages[i + 4].topic, "plant/BOF1/heat");
    assert_string_equal(day->messages[i + 4].payload,
                        "{\"ts\":\"2026-03-10T07:45:00+08:00\",\"heat\":\"H1\",\"event\":\"start\","
                        "\"station\":\"BOF\",\"id\":\"H1-BOF-start\"}");
    assert_string_equal(day->messages[i + 5].topic, "plant/BOF1/HM/hot_metal/M01");
    assert_string_equal(day->messages[i + 5].payload,
                        "{\"ts\":\"2026-03-10T07:45:00+08:00\",\"value\":108564,\"heat\":\"H1\","
                        "\"id\":\"H1-M01-1\"}");
}

static void the_tap_carries_the_steel_and_ends_the_stay_at_the_converter(void **state)
{
    struct day *day = *state;
    size_t i = 0;

    run(day);
    while (day->messages[i].at_us != at("08:15:00") || !of_meter(&day->messages[i], "heat")) {
        i++;
    }
    assert_string_equal(day->messages[i].payload,
                        "{\"ts\":\"2026-03-10T08:15:00+08:00\",\"heat\":\"H1\",\"event\":\"tap\","
                        "\"station\":\"BOF\",\"steel_kg\":99600,\"id\":\"H1-BOF-tap\"}");
    assert_string_equal(day->messages[i + 1].payload,
                        "{\"ts\":\"2026-03-10T08:15:00+08:00\",\"heat\":\"H1\",\"event\":\"end\","
                        "\"station\":\"BOF\",\"id\":\"H1-BOF-end\"}");
}

static void thermocouples_lie_strictly_inside_the_stay(void **state)
{
    struct day *day = *state;
    const char *const clocks[] = {"08:36:00", "08:42:00", "08:48:00", "08:54:00"};
    size_t pieces = 0;

    run(day);
    for (size_t i = 0; i < day->count; i++) {
        if (!of_meter(&day->messages[i], "C01")) {
            continue;
        }
        assert_int_equal(value_of(&day->messages[i]), 1000);
        if (pieces < 4) {
            assert_int_equal(day->messages[i].at_us, at(clocks[pieces]));
            assert_non_null(strstr(day->messages[i].payload, "\"heat\":\"H1\""));
        }
        pieces++;
    }
    assert_int_equal(pieces, 4 + 5);
}

static void a_meter_that_the_configuration_lacks_is_reported_and_left_out(void **state)
{
    struct day *day = *state;

    run(day);
    assert_non_null(strstr(day->missing, "M02 "));
    assert_null(strstr(day->missing, "E02 "));
    for (size_t i = 0; i < day->count; i++) {
        assert_false(of_meter(&day->messages[i], "M02"));
    }
}

static void a_multiplier_divides_what_the_meter_shows(void **state)
{
    struct day *day = *state;

    day->catalog.meters[1].scale_num = 1000; /* E02: shows MWh with three decimals */
    run(day);
    assert_int_equal(
        register_at(day, "E02", at("09:00:00")) - register_at(day, "E02", at("08:30:00")), 4127);
}

static void a_register_of_limited_width_goes_round(void **state)
{
    struct day *day = *state;

    day->catalog.meters[1].width_raw = 85000000; /* 84,213 + 4,127 > 85,000 kWh */
    run(day);
    assert_int_equal(register_at(day, "E02", at("09:00:00")), 84213000 + 4127000 - 85000000);
}

static void a_copy_without_its_meters_is_refused(void **state)
{
    struct day *day = *state;
    struct failure failure = {0};

    day->day.copies = 2;
    assert_false(run_into(day, &failure));
    assert_int_equal(failure.code, FAILURE_INPUT);
    assert_non_null(strstr(failure.text, "meter \"E01-2\" of copy 2"));
}

static void a_copy_has_its_own_meters_stations_and_heats(void **state)
{
    struct day *day = *state;
    bool found = false;

    day->day.copies = 2;
    day->catalog.meters[0] = day->catalog.meters[6]; /* E02-2 in the place of E01 */
    day->catalog.meter_count = 2;
    run(day);
    assert_int_equal(register_at(day, "E02-2", at("08:55:00")),
                     register_at(day, "E02", at("08:55:00")));
    for (size_t i = 0; i < day->count; i++) {
        found |= strcmp(day->messages[i].payload,
                        "{\"ts\":\"2026-03-10T07:45:00+08:00\",\"heat\":\"H1-2\",\"event\":"
                        "\"start\",\"station\":\"BOF-2\",\"id\":\"H1-2-BOF-start\"}") == 0;
    }
    assert_true(found);
}

static void a_configuration_that_does_not_fit_is_refused(void **state)
{
    struct day *day = *state;
    struct plant_day_sink sink = {day, keep, note_missing};
    struct failure failure = {0};

    day->catalog.meters[4].kind = METER_REGISTER;
    assert_false(run_into(day, &failure));
    assert_int_equal(failure.code, FAILURE_INPUT);
    assert_non_null(strstr(failure.text, "meter \"M01\" is of kind \"register\""));
    snprintf(day->catalog.stations[3].id, sizeof day->catalog.stations[3].id, "CASTER");
    assert_false(plant_day_run(&day->day, &sink, &failure));
    assert_non_null(strstr(failure.text, "station \"CCM\" is not in the configuration"));
}

static void a_sink_that_fails_stops_the_day(void **state)
{
    struct day *day = *state;
    struct failure failure = {0};

    day->stop_after = 100;
    assert_false(run_into(day, &failure));
    assert_int_equal(day->count, 100);
    assert_int_equal(failure.code, FAILURE_RESOURCE);
    assert_string_equal(failure.text, "the disk is full");
}

static void the_same_timetable_gives_the_same_messages(void **state)
{
    struct day *day = *state;
    struct plant_day_sink sink = {day, keep, note_missing};
    struct failure failure = {0};

    run(day);
    size_t half = day->count;
    assert_true(plant_day_run(&day->day, &sink, &failure));
    assert_int_equal(day->count, 2 * half);
    for (size_t i = 0; i < half; i++) {
        assert_string_equal(day->messages[i].topic, day->messages[half + i].topic);
        assert_string_equal(day->messages[i].payload, day->messages[half + i].payload);
    }
}

#define DAY_TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DAY_TEST(the_record_runs_from_before_the_first_charge_to_after_the_last_cast),
        DAY_TEST(the_furnace_register_moves_by_the_heats_energy_and_only_in_its_stay),
        DAY_TEST(oxygen_moves_within_the_blow_alone),
        DAY_TEST(no_register_starts_at_zero_or_falls),
        DAY_TEST(the_main_shows_what_the_furnace_adds),
        DAY_TEST(registers_are_sampled_off_the_grid_at_heat_events_and_boundaries),
        DAY_TEST(each_instant_samples_a_register_once),
        DAY_TEST(registers_come_before_events_and_events_before_weighings),
        DAY_TEST(the_tap_carries_the_steel_and_ends_the_stay_at_the_converter),
        DAY_TEST(thermocouples_lie_strictly_inside_the_stay),
        DAY_TEST(a_meter_that_the_configuration_lacks_is_reported_and_left_out),
        DAY_TEST(a_multiplier_divides_what_the_meter_shows),
        DAY_TEST(a_register_of_limited_width_goes_round),
        DAY_TEST(a_copy_without_its_meters_is_refused),
        DAY_TEST(a_copy_has_its_own_meters_stations_and_heats),
        DAY_TEST(a_configuration_that_does_not_fit_is_refused),
        DAY_TEST(a_sink_that_fails_stops_the_day),
        DAY_TEST(the_same_timetable_gives_the_same_messages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
