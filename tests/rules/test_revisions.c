/* Revisions and transfers among the rules: what comes into force by papers is judged as if the
 * configuration had said it from the beginning, but for heats and shifts that began before. */
#include "shop.h"

#include "rules_snapshot.h"
#include "rules_state.h"

#define E9 INT64_C(1000000000)
#define DAY 20522 /* 2026-03-10 */
#define SECOND_DAY_US ((DAY + 1) * INT64_C(86400000000))

static struct crew crews[] = {{.id = "A"}, {.id = "B"}};
static struct shift shifts[] = {{.id = "day"}, {.id = "night"}};

static struct shop *start(struct shop *shop)
{
    shop->catalog.crews = crews;
    shop->catalog.crew_count = 2;
    shop->catalog.shifts = shifts;
    shop->catalog.shift_count = 2;
    shop_start(shop);
    return shop;
}

static struct paper form(enum paper_kind kind, const char *by, const char *id, const char *of)
{
    struct paper paper = paper_empty(kind);
    paper.by = by;
    paper.id = id;
    paper.of = of;
    return paper;
}

static struct paper_answer hand_in(struct shop *shop, const struct paper *paper)
{
    static uint64_t position;
    struct paper_answer answer;
    rules_paper(shop->rules, (struct effect_id){position++, 0}, paper, &answer);
    return answer;
}

static struct paper_answer approve_twice(struct shop *shop, const char *id)
{
    struct paper first = form(PAPER_APPROVE, "li", NULL, id);
    struct paper second = form(PAPER_APPROVE, "zhao", NULL, id);
    assert_int_equal(hand_in(shop, &first).outcome, OUTCOME_ACCEPTED);
    return hand_in(shop, &second);
}

static void revise(struct shop *shop, const char *id, const char *quota, int64_t from_us,
                   int64_t target, int64_t limit)
{
    struct paper paper = form(PAPER_REVISE, "wang", id, NULL);
    paper.quota = quota;
    paper.from_us = from_us;
    paper.target_e9 = target * E9;
    paper.limit_e9 = limit * E9;
    paper.reason = "x";
    assert_int_equal(hand_in(shop, &paper).outcome, OUTCOME_ACCEPTED);
    assert_int_equal(approve_twice(shop, id).state, PAPER_IN_FORCE);
}

static void weigh(struct shop *shop, uint32_t number, int64_t start_us, int64_t steel_t, int crew)
{
    struct heat heat = shop_heat(number);
    heat.first_start_us = start_us;
    heat.steel_g = steel_t * 1000000;
    shop_own(&heat, shop_slot(DAY, 0, crew));
    rules_heat(shop->rules, &heat);
}

static void heats_that_started_before_keep_their_rates(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_TONNE, QUOTA_VIEW_OWNER, 2, 3);
    start(shop);
    weigh(shop, 1, 100, 20, 0);
    weigh(shop, 2, 200, 20, 0);
    shop_post(shop, 0, 1, shop_slot(DAY, 0, 0), 39);
    shop_post(shop, 0, 2, shop_slot(DAY, 0, 0), 39);
    assert_string_equal(shop_judge(shop), "");
    revise(shop, "r1", "q0", 150, 1, 1);
    /* the second one alone is judged again, and its crew-shift with it */
    assert_string_equal(shop_judge(shop), "q0 heat 2 limit raised 39/20\n"
                                          "q0 crew 20522/0/0 target raised 78/60\n");
    assert_string_equal(shop_show(shop, NULL, 0),
                        "q0 heat 1 39 of 40/60 green owner 20522/0/0 provisional\n"
                        "q0 heat 2 39 of 20/20 red owner 20522/0/0 provisional\n"
                        "q0 crew 20522/0/0 78 of 60/80 amber provisional\n");
}

static void shifts_and_periods_take_the_rates_of_their_start(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_SHIFT, QUOTA_VIEW_CLOCK, 20, 30);
    start(shop);
    rules_slot_start(shop->rules, shop_slot(DAY, 0, 0), 100);
    rules_slot_start(shop->rules, shop_slot(DAY, 1, 1), 200);
    shop_post(shop, 0, 0, shop_slot(DAY, 0, 0), 5);
    shop_post(shop, 0, 0, shop_slot(DAY, 1, 1), 5);
    revise(shop, "r1", "q0", 200, 40, 50);
    assert_string_equal(shop_show(shop, NULL, 0),
                        "q0 crew 20522/0/0 5 of 20/30 green provisional\n"
                        "q0 crew 20522/1/1 5 of 40/50 green provisional\n");
}

/* The same story told to rules that have the revisions from the beginning, and to rules that learn
 * of them on the way. */
