/* A day under other configurations, copies and sinks. */
#include "short_day.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
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
