/* Sums of meters with whole coefficients. */
#include "meter_balance.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void a_sum_keeps_its_meters_in_order_and_each_once(void **state)
{
    (void)state;
    struct meter_sum sum = {0};
    assert_true(meter_sum_add(&sum, (meter_id){7}, 1));
    assert_true(meter_sum_add(&sum, (meter_id){3}, -1));
    assert_true(meter_sum_add(&sum, (meter_id){9}, 2));
    assert_true(meter_sum_add(&sum, (meter_id){7}, 4));
    assert_int_equal(sum.count, 3);
    static const struct meter_term wanted[] = {{{3}, -1}, {{7}, 5}, {{9}, 2}};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(sum.terms[i].meter.index, wanted[i].meter.index);
        assert_int_equal(sum.terms[i].coefficient, wanted[i].coefficient);
    }
    meter_sum_clear(&sum);
}

static void a_meter_that_comes_to_nothing_leaves_the_sum(void **state)
{
    (void)state;
    struct meter_sum sum = {0};
    assert_true(meter_sum_add(&sum, (meter_id){1}, 1));
    assert_true(meter_sum_add(&sum, (meter_id){2}, 3));
    assert_true(meter_sum_add(&sum, (meter_id){1}, -1));
    assert_true(meter_sum_add(&sum, (meter_id){5}, 0));
    assert_int_equal(sum.count, 1);
    assert_int_equal(sum.terms[0].meter.index, 2);
    meter_sum_clear(&sum);
}

static void what_passes_a_limit_changes_nothing(void **state)
{
    (void)state;
    struct meter_sum sum = {0};
    assert_true(meter_sum_add(&sum, (meter_id){0}, VIRTUAL_COEFFICIENT_MAX));
    assert_false(meter_sum_add(&sum, (meter_id){0}, 1));
    assert_false(meter_sum_add(&sum, (meter_id){0}, -2 * VIRTUAL_COEFFICIENT_MAX - 1));
    assert_int_equal(sum.terms[0].coefficient, VIRTUAL_COEFFICIENT_MAX);
    for (uint32_t i = 1; i < VIRTUAL_TERMS_MAX; i++) {
        assert_true(meter_sum_add(&sum, (meter_id){i}, 1));
    }
    assert_false(meter_sum_add(&sum, (meter_id){VIRTUAL_TERMS_MAX}, 1));
    assert_true(meter_sum_add(&sum, (meter_id){0}, -VIRTUAL_COEFFICIENT_MAX));
    assert_true(meter_sum_add(&sum, (meter_id){VIRTUAL_TERMS_MAX}, 1));
    assert_int_equal(sum.count, VIRTUAL_TERMS_MAX);
    meter_sum_clear(&sum);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sum_keeps_its_meters_in_order_and_each_once),
        cmocka_unit_test(a_meter_that_comes_to_nothing_leaves_the_sum),
        cmocka_unit_test(what_passes_a_limit_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
