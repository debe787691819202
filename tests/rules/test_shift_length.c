/* EDGE_CASES 17: a shift in which the clocks change has 7 or 9 hours, and what it is allowed goes
 * by its hours. */
#include "shop.h"

#define CREW_A shop_slot(0, 0, 0)
#define CREW_B shop_slot(0, 1, 1)
#define HOURS(n) ((n)*TIMESTAMP_HOUR_US)

static void edge_17_a_shift_of_seven_hours_is_allowed_seven_eighths(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_SHIFT, QUOTA_VIEW_CLOCK, 790, 801);
    shop_start(shop);
    rules_slot_length(shop->rules, CREW_A, HOURS(7), HOURS(8));
    shop_post(shop, 0, 0, CREW_A, 1);
    shop_post(shop, 0, 0, CREW_B, 1);
    /* 691.25 and 700.875, floored */
    assert_string_equal(shop_show(shop, NULL, 0), "q0 crew 0/0/0 1 of 691/700 green provisional\n"
                                                  "q0 crew 0/1/1 1 of 790/801 green provisional\n");
}

static void edge_17_a_shift_of_nine_hours_is_allowed_nine_eighths(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_SHIFT, QUOTA_VIEW_CLOCK, 790, 801);
    shop_start(shop);
    rules_slot_length(shop->rules, CREW_A, HOURS(9), HOURS(8));
    shop_post(shop, 0, 0, CREW_A, 850);
    assert_string_equal(shop_show(shop, NULL, 0),
                        "q0 crew 0/0/0 850 of 888/901 green provisional\n");
}

static void edge_17_a_length_that_is_heard_late_is_judged(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_SHIFT, QUOTA_VIEW_CLOCK, 800, 800);
    shop_start(shop);
    shop_post(shop, 0, 0, CREW_A, 750);
    assert_string_equal(shop_judge(shop), "");
    rules_slot_length(shop->rules, CREW_A, HOURS(7), HOURS(8));
    assert_non_null(strstr(shop_judge(shop), "raised"));
}

static void edge_17_a_rate_a_heat_or_a_tonne_has_nothing_to_do_with_hours(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_HEAT, QUOTA_VIEW_OWNER, 40, 50);
    shop_start(shop);
    rules_slot_length(shop->rules, CREW_A, HOURS(7), HOURS(8));
    struct heat heat = shop_heat(1);
    shop_own(&heat, CREW_A);
    rules_heat(shop->rules, &heat);
    assert_non_null(strstr(shop_show(shop, NULL, 0), "0 of 40/50"));
}

static void edge_17_nobody_on_duty_has_no_allowance_to_scale(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_SHIFT, QUOTA_VIEW_CLOCK, 800, 800);
    shop_start(shop);
    rules_slot_length(shop->rules, shop_slot(0, 0, SHOP_NOBODY), HOURS(7), HOURS(8));
    assert_string_equal(shop_show(shop, NULL, 0), "");
}

#define BEHAVES(test) cmocka_unit_test_setup_teardown(test, shop_set_up, shop_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BEHAVES(edge_17_a_shift_of_seven_hours_is_allowed_seven_eighths),
        BEHAVES(edge_17_a_shift_of_nine_hours_is_allowed_nine_eighths),
        BEHAVES(edge_17_a_length_that_is_heard_late_is_judged),
        BEHAVES(edge_17_a_rate_a_heat_or_a_tonne_has_nothing_to_do_with_hours),
        BEHAVES(edge_17_nobody_on_duty_has_no_allowance_to_scale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
