/* Verdicts and who counts on whom. The life of alerts: test_alerts.c. */
#include "sharing.h"
#include "shop.h"

#define CREW_A shop_slot(0, 0, 0)
#define CREW_B shop_slot(0, 1, 1)
#define TONNE INT64_C(1000000)

static void over_means_over_by_one_scale_division(void **state)
{
    (void)state;
    static const struct {
        int64_t used;
        const char *verdict;
    } rows[] = {
        {0, "green"},   {80, "green"},  {89, "green"}, {90, "amber"},
        {100, "amber"}, {109, "amber"}, {110, "red"},  {1000, "red"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct shop *shop = shop_create();
        shop_quota(shop, 0, QUOTA_PER_HEAT, QUOTA_VIEW_OWNER, 80, 100)->of_crews = false;
        shop_start(shop);
        struct heat heat = shop_heat(1);
        shop_own(&heat, CREW_A);
        rules_heat(shop->rules, &heat);
        shop_post(shop, 0, 1, CREW_A, rows[i].used);
        char expected[128];
        (void)snprintf(expected, sizeof expected,
                       "q0 heat 1 %" PRId64 " of 80/100 %s owner 0/0/0 provisional\n", rows[i].used,
                       rows[i].verdict);
        assert_string_equal(shop_show(shop, NULL, 0), expected);
        shop_destroy(shop);
    }
}

static void an_allowance_of_zero_leaves_one_division_short(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_HEAT, QUOTA_VIEW_OWNER, 0, 0)->of_crews = false;
    shop_start(shop);
    struct heat heat = shop_heat(1);
    rules_heat(shop->rules, &heat);
    shop_post(shop, 0, 1, CREW_A, 9);
    assert_string_equal(shop_show(shop, NULL, 0), "q0 heat 1 9 of 0/0 green provisional\n");
    shop_post(shop, 0, 1, CREW_A, 1);
    assert_string_equal(shop_show(shop, NULL, 0), "q0 heat 1 10 of 0/0 red provisional\n");
    assert_string_equal(shop_judge(shop), "q0 heat 1 limit raised 10/0\n");
}

static void a_known_heat_shows_what_it_may_use_before_it_uses_anything(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_HEAT, QUOTA_VIEW_OWNER, 4, 4)->of_crews = false;
    shop_quota(shop, 1, QUOTA_PER_TONNE, QUOTA_VIEW_OWNER, 4, 5)->of_crews = false;
    shop_quota(shop, 2, QUOTA_PER_HEAT, QUOTA_VIEW_OWNER, 4, 4)->of_heats = false;
    shop_quota(shop, 3, QUOTA_PER_SHIFT, QUOTA_VIEW_CLOCK, 4, 4)->of_heats = true;
    shop_start(shop);
    struct heat heat = shop_heat(1);
    rules_heat(shop->rules, &heat);
    assert_string_equal(shop_show(shop, NULL, 0), "");
    heat.steel_g = 100 * TONNE;
    rules_heat(shop->rules, &heat);
    assert_string_equal(shop_show(shop, NULL, 0), "q0 heat 1 0 of 4/4 green provisional\n"
                                                  "q1 heat 1 0 of 400/500 green provisional\n");
}

static void an_unweighed_heat_has_no_verdict_and_keeps_its_use(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_TONNE, QUOTA_VIEW_OWNER, 1, 1);
    shop_start(shop);
    struct heat heat = shop_heat(1);
    rules_heat(shop->rules, &heat);
    shop_post(shop, 0, 1, CREW_A, 500);
    assert_string_equal(shop_judge(shop), "");
    assert_string_equal(shop_show(shop, NULL, 0), "q0 heat 1 500 of unknown provisional\n");
    shop_own(&heat, CREW_A);
    rules_heat(shop->rules, &heat);
    assert_string_equal(shop_judge(shop), "");
    assert_string_equal(shop_show(shop, NULL, 0),
                        "q0 heat 1 500 of unknown owner 0/0/0 provisional\n"
                        "q0 crew 0/0/0 0 of unknown provisional\n");
    heat.steel_g = 100 * TONNE;
    rules_heat(shop->rules, &heat);
    assert_string_equal(shop_show(shop, NULL, 0),
                        "q0 heat 1 500 of 100/100 red owner 0/0/0 provisional\n"
                        "q0 crew 0/0/0 500 of 100/100 red provisional\n");
    assert_string_equal(shop_judge(shop), "q0 heat 1 limit raised 500/100\n"
                                          "q0 crew 0/0/0 limit raised 500/100\n");
}

