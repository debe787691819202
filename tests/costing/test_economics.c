/* DOMAIN 1b: each worked example under its number. */
#include "economics.h"
#include "fractions.h"

#define N(text) decimal(&sheet, text)

static void example_1_and_2_compound_interest(void **state)
{
    struct sheet sheet = {0};
    (void)state;
    expect(economics_future(&sheet, N("1000"), N("0.1"), 5), 2, "1610.51");
    expect(economics_present(&sheet, N("1000"), N("0.1"), 5), 2, "620.92");
    expect(economics_future(&sheet, N("1000"), N("0.1"), 0), 2, "1000");
    sheet_clear(&sheet);
}

static void example_3_and_4_an_amount_each_year(void **state)
{
    struct sheet sheet = {0};
    (void)state;
    expect(economics_annuity_future(&sheet, N("10000"), N("0.08"), 10), 2, "144865.62");
    expect(economics_annuity_present(&sheet, N("100"), N("0.1"), 5), 2, "379.08");
    expect(economics_annuity_future(&sheet, N("100"), N("0"), 5), 2, "500");
    expect(economics_annuity_present(&sheet, N("100"), N("0"), 5), 2, "500");
    sheet_clear(&sheet);
}

static void example_5_the_effective_rate(void **state)
{
    struct sheet sheet = {0};
    (void)state;
    expect(economics_effective_rate(&sheet, N("0.1"), 2), 4, "0.1025");
    expect(economics_future(&sheet, N("1000"), N("0.05"), 10), 2, "1628.89");
    sheet_clear(&sheet);
}

static void example_7_return_on_investment(void **state)
{
    struct sheet sheet = {0};
    (void)state;
    const struct fraction *ebit =
        fraction_divide(&sheet, fraction_add(&sheet, N("453"), N("4310")), N("8"));
    expect(ebit, 3, "595.375");
    expect(fraction_multiply(&sheet, N("100"), economics_ratio(&sheet, ebit, N("4400"))), 2,
           "13.53");
    expect(economics_ratio(&sheet, ebit, N("0")), 0, NULL);
    sheet_clear(&sheet);
}

static void example_9_static_payback(void **state)
{
    struct sheet sheet = {0};
    (void)state;
    const struct fraction *flows[] = {N("-1500"), N("200"), N("300"), N("400"), N("400"), N("500")};
    expect(economics_payback(&sheet, flows, ROWS(flows)), 2, "5.4");
    expect(economics_payback(&sheet, flows, 5), 2, NULL);
    expect(economics_payback(&sheet, flows + 1, 2), 2, "0"); /* nothing was paid */
    sheet_clear(&sheet);
}

static void example_10_to_13_break_even(void **state)
{
    struct sheet sheet = {0};
    int64_t units = 0;
    (void)state;
    const struct fraction *even = economics_break_even(&sheet, N("12000000"), N("220"));
    expect(even, 2, "54545.45");
    expect(economics_profit(&sheet, N("54545"), N("220"), N("12000000")), 2, "-100");
    expect(economics_profit(&sheet, N("54546"), N("220"), N("12000000")), 2, "120");
    assert_true(fraction_ceiling(even, 0, &units));
    assert_int_equal(units, 54546);

    const struct fraction *second = economics_break_even(&sheet, N("2800000"), N("140"));
    expect(second, 2, "20000");
    expect(fraction_multiply(&sheet, N("100"), economics_ratio(&sheet, second, N("30000"))), 2,
           "66.67");
    expect(economics_profit(&sheet, N("30000"), N("140"), N("2800000")), 2, "1400000");
    const struct fraction *wanted =
        economics_quantity(&sheet, N("1000000"), N("140"), N("2800000"));
    expect(wanted, 2, "27142.86");
    assert_true(fraction_ceiling(wanted, 0, &units));
    assert_int_equal(units, 27143);
    expect(economics_break_even(&sheet, N("1"), N("0")), 0, NULL);
    expect(economics_break_even(&sheet, N("1"), N("-3")), 0, NULL);
    sheet_clear(&sheet);
}

static void example_14_sunk_cost(void **state)
{
    struct sheet sheet = {0};
    (void)state;
    expect(economics_sunk(&sheet, N("30000"), N("18000")), 2, "12000");
    sheet_clear(&sheet);
}

