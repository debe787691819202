#include "schema.h"

#include <stddef.h>

/* How a version becomes the next one. A new version is a new row: rows are never changed, since
 * ledgers of every version are out there. */
static const struct migration {
    int from_version;                 /* 0: an empty file */
    const char *const *statements[2]; /* lists, run in order; may be null */
} migrations[] = {
    {0, {schema_tables_1, schema_views_1}},
};

#define MIGRATION_COUNT ((int)(sizeof migrations / sizeof *migrations))

int schema_version(void)
{
    return MIGRATION_COUNT;
}

/* The value of a PRAGMA that is a number. */
static bool pragma_read(sqlite3 *database, const char *path, const char *sql, int *value,
                        struct failure *failure)
{
    sqlite3_stmt *statement = NULL;
    bool good = sqlite3_prepare_v2(database, sql, -1, &statement, NULL) == SQLITE_OK &&
                sqlite3_step(statement) == SQLITE_ROW;

    if (good) {
        *value = sqlite3_column_int(statement, 0);
    } else {
        failure_set(failure, FAILURE_RESOURCE, "%s: cannot be read as a ledger: %s", path,
                    sqlite3_errmsg(database));
    }
    sqlite3_finalize(statement);
    return good;
}

/* Reads the version, 0 for an empty file; refuses files that are no ledger or too new. */
static bool version_read(sqlite3 *database, const char *path, int *version, struct failure *failure)
{
    int application = 0, tables = 0;

    if (!pragma_read(database, path, "PRAGMA application_id", &application, failure) ||
        !pragma_read(database, path, "PRAGMA user_version", version, failure) ||
        !pragma_read(database, path, "SELECT COUNT(*) FROM sqlite_schema", &tables, failure)) {
        return false;
    }
    if (tables > 0 && application != SCHEMA_APPLICATION_ID) {
        return failure_set(failure, FAILURE_RESOURCE,
                           "%s: a database, but not a ledger; name another directory", path);
    }
    if (*version > MIGRATION_COUNT) {
        return failure_set(
            failure, FAILURE_RESOURCE,
            "%s: written by a newer heatledger (schema %d, this one knows up to %d); "
            "install that version, or replay the journal into a new directory",
            path, *version, MIGRATION_COUNT);
    }
    return true;
}

static bool run(sqlite3 *database, const char *path, const char *sql, struct failure *failure)
{
    if (sqlite3_exec(database, sql, NULL, NULL, NULL) == SQLITE_OK) {
        return true;
    }
    return failure_set(failure, FAILURE_RESOURCE, "%s: the schema cannot be made: %s", path,
                       sqlite3_errmsg(database));
}

static bool migrate_step(sqlite3 *database, const char *path, const struct migration *step,
                         struct failure *failure)
{
    char version[80];

    for (int i = 0; i < 2; i++) {
        for (const char *const *sql = step->statements[i]; sql != NULL && *sql != NULL; sql++) {
            if (!run(database, path, *sql, failure)) {
                return false;
            }
        }
    }
    sqlite3_snprintf((int)sizeof version, version,
                     "PRAGMA user_version = %d; PRAGMA application_id = %d", step->from_version + 1,
                     SCHEMA_APPLICATION_ID);
    return run(database, path, version, failure);
}

bool schema_migrate(sqlite3 *database, const char *path, struct failure *failure)
{
    int version = 0;
    bool good = true;

    if (!version_read(database, path, &version, failure)) {
        return false;
    }
    if (version == MIGRATION_COUNT) {
        return true;
    }
    if (!run(database, path, "BEGIN IMMEDIATE", failure)) {
        return false;
    }
    for (int i = version; good && i < MIGRATION_COUNT; i++) {
        good = migrate_step(database, path, &migrations[i], failure);
    }
    if (!good || !run(database, path, "COMMIT", failure)) {
        sqlite3_exec(database, "ROLLBACK", NULL, NULL, NULL);
        return false;
    }
    return true;
}

bool schema_check(sqlite3 *database, const char *path, struct failure *failure)
{
    int version = 0;

    if (!version_read(database, path, &version, failure)) {
        return false;
    }
    if (version == 0) {
        return failure_set(failure, FAILURE_RESOURCE,
                           "%s: empty, no ledger yet; run or replay writes one", path);
    }
    if (version < MIGRATION_COUNT) {
        return failure_set(failure, FAILURE_RESOURCE,
                           "%s: written by an older heatledger (schema %d, this one reads %d); "
                           "start run or replay on it once, which brings it up to date",
                           path, version, MIGRATION_COUNT);
    }
    return true;
}
