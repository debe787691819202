#include "json_number.h"

#include "failure.h"

#include <string.h>

#define POWERS 20 /* of ten, in 64 bits: 10^0 to 10^19 */
#define DIGITS_KEPT 19
#define DOUBLE_DIGITS 15
#define EXPONENT_MAX 100000
#define LARGEST_EXPONENT 309 /* of a double, as 0.d1 d2 … x 10^exponent */

static const uint64_t powers[POWERS] = {1,
                                        10,
                                        100,
                                        1000,
                                        10000,
                                        100000,
                                        1000000,
                                        10000000,
                                        100000000,
                                        1000000000,
                                        10000000000,
                                        100000000000,
                                        1000000000000,
                                        10000000000000,
                                        100000000000000,
                                        1000000000000000,
                                        10000000000000000,
                                        100000000000000000,
                                        1000000000000000000,
                                        UINT64_C(10000000000000000000)};

/* A number taken apart: mantissa x 10^exponent. */
struct number {
    uint64_t mantissa; /* its first DIGITS_KEPT digits */
    int32_t exponent;
    bool negative;
    bool more; /* digits other than 0 behind those */
};

static bool is_digit(const char *at, const char *end)
{
    return at < end && *at >= '0' && *at <= '9';
}

/* As below, where all digits are kept. */
static const char *take_few(const char *at, const char *end, struct number *number)
{
    uint64_t mantissa = 0;
    for (; is_digit(at, end); at++) {
        mantissa = mantissa * 10 + (uint64_t)(*at - '0');
    }
    if (at < end && *at == '.') {
        const char *point = at++;
        for (; is_digit(at, end); at++) {
            mantissa = mantissa * 10 + (uint64_t)(*at - '0');
        }
        number->exponent = (int32_t)(point + 1 - at);
    }
    number->mantissa = mantissa;
    return at;
}

static const char *take_digits(const char *at, const char *end, struct number *number,
                               int32_t each_digit)
{
    for (; is_digit(at, end); at++) {
        if (number->mantissa < powers[DIGITS_KEPT - 1]) {
            number->mantissa = number->mantissa * 10 + (uint64_t)(*at - '0');
            number->exponent += each_digit;
        } else {
            number->more = number->more || *at != '0';
            number->exponent += each_digit + 1;
        }
    }
    return at;
}

static struct number take_apart(const char *at, size_t length)
{
    const char *end = at + length;
    struct number number = {.negative = *at == '-'};
    at += number.negative ? 1 : 0;
    if (length <= DIGITS_KEPT) {
        at = take_few(at, end, &number);
    } else {
        at = take_digits(at, end, &number, 0);
        if (at < end && *at == '.') {
            at = take_digits(at + 1, end, &number, -1);
        }
    }
    if (at < end) { /* at its e */
        bool smaller = at[1] == '-';
        int32_t exponent = 0;
        for (at += smaller || at[1] == '+' ? 2 : 1; at < end; at++) {
            exponent = exponent < EXPONENT_MAX ? exponent * 10 + (*at - '0') : exponent;
        }
        number.exponent += smaller ? -exponent : exponent;
    }
    return number;
}

/* Less than a tenth, however many digits it has. */
static bool is_tiny(const struct number *number)
{
    return number->exponent <= -POWERS;
}

/* As its first DOUBLE_DIGITS digits. */
static void round_as_double(struct number *number)
{
    int drop = 0;
    while (drop < DIGITS_KEPT - DOUBLE_DIGITS && number->mantissa >= powers[DOUBLE_DIGITS + drop]) {
        drop++;
    }
    uint64_t half = drop > 0 ? powers[drop] / 2 : 0;
    number->mantissa = (number->mantissa + half) / powers[drop];
    number->exponent += drop;
}

/* What is finer than the units, rounded to them; its exponent is negative. */
static enum json_number_result round_units(struct number number, bool exact, uint64_t *units)
{
    *units = 0;
    if (is_tiny(&number)) {
        return exact ? JSON_NUMBER_FINER : JSON_NUMBER_OK;
    }
    uint64_t power = powers[-number.exponent], rest = number.mantissa % power;
    uint64_t away = rest < power - rest ? rest : power - rest;
    bool same_double = (quantity_wide)away << 52 <= number.mantissa;
    if (rest != 0 && !same_double) {
        round_as_double(&number);
        if (number.exponent >= 0) {
            *units = number.mantissa * powers[number.exponent];
            return JSON_NUMBER_OK;
        }
        power = powers[-number.exponent];
        rest = number.mantissa % power;
        if (rest != 0 && exact) {
            return JSON_NUMBER_FINER;
        }
    }
    *units = number.mantissa / power + (rest >= power - rest ? 1 : 0);
    return JSON_NUMBER_OK;
}

