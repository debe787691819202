/* What is allowed is entered on the quota accounts when it becomes known, and again where it
 * becomes another: each time the difference, with its cause. */
#include "rules_snapshot.h"
#include "shop.h"

#define CREW_A shop_slot(0, 0, 0)
#define CREW_B shop_slot(0, 1, 1)
#define KG INT64_C(1000)

static void write_account(struct shop *shop, const struct quota_account *account)
{
    char period[PERIOD_TEXT_MAX];
    shop_write(shop, "%s", quota_account_kind_name(account->kind));
    if (account->kind == QUOTA_ACCOUNT_HEAT) {
        shop_write(shop, " %" PRIu32, account->heat.value);
    } else if (account->kind == QUOTA_ACCOUNT_CREW) {
        shop_write(shop, " %" PRId32 "/%u/%u", account->slot.day, account->slot.shift.index,
                   account->slot.crew.index);
    } else if (account->kind != QUOTA_ACCOUNT_WORKSHOP) {
        shop_write(shop, " %s", period_format(account->period, period));
    }
}

static void write_entry(void *context, const struct quota_entry *entry)
{
    struct shop *shop = context;
    shop_write(shop, "q%u ", entry->quota.index);
    write_account(shop, &entry->from);
    shop_write(shop, " -> ");
    write_account(shop, &entry->to);
    shop_write(shop, " %" PRId64 "/%" PRId64 " %s\n", entry->target_base, entry->limit_base,
               quota_entry_cause_name(entry->cause));
}

static void write_nothing(void *context, const struct alert_transition *transition)
{
    (void)context;
    (void)transition;
}

/* What is entered, as text; good until the next call. */
static const char *enter(struct shop *shop)
{
    shop->log_length = 0;
    shop->log[0] = '\0';
    shop->now_us++;
    rules_enter(shop->rules, shop->now_us, write_entry, shop);
    size_t length = shop->log_length;
    rules_enter(shop->rules, shop->now_us, write_entry, shop);
    assert_int_equal(shop->log_length, length); /* a second time there is nothing */
    rules_judge(shop->rules, shop->now_us, write_nothing, NULL);
    return shop->log;
}

static struct heat weighed(uint32_t number, int64_t steel_g)
{
    struct heat heat = shop_heat(number);
    heat.steel_g = steel_g;
    heat.weighed_g = steel_g;
    return heat;
}

/* DOMAIN 1a: hot metal 1100, Mn-Fe 7, Si-Fe 4.5, Al 0.2, Si-Al 1 kg/t; base units are grams. */
static void domain_1a_a_heat_of_99_6_t_earns_five_allowances(void **state)
{
    struct shop *shop = *state;
    static const int64_t rates_g[][2] = {
        {1090 * KG, 1100 * KG}, {6800, 7 * KG}, {4500, 4500}, {200, 200}, {800, 1 * KG}};
    for (uint16_t i = 0; i < 5; i++) {
        shop_quota(shop, i, QUOTA_PER_TONNE, QUOTA_VIEW_OWNER, rates_g[i][0], rates_g[i][1]);
    }
    shop_start(shop);
    struct heat heat = weighed(1, 99600 * KG);
    rules_heat(shop->rules, &heat);
    assert_string_equal(enter(shop), "q0 workshop -> heat 1 108564000/109560000 earned\n"
                                     "q1 workshop -> heat 1 677280/697200 earned\n"
                                     "q2 workshop -> heat 1 448200/448200 earned\n"
                                     "q3 workshop -> heat 1 19920/19920 earned\n"
                                     "q4 workshop -> heat 1 79680/99600 earned\n");
}

static void an_account_waits_for_the_weight(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_TONNE, QUOTA_VIEW_OWNER, 5, 7);
    shop_start(shop);
    struct heat heat = shop_heat(1);
    rules_heat(shop->rules, &heat);
    shop_post(shop, 0, 1, CREW_A, 400);
    assert_string_equal(enter(shop), "");
    heat = weighed(1, 100000000);
    rules_heat(shop->rules, &heat);
    assert_string_equal(enter(shop), "q0 workshop -> heat 1 500/700 earned\n");
}

