/* The timeline of a station: who is there when. */
#include "plant_fixture.h"
#include "stays.h"

static struct heat_stay stay(uint32_t heat, uint32_t visit, int64_t start_us, int64_t end_us)
{
    return (struct heat_stay){{heat}, {LF}, visit, start_us, end_us};
}

static void a_stay_is_half_open(void **state)
{
    (void)state;
    struct stays stays = {0};
    struct heat_stay one = stay(1, 1, 100, 200);
    heat_no heats[4];
    stays_add(&stays, &one);
    assert_int_equal(stays_alive(&stays, 99, heats, 4), 0);
    assert_int_equal(stays_alive(&stays, 100, heats, 4), 1);
    assert_int_equal(heats[0].value, 1);
    assert_int_equal(stays_alive(&stays, 199, heats, 4), 1);
    assert_int_equal(stays_alive(&stays, 200, heats, 4), 0);
    stays_clear(&stays);
}

static void a_visit_that_goes_on_is_no_arrival(void **state)
{
    (void)state;
    struct stays stays = {0};
    struct heat_stay stay_list[] = {stay(1, 1, 100, 150), stay(2, 1, 120, 130),
                                    stay(1, 1, 150, 200), /* cut by a move */
                                    stay(1, 2, 200, 300), /* comes again at once */
                                    stay(2, 2, 250, 260)};
    for (size_t i = 0; i < sizeof stay_list / sizeof *stay_list; i++) {
        stays_add(&stays, &stay_list[i]);
    }
    const bool goes_on[] = {false, false, true, false, false};
    for (size_t i = 0; i < stays.count; i++) {
        assert_int_equal(stays_goes_on(&stays, i), goes_on[i]);
    }
    stays_clear(&stays);
}

static void the_next_bound_lies_strictly_behind(void **state)
{
    (void)state;
    struct stays stays = {0};
    struct heat_stay one = stay(1, 1, 100, 200);
    struct heat_stay open = stay(2, 1, 150, TIMESTAMP_NEVER_US);
    assert_true(stays_next_us(&stays, 0) == TIMESTAMP_NEVER_US);
    stays_add(&stays, &one);
    stays_add(&stays, &open);
    assert_int_equal(stays_next_us(&stays, 0), 100);
    assert_int_equal(stays_next_us(&stays, 99), 100);
    assert_int_equal(stays_next_us(&stays, 100), 150);
    assert_int_equal(stays_next_us(&stays, 150), 200);
    assert_true(stays_next_us(&stays, 200) == TIMESTAMP_NEVER_US);
    stays_clear(&stays);
}

static void at_most_as_many_as_asked_for_are_written(void **state)
{
    (void)state;
    struct stays stays = {0};
    for (uint32_t heat = 1; heat <= 6; heat++) {
        struct heat_stay one = stay(heat, 1, heat * 10, 1000);
        stays_add(&stays, &one);
    }
    heat_no heats[4] = {{0}};
    assert_int_equal(stays_alive(&stays, 500, heats, 3), 3);
    assert_int_equal(heats[0].value, 6);
    assert_int_equal(heats[3].value, 0);
    stays_clear(&stays);
}

static void a_long_stay_is_found_behind_many_short_ones(void **state)
{
    (void)state;
    struct stays stays = {0};
    struct heat_stay longest = stay(999, 1, 5, 100000);
    stays_add(&stays, &longest);
    for (uint32_t heat = 1; heat <= 100; heat++) {
        struct heat_stay one = stay(heat, 1, heat * 10, heat * 10 + 5);
        stays_add(&stays, &one);
    }
    heat_no heats[4];
    assert_int_equal(stays_alive(&stays, 2000, heats, 4), 1);
    assert_int_equal(heats[0].value, 999);
    assert_int_equal(stays_alive(&stays, 1002, heats, 4), 2);
    stays_remove(&stays, &longest);
    assert_int_equal(stays_alive(&stays, 2000, heats, 4), 0);
    assert_int_equal(stays_alive(&stays, 1002, heats, 4), 1);
    stays_clear(&stays);
}

static void visits_and_heats_with_the_same_start_are_told_apart(void **state)
{
    (void)state;
    struct stays stays = {0};
    struct heat_stay rows[] = {stay(1, 1, 10, 20), stay(2, 1, 10, 30), stay(3, 1, 10, 40),
                               stay(1, 2, 20, 50)};
    for (size_t i = 0; i < ROWS(rows); i++) {
        stays_add(&stays, &rows[i]);
    }
    stays_remove(&stays, &rows[1]);
    heat_no heats[4];
    assert_int_equal(stays_alive(&stays, 25, heats, 4), 2);
    assert_int_equal(heats[0].value, 1);
    assert_int_equal(heats[1].value, 3);
    assert_int_equal(stays_next_us(&stays, 20), 40);
    stays_remove(&stays, &rows[0]);
    assert_int_equal(stays_next_us(&stays, 10), 20);
    assert_int_equal(stays_alive(&stays, 15, heats, 4), 1);
    stays_clear(&stays);
}

/* Against a plain list, through many random additions and removals. */
static void it_agrees_with_a_plain_list(void **state)
{
    (void)state;
    enum { MANY = 60 };
    struct heat_stay all[MANY];
    bool there[MANY] = {false};
    struct stays stays = {0};
    uint64_t seed = 42;
    for (uint32_t i = 0; i < MANY; i++) {
        seed = seed * 6364136223846793005U + 1442695040888963407U;
        int64_t start_us = (int64_t)((seed >> 33) % 50);
        int64_t length_us = 1 + (int64_t)((seed >> 50) % 20);
        all[i] = stay(1 + i / 3, 1 + i % 3, start_us,
                      i % 7 == 0 ? TIMESTAMP_NEVER_US : start_us + length_us);
    }
    for (int step = 0; step < 1500; step++) {
        seed = seed * 6364136223846793005U + 1442695040888963407U;
        uint32_t i = (uint32_t)((seed >> 33) % MANY);
        there[i] ? stays_remove(&stays, &all[i]) : stays_add(&stays, &all[i]);
        there[i] = !there[i];
        int64_t asked_us = (int64_t)((seed >> 45) % 75);
        size_t alive = 0;
        int64_t next_us = TIMESTAMP_NEVER_US;
        for (uint32_t k = 0; k < MANY; k++) {
            if (there[k]) {
                alive += all[k].start_us <= asked_us && asked_us < all[k].end_us;
                int64_t bounds_us[] = {all[k].start_us, all[k].end_us};
                for (size_t b = 0; b < 2; b++) {
                    next_us =
                        bounds_us[b] > asked_us && bounds_us[b] < next_us ? bounds_us[b] : next_us;
                }
            }
        }
        heat_no heats[MANY];
        assert_int_equal(stays_alive(&stays, asked_us, heats, MANY), alive);
        assert_true(stays_next_us(&stays, asked_us) == next_us);
    }
    stays_clear(&stays);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stay_is_half_open),
        cmocka_unit_test(a_visit_that_goes_on_is_no_arrival),
        cmocka_unit_test(the_next_bound_lies_strictly_behind),
        cmocka_unit_test(at_most_as_many_as_asked_for_are_written),
        cmocka_unit_test(a_long_stay_is_found_behind_many_short_ones),
        cmocka_unit_test(visits_and_heats_with_the_same_start_are_told_apart),
        cmocka_unit_test(it_agrees_with_a_plain_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
