/* The configurations that a journal holds, one behind the other. */
#ifndef HEATLEDGER_PLANT_HISTORY_H
#define HEATLEDGER_PLANT_HISTORY_H

#include "journal.h"
#include "plant.h"

#include <stddef.h>
#include <stdint.h>

struct plant_history {
    struct plant_in_force {
        uint64_t position; /* of its record */
        struct plant *plant;
    } * items; /* at least one; the rows of their tables have the same places in all of them */
    size_t count, capacity;
    int64_t now_us; /* the engine's time at the end */
};

/* Goes through the journal up to `until`. False where it does not begin with a configuration. */
bool plant_history_read(struct plant_history *history, struct journal *journal, uint64_t until,
                        struct failure *failure);
void plant_history_clear(struct plant_history *history);

/* The last one. */
const struct plant *plant_history_newest(const struct plant_history *history);

#endif
