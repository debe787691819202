#include "schema.h"

#include <stddef.h>
#include <string.h>

#define VERSION 2 /* the present one */

/* The steps from version to version. A change of the tables or views is a new version and a new
 * step: ledgers of every version are out there. From a version without a step no statements lead
 * on: version 1 kept too little to be made into version 2. */
static const struct migration {
    int from_version, to_version;     /* from 0: an empty file */
    const char *const *statements[2]; /* lists, run in order; may be null */
} migrations[] = {
    {0, 2, {schema_tables, schema_views}},
};

#define MIGRATION_COUNT (sizeof migrations / sizeof *migrations)

int schema_version(void)
{
    return VERSION;
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
    if (*version > VERSION) {
        return failure_set(
            failure, FAILURE_RESOURCE,
            "%s: written by a newer heatledger (schema %d, this one knows up to %d); "
            "install that version, or replay the journal into a new directory",
            path, *version, VERSION);
    }
    return true;
}

static const struct migration *step_from(int version)
{
    for (size_t i = 0; i < MIGRATION_COUNT; i++) {
        if (migrations[i].from_version == version) {
            return &migrations[i];
        }
    }
    return NULL;
}

/* How many of the statements' tables, indexes and views are not in the database word for word;
 * SQLite keeps the text of each, without the semicolon. -1: cannot be told. */
static int count_missing(sqlite3 *database, const char *const *statements)
{
    sqlite3_stmt *find = NULL;
    int missing = 0;

    if (sqlite3_prepare_v2(database, "SELECT 1 FROM sqlite_schema WHERE sql = ?", -1, &find,
                           NULL) != SQLITE_OK) {
        return -1;
    }
    for (; *statements != NULL; statements++) {
        size_t length = strlen(*statements);
        if (strncmp(*statements, "CREATE ", 7) != 0) {
            continue;
        }
        length -= length > 0 && (*statements)[length - 1] == ';';
        sqlite3_bind_text(find, 1, *statements, (int)length, SQLITE_STATIC);
        missing += sqlite3_step(find) != SQLITE_ROW;
        sqlite3_reset(find);
    }
    sqlite3_finalize(find);
    return missing;
}

/* What the database, which is a ledger of that version, is to this program. A build between two
 * versions may have written the present number over other tables. */
static enum schema_state state_of(sqlite3 *database, int version)
{
    if (version == VERSION) {
        bool same = count_missing(database, schema_tables) == 0 &&
                    count_missing(database, schema_views) == 0;
        return same ? SCHEMA_PRESENT : SCHEMA_FORMER;
    }
    if (version == 0) {
        return SCHEMA_EMPTY;
    }
    const struct migration *step = step_from(version);
    while (step != NULL && step->to_version < VERSION) {
        step = step_from(step->to_version);
    }
    return step != NULL ? SCHEMA_BEHIND : SCHEMA_FORMER;
}

bool schema_look(sqlite3 *database, const char *path, enum schema_state *state,
                 struct failure *failure)
{
    int version = 0;

    if (!version_read(database, path, &version, failure)) {
        return false;
    }
    *state = state_of(database, version);
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
                     "PRAGMA user_version = %d; PRAGMA application_id = %d", step->to_version,
                     SCHEMA_APPLICATION_ID);
    return run(database, path, version, failure);
}

bool schema_migrate(sqlite3 *database, const char *path, struct failure *failure)
{
    enum schema_state state;
    int version = 0;
    bool good = true;

    if (!schema_look(database, path, &state, failure) ||
        !version_read(database, path, &version, failure)) {
        return false;
    }
    if (state == SCHEMA_PRESENT) {
        return true;
    }
    if (state == SCHEMA_FORMER) {
        return failure_set(failure, FAILURE_RESOURCE,
                           "%s: written by an earlier heatledger, whose tables are others; move "
                           "ledger.db away: `heatledger run` or `replay` makes it again from the "
                           "journal beside it",
                           path);
    }
    if (!run(database, path, "BEGIN IMMEDIATE", failure)) {
        return false;
    }
    while (good && version < VERSION) {
        const struct migration *step = step_from(version);
        good = migrate_step(database, path, step, failure);
        version = step->to_version;
    }
    if (!good || !run(database, path, "COMMIT", failure)) {
        sqlite3_exec(database, "ROLLBACK", NULL, NULL, NULL);
        return false;
    }
    return true;
}

bool schema_check(sqlite3 *database, const char *path, struct failure *failure)
{
    enum schema_state state;

    if (!schema_look(database, path, &state, failure)) {
        return false;
    }
    if (state == SCHEMA_EMPTY) {
        return failure_set(failure, FAILURE_RESOURCE,
                           "%s: empty, no ledger yet; run or replay writes one", path);
    }
    if (state != SCHEMA_PRESENT) {
        return failure_set(failure, FAILURE_RESOURCE,
                           "%s: written by an earlier heatledger, whose tables are others; start "
                           "`heatledger run` or `replay` on its directory once: %s",
                           path,
                           state == SCHEMA_BEHIND ? "that brings it up to date"
                                                  : "that makes it again from the journal");
    }
    return true;
}