static void a_corrected_weight_enters_the_difference(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_TONNE, QUOTA_VIEW_OWNER, 5, 7);
    shop_start(shop);
    struct heat heat = weighed(1, 100000000);
    rules_heat(shop->rules, &heat);
    enter(shop);
    heat = weighed(1, 99000000);
    rules_heat(shop->rules, &heat);
    assert_string_equal(enter(shop), "q0 workshop -> heat 1 -5/-7 weight\n");
}

/* Metal moved by a return carries earned quota too: 40 of 100 t, 7 kg/t. */
static void domain_2_a_return_of_40_of_100_t_moves_what_they_earned(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_TONNE, QUOTA_VIEW_OWNER, 6800, 7000);
    shop_start(shop);
    struct heat from = weighed(1, 100000 * KG), to = weighed(2, 100400 * KG);
    rules_heat(shop->rules, &from);
    rules_heat(shop->rules, &to);
    enter(shop);
    from.steel_g -= 40000 * KG;
    to.steel_g += 40000 * KG;
    rules_heat(shop->rules, &from);
    rules_heat(shop->rules, &to);
    assert_string_equal(enter(shop), "q0 workshop -> heat 1 -272000/-280000 steel\n"
                                     "q0 workshop -> heat 2 272000/280000 steel\n");
}

static void a_part_that_was_never_weighed_earns_by_the_steel_that_came(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_TONNE, QUOTA_VIEW_OWNER, 5, 7);
    shop_start(shop);
    struct heat part = shop_heat(2);
    part.weighed_g = -1;
    part.steel_g = 30000000;
    rules_heat(shop->rules, &part);
    assert_string_equal(enter(shop), "q0 workshop -> heat 2 150/210 steel\n");
}

static void a_void_heat_gives_back_what_it_earned_and_may_earn_again(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_TONNE, QUOTA_VIEW_OWNER, 5, 7);
    shop_quota(shop, 0, QUOTA_PER_HEAT, QUOTA_VIEW_OWNER, 20, 30);
    shop_start(shop);
    struct heat heat = weighed(1, 100000000), gone = shop_heat(1);
    gone.weighed_g = -1;
    gone.gone = true;
    rules_heat(shop->rules, &heat);
    enter(shop);
    rules_heat(shop->rules, &gone);
    assert_string_equal(enter(shop), "q0 workshop -> heat 1 -500/-700 void\n"
                                     "q1 workshop -> heat 1 -20/-30 void\n");
    rules_heat(shop->rules, &heat);
    assert_string_equal(enter(shop), "q0 workshop -> heat 1 500/700 earned\n"
                                     "q1 workshop -> heat 1 20/30 earned\n");
}

static void a_heat_of_a_quota_of_crews_alone_earns_once_it_is_owned(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_TONNE, QUOTA_VIEW_OWNER, 5, 7)->of_heats = false;
    shop_start(shop);
    struct heat heat = weighed(1, 100000000);
    rules_heat(shop->rules, &heat);
    shop_post(shop, 0, 1, CREW_A, 400);
    assert_string_equal(enter(shop), "");
    shop_own(&heat, CREW_A);
    rules_heat(shop->rules, &heat);
    assert_string_equal(enter(shop), "q0 workshop -> heat 1 500/700 earned\n");
    shop_own(&heat, CREW_B); /* the account goes with the heat */
    rules_heat(shop->rules, &heat);
    assert_string_equal(enter(shop), "");
}

