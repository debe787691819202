/* report costs, and report variance under a tariff: money, standard coal and CO2 of the fixture's
 * day. A owns both heats, 199.7 t; B has used 60 kWh of the second one so far. */
#include "costing_rules.h"
#include "ledger_fixture.h"
#include "report.h"
#include "three_bands.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct price prices[] = {
    {{F_ELECTRICITY}, INT32_MIN, 620000, COSTING_UNKNOWN},
    {{F_FEMN}, INT32_MIN, 8000000, 9000000},
};
static struct energy_factor factors[] = {
    {{F_ELECTRICITY}, ENERGY_COAL, "", INT32_MIN, 122900, "GB/T 2589-2020"},
    {{F_ELECTRICITY}, ENERGY_CO2, "", INT32_MIN, 530600, "2023"},
};
static uint16_t item_class[] = {1, 0};
static struct cost_class classes[] = {{.id = "material", .controllable = true},
                                      {.id = "energy", .controllable = true}};

static struct costing_rules rules(void)
{
    return (struct costing_rules){.prices = prices,
                                  .price_count = 2,
                                  .factors = factors,
                                  .factor_count = 2,
                                  .classes = classes,
                                  .class_count = 2,
                                  .item_class = item_class};
}

static char *written(struct ledger_fixture *f, const char *name, struct costing_rules costing,
                     struct report_filters filters, bool as_text)
{
    const struct report_plant plant = {.rules = &costing, .catalog = &f->catalog};
    struct failure failure = {0};
    struct report report;
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);

    if (!report_run_for(book_reader(f->book), name, &plant, &filters, &report, &failure)) {
        fail_msg("%s: %s", name, failure.text);
    }
    as_text ? report_write_text(&report, out) : table_write_csv(report.table, out);
    fclose(out);
    report_clear(&report);
    return text;
}

static void expect_csv(struct ledger_fixture *f, const char *name, struct costing_rules costing,
                       struct report_filters filters, const char *expected)
{
    char *text = written(f, name, costing, filters, false);
    assert_string_equal(text, expected);
    free(text);
}

#define COSTS                                                                                      \
    "period,crew,line,class,item,unit,amount,standard_price,actual_price,standard_cost,"           \
    "actual_cost,kgce,co2_kg,recovered,controllable,steel_kg,per_tonne,kgce_per_tonne,"            \
    "co2_per_tonne,incomplete,spread\n"

/* 5,760.001 kWh x 0.62 = 3,571.20062 yuan; 1,368 kg x 8 = 10,944 yuan; over 199.7 t. */
static void a_crew_is_told_what_a_tonne_of_its_steel_cost(void **state)
{
    static const char rows[] =
        "electricity,kWh,5760.001,0.62,0.62,3571.2,3571.2,707.904,3056.257,false,true,199700,"
        "17.882827,3.544838,15.304239,false,false\n"
        "2026-03-10,A,item,material,femn,kg,1368,8,9,10944,12312,,,false,true,199700,54.802203,,,"
        "false,false\n"
        "2026-03-10,A,used,,,,,,,14515.2,15883.2,707.904,3056.257,false,false,199700,72.685031,"
        "3.544838,15.304239,false,false\n"
        "2026-03-10,A,recovered,,,,,,,0,0,0,0,true,false,199700,0,0,0,false,false\n"
        "2026-03-10,A,net,,,,,,,14515.2,15883.2,707.904,3056.257,false,false,199700,72.685031,"
        "3.544838,15.304239,false,false\n"
        "2026-03-10,A,controllable,,,,,,,14515.2,15883.2,707.904,3056.257,false,true,199700,"
        "72.685031,3.544838,15.304239,false,false\n";
    char expected[2048];
    snprintf(expected, sizeof expected, COSTS "2026-03-10,A,item,energy,%s", rows);
    expect_csv(*state, "costs", rules(), (struct report_filters){.crew = "A"}, expected);
}

