/* The schema of DIR/ledger.db: its text, its version and the way from one version to the next. */
#ifndef HEATLEDGER_SCHEMA_H
#define HEATLEDGER_SCHEMA_H

#include "failure.h"

#include <sqlite3.h>
#include <stdbool.h>

#define SCHEMA_APPLICATION_ID 0x48544c47 /* "HTLG": told apart from other SQLite files */

/* The version this program writes and reads. */
int schema_version(void);

/* Brings the database to the present schema in one transaction. `path` is for messages. Fails with
 * FAILURE_RESOURCE where the file is another program's, of a newer schema, or cannot be written. */
bool schema_migrate(sqlite3 *database, const char *path, struct failure *failure);

/* Whether a reader can use the database as it is. */
bool schema_check(sqlite3 *database, const char *path, struct failure *failure);

/* The statements that make version 1 of an empty database; a null ends each list. */
extern const char *const schema_tables_1[];
extern const char *const schema_views_1[];

#endif
