#include "vitals.h"

#include "alert_delay.h"
#include "backlog.h"
#include "health.h"
#include "journal.h"
#include "log.h"
#include "memory.h"
#include "metrics.h"
#include "timestamp.h"
#include "wall_clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define WHY_MAX 512 /* bytes of why there is no connection */

struct vitals {
    char *directory;
    const struct engine *engine;
    struct subscriber *subscriber; /* NULL: none (yet) */
    struct sender *sender;         /* NULL: none (yet) */
    struct metrics *metrics;
    struct alert_delay *delay;
    struct health health;
    struct pipeline_watch watch;
    struct trouble_watch *troubles; /* NULL: nobody looks for them */
    const char *waits;
    uint64_t position; /* of the engine; kept while its pipeline is closed */
    int64_t due_us;    /* monotonic: when the file is to be written */
    bool failed_said;  /* that it cannot be */

    struct backlog backlog;

    uint64_t snapshot_position;
    int64_t snapshot_us; /* monotonic: when it was seen; 0: none was made */
};

/* Between two batches. */
static void turn(void *context)
{
    struct vitals *vitals = context;
    vitals_turn(vitals);
    if (vitals->troubles != NULL) {
        trouble_watch_turn(vitals->troubles);
    }
}

struct vitals *vitals_create(const char *directory, const struct engine *engine, bool measured)
{
    struct vitals *vitals = memory_zeroed(1, sizeof *vitals);
    int64_t now_us = steady_clock_us();
    vitals->directory = memory_text(directory);
    vitals->engine = engine;
    vitals->metrics = metrics_create();
    vitals->delay = alert_delay_create(vitals->metrics);
    vitals->due_us = now_us;
    vitals->watch = (struct pipeline_watch){.metrics = vitals->metrics,
                                            .delay = measured ? vitals->delay : NULL,
                                            .turn = turn,
                                            .context = vitals};
    metric_set(vitals->metrics, METRIC_START, 0, wall_clock_us());
    health_start(&vitals->health, now_us);
    return vitals;
}

void vitals_destroy(struct vitals *vitals)
{
    if (vitals != NULL) {
        alert_delay_destroy(vitals->delay);
        metrics_destroy(vitals->metrics);
        free(vitals->directory);
        free(vitals);
    }
}

const struct pipeline_watch *vitals_watch(const struct vitals *vitals)
{
    return &vitals->watch;
}

void vitals_connect(struct vitals *vitals, struct subscriber *subscriber, struct sender *sender)
{
    vitals->subscriber = subscriber;
    vitals->sender = sender;
    if (sender != NULL) {
        sender_measure(sender, vitals->delay);
    }
}

void vitals_watch_troubles(struct vitals *vitals, struct trouble_watch *troubles)
{
    vitals->troubles = troubles;
}

void vitals_wait(struct vitals *vitals, const char *why)
{
    vitals->waits = why;
}

/* ---- Reading the numbers ---- */

static void set(struct vitals *vitals, enum metric metric, uint64_t value)
{
    metric_set(vitals->metrics, metric, 0, (int64_t)value);
}

static void read_outcomes(struct vitals *vitals, const struct pipeline *pipeline)
{
    const struct outcome_counts *counts = pipeline_outcomes(pipeline);
    uint64_t refused = 0, held = 0;
    for (uint32_t i = 0; i < OUTCOME_COUNT; i++) {
        const struct outcome_info *info = outcome_info((enum outcome)i);
        metric_set(vitals->metrics, METRIC_MESSAGES, i, (int64_t)counts->of[i]);
        refused += info->refused ? counts->of[i] : 0;
        held += info->held ? counts->of[i] : 0;
    }
    set(vitals, METRIC_REFUSED, refused);
    set(vitals, METRIC_HELD, held);
}

/* While the ledger is closed, too: that is when it grows. */
static void read_queue(struct vitals *vitals)
{
    const struct engine *engine = vitals->engine;
    const struct pipeline *pipeline = engine->pipeline;
    uint64_t position = pipeline != NULL ? pipeline_position(pipeline) : engine->told_before;
    struct backlog_sight sight = backlog_look(&vitals->backlog, vitals->engine->journal, pipeline,
                                              position, wall_clock_us());
    set(vitals, METRIC_QUEUE, sight.bytes);
    if (vitals->backlog.counted) {
        set(vitals, METRIC_QUEUE_RECORDS, sight.records);
    }
    if (vitals->watch.delay != NULL) { /* the records' clock is ours */
        set(vitals, METRIC_QUEUE_AGE, (uint64_t)sight.age_us);
    }
}

static void read_journal(struct vitals *vitals)
{
    struct failure failure = {0};
    struct journal *journal = vitals->engine->journal;
    uint64_t synced = journal_synced(journal), end = journal_end(journal);
    set(vitals, METRIC_JOURNAL, end);
    set(vitals, METRIC_UNSYNCED, end > synced ? end - synced : 0);
    set(vitals, METRIC_ROOM, journal_has_room(journal, &failure) ? 1 : 0);
}

