#include "economics.h"

#include "failure.h"

static const struct fraction *one(struct sheet *sheet)
{
    return fraction_of(sheet, 1, 1);
}

/* (1+i)^n */
static const struct fraction *growth(struct sheet *sheet, const struct fraction *rate,
                                     unsigned periods)
{
    const struct fraction *factor = fraction_add(sheet, one(sheet), rate);
    REQUIRE(fraction_sign(factor) > 0);
    return fraction_power(sheet, factor, periods);
}

const struct fraction *economics_future(struct sheet *sheet, const struct fraction *present,
                                        const struct fraction *rate, unsigned periods)
{
    return fraction_multiply(sheet, present, growth(sheet, rate, periods));
}

const struct fraction *economics_present(struct sheet *sheet, const struct fraction *future,
                                         const struct fraction *rate, unsigned periods)
{
    return fraction_divide(sheet, future, growth(sheet, rate, periods));
}

const struct fraction *economics_annuity_future(struct sheet *sheet, const struct fraction *amount,
                                                const struct fraction *rate, unsigned periods)
{
    if (fraction_sign(rate) == 0) {
        return fraction_multiply(sheet, amount, fraction_of(sheet, periods, 1));
    }
    const struct fraction *grown =
        fraction_subtract(sheet, growth(sheet, rate, periods), one(sheet));
    return fraction_divide(sheet, fraction_multiply(sheet, amount, grown), rate);
}

const struct fraction *economics_annuity_present(struct sheet *sheet, const struct fraction *amount,
                                                 const struct fraction *rate, unsigned periods)
{
    const struct fraction *future = economics_annuity_future(sheet, amount, rate, periods);
    return economics_present(sheet, future, rate, periods);
}

const struct fraction *economics_effective_rate(struct sheet *sheet, const struct fraction *nominal,
                                                unsigned times)
{
    REQUIRE(times >= 1);
    const struct fraction *rate = fraction_divide(sheet, nominal, fraction_of(sheet, times, 1));
    return fraction_subtract(sheet, growth(sheet, rate, times), one(sheet));
}

const struct fraction *economics_ratio(struct sheet *sheet, const struct fraction *part,
                                       const struct fraction *whole)
{
    return fraction_sign(whole) != 0 ? fraction_divide(sheet, part, whole) : NULL;
}

const struct fraction *economics_payback(struct sheet *sheet, const struct fraction *const *flows,
                                         unsigned count)
{
    const struct fraction *before = fraction_of(sheet, 0, 1);
    for (unsigned i = 0; i < count; i++) {
        const struct fraction *sum = fraction_add(sheet, before, flows[i]);
        if (fraction_sign(sum) >= 0) {
            bool grew = fraction_sign(before) < 0; /* so the flow is > 0 */
            const struct fraction *missing =
                fraction_subtract(sheet, fraction_of(sheet, 0, 1), before);
            const struct fraction *part =
                grew ? fraction_divide(sheet, missing, flows[i]) : fraction_of(sheet, 0, 1);
            return fraction_add(sheet, fraction_of(sheet, i, 1), part);
        }
        before = sum;
    }
    return NULL;
}

const struct fraction *economics_break_even(struct sheet *sheet, const struct fraction *fixed,
                                            const struct fraction *margin)
{
    return fraction_sign(margin) > 0 ? fraction_divide(sheet, fixed, margin) : NULL;
}

const struct fraction *economics_profit(struct sheet *sheet, const struct fraction *quantity,
                                        const struct fraction *margin, const struct fraction *fixed)
{
    return fraction_subtract(sheet, fraction_multiply(sheet, quantity, margin), fixed);
}

const struct fraction *economics_quantity(struct sheet *sheet, const struct fraction *profit,
                                          const struct fraction *margin,
                                          const struct fraction *fixed)
{
    return economics_break_even(sheet, fraction_add(sheet, profit, fixed), margin);
}

const struct fraction *economics_sunk(struct sheet *sheet, const struct fraction *book,
                                      const struct fraction *market)
{
    return fraction_subtract(sheet, book, market);
}

const struct fraction *economics_life(struct sheet *sheet, const struct fraction *price,
                                      const struct fraction *salvage,
                                      const struct fraction *deterioration)
{
    enum { PLACES = 9 };
    const struct fraction *lost = fraction_subtract(sheet, price, salvage);
    REQUIRE(fraction_sign(deterioration) > 0 && fraction_sign(lost) >= 0);
    const struct fraction *square = fraction_divide(
        sheet, fraction_multiply(sheet, fraction_of(sheet, 2, 1), lost), deterioration);
    return fraction_square_root(sheet, square, PLACES);
}