static void an_earlier_start_under_other_rates_is_a_revision(void **state)
{
    struct shop *shop = *state;
    struct quota *quota = shop_quota(shop, 0, QUOTA_PER_HEAT, QUOTA_VIEW_OWNER, 5, 7);
    quota->version_count = 1;
    quota->versions[0] = (struct quota_version){
        .from_us = 1000, .rate_e9 = {4 * INT64_C(1000000000), 6 * INT64_C(1000000000)}};
    shop_start(shop);
    struct heat heat = weighed(1, 100000000);
    heat.first_start_us = 2000;
    rules_heat(shop->rules, &heat);
    assert_string_equal(enter(shop), "q0 workshop -> heat 1 4/6 earned\n");
    heat.first_start_us = 500;
    rules_heat(shop->rules, &heat);
    assert_string_equal(enter(shop), "q0 workshop -> heat 1 1/1 revision\n");
}

static void a_shift_earns_what_it_is_allowed_by_itself_when_it_begins(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_SHIFT, QUOTA_VIEW_CLOCK, 790, 800);
    struct quota *linear = shop_quota(shop, 1, QUOTA_LINEAR, QUOTA_VIEW_OWNER, 35, 35);
    linear->of_heats = false;
    linear->fixed_e9[QUOTA_TARGET] = linear->fixed_e9[QUOTA_LIMIT] = 12000 * INT64_C(1000000000);
    shop_quota(shop, 2, QUOTA_PER_TONNE, QUOTA_VIEW_OWNER, 5, 7)->of_heats = false;
    shop_start(shop);
    rules_slot_start(shop->rules, CREW_A, 0);
    assert_string_equal(enter(shop), "q0 workshop -> crew 0/0/0 790/800 earned\n"
                                     "q1 workshop -> crew 0/0/0 12000/12000 earned\n");
    struct heat heat = weighed(1, 1200000000); /* DOMAIN 4: 12,000 + 35 x 1,200 = 54,000 */
    shop_own(&heat, CREW_A);
    rules_heat(shop->rules, &heat);
    assert_string_equal(enter(shop), "q1 workshop -> heat 1 42000/42000 earned\n"
                                     "q2 workshop -> heat 1 6000/8400 earned\n");
    assert_non_null(strstr(shop_show(shop, NULL, 0), "q1 crew 0/0/0 0 of 54000/54000"));
}

static void edge_18_a_crew_that_was_not_there_gives_its_shift_s_allowance_back(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_SHIFT, QUOTA_VIEW_CLOCK, 790, 800);
    shop_start(shop);
    rules_slot_start(shop->rules, CREW_A, 0);
    enter(shop);
    rules_slot_absent(shop->rules, CREW_A, true);
    assert_string_equal(enter(shop), "q0 workshop -> crew 0/0/0 -790/-800 void\n");
    rules_slot_absent(shop->rules, CREW_A, false);
    assert_string_equal(enter(shop), "q0 workshop -> crew 0/0/0 790/800 earned\n");
}

static void a_month_of_the_shop_earns_when_its_first_shift_is_heard_of(void **state)
{
    struct shop *shop = *state;
    struct quota *quota = shop_quota(shop, 0, QUOTA_PER_MONTH, QUOTA_VIEW_CLOCK, 900, 1000);
    quota->of_heats = quota->of_crews = false;
    shop_start(shop);
    rules_slot_start(shop->rules, shop_slot(5, 0, SHOP_NOBODY), 0);
    assert_string_equal(enter(shop), "q0 workshop -> period 1970-01 900/1000 earned\n");
    rules_slot_start(shop->rules, shop_slot(6, 0, 0), 1);
    assert_string_equal(enter(shop), "");
}

