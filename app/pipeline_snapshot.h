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

#endif
