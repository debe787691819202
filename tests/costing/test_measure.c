/* The register of saving measures: DOMAIN 1b's example, and what is not known. */
#include "fractions.h"
#include "measure.h"
#include "timestamp.h"

#define N(text) decimal(&sheet, text)

/* In 10,000 yuan: what is used costs 32 a year without the measure. */
static struct measure_case example(struct sheet *sheet, const char *saving)
{
    return (struct measure_case){
        .cost_without = decimal(sheet, "32"),
        .cost_with = fraction_subtract(sheet, decimal(sheet, "32"), decimal(sheet, saving)),
        .investment = decimal(sheet, "40"),
        .hurdle = decimal(sheet, "0.12"),
    };
}

static void example_saving_6_of_an_investment_of_40_passes_the_hurdle(void **state)
{
    struct sheet sheet = {0};
    (void)state;
    struct measure_case given = example(&sheet, "6");
    struct measure_judged judged = measure_judge(&sheet, &given);
    expect(judged.saving, 2, "6");
    expect(judged.return_, 4, "0.15");
    expect(judged.payback, 2, "6.67");
    expect(judged.gain, 2, "1.2");
    expect(judged.z_without, 2, "32");
    expect(judged.z_with, 2, "30.8");
    assert_int_equal(judged.verdict, MEASURE_ACCEPT);
    /* no life, no steel: nothing is said of them */
    expect(judged.npv, 2, NULL);
    expect(judged.irr, 2, NULL);
    expect(judged.break_even, 2, NULL);
    sheet_clear(&sheet);
}

static void example_saving_4_7_is_rejected(void **state)
{
    struct sheet sheet = {0};
    (void)state;
    struct measure_case given = example(&sheet, "4.7");
    struct measure_judged judged = measure_judge(&sheet, &given);
    expect(judged.return_, 6, "0.1175");
    expect(judged.gain, 2, "-0.1");
    assert_int_equal(judged.verdict, MEASURE_REJECT);
    sheet_clear(&sheet);
}

/* -40, then 6 a year for ten years: NPV at 12% is 6 x 5.650223 - 40. */
static void example_21_over_a_life_of_ten_years(void **state)
{
    struct sheet sheet = {0};
    (void)state;
    struct measure_case given = example(&sheet, "6");
    given.life_years = 10;
    struct measure_judged judged = measure_judge(&sheet, &given);
    expect(judged.npv, 4, "-6.0987");
    expect(judged.irr, 4, "0.0814");
    given.life_years = 6; /* gives 36 of 40 back */
    judged = measure_judge(&sheet, &given);
    assert_true(fraction_sign(judged.irr) < 0);
    sheet_clear(&sheet);
}

/* 4.8 a year have to come in, and 200,000 t bring 6. */
static void example_10_the_steel_that_pays_for_the_measure(void **state)
{
    struct sheet sheet = {0};
    (void)state;
    struct measure_case given = example(&sheet, "6");
    given.tonnes = N("200000");
    expect(measure_judge(&sheet, &given).break_even, 2, "160000");
    given.tonnes = N("0");
    expect(measure_judge(&sheet, &given).break_even, 2, NULL);
    sheet_clear(&sheet);
}

static void what_saves_nothing_never_pays(void **state)
{
    struct sheet sheet = {0};
    (void)state;
    struct measure_case given = example(&sheet, "0");
    given.tonnes = N("200000");
    given.life_years = 5;
    struct measure_judged judged = measure_judge(&sheet, &given);
    expect(judged.return_, 4, "0");
    expect(judged.payback, 2, NULL);
    expect(judged.break_even, 2, NULL);
    expect(judged.irr, 2, NULL);
    assert_int_equal(judged.verdict, MEASURE_REJECT);
    sheet_clear(&sheet);
}

static void what_is_not_known_is_not_judged(void **state)
{
    struct sheet sheet = {0};
    (void)state;
    struct measure_case given = example(&sheet, "6");
    given.hurdle = NULL;
    struct measure_judged judged = measure_judge(&sheet, &given);
    expect(judged.return_, 4, "0.15");
    expect(judged.gain, 2, NULL);
    assert_int_equal(judged.verdict, MEASURE_UNKNOWN);
    given = example(&sheet, "6");
    given.cost_with = NULL;
    judged = measure_judge(&sheet, &given);
    expect(judged.saving, 2, NULL);
    expect(judged.return_, 2, NULL);
    assert_int_equal(judged.verdict, MEASURE_UNKNOWN);
    sheet_clear(&sheet);
}

static void a_measure_without_investment_pays_at_once(void **state)
{
    struct sheet sheet = {0};
    (void)state;
    struct measure_case given = example(&sheet, "6");
    given.investment = N("0");
    struct measure_judged judged = measure_judge(&sheet, &given);
    expect(judged.return_, 2, NULL); /* there is nothing to divide by */
    expect(judged.payback, 2, "0");
    assert_int_equal(judged.verdict, MEASURE_ACCEPT);
    sheet_clear(&sheet);
}

/* DOMAIN 5: E = 12,000 + 35 t. Used 300 more, 400 less, 550 and 750 more: 1,200 wasted. */
static void saving_is_the_cusum_the_other_way_round(void **state)
{
    static const char *const tonnes[] = {"1200", "1180", "1210", "1150"};
    static const char *const used[] = {"54300", "52900", "54900", "53000"};
    struct sheet sheet = {0};
    struct baseline_point points[3 * 4];
    (void)state;
    for (size_t i = 0; i < ROWS(points); i++) {
        points[i] = (struct baseline_point){N(tonnes[i % 4]), N(used[i % 4])};
    }
    struct baseline baseline = {.fixed = N("12000"), .per_tonne = N("35"), .advised = true};
    struct measure_shown shown = measure_show(&sheet, &baseline, points, 4);
    expect(shown.saved, 2, "-1200");
    expect(shown.expected, 2, "213900");
    expect(shown.tonnes, 2, "4740");
    assert_false(shown.known); /* four crew-shifts are too few */
    shown = measure_show(&sheet, &baseline, points, 12);
    expect(shown.saved, 2, "-3600");
    assert_true(shown.known);
    baseline.advised = false;
    assert_false(measure_show(&sheet, &baseline, points, 12).known);
    /* twelve crew-shifts of eight hours are four days */
    expect(measure_a_year(&sheet, shown.saved, 4 * TIMESTAMP_DAY_US), 2, "-328500");
    sheet_clear(&sheet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(example_saving_6_of_an_investment_of_40_passes_the_hurdle),
        cmocka_unit_test(example_saving_4_7_is_rejected),
        cmocka_unit_test(example_21_over_a_life_of_ten_years),
        cmocka_unit_test(example_10_the_steel_that_pays_for_the_measure),
        cmocka_unit_test(what_saves_nothing_never_pays),
        cmocka_unit_test(what_is_not_known_is_not_judged),
        cmocka_unit_test(a_measure_without_investment_pays_at_once),
        cmocka_unit_test(saving_is_the_cusum_the_other_way_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
