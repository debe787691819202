/* Kinds of quota: a fixed part and a rate, amounts of a period, grades, seasons, which tonnes are
 * counted, a stretch. Numbers of DOMAIN 1a and 4 by name. */
#include "shop.h"
#include "zone.h"

#define TONNE INT64_C(1000000)
#define UNIT INT64_C(1000000000)
#define MARCH_10 20522 /* 2026-03-10 */
#define FEB_21 20505
#define MARCH_1 20513
#define DAY_A shop_slot(MARCH_10, 0, 0)
#define DAY_B shop_slot(MARCH_10, 1, 1)
#define NEXT_A shop_slot(MARCH_10 + 1, 0, 0)
#define AT(day) ((int64_t)(day)*TIMESTAMP_DAY_US)

static struct heat heat_of(uint32_t number, int64_t tonnes, struct crew_slot owner)
{
    struct heat heat = shop_heat(number);
    heat.steel_g = tonnes < 0 ? -1 : tonnes * TONNE;
    heat.tapped_g = heat.cast_g = -1;
    heat.first_start_us = AT(owner.day);
    shop_own(&heat, owner);
    return heat;
}

static void tell(struct shop *shop, struct heat heat)
{
    rules_heat(shop->rules, &heat);
}

static struct heat ended(struct heat heat)
{
    heat.ended_us = heat.first_start_us + 1;
    return heat;
}

static struct quota *linear(struct shop *shop, enum quota_view view, int64_t fixed, int64_t rate)
{
    struct quota *quota = shop_quota(shop, 0, QUOTA_LINEAR, view, rate, rate);
    quota->fixed_e9[QUOTA_TARGET] = quota->fixed_e9[QUOTA_LIMIT] = fixed * UNIT;
    return quota;
}

/* ---- A fixed part and a rate ---- */

/* DOMAIN 4: 12,000 + 35 x 1,200 = 54,000 kWh. */
static void domain_4_twelve_thousand_and_35_a_tonne_of_1200_are_54000(void **state)
{
    struct shop *shop = *state;
    linear(shop, QUOTA_VIEW_CLOCK, 12000, 35);
    shop_start(shop);
    tell(shop, heat_of(1, 700, DAY_A));
    tell(shop, heat_of(2, 500, DAY_A));
    shop_post(shop, 0, 1, DAY_A, 30000);
    shop_post(shop, 0, 0, DAY_A, 24000);
    assert_string_equal(shop_show(shop, NULL, 0),
                        "q0 crew 20522/0/0 54000 of 54000/54000 green provisional\n");
    shop_post(shop, 0, 0, DAY_A, 10);
    assert_string_equal(shop_judge(shop), "q0 crew 20522/0/0 limit raised 54010/54000\n");
}

static void the_fixed_part_is_there_from_the_start(void **state)
{
    struct shop *shop = *state;
    linear(shop, QUOTA_VIEW_CLOCK, 100, 35);
    shop_start(shop);
    shop_post(shop, 0, 0, DAY_A, 40);
    assert_string_equal(shop_show(shop, NULL, 0),
                        "q0 crew 20522/0/0 40 of 100/100 green provisional\n");
}

static void nothing_is_judged_while_an_owned_heat_has_no_weight(void **state)
{
    struct shop *shop = *state;
    linear(shop, QUOTA_VIEW_OWNER, 100, 1);
    shop_start(shop);
    tell(shop, heat_of(1, -1, DAY_A));
    shop_post(shop, 0, 1, DAY_A, 500);
    assert_string_equal(shop_judge(shop), "");
    assert_string_equal(shop_show(shop, NULL, 0), "q0 crew 20522/0/0 500 of unknown provisional\n");
    tell(shop, heat_of(1, 300, DAY_A));
    assert_string_equal(shop_judge(shop), "q0 crew 20522/0/0 limit raised 500/400\n");
    tell(shop, heat_of(1, 300, DAY_B)); /* the other crew answers for it after all */
    assert_string_equal(shop_judge(shop), "q0 crew 20522/0/0 limit cleared 0/100\n"
                                          "q0 crew 20522/1/1 limit raised 500/400\n");
}

