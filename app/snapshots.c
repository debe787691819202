#include "snapshots.h"

#include "book.h"
#include "log.h"
#include "memory.h"
#include "metric.h"
#include "pipeline_snapshot.h"
#include "snapshot_file.h"
#include "snapshot_list.h"
#include "timestamp.h"
#include "wall_clock.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_PATH_MAX (SNAPSHOTS_PATH_MAX + SNAPSHOT_LIST_NAME_MAX)

static void path_of(const struct snapshots *snapshots, const struct snapshot_entry *entry,
                    char path[FILE_PATH_MAX])
{
    char name[SNAPSHOT_LIST_NAME_MAX];
    snapshot_list_name(entry, name);
    snprintf(path, FILE_PATH_MAX, "%s/%s", snapshots->directory, name);
}

bool snapshots_open(struct snapshots *snapshots, const char *ledger_directory,
                    struct failure *failure)
{
    *snapshots = (struct snapshots){0};
    int length = snprintf(snapshots->directory, sizeof snapshots->directory, "%s/snapshots",
                          ledger_directory);
    return (length > 0 && (size_t)length < sizeof snapshots->directory) ||
           failure_set(failure, FAILURE_INPUT, "-d: the path is longer than %zu bytes",
                       sizeof snapshots->directory - sizeof "/snapshots");
}

/* ---- Going on from one ---- */

static bool load(struct pipeline *pipeline, const char *path, struct failure *failure)
{
    uint8_t *bytes = NULL;
    size_t count = 0;
    struct snapshot_reader reader;
    bool good = snapshot_file_read(path, &bytes, &count, failure) &&
                snapshot_open(&reader, bytes, count, failure) &&
                pipeline_load(pipeline, &reader, failure);
    free(bytes);
    return good;
}

/* A log line's value stands between quotes. */
static void log_why(enum log_level level, const char *event, const char *path, char *why)
{
    for (char *at = why; *at != '\0'; at++) {
        *at = *at == '"' ? '\'' : *at;
    }
    log_line(level, event, "file=%s why=\"%s\"", path, why);
}

/* NULL: no snapshot is good. */
static struct pipeline *load_newest(struct snapshots *snapshots, struct journal *journal,
                                    struct book *book)
{
    struct snapshot_list list;
    struct pipeline *pipeline = NULL;
    snapshot_list_read(&list, snapshots->directory);
    for (size_t i = 0; i < list.count && pipeline == NULL; i++) {
        char path[FILE_PATH_MAX];
        struct failure failure = {0};
        if (list.entries[i].position > book_position(book)) {
            continue; /* the ledger is another one, or lost its last commits */
        }
        path_of(snapshots, &list.entries[i], path);
        pipeline = pipeline_create(journal, book);
        if (!load(pipeline, path, &failure)) {
            pipeline_destroy(pipeline);
            pipeline = NULL;
            log_why(LOG_LEVEL_WARNING, "snapshot_unusable", path, failure.text);
            continue;
        }
        snapshots->position = list.entries[i].position;
        snapshots->has_one = true;
        log_line(LOG_LEVEL_INFO, "snapshot_loaded", "file=%s position=%" PRIu64, path,
                 list.entries[i].position);
    }
    snapshot_list_clear(&list);
    return pipeline;
}

struct pipeline *snapshots_resume(struct snapshots *snapshots, struct journal *journal,
                                  struct book *book, struct failure *failure)
{
    snapshots->journal = journal;
    struct pipeline *pipeline = load_newest(snapshots, journal, book);
    if (pipeline == NULL && journal_is_shortened(journal)) {
        failure_set(failure, FAILURE_RESOURCE,
                    "%s: no snapshot can be used, and the journal begins at position %" PRIu64
                    ": what stood before was let go of. Put back a snapshot or the ledger that "
                    "belongs to one, or restore a backup",
                    snapshots->directory, journal_begin(journal));
        return NULL;
    }
    struct journal_record first;
    if (pipeline == NULL && journal_read(journal, 0, &first, failure) < 0) {
        return NULL;
    }
    return pipeline != NULL ? pipeline : pipeline_create(journal, book);
}

bool snapshots_oldest_position(const struct snapshots *snapshots, uint64_t *position)
{
    struct snapshot_list list;
    snapshot_list_read(&list, snapshots->directory);
    bool found = list.count > 0;
    if (found) {
        *position = list.entries[list.count - 1].position;
    }
    snapshot_list_clear(&list);
    return found;
}

