#include "metric.h"

#include "failure.h"
#include "memory.h"
#include "outcome.h"
#include "trouble_kind.h"

#include <stdatomic.h>
#include <stdlib.h>

#define UNSET INT64_MIN

/* 64 µs to 134 s, four bounds to each doubling: a quantile is off by a fifth at most. */
#define TIMES .type = METRIC_HISTOGRAM, .unit = METRIC_US, .lowest = 6, .highest = 27, .steps = 2

static const char *outcome_value(uint32_t i)
{
    return outcome_info((enum outcome)i)->name;
}

static const char *client_value(uint32_t i)
{
    static const char *const names[METRIC_CLIENT_COUNT] = {"in", "out"};
    return names[i];
}

static const char *trouble_value(uint32_t i)
{
    return trouble_kind_name((enum trouble_kind)(i + 1));
}

static const char *version_value(uint32_t i)
{
    (void)i;
    return HEATLEDGER_VERSION;
}

static const struct metric_info infos[METRIC_COUNT] = {
    [METRIC_BUILD] = {"build_info", "Which heatledger this is; always 1.", METRIC_GAUGE,
                      METRIC_PLAIN, .label = "version", .label_value = version_value, .series = 1},
    [METRIC_MESSAGES] = {"messages_total",
                         "What became of messages and their parts since the journal began.",
                         METRIC_COUNTER, METRIC_PLAIN, .label = "outcome",
                         .label_value = outcome_value, .series = OUTCOME_COUNT},
    [METRIC_REFUSED] = {"refused_total",
                        "Messages and parts of such that were refused since the journal began.",
                        METRIC_COUNTER, METRIC_PLAIN, .series = 1},
    [METRIC_HELD] = {"held_total",
                     "Readings that were kept aside at first since the journal began.",
                     METRIC_COUNTER, METRIC_PLAIN, .series = 1},
    [METRIC_RECEIVED] = {"received_total", "Messages journalled since the start of the daemon.",
                         METRIC_COUNTER, METRIC_PLAIN, .series = 1},
    [METRIC_REDELIVERED] = {"redelivered_total",
                            "Messages that the broker sent again, since the start of the daemon.",
                            METRIC_COUNTER, METRIC_PLAIN, .series = 1},
    [METRIC_CONNECTED] = {"connected", "1 while the client is connected to the broker.",
                          METRIC_GAUGE, METRIC_PLAIN, .label = "client",
                          .label_value = client_value, .series = METRIC_CLIENT_COUNT},
    [METRIC_CONNECTIONS] = {"connections_total",
                            "Connections to the broker made since the start of the daemon.",
                            METRIC_COUNTER, METRIC_PLAIN, .label = "client",
                            .label_value = client_value, .series = METRIC_CLIENT_COUNT},
    [METRIC_QUEUE_RECORDS] = {"queue_records", "Records of the journal that wait to be booked.",
                              METRIC_GAUGE, METRIC_PLAIN, .series = 1},
    [METRIC_QUEUE] = {"queue_bytes", "Bytes of the journal that wait to be booked.", METRIC_GAUGE,
                      METRIC_BYTES, .series = 1},
    [METRIC_QUEUE_AGE] = {"queue_age_seconds",
                          "How long ago the newest booked record arrived, while others wait.",
                          METRIC_GAUGE, METRIC_US, .series = 1},
    [METRIC_JOURNAL] = {"journal_bytes_total", "Bytes of records since the journal began.",
                        METRIC_COUNTER, METRIC_BYTES, .series = 1},
    [METRIC_UNSYNCED] = {"journal_unsynced_bytes",
                         "Bytes of the journal that a power cut would cost.", METRIC_GAUGE,
                         METRIC_BYTES, .series = 1},
    [METRIC_ROOM] = {"journal_room", "1 while there is room for the journal's next segment.",
                     METRIC_GAUGE, METRIC_PLAIN, .series = 1},
    [METRIC_BLOCKED] = {"journal_blocked",
                        "1 while the journal takes nothing and the broker hears nothing of us.",
                        METRIC_GAUGE, METRIC_PLAIN, .series = 1},
    [METRIC_TROUBLE] = {"trouble", "1 while this keeps the daemon from its work.", METRIC_GAUGE,
                        METRIC_PLAIN, .label = "what", .label_value = trouble_value,
                        .series = TROUBLE_KINDS - 1},
    [METRIC_DISK_FREE] = {"disk_free_bytes", "Room on the disk that holds the ledger.",
                          METRIC_GAUGE, METRIC_BYTES, .series = 1},
    [METRIC_BATCH] = {"batch_records", "Records that were committed together.", METRIC_HISTOGRAM,
                      METRIC_PLAIN, .series = 1, .lowest = 0, .highest = 14},
    [METRIC_SYNC] = {"sync_seconds", "How long a commit waited for the journal's sync.",
                     .series = 1, TIMES},
    [METRIC_COMMIT] = {"commit_seconds", "How long a commit of the ledger took.", .series = 1,
                       TIMES},
    [METRIC_OUTBOX] = {"outbox_messages", "Messages out that the broker has not taken yet.",
                       METRIC_GAUGE, METRIC_PLAIN, .series = 1},
    [METRIC_OUTBOX_REPLACED] = {"outbox_replaced_total",
                                "Retained messages out that a later one of their topic has "
                                "replaced, as too many waited.",
                                METRIC_COUNTER, METRIC_PLAIN, .series = 1},
    [METRIC_ALERT_DELAY] = {"reading_to_alert_seconds",
                            "From the arrival of what made an alert until the broker has it.",
                            .series = 1, TIMES},
    [METRIC_ALERT_UNMEASURED] =
        {"reading_to_alert_unmeasured_total",
         "Alerts too many at once to be measured, since the start of the daemon.", METRIC_COUNTER,
         METRIC_PLAIN, .series = 1},
    [METRIC_SNAPSHOT] = {"snapshot_seconds", "How long a snapshot of the state took.", .series = 1,
                         TIMES},
    [METRIC_SNAPSHOT_AGE] = {"snapshot_age_seconds",
                             "Since a snapshot was last taken, or loaded at the start.",
                             METRIC_GAUGE, METRIC_US, .series = 1},
    [METRIC_MEMORY] = {"resident_memory_bytes", "Memory of the daemon.", METRIC_GAUGE, METRIC_BYTES,
                       .series = 1},
    [METRIC_START] = {"start_time_seconds", "When the daemon was started (Unix time).",
                      METRIC_GAUGE, METRIC_US, .series = 1},
};

