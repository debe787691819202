#include "engine.h"

#include "book_former.h"
#include "log.h"
#include "plant_adopt.h"
#include "plant_record.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

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

static bool fits_journal(const char *path, uint64_t position, const struct journal *journal,
                         struct failure *failure)
{
    return position <= journal_end(journal) ||
           failure_set(failure, FAILURE_RESOURCE,
                       "%s: the ledger is ahead of its journal (%" PRIu64 " > %" PRIu64
                       "): the journal beside it is not the one it was made from. Put the "
                       "right one back, or move ledger.db away to have it made again",
                       path, position, journal_end(journal));
}

/* The ledger at `path` is an earlier program's: it goes aside, to be made again from the journal,
 * which must be whole for that. */
static bool replace_former(const char *path, struct book_former *former, struct journal *journal,
                           struct failure *failure)
{
    struct journal_record first;
    struct failure why = {0};
    if (!fits_journal(path, former->position, journal, failure)) {
        return false;
    }
    if (journal_read(journal, 0, &first, &why) != 1) {
        return failure_set(failure, FAILURE_RESOURCE,
                           "%s: written by an earlier heatledger, and cannot be made again: %s. "
                           "Bring back the journal's first segments, or go on with the heatledger "
                           "that wrote it",
                           path, why.code != FAILURE_NONE ? why.text : "the journal is empty");
    }
    if (!book_former_put_aside(path, former, failure)) {
        return false;
    }
    log_line(LOG_LEVEL_WARNING, "ledger_made_again",
             "why=\"%s is an earlier heatledger's\" kept=%s through=%" PRIu64, path, former->aside,
             former->position);
    return true;
}

/* Opens the ledger and the pipeline before it, and takes what the journal holds. */
static bool open_book(struct engine *engine, const char *directory, struct failure *failure)
{
    char path[ENGINE_PATH_MAX];
    struct book_former former;
    snprintf(path, sizeof path, "%s/ledger.db", directory);
    if (!book_former_find(path, &former, failure) ||
        (former.found && !replace_former(path, &former, engine->journal, failure))) {
        return false;
    }
    engine->book = book_open(path, failure);
    if (engine->book == NULL ||
        !fits_journal(path, book_position(engine->book), engine->journal, failure) ||
        (former.found && !book_former_outbox(engine->book, &former, failure))) {
        return false;
    }
    engine->pipeline = pipeline_create(engine->journal, engine->book);
    return (!former.found || pipeline_make_again(engine->pipeline, former.position, failure)) &&
           pipeline_drain(engine->pipeline, NULL, failure);
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
    return open_book(engine, directory, failure) &&
           follow_plant(engine, plant_path, start_us, failure);
}

bool engine_open(struct engine *engine, const char *plant_path, const char *broker_url,
                 const char *directory, int64_t start_us, struct failure *failure)
{
    *engine = (struct engine){0};
    if (!open_parts(engine, plant_path, broker_url, directory, start_us, failure)) {
        engine_close(engine);
        return false;
    }
    return true;
}

void engine_close(struct engine *engine)
{
    pipeline_destroy(engine->pipeline);
    if (engine->book != NULL) {
        book_close(engine->book);
    }
    if (engine->journal != NULL) {
        journal_close(engine->journal);
    }
    plant_free(engine->plant);
    *engine = (struct engine){0};
}
