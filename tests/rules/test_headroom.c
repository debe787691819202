/* Open use: how far it may grow unheard, and that nothing is missed by not hearing it. */
#include "shop.h"

#define CREW_A shop_slot(0, 0, 0)
#define CREW_B shop_slot(0, 1, 1)
#define TONNE INT64_C(1000000)

static int64_t open_one(struct shop *shop, uint32_t meter, uint32_t heat, int64_t amount_base)
{
    struct segment open = shop_segment(meter, heat, CREW_A, amount_base);
    return rules_open(shop->rules, (meter_id){meter}, &open, 1);
}

static void start_with_heats(struct shop *shop)
{
    shop_quota(shop, 0, QUOTA_PER_HEAT, QUOTA_VIEW_OWNER, 40, 50);
    shop_start(shop);
    for (uint32_t number = 1; number <= 2; number++) {
        struct heat heat = shop_heat(number);
        rules_heat(shop->rules, &heat);
    }
}

static void headroom_reaches_to_the_nearest_threshold(void **state)
{
    struct shop *shop = *state;
    start_with_heats(shop);
    assert_int_equal(open_one(shop, 0, 1, 0), 50);
    assert_int_equal(open_one(shop, 0, 1, 1), 49);
    assert_int_equal(open_one(shop, 0, 1, 49), 1);
    assert_string_equal(shop_judge(shop), "");
    assert_int_equal(open_one(shop, 0, 1, 50), 10);
    assert_string_equal(shop_judge(shop), "q0 heat 1 target raised 50/40\n");
    assert_int_equal(open_one(shop, 0, 1, 60), INT64_MAX);
    shop_post(shop, 0, 1, CREW_A, -60);
    assert_int_equal(open_one(shop, 0, 1, 55), INT64_C(50) - (55 - 60));
}

static void headroom_is_that_of_the_heat_or_crew_that_comes_first(void **state)
{
    struct shop *shop = *state;
    start_with_heats(shop);
    shop_post(shop, 0, 2, CREW_A, 43);
    struct segment open[2] = {shop_segment(0, 1, CREW_A, 5), shop_segment(0, 2, CREW_A, 0)};
    assert_int_equal(rules_open(shop->rules, (meter_id){0}, open, 2), 7);
    struct heat heat = shop_heat(1);
    shop_own(&heat, CREW_B);
    rules_heat(shop->rules, &heat);
    struct heat other = shop_heat(3);
    shop_own(&other, CREW_B);
    rules_heat(shop->rules, &other);
    shop_post(shop, 0, 3, CREW_A, 82);
    assert_int_equal(rules_open(shop->rules, (meter_id){0}, open, 1), 90 - 87);
}

static void what_cannot_change_anything_may_grow_for_ever(void **state)
{
    struct shop *shop = *state;
    start_with_heats(shop);
    assert_int_equal(open_one(shop, 1, 1, 5), INT64_MAX); /* no quota counts it */
    assert_int_equal(open_one(shop, 0, 0, 5), INT64_MAX); /* idle */
    assert_string_equal(shop_show(shop, NULL, 0), "");
}

static void without_an_open_segment_the_first_unit_is_heard(void **state)
{
    struct shop *shop = *state;
    start_with_heats(shop);
    assert_int_equal(rules_open(shop->rules, (meter_id){0}, NULL, 0), 1);
    assert_int_equal(rules_open(shop->rules, (meter_id){1}, NULL, 0), INT64_MAX);
}

static void an_unweighed_heat_asks_when_its_weight_comes(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_TONNE, QUOTA_VIEW_OWNER, 1, 1);
    shop_start(shop);
    struct heat heat = shop_heat(1);
    rules_heat(shop->rules, &heat);
    assert_int_equal(open_one(shop, 0, 1, 5), INT64_MAX);
    meter_id asked;
    assert_false(rules_ask(shop->rules, &asked));
    heat.steel_g = 100 * TONNE;
    rules_heat(shop->rules, &heat);
    assert_true(rules_ask(shop->rules, &asked));
    assert_int_equal(asked.index, 0);
    assert_int_equal(open_one(shop, 0, 1, 70), 40);
    assert_false(rules_ask(shop->rules, &asked));
}