enum json_number_result json_number_units(const char *number, size_t length, unsigned decimals,
                                          bool exact, int64_t *units)
{
    REQUIRE(decimals <= QUANTITY_DECIMALS_MAX);
    struct number parts = take_apart(number, length);
    uint64_t size = 0;
    parts.exponent += (int32_t)decimals;
    if (parts.mantissa == 0) {
        *units = 0;
        return JSON_NUMBER_OK;
    }
    if (parts.exponent >= DOUBLE_DIGITS + 1) {
        return JSON_NUMBER_UNCERTAIN;
    }
    if (parts.exponent >= 0) {
        quantity_wide product = (quantity_wide)parts.mantissa * powers[parts.exponent];
        size = product < JSON_NUMBER_LIMIT ? (uint64_t)product : JSON_NUMBER_LIMIT;
    } else {
        enum json_number_result result = round_units(parts, exact, &size);
        if (result != JSON_NUMBER_OK) {
            return result;
        }
    }
    if (size >= JSON_NUMBER_LIMIT) {
        return JSON_NUMBER_UNCERTAIN;
    }
    *units = parts.negative ? -(int64_t)size : (int64_t)size;
    return JSON_NUMBER_OK;
}

bool json_number_whole(const char *number, size_t length, int64_t *whole)
{
    struct number parts = take_apart(number, length);
    bool finer = parts.mantissa != 0 && parts.exponent < 0 &&
                 (is_tiny(&parts) || parts.mantissa % powers[-parts.exponent] != 0);
    return !finer && !parts.more &&
           json_number_units(number, length, 0, true, whole) == JSON_NUMBER_OK;
}

enum json_number_result json_number_text_units(const char *text, size_t length, unsigned decimals,
                                               bool exact, int64_t *units)
{
    enum quantity_result rounded = quantity_from_text(text, length, decimals, units);
    if (rounded != QUANTITY_OK) {
        return rounded == QUANTITY_NOT_A_NUMBER ? JSON_NUMBER_NONE : JSON_NUMBER_RANGE;
    }
    if (exact && quantity_from_text_exact(text, length, decimals, units) != QUANTITY_OK) {
        return JSON_NUMBER_FINER;
    }
    return JSON_NUMBER_OK;
}

enum json_number_result json_number_ns_to_us(const char *number, size_t length, int64_t *us)
{
    struct number parts = take_apart(number, length);
    uint64_t size = parts.mantissa;
    bool finer = parts.more;
    parts.exponent = parts.mantissa == 0 ? 0 : parts.exponent - 3;
    if (is_tiny(&parts)) {
        size = 0;
        finer = true;
    } else if (parts.exponent < 0) {
        size = parts.mantissa / powers[-parts.exponent];
        finer = finer || parts.mantissa % powers[-parts.exponent] != 0;
    } else if (parts.exponent >= POWERS ||
               __builtin_mul_overflow(size, powers[parts.exponent], &size)) {
        return JSON_NUMBER_RANGE;
    }
    if (size > (uint64_t)INT64_MAX / 1000) {
        return JSON_NUMBER_RANGE;
    }
    *us = parts.negative ? -(int64_t)size - (finer ? 1 : 0) : (int64_t)size;
    return JSON_NUMBER_OK;
}

bool json_number_overflows(const char *number, size_t length)
{
    /* The first digits of 2^1024 - 2^970, from which on a number is rounded up to infinity. None of
     * JSON_DIGITS_MAX bytes has as many. */
    static const char limit[] = "17976931348623158079372897140530341507993413271003782693617377898";
    char digits[sizeof limit] = "";
    size_t count = 0;
    struct number parts = take_apart(number, length);
    if (parts.mantissa == 0) {
        return false;
    }
    int32_t exponent = parts.exponent;
    for (uint64_t rest = parts.mantissa; rest > 0; rest /= 10) {
        exponent++;
    }
    if (exponent != LARGEST_EXPONENT) {
        return exponent > LARGEST_EXPONENT;
    }
    for (const char *at = number; at < number + length && (*at | 0x20) != 'e'; at++) {
        if (*at >= '0' && *at <= '9' && (count > 0 || *at != '0') && count < sizeof limit - 1) {
            digits[count++] = *at;
        }
    }
    memset(digits + count, '0', sizeof limit - 1 - count);
    return strcmp(digits, limit) > 0;
}
