/* What use costs: bands of a tariff, prices of the day, standard coal and CO2. */
#include "cost.h"
#include "fractions.h"
#include "three_bands.h"
#include "timestamp.h"

#include <stdlib.h>

enum { POWER, GAS, IRON, NOTHING_KNOWN, STEAM };

#define DAY 20522 /* 2026-03-10 */
#define AT(hour, minute)                                                                           \
    (DAY * TIMESTAMP_DAY_US + ((hour)-8) * TIMESTAMP_HOUR_US + (minute)*TIMESTAMP_MINUTE_US)

static struct price prices[] = {
    {{POWER}, INT32_MIN, 620000, COSTING_UNKNOWN},
    {{IRON}, INT32_MIN, 2800000, COSTING_UNKNOWN},
    {{IRON}, DAY, 2800000, 2900000},
};
static struct energy_factor factors[] = {
    {{POWER}, ENERGY_COAL, "equivalent", INT32_MIN, 404000, "until 2005"},
    {{POWER}, ENERGY_COAL, "equivalent", DAY, 122900, "GB/T 2589-2020"},
    {{GAS}, ENERGY_COAL, "equivalent", INT32_MIN, 271400, "GB/T 2589-2020"},
    {{STEAM}, ENERGY_COAL, "equivalent", INT32_MIN, 128600, "GB/T 2589-2020"},
    {{POWER}, ENERGY_CO2, "", INT32_MIN, 530600, "2023"},
};
static struct item items[] = {
    {.id = "power", .unit = "kWh", .decimals = 3},
    {.id = "gas", .unit = "Nm3", .decimals = 3, .recovered = true},
    {.id = "iron", .unit = "kg", .decimals = 3},
    {.id = "new", .unit = "kg", .decimals = 0},
    {.id = "steam", .unit = "kg", .decimals = 3, .recovered = true},
};
static const struct catalog catalog = {.item_count = 5, .items = items};
static const struct costing_rules rules = {
    .prices = prices, .price_count = 3, .factors = factors, .factor_count = 5};

/* The clock is UTC+8. */
static int set_up(void **state)
{
    (void)state;
    items[POWER].tariff = three_bands();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    free(items[POWER].tariff);
    items[POWER].tariff = NULL;
    return 0;
}

static void add(struct cost_sum *sum, uint16_t item, int32_t day, int64_t start_us, int64_t end_us,
                int64_t amount_base)
{
    struct zone zone = zone_fixed("Asia/Shanghai", 8 * 3600);
    const struct cost_basis basis = {&rules, &catalog, &zone};
    const struct cost_use use = {{item}, day, start_us, end_us, amount_base};
    cost_add(sum, &basis, &use);
}

static void expect_total(const struct cost_sum *sum, unsigned decimals, enum cost_measure measure,
                         const char *expected)
{
    struct sheet sheet = {0};
    expect(cost_total(&sheet, sum, decimals, measure), 9, expected);
    sheet_clear(&sheet);
}

static void a_segment_costs_the_price_of_its_band(void **state)
{
    (void)state;
    struct cost_sum sum = {0};
    add(&sum, POWER, DAY, AT(9, 0), AT(10, 0), 1000000);
    expect_total(&sum, 3, COST_ACTUAL, "310");
    add(&sum, POWER, DAY, AT(10, 0), AT(10, 0), 100000); /* at an instant: the band that begins */
    expect_total(&sum, 3, COST_ACTUAL, "405");
    add(&sum, POWER, DAY, AT(14, 59), AT(15, 0), -100000); /* a correction takes the same back */
    expect_total(&sum, 3, COST_ACTUAL, "310");
    expect_total(&sum, 3, COST_STANDARD, "620");
    assert_false(sum.spread);
}

static void a_segment_over_bands_is_divided_by_time_and_flagged(void **state)
{
    (void)state;
    struct cost_sum sum = {0};
    /* 1 hour of valley, 5 of peak, 1 of flat: 143 + 715 + 143 base units, floored cumulatively. */
    add(&sum, POWER, DAY, AT(9, 0), AT(16, 0), 1001);
    assert_true(sum.spread);
    assert_int_equal(sum.amount_base, 1001);
    expect_total(&sum, 3, COST_ACTUAL, "0.81224");
}

