/* From arrival to the broker: each alert is measured once, by the row it has in the outbox. */
#include "alert_delay.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define SECOND_US INT64_C(1000000)

static struct metrics *metrics;
static struct alert_delay *delay;

static int setup(void **state)
{
    (void)state;
    metrics = metrics_create();
    delay = alert_delay_create(metrics);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    alert_delay_destroy(delay);
    metrics_destroy(metrics);
    return 0;
}

static void made(uint64_t position, uint32_t ordinal, int64_t arrival_us)
{
    alert_delay_made(delay, (struct effect_id){position, ordinal}, arrival_us);
}

static void assert_measured(uint64_t count, int64_t sum_us)
{
    assert_int_equal(metric_observed(metrics, METRIC_ALERT_DELAY), count);
    assert_int_equal(metric_sum(metrics, METRIC_ALERT_DELAY), sum_us);
}

static void an_alert_is_measured_when_the_broker_has_its_row(void **state)
{
    (void)state;
    made(100, 0, 10 * SECOND_US);
    made(200, 1, 11 * SECOND_US);
    alert_delay_row(delay, "100-0", 7);
    alert_delay_row(delay, "200-0", 8); /* about a heat */
    alert_delay_row(delay, "200-1", 9);
    alert_delay_taken(delay, 6, 12 * SECOND_US);
    assert_measured(0, 0);
    alert_delay_taken(delay, 8, 12 * SECOND_US);
    assert_measured(1, 2 * SECOND_US);
    alert_delay_taken(delay, 9, 14 * SECOND_US);
    assert_measured(2, 5 * SECOND_US);
    alert_delay_taken(delay, 9, 20 * SECOND_US);
    assert_measured(2, 5 * SECOND_US);
}

static void what_the_sender_has_not_read_is_not_taken(void **state)
{
    (void)state;
    made(100, 0, 0);
    alert_delay_taken(delay, 1000, SECOND_US);
    assert_measured(0, 0);
}

static void a_former_run_s_rows_are_not_measured(void **state)
{
    (void)state;
    made(500, 0, 0);
    alert_delay_row(delay, "90-0", 1);
    alert_delay_row(delay, "no id", 2);
    alert_delay_taken(delay, 2, SECOND_US);
    assert_measured(0, 0);
    alert_delay_row(delay, "500-0", 3);
    alert_delay_taken(delay, 3, SECOND_US);
    assert_measured(1, SECOND_US);
}

static void what_an_engine_says_again_counts_from_the_first_time(void **state)
{
    (void)state;
    made(100, 0, 0);
    made(100, 1, 0);
    made(100, 0, 50 * SECOND_US);
    made(100, 1, 50 * SECOND_US);
    alert_delay_row(delay, "100-0", 1);
    alert_delay_row(delay, "100-1", 2);
    alert_delay_taken(delay, 2, 60 * SECOND_US);
    assert_measured(2, 120 * SECOND_US);
}

static void one_that_never_got_a_row_holds_up_no_other(void **state)
{
    (void)state;
    made(100, 0, 0);
    made(200, 0, 0);
    alert_delay_row(delay, "200-0", 1);
    alert_delay_taken(delay, 1, SECOND_US);
    assert_measured(1, SECOND_US);
    made(300, 0, 0);
    alert_delay_row(delay, "300-0", 2);
    alert_delay_taken(delay, 2, SECOND_US);
    assert_measured(2, 2 * SECOND_US);
}

static void what_is_beyond_the_limit_is_counted_and_then_there_is_room_again(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < ALERT_DELAY_MAX + 3; i++) {
        made(i, 0, 0);
    }
    int64_t unmeasured = 0;
    metric_get(metrics, METRIC_ALERT_UNMEASURED, 0, &unmeasured);
    assert_int_equal(unmeasured, 3);
    char id[32];
    for (uint64_t i = 0; i < ALERT_DELAY_MAX + 3; i++) {
        snprintf(id, sizeof id, "%llu-0", (unsigned long long)i);
        alert_delay_row(delay, id, (int64_t)i + 1);
    }
    alert_delay_taken(delay, ALERT_DELAY_MAX + 3, 1);
    assert_measured(ALERT_DELAY_MAX, ALERT_DELAY_MAX);
    made(ALERT_DELAY_MAX + 3, 0, 0);
    alert_delay_row(delay, "4099-0", ALERT_DELAY_MAX + 4);
    alert_delay_taken(delay, ALERT_DELAY_MAX + 4, 1);
    assert_measured(ALERT_DELAY_MAX + 1, ALERT_DELAY_MAX + 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_alert_is_measured_when_the_broker_has_its_row),
        TEST(what_the_sender_has_not_read_is_not_taken),
        TEST(a_former_run_s_rows_are_not_measured),
        TEST(what_an_engine_says_again_counts_from_the_first_time),
        TEST(one_that_never_got_a_row_holds_up_no_other),
        TEST(what_is_beyond_the_limit_is_counted_and_then_there_is_room_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
