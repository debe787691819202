/* The rules' state as bytes of a snapshot (snapshot.h), and back: what a replay of the journal up
 * to a position would have made of it. What follows from the configuration, and what was shown to
 * somebody, is not in it. */
#ifndef HEATLEDGER_RULES_SNAPSHOT_H
#define HEATLEDGER_RULES_SNAPSHOT_H

#include "rules.h"
#include "snapshot.h"

#include <stdbool.h>

/* Writes the state as it stands between two facts; not between rules_show_begin and _end. */
void rules_save(const struct rules *rules, struct snapshot_writer *writer);

/* Reads the state into rules that were just created, with the catalog and the quotas that were in
 * force where it was saved. All balances are to be shown anew. False: the reader says what is
 * wrong, and the rules are good for rules_destroy only. */
bool rules_load(struct rules *rules, struct snapshot_reader *reader);

#endif
