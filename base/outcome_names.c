#include "outcome_names.h"

#include <string.h>

#define NAME_MAX 64

void outcome_names_save(struct snapshot_writer *writer)
{
    snapshot_put_number(writer, OUTCOME_COUNT);
    for (int i = 0; i < OUTCOME_COUNT; i++) {
        snapshot_put_text(writer, outcome_info((enum outcome)i)->name);
    }
}

static bool find(const char *name, enum outcome *outcome)
{
    for (int i = 0; name != NULL && i < OUTCOME_COUNT; i++) {
        if (strcmp(outcome_info((enum outcome)i)->name, name) == 0) {
            *outcome = (enum outcome)i;
            return true;
        }
    }
    return false;
}

void outcome_names_load(struct outcome_names *names, struct snapshot_reader *reader)
{
    *names = (struct outcome_names){.count = 0};
    size_t count = snapshot_get_count(reader, OUTCOME_COUNT);
    for (size_t i = 0; i < count && snapshot_is_good(reader); i++) {
        char name[NAME_MAX + 1];
        snapshot_get_text_into(reader, name, NAME_MAX);
        if (!find(name, &names->of[i])) {
            snapshot_refuse(reader, "it counts an outcome that this version does not know");
            return;
        }
        names->count++;
    }
}

enum outcome outcome_names_get(const struct outcome_names *names, struct snapshot_reader *reader)
{
    if (names->count == 0) {
        snapshot_refuse(reader, "it names no outcomes, and counts some");
        return OUTCOME_ACCEPTED;
    }
    return names->of[snapshot_get_number(reader, names->count - 1)];
}