/* By the clock B has the 60 kWh of the heat that A owns; the shop is the sum of both. */
static void the_views_differ_in_who_and_not_in_how_much(void **state)
{
    struct report_filters filters = {.view = "clock", .item = "electricity", .period = "2026-03"};
    char *clock = written(*state, "costs", rules(), filters, false);
    assert_non_null(strstr(clock, "2026-03,A,item,energy,electricity,kWh,5700.001,"));
    assert_non_null(strstr(clock, "2026-03,B,item,energy,electricity,kWh,60,0.62,0.62,37.2,37.2,"
                                  "7.374,31.836,false,true,0,,,,false,false\n"));
    const char *shop = strstr(clock, "2026-03,,net,,,,,,,3571.2,");
    assert_non_null(shop);
    filters.view = NULL; /* owner */
    char *owner = written(*state, "costs", rules(), filters, false);
    const char *same = strstr(owner, "2026-03,,net,");
    assert_non_null(same);
    assert_string_equal(shop, same);
    assert_null(strstr(owner, ",B,"));
    free(clock);
    free(owner);
}

static void what_is_won_back_is_a_credit_of_its_own(void **state)
{
    struct ledger_fixture *f = *state;
    f->items[F_FEMN].recovered = true;
    char *text = written(f, "costs", rules(), (struct report_filters){.crew = "A"}, false);
    assert_non_null(strstr(text, ",femn,kg,1368,8,9,-10944,-12312,,,true,true,199700,-54.802203,"));
    assert_non_null(strstr(text, ",A,used,,,,,,,3571.2,3571.2,"));
    assert_non_null(strstr(text, ",A,recovered,,,,,,,-10944,-12312,"));
    assert_non_null(strstr(text, ",A,net,,,,,,,-7372.8,-8740.8,"));
    free(text);
}

static void what_a_team_cannot_help_is_left_out_of_what_it_can(void **state)
{
    classes[1].controllable = false;
    char *text = written(*state, "costs", rules(), (struct report_filters){.crew = "A"}, false);
    classes[1].controllable = true;
    assert_non_null(strstr(text, ",A,net,,,,,,,14515.2,"));
    assert_non_null(strstr(text, ",A,controllable,,,,,,,10944,12312,,,"));
    free(text);
}

static void what_has_no_price_is_named_and_the_sum_said_to_be_incomplete(void **state)
{
    struct costing_rules costing = rules();
    costing.price_count = 1;
    item_class[F_FEMN] = 1;
    char *text = written(*state, "costs", costing, (struct report_filters){.crew = "A"}, false);
    assert_non_null(strstr(text, ",femn,kg,1368,,,,,,,false,true,199700,,,,true,false\n"));
    assert_non_null(strstr(text, ",A,net,,,,,,,3571.2,3571.2,"));
    assert_non_null(strstr(text, "17.882827,3.544838,15.304239,true,false\n"));
    free(text);
    text = written(*state, "costs", costing, (struct report_filters){.crew = "A"}, true);
    assert_non_null(strstr(text, "No standard price, left out of the costs: femn\n"));
    assert_non_null(strstr(text, "No standard coal, left out of kgce: femn\n"));
    free(text);
    struct report_filters chinese = {.crew = "A", .chinese = true};
    text = written(*state, "costs", costing, chinese, true);
    item_class[F_FEMN] = 0;
    assert_non_null(strstr(text, "无标准单价，未计入成本：femn\n"));
    free(text);
}

/* Its row stays, so that no use is hidden. */
static void an_item_of_a_former_configuration_has_no_price(void **state)
{
    struct ledger_fixture *f = *state;
    f->catalog.item_count = 1;
    char *text = written(f, "costs", rules(), (struct report_filters){.crew = "A"}, false);
    assert_non_null(strstr(text, ",A,item,,femn,kg,1368,,,,,,,false,true,199700,,,,true,false\n"));
    assert_non_null(strstr(text, ",A,net,,,,,,,3571.2,3571.2,"));
    free(text);
}

