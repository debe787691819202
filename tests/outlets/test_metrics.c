/* The numbers as Prometheus reads them. */
#include "metrics.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* Not inlined: gcc 12 then takes the text for the pointer to it, which dangles. */
__attribute__((noinline)) static char *text_of(const struct metrics *metrics)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    metrics_write(metrics, out);
    fclose(out);
    return text;
}

static void assert_line(const char *text, const char *line)
{
    size_t length = strlen(line);
    for (const char *at = strstr(text, line); at != NULL; at = strstr(at + 1, line)) {
        if ((at == text || at[-1] == '\n') && at[length] == '\n') {
            return;
        }
    }
    fail_msg("no line \"%s\" in:\n%s", line, text);
}

static void a_family_has_help_type_and_its_series(void **state)
{
    (void)state;
    struct metrics *metrics = metrics_create();
    metric_set(metrics, METRIC_MESSAGES, 0, 41);
    metric_set(metrics, METRIC_QUEUE_AGE, 0, 1250000);
    metric_set(metrics, METRIC_QUEUE, 0, 77);
    char *text = text_of(metrics);
    assert_line(text, "# HELP heatledger_messages_total What became of messages and their parts "
                      "since the journal began.");
    assert_line(text, "# TYPE heatledger_messages_total counter");
    assert_line(text, "heatledger_messages_total{outcome=\"accepted\"} 41");
    assert_line(text, "heatledger_messages_total{outcome=\"duplicate\"} 0");
    assert_line(text, "heatledger_queue_age_seconds 1.25");
    assert_line(text, "heatledger_queue_bytes 77");
    assert_line(text, "heatledger_build_info{version=\"" HEATLEDGER_VERSION "\"} 1");
    free(text);
    metrics_destroy(metrics);
}

static void what_was_never_set_is_not_told(void **state)
{
    (void)state;
    struct metrics *metrics = metrics_create();
    metric_set(metrics, METRIC_CONNECTED, METRIC_CLIENT_IN, 1);
    char *text = text_of(metrics);
    assert_null(strstr(text, "heatledger_snapshot_age_seconds"));
    assert_line(text, "heatledger_connected{client=\"in\"} 1");
    assert_null(strstr(text, "heatledger_connected{client=\"out\"}"));
    assert_line(text, "heatledger_redelivered_total 0");
    free(text);
    metrics_destroy(metrics);
}

static void a_histogram_counts_through_each_bound(void **state)
{
    (void)state;
    struct metrics *metrics = metrics_create();
    metric_observe(metrics, METRIC_COMMIT, 60);
    metric_observe(metrics, METRIC_COMMIT, 80);
    metric_observe(metrics, METRIC_COMMIT, 81);
    metric_observe(metrics, METRIC_COMMIT, INT64_C(200000000));
    char *text = text_of(metrics);
    assert_line(text, "# TYPE heatledger_commit_seconds histogram");
    assert_line(text, "heatledger_commit_seconds_bucket{le=\"0.000064\"} 1");
    assert_line(text, "heatledger_commit_seconds_bucket{le=\"0.00008\"} 2");
    assert_line(text, "heatledger_commit_seconds_bucket{le=\"0.000096\"} 3");
    assert_line(text, "heatledger_commit_seconds_bucket{le=\"134.217728\"} 3");
    assert_line(text, "heatledger_commit_seconds_bucket{le=\"+Inf\"} 4");
    assert_line(text, "heatledger_commit_seconds_sum 200.000221");
    assert_line(text, "heatledger_commit_seconds_count 4");
    assert_line(text, "heatledger_batch_records_bucket{le=\"16384\"} 0");
    free(text);
    metrics_destroy(metrics);
}

/* Called with a directory of its own, which is removed afterwards. */
static void in_directory(void (*test)(const char *directory))
{
    char directory[] = "/tmp/heatledger-metrics-XXXXXX";
    assert_non_null(mkdtemp(directory));
    test(directory);
    char path[128];
    snprintf(path, sizeof path, "%s/" METRICS_FILE, directory);
    unlink(path);
    assert_int_equal(rmdir(directory), 0); /* so nothing else was left in it */
}

