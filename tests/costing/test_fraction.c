/* Exact fractions, and the one rounding at the end. */
#include "fraction.h"
#include "fractions.h"

static void sums_of_thirds_are_whole_again(void **state)
{
    struct sheet sheet = {0};
    (void)state;
    const struct fraction *third = fraction_of(&sheet, 1, 3);
    const struct fraction *sum = fraction_add(&sheet, third, fraction_of(&sheet, -2, -3));
    assert_int_equal(fraction_compare(sum, fraction_of(&sheet, 7, 7)), 0);
    assert_int_equal(fraction_sign(fraction_subtract(&sheet, sum, fraction_of(&sheet, 1, 1))), 0);
    assert_int_equal(
        fraction_compare(fraction_multiply(&sheet, third, third), fraction_power(&sheet, third, 2)),
        0);
    assert_int_equal(
        fraction_compare(fraction_divide(&sheet, third, third), fraction_of(&sheet, 1, 1)), 0);
    sheet_clear(&sheet);
    assert_null(sheet.newest);
}

static void a_number_is_rounded_once_half_away_from_zero(void **state)
{
    static const struct {
        int64_t numerator, denominator;
        unsigned places;
        int64_t rounded, floor, ceiling;
        const char *text;
    } rows[] = {
        {1, 3, 2, 33, 33, 34, "0.33"},
        {2, 3, 2, 67, 66, 67, "0.67"},
        {-2, 3, 2, -67, -67, -66, "-0.67"},
        {1, 2, 0, 1, 0, 1, "1"},
        {-1, 2, 0, -1, -1, 0, "-1"},
        {5, 1000, 2, 1, 0, 1, "0.01"},
        {-1, 1000, 2, 0, -1, 0, "0"},
        {100, 1, 2, 10000, 10000, 10000, "100"},
        {1205, 10, 1, 1205, 1205, 1205, "120.5"},
        {0, 5, 3, 0, 0, 0, "0"},
        {7, 1, 0, 7, 7, 7, "7"},
        {INT64_MAX, 1, 0, INT64_MAX, INT64_MAX, INT64_MAX, "9223372036854775807"},
    };
    struct sheet sheet = {0};
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        const struct fraction *a = fraction_of(&sheet, rows[i].numerator, rows[i].denominator);
        int64_t rounded = 0, floor = 0, ceiling = 0;
        char text[FRACTION_TEXT_MAX];
        assert_true(fraction_round(a, rows[i].places, &rounded));
        assert_true(fraction_floor(a, rows[i].places, &floor));
        assert_true(fraction_ceiling(a, rows[i].places, &ceiling));
        assert_int_equal(rounded, rows[i].rounded);
        assert_int_equal(floor, rows[i].floor);
        assert_int_equal(ceiling, rows[i].ceiling);
        assert_string_equal(fraction_to_text(a, rows[i].places, text), rows[i].text);
    }
    sheet_clear(&sheet);
}

static void what_does_not_fit_is_told(void **state)
{
    struct sheet sheet = {0};
    int64_t units = 0;
    (void)state;
    const struct fraction *large = fraction_of(&sheet, INT64_MAX, 1);
    assert_false(fraction_round(large, 1, &units));
    assert_false(fraction_round(fraction_add(&sheet, large, fraction_of(&sheet, 1, 1)), 0, &units));
    assert_false(fraction_floor(fraction_multiply(&sheet, large, large), 0, &units));
    sheet_clear(&sheet);
}

static void decimals_of_any_width_are_exact(void **state)
{
    struct sheet sheet = {0};
    char text[FRACTION_TEXT_MAX];
    (void)state;
    quantity_wide wide = (quantity_wide)INT64_MAX * 1000000 + 999999;
    assert_string_equal(fraction_to_text(fraction_decimal(&sheet, wide, 6), 6, text),
                        "9223372036854775807.999999");
    assert_string_equal(fraction_to_text(fraction_decimal(&sheet, -wide, 18), 18, text),
                        "-9223372.036854775807999999");
    sheet_clear(&sheet);
}

static void the_root_is_the_largest_whose_square_fits(void **state)
{
    struct sheet sheet = {0};
    char text[FRACTION_TEXT_MAX];
    (void)state;
    /* DOMAIN 1b, 15: sqrt(2 x 7200 / 300) */
    const struct fraction *a = fraction_of(&sheet, 2 * 7200, 300);
    assert_string_equal(fraction_to_text(fraction_square_root(&sheet, a, 2), 2, text), "6.92");
    assert_string_equal(fraction_to_text(fraction_square_root(&sheet, a, 9), 9, text),
                        "6.92820323");
    const struct fraction *square = fraction_of(&sheet, 81, 100);
    assert_string_equal(fraction_to_text(fraction_square_root(&sheet, square, 5), 5, text), "0.9");
    sheet_clear(&sheet);
}

static void a_clamp_keeps_what_lies_between(void **state)
{
    static const struct {
        int64_t tenths, clamped;
    } rows[] = {{-1, 0}, {0, 0}, {5, 5}, {10, 10}, {11, 10}};
    struct sheet sheet = {0};
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        const struct fraction *within =
            fraction_clamp(&sheet, fraction_of(&sheet, rows[i].tenths, 10),
                           fraction_of(&sheet, 0, 1), fraction_of(&sheet, 1, 1));
        assert_int_equal(fraction_compare(within, fraction_of(&sheet, rows[i].clamped, 10)), 0);
    }
    sheet_clear(&sheet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_of_thirds_are_whole_again),
        cmocka_unit_test(a_number_is_rounded_once_half_away_from_zero),
        cmocka_unit_test(what_does_not_fit_is_told),
        cmocka_unit_test(decimals_of_any_width_are_exact),
        cmocka_unit_test(the_root_is_the_largest_whose_square_fits),
        cmocka_unit_test(a_clamp_keeps_what_lies_between),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
