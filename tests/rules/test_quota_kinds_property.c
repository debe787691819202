/* All kinds of quota under random sequences of postings, reversals, weights, grades, owners and
 * open use: what is shown at the end is a function of the set of facts, and a snapshot keeps it. */
#include "rules_snapshot.h"
#include "shop.h"

#define RUNS 60
#define STEPS 150
#define HEATS 6
#define MARCH_30 20542 /* three days before the end of a ten-day period, a month and a quarter */
#define DAYS 5
#define TONNE INT64_C(1000000)

struct facts {
    struct heat heats[HEATS];
    struct segment posted[STEPS];
    size_t count;
};

static const struct {
    enum quota_basis basis;
    enum quota_view view;
    enum quota_tonnes tonnes;
} kinds[] = {
    {QUOTA_LINEAR, QUOTA_VIEW_CLOCK, QUOTA_TONNES_GOOD},
    {QUOTA_LINEAR, QUOTA_VIEW_OWNER, QUOTA_TONNES_TAPPED},
    {QUOTA_PER_DAY, QUOTA_VIEW_CLOCK, QUOTA_TONNES_GOOD},
    {QUOTA_PER_DAY, QUOTA_VIEW_OWNER, QUOTA_TONNES_GOOD},
    {QUOTA_PER_TEN_DAYS, QUOTA_VIEW_OWNER, QUOTA_TONNES_GOOD},
    {QUOTA_PER_MONTH, QUOTA_VIEW_CLOCK, QUOTA_TONNES_GOOD},
    {QUOTA_PER_TONNE, QUOTA_VIEW_OWNER, QUOTA_TONNES_CAST},
    {QUOTA_PER_TONNE, QUOTA_VIEW_CLOCK, QUOTA_TONNES_TAPPED},
};

static struct shop *shop_of_kinds(void)
{
    static struct shift shifts[2];
    static struct crew crews[2];
    struct shop *shop = shop_create();
    shop->catalog.shifts = shifts;
    shop->catalog.crews = crews;
    shop->catalog.shift_count = shop->catalog.crew_count = 2;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct quota *quota = shop_quota(shop, 0, kinds[i].basis, kinds[i].view, 5, 7);
        quota->tonnes = kinds[i].tonnes;
        quota->fixed_e9[QUOTA_LIMIT] = 11 * INT64_C(1000000000);
        quota->has_stretch = true;
        quota->rate_e9[QUOTA_STRETCH] = 4 * INT64_C(1000000000);
        quota->season_count = 1; /* April */
        quota->seasons[0] = (struct quota_season){.months = 1 << 3, .factor_e9 = 1300000000};
        if (quota_sums_heats(quota)) {
            quota->grade_count = 1;
            quota->grades[0] = (struct quota_grade){
                .grade = "G",
                .from_us = (MARCH_30 + 2) * TIMESTAMP_DAY_US,
                .rate_e9 = {2 * INT64_C(1000000000), 3 * INT64_C(1000000000), 1}};
        }
    }
    shop_start(shop);
    return shop;
}

static struct crew_slot random_slot(uint64_t *seed)
{
    int32_t day = MARCH_30 + (int32_t)shop_random_below(seed, DAYS);
    uint16_t shift = (uint16_t)shop_random_below(seed, 2);
    return shop_slot(day, shift, shift == 1 && day == MARCH_30 ? SHOP_NOBODY : shift);
}

static struct segment random_use(uint64_t *seed)
{
    struct crew_slot slot = random_slot(seed);
    struct segment use = shop_segment((uint32_t)shop_random_below(seed, 2) * SHOP_ITEMS,
                                      (uint32_t)shop_random_below(seed, HEATS + 1), slot,
                                      shop_random_below(seed, 40) - 8);
    use.start_us = use.end_us = slot.day * TIMESTAMP_DAY_US + shop_random_below(seed, 9);
    return use;
}

static void post(struct shop *shop, struct facts *facts, uint64_t *seed)
{
    struct segment use = random_use(seed);
    if (facts->count > 0 && shop_random_below(seed, 3) == 0) {
        use = facts->posted[shop_random_below(seed, (int64_t)facts->count)];
        use.amount_base = -use.amount_base;
    }
    facts->posted[facts->count++] = use;
    rules_post(shop->rules, &use);
}

static int64_t random_weight(uint64_t *seed)
{
    return shop_random_below(seed, 3) == 0 ? -1 : shop_random_below(seed, 5) * TONNE;
}

