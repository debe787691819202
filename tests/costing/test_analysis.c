/* DOMAIN 1, 2, 4 and 5: the worked examples of analysis. */
#include "baseline.h"
#include "earned_value.h"
#include "economics.h"
#include "forecast.h"
#include "fractions.h"
#include "pareto.h"
#include "performance.h"
#include "ranking.h"
#include "variance.h"

#define N(text) decimal(&sheet, text)

static void variances_of_team_c(void **state)
{
    struct sheet sheet = {0};
    (void)state;
    struct variance_input input = {.used = N("1325031"),
                                   .allowed = N("1320330"),
                                   .actual_price = N("2.90"),
                                   .standard_price = N("2.80")};
    struct variance variance = variance_of(&sheet, &input);
    expect(variance.usage, 2, "13162.8");
    expect(variance.price, 2, "132503.1");
    expect(variance.total, 2, "145665.9");
    expect(fraction_subtract(&sheet, fraction_multiply(&sheet, input.used, input.actual_price),
                             fraction_multiply(&sheet, input.allowed, input.standard_price)),
           2, "145665.9");
    input.actual_price = NULL; /* the invoice has not come */
    variance = variance_of(&sheet, &input);
    expect(variance.usage, 2, "13162.8");
    assert_null(variance.price);
    assert_null(variance.total);
    sheet_clear(&sheet);
}

static void forecast_after_500_of_1200_tonnes(void **state)
{
    struct sheet sheet = {0};
    (void)state;
    const struct fraction *eac = forecast_at_completion(&sheet, N("553000"), N("500"), N("1200"));
    expect(eac, 2, "1327200");
    const struct fraction *over = fraction_subtract(&sheet, eac, N("1320000"));
    expect(over, 2, "7200");
    expect(fraction_multiply(&sheet, N("100"), economics_ratio(&sheet, over, N("1320000"))), 3,
           "0.545");
    expect(forecast_rate_left(&sheet, N("1320000"), N("553000"), N("500"), N("1200")), 2,
           "1095.71");
    /* below 20% nothing is said; at 20% it is */
    assert_null(forecast_at_completion(&sheet, N("553"), N("239.999"), N("1200")));
    assert_non_null(forecast_at_completion(&sheet, N("553"), N("240"), N("1200")));
    assert_null(forecast_at_completion(&sheet, N("0"), N("0"), N("0")));
    expect(forecast_blend(&sheet, N("1106"), N("1090"), N("300"), N("1200")), 2, "1094");
    expect(forecast_blend(&sheet, N("1106"), N("1090"), N("1500"), N("1200")), 2, "1106");
    sheet_clear(&sheet);
}

static void reallocation_of_a_month(void **state)
{
    struct sheet sheet = {0};
    (void)state;
    expect(forecast_rate_left(&sheet, N("756000"), N("259200"), N("36000"), N("108000")), 3, "6.9");
    assert_null(forecast_rate_left(&sheet, N("1"), N("0"), N("5"), N("5")));
    sheet_clear(&sheet);
}

static void earned_value_of_800_of_900_tonnes(void **state)
{
    struct sheet sheet = {0};
    (void)state;
    struct earned_value value =
        earned_value_of(&sheet, N("900"), N("800"), N("2480000"), N("3080"));
    expect(value.earned, 2, "2464000");
    expect(value.cost_variance, 2, "-16000");
    expect(value.cost_index, 4, "0.9935");
    expect(value.schedule_index, 4, "0.8889");
    expect(value.schedule_variance, 2, "-308000");
    expect(value.at_completion, 2, "2790000"); /* 900 t at 3,100, as the 800 were */
    sheet_clear(&sheet);
}

static void energy_baseline_and_cusum(void **state)
{
    struct sheet sheet = {0};
    (void)state;
    const struct baseline fixed = {.fixed = N("12000"), .per_tonne = N("35")};
    const struct baseline_point points[] = {{N("1200"), N("54300")},
                                            {N("1180"), N("52900")},
                                            {N("1210"), N("54900")},
                                            {N("1150"), N("53000")}};
    static const char *const expected[] = {"54000", "53300", "54350", "52250"};
    static const char *const cusum[] = {"300", "-100", "450", "1200"};
    const struct fraction *sums[ROWS(points)];
    baseline_cusum(&sheet, &fixed, points, ROWS(points), sums);
    for (size_t i = 0; i < ROWS(points); i++) {
        expect(baseline_expected(&sheet, &fixed, points[i].tonnes), 2, expected[i]);
        expect(sums[i], 2, cusum[i]);
    }
    expect(baseline_improvement(&sheet, N("54000"), N("54300")), 6, "-0.005556");
    assert_null(baseline_improvement(&sheet, N("-10125"), N("16200")));
    assert_null(baseline_improvement(&sheet, N("0"), N("16200")));
    expect(economics_ratio(&sheet, N("43600"), N("1199.4")), 2, "36.35"); /* EnPI */
    sheet_clear(&sheet);
}

static void a_line_through_points_on_a_line_is_found_exactly(void **state)
{
    struct sheet sheet = {0};
    struct baseline_point points[12];
    struct baseline baseline;
    (void)state;
    for (int i = 0; i < 12; i++) {
        points[i].tonnes = fraction_of(&sheet, 1000 + 7 * i * i, 3);
        points[i].used =
            fraction_add(&sheet, N("12000"), fraction_multiply(&sheet, N("35"), points[i].tonnes));
    }
    assert_true(baseline_fit(&sheet, points, 12, &baseline));
    expect(baseline.fixed, 9, "12000");
    expect(baseline.per_tonne, 9, "35");
    expect(baseline.r2, 9, "1");
    assert_true(baseline.advised);
    assert_true(baseline_fit(&sheet, points, 9, &baseline));
    assert_false(baseline.advised); /* too few */
    assert_false(baseline_fit(&sheet, points, 1, &baseline));
    assert_false(baseline_fit(&sheet, points, 0, &baseline));
    sheet_clear(&sheet);
}