static void the_fixed_part_is_scaled_where_the_clocks_change(void **state)
{
    struct shop *shop = *state;
    linear(shop, QUOTA_VIEW_CLOCK, 80, 1);
    shop_start(shop);
    tell(shop, heat_of(1, 10, DAY_A));
    rules_slot_start(shop->rules, DAY_A, AT(MARCH_10));
    rules_slot_length(shop->rules, DAY_A, 7 * TIMESTAMP_HOUR_US, 8 * TIMESTAMP_HOUR_US);
    assert_string_equal(shop_show(shop, NULL, 0),
                        "q0 crew 20522/0/0 0 of 80/80 green provisional\n"); /* 70 + 10 */
}

static void a_revised_fixed_part_holds_for_shifts_that_start_later(void **state)
{
    struct shop *shop = *state;
    struct quota *quota = linear(shop, QUOTA_VIEW_CLOCK, 100, 1);
    quota->version_count = 1;
    quota->versions[0] = (struct quota_version){.from_us = AT(MARCH_10 + 1),
                                                .rate_e9 = {2 * UNIT, 2 * UNIT},
                                                .fixed_e9 = {50 * UNIT, 50 * UNIT}};
    shop_start(shop);
    rules_slot_start(shop->rules, DAY_A, AT(MARCH_10));
    rules_slot_start(shop->rules, NEXT_A, AT(MARCH_10 + 1));
    tell(shop, heat_of(1, 10, DAY_A));
    struct heat early = heat_of(2, 10, NEXT_A); /* it started before, and keeps the old rate */
    early.first_start_us = AT(MARCH_10);
    tell(shop, early);
    assert_string_equal(shop_show(shop, NULL, 0),
                        "q0 crew 20522/0/0 0 of 110/110 green provisional\n"
                        "q0 crew 20523/0/0 0 of 60/60 green provisional\n");
}

/* ---- Amounts of a period ---- */

static void a_day_counts_every_crew_and_nobody(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_DAY, QUOTA_VIEW_CLOCK, 90, 100);
    shop_start(shop);
    shop_post(shop, 0, 0, DAY_A, 30);
    shop_post(shop, 0, 0, DAY_B, 30);
    shop_post(shop, 0, 0, shop_slot(MARCH_10, 2, SHOP_NOBODY), 50);
    shop_post(shop, 0, 0, NEXT_A, 7);
    assert_string_equal(shop_judge(shop), "q0 period 2026-03-10 target raised 110/90\n"
                                          "q0 period 2026-03-10 limit raised 110/100\n");
    assert_string_equal(shop_show(shop, NULL, 0),
                        "q0 period 2026-03-10 110 of 90/100 red provisional\n"
                        "q0 period 2026-03-11 7 of 90/100 green provisional\n");
}

static void a_period_is_over_when_it_and_its_heats_are(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_DAY, QUOTA_VIEW_CLOCK, 100, 100);
    shop_start(shop);
    struct heat heat = heat_of(1, 10, DAY_B);
    tell(shop, heat);
    shop_post(shop, 0, 1, DAY_B, 110);
    assert_string_equal(shop_judge(shop), "q0 period 2026-03-10 limit raised 110/100\n");
    rules_begin_day(shop->rules, MARCH_10 + 1);
    assert_string_equal(shop_judge(shop), ""); /* a heat of it goes on */
    tell(shop, ended(heat));
    assert_string_equal(shop_judge(shop), "q0 period 2026-03-10 limit closed 110/100\n");
    shop_post(shop, 0, 1, DAY_B, -20); /* late */
    assert_string_equal(shop_judge(shop), "q0 period 2026-03-10 limit cleared 90/100 retro\n"
                                          "q0 period 2026-03-10 limit closed 90/100 retro\n");
    assert_string_equal(shop_show(shop, NULL, 0), "q0 period 2026-03-10 90 of 100/100 green\n");
}

static void edge_32_a_period_that_is_over_before_anything_is_heard_of_it_pages_nobody(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_DAY, QUOTA_VIEW_CLOCK, 100, 100);
    shop_start(shop);
    rules_begin_day(shop->rules, MARCH_10 + 1);
    rules_begin_day(shop->rules, MARCH_10); /* said again, earlier: changes nothing */
    shop_post(shop, 0, 0, DAY_A, 110);
    assert_string_equal(shop_judge(shop), "q0 period 2026-03-10 limit raised 110/100 retro\n"
                                          "q0 period 2026-03-10 limit closed 110/100 retro\n");
}

