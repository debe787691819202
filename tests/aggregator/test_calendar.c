/* The calendar: who is really on duty, from the roster and the takeovers. */
#include "calendar.h"
#include "plant_fixture.h"

/* On 2026-03-10 (day 0): night until 08:00 D, day A, middle B, night C. */
struct takeover_row {
    const char *ts; /* time of day on day 0 */
    uint16_t crew;
};

static enum outcome take_over(struct calendar *calendar, const struct takeover_row *row)
{
    int64_t from_us = 0;
    int64_t to_us = 0;
    return calendar_takeover(calendar, clock_at(row->ts), (crew_id){row->crew}, &from_us, &to_us);
}

static void check_duty(struct calendar *calendar, const char *time_of_day, uint16_t shift,
                       uint16_t crew)
{
    struct duty duty = calendar_duty_at(calendar, clock_at(time_of_day));
    if (duty.slot.shift.index != shift || duty.slot.crew.index != crew) {
        fail_msg("%s: shift %d, crew %d; wanted shift %d, crew %d", time_of_day,
                 duty.slot.shift.index, duty.slot.crew.index, shift, crew);
    }
    assert_true(duty.start_us <= clock_at(time_of_day) && clock_at(time_of_day) < duty.end_us);
}

static void duty_is_half_open_at_shift_changes(void **state)
{
    (void)state;
    struct plant *plant = plant_create();
    struct calendar *calendar = calendar_create(&plant->roster, &plant->catalog);
    check_duty(calendar, "07:59:59.999999", NIGHT_SHIFT, CREW_D);
    check_duty(calendar, "08:00:00", DAY_SHIFT, CREW_A);
    check_duty(calendar, "15:59:59.999999", DAY_SHIFT, CREW_A);
    check_duty(calendar, "16:00:00", MIDDLE_SHIFT, CREW_B);
    struct duty duty = calendar_duty_at(calendar, clock_at("12:00:00"));
    assert_true(duty.start_us == clock_at("08:00:00") && duty.end_us == clock_at("16:00:00"));
    assert_int_equal(duty.slot.day, day_at("2026-03-10"));
    assert_int_equal(calendar_duty_at(calendar, clock_at("07:00:00")).slot.day,
                     day_at("2026-03-09"));
    calendar_destroy(calendar);
    plant_destroy(plant);
}

/* What takeovers do, each row a plant of its own: entered in order, asked at five times. */
struct takeover_case {
    const char *what;
    struct takeover_row takeovers[3];
    struct {
        const char *ts;
        uint16_t shift, crew;
    } duties[6];
};