static void a_weight_correction_changes_the_allowance_of_heat_and_crew(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_TONNE, QUOTA_VIEW_OWNER, 1, 1);
    shop_start(shop);
    for (uint32_t i = 1; i <= 2; i++) {
        struct heat heat = shop_heat(i);
        heat.steel_g = 100 * TONNE;
        shop_own(&heat, CREW_A);
        rules_heat(shop->rules, &heat);
    }
    (void)shop_show(shop, NULL, 0);
    struct heat heat = shop_heat(2);
    heat.steel_g = 90 * TONNE;
    shop_own(&heat, CREW_A);
    rules_heat(shop->rules, &heat);
    assert_string_equal(shop_show(shop, NULL, 0),
                        "q0 heat 2 0 of 90/90 green owner 0/0/0 provisional\n"
                        "q0 crew 0/0/0 0 of 190/190 green provisional\n");
    heat.steel_g = -1;
    rules_heat(shop->rules, &heat);
    assert_string_equal(shop_show(shop, NULL, 0), "q0 heat 2 0 of unknown owner 0/0/0 provisional\n"
                                                  "q0 crew 0/0/0 0 of 100/100 green provisional\n");
}

static void crews_sum_the_floors_of_their_heats(void **state)
{
    struct shop *shop = *state;
    struct quota *quota = shop_quota(shop, 0, QUOTA_PER_TONNE, QUOTA_VIEW_OWNER, 1, 1);
    quota->of_heats = false;
    shop_start(shop);
    for (uint32_t i = 1; i <= 3; i++) {
        struct heat heat = shop_heat(i);
        heat.steel_g = 1 * TONNE + TONNE * 9 / 10; /* 1.9 is floored to 1, three times */
        shop_own(&heat, CREW_A);
        rules_heat(shop->rules, &heat);
    }
    assert_string_equal(shop_show(shop, NULL, 0), "q0 crew 0/0/0 0 of 3/3 green provisional\n");
}

static void a_new_owner_takes_use_and_allowance_along(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_HEAT, QUOTA_VIEW_OWNER, 40, 50)->of_heats = false;
    shop_quota(shop, 0, QUOTA_PER_HEAT, QUOTA_VIEW_CLOCK, 40, 50)->of_heats = false;
    shop_start(shop);
    struct heat heat = shop_heat(1);
    shop_own(&heat, CREW_A);
    rules_heat(shop->rules, &heat);
    shop_post(shop, 0, 1, CREW_A, 70);
    struct segment open = shop_segment(0, 1, CREW_A, 7);
    rules_open(shop->rules, (meter_id){0}, &open, 1);
    assert_string_equal(shop_judge(shop), "q0 crew 0/0/0 target raised 77/40\n"
                                          "q0 crew 0/0/0 limit raised 77/50\n"
                                          "q1 crew 0/0/0 target raised 77/40\n"
                                          "q1 crew 0/0/0 limit raised 77/50\n");
    (void)shop_show(shop, NULL, 0);
    shop_own(&heat, CREW_B);
    rules_heat(shop->rules, &heat);
    assert_string_equal(shop_judge(shop), "q0 crew 0/0/0 target cleared 0/0\n"
                                          "q0 crew 0/0/0 limit cleared 0/0\n"
                                          "q0 crew 0/1/1 target raised 77/40\n"
                                          "q0 crew 0/1/1 limit raised 77/50\n"
                                          "q1 crew 0/0/0 target cleared 77/0\n"
                                          "q1 crew 0/0/0 limit cleared 77/0\n");
    assert_string_equal(shop_show(shop, NULL, 0), "q0 crew 0/0/0 0 of unknown provisional\n"
                                                  "q0 crew 0/1/1 70 of 40/50 red provisional\n"
                                                  "q1 crew 0/0/0 70 of unknown provisional\n"
                                                  "q1 crew 0/1/1 0 of 40/50 green provisional\n");
}

