/* A copy of a ledger while its daemon goes on writing to it.
 *
 * The copy is the ledger of one moment. Until it is done the ledger's write-ahead log
 * (ledger.db-wal) grows, since what the copy has still to read may not be overwritten: a copy
 * should take minutes, not hours. Only reads the ledger. */
#ifndef HEATLEDGER_BACKUP_H
#define HEATLEDGER_BACKUP_H

#include "failure.h"

#include <stdbool.h>
#include <stdint.h>

struct backup;

/* What is copied, as of the moment at which the copy was begun. */
struct backup_about {
    uint64_t position;              /* up to which the journal is booked */
    int64_t now_us;                 /* arrival of the newest record that is booked */
    int64_t configuration;          /* the version in force; 0: none yet */
    const char *configuration_text; /* plant.json in force; NULL: none yet. The backup's */
    uint64_t bytes;                 /* of the ledger in one file */
};

/* Begins to copy the ledger at `from` into the file `to`, which must not be there. NULL with
 * FAILURE_RESOURCE where either cannot be opened, or `from` is no ledger of this version. */
struct backup *backup_begin(const char *from, const char *to, struct failure *failure);

const struct backup_about *backup_about(const struct backup *backup);

/* Copies some more, about `bytes`. Returns 1: there is more; 0: the copy is whole, but not synced;
 * -1 with FAILURE_RESOURCE. `*done_bytes`: how much there is of it. */
int backup_step(struct backup *backup, uint64_t bytes, uint64_t *done_bytes,
                struct failure *failure);

/* Ends it and makes the copy one file, without a log beside it. False where it cannot be written,
 * or was not whole: what there is of it is then to be removed. Frees the backup. */
bool backup_end(struct backup *backup, struct failure *failure);

#endif