static void several_meters_together_stay_below_the_threshold(void **state)
{
    struct shop *shop = *state;
    start_with_heats(shop);
    assert_int_equal(open_one(shop, 0, 1, 0), 50);
    int64_t second = open_one(shop, 8, 1, 0);
    meter_id asked;
    assert_true(rules_ask(shop->rules, &asked)); /* the first was given it all */
    assert_int_equal(asked.index, 0);
    int64_t first = open_one(shop, 0, 1, 0);
    assert_false(rules_ask(shop->rules, &asked));
    assert_true(first > 1 && second > 1);
    assert_true((first - 1) + (second - 1) < 50);
}

static void who_has_a_part_in_a_change_is_heard_before_it_is_told(void **state)
{
    struct shop *shop = *state;
    start_with_heats(shop);
    (void)open_one(shop, 0, 1, 0);
    (void)open_one(shop, 8, 1, 0);
    (void)shop_judge(shop);
    shop_post(shop, 0, 1, CREW_A, 51);
    meter_id asked;
    unsigned heard = 0;
    while (rules_ask(shop->rules, &asked)) {
        heard++;
        (void)open_one(shop, asked.index, 1, 2);
    }
    assert_int_equal(heard, 2);
    assert_string_equal(shop_judge(shop), "q0 heat 1 target raised 55/40\n");
}

#define METERS 4 /* the last one posts at once */
#define HEATS 3
#define STEPS 400
#define RUNS 30
#define PARTS 2

/* What the meters really did, told to two sets of rules: at every step, and when it matters. */
struct world {
    struct shop *always, *sparing;
    bool asks;  /* whether the sparing caller answers rules_ask */
    int meters; /* that grow */
    struct segment open[METERS][PARTS];
    int64_t grown_base[METERS], headroom_base[METERS];
    struct heat heats[HEATS];
    uint64_t seed;
    size_t calls, said;
};

static struct shop *world_shop(void)
{
    struct shop *shop = shop_create();
    for (size_t meter = 0; meter < METERS; meter++) {
        shop->meters[meter].item.index = 0;
    }
    shop_quota(shop, 0, QUOTA_PER_HEAT, QUOTA_VIEW_OWNER, 150, 300);
    shop_quota(shop, 0, QUOTA_PER_TONNE, QUOTA_VIEW_OWNER, 2, 2);
    shop_quota(shop, 0, QUOTA_PER_SHIFT, QUOTA_VIEW_CLOCK, 300, 600);
    struct quota *quota = shop_quota(shop, 0, QUOTA_PER_HEAT, QUOTA_VIEW_CLOCK, 100, 200);
    quota->meter_count = 1;
    quota->meters[0] = (meter_id){1};
    shop_start(shop);
    return shop;
}

static struct crew_slot random_slot(uint64_t *seed)
{
    uint16_t slot = (uint16_t)shop_random_below(seed, 3);
    return shop_slot(0, slot, slot);
}

static void divide_anew(struct world *world, int meter)
{
    for (int part = 0; part < PARTS; part++) {
        world->open[meter][part] =
            shop_segment((uint32_t)meter, (uint32_t)shop_random_below(&world->seed, HEATS + 1),
                         random_slot(&world->seed), 0);
    }
}

static void tell(struct world *world, int meter)
{
    world->calls++;
    world->grown_base[meter] = 0;
    world->headroom_base[meter] =
        rules_open(world->sparing->rules, (meter_id){(uint32_t)meter}, world->open[meter], PARTS);
    assert_true(world->headroom_base[meter] >= 1);
}

static void grow(struct world *world, int meter)
{
    int64_t growth_base = 1 + shop_random_below(&world->seed, 9);
    int part = (int)shop_random_below(&world->seed, PARTS);
    world->open[meter][part].amount_base += growth_base;
    world->grown_base[meter] += growth_base;
    if (world->grown_base[meter] >= world->headroom_base[meter]) {
        tell(world, meter);
    }
}

static void book(struct world *world, int meter)
{
    for (int part = 0; part < PARTS; part++) {
        rules_post(world->always->rules, &world->open[meter][part]);
        rules_post(world->sparing->rules, &world->open[meter][part]);
    }
    divide_anew(world, meter);
    tell(world, meter);
}

static void post(struct world *world)
{
    struct segment segment =
        shop_segment(METERS - 1, (uint32_t)shop_random_below(&world->seed, HEATS + 1),
                     random_slot(&world->seed), shop_random_below(&world->seed, 80) - 30);
    rules_post(world->always->rules, &segment);
    rules_post(world->sparing->rules, &segment);
}

