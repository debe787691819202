#include "snapshots.h"

#include "book.h"
#include "log.h"
#include "memory.h"
#include "metric.h"
#include "pipeline_snapshot.h"
#include "snapshot_file.h"
#include "wall_clock.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUFFIX ".snap"
#define DIGITS 20 /* of a position: names sort as positions do */
#define FILE_PATH_MAX (SNAPSHOTS_PATH_MAX + 32)

/* ---- Which there are ---- */

struct list {
    uint64_t *positions;
    size_t count, capacity;
};

static bool is_name(const char *name, uint64_t *position)
{
    char again[DIGITS + sizeof SUFFIX];
    *position = strtoull(name, NULL, 10);
    snprintf(again, sizeof again, "%0*" PRIu64 SUFFIX, DIGITS, *position);
    return strcmp(name, again) == 0;
}

static int newest_first(const void *a, const void *b)
{
    uint64_t one = *(const uint64_t *)a;
    uint64_t other = *(const uint64_t *)b;
    return (one < other) - (one > other);
}

/* The newest first; none where the directory cannot be read. */
static struct list list_all(const struct snapshots *snapshots)
{
    struct list list = {0};
    DIR *directory = opendir(snapshots->directory);
    if (directory == NULL) {
        return list;
    }
    const struct dirent *entry = NULL;
    while ((entry = readdir(directory)) != NULL) {
        uint64_t position = 0;
        if (is_name(entry->d_name, &position)) {
            memory_grow(&list.positions, list.count, &list.capacity, sizeof *list.positions);
            list.positions[list.count++] = position;
        }
    }
    closedir(directory);
    if (list.count > 1) {
        qsort(list.positions, list.count, sizeof *list.positions, newest_first);
    }
    return list;
}

static void path_of(const struct snapshots *snapshots, uint64_t position, char path[FILE_PATH_MAX])
{
    snprintf(path, FILE_PATH_MAX, "%s/%0*" PRIu64 SUFFIX, snapshots->directory, DIGITS, position);
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
    struct list list = list_all(snapshots);
    struct pipeline *pipeline = NULL;
    for (size_t i = 0; i < list.count && pipeline == NULL; i++) {
        char path[FILE_PATH_MAX];
        struct failure failure = {0};
        if (list.positions[i] > book_position(book)) {
            continue; /* the ledger is another one, or lost its last commits */
        }
        path_of(snapshots, list.positions[i], path);
        pipeline = pipeline_create(journal, book);
        if (!load(pipeline, path, &failure)) {
            pipeline_destroy(pipeline);
            pipeline = NULL;
            log_why(LOG_LEVEL_WARNING, "snapshot_unusable", path, failure.text);
            continue;
        }
        snapshots->position = list.positions[i];
        snapshots->has_one = true;
        log_line(LOG_LEVEL_INFO, "snapshot_loaded", "file=%s position=%" PRIu64, path,
                 list.positions[i]);
    }
    free(list.positions);
    return pipeline;
}

struct pipeline *snapshots_resume(struct snapshots *snapshots, struct journal *journal,
                                  struct book *book, struct failure *failure)
{
    struct pipeline *pipeline = load_newest(snapshots, journal, book);
    struct journal_record first;
    struct failure why = {0};
    if (pipeline == NULL && journal_read(journal, 0, &first, &why) < 0) {
        failure_set(failure, FAILURE_RESOURCE,
                    "%s: no snapshot can be used, and the journal cannot be read from its start "
                    "(%s): put back a snapshot, or the journal's first segments",
                    snapshots->directory, why.text);
        return NULL;
    }
    return pipeline != NULL ? pipeline : pipeline_create(journal, book);
}

/* ---- Making one ---- */

/* All but the newest ones, and those of positions that the ledger has not reached: they are of
 * another one. */
static void let_go(const struct snapshots *snapshots)
{
    struct list list = list_all(snapshots);
    size_t kept = 0;
    for (size_t i = 0; i < list.count; i++) {
        if (list.positions[i] <= snapshots->position && kept < SNAPSHOTS_KEPT) {
            kept++;
            continue;
        }
        char path[FILE_PATH_MAX];
        path_of(snapshots, list.positions[i], path);
        if (unlink(path) != 0) {
            log_line(LOG_LEVEL_WARNING, "snapshot_not_removed", "file=%s why=\"%s\"", path,
                     strerror(errno));
        }
    }
    free(list.positions);
}

static bool write_file(const char *directory, const char *path,
                       const struct snapshot_writer *writer, struct failure *failure)
{
    if (mkdir(directory, 0750) != 0 && errno != EEXIST) {
        return failure_set(failure, FAILURE_RESOURCE, "%s: cannot be made: %s", directory,
                           strerror(errno));
    }
    return snapshot_file_write(path, writer->bytes, writer->count, failure);
}

bool snapshots_take(struct snapshots *snapshots, struct pipeline *pipeline, struct failure *failure)
{
    char path[FILE_PATH_MAX];
    struct snapshot_writer writer = {0};
    struct failure unwritten = {0};
    uint64_t position = pipeline_position(pipeline);
    int64_t begun_us = steady_clock_us();
    if (pipeline_plant(pipeline) == NULL ||
        (snapshots->has_one && position == snapshots->position)) {
        return true;
    }
    if (!pipeline_save(pipeline, &writer, failure)) {
        snapshot_writer_clear(&writer);
        return false;
    }
    path_of(snapshots, position, path);
    if (write_file(snapshots->directory, path, &writer, &unwritten)) {
        snapshots->position = position;
        snapshots->has_one = true;
        let_go(snapshots);
        metric_observe(pipeline_metrics(pipeline), METRIC_SNAPSHOT, steady_clock_us() - begun_us);
    } else {
        log_why(LOG_LEVEL_WARNING, "snapshot_not_written", path, unwritten.text);
    }
    snapshot_writer_clear(&writer);
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
