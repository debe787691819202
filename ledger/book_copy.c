#include "book_copy.h"

#include "book_store.h"
#include "memory.h"
#include "schema.h"

#define BUSY_WAIT_MS 10000

/* ---- Copying ---- */

static sqlite3 *open_source(const char *path, struct failure *failure)
{
    sqlite3 *source = NULL;
    if (sqlite3_open_v2(path, &source, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) !=
        SQLITE_OK) {
        failure_set(failure, FAILURE_RESOURCE, "%s: cannot be opened: %s", path,
                    sqlite3_errmsg(source));
        sqlite3_close(source);
        return NULL;
    }
    sqlite3_busy_timeout(source, BUSY_WAIT_MS);
    /* only the writer moves the log into the database */
    sqlite3_db_config(source, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    if (!schema_check(source, path, failure)) {
        sqlite3_close(source);
        return NULL;
    }
    return source;
}

static bool fill_from(sqlite3 *target, sqlite3 *source)
{
    sqlite3_backup *backup = sqlite3_backup_init(target, "main", source, "main");
    if (backup == NULL) {
        return false;
    }
    sqlite3_backup_step(backup, -1);
    return sqlite3_backup_finish(backup) == SQLITE_OK;
}

struct book *book_temporary(struct failure *failure)
{
    return book_open("", failure);
}

struct book *book_copy(const char *path, struct failure *failure)
{
    sqlite3 *target = NULL;
    sqlite3 *source = open_source(path, failure);
    if (source == NULL) {
        return NULL;
    }
    bool good = sqlite3_open_v2("", &target,
                                SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                                NULL) == SQLITE_OK &&
                fill_from(target, source);
    if (!good) {
        failure_set(failure, FAILURE_RESOURCE,
                    "%s: cannot be copied to a temporary file: %s; it needs as much room as the "
                    "ledger, in /var/tmp or where SQLITE_TMPDIR says",
                    path, sqlite3_errmsg(target));
        sqlite3_close(target);
    }
    sqlite3_close(source);
    return good ? book_over(target, path, failure) : NULL;
}

/* ---- Taking back ---- */

#define OF_HEAT                                                                                    \
    "id, grade, steel_g, planned_g, first_start_us, owner_at_us, owner_day, owner_shift, "         \
    "owner_crew, ended_us, provisional, review, gone, keeper"

/* ?1: the position. */
static const char *const roll_back_sql[] = {
    "DELETE FROM entry_posting WHERE position >= ?1",
    "DELETE FROM curve_page WHERE position >= ?1",
    "DELETE FROM alert_transition WHERE position >= ?1",
    "DELETE FROM alert_identity WHERE no NOT IN (SELECT alert FROM alert_transition)",
    "DELETE FROM reject WHERE position >= ?1",
    "DELETE FROM paper_row WHERE position >= ?1",
    "DELETE FROM handover_summary WHERE position >= ?1",
    "DELETE FROM period_document WHERE position >= ?1",
    "DELETE FROM outbox_message WHERE position >= ?1",
    "DELETE FROM quota_entry_row WHERE position >= ?1",
    "DELETE FROM quota_account_row WHERE no NOT IN (SELECT from_account FROM quota_entry_row"
    " UNION SELECT to_account FROM quota_entry_row)",
    "DELETE FROM heat_version WHERE position >= ?1",
    "DELETE FROM heat WHERE no <> 0 AND no NOT IN (SELECT heat FROM heat_version)",
    "UPDATE heat SET (" OF_HEAT ") = (SELECT " OF_HEAT " FROM heat_version v"
    " WHERE v.heat = heat.no ORDER BY v.version DESC LIMIT 1) WHERE no <> 0",
    "DELETE FROM stay WHERE heat NOT IN (SELECT no FROM heat)",
    "DELETE FROM heat_review WHERE heat NOT IN (SELECT no FROM heat)",
    "DELETE FROM configuration WHERE position >= ?1",
    "DELETE FROM slot",
    "DELETE FROM heat_balance",
    "DELETE FROM crew_balance",
    "DELETE FROM period_balance",
    "DELETE FROM stretch_allowance",
    "DELETE FROM heat_weight WHERE position >= ?1",
    "DELETE FROM open_segment",
    "DELETE FROM held_reading",
    "DELETE FROM meter_state",
    "DELETE FROM outcome_count",
    "UPDATE progress SET position = ?1, shown_position = ?1, now_us = 0, as_of_us = 0",
};

/* A statement that is needed once. */
static void run_once(struct book *book, const char *sql, int64_t value)
{
    struct book_filling row = {.book = book, .next = 1, .what = "an earlier state"};
    if (book->failed) {
        return;
    }
    if (sqlite3_prepare_v2(book->database, sql, -1, &row.statement, NULL) != SQLITE_OK) {
        book_fail(book, FAILURE_RESOURCE, row.what);
        return;
    }
    if (sqlite3_bind_parameter_count(row.statement) > 0) {
        fill_number(&row, value);
    }
    fill_run(&row);
    sqlite3_finalize(row.statement);
}

bool book_roll_back(struct book *book, uint64_t position, struct failure *failure)
{
    REQUIRE(position <= book->position);
    book_begin(book);
    for (size_t i = 0; i < sizeof roll_back_sql / sizeof *roll_back_sql; i++) {
        run_once(book, roll_back_sql[i], (int64_t)position);
    }
    book_plant_clear(book);
    book->configuration = 0;
    return book_commit(book, position, 0, failure);
}

/* What had been taken out by then, and came back later, is there: its postings name it. */
static void take_out_again(struct book *book, const char *table, const char *id, int32_t version)
{
    char *sql = sqlite3_mprintf("UPDATE %s SET configuration = ?1 - 1 WHERE configuration > ?1"
                                " AND id = %Q",
                                table, id);
    REQUIRE(sql != NULL);
    run_once(book, sql, version);
    sqlite3_free(sql);
}

static void take_all_out_again(struct book *book, const struct book_plant *plant)
{
    const struct catalog *catalog = plant->catalog;
    for (uint32_t i = 0; i < catalog->item_count; i++) {
        if (catalog->items[i].retired) {
            take_out_again(book, "item", catalog->items[i].id, plant->version);
        }
    }
    for (uint32_t i = 0; i < catalog->station_count; i++) {
        if (catalog->stations[i].retired) {
            take_out_again(book, "station", catalog->stations[i].id, plant->version);
        }
    }
    for (uint32_t i = 0; i < catalog->meter_count; i++) {
        if (catalog->meters[i].retired) {
            take_out_again(book, "meter", catalog->meters[i].id, plant->version);
        }
    }
    for (uint32_t i = 0; i < catalog->crew_count; i++) {
        if (catalog->crews[i].retired) {
            take_out_again(book, "crew", catalog->crews[i].id, plant->version);
        }
    }
    for (uint32_t i = 0; i < plant->quota_count; i++) {
        if (plant->quotas[i].retired) {
            take_out_again(book, "quota", plant->quotas[i].id, plant->version);
        }
    }
}

void book_plant_again(struct book *book, const struct book_plant *plant)
{
    static const char *const forget_later[] = {
        "DELETE FROM configuration WHERE version > ?1",
        "DELETE FROM item WHERE configuration > ?1",
        "DELETE FROM station WHERE configuration > ?1",
        "DELETE FROM meter WHERE configuration > ?1",
        "DELETE FROM shift WHERE configuration > ?1",
        "DELETE FROM crew WHERE configuration > ?1",
        "DELETE FROM quota WHERE configuration > ?1",
        "DELETE FROM meter_balance WHERE configuration > ?1",
        "DELETE FROM meter_balance_term WHERE balance NOT IN (SELECT no FROM meter_balance)",
    };
    REQUIRE(book->in_transaction || book->failed);
    book_plant(book, plant);
    book_plant_names(book, plant);
    take_all_out_again(book, plant);
    for (size_t i = 0; i < sizeof forget_later / sizeof *forget_later; i++) {
        run_once(book, forget_later[i], plant->version);
    }
}