static void idle_use_counts_on_shifts_and_in_the_clock_view_only(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_HEAT, QUOTA_VIEW_OWNER, 40, 50);
    shop_quota(shop, 0, QUOTA_PER_TONNE, QUOTA_VIEW_CLOCK, 40, 50);
    shop_quota(shop, 0, QUOTA_PER_SHIFT, QUOTA_VIEW_OWNER, 40, 50);
    shop_quota(shop, 0, QUOTA_PER_SHIFT, QUOTA_VIEW_CLOCK, 40, 50);
    shop_start(shop);
    shop_post(shop, 0, 0, CREW_A, 30);
    assert_string_equal(shop_show(shop, NULL, 0), "q1 crew 0/0/0 30 of unknown provisional\n"
                                                  "q2 crew 0/0/0 30 of 40/50 green provisional\n"
                                                  "q3 crew 0/0/0 30 of 40/50 green provisional\n");
}

static void a_shift_quota_counts_heats_of_the_owner_or_of_the_watch(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_SHIFT, QUOTA_VIEW_OWNER, 40, 50);
    shop_quota(shop, 0, QUOTA_PER_SHIFT, QUOTA_VIEW_CLOCK, 40, 50);
    shop_start(shop);
    struct heat heat = shop_heat(1);
    rules_heat(shop->rules, &heat);
    shop_post(shop, 0, 1, CREW_A, 30);
    assert_string_equal(shop_show(shop, NULL, 0), "q1 crew 0/0/0 30 of 40/50 green provisional\n");
    shop_own(&heat, CREW_B);
    rules_heat(shop->rules, &heat);
    assert_string_equal(shop_show(shop, NULL, 0), "q0 crew 0/1/1 30 of 40/50 green provisional\n"
                                                  "q1 crew 0/1/1 0 of 40/50 green provisional\n");
}

static void a_hole_in_the_roster_is_nobodys_balance(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_HEAT, QUOTA_VIEW_OWNER, 40, 50);
    shop_quota(shop, 0, QUOTA_PER_SHIFT, QUOTA_VIEW_CLOCK, 40, 50);
    shop_start(shop);
    struct crew_slot hole = shop_slot(0, 0, SHOP_NOBODY);
    struct heat heat = shop_heat(1);
    shop_own(&heat, hole);
    rules_heat(shop->rules, &heat);
    shop_post(shop, 0, 1, hole, 90);
    shop_post(shop, 0, 0, hole, 90);
    rules_slot_ended(shop->rules, hole);
    assert_string_equal(shop_show(shop, NULL, 0),
                        "q0 heat 1 90 of 40/50 red owner 0/0/65535 provisional\n");
    assert_string_equal(shop_judge(shop), "q0 heat 1 target raised 90/40\n"
                                          "q0 heat 1 limit raised 90/50\n");
}

static void a_quota_counts_its_item_stations_and_booking_meters_only(void **state)
{
    struct shop *shop = *state;
    struct quota *quota = shop_quota(shop, 0, QUOTA_PER_HEAT, QUOTA_VIEW_OWNER, 40, 50);
    quota->station_count = 1;
    quota->stations[0] = (station_id){1};
    shop->meters[0].station = (station_id){1};
    shop->meters[1] = (struct meter){.item = {0}, .station = {0}};
    shop->meters[2] = (struct meter){.item = {0}, .station = {1}, .role = METER_CHECK};
    shop->meters[3] = (struct meter){.item = {1}, .station = {1}};
    shop_start(shop);
    struct heat heat = shop_heat(1);
    rules_heat(shop->rules, &heat);
    for (uint32_t meter = 0; meter < 4; meter++) {
        assert_int_equal(rules_watch(shop->rules, (meter_id){meter}), meter == 0);
        shop_post(shop, meter, 1, CREW_A, 1 + meter * 10);
    }
    assert_string_equal(shop_show(shop, NULL, 0), "q0 heat 1 1 of 40/50 green provisional\n");
}

