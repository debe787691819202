#include "schema.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define VERSION 3 /* the present one */

/* The steps from version to version; the views are gone before, and made anew behind them. A change
 * of the tables is a new version and a new step: ledgers of every version are out there. `lost`
 * says what a step has to leave open, as the earlier version had not kept it. */
static const struct migration {
    int from_version, to_version; /* from 0: an empty file */
    const char *const *statements;
    const char *lost; /* NULL: nothing */
} migrations[] = {
    {0, VERSION, schema_tables, NULL},
    {1, 2, schema_steps_1_to_2,
     "which readings refused messages held, and which records changed heats"},
    {2, 3, schema_steps_2_to_3, "what was entered about quotas"},
};

#define MIGRATION_COUNT (sizeof migrations / sizeof *migrations)
#define ASIDE_PATH_MAX 4352 /* bytes, NUL included */
#define ASIDE_MAX 1000      /* copies beside each other */

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
        return count_missing(database, schema_tables) != 0  ? SCHEMA_FORMER
               : count_missing(database, schema_views) != 0 ? SCHEMA_BEHIND
                                                            : SCHEMA_PRESENT;
    }
    if (version == 0) {
        return SCHEMA_EMPTY;
    }
    const struct migration *step = step_from(version);
    while (step != NULL && step->lost == NULL && step->to_version < VERSION) {
        step = step_from(step->to_version);
    }
    return step != NULL && step->lost == NULL ? SCHEMA_BEHIND : SCHEMA_FORMER;
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

/* The steps from `version` to the present one. */
static bool run_steps(sqlite3 *database, const char *path, int version, const char **lost,
                      struct failure *failure)
{
    while (version < VERSION) {
        const struct migration *step = step_from(version);
        if (step == NULL) {
            return failure_set(failure, FAILURE_RESOURCE,
                               "%s: written by an earlier heatledger (schema %d), and no steps "
                               "lead on from it",
                               path, version);
        }
        for (const char *const *sql = step->statements; *sql != NULL; sql++) {
            if (!run(database, path, *sql, failure)) {
                return false;
            }
        }
        *lost = *lost == NULL ? step->lost : *lost;
        version = step->to_version;
    }
    return true;
}

static bool drop_views(sqlite3 *database, const char *path, struct failure *failure)
{
    sqlite3_stmt *views = NULL;
    char *sql = sqlite3_mprintf("%s", "");
    bool good = sqlite3_prepare_v2(database, "SELECT name FROM sqlite_schema WHERE type = 'view'",
                                   -1, &views, NULL) == SQLITE_OK;
    while (good && sqlite3_step(views) == SQLITE_ROW) {
        sql = sqlite3_mprintf("%zDROP VIEW %Q;", sql, sqlite3_column_text(views, 0));
    }
    sqlite3_finalize(views);
    REQUIRE(sql != NULL);
    good = good && run(database, path, sql, failure);
    sqlite3_free(sql);
    return good;
}

static bool make_views(sqlite3 *database, const char *path, struct failure *failure)
{
    for (const char *const *sql = schema_views; *sql != NULL; sql++) {
        if (!run(database, path, *sql, failure)) {
            return false;
        }
    }
    return true;
}

static bool say_version(sqlite3 *database, const char *path, struct failure *failure)
{
    char version[80];
    sqlite3_snprintf((int)sizeof version, version,
                     "PRAGMA user_version = %d; PRAGMA application_id = %d", VERSION,
                     SCHEMA_APPLICATION_ID);
    return run(database, path, version, failure);
}

/* Tables that an unfinished version had made under the same number may be others. */
static bool came_there(sqlite3 *database, const char *path, struct failure *failure)
{
    return state_of(database, VERSION) == SCHEMA_PRESENT ||
           failure_set(
               failure, FAILURE_RESOURCE,
               "%s: its tables are not those of any version; make it again from the journal", path);
}

/* A ledger in memory has no copy. */
static bool copy_aside(sqlite3 *database, const char *path, int version, struct failure *failure)
{
    char aside[ASIDE_PATH_MAX];
    int length = snprintf(aside, sizeof aside, "%s.version-%d", path, version);
    if (path[0] == '\0' || strcmp(path, ":memory:") == 0) {
        return true;
    }
    for (int i = 2; length < (int)sizeof aside && access(aside, F_OK) == 0 && i <= ASIDE_MAX; i++) {
        length = snprintf(aside, sizeof aside, "%s.version-%d-%d", path, version, i);
    }
    char *sql = sqlite3_mprintf("VACUUM INTO %Q", aside);
    REQUIRE(sql != NULL);
    bool good =
        length < (int)sizeof aside && sqlite3_exec(database, sql, NULL, NULL, NULL) == SQLITE_OK;
    sqlite3_free(sql);
    if (!good) {
        failure_set(failure, FAILURE_RESOURCE,
                    "%s: is of an earlier version, and is copied to %s before it is changed, which "
                    "cannot be done: %s",
                    path, aside, sqlite3_errmsg(database));
        unlink(aside);
    }
    return good;
}

/* Version 0 is an empty file; of the present version only the views are others. */
static bool migrate(sqlite3 *database, const char *path, int version, const char **lost,
                    struct failure *failure)
{
    if ((version > 0 && version < VERSION && !copy_aside(database, path, version, failure)) ||
        !run(database, path, "BEGIN IMMEDIATE", failure)) {
        return false;
    }
    bool good = drop_views(database, path, failure) &&
                run_steps(database, path, version, lost, failure) &&
                make_views(database, path, failure) && say_version(database, path, failure) &&
                came_there(database, path, failure) && run(database, path, "COMMIT", failure);
    if (!good) {
        sqlite3_exec(database, "ROLLBACK", NULL, NULL, NULL);
    }
    return good;
}

bool schema_migrate(sqlite3 *database, const char *path, struct failure *failure)
{
    enum schema_state state;
    const char *lost = NULL;
    int version = 0;

    if (!schema_look(database, path, &state, failure) ||
        !version_read(database, path, &version, failure)) {
        return false;
    }
    if (state == SCHEMA_FORMER) {
        return failure_set(failure, FAILURE_RESOURCE,
                           "%s: written by an earlier heatledger, whose tables are others; move "
                           "ledger.db away: `heatledger run` or `replay` makes it again from the "
                           "journal beside it",
                           path);
    }
    return state == SCHEMA_PRESENT || migrate(database, path, version, &lost, failure);
}

bool schema_migrate_former(sqlite3 *database, const char *path, const char **lost,
                           struct failure *failure)
{
    enum schema_state state;
    int version = 0;

    *lost = NULL;
    return schema_look(database, path, &state, failure) &&
           version_read(database, path, &version, failure) &&
           (state == SCHEMA_PRESENT || migrate(database, path, version, lost, failure));
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
