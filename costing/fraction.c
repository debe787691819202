#include "fraction.h"

#include "failure.h"
#include "memory.h"

#include <gmp.h>
#include <stdlib.h>
#include <string.h>

struct fraction {
    mpq_t value; /* canonical */
    struct fraction *older;
};

void sheet_clear(struct sheet *sheet)
{
    while (sheet->newest != NULL) {
        struct fraction *fraction = sheet->newest;
        sheet->newest = fraction->older;
        mpq_clear(fraction->value);
        free(fraction);
    }
}

static struct fraction *create(struct sheet *sheet)
{
    struct fraction *fraction = memory_zeroed(1, sizeof *fraction);
    mpq_init(fraction->value);
    fraction->older = sheet->newest;
    sheet->newest = fraction;
    return fraction;
}

__extension__ typedef unsigned __int128 magnitude_wide;

/* GMP's own words for integers are as long as the machine's; these are as long as ours. */
static void set_wide(mpz_t number, quantity_wide value)
{
    magnitude_wide magnitude = value < 0 ? -(magnitude_wide)value : (magnitude_wide)value;
    mpz_import(number, 1, -1, sizeof magnitude, 0, 0, &magnitude);
    if (value < 0) {
        mpz_neg(number, number);
    }
}

static bool get_units(const mpz_t number, int64_t *units)
{
    uint64_t magnitude = 0;
    size_t words = 0;
    if (mpz_sizeinbase(number, 2) > 63) {
        return false;
    }
    mpz_export(&magnitude, &words, -1, sizeof magnitude, 0, 0, number);
    *units = mpz_sgn(number) < 0 ? -(int64_t)magnitude : (int64_t)magnitude;
    return true;
}

static void set_power_of_ten(mpz_t number, unsigned exponent)
{
    mpz_ui_pow_ui(number, 10, exponent);
}

const struct fraction *fraction_of(struct sheet *sheet, int64_t numerator, int64_t denominator)
{
    struct fraction *fraction = create(sheet);
    REQUIRE(denominator != 0);
    set_wide(mpq_numref(fraction->value), numerator);
    set_wide(mpq_denref(fraction->value), denominator);
    mpq_canonicalize(fraction->value);
    return fraction;
}

const struct fraction *fraction_decimal(struct sheet *sheet, quantity_wide base, unsigned decimals)
{
    struct fraction *fraction = create(sheet);
    REQUIRE(decimals <= FRACTION_PLACES_MAX);
    set_wide(mpq_numref(fraction->value), base);
    set_power_of_ten(mpq_denref(fraction->value), decimals);
    mpq_canonicalize(fraction->value);
    return fraction;
}

const struct fraction *fraction_add(struct sheet *sheet, const struct fraction *a,
                                    const struct fraction *b)
{
    struct fraction *sum = create(sheet);
    mpq_add(sum->value, a->value, b->value);
    return sum;
}

const struct fraction *fraction_subtract(struct sheet *sheet, const struct fraction *a,
                                         const struct fraction *b)
{
    struct fraction *difference = create(sheet);
    mpq_sub(difference->value, a->value, b->value);
    return difference;
}

const struct fraction *fraction_multiply(struct sheet *sheet, const struct fraction *a,
                                         const struct fraction *b)
{
    struct fraction *product = create(sheet);
    mpq_mul(product->value, a->value, b->value);
    return product;
}

const struct fraction *fraction_divide(struct sheet *sheet, const struct fraction *a,
                                       const struct fraction *b)
{
    struct fraction *quotient = create(sheet);
    REQUIRE(fraction_sign(b) != 0);
    mpq_div(quotient->value, a->value, b->value);
    return quotient;
}

const struct fraction *fraction_power(struct sheet *sheet, const struct fraction *a,
                                      unsigned exponent)
{
    struct fraction *power = create(sheet);
    REQUIRE(exponent <= 10000);
    mpz_pow_ui(mpq_numref(power->value), mpq_numref(a->value), exponent);
    mpz_pow_ui(mpq_denref(power->value), mpq_denref(a->value), exponent);
    return power; /* of a canonical one: canonical */
}

/* What rounds a fraction to a whole number. */
typedef void divide(mpz_t quotient, const mpz_t numerator, const mpz_t denominator);

