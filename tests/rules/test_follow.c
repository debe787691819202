/* Another configuration within the life of a ledger: what is on the accounts stays, new quotas and
 * quotas that are gone count whole shifts. */
#include "shop.h"

#define BEFORE shop_slot(100, 0, 0)
#define BEHIND shop_slot(100, 1, 1)
#define AT_US INT64_C(1000)

/* The quotas stand elsewhere now. */
static struct quota *follow(struct shop *shop)
{
    struct quota *quotas = calloc(SHOP_QUOTAS, sizeof *quotas);
    memcpy(quotas, shop->quotas, sizeof shop->quotas);
    rules_follow(shop->rules, quotas, shop->quota_count);
    memset(shop->quotas, 0xff, sizeof shop->quotas); /* nobody looks at the former ones */
    return quotas;
}

static void edge_35_open_use_is_said_again_and_nobody_is_called_twice(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_SHIFT, QUOTA_VIEW_CLOCK, 50, 100);
    shop_start(shop);
    struct segment open = shop_segment(0, 0, BEFORE, 60);
    shop_post(shop, 0, 0, BEFORE, 30);
    rules_open(shop->rules, (meter_id){0}, &open, 1);
    assert_string_equal(shop_judge(shop), "q0 crew 100/0/0 target raised 90/50\n");
    struct quota *quotas = follow(shop);
    rules_open(shop->rules, (meter_id){0}, &open, 1);
    assert_string_equal(shop_judge(shop), "");
    open.amount_base = 90;
    rules_open(shop->rules, (meter_id){0}, &open, 1);
    assert_string_equal(shop_judge(shop), "q0 crew 100/0/0 limit raised 120/100\n");
    free(quotas);
}

static void edge_35_a_new_quota_counts_from_its_first_shift_on(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_SHIFT, QUOTA_VIEW_CLOCK, 500, 500);
    shop_start(shop);
    shop_post(shop, 0, 0, BEFORE, 30);
    struct quota *fresh = shop_quota(shop, 0, QUOTA_PER_SHIFT, QUOTA_VIEW_CLOCK, 50, 50);
    fresh->from = (struct quota_bound){100, {1}};
    struct quota *quotas = follow(shop);
    shop_post(shop, 0, 0, BEFORE, -30);
    shop_post(shop, 0, 0, BEFORE, 20);
    shop_post(shop, 0, 0, BEHIND, 70);
    assert_string_equal(shop_judge(shop), "q1 crew 100/1/1 limit raised 70/50\n");
    assert_string_equal(shop_show(shop, NULL, 0),
                        "q0 crew 100/0/0 20 of 500/500 green provisional\n"
                        "q0 crew 100/1/1 70 of 500/500 green provisional\n"
                        "q1 crew 100/1/1 70 of 50/50 red provisional\n");
    free(quotas);
}

static void edge_35_a_quota_that_is_gone_counts_what_comes_late_for_its_shifts(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_HEAT, QUOTA_VIEW_OWNER, 50, 50);
    shop_start(shop);
    struct heat first = shop_heat(1);
    shop_own(&first, BEFORE);
    rules_heat(shop->rules, &first);
    shop_post(shop, 0, 1, BEFORE, 30);
    shop->quotas[0].retired = true;
    shop->quotas[0].until = (struct quota_bound){100, {1}};
    struct quota *quotas = follow(shop);
    struct heat second = shop_heat(2);
    shop_own(&second, BEHIND);
    rules_heat(shop->rules, &second);
    shop_post(shop, 0, 2, BEHIND, 70);
    shop_post(shop, 0, 1, BEFORE, 40);
    assert_string_equal(shop_judge(shop), "q0 heat 1 limit raised 70/50\n"
                                          "q0 crew 100/0/0 limit raised 70/50\n");
    assert_string_equal(shop_show(shop, NULL, 0),
                        "q0 heat 1 70 of 50/50 red owner 100/0/0 provisional\n"
                        "q0 crew 100/0/0 70 of 50/50 red provisional\n");
    free(quotas);
}

/* A quota that came, and one that went, with the shift behind: q1 and q0. Per heat, owner view. */
static struct quota *follow_one_for_the_other(struct shop *shop)
{
    struct quota *fresh = shop_quota(shop, 0, QUOTA_PER_HEAT, QUOTA_VIEW_OWNER, 50, 50);
    fresh->from = (struct quota_bound){BEHIND.day, BEHIND.shift};
    shop->quotas[0].retired = true;
    shop->quotas[0].until = fresh->from;
    return follow(shop);
}

