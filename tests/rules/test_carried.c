/* What a crew has left of a month goes to its next one, once, and what changes later goes after it.
 */
#include "papers.h"
#include "rules_snapshot.h"
#include "shop.h"

#define A_IN_JANUARY shop_slot(3, 0, 0)
#define B_IN_JANUARY shop_slot(4, 1, 1)
#define A_IN_FEBRUARY shop_slot(35, 0, 0)

static void write_crew_period(struct shop *shop, const struct quota_account *account)
{
    char period[PERIOD_TEXT_MAX];
    if (account->kind == QUOTA_ACCOUNT_CREW_PERIOD) {
        shop_write(shop, "%s/%u", period_format(account->period, period), account->slot.crew.index);
    } else {
        shop_write(shop, "%s", quota_account_kind_name(account->kind));
    }
}

/* What heats and shifts earn is another test's. */
static void write_entry(void *context, const struct quota_entry *entry)
{
    struct shop *shop = context;
    if (entry->to.kind != QUOTA_ACCOUNT_CREW_PERIOD) {
        return;
    }
    write_crew_period(shop, &entry->from);
    shop_write(shop, " -> ");
    write_crew_period(shop, &entry->to);
    shop_write(shop, " %" PRId64 "/%" PRId64 " %s%s%s\n", entry->target_base, entry->limit_base,
               quota_entry_cause_name(entry->cause), entry->paper != NULL ? " " : "",
               entry->paper != NULL ? entry->paper : "");
}

static void write_nothing(void *context, const struct alert_transition *transition)
{
    (void)context;
    (void)transition;
}

static void begin(struct shop *shop)
{
    shop->log_length = 0;
    shop->log[0] = '\0';
    shop->now_us++;
}

static const char *enter(struct shop *shop)
{
    begin(shop);
    rules_enter(shop->rules, shop->now_us, write_entry, shop);
    rules_judge(shop->rules, shop->now_us, write_nothing, NULL);
    return shop->log;
}

static const char *close_month(struct shop *shop, int32_t day)
{
    enter(shop);
    begin(shop);
    rules_carry(shop->rules, period_of(PERIOD_MONTH, day), shop->now_us, write_entry, shop);
    return shop->log;
}

static void own_heat(struct shop *shop, uint32_t number, int64_t tonnes, struct crew_slot owner)
{
    struct heat heat = shop_heat(number);
    heat.steel_g = heat.weighed_g = tonnes * 1000000;
    shop_own(&heat, owner);
    rules_heat(shop->rules, &heat);
}

/* A may use 680/700 and used 682; B may use 680/700 and used 710. */
static void set_up_january(struct shop *shop, bool carry)
{
    static struct shift shifts[3];
    shop->catalog.shifts = shifts;
    shop->catalog.shift_count = 3;
    shop->catalog.crew_count = 4;
    struct quota *quota = shop_quota(shop, 0, QUOTA_PER_TONNE, QUOTA_VIEW_OWNER, 68, 70);
    quota->carry = carry;
    shop_start(shop);
    own_heat(shop, 1, 10, A_IN_JANUARY);
    own_heat(shop, 2, 10, B_IN_JANUARY);
    shop_post(shop, 0, 1, A_IN_JANUARY, 682);
    shop_post(shop, 0, 2, B_IN_JANUARY, 710);
}

static void a_month_s_balance_goes_to_the_next_one_be_it_left_or_short(void **state)
{
    struct shop *shop = *state;
    set_up_january(shop, true);
    assert_string_equal(close_month(shop, 3), "1970-01/0 -> 1970-02/0 -2/18 carried\n"
                                              "1970-01/1 -> 1970-02/1 -30/-10 carried\n");
    assert_string_equal(enter(shop), "");
}

static void a_quota_that_is_not_carried_on_stays_as_it_is(void **state)
{
    struct shop *shop = *state;
    set_up_january(shop, false);
    assert_string_equal(close_month(shop, 3), "");
    shop_post(shop, 0, 1, A_IN_JANUARY, 5);
    assert_string_equal(enter(shop), "");
}

static void edge_13_what_is_used_late_goes_after_it(void **state)
{
    struct shop *shop = *state;
    set_up_january(shop, true);
    close_month(shop, 3);
    shop_post(shop, 0, 1, A_IN_JANUARY, 5);
    assert_string_equal(enter(shop), "1970-01/0 -> 1970-02/0 -5/-5 carried\n");
    own_heat(shop, 1, 11, A_IN_JANUARY); /* it weighed more */
    assert_string_equal(enter(shop), "1970-01/0 -> 1970-02/0 68/70 carried\n");
}

