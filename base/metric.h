/* What the running program counts and measures: one table of rows (metric.c), and one cell of
 * memory for each number. Several threads may write one number and another may read all of them at
 * any time, without a lock. Times are measured in microseconds; who shows them shows seconds.
 *
 * Another number to watch is a row of the table and a place that writes it. */
#ifndef HEATLEDGER_METRIC_H
#define HEATLEDGER_METRIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum metric {
    METRIC_BUILD, /* labelled with the version; always 1 */
    METRIC_MESSAGES,
    METRIC_REFUSED,
    METRIC_HELD,
    METRIC_RECEIVED,
    METRIC_REDELIVERED,
    METRIC_CONNECTED,
    METRIC_CONNECTIONS,
    METRIC_QUEUE_RECORDS,
    METRIC_QUEUE,
    METRIC_QUEUE_AGE,
    METRIC_JOURNAL,
    METRIC_UNSYNCED,
    METRIC_ROOM,
    METRIC_BLOCKED,
    METRIC_TROUBLE,
    METRIC_DISK_FREE,
    METRIC_BATCH,
    METRIC_SYNC,
    METRIC_COMMIT,
    METRIC_OUTBOX,
    METRIC_OUTBOX_REPLACED,
    METRIC_ALERT_DELAY,
    METRIC_ALERT_UNMEASURED,
    METRIC_SNAPSHOT,
    METRIC_SNAPSHOT_AGE,
    METRIC_MEMORY,
    METRIC_START,
    METRIC_COUNT
};

/* The series of METRIC_CONNECTED and METRIC_CONNECTIONS. */
enum metric_client { METRIC_CLIENT_IN, METRIC_CLIENT_OUT, METRIC_CLIENT_COUNT };

enum metric_type {
    METRIC_COUNTER,   /* only grows while the program runs; 0 at first */
    METRIC_GAUGE,     /* goes up and down; nothing is told of one that was never set */
    METRIC_HISTOGRAM, /* how many values were at most so large, for each of a row of bounds */
};

enum metric_unit { METRIC_PLAIN, METRIC_BYTES, METRIC_US };

struct metric_info {
    const char *name; /* as Prometheus has it, with the unit that is shown, without "heatledger_" */
    const char *help;
    enum metric_type type;
    enum metric_unit unit;
    const char *label;                      /* its series differ in; NULL: there is one */
    const char *(*label_value)(uint32_t i); /* of a series */
    uint32_t series;                        /* how many: 1 and more */
    /* A histogram's bounds: 2^lowest first, then `1 << steps` to each doubling, up to
     * 2^highest, all of them integers; what is larger is counted behind the last one. */
    uint8_t lowest, highest, steps;
};

/* The row of a metric. */
const struct metric_info *metric_info(enum metric metric);

struct metrics;

struct metrics *metrics_create(void);
void metrics_destroy(struct metrics *metrics);

/* Adds to a counter; `series` is 0 where there is only one. Here and below, with `metrics` NULL
 * nobody counts and nothing happens. */
void metric_add(struct metrics *metrics, enum metric metric, uint32_t series, uint64_t amount);

/* Sets a gauge, or a counter that is counted elsewhere. */
void metric_set(struct metrics *metrics, enum metric metric, uint32_t series, int64_t value);

/* Counts a value in a histogram; what is below 0 (a clock went back) counts as 0. */
void metric_observe(struct metrics *metrics, enum metric metric, int64_t value);

/* The number as it is now; false: a gauge that was never set, `*value` is 0. */
bool metric_get(const struct metrics *metrics, enum metric metric, uint32_t series, int64_t *value);

/* A histogram's buckets, the one behind the last bound included. */
size_t metric_bucket_count(enum metric metric);

/* The largest value that counts in the bucket; INT64_MAX: the one behind the last bound. */
int64_t metric_bucket_bound(enum metric metric, size_t bucket);

/* How many values are in the bucket itself (not in those before it). */
uint64_t metric_bucket(const struct metrics *metrics, enum metric metric, size_t bucket);

/* How many values a histogram has, and their sum. */
uint64_t metric_observed(const struct metrics *metrics, enum metric metric);
int64_t metric_sum(const struct metrics *metrics, enum metric metric);

/* The value that so many of a thousand are not above (500: the median, 999), to be trusted as far
 * as the bounds of its bucket are apart; behind the last bound, that bound. 0 where there is none.
 */
int64_t metric_quantile(const struct metrics *metrics, enum metric metric, uint32_t per_mille);

#endif
