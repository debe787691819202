/* Numbers: quantity_from_text against a reading that writes every digit out.
 *
 * Input: a byte for the decimals, then the text. */
#include "fuzz_input.h"
#include "quantity.h"

#include <stdlib.h>

#define TEXT_MAX 512
#define EXPONENT_MAX                                                                               \
    2000 /* beyond it no text of TEXT_MAX bytes can have a value but 0 in range                    \
          */

/* The text taken apart as a person would: digits, where the point stands, the exponent. */
struct plain {
    char digits[TEXT_MAX];
    long count, point;
    bool negative;
};

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* [+-] digits [. digits] [e [+-] digits], with a digit before the exponent. */
static bool read_plain(const char *at, struct plain *plain)
{
    *plain = (struct plain){.point = -1};
    plain->negative = *at == '-';
    at += *at == '-' || *at == '+' ? 1 : 0;
    for (; is_digit(*at) || (*at == '.' && plain->point < 0); at++) {
        if (*at == '.') {
            plain->point = plain->count;
        } else {
            plain->digits[plain->count++] = *at;
        }
    }
    plain->point = plain->point < 0 ? plain->count : plain->point;
    if (plain->count == 0) {
        return false;
    }
    if (*at == '\0') {
        return true;
    }
    if (*at++ != 'e' && at[-1] != 'E') {
        return false;
    }
    bool smaller = *at == '-';
    at += *at == '-' || *at == '+' ? 1 : 0;
    long exponent = 0;
    if (!is_digit(*at)) {
        return false;
    }
    for (; is_digit(*at); at++) {
        exponent = exponent > EXPONENT_MAX ? exponent : exponent * 10 + (*at - '0');
    }
    plain->point += smaller ? -exponent : exponent;
    return *at == '\0';
}

/* The digit at a place, counted from the first one; 0 where none is written. */
static int digit_at(const struct plain *plain, long place)
{
    return place < 0 || place >= plain->count ? 0 : plain->digits[place] - '0';
}

/* The naive reading; `*lost` tells that digits had to be rounded away. */
static enum quantity_result naive(const char *text, unsigned decimals, int64_t *base, bool *lost)
{
    struct plain plain;
    *lost = false;
    if (!read_plain(text, &plain)) {
        return QUANTITY_NOT_A_NUMBER;
    }
    long point = plain.point + (long)decimals;
    quantity_wide value = 0;
    bool large = false;
    for (long i = 0; i < plain.count || i < point; i++) {
        if (i >= point) {
            *lost = *lost || digit_at(&plain, i) != 0;
        } else if (value <= INT64_MAX) {
            value = value * 10 + digit_at(&plain, i);
        }
        large = large || value > INT64_MAX;
    }
    value += point >= 0 && digit_at(&plain, point) >= 5 ? 1 : 0;
    if (large || value > INT64_MAX) {
        return QUANTITY_OUT_OF_RANGE;
    }
    *base = plain.negative ? -(int64_t)value : (int64_t)value;
    return QUANTITY_OK;
}

static void check_written(int64_t base, unsigned decimals)
{
    char text[QUANTITY_TEXT_MAX];
    int64_t again = 0;
    quantity_to_text(base, decimals, text);
    size_t length = strlen(text);
    REQUIRE(length < QUANTITY_TEXT_MAX && strpbrk(text, "eE+") == NULL);
    REQUIRE(strchr(text, '.') == NULL || (text[length - 1] != '0' && text[length - 1] != '.'));
    REQUIRE(quantity_from_text_exact(text, length, decimals, &again) == QUANTITY_OK);
    REQUIRE(again == base);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    unsigned decimals = fuzz_choice(&input, QUANTITY_DECIMALS_MAX + 1);
    char text[TEXT_MAX] = "";
    size_t length = fuzz_left(&input);
    if (length >= TEXT_MAX || memchr(input.at, '\0', length) != NULL) {
        return 0;
    }
    /* A block of the exact size: reading behind the text is found. */
    char *exact = malloc(length + 1);
    REQUIRE(exact != NULL);
    memcpy(exact, input.at, length);
    exact = realloc(exact, length > 0 ? length : 1);
    memcpy(text, input.at, length);

    bool lost = false;
    int64_t expected = 0, rounded = 7, whole = 7;
    enum quantity_result result = naive(text, decimals, &expected, &lost);
    REQUIRE(quantity_from_text(exact, length, decimals, &rounded) == result);
    REQUIRE(rounded == (result == QUANTITY_OK ? expected : 7));
    enum quantity_result strict = result == QUANTITY_OK && lost ? QUANTITY_OUT_OF_RANGE : result;
    REQUIRE(quantity_from_text_exact(exact, length, decimals, &whole) == strict);
    REQUIRE(whole == (strict == QUANTITY_OK ? expected : 7));
    if (result == QUANTITY_OK) {
        check_written(expected, decimals);
    }
    free(exact);
    return 0;
}
