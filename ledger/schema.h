/* The schema of DIR/ledger.db: its text, its version and the way from one version to the next.
 *
 * A change of the tables is a new version: one row more in the list of steps (schema.c), and its
 * statements (schema_steps.c). A change of the views alone is none: they are made anew where they
 * are others. A step that has to leave something open, which the earlier version had not kept, says
 * so: such a ledger is made again from the journal where that is whole (book_former.h), and
 * only else brought on by the statements. */
#ifndef HEATLEDGER_SCHEMA_H
#define HEATLEDGER_SCHEMA_H

#include "failure.h"

#include <sqlite3.h>
#include <stdbool.h>

#define SCHEMA_APPLICATION_ID 0x48544c47 /* "HTLG": told apart from other SQLite files */

enum schema_state {
    SCHEMA_EMPTY,   /* an empty file */
    SCHEMA_PRESENT, /* what this program writes and reads */
    SCHEMA_BEHIND,  /* older, and statements lead from it to the present one, without loss */
    SCHEMA_FORMER   /* of an earlier program, and no such statements lead on from it: it is to be
                       made again from the journal */
};

/* The version this program writes and reads. */
int schema_version(void);

/* What the database is; `path` is for messages. Fails with FAILURE_RESOURCE where it is another
 * program's, of a newer schema, or cannot be read. */
bool schema_look(sqlite3 *database, const char *path, enum schema_state *state,
                 struct failure *failure);

/* Brings the database to the present schema in one transaction, after a ledger of an earlier
 * version was copied to PATH.version-N. Fails with FAILURE_RESOURCE where schema_look does, where
 * no statements lead there without loss, where it cannot be written or there is no room for the
 * copy; the ledger is then as it was. */
bool schema_migrate(sqlite3 *database, const char *path, struct failure *failure);

/* The same of a ledger that is SCHEMA_FORMER, as well as statements can. `*lost`: what they leave
 * open, in words, or NULL. Fails, too, where no statements lead on from it at all. */
bool schema_migrate_former(sqlite3 *database, const char *path, const char **lost,
                           struct failure *failure);

/* Whether a reader can use the database as it is. */
bool schema_check(sqlite3 *database, const char *path, struct failure *failure);

/* The statements that make the present version of an empty database; a null ends each list. */
extern const char *const schema_tables[];
extern const char *const schema_views[];

/* schema_steps.c: those that make version 2 of the tables of version 1, the views being gone; and
 * version 3 of those of version 2. */
extern const char *const schema_steps_1_to_2[];
extern const char *const schema_steps_2_to_3[];

#endif
