/* The life of an alert: raised once, cleared with hysteresis, closed with its heat or shift. */
#include "shop.h"

#define CREW_A shop_slot(0, 0, 0)
#define CREW_B shop_slot(0, 1, 1)
#define TONNE INT64_C(1000000)

/* One quota of 80/100 a heat, with a division of 10, and heat 1. */
static struct heat start_with_heat(struct shop *shop)
{
    shop_quota(shop, 0, QUOTA_PER_HEAT, QUOTA_VIEW_OWNER, 80, 100)->of_crews = false;
    shop_start(shop);
    struct heat heat = shop_heat(1);
    rules_heat(shop->rules, &heat);
    return heat;
}

static void end(struct shop *shop, struct heat *heat)
{
    heat->ended_us = 1;
    rules_heat(shop->rules, heat);
}

static void edge_30_an_alert_is_raised_once_cleared_with_hysteresis_and_raised_again(void **state)
{
    struct shop *shop = *state;
    (void)start_with_heat(shop);
    static const struct {
        int64_t amount;
        const char *said;
    } steps[] = {
        {89, ""},                               /* 89 */
        {1, "q0 heat 1 target raised 90/80\n"}, /* 90 */
        {5, ""},                                /* 95 */
        {-5, ""},                               /* 90 */
        {-19, ""},                              /* 71: under, but not by a division */
        {20, ""},                               /* 91: still the same alert */
        {-21, "q0 heat 1 target cleared 70/80\n"},
        {19, ""}, /* 89 */
        {1, "q0 heat 1 target raised 90/80\n"},
        {19, ""}, /* 109 */
        {1, "q0 heat 1 limit raised 110/100\n"},
        {-19, ""}, /* 91 */
        {-1, "q0 heat 1 limit cleared 90/100\n"},
        {-90, "q0 heat 1 target cleared 0/80\n"},
        {200, "q0 heat 1 target raised 200/80\nq0 heat 1 limit raised 200/100\n"},
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        shop_post(shop, 0, 1, CREW_A, steps[i].amount);
        assert_string_equal(shop_judge(shop), steps[i].said);
        assert_string_equal(shop_judge(shop), "");
    }
}

static void equal_rates_have_the_level_limit_alone(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_HEAT, QUOTA_VIEW_OWNER, 4, 4)->of_crews = false;
    shop->items[0].division_base = 1;
    shop_start(shop);
    struct heat heat = shop_heat(1);
    rules_heat(shop->rules, &heat);
    shop_post(shop, 0, 1, CREW_A, 4);
    assert_string_equal(shop_judge(shop), "");
    shop_post(shop, 0, 1, CREW_A, 1);
    assert_string_equal(shop_judge(shop), "q0 heat 1 limit raised 5/4\n");
    end(shop, &heat);
    assert_string_equal(shop_judge(shop), "q0 heat 1 limit closed 5/4\n");
}

static void open_use_raises_and_booking_it_says_nothing_more(void **state)
{
    struct shop *shop = *state;
    (void)start_with_heat(shop);
    struct segment open = shop_segment(0, 1, CREW_A, 90);
    rules_open(shop->rules, (meter_id){0}, &open, 1);
    assert_string_equal(shop_judge(shop), "q0 heat 1 target raised 90/80\n");
    rules_post(shop->rules, &open);
    rules_open(shop->rules, (meter_id){0}, NULL, 0);
    assert_string_equal(shop_judge(shop), "");
    rules_open(shop->rules, (meter_id){0}, NULL, 0);
    shop_post(shop, 0, 1, CREW_A, -90);
    assert_string_equal(shop_judge(shop), "q0 heat 1 target cleared 0/80\n");
}

static void the_end_of_its_heat_closes_an_alert_raised_or_cleared(void **state)
{
    struct shop *shop = *state;
    struct heat heat = start_with_heat(shop);
    shop_post(shop, 0, 1, CREW_A, 120);
    (void)shop_judge(shop);
    shop_post(shop, 0, 1, CREW_A, -30);
    assert_string_equal(shop_judge(shop), "q0 heat 1 limit cleared 90/100\n");
    end(shop, &heat);
    assert_string_equal(shop_judge(shop), "q0 heat 1 target closed 90/80\n"
                                          "q0 heat 1 limit closed 90/100\n");
    assert_string_equal(shop_judge(shop), "");
}

static void what_comes_with_the_end_is_raised_and_closed_but_not_retro(void **state)
{
    struct shop *shop = *state;
    struct heat heat = start_with_heat(shop);
    shop_post(shop, 0, 1, CREW_A, 95);
    end(shop, &heat);
    assert_string_equal(shop_judge(shop), "q0 heat 1 target raised 95/80\n"
                                          "q0 heat 1 target closed 95/80\n");
}

