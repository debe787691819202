#include "book_former.h"

#include "book_store.h"
#include "schema.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BUSY_WAIT_MS 5000
#define ASIDE_MAX 1000 /* ledgers put aside beside each other */

static bool open_file(const char *path, sqlite3 **database, struct failure *failure)
{
    if (sqlite3_open_v2(path, database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) ==
        SQLITE_OK) {
        sqlite3_busy_timeout(*database, BUSY_WAIT_MS);
        return true;
    }
    failure_set(failure, FAILURE_RESOURCE, "%s: cannot be opened: %s", path,
                sqlite3_errmsg(*database));
    sqlite3_close(*database);
    return false;
}

/* 0 where it cannot be told: then all is told again. */
static uint64_t read_position(sqlite3 *database)
{
    sqlite3_stmt *statement = NULL;
    int64_t position = 0;

    if (sqlite3_prepare_v2(database, "SELECT position FROM progress", -1, &statement, NULL) ==
            SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
        position = sqlite3_column_int64(statement, 0);
    }
    sqlite3_finalize(statement);
    return position > 0 ? (uint64_t)position : 0;
}

bool book_former_find(const char *path, struct book_former *former, struct failure *failure)
{
    sqlite3 *database = NULL;
    enum schema_state state = SCHEMA_EMPTY;

    *former = (struct book_former){.found = false};
    if (access(path, F_OK) != 0) {
        return true;
    }
    if (!open_file(path, &database, failure)) {
        return false;
    }
    bool good = schema_look(database, path, &state, failure);
    former->found = good && state == SCHEMA_FORMER;
    if (former->found) {
        former->position = read_position(database);
    }
    sqlite3_close(database);
    return good;
}

bool book_former_migrate(const char *path, const char **lost, struct failure *failure)
{
    sqlite3 *database = NULL;

    if (!open_file(path, &database, failure)) {
        return false;
    }
    bool good = schema_migrate_former(database, path, lost, failure);
    sqlite3_close(database);
    return good;
}

/* Brings all that belongs to the ledger into its one file; nobody else may have it open. */
static bool make_one_file(const char *path, const char *what, struct failure *failure)
{
    sqlite3 *database = NULL;

    if (!open_file(path, &database, failure)) {
        return false;
    }
    bool good =
        sqlite3_exec(database, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL) == SQLITE_OK;
    if (!good) {
        failure_set(failure, FAILURE_RESOURCE,
                    "%s: %s; it is to be made again from the journal, but cannot be put aside "
                    "(%s): end what has it open, and try again",
                    path, what, sqlite3_errmsg(database));
    }
    sqlite3_close(database);
    return good;
}

/* Renames it to PATH.WORD, or PATH.WORD-2 … */
static bool rename_aside(const char *path, const char *word, struct book_former *former,
                         struct failure *failure)
{
    snprintf(former->aside, sizeof former->aside, "%s.%s", path, word);
    for (int i = 2; access(former->aside, F_OK) == 0 && i <= ASIDE_MAX; i++) {
        snprintf(former->aside, sizeof former->aside, "%s.%s-%d", path, word, i);
    }
    if (access(former->aside, F_OK) == 0 || rename(path, former->aside) != 0) {
        return failure_set(failure, FAILURE_RESOURCE, "%s: cannot be renamed to %s: %s", path,
                           former->aside, strerror(errno));
    }
    return true;
}

bool book_former_put_aside(const char *path, struct book_former *former, struct failure *failure)
{
    return make_one_file(path, "written by an earlier heatledger", failure) &&
           rename_aside(path, "former", former, failure);
}

bool book_former_put_ahead(const char *path, uint64_t position, struct book_former *former,
                           struct failure *failure)
{
    char word[40];

    *former = (struct book_former){.found = true, .position = position};
    snprintf(word, sizeof word, "ahead-%" PRIu64, position);
    return make_one_file(path, "ahead of its journal", failure) &&
           rename_aside(path, word, former, failure);
}

bool book_former_outbox_before(struct book *book, const struct book_former *former, uint64_t end,
                               struct failure *failure)
{
    char *attach = sqlite3_mprintf("ATTACH %Q AS former", former->aside);
    char *take = sqlite3_mprintf("INSERT INTO outbox_message (position, ordinal, topic, payload,"
                                 " retain) SELECT position, ordinal, topic, payload, retain"
                                 " FROM former.outbox_message WHERE position < %lld ORDER BY row",
                                 end < INT64_MAX ? (long long)end : INT64_MAX);

    REQUIRE(attach != NULL && take != NULL && !book->in_transaction);
    bool good = sqlite3_exec(book->database, attach, NULL, NULL, NULL) == SQLITE_OK &&
                sqlite3_exec(book->database, take, NULL, NULL, NULL) == SQLITE_OK;
    if (!good) {
        failure_set(failure, FAILURE_RESOURCE,
                    "%s: the messages that were still to be sent cannot be taken over: %s",
                    former->aside, sqlite3_errmsg(book->database));
    }
    sqlite3_exec(book->database, "DETACH former", NULL, NULL, NULL);
    sqlite3_free(take);
    sqlite3_free(attach);
    return good;
}

bool book_former_outbox(struct book *book, const struct book_former *former,
                        struct failure *failure)
{
    return book_former_outbox_before(book, former, UINT64_MAX, failure);
}
