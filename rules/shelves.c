#include "shelves.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>

void shelves_clear(struct shelves *shelves)
{
    free(shelves->alerts);
    *shelves = (struct shelves){0};
}

bool shelves_have_room(const struct shelves *shelves)
{
    return shelves->count < SHELVES_MAX;
}

static bool same_alert(const struct alert_transition *a, const struct alert_transition *b)
{
    if (a->matter != b->matter || a->scope != b->scope || a->level != b->level) {
        return false;
    }
    if (a->scope == BALANCE_METER) {
        return a->meter.index == b->meter.index;
    }
    if (a->scope == BALANCE_PLANT) {
        return a->trouble == b->trouble;
    }
    return a->quota.index == b->quota.index &&
           (a->scope == BALANCE_HEAT ? a->heat.value == b->heat.value
                                     : crew_slot_equal(a->slot, b->slot));
}

static void take_out(struct shelves *shelves, size_t at)
{
    shelves->count--;
    memmove(&shelves->alerts[at], &shelves->alerts[at + 1],
            (shelves->count - at) * sizeof *shelves->alerts);
}

void shelves_put(struct shelves *shelves, const struct alert_transition *shelved)
{
    for (size_t i = 0; i < shelves->count; i++) {
        if (same_alert(&shelves->alerts[i], shelved)) {
            take_out(shelves, i);
            break;
        }
    }
    memory_grow(&shelves->alerts, shelves->count, &shelves->capacity, sizeof *shelves->alerts);
    size_t at = shelves->count++;
    for (; at > 0 && shelves->alerts[at - 1].until_us > shelved->until_us; at--) {
        shelves->alerts[at] = shelves->alerts[at - 1];
    }
    shelves->alerts[at] = *shelved;
    shelves->alerts[at].by = NULL; /* the texts do not live that long */
    shelves->alerts[at].reason = NULL;
}

int64_t shelves_due_us(const struct shelves *shelves)
{
    return shelves->count > 0 ? shelves->alerts[0].until_us : INT64_MAX;
}

bool shelves_pop(struct shelves *shelves, int64_t now_us, struct alert_transition *shelved)
{
    if (shelves_due_us(shelves) > now_us) {
        return false;
    }
    *shelved = shelves->alerts[0];
    take_out(shelves, 0);
    return true;
}