static void edge_35_a_heat_across_the_change_counts_whole_where_its_owner_does(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_HEAT, QUOTA_VIEW_OWNER, 50, 50);
    shop_start(shop);
    struct heat heat = shop_heat(1);
    rules_heat(shop->rules, &heat);
    shop_post(shop, 0, 1, BEFORE, 40);
    struct quota *quotas = follow_one_for_the_other(shop);
    assert_string_equal(shop_show(shop, NULL, 0), "q0 heat 1 40 of 50/50 green provisional\n");
    struct segment behind = shop_segment(0, 1, BEHIND, 30);
    behind.start_us = behind.end_us = 1;
    rules_post(shop->rules, &behind);
    assert_string_equal(shop_judge(shop), "q0 heat 1 limit raised 70/50\n");
    shop_own(&heat, BEHIND);
    rules_heat(shop->rules, &heat);
    assert_string_equal(shop_judge(shop), "q0 heat 1 limit cleared 70/0\n"
                                          "q1 heat 1 limit raised 70/50\n"
                                          "q1 crew 100/1/1 limit raised 70/50\n");
    assert_string_equal(shop_show(shop, NULL, 0),
                        "q0 heat 1 70 of unknown owner 100/1/1 provisional gone\n"
                        "q1 heat 1 70 of 50/50 red owner 100/1/1 provisional\n"
                        "q1 crew 100/1/1 70 of 50/50 red provisional\n");
    shop_own(&heat, BEFORE);
    rules_heat(shop->rules, &heat);
    assert_string_equal(shop_judge(shop), "q0 heat 1 limit raised 70/50\n"
                                          "q0 crew 100/0/0 limit raised 70/50\n"
                                          "q1 heat 1 limit cleared 70/0\n"
                                          "q1 crew 100/1/1 limit cleared 0/0\n");
    free(quotas);
}

static void edge_35_a_heat_that_nobody_owns_counts_by_its_first_use(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_HEAT, QUOTA_VIEW_OWNER, 50, 50);
    shop_start(shop);
    struct heat heat = shop_heat(1);
    rules_heat(shop->rules, &heat);
    struct quota *quotas = follow_one_for_the_other(shop);
    struct segment open = shop_segment(0, 1, BEHIND, 0);
    open.start_us = open.end_us = 10;
    assert_int_equal(rules_open(shop->rules, (meter_id){0}, &open, 1), 60); /* 50 and a division */
    open.amount_base = 70;
    rules_open(shop->rules, (meter_id){0}, &open, 1);
    assert_string_equal(shop_judge(shop), "q1 heat 1 limit raised 70/50\n");
    shop_post(shop, 0, 1, BEFORE, 5);
    meter_id asked;
    assert_true(rules_ask(shop->rules, &asked));
    rules_open(shop->rules, (meter_id){0}, &open, 1);
    assert_string_equal(shop_judge(shop), "q0 heat 1 limit raised 75/50\n"
                                          "q1 heat 1 limit cleared 75/0\n");
    shop_post(shop, 0, 1, BEFORE, -5);
    assert_string_equal(shop_judge(shop), "q0 heat 1 limit cleared 70/0\n"
                                          "q1 heat 1 limit raised 70/50\n");
    free(quotas);
}

static void edge_35_what_began_before_is_judged_by_the_former_rates(void **state)
{
    struct shop *shop = *state;
    struct quota *quota = shop_quota(shop, 0, QUOTA_PER_HEAT, QUOTA_VIEW_OWNER, 50, 50);
    quota->of_crews = false;
    shop_start(shop);
    struct heat unstarted = shop_heat(1);
    unstarted.first_start_us = TIMESTAMP_NEVER_US;
    rules_heat(shop->rules, &unstarted);
    shop_post(shop, 0, 1, BEFORE, 30);
    quota->version_count = 1;
    quota->versions[0] = (struct quota_version){
        .from_us = AT_US, .rate_e9 = {INT64_C(10000000000), INT64_C(10000000000)}};
    struct quota *quotas = follow(shop);
    struct segment late = shop_segment(0, 1, BEHIND, 5);
    late.start_us = late.end_us = AT_US + 5;
    rules_post(shop->rules, &late);
    struct heat second = shop_heat(2);
    second.first_start_us = AT_US + 7;
    rules_heat(shop->rules, &second);
    shop_post(shop, 0, 2, BEHIND, 30);
    assert_string_equal(shop_judge(shop), "q0 heat 2 limit raised 30/10\n");
    assert_string_equal(shop_show(shop, NULL, 0), "q0 heat 1 35 of 50/50 green provisional\n"
                                                  "q0 heat 2 30 of 10/10 red provisional\n");
    free(quotas);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(edge_35_open_use_is_said_again_and_nobody_is_called_twice,
                                        shop_set_up, shop_tear_down),
        cmocka_unit_test_setup_teardown(edge_35_a_new_quota_counts_from_its_first_shift_on,
                                        shop_set_up, shop_tear_down),
        cmocka_unit_test_setup_teardown(
            edge_35_a_quota_that_is_gone_counts_what_comes_late_for_its_shifts, shop_set_up,
            shop_tear_down),
        cmocka_unit_test_setup_teardown(
            edge_35_a_heat_across_the_change_counts_whole_where_its_owner_does, shop_set_up,
            shop_tear_down),
        cmocka_unit_test_setup_teardown(edge_35_a_heat_that_nobody_owns_counts_by_its_first_use,
                                        shop_set_up, shop_tear_down),
        cmocka_unit_test_setup_teardown(edge_35_what_began_before_is_judged_by_the_former_rates,
                                        shop_set_up, shop_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
