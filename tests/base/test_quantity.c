/* Amounts: reading, writing, rounding and dividing whole numbers of base units. */
#include "quantity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof *(table))

typedef enum quantity_result (*reader)(const char *, size_t, unsigned, int64_t *);

struct reading_case {
    const char *text;
    unsigned decimals;
    enum quantity_result result;
    int64_t base;
};

static void check_cases(const struct reading_case *cases, size_t count, reader read)
{
    for (size_t i = 0; i < count; i++) {
        const struct reading_case *row = &cases[i];
        int64_t base = -77;
        enum quantity_result result = read(row->text, strlen(row->text), row->decimals, &base);
        int64_t wanted = row->result == QUANTITY_OK ? row->base : -77;
        if (result != row->result || base != wanted) {
            fail_msg("\"%s\" at %u decimals: result %d, base %lld; wanted %d, %lld", row->text,
                     row->decimals, (int)result, (long long)base, (int)row->result,
                     (long long)wanted);
        }
    }
}

/* What both readers must agree on. */
static const struct reading_case plain_cases[] = {
    {"0", 0, QUANTITY_OK, 0},
    {"-0", 3, QUANTITY_OK, 0},
    {"0.000", 0, QUANTITY_OK, 0},
    {"0e99999999999999999999", 0, QUANTITY_OK, 0},
    {"12", 0, QUANTITY_OK, 12},
    {"+12", 0, QUANTITY_OK, 12},
    {"-0.5", 1, QUANTITY_OK, -5},
    {"12", 3, QUANTITY_OK, 12000},
    {"00012.500", 1, QUANTITY_OK, 125},
    {"3700", 3, QUANTITY_OK, 3700000},
    {"4e+05", 0, QUANTITY_OK, 400000},
    {"4E5", 2, QUANTITY_OK, 40000000},
    {"4.25e1", 1, QUANTITY_OK, 425},
    {"425e-1", 1, QUANTITY_OK, 425},
    {"0.00042e6", 0, QUANTITY_OK, 420},
    {"123456789012345678e-9", 9, QUANTITY_OK, 123456789012345678},
    {"9223372036854775807", 0, QUANTITY_OK, INT64_MAX},
    {"-9223372036854775807", 0, QUANTITY_OK, -INT64_MAX},
    {"9223372036.854775807", 9, QUANTITY_OK, INT64_MAX},
    {"9223372036854775808", 0, QUANTITY_OUT_OF_RANGE, 0},
    {"-9223372036854775808", 0, QUANTITY_OUT_OF_RANGE, 0},
    {"9999999999999999999", 0, QUANTITY_OUT_OF_RANGE, 0},
    {"10000000000000000000", 0, QUANTITY_OUT_OF_RANGE, 0},
    {"9223372036.854775808", 9, QUANTITY_OUT_OF_RANGE, 0},
    {"1e400", 0, QUANTITY_OUT_OF_RANGE, 0},
    {"1e99999999999999999999", 0, QUANTITY_OUT_OF_RANGE, 0},
    {"1e19", 0, QUANTITY_OUT_OF_RANGE, 0},
    {"1e18", 0, QUANTITY_OK, INT64_C(1000000000000000000)},
    {"1e10", 9, QUANTITY_OUT_OF_RANGE, 0},
    {"1.50000000000000000000000000000000000000000", 1, QUANTITY_OK, 15},
    {"", 0, QUANTITY_NOT_A_NUMBER, 0},
    {"-", 0, QUANTITY_NOT_A_NUMBER, 0},
    {".", 0, QUANTITY_NOT_A_NUMBER, 0},
    {"NaN", 0, QUANTITY_NOT_A_NUMBER, 0},
    {"nan", 0, QUANTITY_NOT_A_NUMBER, 0},
    {"Inf", 0, QUANTITY_NOT_A_NUMBER, 0},
    {"-inf", 0, QUANTITY_NOT_A_NUMBER, 0},
    {"null", 0, QUANTITY_NOT_A_NUMBER, 0},
    {"12 ", 0, QUANTITY_NOT_A_NUMBER, 0},
    {" 12", 0, QUANTITY_NOT_A_NUMBER, 0},
    {"12a", 0, QUANTITY_NOT_A_NUMBER, 0},
    {"1.2.3", 2, QUANTITY_NOT_A_NUMBER, 0},
    {"1,5", 2, QUANTITY_NOT_A_NUMBER, 0},
    {"0x10", 0, QUANTITY_NOT_A_NUMBER, 0},
    {"1e", 0, QUANTITY_NOT_A_NUMBER, 0},
    {"1e+", 0, QUANTITY_NOT_A_NUMBER, 0},
    {"1e5.0", 0, QUANTITY_NOT_A_NUMBER, 0},
    {"1e5e5", 0, QUANTITY_NOT_A_NUMBER, 0},
    {"--1", 0, QUANTITY_NOT_A_NUMBER, 0},
    {"e5", 0, QUANTITY_NOT_A_NUMBER, 0},
};