static void edge_32_what_changes_after_the_end_is_retro_and_closed_again(void **state)
{
    struct shop *shop = *state;
    struct heat heat = start_with_heat(shop);
    end(shop, &heat);
    assert_string_equal(shop_judge(shop), "");
    shop_post(shop, 0, 1, CREW_A, 95);
    assert_string_equal(shop_judge(shop), "q0 heat 1 target raised 95/80 retro\n"
                                          "q0 heat 1 target closed 95/80 retro\n");
    shop_post(shop, 0, 1, CREW_A, 20);
    assert_string_equal(shop_judge(shop), "q0 heat 1 limit raised 115/100 retro\n"
                                          "q0 heat 1 limit closed 115/100 retro\n");
    shop_post(shop, 0, 1, CREW_A, -115);
    assert_string_equal(shop_judge(shop), "q0 heat 1 target cleared 0/80 retro\n"
                                          "q0 heat 1 target closed 0/80 retro\n"
                                          "q0 heat 1 limit cleared 0/100 retro\n"
                                          "q0 heat 1 limit closed 0/100 retro\n");
}

static void a_heat_that_goes_on_after_its_end_is_live_again(void **state)
{
    struct shop *shop = *state;
    struct heat heat = start_with_heat(shop);
    shop_post(shop, 0, 1, CREW_A, 95);
    end(shop, &heat);
    (void)shop_judge(shop);
    heat.ended_us = TIMESTAMP_NEVER_US;
    rules_heat(shop->rules, &heat);
    shop_post(shop, 0, 1, CREW_A, 15);
    assert_string_equal(shop_judge(shop), "q0 heat 1 limit raised 110/100\n");
    end(shop, &heat);
    assert_string_equal(shop_judge(shop), "q0 heat 1 limit closed 110/100\n");
}

static void a_crew_alert_closes_when_its_shift_and_its_heats_have_ended(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_HEAT, QUOTA_VIEW_OWNER, 80, 100)->of_heats = false;
    shop_start(shop);
    struct heat heat = shop_heat(1);
    shop_own(&heat, CREW_A);
    rules_heat(shop->rules, &heat);
    shop_post(shop, 0, 1, CREW_A, 95);
    assert_string_equal(shop_judge(shop), "q0 crew 0/0/0 target raised 95/80\n");
    rules_slot_ended(shop->rules, CREW_A);
    assert_string_equal(shop_judge(shop), "");
    end(shop, &heat);
    assert_string_equal(shop_judge(shop), "q0 crew 0/0/0 target closed 95/80\n");
    shop_post(shop, 0, 1, CREW_B, 25);
    assert_string_equal(shop_judge(shop), "q0 crew 0/0/0 limit raised 120/100 retro\n"
                                          "q0 crew 0/0/0 limit closed 120/100 retro\n");
    struct heat late = shop_heat(2);
    shop_own(&late, CREW_A);
    rules_heat(shop->rules, &late);
    assert_string_equal(shop_judge(shop), "q0 crew 0/0/0 target cleared 120/160\n"
                                          "q0 crew 0/0/0 limit cleared 120/200\n");
    end(shop, &late);
    assert_string_equal(shop_judge(shop), "q0 crew 0/0/0 target closed 120/160\n"
                                          "q0 crew 0/0/0 limit closed 120/200\n");
}

static void a_shift_without_heats_closes_with_its_end(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_SHIFT, QUOTA_VIEW_CLOCK, 80, 100);
    shop_start(shop);
    shop_post(shop, 0, 0, CREW_A, 90);
    assert_string_equal(shop_judge(shop), "q0 crew 0/0/0 target raised 90/80\n");
    rules_slot_ended(shop->rules, CREW_A);
    assert_string_equal(shop_judge(shop), "q0 crew 0/0/0 target closed 90/80\n");
    rules_slot_ended(shop->rules, CREW_A);
    assert_string_equal(shop_judge(shop), "");
    rules_slot_ended(shop->rules, CREW_B);
    assert_string_equal(shop_judge(shop), "");
    shop_post(shop, 0, 0, CREW_B, 90);
    assert_string_equal(shop_judge(shop), "q0 crew 0/1/1 target raised 90/80 retro\n"
                                          "q0 crew 0/1/1 target closed 90/80 retro\n");
}

