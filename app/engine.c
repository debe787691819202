#include "engine.h"

#include "book_former.h"
#include "log.h"
#include "plant_adopt.h"
#include "plant_record.h"
#include "reader.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHANGES_LOGGED_MAX 800 /* bytes of what changed, in one line of the log */

/* Makes the directory and those above it. */
static bool make_directory(const char *directory, struct failure *failure)
{
    char path[ENGINE_PATH_MAX];
    if (snprintf(path, sizeof path, "%s", directory) >= (int)sizeof path) {
        return failure_set(failure, FAILURE_INPUT, "-d: the path is longer than %zu bytes",
                           sizeof path - 1);
    }
    for (char *slash = strchr(path + 1, '/');; slash = strchr(slash + 1, '/')) {
        if (slash != NULL) {
            *slash = '\0';
        }
        if (mkdir(path, 0750) != 0 && errno != EEXIST) {
            return failure_set(failure, FAILURE_RESOURCE, "%s: cannot be made: %s", path,
                               strerror(errno));
        }
        if (slash == NULL) {
            return true;
        }
        *slash = '/';
    }
}

/* One line of what changed, cut behind a whole change. */
static void log_changes(char *changes)
{
    size_t length = strlen(changes);
    bool cut = length > CHANGES_LOGGED_MAX;
    if (cut) {
        changes[CHANGES_LOGGED_MAX] = '\0';
    }
    char *end = strrchr(changes, '\n');
    if (end != NULL) {
        *end = '\0';
    }
    for (char *at = changes; *at != '\0'; at++) {
        *at = *at == '\n' ? ';' : *at == '"' ? '\'' : *at;
    }
    log_line(LOG_LEVEL_INFO, "configuration_changed", "changes=\"%s%s\"", changes,
             cut ? ";and more" : "");
}

/* plant.json differs from the configuration in force: it comes into force behind everything that is
 * journalled, or is refused before anything is. */
static bool follow_plant(struct engine *engine, const char *plant_path, int64_t start_us,
                         struct failure *failure)
{
    const struct plant *former = pipeline_plant(engine->pipeline);
    char *changes = NULL;
    size_t length = 0;
    if (plant_record_same(former->text, engine->plant->text)) {
        return true;
    }
    int64_t now_us = pipeline_now_us(engine->pipeline);
    int64_t at_us = start_us > now_us ? start_us : now_us;
    FILE *out = open_memstream(&changes, &length);
    REQUIRE(out != NULL);
    struct plant *next = plant_adopt(former, plant_path, engine->plant->text, at_us, out, failure);
    fclose(out);
    bool good = next != NULL && plant_record_append(engine->journal, &former->roster.zone,
                                                    engine->plant->text, at_us, failure);
    plant_free(next);
    if (good) {
        log_changes(changes);
    }
    free(changes);
    return good && pipeline_drain(engine->pipeline, NULL, failure);
}

static bool refuse_ahead(const char *path, uint64_t position, const struct journal *journal,
                         const char *why, struct failure *failure)
{
    if (journal_is_shortened(journal)) {
        return failure_set(failure, FAILURE_RESOURCE,
                           "%s: the ledger is ahead of its journal (%" PRIu64 " > %" PRIu64
                           "%s%s), "
                           "whose first files were let go of, so that it cannot be made again. Put "
                           "the right journal back, or restore a backup",
                           path, position, journal_end(journal), why[0] != '\0' ? "; " : "", why);
    }
    return failure_set(failure, FAILURE_RESOURCE,
                       "%s: the ledger is ahead of its journal (%" PRIu64 " > %" PRIu64 "%s%s): "
                       "the journal beside it is not the one it was made from. Put the right one "
                       "back, or move ledger.db away to have it made again",
                       path, position, journal_end(journal), why[0] != '\0' ? "; " : "", why);
}

/* Whether the journal goes back to its beginning: all of the ledger can be made from it. */
static bool journal_is_whole(struct journal *journal, struct failure *why)
{
    struct journal_record first;
    int got = journal_read(journal, 0, &first, why);
    return got == 1 || (got == 0 && failure_set(why, FAILURE_RESOURCE, "the journal is empty"));
}

/* The journal's beginning is gone: the tables are changed as well as that goes. */
static bool bring_on(const char *path, struct book_former *former, const char *why,
                     struct failure *failure)
{
    struct failure stays = {0};
    const char *lost = NULL;
    if (!book_former_migrate(path, &lost, &stays)) {
        return failure_set(
            failure, FAILURE_RESOURCE,
            "%s: written by an earlier heatledger, and cannot be made again: %s; nor "
            "brought up to date: %s. Bring back the journal's first segments, or go "
            "on with the heatledger that wrote it",
            path, why, stays.text);
    }
    former->found = false;
    log_line(
        LOG_LEVEL_WARNING, "ledger_migrated",
        "why=\"%s is an earlier heatledger's, and the journal's beginning is gone\" lost=\"%s\"",
        path, lost == NULL ? "" : lost);
    return true;
}

