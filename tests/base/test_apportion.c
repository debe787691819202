/* Dividing an amount by weights: largest remainder. */
#include "apportion.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof *(table))

static void the_largest_remainders_take_what_is_left(void **state)
{
    static const struct {
        int64_t amount;
        size_t count;
        int64_t weights[4], parts[4];
    } rows[] = {
        /* DOMAIN 3: exact 332.665, 334.335, 332.999 */
        {1000, 3, {99600, 100100, 99700}, {333, 334, 333}},
        {-1000, 3, {99600, 100100, 99700}, {-333, -334, -333}},
        {10, 3, {1, 1, 1}, {4, 3, 3}}, /* a tie: the first */
        {-10, 3, {1, 1, 1}, {-4, -3, -3}},
        {11, 4, {1, 1, 1, 1}, {3, 3, 3, 2}},
        {7, 2, {0, 5}, {0, 7}},
        {1, 3, {1, 2, 2}, {0, 1, 0}},
        {0, 2, {1, 1}, {0, 0}},
        {INT64_MAX, 2, {INT64_MAX, INT64_MAX}, {INT64_MAX / 2 + 1, INT64_MAX / 2}},
        {INT64_MAX, 3, {INT64_MAX, 0, 0}, {INT64_MAX, 0, 0}},
        {5, 1, {3}, {5}},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        int64_t parts[4] = {0};
        apportion(rows[i].amount, rows[i].weights, rows[i].count, parts);
        for (size_t k = 0; k < rows[i].count; k++) {
            if (parts[k] != rows[i].parts[k]) {
                fail_msg("row %zu, part %zu: %lld", i, k, (long long)parts[k]);
            }
        }
    }
}

/* For all small amounts and weights: the sum is exact, every part is less than 1 off. */
static void parts_add_up_and_are_less_than_one_off(void **state)
{
    (void)state;
    for (int64_t amount = -40; amount <= 40; amount++) {
        for (int64_t mix = 1; mix < 5 * 5 * 5; mix++) {
            int64_t weights[] = {mix % 5, mix / 5 % 5, mix / 25};
            int64_t sum = weights[0] + weights[1] + weights[2];
            int64_t parts[3];
            apportion(amount, weights, 3, parts);
            assert_true(parts[0] + parts[1] + parts[2] == amount);
            for (int i = 0; i < 3; i++) {
                int64_t off = parts[i] * sum - amount * weights[i];
                assert_true(off < sum && off > -sum);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_largest_remainders_take_what_is_left),
        cmocka_unit_test(parts_add_up_and_are_less_than_one_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
