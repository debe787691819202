/* Outcomes as a snapshot has them: by name, so that a program that knows more of them, or has them
 * in another order, reads what was counted. */
#ifndef HEATLEDGER_OUTCOME_NAMES_H
#define HEATLEDGER_OUTCOME_NAMES_H

#include "outcome.h"
#include "snapshot.h"

/* Which outcome is meant by a number in the snapshot. */
struct outcome_names {
    enum outcome of[OUTCOME_COUNT];
    size_t count; /* numbers from 0 on */
};

/* From here on numbers of outcomes are those of this program. */
void outcome_names_save(struct snapshot_writer *writer);

/* Reads what was saved so; breaks the reader where an outcome is not known. */
void outcome_names_load(struct outcome_names *names, struct snapshot_reader *reader);

/* The next number of the snapshot as an outcome. */
enum outcome outcome_names_get(const struct outcome_names *names, struct snapshot_reader *reader);

#endif