static void both_readers_read_numbers_exactly_and_refuse_the_rest(void **state)
{
    (void)state;
    check_cases(plain_cases, ROWS(plain_cases), quantity_from_text);
    check_cases(plain_cases, ROWS(plain_cases), quantity_from_text_exact);
}

static void digits_beyond_the_resolution_round_half_away_from_zero(void **state)
{
    (void)state;
    static const struct reading_case cases[] = {
        {"1.4", 0, QUANTITY_OK, 1},
        {"1.5", 0, QUANTITY_OK, 2},
        {"-1.5", 0, QUANTITY_OK, -2},
        {"-1.4", 0, QUANTITY_OK, -1},
        {"0.5", 0, QUANTITY_OK, 1},
        {"0.49", 0, QUANTITY_OK, 0},
        {"0.05", 0, QUANTITY_OK, 0},
        {"0.9", 0, QUANTITY_OK, 1},
        {"9.9995", 3, QUANTITY_OK, 10000},
        {"1233.3335", 3, QUANTITY_OK, 1233334},
        {"0.1000000000000000055511151231257827", 3, QUANTITY_OK, 100},
        {"1e-400", 9, QUANTITY_OK, 0},
        {"5e-1", 0, QUANTITY_OK, 1},
        {"5e-2", 0, QUANTITY_OK, 0},
        {"0.44444444444444444444444444444444444449", 0, QUANTITY_OK, 0},
        {"9223372036854775807.4", 0, QUANTITY_OK, INT64_MAX},
        {"9223372036854775807.5", 0, QUANTITY_OUT_OF_RANGE, 0},
    };
    check_cases(cases, ROWS(cases), quantity_from_text);
}

static void the_exact_reader_refuses_what_would_be_rounded_away(void **state)
{
    (void)state;
    static const struct reading_case cases[] = {
        {"1.5", 0, QUANTITY_OUT_OF_RANGE, 0},
        {"0.0005", 3, QUANTITY_OUT_OF_RANGE, 0},
        {"1e-1", 0, QUANTITY_OUT_OF_RANGE, 0},
        {"1e-400", 9, QUANTITY_OUT_OF_RANGE, 0},
        {"1.500", 1, QUANTITY_OK, 15},
        {"15e-1", 1, QUANTITY_OK, 15},
        /* The digit that is too much stands far behind those that are kept. */
        {"1.0000000000000000000000000000000000000001", 0, QUANTITY_OUT_OF_RANGE, 0},
    };
    check_cases(cases, ROWS(cases), quantity_from_text_exact);
}

static void reading_stops_at_the_given_length(void **state)
{
    (void)state;
    int64_t base = 0;
    assert_int_equal(quantity_from_text("12345", 3, 0, &base), QUANTITY_OK);
    assert_int_equal(base, 123);
    assert_int_equal(quantity_from_text("12e9", 3, 0, &base), QUANTITY_NOT_A_NUMBER);
    assert_int_equal(quantity_from_text("12", 0, 0, &base), QUANTITY_NOT_A_NUMBER);
}

static void amounts_are_written_without_exponent_or_trailing_zeros(void **state)
{
    (void)state;
    static const struct {
        int64_t base;
        unsigned decimals;
        const char *text;
    } cases[] = {
        {0, 0, "0"},
        {0, 3, "0"},
        {1, 3, "0.001"},
        {-1, 3, "-0.001"},
        {10, 3, "0.01"},
        {1000, 3, "1"},
        {100, 0, "100"},
        {179364, 2, "1793.64"},
        {-179360, 2, "-1793.6"},
        {INT64_MAX, 0, "9223372036854775807"},
        {INT64_MAX, 9, "9223372036.854775807"},
        {INT64_MIN, 0, "-9223372036854775808"},
        {INT64_MIN, 9, "-9223372036.854775808"},
    };
    for (size_t i = 0; i < ROWS(cases); i++) {
        char text[QUANTITY_TEXT_MAX];
        assert_ptr_equal(quantity_to_text(cases[i].base, cases[i].decimals, text), text);
        assert_string_equal(text, cases[i].text);
    }
}

static void what_is_written_reads_back_the_same(void **state)
{
    (void)state;
    uint64_t seed = 0x9E3779B97F4A7C15;
    for (int i = 0; i < 20000; i++) {
        seed = seed * 6364136223846793005U + 1442695040888963407U;
        unsigned shift = (unsigned)(seed >> 58);
        int64_t base = (int64_t)(seed >> 1 >> shift);
        base = seed % 2 == 0 ? base : -base;
        unsigned decimals = (unsigned)((seed >> 33) % (QUANTITY_DECIMALS_MAX + 1));
        char text[QUANTITY_TEXT_MAX];
        int64_t again = 0;
        quantity_to_text(base, decimals, text);
        assert_int_equal(quantity_from_text_exact(text, strlen(text), decimals, &again),
                         QUANTITY_OK);
        assert_true(again == base);
    }
}