/* DOMAIN 1a: the third ten days of February 2026 have 8 days. */
static void domain_1a_the_last_ten_days_of_february_have_eight_days(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_TEN_DAYS, QUOTA_VIEW_CLOCK, 100, 100);
    shop_quota(shop, 0, QUOTA_PER_MONTH, QUOTA_VIEW_CLOCK, 300, 300);
    shop_start(shop);
    for (int32_t day = FEB_21; day <= MARCH_1; day++) {
        shop_post(shop, 0, 0, shop_slot(day, 0, 0), 1);
    }
    rules_begin_day(shop->rules, MARCH_1);
    assert_string_equal(shop_show(shop, NULL, 0),
                        "q0 period 2026-02-X3 8 of 100/100 green\n"
                        "q0 period 2026-03-X1 1 of 100/100 green provisional\n"
                        "q1 period 2026-02 8 of 300/300 green\n"
                        "q1 period 2026-03 1 of 300/300 green provisional\n");
}

static void in_the_owner_view_a_period_has_the_heats_owned_in_it_and_idle_use(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_DAY, QUOTA_VIEW_OWNER, 100, 100);
    shop_start(shop);
    struct heat heat = shop_heat(1);
    tell(shop, heat);
    shop_post(shop, 0, 1, DAY_A, 40); /* nobody's yet */
    shop_post(shop, 0, 0, DAY_A, 5);
    assert_string_equal(shop_show(shop, NULL, 0),
                        "q0 period 2026-03-10 5 of 100/100 green provisional\n");
    tell(shop, heat_of(1, -1, NEXT_A)); /* its weight plays no part */
    assert_string_equal(shop_show(shop, NULL, 0),
                        "q0 period 2026-03-11 40 of 100/100 green provisional\n");
    tell(shop, heat_of(1, -1, shop_slot(MARCH_10, 2, SHOP_NOBODY)));
    assert_string_equal(shop_show(shop, NULL, 0),
                        "q0 period 2026-03-10 45 of 100/100 green provisional\n"
                        "q0 period 2026-03-11 0 of 100/100 green provisional\n");
}

static void a_period_goes_by_the_rates_in_force_as_it_begins(void **state)
{
    struct shop *shop = *state;
    struct quota *quota = shop_quota(shop, 0, QUOTA_PER_MONTH, QUOTA_VIEW_CLOCK, 100, 100);
    quota->version_count = 1;
    quota->versions[0] =
        (struct quota_version){.from_us = AT(MARCH_1 + 3), .rate_e9 = {80 * UNIT, 80 * UNIT}};
    shop_start(shop);
    shop_post(shop, 0, 0, shop_slot(MARCH_1 + 20, 0, 0), 1);
    shop_post(shop, 0, 0, shop_slot(MARCH_1 + 31, 0, 0), 1);
    assert_string_equal(shop_show(shop, NULL, 0),
                        "q0 period 2026-03 1 of 100/100 green provisional\n"
                        "q0 period 2026-04 1 of 80/80 green provisional\n");
}

/* A quota that came within the life of the ledger counts whole periods. */
static void a_quota_that_comes_within_a_period_counts_the_next_one(void **state)
{
    struct shop *shop = *state;
    struct quota *quota = shop_quota(shop, 0, QUOTA_PER_TEN_DAYS, QUOTA_VIEW_CLOCK, 100, 100);
    quota->from = (struct quota_bound){.day = MARCH_10 - 2, .shift = {1}};
    shop_start(shop);
    shop_post(shop, 0, 0, DAY_A, 30);
    shop_post(shop, 0, 0, NEXT_A, 7);
    assert_string_equal(shop_show(shop, NULL, 0),
                        "q0 period 2026-03-X2 7 of 100/100 green provisional\n");
}

/* Heats that are open when it comes keep its period open. */
static void edge_35_a_period_quota_that_comes_later_waits_for_the_heats_of_the_period(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_TONNE, QUOTA_VIEW_OWNER, 9, 9);
    shop_start(shop);
    struct heat heat = heat_of(1, 100, NEXT_A);
    tell(shop, heat);
    shop_post(shop, 0, 1, DAY_A, 60);
    struct quota *later = shop_quota(shop, 0, QUOTA_PER_DAY, QUOTA_VIEW_OWNER, 100, 100);
    later->from = (struct quota_bound){.day = MARCH_10 + 1};
    rules_follow(shop->rules, shop->quotas, shop->quota_count);
    shop_post(shop, 0, 1, NEXT_A, 50);
    rules_begin_day(shop->rules, MARCH_10 + 2);
    assert_string_equal(shop_judge(shop), "q1 period 2026-03-11 limit raised 110/100\n");
    tell(shop, ended(heat));
    assert_string_equal(shop_judge(shop), "q1 period 2026-03-11 limit closed 110/100\n");
    assert_string_equal(shop_show(shop, NULL, 0),
                        "q0 heat 1 110 of 900/900 green owner 20523/0/0\n"
                        "q0 crew 20523/0/0 110 of 900/900 green provisional\n"
                        "q1 period 2026-03-11 110 of 100/100 red\n");
}