const struct fraction *economics_annual_cost(struct sheet *sheet, const struct fraction *price,
                                             const struct fraction *salvage,
                                             const struct fraction *running,
                                             const struct fraction *deterioration, unsigned years)
{
    REQUIRE(years >= 1);
    const struct fraction *lost = fraction_divide(sheet, fraction_subtract(sheet, price, salvage),
                                                  fraction_of(sheet, years, 1));
    const struct fraction *worn =
        fraction_multiply(sheet, deterioration, fraction_of(sheet, (int64_t)years - 1, 2));
    return fraction_add(sheet, fraction_add(sheet, lost, running), worn);
}

const struct fraction *economics_incremental_return(struct sheet *sheet,
                                                    const struct fraction *cost_1,
                                                    const struct fraction *cost_2,
                                                    const struct fraction *investment_1,
                                                    const struct fraction *investment_2)
{
    const struct fraction *more = fraction_subtract(sheet, investment_2, investment_1);
    const struct fraction *saved = fraction_subtract(sheet, cost_1, cost_2);
    return fraction_sign(more) > 0 ? fraction_divide(sheet, saved, more) : NULL;
}

const struct fraction *economics_equivalent_cost(struct sheet *sheet, const struct fraction *cost,
                                                 const struct fraction *investment,
                                                 const struct fraction *hurdle)
{
    return fraction_add(sheet, cost, fraction_multiply(sheet, investment, hurdle));
}

const struct fraction *economics_sensitivity(struct sheet *sheet, const struct fraction *result,
                                             const struct fraction *result_change,
                                             const struct fraction *factor,
                                             const struct fraction *factor_change)
{
    const struct fraction *of_result = economics_ratio(sheet, result_change, result);
    const struct fraction *of_factor = economics_ratio(sheet, factor_change, factor);
    return of_result != NULL && of_factor != NULL ? economics_ratio(sheet, of_result, of_factor)
                                                  : NULL;
}

const struct fraction *economics_npv(struct sheet *sheet, const struct fraction *const *flows,
                                     unsigned count, const struct fraction *rate)
{
    const struct fraction *value = fraction_of(sheet, 0, 1);
    const struct fraction *factor = growth(sheet, rate, 1);
    REQUIRE(count <= ECONOMICS_PERIODS_MAX + 1);
    for (unsigned t = count; t > 0; t--) { /* Horner's scheme */
        value = fraction_add(sheet, fraction_divide(sheet, value, factor), flows[t - 1]);
    }
    return value;
}

/* Whether the flows begin with a payment and turn to income once. */
static bool turns_once(const struct fraction *const *flows, unsigned count)
{
    unsigned turns = 0;
    int last = 0;
    for (unsigned t = 0; t < count; t++) {
        int sign = fraction_sign(flows[t]);
        turns += sign > 0 && last < 0;
        if (sign < 0 && last >= 0 && t > 0) {
            return false;
        }
        last = sign != 0 ? sign : last;
    }
    return turns == 1;
}

const struct fraction *economics_irr(struct sheet *sheet, const struct fraction *const *flows,
                                     unsigned count)
{
    enum { PLACES = 6 };
    const int64_t unit = quantity_power_of_ten(PLACES);
    int64_t low = -unit * 99 / 100, high = 10 * unit; /* in units: value(low) >= 0 > value(high) */
    struct sheet scratch = {0};
    if (!turns_once(flows, count)) {
        return NULL;
    }
    bool within = fraction_sign(economics_npv(&scratch, flows, count,
                                              fraction_decimal(&scratch, low, PLACES))) >= 0 &&
                  fraction_sign(economics_npv(&scratch, flows, count,
                                              fraction_decimal(&scratch, high, PLACES))) < 0;
    while (within && high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        const struct fraction *rate = fraction_decimal(&scratch, middle, PLACES);
        bool covers = fraction_sign(economics_npv(&scratch, flows, count, rate)) >= 0;
        *(covers ? &low : &high) = middle;
        sheet_clear(&scratch);
    }
    sheet_clear(&scratch);
    return within ? fraction_decimal(sheet, low, PLACES) : NULL;
}
