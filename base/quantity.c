#include "quantity.h"

#include "failure.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Significant digits kept while reading: more than 63 bits hold, so nothing in range is lost. */
#define DIGITS_MAX 30

int64_t quantity_power_of_ten(unsigned exponent)
{
    REQUIRE(exponent <= 18);
    int64_t power = 1;
    while (exponent-- > 0) {
        power *= 10;
    }
    return power;
}

/* A decimal number taken apart: 0.d1 d2 d3 … x 10^exponent. */
struct decimal {
    bool negative;
    unsigned digit_count;
    long exponent;
    char digits[DIGITS_MAX]; /* values 0..9, no leading zero */
    bool more;               /* digits other than 0 behind the last one kept */
};

static void decimal_take(struct decimal *decimal, char digit, bool before_point)
{
    if (decimal->digit_count == 0 && digit == '0') {
        decimal->exponent -= before_point ? 0 : 1;
        return;
    }
    if (decimal->digit_count < DIGITS_MAX) {
        decimal->digits[decimal->digit_count++] = (char)(digit - '0');
    } else if (digit != '0') {
        decimal->more = true;
    }
    decimal->exponent += before_point ? 1 : 0;
}

static bool decimal_read_exponent(const char *text, const char *end, long *exponent)
{
    bool negative = false;
    long value = 0;
    if (text < end && (*text == '+' || *text == '-')) {
        negative = *text++ == '-';
    }
    if (text == end) {
        return false;
    }
    for (; text < end; text++) {
        if (!isdigit((unsigned char)*text)) {
            return false;
        }
        if (value < 100000) {
            value = value * 10 + (*text - '0');
        }
    }
    *exponent = negative ? -value : value;
    return true;
}

static bool decimal_read(const char *text, size_t length, struct decimal *decimal)
{
    const char *end = text + length;
    *decimal = (struct decimal){0};
    if (text < end && (*text == '+' || *text == '-')) {
        decimal->negative = *text++ == '-';
    }
    bool any = false;
    bool before_point = true;
    for (; text < end; text++) {
        if (isdigit((unsigned char)*text)) {
            decimal_take(decimal, *text, before_point);
            any = true;
        } else if (*text == '.' && before_point) {
            before_point = false;
        } else {
            break;
        }
    }
    if (!any) {
        return false;
    }
    long exponent = 0;
    if (text < end) {
        if (*text != 'e' && *text != 'E') {
            return false;
        }
        if (!decimal_read_exponent(text + 1, end, &exponent)) {
            return false;
        }
    }
    decimal->exponent += exponent;
    return true;
}

static enum quantity_result quantity_read(const char *text, size_t length, unsigned decimals,
                                          bool exact, int64_t *base)
{
    REQUIRE(decimals <= QUANTITY_DECIMALS_MAX);
    struct decimal decimal;
    if (!decimal_read(text, length, &decimal)) {
        return QUANTITY_NOT_A_NUMBER;
    }
    if (decimal.digit_count == 0) {
        *base = 0;
        return QUANTITY_OK;
    }
    long places = decimal.exponent + (long)decimals; /* digits of the integer that is wanted */
    if (places > 19) {
        return QUANTITY_OUT_OF_RANGE;
    }
    quantity_wide value = 0;
    for (long i = 0; i < places; i++) {
        value = value * 10 + (i < (long)decimal.digit_count ? decimal.digits[i] : 0);
    }
    bool cut = decimal.more || places < (long)decimal.digit_count;
    if (cut && exact) {
        if (decimal.more) {
            return QUANTITY_OUT_OF_RANGE;
        }
        for (long i = places < 0 ? 0 : places; i < (long)decimal.digit_count; i++) {
            if (decimal.digits[i] != 0) {
                return QUANTITY_OUT_OF_RANGE;
            }
        }
    }
    if (places >= 0 && places < (long)decimal.digit_count && decimal.digits[places] >= 5) {
        value++;
    }
    if (value > INT64_MAX) {
        return QUANTITY_OUT_OF_RANGE;
    }
    *base = decimal.negative ? -(int64_t)value : (int64_t)value;
    return QUANTITY_OK;
}

enum quantity_result quantity_from_text(const char *text, size_t length, unsigned decimals,
                                        int64_t *base)
{
    return quantity_read(text, length, decimals, false, base);
}

enum quantity_result quantity_from_text_exact(const char *text, size_t length, unsigned decimals,
                                              int64_t *base)
{
    return quantity_read(text, length, decimals, true, base);
}

/* Cuts the zeros behind the point, and the point where nothing is left behind it. */
static void drop_trailing_zeros(char *text)
{
    if (strchr(text, '.') == NULL) {
        return;
    }
    size_t length = strlen(text);
    while (text[length - 1] == '0') {
        length--;
    }
    if (text[length - 1] == '.') {
        length--;
    }
    text[length] = '\0';
}

static char *write_decimal(bool negative, uint64_t magnitude, unsigned decimals,
                           char text[QUANTITY_TEXT_MAX])
{
    uint64_t power = (uint64_t)quantity_power_of_ten(decimals);
    if (decimals == 0) {
        snprintf(text, QUANTITY_TEXT_MAX, "%s%llu", negative ? "-" : "",
                 (unsigned long long)magnitude);
        return text;
    }
    snprintf(text, QUANTITY_TEXT_MAX, "%s%llu.%0*llu", negative ? "-" : "",
             (unsigned long long)(magnitude / power), (int)decimals,
             (unsigned long long)(magnitude % power));
    drop_trailing_zeros(text);
    return text;
}

char *quantity_to_text(int64_t base, unsigned decimals, char text[QUANTITY_TEXT_MAX])
{
    uint64_t magnitude = base < 0 ? (uint64_t)0 - (uint64_t)base : (uint64_t)base;
    return write_decimal(base < 0, magnitude, decimals, text);
}

char *quantity_ratio_to_text(quantity_wide numerator, quantity_wide denominator, unsigned places,
                             char text[QUANTITY_TEXT_MAX])
{
    REQUIRE(denominator > 0 && places <= QUANTITY_DECIMALS_MAX);
    bool negative = numerator < 0;
    quantity_wide magnitude = negative ? -numerator : numerator;
    quantity_wide scaled = magnitude * quantity_power_of_ten(places);
    quantity_wide rounded = (2 * scaled + denominator) / (2 * denominator);
    REQUIRE(rounded <= INT64_MAX);
    return write_decimal(negative && rounded > 0, (uint64_t)rounded, places, text);
}

quantity_wide quantity_floor_divide(quantity_wide numerator, quantity_wide denominator)
{
    REQUIRE(denominator > 0);
    quantity_wide quotient = numerator / denominator;
    return numerator % denominator < 0 ? quotient - 1 : quotient;
}

bool quantity_multiply_divide(int64_t a, int64_t b, int64_t c, int64_t *result)
{
    quantity_wide quotient = quantity_floor_divide((quantity_wide)a * b, c);
    if (quotient > INT64_MAX || quotient < INT64_MIN) {
        return false;
    }
    *result = (int64_t)quotient;
    return true;
}

int64_t quantity_add(int64_t a, int64_t b)
{
    int64_t sum = 0;
    REQUIRE(!__builtin_add_overflow(a, b, &sum));
    return sum;
}