static void change_heat(struct world *world)
{
    struct heat *heat = &world->heats[shop_random_below(&world->seed, HEATS)];
    int64_t dice = shop_random_below(&world->seed, 4);
    if (dice == 0) {
        heat->ended_us = heat->ended_us == TIMESTAMP_NEVER_US ? 1 : TIMESTAMP_NEVER_US;
    } else if (dice == 1) {
        shop_own(heat, random_slot(&world->seed));
    } else {
        heat->steel_g = (50 + shop_random_below(&world->seed, 100)) * TONNE;
    }
    rules_heat(world->always->rules, heat);
    rules_heat(world->sparing->rules, heat);
}

static void judge_both(struct world *world)
{
    for (int meter = 0; meter < world->meters; meter++) {
        (void)rules_open(world->always->rules, (meter_id){(uint32_t)meter}, world->open[meter],
                         PARTS);
    }
    meter_id asked;
    while (world->asks && rules_ask(world->sparing->rules, &asked)) {
        tell(world, (int)asked.index);
    }
    const char *expected = shop_judge(world->always);
    assert_string_equal(shop_judge(world->sparing), expected);
    world->said += strlen(expected) > 0;
}

/* `others`: whether anything happens but growth and boundaries. */
static void run(struct world *world, bool others)
{
    world->always = world_shop();
    world->sparing = world_shop();
    for (uint32_t i = 0; i < HEATS; i++) {
        world->heats[i] = shop_heat(i + 1);
        if (!others) {
            world->heats[i].steel_g = 70 * TONNE;
            shop_own(&world->heats[i], CREW_A);
        }
        rules_heat(world->always->rules, &world->heats[i]);
        rules_heat(world->sparing->rules, &world->heats[i]);
    }
    for (int meter = 0; meter < world->meters; meter++) {
        divide_anew(world, meter);
        tell(world, meter);
    }
    for (int step = 0; step < STEPS; step++) {
        int64_t dice = shop_random_below(&world->seed, 100);
        int meter = (int)shop_random_below(&world->seed, world->meters);
        if (dice < 2) {
            book(world, meter);
        } else if (dice < 6 && others) {
            post(world);
        } else if (dice < 10 && others) {
            change_heat(world);
        } else {
            grow(world, meter);
        }
        judge_both(world);
    }
    shop_destroy(world->always);
    shop_destroy(world->sparing);
}

static void one_meter_heard_when_its_headroom_is_used_up_misses_nothing(void **state)
{
    (void)state;
    size_t calls = 0, said = 0;
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        struct world world = {.meters = 1, .seed = seed * UINT64_C(0x9E3779B97F4A7C15)};
        run(&world, false);
        calls += world.calls;
        said += world.said;
    }
    assert_true(said > RUNS * 3);
    assert_true(calls < (size_t)RUNS * STEPS / 5);
}

static void several_meters_that_answer_when_asked_miss_nothing_whatever_happens(void **state)
{
    (void)state;
    size_t calls = 0, said = 0;
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        struct world world = {
            .meters = METERS - 1, .asks = true, .seed = seed * UINT64_C(0x9E3779B97F4A7C15)};
        run(&world, true);
        calls += world.calls;
        said += world.said;
    }
    assert_true(said > RUNS * 10);
    assert_true(calls < (size_t)RUNS * STEPS * (METERS - 1) / 4);
}

#define BEHAVES(test) cmocka_unit_test_setup_teardown(test, shop_set_up, shop_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BEHAVES(headroom_reaches_to_the_nearest_threshold),
        BEHAVES(headroom_is_that_of_the_heat_or_crew_that_comes_first),
        BEHAVES(what_cannot_change_anything_may_grow_for_ever),
        BEHAVES(without_an_open_segment_the_first_unit_is_heard),
        BEHAVES(an_unweighed_heat_asks_when_its_weight_comes),
        BEHAVES(several_meters_together_stay_below_the_threshold),
        BEHAVES(who_has_a_part_in_a_change_is_heard_before_it_is_told),
        cmocka_unit_test(one_meter_heard_when_its_headroom_is_used_up_misses_nothing),
        cmocka_unit_test(several_meters_that_answer_when_asked_miss_nothing_whatever_happens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
