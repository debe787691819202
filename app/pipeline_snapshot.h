/* The pipeline's state as a snapshot, so that a restart need not read the whole journal.
 *
 * A snapshot belongs to a position of the journal: everything before it is in the snapshot and in
 * the ledger, nothing from it on is. A pipeline that was loaded goes on from there exactly as one
 * that has read the journal from its start would: it reads on, and writes nothing up to the
 * position that the ledger has. */
#ifndef HEATLEDGER_PIPELINE_SNAPSHOT_H
#define HEATLEDGER_PIPELINE_SNAPSHOT_H

#include "failure.h"
#include "pipeline.h"
#include "snapshot.h"

#include <stdbool.h>

/* Writes the state, after committing what is open. False where that, or reading the journal's
 * newest record (which binds the snapshot to its journal), fails. A configuration must be in force.
 */
bool pipeline_save(struct pipeline *pipeline, struct snapshot_writer *writer,
                   struct failure *failure);

/* Loads a pipeline that was just created. False with what is wrong: the snapshot is damaged, of
 * another version, of another journal, or of a position that the ledger has not reached; the
 * pipeline is good for pipeline_destroy only. */
bool pipeline_load(struct pipeline *pipeline, struct snapshot_reader *reader,
                   struct failure *failure);

/* Tells only which configurations had come into force before the snapshot's position, the first one
 * first: as records of the journal, whose arrival is the engine's time then, and whose text lives
 * as long as the snapshot's bytes. False with a failure where it cannot be read, or where `take`
 * says so (with a failure of its own). */
bool pipeline_snapshot_configurations(struct snapshot_reader *reader, uint64_t *position,
                                      bool (*take)(void *context,
                                                   const struct journal_record *record),
                                      void *context, struct failure *failure);

/* The aggregator of a pipeline that was loaded, for looking. */
const struct aggregator *pipeline_aggregator(const struct pipeline *pipeline);

/* For a pipeline that was loaded, over a book that was rolled back to its position (book_copy.h):
 * gives the book again what it cannot roll back by itself, and commits. */
bool pipeline_give_again(struct pipeline *pipeline, struct failure *failure);

#endif
