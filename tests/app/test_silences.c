#include "silences.h"

#include "timestamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void the_earliest_comes_first_then_the_lowest_meter(void **state)
{
    (void)state;
    struct silences silences = {0};
    uint32_t random = 1;
    meter_id meter;
    assert_int_equal(silences_due_us(&silences), TIMESTAMP_NEVER_US);
    assert_false(silences_pop(&silences, INT64_MAX, &meter));
    int64_t due_us[500];
    silences_start(&silences, 500);
    for (uint32_t i = 0; i < 500; i++) {
        random = random * 1664525u + 1013904223u;
        due_us[i] = (random >> 8) % 100;
        silences_put(&silences, (meter_id){i}, due_us[i]);
    }
    int64_t last_us = -1;
    uint32_t last = 0;
    uint32_t count = 0;
    for (int64_t now_us = 0; now_us < 100; now_us += 7) {
        while (silences_pop(&silences, now_us, &meter)) {
            assert_true(due_us[meter.index] <= now_us);
            assert_true(due_us[meter.index] > last_us ||
                        (due_us[meter.index] == last_us && meter.index > last));
            last_us = due_us[meter.index];
            last = meter.index;
            count++;
        }
        assert_true(silences_due_us(&silences) > now_us);
    }
    while (silences_pop(&silences, 100, &meter)) {
        count++;
    }
    assert_int_equal(count, 500);
    silences_clear(&silences);
}

static void what_is_put_back_comes_again(void **state)
{
    (void)state;
    struct silences silences = {0};
    meter_id meter;
    silences_start(&silences, 8);
    silences_put(&silences, (meter_id){7}, 10);
    silences_put(&silences, (meter_id){3}, 20);
    assert_true(silences_pop(&silences, 15, &meter));
    assert_int_equal(meter.index, 7);
    assert_true(silences_took(&silences, meter));
    assert_false(silences_took(&silences, (meter_id){3}));
    silences_put(&silences, meter, 30);
    assert_false(silences_took(&silences, meter));
    assert_int_equal(silences_due_us(&silences), 20);
    assert_true(silences_pop(&silences, 30, &meter));
    assert_int_equal(meter.index, 3);
    assert_true(silences_pop(&silences, 30, &meter));
    assert_int_equal(meter.index, 7);
    assert_false(silences_pop(&silences, 30, &meter));
    silences_clear(&silences);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_earliest_comes_first_then_the_lowest_meter),
        cmocka_unit_test(what_is_put_back_comes_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
