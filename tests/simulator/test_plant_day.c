/* What a plant sends on a day, and when. */
#include "short_day.h"

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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
