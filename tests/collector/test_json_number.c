/* JSON numbers → integers of a resolution, without floating point between. */
#include "json_number.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *number;
    unsigned decimals;
    bool exact;
    enum json_number_result result;
    int64_t units;
} numbers[] = {
    {"0", 3, true, JSON_NUMBER_OK, 0},
    {"-0.000", 0, true, JSON_NUMBER_OK, 0},
    {"0e999999999", 0, true, JSON_NUMBER_OK, 0},
    {"12.345", 3, true, JSON_NUMBER_OK, 12345},
    {"-12.345", 3, true, JSON_NUMBER_OK, -12345},
    {"4E+05", 3, true, JSON_NUMBER_OK, 400000000},
    {"1200e-2", 0, true, JSON_NUMBER_OK, 12},
    {"1.0005", 3, false, JSON_NUMBER_OK, 1001},
    {"-1.0005", 3, false, JSON_NUMBER_OK, -1001},
    {"1.0005", 3, true, JSON_NUMBER_FINER, 0},
    {"0.4999", 0, false, JSON_NUMBER_OK, 0},
    {"1e-30", 0, false, JSON_NUMBER_OK, 0},
    {"1e-30", 0, true, JSON_NUMBER_FINER, 0},
    {"9e-1", 0, false, JSON_NUMBER_OK, 1},
    /* What a double has made of 1.005, 0.3 and 12: as the 15 digits that were meant. */
    {"1.0049999999999999", 2, false, JSON_NUMBER_OK, 101},
    {"0.30000000000000004", 1, true, JSON_NUMBER_OK, 3},
    {"11.999999999999998", 0, true, JSON_NUMBER_OK, 12},
    {"12.00000000000000000000000000001", 0, true, JSON_NUMBER_OK, 12},
    {"12.000000000001", 0, true, JSON_NUMBER_FINER, 0},
    /* Digits that a double has no room for are kept as long as the units fit. */
    {"8605206.9900634", 9, true, JSON_NUMBER_OK, INT64_C(8605206990063400)},
    {"1773129600123456", 0, true, JSON_NUMBER_OK, INT64_C(1773129600123456)},
    {"9007199254740.991", 3, true, JSON_NUMBER_OK, INT64_C(9007199254740991)},
    {"-9007199254740.991", 3, true, JSON_NUMBER_OK, -INT64_C(9007199254740991)},
    {"9007199254740.992", 3, true, JSON_NUMBER_UNCERTAIN, 0},
    {"9007199254740991.5", 0, false, JSON_NUMBER_UNCERTAIN, 0},
    {"1e16", 0, true, JSON_NUMBER_UNCERTAIN, 0},
    {"1e300", 0, true, JSON_NUMBER_UNCERTAIN, 0},
    {"99999999999999999999999999", 0, true, JSON_NUMBER_UNCERTAIN, 0},
    {"99999999999999999999999999e-20", 0, false, JSON_NUMBER_OK, 1000000},
};

static void a_number_is_exact_rounded_or_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        int64_t units = 7;
        enum json_number_result result =
            json_number_units(numbers[i].number, strlen(numbers[i].number), numbers[i].decimals,
                              numbers[i].exact, &units);
        bool right = result == numbers[i].result &&
                     units == (result == JSON_NUMBER_OK ? numbers[i].units : 7);
        if (!right) {
            fail_msg("%s to %u places: %d %lld, not %d %lld", numbers[i].number,
                     numbers[i].decimals, (int)result, (long long)units, (int)numbers[i].result,
                     (long long)numbers[i].units);
        }
    }
}

static const struct {
    const char *number;
    bool whole;
    int64_t value;
} wholes[] = {
    {"12602485", true, 12602485},
    {"-1.20e1", true, -12},
    {"1e3", true, 1000},
    {"9007199254740991", true, INT64_C(9007199254740991)},
    {"9007199254740992", false, 0},
    {"12.5", false, 0},
    {"1.0000000000000002", false, 0},
    {"1e-30", false, 0},
};

static void a_whole_number_is_told_from_others(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wholes / sizeof wholes[0]; i++) {
        int64_t value = 0;
        const char *number = wholes[i].number;
        assert_int_equal(json_number_whole(number, strlen(number), &value), wholes[i].whole);
        assert_true(!wholes[i].whole || value == wholes[i].value);
    }
}

static const struct {
    const char *ns;
    enum json_number_result result;
    int64_t us;
} epochs[] = {
    {"1773129600123456789", JSON_NUMBER_OK, INT64_C(1773129600123456)},
    {"1773129600123456999", JSON_NUMBER_OK, INT64_C(1773129600123456)},
    {"1773129600123457000", JSON_NUMBER_OK, INT64_C(1773129600123457)},
    {"1.7731296e18", JSON_NUMBER_OK, INT64_C(1773129600000000)},
    {"999.9", JSON_NUMBER_OK, 0},
    {"-1", JSON_NUMBER_OK, -1},
    {"-1000", JSON_NUMBER_OK, -1},
    {"-1000.5", JSON_NUMBER_OK, -2},
    {"1e-40", JSON_NUMBER_OK, 0},
    {"0", JSON_NUMBER_OK, 0},
    {"9300000000000000000", JSON_NUMBER_RANGE, 0},
    {"1e25", JSON_NUMBER_RANGE, 0},
    {"1e300", JSON_NUMBER_RANGE, 0},
};

static void nanoseconds_are_cut_to_microseconds(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof epochs / sizeof epochs[0]; i++) {
        int64_t us = 0;
        enum json_number_result result =
            json_number_ns_to_us(epochs[i].ns, strlen(epochs[i].ns), &us);
        if (result != epochs[i].result || us != epochs[i].us) {
            fail_msg("%s ns: %d %lld", epochs[i].ns, (int)result, (long long)us);
        }
    }
}

static const struct {
    const char *number;
    bool overflows;
} large[] = {
    {"1e400", true},
    {"-1e400", true},
    {"1e309", true},
    {"0.001e311", false},
    {"0.001e312", true},
    {"1.7976931348623157e308", false},
    {"1.7976931348623158e308", false}, /* rounds down to the largest double */
    {"1.7976931348623159e308", true},
    {"17976931348623158079372897140530341507993413271003782693e253", false},
    {"17976931348623158079372897140530341507993413271003782694e253", true},
    {"1e-400", false},
    {"0e400", false},
    {"1e99999999999", true},
};

static void what_no_double_holds_overflows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof large / sizeof large[0]; i++) {
        if (json_number_overflows(large[i].number, strlen(large[i].number)) != large[i].overflows) {
            fail_msg("%s: overflows must be %d", large[i].number, large[i].overflows);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_is_exact_rounded_or_refused),
        cmocka_unit_test(a_whole_number_is_told_from_others),
        cmocka_unit_test(nanoseconds_are_cut_to_microseconds),
        cmocka_unit_test(what_no_double_holds_overflows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
