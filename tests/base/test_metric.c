/* Counting and measuring: every value ends in exactly one bucket, and is found again. */
#include "metric.h"

#include <ctype.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define WRITERS 4
#define EACH 5000

static enum metric metric_number(int number)
{
    return (enum metric)number;
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), end_length = strlen(end);
    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

static void rows_are_named_as_prometheus_asks(void **state)
{
    (void)state;
    for (int i = 0; i < METRIC_COUNT; i++) {
        const struct metric_info *info = metric_info(metric_number(i));
        for (const char *letter = info->name; *letter != '\0'; letter++) {
            assert_true(islower((unsigned char)*letter) || *letter == '_');
        }
        assert_true(ends_with(info->help, "."));
        assert_int_equal(ends_with(info->name, "_total"), info->type == METRIC_COUNTER);
        assert_true(info->unit != METRIC_US || ends_with(info->name, "_seconds"));
        assert_true(info->unit != METRIC_BYTES || ends_with(info->name, "_bytes") ||
                    ends_with(info->name, "_bytes_total"));
        assert_true(info->series >= 1);
        assert_true((info->label != NULL) == (info->label_value != NULL));
        for (int other = 0; other < i; other++) {
            assert_string_not_equal(info->name, metric_info(metric_number(other))->name);
        }
    }
}

static void counters_begin_at_0_and_gauges_unknown(void **state)
{
    (void)state;
    struct metrics *metrics = metrics_create();
    int64_t value = -1;
    assert_true(metric_get(metrics, METRIC_REDELIVERED, 0, &value));
    assert_int_equal(value, 0);
    assert_false(metric_get(metrics, METRIC_OUTBOX, 0, &value));
    metric_set(metrics, METRIC_OUTBOX, 0, 7);
    assert_true(metric_get(metrics, METRIC_OUTBOX, 0, &value));
    assert_int_equal(value, 7);
    metric_add(metrics, METRIC_CONNECTIONS, METRIC_CLIENT_OUT, 2);
    metric_add(metrics, METRIC_CONNECTIONS, METRIC_CLIENT_OUT, 3);
    assert_true(metric_get(metrics, METRIC_CONNECTIONS, METRIC_CLIENT_OUT, &value));
    assert_int_equal(value, 5);
    assert_true(metric_get(metrics, METRIC_CONNECTIONS, METRIC_CLIENT_IN, &value));
    assert_int_equal(value, 0);
    metrics_destroy(metrics);
}

static void nobody_counts_where_there_are_no_metrics(void **state)
{
    (void)state;
    metric_add(NULL, METRIC_REDELIVERED, 0, 1);
    metric_set(NULL, METRIC_OUTBOX, 0, 1);
    metric_observe(NULL, METRIC_COMMIT, 1);
}

static void bounds_ascend_from_the_first_to_the_last_doubling(void **state)
{
    (void)state;
    for (int i = 0; i < METRIC_COUNT; i++) {
        enum metric metric = metric_number(i);
        const struct metric_info *info = metric_info(metric);
        if (info->type != METRIC_HISTOGRAM) {
            continue;
        }
        size_t count = metric_bucket_count(metric);
        assert_int_equal(metric_bucket_bound(metric, 0), INT64_C(1) << info->lowest);
        assert_int_equal(metric_bucket_bound(metric, count - 2), INT64_C(1) << info->highest);
        assert_int_equal(metric_bucket_bound(metric, count - 1), INT64_MAX);
        for (size_t k = 1; k < count; k++) {
            assert_true(metric_bucket_bound(metric, k) > metric_bucket_bound(metric, k - 1));
        }
    }
    /* 64, 80, 96, 112, 128, 160 µs */
    assert_int_equal(metric_bucket_bound(METRIC_COMMIT, 1), 80);
    assert_int_equal(metric_bucket_bound(METRIC_COMMIT, 3), 112);
    assert_int_equal(metric_bucket_bound(METRIC_COMMIT, 5), 160);
}

/* The one bucket that has become larger by one value. */
static size_t bucket_of(enum metric metric, int64_t value)
{
    struct metrics *metrics = metrics_create();
    size_t found = SIZE_MAX, count = metric_bucket_count(metric);
    metric_observe(metrics, metric, value);
    assert_int_equal(metric_observed(metrics, metric), 1);
    assert_int_equal(metric_sum(metrics, metric), value < 0 ? 0 : value);
    for (size_t i = 0; i < count; i++) {
        found = metric_bucket(metrics, metric, i) == 1 ? i : found;
    }
    metrics_destroy(metrics);
    return found;
}