static void open_use_is_heard_before_a_period_s_limit_is_passed(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_DAY, QUOTA_VIEW_CLOCK, 100, 100);
    shop_start(shop);
    struct segment open = shop_segment(0, 0, DAY_A, 40);
    assert_int_equal(rules_open(shop->rules, (meter_id){0}, &open, 1), 70); /* to 110 */
    open.amount_base = 110;
    assert_true(rules_open(shop->rules, (meter_id){0}, &open, 1) >= 1);
    assert_string_equal(shop_judge(shop), "q0 period 2026-03-10 limit raised 110/100\n");
    open.slot = NEXT_A;
    rules_open(shop->rules, (meter_id){0}, &open, 1);
    assert_string_equal(shop_judge(shop), "q0 period 2026-03-10 limit cleared 0/100\n"
                                          "q0 period 2026-03-11 limit raised 110/100\n");
}

static void an_alert_of_a_period_is_acknowledged_by_its_name(void **state)
{
    struct shop *shop = *state;
    shop_quota(shop, 0, QUOTA_PER_DAY, QUOTA_VIEW_CLOCK, 100, 100);
    shop_start(shop);
    shop_post(shop, 0, 0, DAY_A, 110);
    (void)shop_judge(shop);
    struct alert_transition asked = {.matter = ALERT_QUOTA,
                                     .scope = BALANCE_PERIOD,
                                     .period = period_of(PERIOD_DAY, MARCH_10),
                                     .level = ALERT_LIMIT,
                                     .state = ALERT_ACKED,
                                     .at_us = shop->now_us,
                                     .by = "leader"};
    assert_int_equal(rules_handle(shop->rules, &asked, shop_write_transition, shop), ALERT_DONE);
    asked.period = period_of(PERIOD_DAY, MARCH_10 + 1);
    assert_int_equal(rules_handle(shop->rules, &asked, shop_write_transition, shop), ALERT_UNKNOWN);
}

/* ---- Grades ---- */

static void add_grade(struct quota *quota, const char *name, int64_t from_us, int64_t target,
                      int64_t limit)
{
    struct quota_grade *grade = &quota->grades[quota->grade_count++];
    (void)snprintf(grade->grade, sizeof grade->grade, "%s", name);
    grade->from_us = from_us;
    grade->rate_e9[QUOTA_TARGET] = target * UNIT;
    grade->rate_e9[QUOTA_LIMIT] = limit * UNIT;
}

static struct heat graded(struct heat heat, const char *grade)
{
    (void)snprintf(heat.grade, sizeof heat.grade, "%s", grade);
    return heat;
}

/* DOMAIN 4: by grade, mix-normalised: the sum of t x q over the grades. */
static void domain_4_a_crew_is_allowed_the_sum_over_its_grades(void **state)
{
    struct shop *shop = *state;
    struct quota *quota = shop_quota(shop, 0, QUOTA_PER_TONNE, QUOTA_VIEW_OWNER, 6, 7);
    quota->of_heats = false;
    add_grade(quota, "Q235B", INT64_MIN, 4, 5);
    shop_start(shop);
    tell(shop, heat_of(1, 100, DAY_A));
    tell(shop, graded(heat_of(2, 50, DAY_A), "Q235B"));
    tell(shop, graded(heat_of(3, 10, DAY_A), "HRB400"));
    assert_string_equal(shop_show(shop, NULL, 0), /* 600 + 200 + 60, 700 + 250 + 70 */
                        "q0 crew 20522/0/0 0 of 860/1020 green provisional\n");
}

