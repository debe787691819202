#include "measure.h"

#include "failure.h"
#include "timestamp.h"

struct measure_shown measure_show(struct sheet *sheet, const struct baseline *baseline,
                                  const struct baseline_point *points, size_t count)
{
    const struct fraction *none = fraction_of(sheet, 0, 1);
    struct measure_shown shown = {.expected = none, .used = none, .tonnes = none};
    for (size_t i = 0; i < count; i++) {
        const struct fraction *expected = baseline_expected(sheet, baseline, points[i].tonnes);
        shown.expected = fraction_add(sheet, shown.expected, expected);
        shown.used = fraction_add(sheet, shown.used, points[i].used);
        shown.tonnes = fraction_add(sheet, shown.tonnes, points[i].tonnes);
    }
    shown.saved = fraction_subtract(sheet, shown.expected, shown.used);
    shown.known = baseline->advised && count >= MEASURE_POINTS_MIN;
    return shown;
}

const struct fraction *measure_a_year(struct sheet *sheet, const struct fraction *amount,
                                      int64_t time_us)
{
    REQUIRE(time_us > 0);
    return fraction_multiply(sheet, amount,
                             fraction_of(sheet, MEASURE_YEAR_DAYS * TIMESTAMP_DAY_US, time_us));
}

/* The investment at once, then the saving at the end of each year. */
static void judge_over_life(struct sheet *sheet, const struct measure_case *given,
                            struct measure_judged *judged)
{
    const struct fraction *flows[ECONOMICS_PERIODS_MAX + 1];
    REQUIRE(given->life_years <= ECONOMICS_PERIODS_MAX);
    if (given->life_years == 0) {
        return;
    }
    flows[0] = fraction_subtract(sheet, fraction_of(sheet, 0, 1), given->investment);
    for (unsigned year = 1; year <= given->life_years; year++) {
        flows[year] = judged->saving;
    }
    judged->irr = economics_irr(sheet, flows, given->life_years + 1);
    if (given->hurdle != NULL) {
        judged->npv = economics_npv(sheet, flows, given->life_years + 1, given->hurdle);
    }
}

static void judge_against_hurdle(struct sheet *sheet, const struct measure_case *given,
                                 struct measure_judged *judged)
{
    const struct fraction *none = fraction_of(sheet, 0, 1);
    if (given->hurdle == NULL) {
        return;
    }
    judged->z_without = economics_equivalent_cost(sheet, given->cost_without, none, given->hurdle);
    judged->z_with =
        economics_equivalent_cost(sheet, given->cost_with, given->investment, given->hurdle);
    judged->gain = fraction_subtract(sheet, judged->z_without, judged->z_with);
    judged->verdict = fraction_sign(judged->gain) >= 0 ? MEASURE_ACCEPT : MEASURE_REJECT;
    if (given->tonnes != NULL && fraction_sign(given->tonnes) > 0) {
        judged->break_even =
            economics_break_even(sheet, fraction_multiply(sheet, given->investment, given->hurdle),
                                 fraction_divide(sheet, judged->saving, given->tonnes));
    }
}

struct measure_judged measure_judge(struct sheet *sheet, const struct measure_case *given)
{
    struct measure_judged judged = {.verdict = MEASURE_UNKNOWN};
    const struct fraction *none = fraction_of(sheet, 0, 1);
    if (given->cost_without == NULL || given->cost_with == NULL) {
        return judged;
    }
    judged.saving = fraction_subtract(sheet, given->cost_without, given->cost_with);
    judged.return_ = economics_incremental_return(sheet, given->cost_without, given->cost_with,
                                                  none, given->investment);
    if (fraction_sign(judged.saving) > 0) {
        judged.payback = economics_ratio(sheet, given->investment, judged.saving);
    }
    judge_over_life(sheet, given, &judged);
    judge_against_hurdle(sheet, given, &judged);
    return judged;
}