static void write_twice(const char *directory)
{
    struct metrics *metrics = metrics_create();
    struct failure failure = {0};
    char path[128], line[256];
    snprintf(path, sizeof path, "%s/" METRICS_FILE, directory);
    assert_true(metrics_write_file(metrics, directory, &failure));
    FILE *former = fopen(path, "r");
    assert_non_null(former);
    metric_set(metrics, METRIC_BUILD, 0, 2);
    assert_true(metrics_write_file(metrics, directory, &failure));
    FILE *present = fopen(path, "r");
    assert_non_null(present);
    for (int i = 0; i < 3; i++) {
        assert_non_null(fgets(line, sizeof line, former));
    }
    assert_string_equal(line, "heatledger_build_info{version=\"" HEATLEDGER_VERSION "\"} 1\n");
    for (int i = 0; i < 3; i++) {
        assert_non_null(fgets(line, sizeof line, present));
    }
    assert_string_equal(line, "heatledger_build_info{version=\"" HEATLEDGER_VERSION "\"} 2\n");
    fclose(former);
    fclose(present);
    metrics_destroy(metrics);
}

static void who_reads_the_file_has_a_whole_one(void **state)
{
    (void)state;
    in_directory(write_twice);
}

static void a_file_that_cannot_be_written_is_a_failure_that_names_it(void **state)
{
    (void)state;
    struct metrics *metrics = metrics_create();
    struct failure failure = {0};
    assert_false(metrics_write_file(metrics, "/nonexistent/heatledger", &failure));
    assert_int_equal(failure.code, FAILURE_RESOURCE);
    assert_non_null(strstr(failure.text, "/nonexistent/heatledger/metrics.prom"));
    metrics_destroy(metrics);
}

static void block_the_name(const char *directory)
{
    struct metrics *metrics = metrics_create();
    struct failure failure = {0};
    char path[128];
    snprintf(path, sizeof path, "%s/" METRICS_FILE, directory);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_false(metrics_write_file(metrics, directory, &failure));
    assert_int_equal(failure.code, FAILURE_RESOURCE);
    assert_int_equal(rmdir(path), 0);
    metrics_destroy(metrics);
}

static void a_file_that_cannot_be_renamed_leaves_nothing_behind(void **state)
{
    (void)state;
    in_directory(block_the_name);
}

/* `promtool check metrics` knows the format, and what names should look like. */
static void promtool_has_nothing_to_say(void **state)
{
    (void)state;
    if (system("command -v promtool >/dev/null 2>&1") != 0) {
        print_message("promtool is not installed (Debian: prometheus)\n");
        skip();
    }
    struct metrics *metrics = metrics_create();
    for (int i = 0; i < METRIC_COUNT; i++) {
        enum metric metric = (enum metric)i;
        const struct metric_info *info = metric_info(metric);
        for (uint32_t k = 0; k < info->series && info->type == METRIC_GAUGE; k++) {
            metric_set(metrics, metric, k, 123456789);
        }
        if (info->type == METRIC_HISTOGRAM) {
            metric_observe(metrics, metric, 1000);
        }
    }
    FILE *promtool = popen("promtool check metrics", "w");
    assert_non_null(promtool);
    metrics_write(metrics, promtool);
    assert_int_equal(pclose(promtool), 0);
    metrics_destroy(metrics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_family_has_help_type_and_its_series),
        cmocka_unit_test(what_was_never_set_is_not_told),
        cmocka_unit_test(a_histogram_counts_through_each_bound),
        cmocka_unit_test(who_reads_the_file_has_a_whole_one),
        cmocka_unit_test(a_file_that_cannot_be_written_is_a_failure_that_names_it),
        cmocka_unit_test(a_file_that_cannot_be_renamed_leaves_nothing_behind),
        cmocka_unit_test(promtool_has_nothing_to_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