static void divide_half_up(mpz_t quotient, const mpz_t numerator, const mpz_t denominator)
{
    mpz_t twice, divisor;
    mpz_init(twice);
    mpz_init(divisor);
    mpz_abs(twice, numerator); /* floor((2|n| + d) / 2d), away from zero */
    mpz_mul_2exp(twice, twice, 1);
    mpz_add(twice, twice, denominator);
    mpz_mul_2exp(divisor, denominator, 1);
    mpz_fdiv_q(quotient, twice, divisor);
    if (mpz_sgn(numerator) < 0) {
        mpz_neg(quotient, quotient);
    }
    mpz_clear(twice);
    mpz_clear(divisor);
}

static void to_units(mpz_t units, const struct fraction *a, unsigned places, divide *how)
{
    mpz_t scale, numerator;
    REQUIRE(places <= FRACTION_PLACES_MAX);
    mpz_init(scale);
    mpz_init(numerator);
    set_power_of_ten(scale, places);
    mpz_mul(numerator, mpq_numref(a->value), scale);
    how(units, numerator, mpq_denref(a->value));
    mpz_clear(scale);
    mpz_clear(numerator);
}

static bool round_with(const struct fraction *a, unsigned places, divide *how, int64_t *units)
{
    mpz_t rounded;
    mpz_init(rounded);
    to_units(rounded, a, places, how);
    bool fits = get_units(rounded, units);
    mpz_clear(rounded);
    return fits;
}

bool fraction_round(const struct fraction *a, unsigned places, int64_t *units)
{
    return round_with(a, places, divide_half_up, units);
}

bool fraction_floor(const struct fraction *a, unsigned places, int64_t *units)
{
    return round_with(a, places, mpz_fdiv_q, units);
}

bool fraction_ceiling(const struct fraction *a, unsigned places, int64_t *units)
{
    return round_with(a, places, mpz_cdiv_q, units);
}

const struct fraction *fraction_square_root(struct sheet *sheet, const struct fraction *a,
                                            unsigned places)
{
    struct fraction *root = create(sheet);
    REQUIRE(fraction_sign(a) >= 0 && 2 * places <= FRACTION_PLACES_MAX);
    /* floor(sqrt(a) x 10^places) = floor(sqrt(floor(a x 10^2places))) */
    to_units(mpq_numref(root->value), a, 2 * places, mpz_fdiv_q);
    mpz_sqrt(mpq_numref(root->value), mpq_numref(root->value));
    set_power_of_ten(mpq_denref(root->value), places);
    mpq_canonicalize(root->value);
    return root;
}

const struct fraction *fraction_clamp(struct sheet *sheet, const struct fraction *a,
                                      const struct fraction *low, const struct fraction *high)
{
    struct fraction *within = create(sheet);
    REQUIRE(fraction_compare(low, high) <= 0);
    const struct fraction *nearer = fraction_compare(a, low) < 0    ? low
                                    : fraction_compare(a, high) > 0 ? high
                                                                    : a;
    mpq_set(within->value, nearer->value);
    return within;
}

int fraction_compare(const struct fraction *a, const struct fraction *b)
{
    return mpq_cmp(a->value, b->value);
}

int fraction_sign(const struct fraction *a)
{
    return mpq_sgn(a->value);
}

char *fraction_to_text(const struct fraction *a, unsigned places, char text[FRACTION_TEXT_MAX])
{
    mpz_t units;
    mpz_init(units);
    to_units(units, a, places, divide_half_up);
    bool negative = mpz_sgn(units) < 0;
    mpz_abs(units, units);
    /* sign, at least one digit before the point, the point, NUL; GMP may say one digit too many */
    REQUIRE(mpz_sizeinbase(units, 10) + places + 4 < FRACTION_TEXT_MAX);
    char digits[FRACTION_TEXT_MAX];
    mpz_get_str(digits, 10, units);
    mpz_clear(units);
    size_t count = strlen(digits);
    size_t missing = count <= places ? places + 1 - count : 0;
    char *end = text;
    if (negative) {
        *end++ = '-';
    }
    for (size_t i = 0; i < missing + count; i++) {
        if (i + places == missing + count) {
            *end++ = '.';
        }
        *end++ = i < missing ? '0' : digits[i - missing];
    }
    *end = '\0';
    while (places > 0 && end[-1] == '0') {
        *--end = '\0';
    }
    if (places > 0 && end[-1] == '.') {
        *--end = '\0';
    }
    return text;
}