static void example_15_economic_life(void **state)
{
    static const struct {
        unsigned years;
        const char *cost;
    } rows[] = {{6, "2550"}, {7, "2528.57"}, {8, "2550"}};
    struct sheet sheet = {0};
    (void)state;
    /* P = 8000, L = 800, lambda = 300 */
    expect(economics_life(&sheet, N("8000"), N("800"), N("300")), 2, "6.93");
    for (size_t i = 0; i < ROWS(rows); i++) {
        expect(
            economics_annual_cost(&sheet, N("8000"), N("800"), N("600"), N("300"), rows[i].years),
            2, rows[i].cost);
    }
    sheet_clear(&sheet);
}

static void example_18_and_19_the_core_of_a_measure(void **state)
{
    struct sheet sheet = {0};
    (void)state;
    expect(economics_incremental_return(&sheet, N("32"), N("26"), N("120"), N("160")), 4, "0.15");
    expect(economics_equivalent_cost(&sheet, N("32"), N("120"), N("0.12")), 2, "46.4");
    expect(economics_equivalent_cost(&sheet, N("26"), N("160"), N("0.12")), 2, "45.2");
    /* the measured saving decides: 4.7 in place of 6 is 11.75% */
    expect(economics_incremental_return(&sheet, N("4.7"), N("0"), N("0"), N("40")), 4, "0.1175");
    expect(economics_incremental_return(&sheet, N("32"), N("26"), N("120"), N("120")), 4, NULL);
    const struct fraction *flows[] = {N("-40"), N("6"), N("6"), N("6"),
                                      N("6"),   N("6"), N("6"), N("6")};
    expect(fraction_subtract(&sheet, economics_payback(&sheet, flows, ROWS(flows)), N("1")), 2,
           "6.67");
    sheet_clear(&sheet);
}

static void example_20_sensitivity(void **state)
{
    struct sheet sheet = {0};
    (void)state;
    expect(economics_sensitivity(&sheet, N("200"), N("-30"), N("50"), N("5")), 2, "-1.5");
    expect(economics_sensitivity(&sheet, N("0"), N("-30"), N("50"), N("5")), 2, NULL);
    expect(economics_sensitivity(&sheet, N("200"), N("-30"), N("50"), N("0")), 2, NULL);
    sheet_clear(&sheet);
}

static void example_21_net_present_value_and_its_rate(void **state)
{
    struct sheet sheet = {0};
    (void)state;
    const struct fraction *flows[] = {N("-1000"), N("600"), N("600")};
    expect(economics_npv(&sheet, flows, 3, N("0.1")), 2, "41.32"); /* 600/1.1 + 600/1.21 - 1000 */
    expect(economics_npv(&sheet, flows, 3, N("0")), 2, "200");
    /* 600x + 600x^2 = 1000: x = 0.8844373..., i = 0.130662... */
    expect(economics_irr(&sheet, flows, 3), 6, "0.130662");
    const struct fraction *back[] = {N("-1000"), N("1100")};
    expect(economics_irr(&sheet, back, 2), 6, "0.1");
    const struct fraction *never[] = {N("-1000"), N("-1")};
    expect(economics_irr(&sheet, never, 2), 6, NULL);
    const struct fraction *twice[] = {N("-1000"), N("2500"), N("-1540")};
    expect(economics_irr(&sheet, twice, 3), 6, NULL);
    const struct fraction *gift[] = {N("1"), N("1")};
    expect(economics_irr(&sheet, gift, 2), 6, NULL);
    sheet_clear(&sheet);
}

static void example_22_utilisation(void **state)
{
    struct sheet sheet = {0};
    (void)state;
    expect(economics_ratio(&sheet, N("360"), N("480")), 4, "0.75");
    sheet_clear(&sheet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(example_1_and_2_compound_interest),
        cmocka_unit_test(example_3_and_4_an_amount_each_year),
        cmocka_unit_test(example_5_the_effective_rate),
        cmocka_unit_test(example_7_return_on_investment),
        cmocka_unit_test(example_9_static_payback),
        cmocka_unit_test(example_10_to_13_break_even),
        cmocka_unit_test(example_14_sunk_cost),
        cmocka_unit_test(example_15_economic_life),
        cmocka_unit_test(example_18_and_19_the_core_of_a_measure),
        cmocka_unit_test(example_20_sensitivity),
        cmocka_unit_test(example_21_net_present_value_and_its_rate),
        cmocka_unit_test(example_22_utilisation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
