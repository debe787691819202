#include "plant_history.h"

#include "memory.h"
#include "pipeline_snapshot.h"
#include "plant_adopt.h"
#include "plant_record.h"
#include "snapshot_file.h"
#include "snapshot_list.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define FILE_PATH_MAX 4096

static bool take(struct plant_history *history, const struct journal_record *record,
                 struct failure *failure)
{
    static const char name[] = "plant.json in the journal";
    struct zone zone;
    const char *text = NULL;
    if (!plant_record_decode(record, &zone, &text, failure)) {
        return false;
    }
    struct plant *plant = history->count == 0 ? plant_read(name, text, &zone, failure)
                                              : plant_adopt(plant_history_newest(history), name,
                                                            text, history->now_us, NULL, failure);
    if (plant == NULL) {
        return false;
    }
    memory_grow(&history->items, history->count, &history->capacity, sizeof *history->items);
    history->items[history->count++] = (struct plant_in_force){record->position, plant};
    return true;
}

/* ---- Before the journal's beginning ---- */

struct former {
    struct plant_history *history;
    struct failure *failure;
};

static bool take_former(void *context, const struct journal_record *record)
{
    struct former *former = context;
    former->history->now_us = record->arrival_us;
    return take(former->history, record, former->failure);
}

static bool read_snapshot(struct plant_history *history, const char *path, uint64_t *position,
                          struct failure *failure)
{
    uint8_t *bytes = NULL;
    size_t count = 0;
    struct snapshot_reader reader;
    struct former former = {history, failure};
    bool good = snapshot_file_read(path, &bytes, &count, failure) &&
                snapshot_open(&reader, bytes, count, failure) &&
                pipeline_snapshot_configurations(&reader, position, take_former, &former, failure);
    free(bytes);
    return good;
}

/* Those that a snapshot has, of which the last `own` stand in the journal, too: where. */
static bool place_own(struct plant_history *history, struct journal *journal, uint64_t until,
                      struct failure *failure)
{
    struct journal_record record;
    uint64_t position = journal_begin(journal);
    size_t own = 0;
    int got = 0;
    for (; position < until && (got = journal_read(journal, position, &record, failure)) == 1 &&
           record.position < until;
         position = record.next) {
        history->now_us = record.arrival_us > history->now_us ? record.arrival_us : history->now_us;
        own += record.kind == JOURNAL_CONFIG;
    }
    if (got < 0 || own > history->count) {
        return got >= 0 && failure_set(failure, FAILURE_RESOURCE,
                                       "the journal has configurations that the snapshot of "
                                       "position %" PRIu64 " does not know: do they belong "
                                       "together?",
                                       until);
    }
    size_t at = history->count - own;
    position = journal_begin(journal);
    for (; at < history->count && journal_read(journal, position, &record, failure) == 1;
         position = record.next) {
        if (record.kind == JOURNAL_CONFIG) {
            history->items[at++].position = record.position;
        }
    }
    return true;
}

/* What had come into force before the journal begins stands in every snapshot; the oldest one that
 * is good is nearest to the beginning. */
static bool read_former(struct plant_history *history, const char *directory,
                        struct journal *journal, uint64_t *position, struct failure *failure)
{
    char path[FILE_PATH_MAX], name[SNAPSHOT_LIST_NAME_MAX];
    struct snapshot_list list;
    struct failure why = {0};
    bool found = false;
    snprintf(path, sizeof path, "%s/snapshots", directory);
    snapshot_list_read(&list, path);
    for (size_t i = list.count; i > 0 && !found; i--) {
        snapshot_list_name(&list.entries[i - 1], name);
        snprintf(path, sizeof path, "%s/snapshots/%s", directory, name);
        found = list.entries[i - 1].position >= journal_begin(journal) &&
                read_snapshot(history, path, position, &why) &&
                place_own(history, journal, *position, &why);
        if (!found) {
            plant_history_clear(history);
        }
    }
    snapshot_list_clear(&list);
    return found || failure_set(failure, FAILURE_RESOURCE,
                                "%s/snapshots: the journal begins at position %" PRIu64
                                ", and no snapshot tells which configuration was in force then%s%s",
                                directory, journal_begin(journal), why.text[0] != '\0' ? ": " : "",
                                why.text);
}

/* ---- All of them ---- */

bool plant_history_read(struct plant_history *history, const char *directory,
                        struct journal *journal, uint64_t until, struct failure *failure)
{
    struct journal_record record;
    uint64_t position = journal_begin(journal);
    int got = 0;
    *history = (struct plant_history){0};
    if (journal_is_shortened(journal) &&
        !read_former(history, directory, journal, &position, failure)) {
        return false;
    }
    while (position < until && (got = journal_read(journal, position, &record, failure)) == 1 &&
           record.position < until) {
        history->now_us = record.arrival_us > history->now_us ? record.arrival_us : history->now_us;
        if (history->count == 0 && record.kind != JOURNAL_CONFIG) {
            return failure_set(failure, FAILURE_RESOURCE,
                               "the journal does not begin with a configuration record");
        }
        if (record.kind == JOURNAL_CONFIG && !take(history, &record, failure)) {
            return false;
        }
        position = record.next;
    }
    return got >= 0 &&
           (history->count > 0 || failure_set(failure, FAILURE_RESOURCE, "the journal is empty"));
}

void plant_history_clear(struct plant_history *history)
{
    for (size_t i = 0; i < history->count; i++) {
        plant_free(history->items[i].plant);
    }
    free(history->items);
    *history = (struct plant_history){0};
}

const struct plant *plant_history_newest(const struct plant_history *history)
{
    REQUIRE(history->count > 0);
    return history->items[history->count - 1].plant;
}