static void a_quota_counts_the_use_at_its_stations_of_a_meter_that_serves_several(void **state)
{
    struct shop *shop = *state;
    struct sharing sharing = {.rule_count = 1};
    sharing.rules[0] = (struct sharing_rule){
        .from_us = INT64_MIN,
        .method = SHARING_RATIO,
        .part_count = 2,
        .parts = {{.station = {0}, .weight = 5}, {.station = {1}, .weight = 3}}};
    struct quota *quota = shop_quota(shop, 0, QUOTA_PER_HEAT, QUOTA_VIEW_OWNER, 40, 50);
    quota->station_count = 1;
    quota->stations[0] = (station_id){1};
    shop->meters[0].sharing = &sharing;
    shop_start(shop);
    assert_true(rules_watch(shop->rules, (meter_id){0}));
    struct heat heat = shop_heat(1);
    rules_heat(shop->rules, &heat);
    for (uint16_t station = 0; station < 2; station++) {
        struct segment use = shop_segment(0, 1, CREW_A, 30 + station);
        use.station.index = station;
        rules_post(shop->rules, &use);
    }
    assert_string_equal(shop_show(shop, NULL, 0), "q0 heat 1 31 of 40/50 green provisional\n");
}

static void reversals_take_back_what_they_reverse(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_HEAT, QUOTA_VIEW_OWNER, 40, 50);
    shop_start(shop);
    struct heat heat = shop_heat(1);
    shop_own(&heat, CREW_B);
    rules_heat(shop->rules, &heat);
    shop_post(shop, 0, 1, CREW_A, 120);
    shop_post(shop, 0, 1, CREW_A, -120);
    shop_post(shop, 0, 1, CREW_A, 20);
    assert_string_equal(shop_show(shop, NULL, 0),
                        "q0 heat 1 20 of 40/50 green owner 0/1/1 provisional\n"
                        "q0 crew 0/1/1 20 of 40/50 green provisional\n");
    assert_string_equal(shop_judge(shop), "");
}

static void a_crew_is_provisional_until_its_shift_and_all_its_heats_have_ended(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_HEAT, QUOTA_VIEW_OWNER, 40, 50)->of_heats = false;
    shop_start(shop);
    struct heat heats[2] = {shop_heat(1), shop_heat(2)};
    for (size_t i = 0; i < 2; i++) {
        shop_own(&heats[i], CREW_A);
        rules_heat(shop->rules, &heats[i]);
    }
    assert_string_equal(shop_show(shop, NULL, 0), "q0 crew 0/0/0 0 of 80/100 green provisional\n");
    heats[0].ended_us = 5;
    rules_heat(shop->rules, &heats[0]);
    rules_slot_ended(shop->rules, CREW_A);
    assert_string_equal(shop_show(shop, NULL, 0), "");
    heats[1].ended_us = 6;
    rules_heat(shop->rules, &heats[1]);
    assert_string_equal(shop_show(shop, NULL, 0), "q0 crew 0/0/0 0 of 80/100 green\n");
    heats[1].ended_us = TIMESTAMP_NEVER_US;
    rules_heat(shop->rules, &heats[1]);
    assert_string_equal(shop_show(shop, NULL, 0), "q0 crew 0/0/0 0 of 80/100 green provisional\n");
}

static void showing_adds_what_is_open_to_what_is_booked_and_never_judges(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_HEAT, QUOTA_VIEW_OWNER, 40, 50);
    shop_start(shop);
    struct heat heat = shop_heat(1);
    shop_own(&heat, CREW_A);
    rules_heat(shop->rules, &heat);
    shop_post(shop, 0, 1, CREW_A, 20);
    struct segment judged = shop_segment(0, 1, CREW_A, 5);
    rules_open(shop->rules, (meter_id){0}, &judged, 1);
    struct segment shown[2] = {shop_segment(0, 1, CREW_A, 70), shop_segment(8, 1, CREW_A, 1)};
    assert_string_equal(shop_show(shop, shown, 2),
                        "q0 heat 1 91 of 40/50 red owner 0/0/0 provisional\n"
                        "q0 crew 0/0/0 91 of 40/50 red provisional\n");
    assert_string_equal(shop_judge(shop), "");
    assert_string_equal(shop_show(shop, shown, 2), "");
    assert_string_equal(shop_show(shop, NULL, 0),
                        "q0 heat 1 20 of 40/50 green owner 0/0/0 provisional\n"
                        "q0 crew 0/0/0 20 of 40/50 green provisional\n");
    assert_string_equal(shop_show(shop, NULL, 0), "");
}