/* x: 1 2 3, y: 1 2 4: b = 3/2, a = -2/3, r2 = 27/28 */
static void least_squares_of_three_points(void **state)
{
    struct sheet sheet = {0};
    struct baseline baseline;
    (void)state;
    const struct baseline_point points[] = {{N("1"), N("1")}, {N("2"), N("2")}, {N("3"), N("4")}};
    assert_true(baseline_fit(&sheet, points, 3, &baseline));
    assert_int_equal(fraction_compare(baseline.per_tonne, fraction_of(&sheet, 3, 2)), 0);
    assert_int_equal(fraction_compare(baseline.fixed, fraction_of(&sheet, -2, 3)), 0);
    assert_int_equal(fraction_compare(baseline.r2, fraction_of(&sheet, 27, 28)), 0);
    sheet_clear(&sheet);
}

static void the_vital_few_reach_four_fifths(void **state)
{
    struct pareto_row rows[] = {{.adverse_fen = 100, .tag = 0}, {.adverse_fen = -500, .tag = 1},
                                {.adverse_fen = 600, .tag = 2}, {.adverse_fen = 200, .tag = 3},
                                {.adverse_fen = 100, .tag = 4}, {.adverse_fen = 0, .tag = 5}};
    static const struct {
        size_t tag;
        const char *cumulated;
        bool vital;
    } expected[] = {{2, "0.6", true}, {3, "0.8", true}, {0, "0.9", false}, {4, "1", false}};
    struct sheet sheet = {0};
    (void)state;
    assert_int_equal(pareto_sort(&sheet, rows, ROWS(rows)), ROWS(expected));
    for (size_t i = 0; i < ROWS(expected); i++) {
        assert_int_equal(rows[i].tag, expected[i].tag);
        expect(rows[i].cumulated, 4, expected[i].cumulated);
        assert_int_equal(rows[i].vital, expected[i].vital);
    }
    assert_int_equal(pareto_sort(&sheet, rows, 0), 0);
    sheet_clear(&sheet);
}

/* Crew 0 makes the easy grade, crew 1 the hard one: by the same mix crew 1 is the better. */
static void crews_are_ranked_on_one_mix_of_grades(void **state)
{
    struct sheet sheet = {0};
    struct ranking_row rows[4];
    (void)state;
    const struct ranking_cell cells[] = {
        {.crew = 0, .grade = 0, .cost = N("900"), .tonnes = N("90"), .heats = 9},
        {.crew = 0, .grade = 1, .cost = N("200"), .tonnes = N("10"), .heats = 1},
        {.crew = 1, .grade = 0, .cost = N("90"), .tonnes = N("10"), .heats = 1},
        {.crew = 1, .grade = 1, .cost = N("1710"), .tonnes = N("90"), .heats = 9},
        {.crew = 2, .grade = 0, .cost = N("10"), .tonnes = N("10"), .heats = 1},
    };
    ranking_make(&sheet, cells, ROWS(cells), 4, 2, 5, rows);
    assert_int_equal(rows[0].crew, 1);
    assert_int_equal(rows[0].rank, 1);
    expect(rows[0].rate, 2, "18");
    /* the mix is 110 to 100: 9 x 110/210 + 19 x 100/210 */
    expect(rows[0].normalised, 4, "13.7619");
    assert_int_equal(rows[1].crew, 0);
    assert_int_equal(rows[1].rank, 2);
    expect(rows[1].rate, 2, "11");
    expect(rows[1].normalised, 4, "14.7619");
    expect(rows[1].gap, 4, "1");
    expect(ranking_spread(&sheet, rows, 4), 4, "1");
    assert_int_equal(rows[2].crew, 2); /* too few heats */
    assert_true(rows[2].few_heats);
    assert_int_equal(rows[2].rank, 0);
    assert_int_equal(rows[3].heats, 0);
    assert_null(rows[3].normalised);
    ranking_make(&sheet, cells, ROWS(cells), 4, 2, 1, rows);
    assert_int_equal(rows[0].crew, 2); /* never made the hard grade: said so */
    assert_true(rows[0].other_grades);
    assert_false(rows[1].other_grades);
    sheet_clear(&sheet);
}

static void overall_equipment_effectiveness(void **state)
{
    struct sheet sheet = {0};
    (void)state;
    const struct performance_input input = {.planned_busy = N("480"),
                                            .production = N("360"),
                                            .unit_run = N("28"),
                                            .produced = N("12"),
                                            .good = N("11")};
    struct performance performance = performance_of(&sheet, &input);
    expect(performance.availability, 4, "0.75");
    expect(performance.effectiveness, 4, "0.9333");
    expect(performance.quality, 4, "0.9167");
    expect(performance.oee, 4, "0.6417");
    expect(economics_ratio(&sheet, N("1199.400"), N("1309.544")), 4, "0.9159"); /* steel/metal */
    sheet_clear(&sheet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(variances_of_team_c),
        cmocka_unit_test(forecast_after_500_of_1200_tonnes),
        cmocka_unit_test(reallocation_of_a_month),
        cmocka_unit_test(earned_value_of_800_of_900_tonnes),
        cmocka_unit_test(energy_baseline_and_cusum),
        cmocka_unit_test(a_line_through_points_on_a_line_is_found_exactly),
        cmocka_unit_test(least_squares_of_three_points),
        cmocka_unit_test(the_vital_few_reach_four_fifths),
        cmocka_unit_test(crews_are_ranked_on_one_mix_of_grades),
        cmocka_unit_test(overall_equipment_effectiveness),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