static void a_restart_from_a_snapshot_enters_nothing_twice(void **state)
{
    struct shop *shop = *state;
    shop->catalog.shift_count = 3;
    shop->catalog.crew_count = 4;
    shop_quota(shop, 0, QUOTA_PER_TONNE, QUOTA_VIEW_OWNER, 5, 7);
    shop_quota(shop, 0, QUOTA_PER_SHIFT, QUOTA_VIEW_CLOCK, 790, 800);
    shop_start(shop);
    rules_slot_start(shop->rules, CREW_A, 0);
    struct heat heat = weighed(1, 100000000);
    shop_own(&heat, CREW_A);
    rules_heat(shop->rules, &heat);
    enter(shop);
    struct snapshot_writer writer = {0};
    struct snapshot_reader reader;
    struct failure failure = {0};
    snapshot_begin(&writer);
    rules_save(shop->rules, &writer);
    snapshot_end(&writer);
    rules_destroy(shop->rules);
    shop_start(shop);
    assert_true(snapshot_open(&reader, writer.bytes, writer.count, &failure));
    if (!rules_load(shop->rules, &reader) || !snapshot_close(&reader, &failure)) {
        fail_msg("%s", failure.text);
    }
    snapshot_writer_clear(&writer);
    shop_post(shop, 0, 1, CREW_A, 400); /* the accounts are looked at again */
    assert_string_equal(enter(shop), "");
    heat = weighed(1, 102000000);
    shop_own(&heat, CREW_A);
    rules_heat(shop->rules, &heat);
    assert_string_equal(enter(shop), "q0 workshop -> heat 1 10/14 weight\n");
}

/* ---- Random sequences: what was entered is what the balances allow, at every level ---- */

#define HEATS 5
#define SLOTS 4
#define RUNS 60
#define STEPS 120
#define BASES 6

struct sums {
    int64_t heats[SHOP_QUOTAS][HEATS + 1][2], crews[SHOP_QUOTAS][SLOTS][2];
    int64_t workshop[SHOP_QUOTAS][2];
    struct heat known[HEATS + 1];
};

static void add_entry(void *context, const struct quota_entry *entry)
{
    struct sums *sums = context;
    const int64_t amounts[2] = {entry->target_base, entry->limit_base};
    assert_true(amounts[0] != 0 || amounts[1] != 0);
    for (int level = 0; level < 2; level++) {
        sums->workshop[entry->quota.index][level] -= amounts[level];
        if (entry->to.kind == QUOTA_ACCOUNT_HEAT) {
            sums->heats[entry->quota.index][entry->to.heat.value][level] += amounts[level];
        } else {
            assert_int_equal(entry->to.kind, QUOTA_ACCOUNT_CREW);
            sums->crews[entry->quota.index][entry->to.slot.crew.index][level] += amounts[level];
        }
    }
}

/* A crew-shift's own, and that of the heats that it owns. */
static int64_t sum_of_crew(const struct sums *sums, uint16_t quota, uint16_t crew, int level)
{
    int64_t sum = sums->crews[quota][crew][level];
    for (uint32_t i = 1; i <= HEATS; i++) {
        if (heat_owned(&sums->known[i]) && sums->known[i].owner.crew.index == crew) {
            sum += sums->heats[quota][i][level];
        }
    }
    return sum;
}

static void check_balance(void *context, const struct balance *balance)
{
    const struct sums *sums = context;
    const int64_t allowed[2] = {balance->allowed_target_base, balance->allowed_limit_base};
    const uint16_t quota = balance->quota.index;
    for (int level = 0; level < 2; level++) {
        if (balance->gone) {
            continue;
        }
        if (balance->scope == BALANCE_HEAT) {
            assert_int_equal(sums->heats[quota][balance->heat.value][level],
                             balance->allowed_known ? allowed[level] : 0);
        } else if (balance->allowed_known) {
            assert_int_equal(sum_of_crew(sums, quota, balance->slot.crew.index, level),
                             allowed[level]);
        }
    }
}

static struct heat random_heat(uint64_t *seed)
{
    struct heat heat = shop_heat(1 + (uint32_t)shop_random_below(seed, HEATS));
    heat.weighed_g = shop_random_below(seed, 3) > 0 ? shop_random_below(seed, 90) * 777777 : -1;
    heat.steel_g =
        heat.weighed_g > 0 ? heat.weighed_g - shop_random_below(seed, 2) * 333333 : heat.weighed_g;
    heat.first_start_us = shop_random_below(seed, 2) * 100;
    if (shop_random_below(seed, 2) == 0) {
        uint16_t crew = (uint16_t)shop_random_below(seed, SLOTS);
        shop_own(&heat, shop_slot(crew / 2, crew, crew));
    }
    return heat;
}