/* The ledger at `path` is an earlier program's: it goes aside, to be made again from the journal,
 * which must be whole for that. */
static bool replace_former(const char *path, struct book_former *former, struct journal *journal,
                           struct failure *failure)
{
    struct failure why = {0};
    if (former->position > journal_end(journal)) {
        return refuse_ahead(path, former->position, journal, "", failure);
    }
    if (!journal_is_whole(journal, &why)) {
        return bring_on(path, former, why.text, failure);
    }
    if (!book_former_put_aside(path, former, failure)) {
        return false;
    }
    log_line(LOG_LEVEL_WARNING, "ledger_made_again",
             "why=\"%s is an earlier heatledger's\" kept=%s through=%" PRIu64, path, former->aside,
             former->position);
    return true;
}

/* A ledger that is to be made of a journal without its beginning would lack what was before. */
static bool can_be_made(const char *path, const struct journal *journal, struct failure *failure)
{
    return access(path, F_OK) == 0 || !journal_is_shortened(journal) ||
           failure_set(failure, FAILURE_RESOURCE,
                       "%s: is not there, and cannot be made again: the journal beside it begins "
                       "at position %" PRIu64 ", what stood before was let go of. Put the ledger "
                       "back, or restore a backup",
                       path, journal_begin(journal));
}

static bool open_file(struct engine *engine, const char *path, struct failure *failure)
{
    engine->book = book_open_or_tell(path, &engine->trouble, failure);
    return engine->book != NULL;
}

struct booked_last {
    uint64_t position;
    int64_t booked_at_us;
    bool found;
};

static bool keep_booked(void *context, const struct reader_row *row)
{
    struct booked_last *last = context;
    last->position = strtoull(row->values[0], NULL, 10);
    last->booked_at_us = strtoll(row->values[1], NULL, 10);
    last->found = true;
    return false;
}

/* Whether the ledger was made from this journal, of which it has lost the end only: the newest
 * posting that the journal reaches was made by a record that stands there. */
static bool is_of_journal(struct engine *engine, struct failure *why)
{
    char end[24];
    struct booked_last last = {0};
    struct journal_record record;
    struct reader_parameter parameter = {":end", end};
    snprintf(end, sizeof end, "%" PRIu64, journal_end(engine->journal));
    return reader_query(book_reader(engine->book),
                        "SELECT position, booked_at_us FROM entry_posting"
                        " WHERE position < CAST(:end AS INTEGER) ORDER BY position DESC LIMIT 1",
                        &parameter, 1, keep_booked, &last, why) &&
           ((last.found && journal_read(engine->journal, last.position, &record, NULL) == 1 &&
             record.position == last.position && record.arrival_us <= last.booked_at_us) ||
            failure_set(why, FAILURE_RESOURCE, "it holds nothing that was booked"));
}

/* The ledger has booked what the journal does not hold any more, as after a disk that lost what it
 * had promised to keep: it goes aside, and is made again from the journal. */
static bool replace_ahead(struct engine *engine, const char *path, struct failure *failure)
{
    uint64_t position = book_position(engine->book), end = journal_end(engine->journal);
    struct failure why = {0};
    struct book_former ahead;
    if (!is_of_journal(engine, &why) || !journal_is_whole(engine->journal, &why)) {
        return refuse_ahead(path, position, engine->journal, why.text, failure);
    }
    book_close(engine->book);
    engine->book = NULL;
    if (!book_former_put_ahead(path, position, &ahead, failure)) {
        return false;
    }
    log_line(LOG_LEVEL_WARNING, "ledger_made_again",
             "why=\"%s was ahead of its journal\" kept=%s position=%" PRIu64
             " journal_end=%" PRIu64,
             path, ahead.aside, position, end);
    engine->told_before = end;
    return open_file(engine, path, failure) &&
           book_former_outbox_before(engine->book, &ahead, end, failure);
}

static bool open_book(struct engine *engine, struct failure *failure)
{
    char path[ENGINE_PATH_MAX + sizeof "/ledger.db"];
    struct book_former former;
    engine->trouble = BOOK_SOUND;
    snprintf(path, sizeof path, "%s/ledger.db", engine->directory);
    if (!can_be_made(path, engine->journal, failure) || !book_former_find(path, &former, failure) ||
        (former.found && !replace_former(path, &former, engine->journal, failure))) {
        return false;
    }
    engine->told_before = former.found ? former.position : engine->told_before;
    if (!open_file(engine, path, failure) ||
        (former.found && !book_former_outbox(engine->book, &former, failure))) {
        return false;
    }
    return book_position(engine->book) <= journal_end(engine->journal) ||
           replace_ahead(engine, path, failure);
}