/* How often it is shown must leave no trace: else a restart would tell. */
static void a_balance_that_only_what_is_open_made_goes_with_it(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_HEAT, QUOTA_VIEW_OWNER, 40, 50)->of_crews = false;
    shop_start(shop);
    struct heat heat = shop_heat(1);
    rules_heat(shop->rules, &heat);
    struct segment shown = shop_segment(0, 1, CREW_A, 7);
    assert_string_equal(shop_show(shop, &shown, 1), "q0 heat 1 7 of 40/50 green provisional\n");
    assert_string_equal(shop_show(shop, NULL, 0), "q0 heat 1 0 of 40/50 green provisional gone\n");
    assert_string_equal(shop_show(shop, NULL, 0), "");
    assert_string_equal(shop_show(shop, &shown, 1), "q0 heat 1 7 of 40/50 green provisional\n");
    shop_post(shop, 0, 1, CREW_A, 7);
    assert_string_equal(shop_show(shop, NULL, 0), "");
    shop_post(shop, 0, 1, CREW_A, -7);
    assert_string_equal(shop_show(shop, NULL, 0), "q0 heat 1 0 of 40/50 green provisional\n");
}

static void allowances_beyond_the_range_saturate(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_TONNE, QUOTA_VIEW_OWNER, 1, 1)->of_heats = false;
    shop->quotas[0].rate_e9[QUOTA_TARGET] = INT64_MAX;
    shop->quotas[0].rate_e9[QUOTA_LIMIT] = INT64_MAX;
    shop->items[0].decimals = 9;
    shop_start(shop);
    struct heat heats[3] = {shop_heat(1), shop_heat(2), shop_heat(3)};
    for (size_t i = 0; i < 3; i++) {
        heats[i].steel_g = 300 * TONNE;
        shop_own(&heats[i], CREW_A);
        rules_heat(shop->rules, &heats[i]);
    }
    static const char most[] =
        "q0 crew 0/0/0 0 of 9223372036854775807/9223372036854775807 green provisional\n";
    assert_string_equal(shop_show(shop, NULL, 0), most);
    for (size_t i = 0; i < 2; i++) {
        shop_own(&heats[i], CREW_B);
        rules_heat(shop->rules, &heats[i]);
    }
    heats[2].steel_g = 1;
    rules_heat(shop->rules, &heats[2]);
    assert_string_equal(
        shop_show(shop, NULL, 0),
        "q0 crew 0/0/0 0 of 9223372036854/9223372036854 green provisional\n"
        "q0 crew 0/1/1 0 of 9223372036854775807/9223372036854775807 green provisional\n");
}

#define BEHAVES(test) cmocka_unit_test_setup_teardown(test, shop_set_up, shop_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BEHAVES(over_means_over_by_one_scale_division),
        BEHAVES(an_allowance_of_zero_leaves_one_division_short),
        BEHAVES(a_known_heat_shows_what_it_may_use_before_it_uses_anything),
        BEHAVES(an_unweighed_heat_has_no_verdict_and_keeps_its_use),
        BEHAVES(a_weight_correction_changes_the_allowance_of_heat_and_crew),
        BEHAVES(crews_sum_the_floors_of_their_heats),
        BEHAVES(a_new_owner_takes_use_and_allowance_along),
        BEHAVES(idle_use_counts_on_shifts_and_in_the_clock_view_only),
        BEHAVES(a_shift_quota_counts_heats_of_the_owner_or_of_the_watch),
        BEHAVES(a_hole_in_the_roster_is_nobodys_balance),
        BEHAVES(a_quota_counts_its_item_stations_and_booking_meters_only),
        BEHAVES(a_quota_counts_the_use_at_its_stations_of_a_meter_that_serves_several),
        BEHAVES(reversals_take_back_what_they_reverse),
        BEHAVES(a_crew_is_provisional_until_its_shift_and_all_its_heats_have_ended),
        BEHAVES(showing_adds_what_is_open_to_what_is_booked_and_never_judges),
        BEHAVES(a_balance_that_only_what_is_open_made_goes_with_it),
        BEHAVES(allowances_beyond_the_range_saturate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