struct pipeline *snapshots_load_at(const struct snapshots *snapshots, uint64_t position,
                                   struct journal *journal, struct book *book,
                                   struct failure *failure)
{
    char path[FILE_PATH_MAX] = "";
    struct snapshot_list list;
    snapshot_list_read(&list, snapshots->directory);
    for (size_t i = 0; i < list.count; i++) {
        if (list.entries[i].position == position) {
            path_of(snapshots, &list.entries[i], path);
        }
    }
    snapshot_list_clear(&list);
    if (path[0] == '\0') {
        failure_set(failure, FAILURE_INPUT, "%s: there is no snapshot of position %" PRIu64,
                    snapshots->directory, position);
        return NULL;
    }
    struct pipeline *pipeline = pipeline_create(journal, book);
    if (!load(pipeline, path, failure)) {
        pipeline_destroy(pipeline);
        return NULL;
    }
    return pipeline;
}

/* ---- Letting go ---- */

static void forget(const struct snapshots *snapshots, const struct snapshot_entry *entry)
{
    char path[FILE_PATH_MAX];
    path_of(snapshots, entry, path);
    if (unlink(path) != 0) {
        log_line(LOG_LEVEL_WARNING, "snapshot_not_removed", "file=%s why=\"%s\"", path,
                 strerror(errno));
    }
}

/* All but the newest ones and the bases, and those of positions that the ledger has not reached:
 * they are of another one. */
static void let_go(const struct snapshots *snapshots)
{
    struct snapshot_list list;
    size_t kept = 0;
    snapshot_list_sweep(snapshots->directory);
    snapshot_list_read(&list, snapshots->directory);
    for (size_t i = 0; i < list.count; i++) {
        const struct snapshot_entry *entry = &list.entries[i];
        bool ours = entry->position <= snapshots->position;
        if (!ours || (kept >= SNAPSHOTS_KEPT && !entry->base)) {
            forget(snapshots, entry);
        }
        kept += ours;
    }
    snapshot_list_clear(&list);
}

/* A file that was damaged on the disk must not be what everything before it is let go of for. */
static bool base_is_whole(struct snapshots *snapshots, const struct snapshot_entry *base)
{
    char path[FILE_PATH_MAX];
    uint8_t *bytes = NULL;
    size_t count = 0;
    struct snapshot_reader reader;
    struct failure failure = {0};
    if (base->position == snapshots->whole_base) {
        return true;
    }
    path_of(snapshots, base, path);
    bool whole = snapshot_file_read(path, &bytes, &count, &failure) &&
                 snapshot_open(&reader, bytes, count, &failure);
    free(bytes);
    if (whole) {
        snapshots->whole_base = base->position;
    } else {
        log_why(LOG_LEVEL_WARNING, "snapshot_unusable", path, failure.text);
    }
    return whole;
}

static void retire_before(const struct snapshots *snapshots, const struct snapshot_entry *base,
                          int64_t now_us)
{
    struct failure failure = {0};
    uint64_t begin = journal_begin(snapshots->journal);
    if (!journal_retire(snapshots->journal, base->position, now_us, &failure)) {
        log_why(LOG_LEVEL_WARNING, "journal_not_retired", snapshots->directory, failure.text);
    }
    if (journal_begin(snapshots->journal) > begin) {
        log_line(LOG_LEVEL_INFO, "journal_retired",
                 "bytes=%" PRIu64 " begins_at=%" PRIu64 " keep_days=%" PRIu32,
                 journal_begin(snapshots->journal) - begin, journal_begin(snapshots->journal),
                 journal_keep_days(snapshots->journal));
    }
}

/* Now, for what is to be kept: where the machine's clock ran ahead for a while the newest record
 * still says so, and where it does now the newest record may not. */
static int64_t kept_now_us(const struct pipeline *pipeline)
{
    int64_t wall_us = wall_clock_us();
    return pipeline_now_us(pipeline) < wall_us ? pipeline_now_us(pipeline) : wall_us;
}

/* The journal, and the snapshots, before the base with which the kept time begins. */
static void retire(struct snapshots *snapshots, const struct pipeline *pipeline)
{
    struct snapshot_list list;
    int64_t now_us = kept_now_us(pipeline);
    int64_t keep_us = (int64_t)journal_keep_days(snapshots->journal) * TIMESTAMP_DAY_US;
    int32_t day = (int32_t)((now_us - keep_us) / TIMESTAMP_DAY_US) - 1; /* ended before */
    snapshot_list_read(&list, snapshots->directory);
    const struct snapshot_entry *base = snapshot_list_base(&list, day);
    if (base != NULL && base_is_whole(snapshots, base)) {
        for (size_t i = list.count; i > 0 && list.entries[i - 1].position < base->position; i--) {
            forget(snapshots, &list.entries[i - 1]);
        }
        retire_before(snapshots, base, now_us);
    }
    snapshot_list_clear(&list);
}