static void run(uint64_t seed)
{
    static const enum quota_basis bases[BASES] = {QUOTA_PER_TONNE, QUOTA_PER_HEAT,  QUOTA_PER_SHIFT,
                                                  QUOTA_LINEAR,    QUOTA_PER_TONNE, QUOTA_PER_HEAT};
    struct shop *shop = shop_create();
    struct sums sums = {0};
    for (uint16_t i = 0; i < BASES; i++) {
        struct quota *quota =
            shop_quota(shop, i, bases[i], i % 2 == 0 ? QUOTA_VIEW_OWNER : QUOTA_VIEW_CLOCK, 5, 7);
        quota->of_heats = i < 2 || i == 4;
        quota->of_crews = i != 4;
        quota->fixed_e9[QUOTA_LIMIT] = 40 * INT64_C(1000000000);
        quota->version_count = 1;
        quota->versions[0] =
            (struct quota_version){.from_us = 50, .rate_e9 = {INT64_C(3500000000), 6100000000}};
    }
    shop_start(shop);
    for (uint32_t i = 1; i <= HEATS; i++) {
        sums.known[i] = shop_heat(i);
        rules_heat(shop->rules, &sums.known[i]);
    }
    for (uint16_t crew = 0; crew < SLOTS; crew++) {
        rules_slot_start(shop->rules, shop_slot(crew / 2, crew, crew), crew * 40);
    }
    for (int step = 0; step < STEPS; step++) {
        uint16_t crew = (uint16_t)shop_random_below(&seed, SLOTS);
        if (shop_random_below(&seed, 2) == 0) {
            struct heat heat = random_heat(&seed);
            sums.known[heat.no.value] = heat;
            rules_heat(shop->rules, &heat);
        } else {
            shop_post(shop, (uint32_t)shop_random_below(&seed, BASES),
                      (uint32_t)shop_random_below(&seed, HEATS + 1),
                      shop_slot(crew / 2, crew, crew), shop_random_below(&seed, 9) - 2);
        }
        if (shop_random_below(&seed, 3) == 0) {
            rules_enter(shop->rules, step, add_entry, &sums);
            rules_judge(shop->rules, step, write_nothing, NULL);
            rules_show_begin(shop->rules);
            rules_show_end(shop->rules, check_balance, &sums);
        }
    }
    shop_destroy(shop);
}

static void what_was_entered_is_what_every_balance_allows(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        run(seed * UINT64_C(0x9E3779B97F4A7C15));
    }
}

int main(void)
{
#define SHOP_TEST(name) cmocka_unit_test_setup_teardown(name, shop_set_up, shop_tear_down)
    const struct CMUnitTest tests[] = {
        SHOP_TEST(domain_1a_a_heat_of_99_6_t_earns_five_allowances),
        SHOP_TEST(an_account_waits_for_the_weight),
        SHOP_TEST(a_corrected_weight_enters_the_difference),
        SHOP_TEST(domain_2_a_return_of_40_of_100_t_moves_what_they_earned),
        SHOP_TEST(a_part_that_was_never_weighed_earns_by_the_steel_that_came),
        SHOP_TEST(a_void_heat_gives_back_what_it_earned_and_may_earn_again),
        SHOP_TEST(a_heat_of_a_quota_of_crews_alone_earns_once_it_is_owned),
        SHOP_TEST(an_earlier_start_under_other_rates_is_a_revision),
        SHOP_TEST(a_shift_earns_what_it_is_allowed_by_itself_when_it_begins),
        SHOP_TEST(edge_18_a_crew_that_was_not_there_gives_its_shift_s_allowance_back),
        SHOP_TEST(a_month_of_the_shop_earns_when_its_first_shift_is_heard_of),
        SHOP_TEST(a_restart_from_a_snapshot_enters_nothing_twice),
        cmocka_unit_test(what_was_entered_is_what_every_balance_allows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
