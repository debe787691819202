#include "backup.h"

#include "memory.h"
#include "schema.h"

#include <sqlite3.h>
#include <stdlib.h>

#define BUSY_WAIT_MS 10000

struct backup {
    char *from_path, *to_path;
    sqlite3 *from, *to;
    sqlite3_backup *copying;
    bool whole;
    int64_t page_bytes;
    struct backup_about about;
    char *configuration_text;
};

static bool fail(const char *path, const char *what, const char *why, struct failure *failure)
{
    return failure_set(failure, FAILURE_RESOURCE, "%s: %s: %s", path, what, why);
}

/* The first row of a query, of one text and up to two numbers; false where there is none. */
static bool ask(sqlite3 *database, const char *sql, int64_t numbers[2], char **text)
{
    sqlite3_stmt *statement = NULL;
    bool good = sqlite3_prepare_v2(database, sql, -1, &statement, NULL) == SQLITE_OK &&
                sqlite3_step(statement) == SQLITE_ROW;
    if (good) {
        numbers[0] = sqlite3_column_int64(statement, 0);
        numbers[1] = sqlite3_column_int64(statement, 1);
        if (text != NULL) {
            *text = memory_text((const char *)sqlite3_column_text(statement, 2));
        }
    }
    sqlite3_finalize(statement);
    return good;
}

/* Opens what is copied, and holds on to the moment: nothing that is committed from here on is
 * seen, so that the copy need not begin anew with each commit. */
static bool open_from(struct backup *backup, struct failure *failure)
{
    int64_t progress[2], page[2], version[2] = {0};
    const char *path = backup->from_path;
    if (sqlite3_open_v2(path, &backup->from, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) !=
        SQLITE_OK) {
        return fail(path, "cannot be opened", sqlite3_errmsg(backup->from), failure);
    }
    sqlite3_busy_timeout(backup->from, BUSY_WAIT_MS);
    /* only the writer moves the log into the database */
    sqlite3_db_config(backup->from, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    if (!schema_check(backup->from, path, failure)) {
        return false;
    }
    if (sqlite3_exec(backup->from, "BEGIN", NULL, NULL, NULL) != SQLITE_OK ||
        !ask(backup->from, "SELECT position, now_us FROM progress", progress, NULL) ||
        !ask(backup->from, "SELECT page_size, page_count FROM pragma_page_size, pragma_page_count",
             page, NULL)) {
        return fail(path, "cannot be read", sqlite3_errmsg(backup->from), failure);
    }
    ask(backup->from,
        "SELECT version, position, text FROM configuration ORDER BY version DESC LIMIT 1", version,
        &backup->configuration_text);
    backup->page_bytes = page[0];
    backup->about = (struct backup_about){
        .position = (uint64_t)progress[0],
        .now_us = progress[1],
        .configuration = version[0],
        .configuration_text = backup->configuration_text,
        .bytes = (uint64_t)(page[0] * page[1]),
    };
    return true;
}

static bool open_to(struct backup *backup, struct failure *failure)
{
    const char *path = backup->to_path;
    /* the copy is synced as one file when it is whole, and removed where it is not */
    if (sqlite3_open_v2(path, &backup->to,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK ||
        sqlite3_exec(backup->to, "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF", NULL, NULL,
                     NULL) != SQLITE_OK) {
        return fail(path, "cannot be made", sqlite3_errmsg(backup->to), failure);
    }
    backup->copying = sqlite3_backup_init(backup->to, "main", backup->from, "main");
    return backup->copying != NULL ||
           fail(path, "cannot be written", sqlite3_errmsg(backup->to), failure);
}

static void clear(struct backup *backup)
{
    sqlite3_backup_finish(backup->copying);
    sqlite3_close(backup->from);
    sqlite3_close(backup->to);
    free(backup->from_path);
    free(backup->to_path);
    free(backup->configuration_text);
    free(backup);
}

struct backup *backup_begin(const char *from, const char *to, struct failure *failure)
{
    struct backup *backup = memory_zeroed(1, sizeof *backup);
    backup->from_path = memory_text(from);
    backup->to_path = memory_text(to);
    if (!open_from(backup, failure) || !open_to(backup, failure)) {
        clear(backup);
        return NULL;
    }
    return backup;
}

const struct backup_about *backup_about(const struct backup *backup)
{
    return &backup->about;
}

int backup_step(struct backup *backup, uint64_t bytes, uint64_t *done_bytes,
                struct failure *failure)
{
    uint64_t pages = bytes / (uint64_t)backup->page_bytes;
    int result =
        sqlite3_backup_step(backup->copying, pages > 0 && pages < 1 << 20 ? (int)pages : 1);
    int64_t left = sqlite3_backup_remaining(backup->copying);
    int64_t all = sqlite3_backup_pagecount(backup->copying);
    *done_bytes = (uint64_t)((all - left) * backup->page_bytes);
    backup->whole = result == SQLITE_DONE;
    if (result != SQLITE_OK && result != SQLITE_DONE) {
        fail(backup->to_path, "cannot be copied", sqlite3_errstr(result), failure);
        return -1;
    }
    return backup->whole ? 0 : 1;
}

/* The copy says of itself, as the ledger does, that it has a log beside it. */
static bool make_one_file(struct backup *backup, struct failure *failure)
{
    sqlite3_close(backup->to);
    backup->to = NULL;
    if (sqlite3_open_v2(backup->to_path, &backup->to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK ||
        sqlite3_exec(backup->to, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL) != SQLITE_OK) {
        return fail(backup->to_path, "cannot be made one file", sqlite3_errmsg(backup->to),
                    failure);
    }
    return true;
}

bool backup_end(struct backup *backup, struct failure *failure)
{
    int result = sqlite3_backup_finish(backup->copying);
    backup->copying = NULL;
    bool good = result == SQLITE_OK ||
                fail(backup->to_path, "cannot be written", sqlite3_errstr(result), failure);
    good = good && (backup->whole || failure_set(failure, FAILURE_RESOURCE,
                                                 "%s: the copy was ended", backup->to_path));
    good = good && make_one_file(backup, failure);
    clear(backup);
    return good;
}
