/* A quota that is revised: what began before the revision is judged by the old rates. */
#include "shop.h"

#define CREW_A shop_slot(0, 0, 0)
#define CREW_B shop_slot(0, 1, 1)
#define NOON 1000
#define RATE(units) ((units)*INT64_C(1000000000))

static void revise(struct quota *quota, int64_t from_us, int64_t target, int64_t limit)
{
    assert_true(quota->version_count < QUOTA_VERSIONS_MAX);
    quota->versions[quota->version_count++] =
        (struct quota_version){.from_us = from_us, .rate_e9 = {RATE(target), RATE(limit)}};
}

/* 80/100 a heat, from noon on 40/50. */
static struct quota *revised_heats(struct shop *shop)
{
    struct quota *quota = shop_quota(shop, 0, QUOTA_PER_HEAT, QUOTA_VIEW_OWNER, 80, 100);
    revise(quota, NOON, 40, 50);
    return quota;
}

static struct heat heat_from(uint32_t number, int64_t start_us)
{
    struct heat heat = shop_heat(number);
    heat.first_start_us = start_us;
    return heat;
}

static void edge_29_the_rates_in_force_begin_with_their_version(void **state)
{
    struct shop *shop = *state;
    struct quota *quota = revised_heats(shop);
    revise(quota, NOON + 10, 60, 60);
    static const struct {
        int64_t at_us, target;
    } rows[] = {{INT64_MIN, 80}, {NOON - 1, 80},  {NOON, 40},
                {NOON + 9, 40},  {NOON + 10, 60}, {INT64_MAX, 60}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(quota_rates_e9(quota, rows[i].at_us)[QUOTA_TARGET], RATE(rows[i].target));
    }
}

static void edge_29_a_heat_is_judged_by_the_version_of_its_first_start(void **state)
{
    struct shop *shop = *state;
    revised_heats(shop)->of_crews = false;
    shop_start(shop);
    struct heat before = heat_from(1, NOON - 1);
    struct heat behind = heat_from(2, NOON);
    rules_heat(shop->rules, &before);
    rules_heat(shop->rules, &behind);
    shop_post(shop, 0, 1, CREW_A, 60);
    shop_post(shop, 0, 2, CREW_A, 60);
    assert_string_equal(shop_judge(shop), "q0 heat 2 target raised 60/40\n"
                                          "q0 heat 2 limit raised 60/50\n");
}

static void edge_29_a_crew_shift_is_allowed_what_each_of_its_heats_is(void **state)
{
    struct shop *shop = *state;
    revised_heats(shop)->of_heats = false;
    shop_start(shop);
    struct heat before = heat_from(1, NOON - 1);
    struct heat behind = heat_from(2, NOON);
    shop_own(&before, CREW_A);
    shop_own(&behind, CREW_A);
    rules_heat(shop->rules, &before);
    rules_heat(shop->rules, &behind);
    shop_post(shop, 0, 1, CREW_A, 1);
    assert_string_equal(shop_show(shop, NULL, 0), "q0 crew 0/0/0 1 of 120/150 green provisional\n");
}

static void edge_29_a_start_told_later_judges_again_once(void **state)
{
    struct shop *shop = *state;
    revised_heats(shop)->of_crews = false;
    shop_start(shop);
    struct heat heat = heat_from(1, NOON + 5);
    rules_heat(shop->rules, &heat);
    shop_post(shop, 0, 1, CREW_A, 60);
    (void)shop_judge(shop);
    heat.first_start_us = NOON - 5;
    rules_heat(shop->rules, &heat);
    assert_string_equal(shop_judge(shop), "q0 heat 1 target cleared 60/80\n"
                                          "q0 heat 1 limit cleared 60/100\n");
    rules_heat(shop->rules, &heat);
    assert_string_equal(shop_judge(shop), "");
}

static void post_at(struct shop *shop, uint32_t meter, int64_t start_us, int64_t amount_base)
{
    struct segment segment = shop_segment(meter, 1, CREW_A, amount_base);
    segment.start_us = segment.end_us = start_us;
    rules_post(shop->rules, &segment);
}

