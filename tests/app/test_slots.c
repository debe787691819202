/* The crew-shifts that exist, as takeovers and corrections of the roster leave them. */
#include "plant_fixture.h"
#include "slots.h"

struct seen {
    int calls;
    struct slot_times times[4];
    bool gone[4];
};

static void take_note(void *context, const struct slot_times *times, bool gone)
{
    struct seen *seen = context;
    assert_true(seen->calls < 4);
    seen->times[seen->calls] = *times;
    seen->gone[seen->calls++] = gone;
}

static struct crew_slot slot_of(uint16_t shift, uint16_t crew)
{
    return (struct crew_slot){day_at("2026-03-10"), {shift}, {crew}};
}

static void edge_19_a_crew_that_was_not_there_after_all_has_no_crew_shift(void **state)
{
    (void)state;
    struct plant *plant = plant_create();
    struct calendar *calendar = calendar_create(&plant->roster, &plant->catalog);
    struct slots *slots = slots_create(calendar);
    struct slot_times times;
    struct seen seen = {0};
    int64_t from_us = 0;
    int64_t to_us = 0;
    assert_true(slots_note(slots, slot_of(DAY_SHIFT, CREW_A), clock_at("08:00:00"), &times));
    assert_true(slots_pop_ended(slots, clock_at("16:00:00"), &times));
    struct roster_correction correction = {.day = day_at("2026-03-10"),
                                           .shift = {DAY_SHIFT},
                                           .crew = {CREW_D},
                                           .ts_us = clock_at("17:00:00"),
                                           .by = "leader-a"};
    assert_int_equal(calendar_correct(calendar, &correction, &from_us, &to_us), OUTCOME_ACCEPTED);
    slots_refresh(slots, from_us, to_us, take_note, &seen);
    assert_int_equal(seen.calls, 1);
    assert_true(seen.gone[0] && crew_slot_equal(seen.times[0].slot, slot_of(DAY_SHIFT, CREW_A)));
    /* and there again: the correction was wrong */
    correction.crew.index = CREW_A;
    correction.ts_us++;
    assert_int_equal(calendar_correct(calendar, &correction, &from_us, &to_us), OUTCOME_ACCEPTED);
    slots_refresh(slots, from_us, to_us, take_note, &seen);
    assert_int_equal(seen.calls, 2);
    assert_true(!seen.gone[1] && seen.times[1].end_us == clock_at("16:00:00"));
    slots_destroy(slots);
    calendar_destroy(calendar);
    plant_destroy(plant);
}

static void edge_18_a_takeover_told_after_the_shift_moves_its_ends(void **state)
{
    (void)state;
    struct plant *plant = plant_create();
    struct calendar *calendar = calendar_create(&plant->roster, &plant->catalog);
    struct slots *slots = slots_create(calendar);
    struct slot_times times;
    struct seen seen = {0};
    int64_t from_us = 0;
    int64_t to_us = 0;
    slots_note(slots, slot_of(DAY_SHIFT, CREW_A), clock_at("08:00:00"), &times);
    slots_note(slots, slot_of(MIDDLE_SHIFT, CREW_B), clock_at("17:00:00"), &times);
    assert_true(slots_pop_ended(slots, clock_at("16:00:00"), &times));
    assert_int_equal(
        calendar_takeover(calendar, clock_at("15:48:00"), (crew_id){CREW_B}, &from_us, &to_us),
        OUTCOME_ACCEPTED);
    slots_refresh(slots, from_us, to_us, take_note, &seen);
    assert_int_equal(seen.calls, 2);
    assert_true(seen.times[0].end_us == clock_at("15:48:00") && !seen.gone[0]);
    assert_true(seen.times[1].start_us == clock_at("15:48:00") && !seen.gone[1]);
    slots_destroy(slots);
    calendar_destroy(calendar);
    plant_destroy(plant);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edge_19_a_crew_that_was_not_there_after_all_has_no_crew_shift),
        cmocka_unit_test(edge_18_a_takeover_told_after_the_shift_moves_its_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