static const struct takeover_case takeover_cases[] = {
    {"early: the change moves forward",
     {{"15:48:00", CREW_B}},
     {{"15:47:59", DAY_SHIFT, CREW_A},
      {"15:48:00", MIDDLE_SHIFT, CREW_B},
      {"16:00:00", MIDDLE_SHIFT, CREW_B},
      {"23:59:59", MIDDLE_SHIFT, CREW_B}}},
    {"late: the crew before stays on in its own shift",
     {{"16:20:00", CREW_B}},
     {{"15:59:59", DAY_SHIFT, CREW_A},
      {"16:19:59", DAY_SHIFT, CREW_A},
      {"16:20:00", MIDDLE_SHIFT, CREW_B}}},
    {"repeated: the earliest counts",
     {{"16:20:00", CREW_B}, {"15:50:00", CREW_B}, {"16:05:00", CREW_B}},
     {{"15:49:59", DAY_SHIFT, CREW_A},
      {"15:50:00", MIDDLE_SHIFT, CREW_B},
      {"16:20:00", MIDDLE_SHIFT, CREW_B}}},
    {"swapped: another crew takes the shift until it ends",
     {{"16:00:00", CREW_D}},
     {{"15:59:59", DAY_SHIFT, CREW_A},
      {"16:00:00", MIDDLE_SHIFT, CREW_D},
      {"23:59:59", MIDDLE_SHIFT, CREW_D}}},
    {"within the shift: another crew until the shift ends",
     {{"10:00:00", CREW_C}},
     {{"09:59:59", DAY_SHIFT, CREW_A},
      {"10:00:00", DAY_SHIFT, CREW_C},
      {"15:59:59", DAY_SHIFT, CREW_C},
      {"16:00:00", MIDDLE_SHIFT, CREW_B}}},
    {"and back again",
     {{"10:00:00", CREW_C}, {"12:30:00", CREW_A}},
     {{"10:00:00", DAY_SHIFT, CREW_C},
      {"12:29:59", DAY_SHIFT, CREW_C},
      {"12:30:00", DAY_SHIFT, CREW_A},
      {"15:59:59", DAY_SHIFT, CREW_A}}},
    {"exactly half a shift early is no early takeover: it replaces",
     {{"12:00:00", CREW_B}},
     {{"11:59:59", DAY_SHIFT, CREW_A},
      {"12:00:00", DAY_SHIFT, CREW_B},
      {"15:59:59", DAY_SHIFT, CREW_B},
      {"16:00:00", MIDDLE_SHIFT, CREW_B}}},
    {"just less than half a shift early moves the change",
     {{"12:00:00.000001", CREW_B}},
     {{"12:00:00", DAY_SHIFT, CREW_A}, {"12:00:01", MIDDLE_SHIFT, CREW_B}}},
    {"just less than half a shift late moves the change",
     {{"19:59:59.999999", CREW_B}},
     {{"19:59:59", DAY_SHIFT, CREW_A}, {"20:00:00", MIDDLE_SHIFT, CREW_B}}},
    {"half a shift late changes nothing: the rostered crew was there",
     {{"20:00:00", CREW_B}},
     {{"16:00:00", MIDDLE_SHIFT, CREW_B}, {"20:00:00", MIDDLE_SHIFT, CREW_B}}},
    {"a replaced crew's late successor ends the replacement",
     {{"14:00:00", CREW_D}, {"16:20:00", CREW_B}},
     {{"13:59:59", DAY_SHIFT, CREW_A},
      {"14:00:00", DAY_SHIFT, CREW_D},
      {"16:10:00", DAY_SHIFT, CREW_D},
      {"16:20:00", MIDDLE_SHIFT, CREW_B}}},
    {"another crew after an early change replaces the new crew",
     {{"15:30:00", CREW_B}, {"15:40:00", CREW_C}},
     {{"15:29:59", DAY_SHIFT, CREW_A},
      {"15:30:00", MIDDLE_SHIFT, CREW_B},
      {"15:40:00", MIDDLE_SHIFT, CREW_C},
      {"23:59:59", MIDDLE_SHIFT, CREW_C}}},
};

static void edge_18_takeovers_move_a_change_or_replace_the_crew(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(takeover_cases); i++) {
        const struct takeover_case *row = &takeover_cases[i];
        print_message("%s\n", row->what);
        struct plant *plant = plant_create();
        struct calendar *calendar = calendar_create(&plant->roster, &plant->catalog);
        for (size_t t = 0; t < ROWS(row->takeovers) && row->takeovers[t].ts != NULL; t++) {
            take_over(calendar, &row->takeovers[t]);
        }
        for (size_t d = 0; d < ROWS(row->duties) && row->duties[d].ts != NULL; d++) {
            check_duty(calendar, row->duties[d].ts, row->duties[d].shift, row->duties[d].crew);
        }
        check_duty(calendar, "07:30:00", NIGHT_SHIFT, CREW_D);
        calendar_destroy(calendar);
        plant_destroy(plant);
    }
}

static void the_same_takeover_again_is_a_duplicate(void **state)
{
    (void)state;
    struct plant *plant = plant_create();
    struct calendar *calendar = calendar_create(&plant->roster, &plant->catalog);
    assert_int_equal(take_over(calendar, &(struct takeover_row){"15:48:00", CREW_B}),
                     OUTCOME_ACCEPTED);
    assert_int_equal(take_over(calendar, &(struct takeover_row){"15:48:00", CREW_B}),
                     OUTCOME_DUPLICATE);
    assert_int_equal(take_over(calendar, &(struct takeover_row){"17:00:00", CREW_B}),
                     OUTCOME_NO_EFFECT);
    assert_int_equal(take_over(calendar, &(struct takeover_row){"17:00:00", CREW_B}),
                     OUTCOME_DUPLICATE);
    assert_int_equal(take_over(calendar, &(struct takeover_row){"08:00:00", CREW_A}),
                     OUTCOME_NO_EFFECT);
    calendar_destroy(calendar);
    plant_destroy(plant);
}