enum { HEATS = 12, SLOTS = 4 };

static struct crew_slot any_slot(uint64_t *seed)
{
    return shop_slot(DAY + (int32_t)shop_random_below(seed, 2),
                     (uint16_t)shop_random_below(seed, 2), (int)shop_random_below(seed, 2));
}

static void tell(struct shop *shop, uint64_t seed, int steps, int revise_at)
{
    for (uint32_t heat = 1; heat <= HEATS; heat++) {
        struct heat known = shop_heat(heat);
        known.first_start_us = heat * 10;
        rules_heat(shop->rules, &known);
    }
    for (int i = 0; i < SLOTS; i++) {
        rules_slot_start(shop->rules, shop_slot(DAY + i / 2, (uint16_t)(i % 2), i % 2), i * 40);
    }
    for (int step = 0; step < steps; step++) {
        if (step == revise_at) {
            revise(shop, "late", "q0", 60, 1, 4);
            revise(shop, "early", "q0", 30, 5, 6);
            revise(shop, "shift", "q1", 40, 11, 13);
            revise(shop, "linear", "q3", 50, 1, 9);
            revise(shop, "day", "q4", SECOND_DAY_US, 50, 60);
        }
        struct heat heat = shop_heat(1 + (uint32_t)shop_random_below(&seed, HEATS));
        heat.first_start_us = heat.no.value * 10;
        heat.steel_g = shop_random_below(&seed, 4) * 5000000;
        heat.steel_g = heat.steel_g == 0 ? -1 : heat.steel_g;
        shop_own(&heat, any_slot(&seed));
        rules_heat(shop->rules, &heat);
        uint32_t of = (uint32_t)shop_random_below(&seed, HEATS + 1);
        shop_post(shop, (uint32_t)shop_random_below(&seed, 2), of, any_slot(&seed),
                  shop_random_below(&seed, 60) - 10);
        struct segment open = shop_segment((uint32_t)shop_random_below(&seed, 2), of,
                                           any_slot(&seed), shop_random_below(&seed, 30));
        rules_open(shop->rules, open.meter, &open, 1);
        (void)shop_judge(shop);
    }
}

static void quotas_of_the_story(struct shop *shop, bool revised)
{
    struct quota *per_tonne = shop_quota(shop, 0, QUOTA_PER_TONNE, QUOTA_VIEW_OWNER, 2, 3);
    struct quota *per_shift = shop_quota(shop, 1, QUOTA_PER_SHIFT, QUOTA_VIEW_OWNER, 20, 30);
    shop_quota(shop, 0, QUOTA_PER_HEAT, QUOTA_VIEW_CLOCK, 7, 7);
    struct quota *linear = shop_quota(shop, 0, QUOTA_LINEAR, QUOTA_VIEW_OWNER, 2, 3);
    struct quota *per_day = shop_quota(shop, 1, QUOTA_PER_DAY, QUOTA_VIEW_OWNER, 20, 30);
    linear->of_heats = per_day->of_heats = per_day->of_crews = false;
    linear->fixed_e9[QUOTA_TARGET] = 15 * E9;
    linear->fixed_e9[QUOTA_LIMIT] = 20 * E9;
    if (revised) {
        linear->version_count = per_day->version_count = 1;
        linear->versions[0] = (struct quota_version){.from_us = 50, .rate_e9 = {1 * E9, 9 * E9}};
        memcpy(linear->versions[0].fixed_e9, linear->fixed_e9, sizeof linear->fixed_e9);
        per_day->versions[0] =
            (struct quota_version){.from_us = SECOND_DAY_US, .rate_e9 = {50 * E9, 60 * E9}};
        per_tonne->version_count = 2;
        per_tonne->versions[0] = (struct quota_version){.from_us = 30, .rate_e9 = {5 * E9, 6 * E9}};
        per_tonne->versions[1] = (struct quota_version){.from_us = 60, .rate_e9 = {1 * E9, 4 * E9}};
        per_shift->version_count = 1;
        per_shift->versions[0] =
            (struct quota_version){.from_us = 40, .rate_e9 = {11 * E9, 13 * E9}};
    }
    start(shop);
}

static void late_revisions_end_where_early_ones_do(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        struct shop *late = shop_create(), *early = shop_create();
        quotas_of_the_story(late, false);
        quotas_of_the_story(early, true);
        tell(late, seed, 30, (int)(seed % 30));
        tell(early, seed, 30, -1);
        assert_string_equal(shop_show(late, NULL, 0), shop_show(early, NULL, 0));
        shop_destroy(late);
        shop_destroy(early);
    }
}

