#include "decisions.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>

void decisions_clear(struct decisions *decisions)
{
    free(decisions->items);
    *decisions = (struct decisions){0};
}

/* Index of the first decision at or behind an instant. */
static size_t first_at(const struct decisions *decisions, int64_t at_us)
{
    size_t low = 0;
    size_t high = decisions->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (decisions->items[middle].at_us < at_us) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool overrules(const struct decision *a, const struct decision *b)
{
    return a->said_us > b->said_us || (a->said_us == b->said_us && !a->accepted && b->accepted);
}

enum outcome decisions_add(struct decisions *decisions, const struct decision *decision)
{
    size_t first = first_at(decisions, decision->at_us);
    for (size_t i = first; i < decisions->count && decisions->items[i].at_us == decision->at_us;
         i++) {
        struct decision *there = &decisions->items[i];
        if (there->raw == decision->raw) {
            bool another = overrules(decision, there);
            bool same = there->accepted == decision->accepted;
            if (another) {
                *there = *decision;
            }
            return another && !same ? OUTCOME_ACCEPTED : OUTCOME_DUPLICATE;
        }
    }
    if (decisions->count == DECISIONS_MAX) {
        return OUTCOME_NOT_ALLOWED;
    }
    memory_grow(&decisions->items, decisions->count, &decisions->capacity,
                sizeof *decisions->items);
    memmove(&decisions->items[first + 1], &decisions->items[first],
            (decisions->count - first) * sizeof *decisions->items);
    decisions->items[first] = *decision;
    decisions->count++;
    return OUTCOME_ACCEPTED;
}

enum verdict_of_person decisions_find(const struct decisions *decisions, int64_t at_us, int64_t raw)
{
    const struct decision *latest = NULL;
    for (size_t i = first_at(decisions, at_us);
         i < decisions->count && decisions->items[i].at_us == at_us; i++) {
        const struct decision *there = &decisions->items[i];
        bool about = there->raw == raw || there->raw == INT64_MIN;
        if (about && (latest == NULL || overrules(there, latest))) {
            latest = there;
        }
    }
    if (latest == NULL) {
        return DECISION_NONE;
    }
    return latest->accepted ? DECISION_ACCEPTED : DECISION_REJECTED;
}