/* A takes day and middle: the change of shift stays where it is, and both are A's. */
static void a_double_shift_of_one_crew_keeps_its_change(void **state)
{
    (void)state;
    struct plant *plant = plant_create();
    plant_override(plant, day_at("2026-03-10"), MIDDLE_SHIFT, CREW_A);
    struct calendar *calendar = calendar_create(&plant->roster, &plant->catalog);
    assert_int_equal(take_over(calendar, &(struct takeover_row){"15:45:00", CREW_A}),
                     OUTCOME_NO_EFFECT);
    check_duty(calendar, "15:59:59", DAY_SHIFT, CREW_A);
    check_duty(calendar, "16:00:00", MIDDLE_SHIFT, CREW_A);
    assert_true(calendar_duty_at(calendar, clock_at("15:50:00")).end_us == clock_at("16:00:00"));
    calendar_destroy(calendar);
    plant_destroy(plant);
}

static void edge_18_a_hole_is_nobody_s_until_a_takeover_fills_it(void **state)
{
    (void)state;
    struct plant *plant = plant_create();
    plant_override(plant, day_at("2026-03-10"), MIDDLE_SHIFT, CATALOG_NONE);
    struct calendar *calendar = calendar_create(&plant->roster, &plant->catalog);
    check_duty(calendar, "15:59:59", DAY_SHIFT, CREW_A);
    check_duty(calendar, "16:00:00", MIDDLE_SHIFT, CATALOG_NONE);
    take_over(calendar, &(struct takeover_row){"18:00:00", CREW_D});
    check_duty(calendar, "17:59:59", MIDDLE_SHIFT, CATALOG_NONE);
    check_duty(calendar, "18:00:00", MIDDLE_SHIFT, CREW_D);
    calendar_destroy(calendar);
    plant_destroy(plant);
}

static void a_shift_is_known_by_day_and_name_as_takeovers_moved_it(void **state)
{
    (void)state;
    struct plant *plant = plant_create();
    struct calendar *calendar = calendar_create(&plant->roster, &plant->catalog);
    take_over(calendar, &(struct takeover_row){"08:10:00", CREW_A});
    take_over(calendar, &(struct takeover_row){"15:50:00", CREW_B});
    take_over(calendar, &(struct takeover_row){"12:00:00", CREW_C});
    struct duty shift = calendar_shift(calendar, day_at("2026-03-10"), (shift_id){DAY_SHIFT});
    assert_true(shift.start_us == clock_at("08:10:00") && shift.end_us == clock_at("15:50:00"));
    assert_int_equal(shift.slot.crew.index, CREW_A);
    static const char *const inside[] = {"08:10:00", "12:30:00", "15:49:59.999999"};
    for (size_t i = 0; i < ROWS(inside); i++) {
        struct duty same = calendar_shift_at(calendar, clock_at(inside[i]));
        assert_true(same.start_us == shift.start_us && same.end_us == shift.end_us);
        assert_true(crew_slot_equal(same.slot, shift.slot));
    }
    assert_int_equal(calendar_shift_at(calendar, clock_at("08:05:00")).slot.shift.index,
                     NIGHT_SHIFT);
    assert_int_equal(calendar_shift_at(calendar, clock_at("15:50:00")).slot.shift.index,
                     MIDDLE_SHIFT);
    calendar_destroy(calendar);
    plant_destroy(plant);
}

#define DAYS 3
#define MINUTES (DAYS * 24 * 60)

/* Who is on duty in every minute of three days, and whether the duties fit together. */
static void duties_of(struct calendar *calendar, struct crew_slot slots[MINUTES])
{
    int64_t begin_us = at("2026-03-09T12:00:00+08:00");
    for (int i = 0; i < MINUTES; i++) {
        int64_t ts_us = begin_us + i * MINUTE_US;
        struct duty duty = calendar_duty_at(calendar, ts_us);
        slots[i] = duty.slot;
        assert_true(duty.start_us <= ts_us && ts_us < duty.end_us);
    }
}

