/* Engineering economics, as far as a saving measure or a unit cost needs it (DOMAIN 1b; the number
 * of a formula is its number there). Exact: what a function returns is rounded by whoever shows it.
 *
 * Rates are fractions of 1 a period (12% is 12/100), amounts are in any one currency, `n` counts
 * periods. A number that does not exist (an infinite payback) is NULL. */
#ifndef HEATLEDGER_ECONOMICS_H
#define HEATLEDGER_ECONOMICS_H

#include "fraction.h"

#define ECONOMICS_PERIODS_MAX 100

/* F = P(1+i)^n (1) and P = F(1+i)^-n (2); i > -1. */
const struct fraction *economics_future(struct sheet *sheet, const struct fraction *present,
                                        const struct fraction *rate, unsigned periods);
const struct fraction *economics_present(struct sheet *sheet, const struct fraction *future,
                                         const struct fraction *rate, unsigned periods);

/* Of an amount A at the end of each of n periods: F = A[(1+i)^n - 1]/i (3) and
 * P = A[(1+i)^n - 1]/[i(1+i)^n] (4); without interest both are A n. */
const struct fraction *economics_annuity_future(struct sheet *sheet, const struct fraction *amount,
                                                const struct fraction *rate, unsigned periods);
const struct fraction *economics_annuity_present(struct sheet *sheet, const struct fraction *amount,
                                                 const struct fraction *rate, unsigned periods);

/* i = (1+r/m)^m - 1 of a nominal rate r compounded m times (5), m >= 1. */
const struct fraction *economics_effective_rate(struct sheet *sheet, const struct fraction *nominal,
                                                unsigned times);

/* ROI = EBIT / TI (7), utilisation = actual / available (22), and any other ratio that is unknown
 * (NULL) where it would divide by 0. */
const struct fraction *economics_ratio(struct sheet *sheet, const struct fraction *part,
                                       const struct fraction *whole);

/* Static payback (9): (T-1) + |sum up to T-1| / flow of T, where T is the first period at whose end
 * the sum of the flows is >= 0. flows[0] is that of period 1 (an investment at once: add it there
 * as a flow of its own and subtract 1). NULL: not within them. */
const struct fraction *economics_payback(struct sheet *sheet, const struct fraction *const *flows,
                                         unsigned count);

/* What one unit leaves: price - variable cost - tax. Break-even quantity Q = C_F / margin (10, 11),
 * profit B = Q margin - C_F (12), quantity for a profit Q = (B + C_F) / margin (13). NULL where the
 * margin is <= 0: no quantity is enough. */
const struct fraction *economics_break_even(struct sheet *sheet, const struct fraction *fixed,
                                            const struct fraction *margin);
const struct fraction *economics_profit(struct sheet *sheet, const struct fraction *quantity,
                                        const struct fraction *margin,
                                        const struct fraction *fixed);
const struct fraction *economics_quantity(struct sheet *sheet, const struct fraction *profit,
                                          const struct fraction *margin,
                                          const struct fraction *fixed);

/* Sunk cost = book value - market value (14). */
const struct fraction *economics_sunk(struct sheet *sheet, const struct fraction *book,
                                      const struct fraction *market);

/* Economic life (15) N0 = sqrt(2(P - L_N)/lambda) in years, lambda > 0, to nine decimals; annual
 * cost AC(N) = (P - L_N)/N + Q + (N-1) lambda/2, N >= 1. */
const struct fraction *economics_life(struct sheet *sheet, const struct fraction *price,
                                      const struct fraction *salvage,
                                      const struct fraction *deterioration);
const struct fraction *economics_annual_cost(struct sheet *sheet, const struct fraction *price,
                                             const struct fraction *salvage,
                                             const struct fraction *running,
                                             const struct fraction *deterioration, unsigned years);

/* Incremental return R(2-1) = (C1 - C2)/(I2 - I1) (18): what the dearer measure 2 saves a year for
 * each yuan it costs more. NULL where it costs no more. */
const struct fraction *economics_incremental_return(struct sheet *sheet,
                                                    const struct fraction *cost_1,
                                                    const struct fraction *cost_2,
                                                    const struct fraction *investment_1,
                                                    const struct fraction *investment_2);

/* Equivalent annual cost Z = C + I Rc (19); the least is best. */
const struct fraction *economics_equivalent_cost(struct sheet *sheet, const struct fraction *cost,
                                                 const struct fraction *investment,
                                                 const struct fraction *hurdle);

/* Sensitivity beta = (dA/A)/(dF/F) (20); NULL where a divisor is 0. */
const struct fraction *economics_sensitivity(struct sheet *sheet, const struct fraction *result,
                                             const struct fraction *result_change,
                                             const struct fraction *factor,
                                             const struct fraction *factor_change);

/* Net present value (21): flows[t] comes at the end of period t, flows[0] at once; i > -1. */
const struct fraction *economics_npv(struct sheet *sheet, const struct fraction *const *flows,
                                     unsigned count, const struct fraction *rate);

/* Internal rate of return (21): the largest rate of six decimals within [-0.99, 10] at which the
 * net present value is not negative. NULL where the flows do not begin with a payment and change
 * sign just once: then there is none, or more than one. */
const struct fraction *economics_irr(struct sheet *sheet, const struct fraction *const *flows,
                                     unsigned count);

#endif