/* A counter or gauge has a cell for each series; a histogram one for each bucket, then the sum. */
struct metrics {
    size_t first[METRIC_COUNT];
    _Atomic int64_t cells[];
};

const struct metric_info *metric_info(enum metric metric)
{
    REQUIRE((unsigned)metric < METRIC_COUNT && infos[metric].name != NULL);
    return &infos[metric];
}

static size_t cell_count(enum metric metric)
{
    const struct metric_info *info = metric_info(metric);
    return info->type == METRIC_HISTOGRAM ? metric_bucket_count(metric) + 1 : info->series;
}

struct metrics *metrics_create(void)
{
    size_t total = 0;
    for (int i = 0; i < METRIC_COUNT; i++) {
        total += cell_count((enum metric)i);
    }
    struct metrics *metrics = memory_zeroed(1, sizeof *metrics + total * sizeof metrics->cells[0]);
    size_t first = 0;
    for (int i = 0; i < METRIC_COUNT; i++) {
        metrics->first[i] = first;
        size_t count = cell_count((enum metric)i);
        int64_t value = metric_info((enum metric)i)->type == METRIC_GAUGE ? UNSET : 0;
        for (size_t k = 0; k < count; k++) {
            atomic_init(&metrics->cells[first + k], value);
        }
        first += count;
    }
    metric_set(metrics, METRIC_BUILD, 0, 1);
    return metrics;
}

void metrics_destroy(struct metrics *metrics)
{
    free(metrics);
}

void metric_add(struct metrics *metrics, enum metric metric, uint32_t series, uint64_t amount)
{
    const struct metric_info *info = metric_info(metric);
    REQUIRE(info->type == METRIC_COUNTER && series < info->series);
    if (metrics != NULL) {
        atomic_fetch_add_explicit(&metrics->cells[metrics->first[metric] + series], (int64_t)amount,
                                  memory_order_relaxed);
    }
}

void metric_set(struct metrics *metrics, enum metric metric, uint32_t series, int64_t value)
{
    const struct metric_info *info = metric_info(metric);
    REQUIRE(info->type != METRIC_HISTOGRAM && series < info->series);
    if (metrics != NULL) {
        atomic_store_explicit(&metrics->cells[metrics->first[metric] + series], value,
                              memory_order_relaxed);
    }
}