/* The window that a takeover reports holds every minute that changed. */
static void take_over_and_check_window(struct calendar *calendar, int64_t ts_us, crew_id crew,
                                       struct crew_slot slots[MINUTES])
{
    struct crew_slot before[MINUTES];
    memcpy(before, slots, sizeof before);
    int64_t from_us = INT64_MAX;
    int64_t to_us = INT64_MIN;
    enum outcome outcome = calendar_takeover(calendar, ts_us, crew, &from_us, &to_us);
    duties_of(calendar, slots);
    bool any = false;
    for (int i = 0; i < MINUTES; i++) {
        int64_t minute_us = at("2026-03-09T12:00:00+08:00") + i * MINUTE_US;
        if (!crew_slot_equal(before[i], slots[i])) {
            any = true;
            assert_int_equal(outcome, OUTCOME_ACCEPTED);
            assert_true(from_us <= minute_us && minute_us < to_us);
        }
    }
    assert_int_equal(outcome == OUTCOME_ACCEPTED, any);
}

static void the_order_in_which_takeovers_arrive_does_not_matter(void **state)
{
    (void)state;
    uint64_t seed = 7;
    for (int round = 0; round < 12; round++) {
        size_t count = 3 + (size_t)(round % 3);
        int64_t times_us[5];
        crew_id crews[5];
        for (size_t i = 0; i < count; i++) {
            seed = seed * 6364136223846793005U + 1442695040888963407U;
            /* Times close to each other and to a change, some of them equal. */
            times_us[i] = clock_at("07:00:00") + (int64_t)((seed >> 33) % 80) * 15 * MINUTE_US;
            crews[i].index = (uint16_t)((seed >> 50) % PLANT_CREWS);
        }
        struct plant *plant = plant_create();
        struct crew_slot first[MINUTES];
        struct crew_slot slots[MINUTES];
        bool have_first = false;
        struct permutation order = permutation_first(count);
        do {
            struct calendar *calendar = calendar_create(&plant->roster, &plant->catalog);
            duties_of(calendar, slots);
            for (size_t i = 0; i < count; i++) {
                take_over_and_check_window(calendar, times_us[order.order[i]],
                                           crews[order.order[i]], slots);
            }
            if (!have_first) {
                memcpy(first, slots, sizeof first);
                have_first = true;
            }
            for (int i = 0; i < MINUTES; i++) {
                assert_true(crew_slot_equal(first[i], slots[i]));
            }
            calendar_destroy(calendar);
        } while (permutation_next(&order));
        plant_destroy(plant);
    }
}

/* ---- Corrections of the roster ---- */

struct correction_row {
    const char *entered; /* time of day on day 1 */
    uint16_t shift, crew;
    const char *by;
};

static enum outcome correct(struct calendar *calendar, const struct correction_row *row,
                            int64_t *from_us, int64_t *to_us)
{
    const struct roster_correction correction = {
        .day = day_at("2026-03-10"),
        .shift = {row->shift},
        .crew = {row->crew},
        .ts_us = clock_at(row->entered) + 24 * 60 * MINUTE_US,
        .by = row->by,
    };
    return calendar_correct(calendar, &correction, from_us, to_us);
}

static void edge_19_a_corrected_shift_is_another_crew_s_and_tells_its_window(void **state)
{
    (void)state;
    struct plant *plant = plant_create();
    struct calendar *calendar = calendar_create(&plant->roster, &plant->catalog);
    int64_t from_us = 0;
    int64_t to_us = 0;
    struct correction_row row = {"09:00:00", DAY_SHIFT, CREW_D, "leader-a"};
    assert_int_equal(correct(calendar, &row, &from_us, &to_us), OUTCOME_ACCEPTED);
    assert_true(from_us == clock_at("08:00:00") && to_us == clock_at("16:00:00"));
    check_duty(calendar, "07:59:59", NIGHT_SHIFT, CREW_D);
    check_duty(calendar, "08:00:00", DAY_SHIFT, CREW_D);
    check_duty(calendar, "15:59:59", DAY_SHIFT, CREW_D);
    check_duty(calendar, "16:00:00", MIDDLE_SHIFT, CREW_B);
    assert_int_equal(correct(calendar, &row, &from_us, &to_us), OUTCOME_DUPLICATE);
    row = (struct correction_row){"09:05:00", DAY_SHIFT, CATALOG_NONE, "leader-a"};
    assert_int_equal(correct(calendar, &row, &from_us, &to_us), OUTCOME_ACCEPTED);
    check_duty(calendar, "12:00:00", DAY_SHIFT, CATALOG_NONE);
    calendar_destroy(calendar);
    plant_destroy(plant);
}

