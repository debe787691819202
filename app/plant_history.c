#include "plant_history.h"

#include "memory.h"
#include "plant_adopt.h"
#include "plant_record.h"

#include <stdlib.h>

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

bool plant_history_read(struct plant_history *history, struct journal *journal, uint64_t until,
                        struct failure *failure)
{
    struct journal_record record;
    uint64_t position = journal_begin(journal);
    int got = 0;
    *history = (struct plant_history){0};
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