static void a_heat_whose_grade_changes_is_allowed_anew(void **state)
{
    struct shop *shop = *state;
    struct quota *quota = shop_quota(shop, 0, QUOTA_PER_TONNE, QUOTA_VIEW_OWNER, 7, 7);
    add_grade(quota, "Q235B", INT64_MIN, 5, 5);
    shop_start(shop);
    struct heat heat = heat_of(1, 100, DAY_A);
    tell(shop, heat);
    shop_post(shop, 0, 1, DAY_A, 600);
    assert_string_equal(shop_judge(shop), "");
    tell(shop, graded(heat, "Q235B"));
    assert_string_equal(shop_judge(shop), "q0 heat 1 limit raised 600/500\n"
                                          "q0 crew 20522/0/0 limit raised 600/500\n");
    tell(shop, heat);
    assert_string_equal(shop_judge(shop), "q0 heat 1 limit cleared 600/700\n"
                                          "q0 crew 20522/0/0 limit cleared 600/700\n");
}

static void edge_29_a_grade_s_version_is_frozen_at_the_heat_s_start(void **state)
{
    struct shop *shop = *state;
    struct quota *quota = shop_quota(shop, 0, QUOTA_PER_TONNE, QUOTA_VIEW_OWNER, 7, 7);
    quota->of_crews = false;
    add_grade(quota, "G", INT64_MIN, 5, 5);
    add_grade(quota, "G", AT(MARCH_10), 4, 4);
    add_grade(quota, "G", AT(MARCH_10 + 1), QUOTA_NO_RATE, 0);
    quota->grades[2].rate_e9[QUOTA_LIMIT] = QUOTA_NO_RATE;
    shop_start(shop);
    for (uint32_t i = 0; i < 3; i++) {
        struct heat heat = graded(heat_of(i + 1, 100, DAY_A), "G");
        heat.first_start_us = AT(MARCH_10 - 1 + (int32_t)i);
        tell(shop, heat);
    }
    assert_string_equal(shop_show(shop, NULL, 0),
                        "q0 heat 1 0 of 500/500 green owner 20522/0/0 provisional\n"
                        "q0 heat 2 0 of 400/400 green owner 20522/0/0 provisional\n"
                        "q0 heat 3 0 of 700/700 green owner 20522/0/0 provisional\n");
}

/* ---- Seasons ---- */

static void a_season_is_that_of_the_production_day(void **state)
{
    struct shop *shop = *state;
    static struct shift shifts[] = {{.id = "day", .start_s = 8 * 3600}};
    struct zone china = zone_fixed("Asia/Shanghai", 8 * 3600);
    struct quota *heats = shop_quota(shop, 0, QUOTA_PER_HEAT, QUOTA_VIEW_OWNER, 100, 100);
    heats->of_crews = false;
    struct quota *shift = shop_quota(shop, 0, QUOTA_PER_SHIFT, QUOTA_VIEW_CLOCK, 100, 100);
    struct quota *month = shop_quota(shop, 0, QUOTA_PER_MONTH, QUOTA_VIEW_CLOCK, 100, 100);
    struct quota_season winter = {.months = 1 << 11 | 1 << 0 | 1 << 1, .factor_e9 = 1050000000};
    heats->seasons[0] = shift->seasons[0] = month->seasons[0] = winter;
    heats->season_count = shift->season_count = month->season_count = 1;
    shop->catalog.shifts = shifts;
    shop->catalog.shift_count = 1;
    shop_start(shop);
    rules_zone(shop->rules, &china);
    struct heat heat = shop_heat(1); /* 07:59:59 on 1 March is February's last production day */
    heat.first_start_us = AT(MARCH_1) - TIMESTAMP_SECOND_US;
    tell(shop, heat);
    shop_post(shop, 0, 1, shop_slot(MARCH_1 - 1, 0, 0), 1);
    heat = shop_heat(2);
    heat.first_start_us = AT(MARCH_1);
    tell(shop, heat);
    shop_post(shop, 0, 2, shop_slot(MARCH_1, 0, 0), 1);
    assert_string_equal(shop_show(shop, NULL, 0),
                        "q0 heat 1 1 of 105/105 green provisional\n"
                        "q0 heat 2 1 of 100/100 green provisional\n"
                        "q1 crew 20512/0/0 1 of 105/105 green provisional\n"
                        "q1 crew 20513/0/0 1 of 100/100 green provisional\n"
                        "q2 period 2026-02 1 of 105/105 green provisional\n"
                        "q2 period 2026-03 1 of 100/100 green provisional\n");
}

/* ---- Which tonnes ---- */