/* B's takeover at 15:48 moved the change; then it turns out that D was meant to come: B replaces A
 * in A's own shift, which ends at 16:00. */
static void edge_19_takeovers_count_from_the_corrected_roster(void **state)
{
    (void)state;
    struct plant *plant = plant_create();
    struct calendar *calendar = calendar_create(&plant->roster, &plant->catalog);
    int64_t from_us = 0;
    int64_t to_us = 0;
    take_over(calendar, &(struct takeover_row){"15:48:00", CREW_B});
    check_duty(calendar, "15:50:00", MIDDLE_SHIFT, CREW_B);
    struct correction_row row = {"09:00:00", MIDDLE_SHIFT, CREW_D, "leader-a"};
    assert_int_equal(correct(calendar, &row, &from_us, &to_us), OUTCOME_ACCEPTED);
    assert_true(from_us == clock_at("15:48:00"));
    check_duty(calendar, "15:50:00", DAY_SHIFT, CREW_B);
    check_duty(calendar, "16:00:00", MIDDLE_SHIFT, CREW_D);
    calendar_destroy(calendar);
    plant_destroy(plant);
}

static void edge_19_the_order_in_which_corrections_arrive_does_not_matter(void **state)
{
    (void)state;
    static const struct correction_row rows[] = {
        {"09:00:00", DAY_SHIFT, CREW_D, "leader-a"}, {"09:10:00", DAY_SHIFT, CREW_B, "leader-a"},
        {"09:10:00", DAY_SHIFT, CREW_C, "foreman"},  {"09:05:00", MIDDLE_SHIFT, CREW_A, "foreman"},
        {"09:10:00", DAY_SHIFT, CREW_A, "leader-a"},
    };
    struct permutation order = permutation_first(ROWS(rows));
    do {
        struct plant *plant = plant_create();
        struct calendar *calendar = calendar_create(&plant->roster, &plant->catalog);
        for (size_t i = 0; i < ROWS(rows); i++) {
            int64_t from_us = 0;
            int64_t to_us = 0;
            correct(calendar, &rows[order.order[i]], &from_us, &to_us);
            if (i == 1) {
                take_over(calendar, &(struct takeover_row){"15:30:00", CREW_C});
            }
        }
        /* of 09:10 "leader-a" sorts behind "foreman", and B is the higher of its two crews */
        check_duty(calendar, "12:00:00", DAY_SHIFT, CREW_B);
        check_duty(calendar, "15:30:00", DAY_SHIFT, CREW_C);
        check_duty(calendar, "16:00:00", MIDDLE_SHIFT, CREW_A);
        calendar_destroy(calendar);
        plant_destroy(plant);
    } while (permutation_next(&order));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(duty_is_half_open_at_shift_changes),
        cmocka_unit_test(edge_18_takeovers_move_a_change_or_replace_the_crew),
        cmocka_unit_test(the_same_takeover_again_is_a_duplicate),
        cmocka_unit_test(a_double_shift_of_one_crew_keeps_its_change),
        cmocka_unit_test(edge_18_a_hole_is_nobody_s_until_a_takeover_fills_it),
        cmocka_unit_test(a_shift_is_known_by_day_and_name_as_takeovers_moved_it),
        cmocka_unit_test(the_order_in_which_takeovers_arrive_does_not_matter),
        cmocka_unit_test(edge_19_a_corrected_shift_is_another_crew_s_and_tells_its_window),
        cmocka_unit_test(edge_19_takeovers_count_from_the_corrected_roster),
        cmocka_unit_test(edge_19_the_order_in_which_corrections_arrive_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