static void a_value_counts_at_the_first_bound_that_is_not_below_it(void **state)
{
    (void)state;
    static const enum metric metrics[] = {METRIC_COMMIT, METRIC_BATCH};
    for (size_t m = 0; m < sizeof metrics / sizeof metrics[0]; m++) {
        size_t last = metric_bucket_count(metrics[m]) - 1;
        for (size_t i = 0; i < last; i++) {
            int64_t bound = metric_bucket_bound(metrics[m], i);
            assert_int_equal(bucket_of(metrics[m], bound), i);
            assert_int_equal(bucket_of(metrics[m], bound + 1), i + 1);
        }
        assert_int_equal(bucket_of(metrics[m], INT64_MAX), last);
        assert_int_equal(bucket_of(metrics[m], 0), 0);
        assert_int_equal(bucket_of(metrics[m], -5), 0);
    }
}

static void a_quantile_is_as_good_as_its_bucket(void **state)
{
    (void)state;
    struct metrics *metrics = metrics_create();
    assert_int_equal(metric_quantile(metrics, METRIC_COMMIT, 500), 0);
    for (int64_t us = 1; us <= 100000; us++) {
        metric_observe(metrics, METRIC_COMMIT, us);
    }
    static const uint32_t per_mille[] = {1, 10, 500, 900, 990, 999, 1000};
    for (size_t i = 0; i < sizeof per_mille / sizeof per_mille[0]; i++) {
        int64_t exact = (int64_t)per_mille[i] * 100;
        int64_t found = metric_quantile(metrics, METRIC_COMMIT, per_mille[i]);
        assert_true(found >= exact - exact / 4 && found <= exact + exact / 4);
    }
    metrics_destroy(metrics);
}

static void the_slowest_of_a_thousand_shows_in_the_last_quantile(void **state)
{
    (void)state;
    struct metrics *metrics = metrics_create();
    for (int i = 0; i < 998; i++) {
        metric_observe(metrics, METRIC_ALERT_DELAY, 20000);
    }
    metric_observe(metrics, METRIC_ALERT_DELAY, 5000000);
    metric_observe(metrics, METRIC_ALERT_DELAY, INT64_C(1) << 40);
    assert_true(metric_quantile(metrics, METRIC_ALERT_DELAY, 500) < 25000);
    assert_true(metric_quantile(metrics, METRIC_ALERT_DELAY, 998) < 25000);
    assert_true(metric_quantile(metrics, METRIC_ALERT_DELAY, 999) > 4000000);
    assert_int_equal(metric_quantile(metrics, METRIC_ALERT_DELAY, 1000), INT64_C(1) << 27);
    metrics_destroy(metrics);
}

static void *write_values(void *argument)
{
    struct metrics *metrics = argument;
    for (int i = 0; i < EACH; i++) {
        metric_add(metrics, METRIC_REDELIVERED, 0, 1);
        metric_observe(metrics, METRIC_SYNC, i);
    }
    return NULL;
}

static void nothing_is_missed_when_several_threads_count(void **state)
{
    (void)state;
    struct metrics *metrics = metrics_create();
    pthread_t threads[WRITERS];
    for (int i = 0; i < WRITERS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, write_values, metrics), 0);
    }
    for (int i = 0; i < WRITERS; i++) {
        pthread_join(threads[i], NULL);
    }
    int64_t value = 0;
    metric_get(metrics, METRIC_REDELIVERED, 0, &value);
    assert_int_equal(value, WRITERS * EACH);
    assert_int_equal(metric_observed(metrics, METRIC_SYNC), WRITERS * EACH);
    assert_int_equal(metric_sum(metrics, METRIC_SYNC), (int64_t)WRITERS * EACH * (EACH - 1) / 2);
    metrics_destroy(metrics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_named_as_prometheus_asks),
        cmocka_unit_test(counters_begin_at_0_and_gauges_unknown),
        cmocka_unit_test(nobody_counts_where_there_are_no_metrics),
        cmocka_unit_test(bounds_ascend_from_the_first_to_the_last_doubling),
        cmocka_unit_test(a_value_counts_at_the_first_bound_that_is_not_below_it),
        cmocka_unit_test(a_quantile_is_as_good_as_its_bucket),
        cmocka_unit_test(the_slowest_of_a_thousand_shows_in_the_last_quantile),
        cmocka_unit_test(nothing_is_missed_when_several_threads_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