static void a_quota_counts_the_tonnes_that_it_names(void **state)
{
    struct shop *shop = *state;
    static const enum quota_tonnes tonnes[] = {QUOTA_TONNES_GOOD, QUOTA_TONNES_TAPPED,
                                               QUOTA_TONNES_CAST};
    for (size_t i = 0; i < 3; i++) {
        struct quota *quota = shop_quota(shop, 0, QUOTA_PER_TONNE, QUOTA_VIEW_OWNER, 1, 1);
        quota->of_crews = false;
        quota->tonnes = tonnes[i];
    }
    shop_start(shop);
    struct heat heat = heat_of(1, 98, DAY_A);
    heat.tapped_g = 100 * TONNE;
    tell(shop, heat);
    assert_string_equal(shop_show(shop, NULL, 0),
                        "q0 heat 1 0 of 98/98 green owner 20522/0/0 provisional\n"
                        "q1 heat 1 0 of 100/100 green owner 20522/0/0 provisional\n"
                        "q2 heat 1 0 of unknown owner 20522/0/0 provisional\n");
    heat.cast_g = 96 * TONNE; /* late */
    tell(shop, heat);
    assert_string_equal(shop_show(shop, NULL, 0),
                        "q2 heat 1 0 of 96/96 green owner 20522/0/0 provisional\n");
    heat.cast_g = 95 * TONNE; /* corrected */
    tell(shop, heat);
    assert_string_equal(shop_show(shop, NULL, 0),
                        "q2 heat 1 0 of 95/95 green owner 20522/0/0 provisional\n");
}

/* ---- The stretch ---- */

static void keep_balance(void *context, const struct balance *balance)
{
    *(struct balance *)context = *balance;
}

static void a_stretch_is_shown_and_raises_nothing(void **state)
{
    struct shop *shop = *state;
    struct quota *quota = shop_quota(shop, 0, QUOTA_PER_TONNE, QUOTA_VIEW_OWNER, 6, 7);
    quota->of_heats = false;
    quota->has_stretch = true;
    quota->rate_e9[QUOTA_STRETCH] = 5 * UNIT;
    shop_start(shop);
    tell(shop, heat_of(1, 100, DAY_A));
    tell(shop, heat_of(2, 10, DAY_A));
    shop_post(shop, 0, 1, DAY_A, 590);
    assert_string_equal(shop_judge(shop), "");
    struct balance balance = {0};
    rules_show_begin(shop->rules);
    rules_show_end(shop->rules, keep_balance, &balance);
    assert_int_equal(balance.allowed_stretch_base, 550);
    assert_int_equal(balance.verdict, VERDICT_GREEN);
    tell(shop, heat_of(1, -1, DAY_A));
    tell(shop, heat_of(2, -1, DAY_A));
    rules_show_begin(shop->rules);
    rules_show_end(shop->rules, keep_balance, &balance);
    assert_int_equal(balance.allowed_stretch_base, -1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, shop_set_up, shop_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(domain_4_twelve_thousand_and_35_a_tonne_of_1200_are_54000),
        TEST(the_fixed_part_is_there_from_the_start),
        TEST(nothing_is_judged_while_an_owned_heat_has_no_weight),
        TEST(the_fixed_part_is_scaled_where_the_clocks_change),
        TEST(a_revised_fixed_part_holds_for_shifts_that_start_later),
        TEST(a_day_counts_every_crew_and_nobody),
        TEST(a_period_is_over_when_it_and_its_heats_are),
        TEST(edge_32_a_period_that_is_over_before_anything_is_heard_of_it_pages_nobody),
        TEST(domain_1a_the_last_ten_days_of_february_have_eight_days),
        TEST(in_the_owner_view_a_period_has_the_heats_owned_in_it_and_idle_use),
        TEST(a_period_goes_by_the_rates_in_force_as_it_begins),
        TEST(a_quota_that_comes_within_a_period_counts_the_next_one),
        TEST(edge_35_a_period_quota_that_comes_later_waits_for_the_heats_of_the_period),
        TEST(open_use_is_heard_before_a_period_s_limit_is_passed),
        TEST(an_alert_of_a_period_is_acknowledged_by_its_name),
        TEST(domain_4_a_crew_is_allowed_the_sum_over_its_grades),
        TEST(a_heat_whose_grade_changes_is_allowed_anew),
        TEST(edge_29_a_grade_s_version_is_frozen_at_the_heat_s_start),
        TEST(a_season_is_that_of_the_production_day),
        TEST(a_quota_counts_the_tonnes_that_it_names),
        TEST(a_stretch_is_shown_and_raises_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
