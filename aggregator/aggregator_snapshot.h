/* The aggregator's state as bytes of a snapshot (snapshot.h), and back: what a replay of the
 * journal up to a position would have made of it. What follows from the configuration is not in
 * it. */
#ifndef HEATLEDGER_AGGREGATOR_SNAPSHOT_H
#define HEATLEDGER_AGGREGATOR_SNAPSHOT_H

#include "aggregator.h"
#include "snapshot.h"

#include <stdbool.h>

/* Writes the state as it stands between two facts. The aggregator goes on as if nothing had
 * happened; that samples wait in the tips of curves no more makes no difference to anything. */
void aggregator_save(const struct aggregator *aggregator, struct snapshot_writer *writer);

/* Reads the state into an aggregator that was just created, with the catalog, roster and rules that
 * were in force where the state was saved (for one that was configured anew meanwhile: with all
 * rows at the places that they had). aggregator_set_history may come before or after. False: the
 * reader says what is wrong, and the aggregator is good for aggregator_destroy only. */
bool aggregator_load(struct aggregator *aggregator, struct snapshot_reader *reader);

#endif
