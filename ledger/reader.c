#include "reader_private.h"

#include "memory.h"
#include "schema.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUSY_WAIT_MS 10000
#define COLUMNS_MAX 64

static bool fail(const struct reader *reader, const char *what, struct failure *failure)
{
    return failure_set(failure, FAILURE_RESOURCE, "%s: %s: %s", reader->path, what,
                       sqlite3_errmsg(reader->database));
}

static struct reader *reader_make(const char *path)
{
    struct reader *reader = memory_zeroed(1, sizeof *reader);

    reader->path = memory_text(path);
    reader->zone = zone_fixed("UTC", 0);
    return reader;
}

struct reader *reader_borrow(sqlite3 *database, const char *path)
{
    struct reader *reader = reader_make(path);

    reader->database = database;
    reader->borrowed = true;
    reader_functions_add(reader);
    /* what the writer gathers goes into no file: its disk may be full, or not let it write here */
    sqlite3_exec(database, "PRAGMA temp_store = MEMORY", NULL, NULL, NULL);
    return reader;
}

static bool open_file(struct reader *reader, const char *directory, struct failure *failure)
{
    if (access(reader->path, F_OK) != 0 && errno != ENOENT) {
        return failure_set(failure, FAILURE_RESOURCE, "%s: cannot be reached: %s", reader->path,
                           strerror(errno));
    }
    if (access(reader->path, F_OK) != 0) {
        return failure_set(failure, FAILURE_RESOURCE,
                           "%s: no ledger here; run or replay with -d %s writes one", reader->path,
                           directory);
    }
    if (sqlite3_open_v2(reader->path, &reader->database, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK) {
        return fail(reader, "cannot be opened", failure);
    }
    sqlite3_busy_timeout(reader->database, BUSY_WAIT_MS);
    /* only the writer moves the log into the database */
    sqlite3_db_config(reader->database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    if (!schema_check(reader->database, reader->path, failure)) {
        return false;
    }
    reader_functions_add(reader);
    return true;
}

struct reader *reader_open(const char *directory, struct failure *failure)
{
    size_t length = strlen(directory) + sizeof "/ledger.db";
    char *path = memory_zeroed(length, 1);

    snprintf(path, length, "%s/ledger.db", directory);
    struct reader *reader = reader_make(path);
    free(path);
    if (!open_file(reader, directory, failure)) {
        reader_close(reader);
        return NULL;
    }
    return reader;
}

void reader_close(struct reader *reader)
{
    if (reader == NULL) {
        return;
    }
    for (int i = 0; i < READER_STATEMENTS; i++) {
        sqlite3_finalize(reader->statements[i]);
    }
    if (!reader->borrowed) {
        REQUIRE(sqlite3_close(reader->database) == SQLITE_OK);
    }
    free(reader->path);
    free(reader);
}

bool reader_snapshot_begin(struct reader *reader, struct failure *failure)
{
    if (reader->borrowed) {
        return true;
    }
    /* the first read takes the snapshot */
    if (sqlite3_exec(reader->database, "BEGIN; SELECT position FROM progress", NULL, NULL, NULL) !=
        SQLITE_OK) {
        return fail(reader, "cannot be read", failure);
    }
    return true;
}

void reader_snapshot_end(struct reader *reader)
{
    if (!reader->borrowed && sqlite3_get_autocommit(reader->database) == 0) {
        sqlite3_exec(reader->database, "ROLLBACK", NULL, NULL, NULL);
    }
}

/* A statement for the SQL that nobody is using: a kept one, or a new one, which is kept in the
 * place of the oldest. NULL where it cannot be prepared. */
static sqlite3_stmt *statement_for(struct reader *reader, const char *sql)
{
    sqlite3_stmt *statement = NULL;

    for (int i = 0; i < READER_STATEMENTS; i++) {
        sqlite3_stmt *kept = reader->statements[i];
        if (kept != NULL && !sqlite3_stmt_busy(kept) && strcmp(sqlite3_sql(kept), sql) == 0) {
            return kept;
        }
    }
    if (sqlite3_prepare_v3(reader->database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement,
                           NULL) != SQLITE_OK) {
        return NULL;
    }
    while (reader->statements[reader->oldest] != NULL &&
           sqlite3_stmt_busy(reader->statements[reader->oldest])) {
        reader->oldest = (reader->oldest + 1) % READER_STATEMENTS;
    }
    sqlite3_finalize(reader->statements[reader->oldest]);
    reader->statements[reader->oldest] = statement;
    reader->oldest = (reader->oldest + 1) % READER_STATEMENTS;
    return statement;
}

/* Keeps the plant's zone at hand; it is read again when the configuration has changed. */
static bool refresh_zone(struct reader *reader, struct failure *failure)
{
    sqlite3_stmt *statement = statement_for(reader, "SELECT MAX(version) FROM configuration");
    int version = 0;

    if (statement == NULL || sqlite3_step(statement) != SQLITE_ROW) {
        sqlite3_reset(statement);
        return fail(reader, "cannot be read", failure);
    }
    version = sqlite3_column_int(statement, 0);
    sqlite3_reset(statement);
    if (version == reader->zone_version) {
        return true;
    }
    struct zone zone = {.transition_count = 0};
    if (sqlite3_prepare_v2(reader->database,
                           "SELECT at_us, offset_s FROM zone_transition ORDER BY at_us", -1,
                           &statement, NULL) != SQLITE_OK) {
        return fail(reader, "cannot be read", failure);
    }
    while (sqlite3_step(statement) == SQLITE_ROW && zone.transition_count < ZONE_TRANSITIONS_MAX) {
        struct zone_transition *transition = &zone.transitions[zone.transition_count++];
        transition->at_us = sqlite3_column_int64(statement, 0);
        transition->offset_s = sqlite3_column_int(statement, 1);
    }
    sqlite3_finalize(statement);
    if (zone.transition_count > 0) {
        reader->zone = zone;
    }
    reader->zone_version = version;
    return true;
}

static void bind(sqlite3_stmt *statement, const struct reader_parameter *parameters, int count)
{
    for (int i = 0; i < count; i++) {
        int index = sqlite3_bind_parameter_index(statement, parameters[i].name);
        if (index > 0) {
            sqlite3_bind_text(statement, index, parameters[i].value, -1, SQLITE_STATIC);
        }
    }
}

/* Steps through the rows; returns SQLite's last result. */
static int each_row(sqlite3_stmt *statement,
                    bool (*row)(void *context, const struct reader_row *row), void *context)
{
    const char *names[COLUMNS_MAX] = {NULL}, *values[COLUMNS_MAX] = {NULL};
    struct reader_row shown = {sqlite3_column_count(statement), names, values};
    int result;

    REQUIRE(shown.column_count <= COLUMNS_MAX);
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        for (int i = 0; i < shown.column_count; i++) {
            names[i] = sqlite3_column_name(statement, i);
            values[i] = (const char *)sqlite3_column_text(statement, i);
        }
        if (!row(context, &shown)) {
            return SQLITE_DONE;
        }
    }
    return result;
}

bool reader_query(struct reader *reader, const char *sql, const struct reader_parameter *parameters,
                  int parameter_count, bool (*row)(void *context, const struct reader_row *row),
                  void *context, struct failure *failure)
{
    if (!refresh_zone(reader, failure)) {
        return false;
    }
    sqlite3_stmt *statement = statement_for(reader, sql);
    if (statement == NULL) {
        return fail(reader, "a query cannot be prepared", failure);
    }
    REQUIRE(sqlite3_stmt_readonly(statement));
    bind(statement, parameters, parameter_count);
    int result = each_row(statement, row, context);
    bool good = result == SQLITE_DONE || fail(reader, "cannot be read", failure);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return good;
}

/* Runs a statement that writes into a temporary table. */
static bool run_on_gathered(struct reader *reader, const char *sql,
                            const struct reader_parameter *parameters, int parameter_count,
                            struct failure *failure)
{
    sqlite3_stmt *statement = statement_for(reader, sql);

    if (statement == NULL) {
        return fail(reader, "a temporary table cannot be prepared", failure);
    }
    bind(statement, parameters, parameter_count);
    bool good = sqlite3_step(statement) == SQLITE_DONE ||
                fail(reader, "a temporary table cannot be written", failure);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return good;
}

bool reader_gather(struct reader *reader, const struct reader_gathering *gathering,
                   const struct reader_parameter *parameters, int parameter_count,
                   struct failure *failure)
{
    size_t size = strlen(gathering->name) + strlen(gathering->columns) + strlen(gathering->select) +
                  sizeof "CREATE TEMP TABLE IF NOT EXISTS  ()";
    char *sql = memory_zeroed(size, 1);

    snprintf(sql, size, "CREATE TEMP TABLE IF NOT EXISTS %s (%s)", gathering->name,
             gathering->columns);
    bool good = refresh_zone(reader, failure) && run_on_gathered(reader, sql, NULL, 0, failure);
    snprintf(sql, size, "DELETE FROM temp.%s", gathering->name);
    good = good && run_on_gathered(reader, sql, NULL, 0, failure);
    snprintf(sql, size, "INSERT INTO temp.%s %s", gathering->name, gathering->select);
    good = good && run_on_gathered(reader, sql, parameters, parameter_count, failure);
    free(sql);
    return good;
}

const struct zone *reader_zone(const struct reader *reader)
{
    return &reader->zone;
}

static bool keep_position(void *context, const struct reader_row *row)
{
    uint64_t *position = context;

    REQUIRE(row->values[0] != NULL); /* the column is NOT NULL */
    *position = strtoull(row->values[0], NULL, 10);
    return false;
}

bool reader_position(struct reader *reader, uint64_t *position, struct failure *failure)
{
    return reader_query(reader, "SELECT shown_position FROM progress", NULL, 0, keep_position,
                        position, failure);
}