/* Of the stored curves what nobody goes on from any more. Where the journal is whole it may be read
 * again from its start, past any position. */
static void prune(const struct snapshots *snapshots, struct pipeline *pipeline)
{
    uint64_t oldest = 0;
    if (journal_is_shortened(snapshots->journal) && snapshots_oldest_position(snapshots, &oldest)) {
        pipeline_prune_before(pipeline, oldest);
    }
}

/* ---- Making one ---- */

/* The one to be made: a base, where the one before it is old enough. */
static struct snapshot_entry next_entry(const struct snapshots *snapshots,
                                        const struct pipeline *pipeline)
{
    struct snapshot_entry entry = {.position = pipeline_position(pipeline)};
    struct snapshot_list list;
    int32_t parts_days = 0;
    if (snapshots->journal != NULL) {
        parts_days = (int32_t)(journal_keep_days(snapshots->journal) / SNAPSHOTS_BASE_PARTS);
    }
    int32_t every_days = parts_days > SNAPSHOTS_BASE_DAYS ? parts_days : SNAPSHOTS_BASE_DAYS;
    entry.day = (int32_t)(pipeline_now_us(pipeline) / TIMESTAMP_DAY_US);
    snapshot_list_read(&list, snapshots->directory);
    entry.base = true;
    for (size_t i = 0; i < list.count; i++) {
        const struct snapshot_entry *other = &list.entries[i];
        bool recent = other->base && entry.day - other->day < every_days;
        entry.base = entry.base && !(recent && other->position <= entry.position);
    }
    snapshot_list_clear(&list);
    return entry;
}

/* As it is written: it goes to the disk piece by piece, for with many meters it is as large as a
 * sixth of the state itself. */
static struct snapshot_file *begin_file(const char *directory, const char *path,
                                        struct failure *failure)
{
    if (mkdir(directory, 0750) != 0 && errno != EEXIST) {
        failure_set(failure, FAILURE_RESOURCE, "%s: cannot be made: %s", directory,
                    strerror(errno));
        return NULL;
    }
    return snapshot_file_begin(path, failure);
}

/* False: the ledger could not be brought up to date for it. What the file is in for is told in
 * `unwritten`. */
static bool save(struct pipeline *pipeline, struct snapshot_file *file, struct failure *unwritten,
                 struct failure *failure)
{
    struct snapshot_writer writer = {.spill = snapshot_file_add, .spill_context = file};
    bool saved = pipeline_save(pipeline, &writer, failure);
    snapshot_writer_clear(&writer);
    if (saved) {
        (void)snapshot_file_end(file, unwritten);
    } else {
        snapshot_file_drop(file);
    }
    return saved;
}

bool snapshots_take(struct snapshots *snapshots, struct pipeline *pipeline, struct failure *failure)
{
    char path[FILE_PATH_MAX];
    struct failure unwritten = {0};
    uint64_t position = pipeline_position(pipeline);
    int64_t begun_us = steady_clock_us();
    if (pipeline_plant(pipeline) == NULL ||
        (snapshots->has_one && position == snapshots->position)) {
        return true;
    }
    struct snapshot_entry entry = next_entry(snapshots, pipeline);
    path_of(snapshots, &entry, path);
    struct snapshot_file *file = begin_file(snapshots->directory, path, &unwritten);
    if (file != NULL && !save(pipeline, file, &unwritten, failure)) {
        return false;
    }
    if (unwritten.code == FAILURE_NONE) {
        snapshots->position = position;
        snapshots->has_one = true;
        let_go(snapshots);
        if (snapshots->journal != NULL) {
            retire(snapshots, pipeline);
            prune(snapshots, pipeline);
        }
        metric_observe(pipeline_metrics(pipeline), METRIC_SNAPSHOT, steady_clock_us() - begun_us);
    } else {
        log_why(LOG_LEVEL_WARNING, "snapshot_not_written", path, unwritten.text);
    }
    return true;
}

bool snapshots_take_if_due(struct snapshots *snapshots, struct pipeline *pipeline, int64_t every_us,
                           struct failure *failure)
{
    int64_t begun_us = wall_clock_us();
    if (begun_us < snapshots->due_us) {
        return true;
    }
    if (!snapshots_take(snapshots, pipeline, failure)) {
        return false;
    }
    int64_t ended_us = wall_clock_us();
    int64_t rest_us = (ended_us - begun_us) * SNAPSHOTS_COST_PARTS;
    snapshots->due_us = ended_us + (rest_us > every_us ? rest_us : every_us);
    return true;
}