static void ratios_round_half_away_from_zero_and_only_once(void **state)
{
    (void)state;
    static const struct {
        int64_t numerator, denominator;
        unsigned places;
        const char *text;
    } cases[] = {
        {1, 2, 0, "1"},
        {-1, 2, 0, "-1"},
        {-1, 3, 0, "0"},
        {49, 100, 0, "0"},
        {1, 3, 6, "0.333333"},
        {2, 3, 6, "0.666667"},
        {-2, 3, 6, "-0.666667"},
        {1, 200, 2, "0.01"},
        {4999999, 1000000000, 2, "0"},
        {1309544, 1199400, 6, "1.091833"},
        {8216000, 1199400, 6, "6.850092"},
        {600, 100, 6, "6"},
        {0, 7, 2, "0"},
        {-1, 1000, 2, "0"},
        {INT64_MAX, 1, 0, "9223372036854775807"},
        {5, 10000000000, 9, "0.000000001"},
    };
    for (size_t i = 0; i < ROWS(cases); i++) {
        char text[QUANTITY_TEXT_MAX];
        quantity_ratio_to_text(cases[i].numerator, cases[i].denominator, cases[i].places, text);
        assert_string_equal(text, cases[i].text);
    }
}

static void division_floors_towards_minus_infinity(void **state)
{
    (void)state;
    static const struct {
        int64_t numerator, denominator, quotient;
    } cases[] = {
        {7, 2, 3},    {-7, 2, -4}, {-8, 2, -4}, {8, 2, 4},
        {-1, 10, -1}, {0, 10, 0},  {1, 10, 0},  {-10, 10, -1},
    };
    for (size_t i = 0; i < ROWS(cases); i++) {
        int64_t quotient = (int64_t)quantity_floor_divide(cases[i].numerator, cases[i].denominator);
        assert_int_equal(quotient, cases[i].quotient);
    }
}

static void products_pass_through_128_bits_and_never_wrap(void **state)
{
    (void)state;
    static const struct {
        int64_t a, b, c;
        bool fits;
        int64_t result;
    } cases[] = {
        {30, 100, 300, true, 10},
        {7, 1, 2, true, 3},
        {-7, 1, 2, true, -4},
        {7, -1, 2, true, -4},
        {-7, -1, 2, true, 3},
        {INT64_MAX, INT64_MAX, INT64_MAX, true, INT64_MAX},
        {INT64_MIN, INT64_MAX, INT64_MAX, true, INT64_MIN},
        {INT64_MAX, 2, 1, false, 0},
        {INT64_MIN, 2, 1, false, 0},
        {INT64_MIN, -1, 1, false, 0},
        {INT64_MIN, 1, 1, true, INT64_MIN},
        {INT64_MAX, 3, 4, true, INT64_C(6917529027641081855)},
    };
    for (size_t i = 0; i < ROWS(cases); i++) {
        int64_t result = -77;
        bool fits = quantity_multiply_divide(cases[i].a, cases[i].b, cases[i].c, &result);
        assert_int_equal(fits, cases[i].fits);
        assert_true(result == (fits ? cases[i].result : -77));
    }
}

static void powers_of_ten_reach_to_18(void **state)
{
    (void)state;
    assert_int_equal(quantity_power_of_ten(0), 1);
    assert_int_equal(quantity_power_of_ten(3), 1000);
    assert_true(quantity_power_of_ten(18) == INT64_C(1000000000000000000));
}

static void sums_that_fit_are_sums(void **state)
{
    (void)state;
    assert_true(quantity_add(INT64_MAX, 0) == INT64_MAX);
    assert_true(quantity_add(INT64_MAX, INT64_MIN) == -1);
    assert_true(quantity_add(1233333, 2466667) == 3700000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_readers_read_numbers_exactly_and_refuse_the_rest),
        cmocka_unit_test(digits_beyond_the_resolution_round_half_away_from_zero),
        cmocka_unit_test(the_exact_reader_refuses_what_would_be_rounded_away),
        cmocka_unit_test(reading_stops_at_the_given_length),
        cmocka_unit_test(amounts_are_written_without_exponent_or_trailing_zeros),
        cmocka_unit_test(what_is_written_reads_back_the_same),
        cmocka_unit_test(ratios_round_half_away_from_zero_and_only_once),
        cmocka_unit_test(division_floors_towards_minus_infinity),
        cmocka_unit_test(products_pass_through_128_bits_and_never_wrap),
        cmocka_unit_test(powers_of_ten_reach_to_18),
        cmocka_unit_test(sums_that_fit_are_sums),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
