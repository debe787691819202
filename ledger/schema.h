/* The schema of DIR/ledger.db: its text, its version and the way from one version to the next.
 *
 * A ledger is derived from the journal, so a version may do without a way to it: ledgers of the
 * versions before it are made again from the journal (book_former.h). */
#ifndef HEATLEDGER_SCHEMA_H
#define HEATLEDGER_SCHEMA_H

#include "failure.h"

#include <sqlite3.h>
#include <stdbool.h>

#define SCHEMA_APPLICATION_ID 0x48544c47 /* "HTLG": told apart from other SQLite files */

enum schema_state {
    SCHEMA_EMPTY,   /* an empty file */
    SCHEMA_PRESENT, /* what this program writes and reads */
    SCHEMA_BEHIND,  /* older, and statements lead from it to the present one */
    SCHEMA_FORMER   /* of an earlier program, and no statements lead on from it: it is to be made
                       again from the journal */
};

/* The version this program writes and reads. */
int schema_version(void);

/* What the database is; `path` is for messages. Fails with FAILURE_RESOURCE where it is another
 * program's, of a newer schema, or cannot be read. */
bool schema_look(sqlite3 *database, const char *path, enum schema_state *state,
                 struct failure *failure);

/* Brings the database to the present schema in one transaction. Fails with FAILURE_RESOURCE where
 * schema_look does, where no statements lead there, or where it cannot be written. */
bool schema_migrate(sqlite3 *database, const char *path, struct failure *failure);

/* Whether a reader can use the database as it is. */
bool schema_check(sqlite3 *database, const char *path, struct failure *failure);

/* The statements that make the present version of an empty database; a null ends each list. */
extern const char *const schema_tables[];
extern const char *const schema_views[];

#endif