static void midnight_of_one_band_is_no_change_of_price(void **state)
{
    (void)state;
    struct cost_sum sum = {0};
    items[POWER].tariff->versions[0].seasons[0].windows[0].band = 2;
    add(&sum, POWER, DAY, AT(23, 0), AT(25, 0), 3);
    assert_false(sum.spread);
    expect_total(&sum, 3, COST_ACTUAL, "0.00186");
}

static void the_day_decides_prices_and_factors(void **state)
{
    (void)state;
    struct cost_sum before = {0}, now = {0};
    add(&before, IRON, DAY - 1, 0, 0, 1000000);
    add(&now, IRON, DAY, 0, 0, 1000000);
    expect_total(&before, 3, COST_ACTUAL, "2800"); /* no actual price: the standard one */
    expect_total(&now, 3, COST_ACTUAL, "2900");
    expect_total(&now, 3, COST_STANDARD, "2800");
    expect_total(&now, 3, COST_COAL, NULL);
    before = now = (struct cost_sum){0};
    add(&before, POWER, DAY - 1, AT(9, 0), AT(9, 0), 1000);
    add(&now, POWER, DAY, AT(9, 0), AT(9, 0), 1000);
    expect_total(&before, 3, COST_COAL, "0.404");
    expect_total(&now, 3, COST_COAL, "0.1229");
    expect_total(&now, 3, COST_CO2, "0.5306");
}

static void what_has_no_price_is_not_known_and_nothing_of_it_costs_nothing(void **state)
{
    (void)state;
    struct cost_sum sum = {0};
    struct sheet sheet = {0};
    add(&sum, NOTHING_KNOWN, DAY, 0, 0, 0);
    expect_total(&sum, 0, COST_STANDARD, "0");
    assert_null(cost_mean(&sheet, &sum, 0, COST_STANDARD));
    add(&sum, NOTHING_KNOWN, DAY, 0, 0, 7);
    for (enum cost_measure measure = 0; measure < COST_MEASURES; measure++) {
        expect_total(&sum, 0, measure, NULL);
    }
    assert_int_equal(sum.amount_base, 7);
    sheet_clear(&sheet);
}

static void the_mean_is_what_was_paid_over_what_was_used(void **state)
{
    (void)state;
    struct cost_sum sum = {0};
    struct sheet sheet = {0};
    add(&sum, POWER, DAY, AT(9, 0), AT(10, 0), 1000);
    add(&sum, POWER, DAY, AT(10, 0), AT(11, 0), 3000);
    expect(cost_mean(&sheet, &sum, 3, COST_ACTUAL), 6, "0.79");
    sheet_clear(&sheet);
}

#define TARIFF_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* DOMAIN 2, 负能炼钢: 138.6 m3 of converter gas and 101 kg of steam a tonne are won back, against a
 * gross use of 21.035 kgce. */
static void negative_energy_steelmaking(void **state)
{
    struct cost_sum gas = {0}, steam = {0};
    struct sheet sheet = {0};
    (void)state;
    add(&gas, GAS, DAY, AT(9, 0), AT(10, 0), 138600);
    add(&steam, STEAM, DAY, AT(9, 0), AT(10, 0), 101000);
    const struct fraction *of_gas = cost_total(&sheet, &gas, 3, COST_COAL);
    const struct fraction *of_steam = cost_total(&sheet, &steam, 3, COST_COAL);
    expect(of_gas, 3, "37.616");
    expect(of_steam, 3, "12.989");
    const struct fraction *credit = fraction_add(&sheet, of_gas, of_steam);
    expect(credit, 3, "50.605");
    expect(fraction_subtract(&sheet, decimal(&sheet, "21.035"), credit), 3, "-29.57");
    sheet_clear(&sheet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(negative_energy_steelmaking),
        TARIFF_TEST(a_segment_costs_the_price_of_its_band),
        TARIFF_TEST(a_segment_over_bands_is_divided_by_time_and_flagged),
        TARIFF_TEST(midnight_of_one_band_is_no_change_of_price),
        TARIFF_TEST(the_day_decides_prices_and_factors),
        TARIFF_TEST(what_has_no_price_is_not_known_and_nothing_of_it_costs_nothing),
        TARIFF_TEST(the_mean_is_what_was_paid_over_what_was_used),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