static void read_connections(struct vitals *vitals)
{
    struct metrics *metrics = vitals->metrics;
    struct subscriber *subscriber = vitals->subscriber;
    struct sender *sender = vitals->sender;
    if (subscriber != NULL) {
        set(vitals, METRIC_RECEIVED, subscriber_count(subscriber));
        set(vitals, METRIC_REDELIVERED, subscriber_redelivered(subscriber));
        set(vitals, METRIC_BLOCKED, subscriber_blocked(subscriber) ? 1 : 0);
        metric_set(metrics, METRIC_CONNECTED, METRIC_CLIENT_IN, subscriber_connected(subscriber));
        metric_set(metrics, METRIC_CONNECTIONS, METRIC_CLIENT_IN,
                   subscriber_connections(subscriber));
    }
    if (sender != NULL) {
        metric_set(metrics, METRIC_CONNECTED, METRIC_CLIENT_OUT, sender_connected(sender));
        metric_set(metrics, METRIC_CONNECTIONS, METRIC_CLIENT_OUT, sender_connections(sender));
        if (sender_waiting(sender) >= 0) {
            metric_set(metrics, METRIC_OUTBOX, 0, sender_waiting(sender));
        }
    }
    if (vitals->engine->book != NULL) {
        set(vitals, METRIC_OUTBOX_REPLACED, book_outbox_replaced(vitals->engine->book));
    }
}

/* Memory and disk, as far as the system tells. */
static void read_system(struct vitals *vitals)
{
    struct statvfs disk;
    if (statvfs(vitals->directory, &disk) == 0) {
        set(vitals, METRIC_DISK_FREE, (uint64_t)disk.f_bavail * disk.f_frsize);
    }
    FILE *file = fopen("/proc/self/statm", "re");
    uint64_t pages = 0;
    if (file != NULL && fscanf(file, "%*u %" SCNu64, &pages) == 1) {
        set(vitals, METRIC_MEMORY, pages * (uint64_t)sysconf(_SC_PAGESIZE));
    }
    if (file != NULL) {
        fclose(file);
    }
}

static void read_snapshot(struct vitals *vitals, int64_t now_us)
{
    const struct snapshots *snapshots = &vitals->engine->snapshots;
    if (snapshots->has_one &&
        (vitals->snapshot_us == 0 || snapshots->position != vitals->snapshot_position)) {
        vitals->snapshot_position = snapshots->position;
        vitals->snapshot_us = now_us;
    }
    if (vitals->snapshot_us != 0) {
        metric_set(vitals->metrics, METRIC_SNAPSHOT_AGE, 0, now_us - vitals->snapshot_us);
    }
}

static void read_all(struct vitals *vitals, int64_t now_us)
{
    const struct pipeline *pipeline = vitals->engine->pipeline;
    if (pipeline != NULL) {
        read_outcomes(vitals, pipeline);
    }
    if (vitals->engine->journal != NULL) {
        read_queue(vitals);
        read_journal(vitals);
    }
    read_connections(vitals);
    read_system(vitals);
    read_snapshot(vitals, now_us);
}

/* ---- A turn ---- */

static void write_file(struct vitals *vitals)
{
    struct failure failure = {0};
    bool good = metrics_write_file(vitals->metrics, vitals->directory, &failure);
    if (!good && !vitals->failed_said) {
        log_line(LOG_LEVEL_WARNING, "metrics_unwritten", "why=\"%s\"", failure.text);
    }
    vitals->failed_said = !good;
}

static void tell_manager(struct vitals *vitals, int64_t now_us)
{
    const struct engine *engine = vitals->engine;
    char why[WHY_MAX] = "";
    bool connected = vitals->subscriber != NULL && subscriber_connected(vitals->subscriber);
    if (!connected && vitals->subscriber != NULL) {
        subscriber_why(vitals->subscriber, why, sizeof why);
    }
    struct health_sight sight = {
        .position = vitals->position,
        .end = engine->journal != NULL ? journal_end(engine->journal) : 0,
        .connected = connected,
        .why = why,
        .waits = vitals->waits,
    };
    health_turn(&vitals->health, &sight, now_us);
}

void vitals_turn(struct vitals *vitals)
{
    int64_t now_us = steady_clock_us();
    const struct engine *engine = vitals->engine;
    if (engine->pipeline != NULL) {
        vitals->position = pipeline_position(engine->pipeline);
    }
    tell_manager(vitals, now_us);
    if (now_us >= vitals->due_us && engine->plant != NULL) {
        read_all(vitals, now_us);
        write_file(vitals);
        vitals->due_us = now_us + engine->plant->metrics_us;
    }
}

void vitals_stop(struct vitals *vitals)
{
    health_stop(&vitals->health);
}

static int64_t number(const struct vitals *vitals, enum metric metric)
{
    int64_t value;
    metric_get(vitals->metrics, metric, 0, &value);
    return value;
}

void vitals_status(struct vitals *vitals, char text[VITALS_STATUS_MAX])
{
    read_all(vitals, steady_clock_us());
    snprintf(
        text, VITALS_STATUS_MAX,
        "messages=%" PRId64 " position=%" PRIu64 " queue_records=%" PRId64 " queue_bytes=%" PRId64
        " outbox=%" PRId64 " refused=%" PRId64 " held=%" PRId64 " redelivered=%" PRId64
        " commit_p99_us=%" PRId64 " alert_p99_us=%" PRId64 " memory_mib=%" PRId64,
        number(vitals, METRIC_RECEIVED), vitals->position, number(vitals, METRIC_QUEUE_RECORDS),
        number(vitals, METRIC_QUEUE), number(vitals, METRIC_OUTBOX), number(vitals, METRIC_REFUSED),
        number(vitals, METRIC_HELD), number(vitals, METRIC_REDELIVERED),
        metric_quantile(vitals->metrics, METRIC_COMMIT, 990),
        metric_quantile(vitals->metrics, METRIC_ALERT_DELAY, 990),
        number(vitals, METRIC_MEMORY) >> 20);
}