bool metric_get(const struct metrics *metrics, enum metric metric, uint32_t series, int64_t *value)
{
    const struct metric_info *info = metric_info(metric);
    REQUIRE(info->type != METRIC_HISTOGRAM && series < info->series);
    *value = atomic_load_explicit(&metrics->cells[metrics->first[metric] + series],
                                  memory_order_relaxed);
    bool set = *value != UNSET;
    *value = set ? *value : 0;
    return set;
}

/* ---- Histograms ---- */

size_t metric_bucket_count(enum metric metric)
{
    const struct metric_info *info = metric_info(metric);
    REQUIRE(info->type == METRIC_HISTOGRAM && info->lowest >= info->steps &&
            info->highest > info->lowest && info->highest < 62);
    return ((size_t)(info->highest - info->lowest) << info->steps) + 2;
}

int64_t metric_bucket_bound(enum metric metric, size_t bucket)
{
    const struct metric_info *info = metric_info(metric);
    size_t count = metric_bucket_count(metric);
    REQUIRE(bucket < count);
    if (bucket == count - 1) {
        return INT64_MAX;
    }
    if (bucket == 0) {
        return (int64_t)1 << info->lowest;
    }
    size_t doubling = info->lowest + ((bucket - 1) >> info->steps);
    int64_t step = (int64_t)((bucket - 1) & (((size_t)1 << info->steps) - 1)) + 1;
    int64_t whole = (int64_t)1 << doubling;
    return whole + step * (whole >> info->steps);
}

/* The bucket whose bound is the first one that is not below the value. */
static size_t bucket_of(enum metric metric, int64_t value)
{
    const struct metric_info *info = metric_info(metric);
    if (value <= (int64_t)1 << info->lowest) {
        return 0;
    }
    uint64_t below = (uint64_t)value - 1; /* as a bound itself belongs to the bucket before it */
    unsigned doubling = 63u - (unsigned)__builtin_clzll(below);
    if (doubling >= info->highest) {
        return metric_bucket_count(metric) - 1;
    }
    size_t step = (size_t)(below >> (doubling - info->steps)) & (((size_t)1 << info->steps) - 1);
    return ((size_t)(doubling - info->lowest) << info->steps) + step + 1;
}

void metric_observe(struct metrics *metrics, enum metric metric, int64_t value)
{
    size_t sum = metric_bucket_count(metric);
    if (metrics == NULL) {
        return;
    }
    value = value < 0 ? 0 : value;
    _Atomic int64_t *cells = &metrics->cells[metrics->first[metric]];
    atomic_fetch_add_explicit(&cells[bucket_of(metric, value)], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&cells[sum], value, memory_order_relaxed);
}

uint64_t metric_bucket(const struct metrics *metrics, enum metric metric, size_t bucket)
{
    REQUIRE(bucket < metric_bucket_count(metric));
    return (uint64_t)atomic_load_explicit(&metrics->cells[metrics->first[metric] + bucket],
                                          memory_order_relaxed);
}

uint64_t metric_observed(const struct metrics *metrics, enum metric metric)
{
    uint64_t count = 0;
    size_t buckets = metric_bucket_count(metric);
    for (size_t i = 0; i < buckets; i++) {
        count += metric_bucket(metrics, metric, i);
    }
    return count;
}

int64_t metric_sum(const struct metrics *metrics, enum metric metric)
{
    return atomic_load_explicit(
        &metrics->cells[metrics->first[metric] + metric_bucket_count(metric)],
        memory_order_relaxed);
}

int64_t metric_quantile(const struct metrics *metrics, enum metric metric, uint32_t per_mille)
{
    REQUIRE(per_mille <= 1000);
    uint64_t count = metric_observed(metrics, metric);
    uint64_t rank = (count / 1000) * per_mille + ((count % 1000) * per_mille + 999) / 1000;
    uint64_t before = 0;
    size_t last = metric_bucket_count(metric) - 1;
    if (count == 0) {
        return 0;
    }
    rank = rank == 0 ? 1 : rank;
    for (size_t i = 0; i < last; i++) {
        uint64_t here = metric_bucket(metrics, metric, i);
        if (before + here >= rank) {
            int64_t low = i == 0 ? 0 : metric_bucket_bound(metric, i - 1);
            int64_t width = metric_bucket_bound(metric, i) - low;
            return low + (int64_t)((uint64_t)width * (rank - before) / here);
        }
        before += here;
    }
    return metric_bucket_bound(metric, last - 1);
}