enum book_trouble engine_trouble(const struct engine *engine)
{
    return engine->book != NULL ? book_trouble(engine->book) : engine->trouble;
}

void engine_close_book(struct engine *engine)
{
    pipeline_destroy(engine->pipeline);
    engine->pipeline = NULL;
    if (engine->book != NULL) {
        uint64_t position = book_position(engine->book);
        engine->told_before = position > engine->told_before ? position : engine->told_before;
        book_close(engine->book);
        engine->book = NULL;
    }
}

bool engine_open_book(struct engine *engine, struct failure *failure)
{
    REQUIRE(engine->book == NULL && engine->pipeline == NULL);
    bool good = open_book(engine, failure);
    if (good) {
        engine->pipeline =
            snapshots_resume(&engine->snapshots, engine->journal, engine->book, failure);
        if (engine->pipeline != NULL) {
            pipeline_set_skips(engine->pipeline, &engine->skips);
        }
        if (engine->pipeline != NULL && engine->settles) {
            pipeline_settle(engine->pipeline);
        }
        if (engine->pipeline != NULL && engine->watch != NULL) {
            pipeline_set_watch(engine->pipeline, engine->watch);
        }
        good = engine->pipeline != NULL &&
               (engine->told_before <= book_position(engine->book) ||
                pipeline_make_again(engine->pipeline, engine->told_before, failure)) &&
               pipeline_drain(engine->pipeline, NULL, failure);
    }
    if (!good) {
        engine->trouble = engine_trouble(engine);
        engine_close_book(engine);
    }
    return good;
}

static bool open_parts(struct engine *engine, const char *plant_path, const char *broker_url,
                       const char *directory, int64_t start_us, struct failure *failure)
{
    char path[ENGINE_PATH_MAX];
    engine->plant = plant_load_with_broker(plant_path, broker_url, failure);
    if (engine->plant == NULL || !make_directory(directory, failure)) {
        return false;
    }
    uint64_t cut_bytes = 0;
    snprintf(path, sizeof path, "%s/journal", directory);
    engine->journal = journal_open_with(path, &engine->plant->journal, &cut_bytes, failure);
    if (engine->journal == NULL) {
        return false;
    }
    if (cut_bytes > 0) {
        log_line(LOG_LEVEL_WARNING, "journal_torn", "dir=%s cut_bytes=%" PRIu64, path, cut_bytes);
    }
    if (!plant_record_ensure(engine->journal, engine->plant, start_us, failure)) {
        return false;
    }
    /* The pipeline reads its own tables out of the journal; ours only said that they can be read.
     */
    plant_forget_tables(engine->plant);
    snprintf(engine->directory, sizeof engine->directory, "%s", directory);
    return skips_open(&engine->skips, directory, engine->journal, start_us, failure) &&
           skips_watch(&engine->skips, directory, failure) &&
           snapshots_open(&engine->snapshots, directory, failure) &&
           engine_open_book(engine, failure) && follow_plant(engine, plant_path, start_us, failure);
}

static bool open_or_close(struct engine *engine, const char *plant_path, const char *broker_url,
                          const char *directory, int64_t start_us, struct failure *failure)
{
    if (open_parts(engine, plant_path, broker_url, directory, start_us, failure)) {
        return true;
    }
    enum book_trouble trouble = engine->trouble;
    engine_close(engine);
    engine->trouble = trouble;
    return false;
}

bool engine_open(struct engine *engine, const char *plant_path, const char *broker_url,
                 const char *directory, int64_t start_us, struct failure *failure)
{
    return engine_open_watched(engine, NULL, plant_path, broker_url, directory, start_us, failure);
}

bool engine_open_watched(struct engine *engine, const struct pipeline_watch *watch,
                         const char *plant_path, const char *broker_url, const char *directory,
                         int64_t start_us, struct failure *failure)
{
    *engine = (struct engine){.watch = watch};
    return open_or_close(engine, plant_path, broker_url, directory, start_us, failure);
}

bool engine_open_settling(struct engine *engine, const char *plant_path, const char *directory,
                          struct failure *failure)
{
    *engine = (struct engine){.settles = true};
    return open_or_close(engine, plant_path, NULL, directory, 0, failure);
}

void engine_close(struct engine *engine)
{
    engine_close_book(engine);
    skips_unwatch(&engine->skips);
    if (engine->journal != NULL) {
        journal_close(engine->journal);
    }
    plant_free(engine->plant);
    *engine = (struct engine){0};
}
