/* Amounts as integers of the smallest unit, and nothing else.
 *
 * An amount of an item is an int64_t of base units: base unit = unit x 10^-decimals, so that with
 * unit kWh and three decimals one base unit is a watt-hour. Products pass through 128 bits; what
 * does not fit in the result is an error, never a wrapped number. */
#ifndef HEATLEDGER_QUANTITY_H
#define HEATLEDGER_QUANTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QUANTITY_DECIMALS_MAX 9
#define QUANTITY_TEXT_MAX 48 /* longest text of an amount or a ratio, NUL included */

/* Intermediate results: 128 bits, a compiler extension that gcc and clang share. */
__extension__ typedef __int128 quantity_wide;

enum quantity_result {
    QUANTITY_OK = 0,
    QUANTITY_NOT_A_NUMBER, /* empty, trailing characters, NaN, Inf */
    QUANTITY_OUT_OF_RANGE, /* does not fit in 63 bits of base units */
};

/* 10^exponent, 0 <= exponent <= 18. */
int64_t quantity_power_of_ten(unsigned exponent);

/* Reads a decimal number ("12", "-0.5", "4e+05") of `length` bytes into base units of
 * 10^-`decimals`, 0..QUANTITY_DECIMALS_MAX. Digits beyond the resolution are rounded half away
 * from zero. `*base` is set only on QUANTITY_OK. */
enum quantity_result quantity_from_text(const char *text, size_t length, unsigned decimals,
                                        int64_t *base);

/* As above, and fails with QUANTITY_OUT_OF_RANGE where digits would have to be rounded away. */
enum quantity_result quantity_from_text_exact(const char *text, size_t length, unsigned decimals,
                                              int64_t *base);

/* Writes base units as a plain decimal: no exponent, no trailing zeros ("1793.64"). Returns
 * `text`. */
char *quantity_to_text(int64_t base, unsigned decimals, char text[QUANTITY_TEXT_MAX]);

/* numerator / denominator with exactly `places` (0..9) decimals, half up (away from zero), as
 * INTERFACES asks of per_tonne (6) and percent (2), trailing zeros dropped. denominator > 0. */
char *quantity_ratio_to_text(quantity_wide numerator, quantity_wide denominator, unsigned places,
                             char text[QUANTITY_TEXT_MAX]);

/* floor(a * b / c) for c > 0, through 128 bits; also for negative a * b (towards minus
 * infinity). Returns false where the result does not fit. */
bool quantity_multiply_divide(int64_t a, int64_t b, int64_t c, int64_t *result);

/* floor(numerator / denominator), denominator > 0. */
quantity_wide quantity_floor_divide(quantity_wide numerator, quantity_wide denominator);

/* a + b, asserting that it fits: amounts of a plant stay far below 2^63, a sum beyond is a bug. */
int64_t quantity_add(int64_t a, int64_t b);

#endif
