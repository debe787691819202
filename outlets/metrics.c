#include "metrics.h"

#include "memory.h"
#include "timestamp.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PREFIX "heatledger_"
#define NUMBER_MAX 32 /* bytes of a number's text */

/* A value in the unit that is shown; digits that say nothing are left out, for a bound must be the
 * same text in every version. */
static const char *number(char text[NUMBER_MAX], enum metric_unit unit, int64_t value)
{
    if (unit != METRIC_US) {
        snprintf(text, NUMBER_MAX, "%" PRId64, value);
        return text;
    }
    bool negative = value < 0;
    uint64_t magnitude_us = negative ? 0 - (uint64_t)value : (uint64_t)value;
    int length = snprintf(text, NUMBER_MAX, "%s%" PRIu64 ".%06" PRIu64, negative ? "-" : "",
                          magnitude_us / TIMESTAMP_SECOND_US, magnitude_us % TIMESTAMP_SECOND_US);
    while (text[length - 1] == '0') {
        text[--length] = '\0';
    }
    if (text[length - 1] == '.') {
        text[--length] = '\0';
    }
    return text;
}

static void write_series(const struct metrics *metrics, enum metric metric, FILE *out)
{
    const struct metric_info *info = metric_info(metric);
    for (uint32_t i = 0; i < info->series; i++) {
        int64_t value;
        char text[NUMBER_MAX];
        if (!metric_get(metrics, metric, i, &value)) {
            continue;
        }
        fprintf(out, PREFIX "%s", info->name);
        if (info->label != NULL) {
            fprintf(out, "{%s=\"%s\"}", info->label, info->label_value(i));
        }
        fprintf(out, " %s\n", number(text, info->unit, value));
    }
}

/* The count is that of the buckets as they were read, for others are counting meanwhile. */
static void write_histogram(const struct metrics *metrics, enum metric metric, FILE *out)
{
    const struct metric_info *info = metric_info(metric);
    size_t last = metric_bucket_count(metric) - 1;
    uint64_t through = 0;
    char text[NUMBER_MAX];
    for (size_t i = 0; i < last; i++) {
        through += metric_bucket(metrics, metric, i);
        fprintf(out, PREFIX "%s_bucket{le=\"%s\"} %" PRIu64 "\n", info->name,
                number(text, info->unit, metric_bucket_bound(metric, i)), through);
    }
    through += metric_bucket(metrics, metric, last);
    fprintf(out, PREFIX "%s_bucket{le=\"+Inf\"} %" PRIu64 "\n", info->name, through);
    fprintf(out, PREFIX "%s_sum %s\n", info->name,
            number(text, info->unit, metric_sum(metrics, metric)));
    fprintf(out, PREFIX "%s_count %" PRIu64 "\n", info->name, through);
}

static bool is_known(const struct metrics *metrics, enum metric metric)
{
    const struct metric_info *info = metric_info(metric);
    bool known = info->type != METRIC_GAUGE;
    for (uint32_t i = 0; i < info->series && !known; i++) {
        int64_t value;
        known = metric_get(metrics, metric, i, &value);
    }
    return known;
}

void metrics_write(const struct metrics *metrics, FILE *out)
{
    static const char *const types[] = {
        [METRIC_COUNTER] = "counter", [METRIC_GAUGE] = "gauge", [METRIC_HISTOGRAM] = "histogram"};
    for (int i = 0; i < METRIC_COUNT; i++) {
        enum metric metric = (enum metric)i;
        const struct metric_info *info = metric_info(metric);
        if (!is_known(metrics, metric)) {
            continue;
        }
        fprintf(out, "# HELP " PREFIX "%s %s\n# TYPE " PREFIX "%s %s\n", info->name, info->help,
                info->name, types[info->type]);
        (info->type == METRIC_HISTOGRAM ? write_histogram : write_series)(metrics, metric, out);
    }
}

static char *path_of(const char *directory, const char *name)
{
    size_t size = strlen(directory) + strlen(name) + 2;
    char *path = memory_zeroed(1, size);
    snprintf(path, size, "%s/%s", directory, name);
    return path;
}

static bool write_to(const struct metrics *metrics, const char *path)
{
    FILE *out = fopen(path, "we");
    if (out == NULL) {
        return false;
    }
    metrics_write(metrics, out);
    bool good = fflush(out) == 0 && ferror(out) == 0;
    int why = errno;
    good = fclose(out) == 0 && good;
    errno = good ? errno : why;
    return good;
}

bool metrics_write_file(const struct metrics *metrics, const char *directory,
                        struct failure *failure)
{
    char *path = path_of(directory, METRICS_FILE);
    char *fresh = path_of(directory, METRICS_FILE ".tmp");
    bool good = write_to(metrics, fresh) && rename(fresh, path) == 0;
    if (!good) {
        failure_set(failure, FAILURE_RESOURCE, "%s: cannot be written: %s", path, strerror(errno));
        unlink(fresh); /* half of it would only take room that is short already */
    }
    free(path);
    free(fresh);
    return good;
}
