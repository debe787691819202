/* The roster: who is meant to be on duty, by cycle, exception and wall clock. */
#include "plant_fixture.h"

/* Days 0 to 8 of DOMAIN section 6, crews of day, middle and night; and day -1 before them. */
static void the_demo_cycle_gives_the_published_crews(void **state)
{
    (void)state;
    static const char *const crews[] = {"BCD", "ABC", "ABC", "DAB", "DAB",
                                        "CDA", "CDA", "BCD", "BCD", "ABC"};
    struct plant *plant = plant_create();
    for (int32_t day = -1; day <= 8; day++) {
        for (uint32_t shift = 0; shift < PLANT_SHIFTS; shift++) {
            crew_id crew = roster_crew(&plant->roster, &plant->catalog,
                                       plant->roster.epoch_day + day, (shift_id){(uint16_t)shift});
            assert_int_equal('A' + crew.index, crews[day + 1][shift]);
        }
    }
    plant_destroy(plant);
}

static void the_cycle_goes_on_without_end_both_ways(void **state)
{
    (void)state;
    struct plant *plant = plant_create();
    for (int32_t day = -2000; day < 2000; day++) {
        for (uint32_t shift = 0; shift < PLANT_SHIFTS; shift++) {
            int32_t phase_day = ((day % 8) + 8) % 8;
            assert_int_equal(roster_crew(&plant->roster, &plant->catalog,
                                         plant->roster.epoch_day + day, (shift_id){(uint16_t)shift})
                                 .index,
                             roster_crew(&plant->roster, &plant->catalog,
                                         plant->roster.epoch_day + phase_day,
                                         (shift_id){(uint16_t)shift})
                                 .index);
        }
    }
    plant_destroy(plant);
}

static void an_override_counts_for_its_day_and_shift_alone(void **state)
{
    (void)state;
    struct plant *plant = plant_create();
    int32_t day = plant->roster.epoch_day;
    plant_override(plant, day, MIDDLE_SHIFT, CREW_D);
    plant_override(plant, day + 1, NIGHT_SHIFT, CATALOG_NONE);
    static const struct {
        int32_t day;
        uint16_t shift, crew;
    } cases[] = {
        {0, DAY_SHIFT, CREW_A},    {0, MIDDLE_SHIFT, CREW_D},      {0, NIGHT_SHIFT, CREW_C},
        {1, MIDDLE_SHIFT, CREW_B}, {1, NIGHT_SHIFT, CATALOG_NONE}, {2, NIGHT_SHIFT, CREW_B},
    };
    for (size_t i = 0; i < ROWS(cases); i++) {
        crew_id crew = roster_crew(&plant->roster, &plant->catalog, day + cases[i].day,
                                   (shift_id){cases[i].shift});
        assert_int_equal(crew.index, cases[i].crew);
    }
    plant_destroy(plant);
}

static void a_slot_without_a_crew_is_a_hole_and_a_double_one_the_lowest_crew(void **state)
{
    (void)state;
    struct plant *plant = plant_create();
    plant->roster.cycle[1].index = CATALOG_NONE; /* a second day shift that nobody takes */
    crew_id crew = roster_crew(&plant->roster, &plant->catalog, plant->roster.epoch_day + 1,
                               (shift_id){DAY_SHIFT});
    assert_int_equal(crew.index, CATALOG_NONE);
    plant->roster.cycle[2].index = DAY_SHIFT; /* now A and B are both there on day 0 */
    crew = roster_crew(&plant->roster, &plant->catalog, plant->roster.epoch_day,
                       (shift_id){DAY_SHIFT});
    assert_int_equal(crew.index, CREW_A);
    plant_destroy(plant);
}

/* An instant, and the shift that it belongs to. */
struct shift_case {
    const char *ts, *day;
    uint16_t shift;
};

static void expect_shifts(const struct plant *plant, const struct shift_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int32_t day = 0;
        shift_id shift = {77};
        roster_shift_at(&plant->roster, &plant->catalog, at(cases[i].ts), &day, &shift);
        assert_int_equal(day, day_at(cases[i].day));
        assert_int_equal(shift.index, cases[i].shift);
    }
}

static void shifts_start_on_the_wall_clock_and_night_belongs_to_the_day_before(void **state)
{
    (void)state;
    struct plant *plant = plant_create();
    static const struct shift_case cases[] = {
        {"2026-03-10T08:00:00+08:00", "2026-03-10", DAY_SHIFT},
        {"2026-03-10T07:59:59.999999+08:00", "2026-03-09", NIGHT_SHIFT},
        {"2026-03-10T15:59:59.999999+08:00", "2026-03-10", DAY_SHIFT},
        {"2026-03-10T16:00:00+08:00", "2026-03-10", MIDDLE_SHIFT},
        {"2026-03-10T23:59:59.999999+08:00", "2026-03-10", MIDDLE_SHIFT},
        {"2026-03-11T00:00:00+08:00", "2026-03-10", NIGHT_SHIFT},
        {"2026-03-11T04:30:00+08:00", "2026-03-10", NIGHT_SHIFT},
        {"2026-03-11T08:00:00+08:00", "2026-03-11", DAY_SHIFT},
        {"1969-12-31T20:00:00+08:00", "1969-12-31", MIDDLE_SHIFT},
        {"1970-01-01T07:00:00+08:00", "1969-12-31", NIGHT_SHIFT},
    };
    expect_shifts(plant, cases, ROWS(cases));
    assert_true(roster_shift_start_us(&plant->roster, &plant->catalog, day_at("2026-03-10"),
                                      (shift_id){NIGHT_SHIFT}) == at("2026-03-11T00:00:00+08:00"));
    plant_destroy(plant);
}

