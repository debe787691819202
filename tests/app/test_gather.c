/* How long the engine lets messages gather: the times of the last batch in, the rest out. */
#include "gather.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void the_first_message_after_a_quiet_moment_is_booked_at_once(void **state)
{
    (void)state;
    assert_int_equal(gather_rest_us(0, 0, 5000000), 0);
    assert_int_equal(gather_rest_us(1000000, 1001000, 1000000 + GATHER_US), 0);
    assert_int_equal(gather_rest_us(1000000, 1001000, 9000000), 0);
}

static void batches_are_begun_at_a_fixed_distance(void **state)
{
    (void)state;
    for (int64_t took_us = 0; took_us <= GATHER_US / 2; took_us += 1000) {
        int64_t ended_us = 1000000 + took_us;
        assert_int_equal(ended_us + gather_rest_us(1000000, ended_us, ended_us),
                         1000000 + GATHER_US);
    }
}

static void what_has_passed_since_the_batch_counts_as_rest(void **state)
{
    (void)state;
    assert_int_equal(gather_rest_us(1000000, 1001000, 1008000), GATHER_US - 8000);
    assert_int_equal(gather_rest_us(1000000, 1015000, 1020000), 10000);
}

static void long_batches_leave_half_of_the_time(void **state)
{
    (void)state;
    assert_int_equal(gather_rest_us(1000000, 1015000, 1015000), 15000);
    assert_int_equal(gather_rest_us(1000000, 1000000 + GATHER_US, 1000000 + GATHER_US), GATHER_US);
}

static void nobody_waits_longer_than_the_distance_however_long_a_batch_took(void **state)
{
    (void)state;
    assert_int_equal(gather_rest_us(1000000, 9000000, 9000000), GATHER_US);
    /* a batch that was begun and failed has no end of its own */
    assert_int_equal(gather_rest_us(9000000, 1000000, 9000000), 0);
    assert_true(gather_rest_us(9000000, 8999000, 9000000) <= GATHER_US);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_message_after_a_quiet_moment_is_booked_at_once),
        cmocka_unit_test(batches_are_begun_at_a_fixed_distance),
        cmocka_unit_test(what_has_passed_since_the_batch_counts_as_rest),
        cmocka_unit_test(long_batches_leave_half_of_the_time),
        cmocka_unit_test(nobody_waits_longer_than_the_distance_however_long_a_batch_took),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