static void what_a_crew_has_left_is_its_limit_less_its_use_over_the_period(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_TONNE, QUOTA_VIEW_OWNER, 2, 3);
    start(shop);
    weigh(shop, 1, 100, 10, 0);
    weigh(shop, 2, 200, 10, 1);
    shop_post(shop, 0, 1, shop_slot(DAY, 0, 0), 19);
    struct segment open = shop_segment(0, 1, shop_slot(DAY, 0, 0), 4);
    rules_open(shop->rules, (meter_id){0}, &open, 1);
    struct paper paper = form(PAPER_TRANSFER, "wang", "t1", NULL);
    paper.quota = "q0";
    paper.crew.index = 0;
    paper.to_crew.index = 1;
    paper.amount_e9 = 8 * E9;
    paper.reason = "x";
    assert_true(period_parse("2026-03", &paper.period));
    assert_int_equal(hand_in(shop, &paper).outcome, OUTCOME_ACCEPTED);
    struct paper_answer answer = approve_twice(shop, "t1");
    assert_int_equal(answer.outcome, OUTCOME_NOT_ALLOWED);
    assert_non_null(strstr(answer.detail, "would give 8"));
    assert_non_null(strstr(answer.detail, "and has 7"));
    struct paper again = form(PAPER_APPROVE, "zhao", NULL, "t1");
    weigh(shop, 1, 100, 11, 0); /* the heat is heavier than was said */
    assert_int_equal(hand_in(shop, &again).state, PAPER_IN_FORCE);
    /* in April it has nothing yet */
    paper.id = "t2";
    assert_true(period_parse("2026-04", &paper.period));
    hand_in(shop, &paper);
    answer = approve_twice(shop, "t2");
    assert_non_null(strstr(answer.detail, "is not known yet"));
}

static void papers_and_their_revisions_outlive_a_snapshot(void **state)
{
    struct shop *shop = *state;
    struct snapshot_writer writer = {0}, again = {0};
    struct snapshot_reader reader;
    struct failure failure;
    quotas_of_the_story(shop, false);
    tell(shop, 7, 20, 3);
    struct paper half = form(PAPER_REVISE, "wang", "half", NULL);
    half.quota = "q0";
    half.from_us = 999;
    half.limit_e9 = E9;
    half.reason = "x";
    hand_in(shop, &half);
    struct paper first = form(PAPER_APPROVE, "li", NULL, "half");
    hand_in(shop, &first);
    snapshot_begin(&writer);
    rules_save(shop->rules, &writer);
    snapshot_end(&writer);
    struct rules *loaded = rules_create(&shop->catalog, shop->quotas, shop->quota_count);
    assert_true(snapshot_open(&reader, writer.bytes, writer.count, &failure));
    if (!rules_load(loaded, &reader) || !snapshot_close(&reader, &failure)) {
        fail_msg("%s", reader.wrong.text);
    }
    snapshot_begin(&again);
    rules_save(loaded, &again);
    snapshot_end(&again);
    assert_int_equal(writer.count, again.count);
    assert_memory_equal(writer.bytes, again.bytes, writer.count);
    rules_destroy(shop->rules);
    shop->rules = loaded;
    /* what was revised counts, and who had approved is remembered */
    uint32_t count = 0;
    assert_int_equal(quota_rates_e9(&rules_quotas(loaded, &count)[0], 60)[QUOTA_LIMIT], 4 * E9);
    struct paper_answer answer = hand_in(shop, &first);
    assert_non_null(strstr(answer.detail, "li has approved"));
    struct paper second = form(PAPER_APPROVE, "zhao", NULL, "half");
    assert_int_equal(hand_in(shop, &second).state, PAPER_IN_FORCE);
    snapshot_writer_clear(&writer);
    snapshot_writer_clear(&again);
}

/* Whoever adds a field saves it in papers_snapshot.c (or finds that it follows from others), and
 * puts the new size here. */
static void whoever_adds_a_field_saves_it(void **state)
{
    (void)state;
    assert_int_equal(sizeof(struct papers), sizeof(void *));
    assert_int_equal(sizeof(struct papers_slip), 40);
    assert_int_equal(sizeof(struct kept_paper) - sizeof(UT_hash_handle), 200);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, shop_set_up, shop_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(heats_that_started_before_keep_their_rates),
        TEST(shifts_and_periods_take_the_rates_of_their_start),
        cmocka_unit_test(late_revisions_end_where_early_ones_do),
        TEST(what_a_crew_has_left_is_its_limit_less_its_use_over_the_period),
        TEST(papers_and_their_revisions_outlive_a_snapshot),
        cmocka_unit_test(whoever_adds_a_field_saves_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