/* Three shifts at 06:00, 14:00 and 22:00: the clocks change within the night shift. */
static struct plant *madrid_plant(void)
{
    struct plant *plant = plant_create();
    plant_moves_to_madrid(plant);
    plant->roster.day_start_s = 6 * 3600;
    for (int i = 0; i < PLANT_SHIFTS; i++) {
        plant->shifts[i].start_s = (6 + 8 * i) * 3600;
    }
    return plant;
}

static void edge_17_a_night_over_a_clock_change_lasts_seven_or_nine_hours(void **state)
{
    (void)state;
    static const struct {
        const char *day;
        int64_t hours;
    } cases[] = {
        {"2026-03-27", 8}, {"2026-03-28", 7}, {"2026-03-29", 8},
        {"2026-10-23", 8}, {"2026-10-24", 9}, {"2026-10-25", 8},
    };
    struct plant *plant = madrid_plant();
    for (size_t i = 0; i < ROWS(cases); i++) {
        int32_t day = day_at(cases[i].day);
        int64_t start_us =
            roster_shift_start_us(&plant->roster, &plant->catalog, day, (shift_id){NIGHT_SHIFT});
        int64_t end_us =
            roster_shift_start_us(&plant->roster, &plant->catalog, day + 1, (shift_id){DAY_SHIFT});
        assert_int_equal(end_us - start_us, cases[i].hours * TIMESTAMP_HOUR_US);
    }
    plant_destroy(plant);
}

/* As once in St. John's: at 00:01 the clocks go back to 23:01, and the day that has begun goes on.
 */
static void a_day_that_has_begun_does_not_end_when_the_clocks_go_back_over_midnight(void **state)
{
    (void)state;
    struct plant *plant = plant_create();
    plant->roster.zone = (struct zone){
        .transition_count = 2,
        .transitions = {{INT64_MIN, 7200}, {at("2026-10-24T22:01:00Z"), 3600}},
    };
    plant->roster.day_start_s = 0;
    for (int i = 0; i < PLANT_SHIFTS; i++) {
        plant->shifts[i].start_s = 8 * 3600 * i;
    }
    static const struct shift_case cases[] = {
        {"2026-10-24T21:59:59Z", "2026-10-24", NIGHT_SHIFT},
        {"2026-10-24T22:00:00Z", "2026-10-25", DAY_SHIFT},
        {"2026-10-24T22:30:00Z", "2026-10-25", DAY_SHIFT},
        {"2026-10-24T23:30:00Z", "2026-10-25", DAY_SHIFT},
    };
    expect_shifts(plant, cases, ROWS(cases));
    plant_destroy(plant);
}

/* Every instant belongs to exactly the shift whose start and end are around it. */
static void every_instant_of_a_year_lies_in_the_shift_that_is_named(void **state)
{
    (void)state;
    struct plant *plants[] = {plant_create(), madrid_plant()};
    for (size_t p = 0; p < ROWS(plants); p++) {
        struct plant *plant = plants[p];
        for (int64_t ts_us = at("2026-01-01T00:00:00Z"); ts_us < at("2027-01-01T00:00:00Z");
             ts_us += 30 * MINUTE_US) {
            int32_t day = 0;
            shift_id shift = {77};
            roster_shift_at(&plant->roster, &plant->catalog, ts_us, &day, &shift);
            bool last = shift.index == NIGHT_SHIFT;
            shift_id next = {last ? DAY_SHIFT : (uint16_t)(shift.index + 1)};
            assert_true(roster_shift_start_us(&plant->roster, &plant->catalog, day, shift) <=
                        ts_us);
            assert_true(roster_shift_start_us(&plant->roster, &plant->catalog, day + last, next) >
                        ts_us);
        }
        plant_destroy(plant);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_demo_cycle_gives_the_published_crews),
        cmocka_unit_test(the_cycle_goes_on_without_end_both_ways),
        cmocka_unit_test(an_override_counts_for_its_day_and_shift_alone),
        cmocka_unit_test(a_slot_without_a_crew_is_a_hole_and_a_double_one_the_lowest_crew),
        cmocka_unit_test(shifts_start_on_the_wall_clock_and_night_belongs_to_the_day_before),
        cmocka_unit_test(edge_17_a_night_over_a_clock_change_lasts_seven_or_nine_hours),
        cmocka_unit_test(a_day_that_has_begun_does_not_end_when_the_clocks_go_back_over_midnight),
        cmocka_unit_test(every_instant_of_a_year_lies_in_the_shift_that_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
