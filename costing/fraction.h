/* Exact fractions: money, points and rates are worked out without rounding and rounded once, when
 * they are shown or paid (DOMAIN 4). Numbers of any size: GMP's mpq, linked here alone.
 *
 * A sheet is where a calculation is done. Every fraction belongs to the sheet that made it and
 * lives until sheet_clear; none is ever changed. So a formula is written as it stands in the book:
 *
 *   fraction_divide(s, fraction_subtract(s, c1, c2), fraction_subtract(s, i2, i1))
 *
 * Operands may belong to other sheets that live as long. */
#ifndef HEATLEDGER_FRACTION_H
#define HEATLEDGER_FRACTION_H

#include "quantity.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FRACTION_PLACES_MAX 18
#define FRACTION_TEXT_MAX                                                                          \
    80 /* longest text, NUL included; a longer number is REQUIREd not to be                        \
        */

struct fraction;

struct sheet {
    struct fraction *newest;
};

/* Frees every fraction of the sheet; it can be used again. A sheet begins as {0}. */
void sheet_clear(struct sheet *sheet);

/* numerator / denominator; the denominator is not 0. */
const struct fraction *fraction_of(struct sheet *sheet, int64_t numerator, int64_t denominator);

/* A whole number of base units of 10^-decimals (0 .. FRACTION_PLACES_MAX). */
const struct fraction *fraction_decimal(struct sheet *sheet, quantity_wide base, unsigned decimals);

const struct fraction *fraction_add(struct sheet *sheet, const struct fraction *a,
                                    const struct fraction *b);
const struct fraction *fraction_subtract(struct sheet *sheet, const struct fraction *a,
                                         const struct fraction *b);
const struct fraction *fraction_multiply(struct sheet *sheet, const struct fraction *a,
                                         const struct fraction *b);

/* `b` is not 0: asked before, with fraction_sign. */
const struct fraction *fraction_divide(struct sheet *sheet, const struct fraction *a,
                                       const struct fraction *b);

/* a^exponent, 0 <= exponent <= 10,000. */
const struct fraction *fraction_power(struct sheet *sheet, const struct fraction *a,
                                      unsigned exponent);

/* The largest number of `places` decimals whose square is at most `a` >= 0. */
const struct fraction *fraction_square_root(struct sheet *sheet, const struct fraction *a,
                                            unsigned places);

/* `a` where it lies within [low, high], else the nearer of the two. */
const struct fraction *fraction_clamp(struct sheet *sheet, const struct fraction *a,
                                      const struct fraction *low, const struct fraction *high);

int fraction_compare(const struct fraction *a, const struct fraction *b); /* < 0, 0, > 0 */
int fraction_sign(const struct fraction *a);                              /* -1, 0, 1 */

/* In units of 10^-places, places 0 .. FRACTION_PLACES_MAX: half up (away from zero); the largest
 * not above; the smallest not below. False where it does not fit. */
bool fraction_round(const struct fraction *a, unsigned places, int64_t *units);
bool fraction_floor(const struct fraction *a, unsigned places, int64_t *units);
bool fraction_ceiling(const struct fraction *a, unsigned places, int64_t *units);

/* Rounded half up to `places` decimals, as a plain decimal without trailing zeros. Returns
 * `text`. */
char *fraction_to_text(const struct fraction *a, unsigned places, char text[FRACTION_TEXT_MAX]);

#endif