static void a_late_weight_raises_what_it_makes_sure(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_TONNE, QUOTA_VIEW_OWNER, 1, 1)->of_crews = false;
    shop_start(shop);
    struct heat heat = shop_heat(1);
    rules_heat(shop->rules, &heat);
    shop_post(shop, 0, 1, CREW_A, 111);
    end(shop, &heat);
    assert_string_equal(shop_judge(shop), "");
    heat.steel_g = 100 * TONNE;
    rules_heat(shop->rules, &heat);
    assert_string_equal(shop_judge(shop), "q0 heat 1 limit raised 111/100 retro\n"
                                          "q0 heat 1 limit closed 111/100 retro\n");
    heat.steel_g = -1;
    rules_heat(shop->rules, &heat);
    assert_string_equal(shop_judge(shop), "q0 heat 1 limit cleared 111/0 retro\n"
                                          "q0 heat 1 limit closed 111/0 retro\n");
}

static void the_order_is_quota_scope_heat_or_slot_level_whatever_came_first(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_HEAT, QUOTA_VIEW_OWNER, 0, 10);
    shop_quota(shop, 1, QUOTA_PER_HEAT, QUOTA_VIEW_OWNER, 10, 10);
    shop_start(shop);
    struct crew_slot slots[4] = {shop_slot(-1, 2, 3), shop_slot(5, 0, 1), shop_slot(5, 1, 0),
                                 shop_slot(5, 1, 2)};
    for (uint32_t number = 4; number >= 1; number--) {
        struct heat heat = shop_heat(number);
        shop_own(&heat, slots[(number * 3) % 4]);
        rules_heat(shop->rules, &heat);
        shop_post(shop, 1, number, CREW_A, 20);
        shop_post(shop, 0, number, CREW_A, number % 2 == 0 ? 15 : 20);
    }
    assert_string_equal(shop_judge(shop), "q0 heat 1 target raised 20/0\n"
                                          "q0 heat 1 limit raised 20/10\n"
                                          "q0 heat 2 target raised 15/0\n"
                                          "q0 heat 3 target raised 20/0\n"
                                          "q0 heat 3 limit raised 20/10\n"
                                          "q0 heat 4 target raised 15/0\n"
                                          "q0 crew -1/2/3 target raised 15/0\n"
                                          "q0 crew 5/0/1 target raised 20/0\n"
                                          "q0 crew 5/0/1 limit raised 20/10\n"
                                          "q0 crew 5/1/0 target raised 15/0\n"
                                          "q0 crew 5/1/2 target raised 20/0\n"
                                          "q0 crew 5/1/2 limit raised 20/10\n"
                                          "q1 heat 1 limit raised 20/10\n"
                                          "q1 heat 2 limit raised 20/10\n"
                                          "q1 heat 3 limit raised 20/10\n"
                                          "q1 heat 4 limit raised 20/10\n"
                                          "q1 crew -1/2/3 limit raised 20/10\n"
                                          "q1 crew 5/0/1 limit raised 20/10\n"
                                          "q1 crew 5/1/0 limit raised 20/10\n"
                                          "q1 crew 5/1/2 limit raised 20/10\n");
}

static void keep_last(void *context, const struct alert_transition *transition)
{
    *(struct alert_transition *)context = *transition;
}

static void a_heat_alert_names_the_owner_where_there_is_one(void **state)
{
    struct shop *shop = *state;
    struct heat heat = start_with_heat(shop);
    struct alert_transition transition = {0};
    shop_post(shop, 0, 1, CREW_A, 90);
    rules_judge(shop->rules, 7, keep_last, &transition);
    assert_false(transition.slot_known);
    shop_own(&heat, CREW_B);
    rules_heat(shop->rules, &heat);
    shop_post(shop, 0, 1, CREW_A, 90);
    rules_judge(shop->rules, 8, keep_last, &transition);
    assert_true(transition.slot_known);
    assert_true(crew_slot_equal(transition.slot, CREW_B));
    assert_int_equal(transition.level, ALERT_LIMIT);
    assert_int_equal(transition.at_us, 8);
}

#define BEHAVES(test) cmocka_unit_test_setup_teardown(test, shop_set_up, shop_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BEHAVES(edge_30_an_alert_is_raised_once_cleared_with_hysteresis_and_raised_again),
        BEHAVES(equal_rates_have_the_level_limit_alone),
        BEHAVES(open_use_raises_and_booking_it_says_nothing_more),
        BEHAVES(the_end_of_its_heat_closes_an_alert_raised_or_cleared),
        BEHAVES(what_comes_with_the_end_is_raised_and_closed_but_not_retro),
        BEHAVES(edge_32_what_changes_after_the_end_is_retro_and_closed_again),
        BEHAVES(a_heat_that_goes_on_after_its_end_is_live_again),
        BEHAVES(a_crew_alert_closes_when_its_shift_and_its_heats_have_ended),
        BEHAVES(a_shift_without_heats_closes_with_its_end),
        BEHAVES(a_late_weight_raises_what_it_makes_sure),
        BEHAVES(the_order_is_quota_scope_heat_or_slot_level_whatever_came_first),
        BEHAVES(a_heat_alert_names_the_owner_where_there_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