static void edge_29_a_heat_without_a_start_is_judged_by_its_first_use(void **state)
{
    struct shop *shop = *state;
    revised_heats(shop)->of_crews = false;
    shop->meters[1].item.index = 0;
    shop_start(shop);
    struct heat heat = heat_from(1, TIMESTAMP_NEVER_US);
    rules_heat(shop->rules, &heat);
    post_at(shop, 0, NOON, 60);
    assert_string_equal(shop_judge(shop), "q0 heat 1 target raised 60/40\n"
                                          "q0 heat 1 limit raised 60/50\n");
    post_at(shop, 1, NOON - 1, 5);
    assert_string_equal(shop_judge(shop), "q0 heat 1 target cleared 65/80\n"
                                          "q0 heat 1 limit cleared 65/100\n");
    post_at(shop, 1, NOON - 1, -5); /* taken back: as if it had never been */
    assert_string_equal(shop_judge(shop), "q0 heat 1 target raised 60/40\n"
                                          "q0 heat 1 limit raised 60/50\n");
}

static void edge_29_a_shift_is_judged_by_the_version_of_its_start(void **state)
{
    struct shop *shop = *state;
    revise(shop_quota(shop, 0, QUOTA_PER_SHIFT, QUOTA_VIEW_CLOCK, 80, 100), NOON, 40, 50);
    shop_start(shop);
    rules_slot_start(shop->rules, CREW_A, NOON - 1);
    rules_slot_start(shop->rules, CREW_B, NOON);
    shop_post(shop, 0, 0, CREW_A, 60);
    shop_post(shop, 0, 0, CREW_B, 60);
    assert_string_equal(shop_judge(shop), "q0 crew 0/1/1 target raised 60/40\n"
                                          "q0 crew 0/1/1 limit raised 60/50\n");
}

static void edge_29_a_version_may_make_two_levels_of_one(void **state)
{
    struct shop *shop = *state;
    struct quota *quota = shop_quota(shop, 0, QUOTA_PER_HEAT, QUOTA_VIEW_OWNER, 50, 50);
    revise(quota, NOON, 40, 50);
    quota->of_crews = false;
    shop_start(shop);
    struct heat heat = heat_from(1, NOON);
    rules_heat(shop->rules, &heat);
    shop_post(shop, 0, 1, CREW_A, 60);
    assert_string_equal(shop_judge(shop), "q0 heat 1 target raised 60/40\n"
                                          "q0 heat 1 limit raised 60/50\n");
    heat.first_start_us = NOON - 1; /* one level again: the other one has no ground any more */
    rules_heat(shop->rules, &heat);
    assert_string_equal(shop_judge(shop), "q0 heat 1 target cleared 60/50\n");
}

/* What is on the books does not depend on the order in which it came. */
static void edge_29_any_order_gives_the_same_balances(void **state)
{
    struct shop *shop = *state;
    char first[1024] = "";
    for (int order = 0; order < 6; order++) {
        static const int turns[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                        {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
        shop->quota_count = 0;
        (void)revised_heats(shop);
        rules_destroy(shop->rules);
        shop_start(shop);
        struct heat heat = heat_from(1, TIMESTAMP_NEVER_US);
        rules_heat(shop->rules, &heat);
        for (int i = 0; i < 3; i++) {
            if (turns[order][i] == 0) {
                post_at(shop, 0, NOON - 1, 30);
            } else if (turns[order][i] == 1) {
                post_at(shop, 0, NOON + 1, 30);
            } else {
                shop_own(&heat, CREW_A);
                rules_heat(shop->rules, &heat);
            }
            (void)shop_judge(shop);
        }
        const char *said = shop_show(shop, NULL, 0);
        if (order == 0) {
            strcpy(first, said);
            assert_string_equal(first, "q0 heat 1 60 of 80/100 green owner 0/0/0 provisional\n"
                                       "q0 crew 0/0/0 60 of 80/100 green provisional\n");
        }
        assert_string_equal(said, first);
    }
}

#define BEHAVES(test) cmocka_unit_test_setup_teardown(test, shop_set_up, shop_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BEHAVES(edge_29_the_rates_in_force_begin_with_their_version),
        BEHAVES(edge_29_a_heat_is_judged_by_the_version_of_its_first_start),
        BEHAVES(edge_29_a_crew_shift_is_allowed_what_each_of_its_heats_is),
        BEHAVES(edge_29_a_start_told_later_judges_again_once),
        BEHAVES(edge_29_a_heat_without_a_start_is_judged_by_its_first_use),
        BEHAVES(edge_29_a_shift_is_judged_by_the_version_of_its_start),
        BEHAVES(edge_29_a_version_may_make_two_levels_of_one),
        BEHAVES(edge_29_any_order_gives_the_same_balances),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
