/* The configurations of a ledger, one behind the other: those that its journal holds, and, where
 * the journal does not begin with its first record any more, those before from a snapshot. */
#ifndef HEATLEDGER_PLANT_HISTORY_H
#define HEATLEDGER_PLANT_HISTORY_H

#include "journal.h"
#include "plant.h"

#include <stddef.h>
#include <stdint.h>

struct plant_history {
    struct plant_in_force {
        uint64_t position; /* of its record; 0: before the journal's beginning */
        struct plant *plant;
    } * items; /* at least one; the rows of their tables have the same places in all of them */
    size_t count, capacity;
    int64_t now_us; /* the engine's time at the end */
};

/* Goes through the journal of the ledger in `directory` up to `until`. False where the
 * configuration it begins with cannot be told. */
bool plant_history_read(struct plant_history *history, const char *directory,
                        struct journal *journal, uint64_t until, struct failure *failure);
void plant_history_clear(struct plant_history *history);

/* The last one. */
const struct plant *plant_history_newest(const struct plant_history *history);

#endif