static void change_heat(struct shop *shop, struct facts *facts, uint64_t *seed)
{
    struct heat *heat = &facts->heats[shop_random_below(seed, HEATS)];
    heat->steel_g = random_weight(seed);
    heat->tapped_g = random_weight(seed);
    heat->cast_g = random_weight(seed);
    heat->first_start_us = shop_random_below(seed, 4) == 0
                               ? TIMESTAMP_NEVER_US
                               : (MARCH_30 + shop_random_below(seed, DAYS)) * TIMESTAMP_DAY_US;
    heat->ended_us = shop_random_below(seed, 2) == 0 ? TIMESTAMP_NEVER_US : 1;
    heat->grade[0] = shop_random_below(seed, 2) == 0 ? 'G' : '\0';
    heat->owner_at_us = TIMESTAMP_NEVER_US;
    heat->owner = (struct crew_slot){0};
    if (shop_random_below(seed, 4) > 0) {
        shop_own(heat, random_slot(seed));
    }
    rules_heat(shop->rules, heat);
}

static void state_open(struct shop *shop, uint64_t *seed, bool any)
{
    struct segment open[3];
    uint32_t meter = (uint32_t)shop_random_below(seed, 2) * SHOP_ITEMS;
    size_t count = any ? (size_t)shop_random_below(seed, 4) : 0;
    for (size_t i = 0; i < count; i++) {
        open[i] = random_use(seed);
        open[i].meter.index = meter;
    }
    assert_true(rules_open(shop->rules, (meter_id){meter}, open, count) >= 1);
}

/* Nothing is open any more; what stands at 0 may have been made by what came and went. */
static void write_used(void *context, const struct balance *balance)
{
    struct shop *shop = context;
    if (balance->used_base != 0) {
        shop_write_balance(context, balance);
        shop_write(shop, "  %" PRId64 "\n", balance->allowed_stretch_base);
    }
}

static const char *show_used(struct shop *shop)
{
    shop->log_length = 0;
    shop->log[0] = '\0';
    rules_show_begin(shop->rules);
    rules_show_end(shop->rules, write_used, shop);
    return shop->log;
}

/* The same facts, told in another order: heats as they are in the end, postings from the last. */
static struct shop *told_at_once(const struct facts *facts)
{
    struct shop *shop = shop_of_kinds();
    rules_begin_day(shop->rules, MARCH_30 + 3);
    for (size_t i = 0; i < HEATS; i++) {
        rules_heat(shop->rules, &facts->heats[i]);
    }
    for (size_t i = facts->count; i-- > 0;) {
        rules_post(shop->rules, &facts->posted[i]);
    }
    return shop;
}

static struct shop *loaded_from(const struct shop *shop)
{
    struct snapshot_writer writer = {0};
    struct snapshot_reader reader;
    struct failure failure = {0};
    struct shop *other = shop_of_kinds();
    snapshot_begin(&writer);
    rules_save(shop->rules, &writer);
    snapshot_end(&writer);
    assert_true(snapshot_open(&reader, writer.bytes, writer.count, &failure));
    if (!rules_load(other->rules, &reader) || !snapshot_close(&reader, &failure)) {
        fail_msg("%s", reader.wrong.text);
    }
    snapshot_writer_clear(&writer);
    return other;
}

static size_t run(uint64_t seed)
{
    struct facts *facts = calloc(1, sizeof *facts);
    struct shop *shop = shop_of_kinds();
    assert_non_null(facts);
    for (uint32_t i = 0; i < HEATS; i++) {
        facts->heats[i] = shop_heat(i + 1);
        facts->heats[i].tapped_g = facts->heats[i].cast_g = -1;
        rules_heat(shop->rules, &facts->heats[i]);
    }
    for (int step = 0; step < STEPS; step++) {
        int64_t dice = shop_random_below(&seed, 10);
        if (dice < 4) {
            post(shop, facts, &seed);
        } else if (dice < 7) {
            change_heat(shop, facts, &seed);
        } else if (dice < 8) {
            state_open(shop, &seed, true);
        } else if (dice < 9) {
            rules_begin_day(shop->rules, MARCH_30 + (int32_t)shop_random_below(&seed, 4));
        } else {
            (void)shop_judge(shop);
        }
    }
    for (uint64_t meter = 0; meter < 2; meter++) {
        rules_open(shop->rules, (meter_id){(uint32_t)meter * SHOP_ITEMS}, NULL, 0);
    }
    rules_begin_day(shop->rules, MARCH_30 + 3);
    struct shop *loaded = loaded_from(shop);
    struct shop *at_once = told_at_once(facts);
    const char *shown = show_used(shop);
    size_t length = strlen(shown);
    assert_string_equal(show_used(at_once), shown);
    assert_string_equal(show_used(loaded), shown);
    shop_destroy(at_once);
    shop_destroy(loaded);
    shop_destroy(shop);
    free(facts);
    return length;
}

static void what_is_shown_is_a_function_of_the_set_of_facts(void **state)
{
    (void)state;
    size_t shown = 0;
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        shown += run(seed * UINT64_C(7919));
    }
    assert_true(shown > RUNS * 500); /* it showed something */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_shown_is_a_function_of_the_set_of_facts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