static void a_heat_without_weight_leaves_no_cost_of_a_tonne(void **state)
{
    struct ledger_fixture *f = *state;
    struct heat heat = fixture_heat(2, "12602496", F_AT(15, 5));
    struct failure failure;
    heat.owner_at_us = F_AT(15, 35);
    heat.owner = fixture_slot(F_DAY, F_A);
    fixture_begin(f);
    book_heat(f->book, &heat, 1);
    assert_true(fixture_commit(f, F_DEMO_NOW_US, &failure));
    char *text = written(f, "costs", rules(), (struct report_filters){.crew = "A"}, false);
    assert_non_null(strstr(text, ",A,net,,,,,,,14515.2,15883.2,707.904,3056.257,false,false,"
                                 "99600,,,,false,false\n"));
    free(text);
    text = written(f, "costs", rules(), (struct report_filters){.heat = "12602485"}, false);
    assert_non_null(strstr(text, ",electricity,kWh,4100,0.62,0.62,2542,"));
    assert_non_null(strstr(text, ",false,true,99600,25.522088,"));
    free(text);
}

/* ---- Under a tariff ---- */

/* 4,100 x 0.31 + 660 x 0.62, and 1,000.001 kWh from 08:00 to 16:00 that were booked in one piece:
 * 250 x 0.31 + 625 x 0.95 + 125.001 x 0.62. */
static void use_costs_the_price_of_its_time(void **state)
{
    struct ledger_fixture *f = *state;
    f->items[F_ELECTRICITY].tariff = three_bands();
    struct report_filters filters = {.crew = "A", .item = "electricity"};
    char *text = written(f, "costs", rules(), filters, false);
    assert_non_null(strstr(text, ",electricity,kWh,5760.001,0.62,0.421693,3571.2,2428.95,"));
    assert_non_null(strstr(text, ",15.304239,false,true\n"));
    free(text);
    text = written(f, "costs", rules(), filters, true);
    assert_non_null(strstr(text, "divided over its bands by time: electricity\n"));
    free(text);
    filters.station = "LF";
    text = written(f, "costs", rules(), filters, false);
    assert_non_null(strstr(text, ",electricity,kWh,4760,0.62,0.352983,2951.2,1680.2,"));
    assert_non_null(strstr(text, ",false,false\n"));
    free(text);
    free(f->items[F_ELECTRICITY].tariff);
}

/* What was used at night was used no less: a tariff makes the price, and the price variance. */
static void a_tariff_makes_the_actual_price_of_a_variance(void **state)
{
    struct ledger_fixture *f = *state;
    f->items[F_ELECTRICITY].tariff = three_bands();
    expect_csv(f, "variance", rules(), (struct report_filters){.quota = "lf"},
               "period,crew,quota,item,unit,used,allowed,standard_price,actual_price,"
               "usage_variance,price_variance,total_variance,effect,controllable,provisional\n"
               "2026-03-10,A,lf,electricity,kWh,4760,7189.2,0.62,0.352983,-1506.1,-1271,-2777.1,F,"
               "true,true\n");
    free(f->items[F_ELECTRICITY].tariff);
}

#define DEMO_TEST(name)                                                                            \
    cmocka_unit_test_setup_teardown(name, fixture_set_up_demo, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DEMO_TEST(a_crew_is_told_what_a_tonne_of_its_steel_cost),
        DEMO_TEST(the_views_differ_in_who_and_not_in_how_much),
        DEMO_TEST(what_is_won_back_is_a_credit_of_its_own),
        DEMO_TEST(what_a_team_cannot_help_is_left_out_of_what_it_can),
        DEMO_TEST(what_has_no_price_is_named_and_the_sum_said_to_be_incomplete),
        DEMO_TEST(an_item_of_a_former_configuration_has_no_price),
        DEMO_TEST(a_heat_without_weight_leaves_no_cost_of_a_tonne),
        DEMO_TEST(use_costs_the_price_of_its_time),
        DEMO_TEST(a_tariff_makes_the_actual_price_of_a_variance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