static void edge_13_a_correction_goes_through_all_months_that_are_closed(void **state)
{
    struct shop *shop = *state;
    set_up_january(shop, true);
    close_month(shop, 3);
    own_heat(shop, 3, 1, A_IN_FEBRUARY);
    shop_post(shop, 0, 3, A_IN_FEBRUARY, 60);
    assert_string_equal(close_month(shop, 35), "1970-02/0 -> 1970-03/0 6/28 carried\n"
                                               "1970-02/1 -> 1970-03/1 -30/-10 carried\n");
    shop_post(shop, 0, 1, A_IN_JANUARY, 5);
    assert_string_equal(enter(shop), "1970-01/0 -> 1970-02/0 -5/-5 carried\n"
                                     "1970-02/0 -> 1970-03/0 -5/-5 carried\n");
}

static void a_heat_that_changes_its_owner_late_takes_its_balance_along(void **state)
{
    struct shop *shop = *state;
    set_up_january(shop, true);
    close_month(shop, 3);
    own_heat(shop, 1, 10, B_IN_JANUARY);
    assert_string_equal(enter(shop), "1970-01/0 -> 1970-02/0 2/-18 carried\n"
                                     "1970-01/1 -> 1970-02/1 -2/18 carried\n");
}

static void transfer(struct shop *shop, struct period period, int64_t amount_base)
{
    struct kept_paper paper = {.id = "t1",
                               .kind = PAPER_TRANSFER,
                               .state = PAPER_IN_FORCE,
                               .crew = {0},
                               .to_crew = {1},
                               .period = period,
                               .amount_base = amount_base};
    begin(shop);
    rules_transfer(shop->rules, &paper, shop->now_us, write_entry, shop);
}

static void a_transfer_is_carried_on_with_the_rest(void **state)
{
    struct shop *shop = *state;
    set_up_january(shop, true);
    transfer(shop, period_of(PERIOD_TEN_DAYS, 3), 15);
    assert_string_equal(shop->log, "1970-01-X1/0 -> 1970-01-X1/1 15/15 transfer t1\n");
    assert_string_equal(close_month(shop, 3), "1970-01/0 -> 1970-02/0 -17/3 carried\n"
                                              "1970-01/1 -> 1970-02/1 -15/5 carried\n");
    transfer(shop, period_of(PERIOD_MONTH, 3), 1); /* of a month that is closed */
    assert_string_equal(shop->log, "1970-01/0 -> 1970-01/1 1/1 transfer t1\n"
                                   "1970-01/0 -> 1970-02/0 -1/-1 carried\n"
                                   "1970-01/1 -> 1970-02/1 1/1 carried\n");
}

static void write_reserve(void *context, const struct quota_entry *entry)
{
    struct shop *shop = context;
    char period[PERIOD_TEXT_MAX];
    assert_int_equal(entry->from.kind, QUOTA_ACCOUNT_WORKSHOP);
    assert_int_equal(entry->to.kind, QUOTA_ACCOUNT_RESERVE);
    shop_write(shop, "q%u %s %" PRId64 "/%" PRId64 "\n", entry->quota.index,
               period_format(entry->to.period, period), entry->target_base, entry->limit_base);
}

/* 25 t were planned, 20 made: 5 x 68 and 5 x 70 were not earned. */
static void what_was_planned_and_not_earned_goes_to_the_reserve(void **state)
{
    struct shop *shop = *state;
    set_up_january(shop, true);
    own_heat(shop, 3, 7, A_IN_FEBRUARY);
    enter(shop);
    begin(shop);
    rules_reserve(shop->rules, period_of(PERIOD_MONTH, 3), 25000000, 1, write_reserve, shop);
    assert_string_equal(shop->log, "q0 1970-01 340/350\n");
    begin(shop);
    rules_reserve(shop->rules, period_of(PERIOD_MONTH, 35), 6000000, 1, write_reserve, shop);
    assert_string_equal(shop->log, "q0 1970-02 -68/-70\n");
}

static void a_restart_from_a_snapshot_carries_nothing_twice(void **state)
{
    struct shop *shop = *state;
    struct snapshot_writer writer = {0};
    struct snapshot_reader reader;
    struct failure failure = {0};
    set_up_january(shop, true);
    close_month(shop, 3);
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
    shop_post(shop, 0, 1, A_IN_JANUARY, 5);
    assert_string_equal(enter(shop), "1970-01/0 -> 1970-02/0 -5/-5 carried\n");
}

int main(void)
{
#define SHOP_TEST(name) cmocka_unit_test_setup_teardown(name, shop_set_up, shop_tear_down)
    const struct CMUnitTest tests[] = {
        SHOP_TEST(a_month_s_balance_goes_to_the_next_one_be_it_left_or_short),
        SHOP_TEST(a_quota_that_is_not_carried_on_stays_as_it_is),
        SHOP_TEST(edge_13_what_is_used_late_goes_after_it),
        SHOP_TEST(edge_13_a_correction_goes_through_all_months_that_are_closed),
        SHOP_TEST(a_heat_that_changes_its_owner_late_takes_its_balance_along),
        SHOP_TEST(a_transfer_is_carried_on_with_the_rest),
        SHOP_TEST(what_was_planned_and_not_earned_goes_to_the_reserve),
        SHOP_TEST(a_restart_from_a_snapshot_carries_nothing_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
