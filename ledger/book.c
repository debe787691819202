#include "book_store.h"

#include "memory.h"
#include "reader.h"
#include "reader_private.h"
#include "schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUSY_WAIT_MS 10000

#define HEAT_COLUMNS                                                                               \
    "id, grade, steel_g, planned_g, first_start_us, owner_at_us, owner_day, owner_shift, "         \
    "owner_crew, ended_us, provisional, review, gone, keeper"

static const char *const statement_sql[BOOK_STATEMENTS] = {
    [BOOK_BEGIN] = "BEGIN IMMEDIATE",
    [BOOK_COMMIT] = "COMMIT",
    [BOOK_PROGRESS] = "UPDATE progress SET position = ?1, now_us = ?2,"
                      " shown_position = CASE WHEN ?3 THEN ?1 ELSE shown_position END,"
                      " as_of_us = CASE WHEN ?3 THEN ?4 ELSE as_of_us END",
    /* for readers inside the transaction */
    [BOOK_NOW] = "UPDATE progress SET now_us = MAX(now_us, ?1), as_of_us = ?1",
    [BOOK_POSTING] = "INSERT INTO entry_posting (position, ordinal, meter, station, item, heat,"
                     " day, shift, crew, start_us, end_us, amount_base, quality, method, cause,"
                     " reverses_position, reverses_ordinal, configuration, booked_at_us)"
                     " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    [BOOK_HEAT] = "INSERT INTO heat (no, " HEAT_COLUMNS ") VALUES"
                  " (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
                  " ON CONFLICT (no) DO UPDATE SET id = excluded.id, grade = excluded.grade,"
                  " steel_g = excluded.steel_g, planned_g = excluded.planned_g,"
                  " first_start_us = excluded.first_start_us,"
                  " owner_at_us = excluded.owner_at_us, owner_day = excluded.owner_day,"
                  " owner_shift = excluded.owner_shift, owner_crew = excluded.owner_crew,"
                  " ended_us = excluded.ended_us, provisional = excluded.provisional,"
                  " review = excluded.review, gone = excluded.gone, keeper = excluded.keeper",
    /* a heat that is given again as it is makes no new version */
    [BOOK_HEAT_VERSION] =
        "INSERT INTO heat_version (heat, version, " HEAT_COLUMNS ", position)"
        " SELECT h.no, 1 + COALESCE((SELECT MAX(version) FROM heat_version WHERE heat = h.no), 0),"
        " " HEAT_COLUMNS ", ?2 FROM heat h WHERE no = ?1 AND NOT EXISTS ("
        "  SELECT 1 FROM heat_version v WHERE v.heat = h.no"
        "   AND v.version = (SELECT MAX(version) FROM heat_version WHERE heat = h.no)"
        "   AND v.id = h.id AND v.grade = h.grade AND v.steel_g IS h.steel_g"
        "   AND v.planned_g IS h.planned_g AND v.first_start_us IS h.first_start_us"
        "   AND v.owner_at_us IS h.owner_at_us AND v.owner_day IS h.owner_day"
        "   AND v.owner_shift IS h.owner_shift AND v.owner_crew IS h.owner_crew"
        "   AND v.ended_us IS h.ended_us AND v.provisional = h.provisional"
        "   AND v.review = h.review AND v.gone = h.gone AND v.keeper = h.keeper)",
    [BOOK_STAY] = "INSERT INTO stay (heat, station, visit, start_us, end_us) VALUES (?,?,?,?,?)"
                  " ON CONFLICT DO UPDATE SET start_us = excluded.start_us,"
                  " end_us = excluded.end_us",
    [BOOK_STAYS_CLEAR] = "DELETE FROM stay WHERE heat = ?",
    [BOOK_REVIEW] = "INSERT INTO heat_review (heat, reason, since_us, station, detail)"
                    " VALUES (?,?,?,?,?)",
    [BOOK_REVIEWS_CLEAR] = "DELETE FROM heat_review WHERE heat = ?",
    [BOOK_SLOT_GONE] = "DELETE FROM slot WHERE day = ? AND shift = ? AND crew = ?",
    [BOOK_SLOT] = "INSERT INTO slot (day, shift, crew, start_us, end_us) VALUES (?,?,?,?,?)"
                  " ON CONFLICT DO UPDATE SET start_us = excluded.start_us,"
                  " end_us = excluded.end_us",
    /* the update changes nothing: it makes RETURNING give the number of a known alert, too */
    [BOOK_ALERT] = "INSERT INTO alert_identity (quota, scope, heat, day, shift, crew,"
                   " matter, meter, level) VALUES (?,?,?,?,?,?,?,?,?)"
                   " ON CONFLICT DO UPDATE SET level = excluded.level RETURNING no",
    [BOOK_ALERT_TRANSITION] =
        "INSERT INTO alert_transition (alert, step, position, ordinal, state, at_us, used_base,"
        " allowed_base, retro, day, shift, crew, again, by_whom, reason, until_us) VALUES (?1,"
        " 1 + COALESCE((SELECT MAX(step) FROM alert_transition WHERE alert = ?1), 0),"
        " ?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15)",
    [BOOK_HEAT_BALANCE] =
        "INSERT INTO heat_balance (quota, heat, day, shift, crew, allowed_target_base,"
        " allowed_limit_base, used_base, state, provisional) VALUES (?,?,?,?,?,?,?,?,?,?)"
        " ON CONFLICT DO UPDATE SET day = excluded.day, shift = excluded.shift,"
        " crew = excluded.crew, allowed_target_base = excluded.allowed_target_base,"
        " allowed_limit_base = excluded.allowed_limit_base, used_base = excluded.used_base,"
        " state = excluded.state, provisional = excluded.provisional",
    [BOOK_CREW_BALANCE] =
        "INSERT INTO crew_balance (quota, day, shift, crew, allowed_target_base,"
        " allowed_limit_base, used_base, state, provisional) VALUES (?,?,?,?,?,?,?,?,?)"
        " ON CONFLICT DO UPDATE SET allowed_target_base = excluded.allowed_target_base,"
        " allowed_limit_base = excluded.allowed_limit_base, used_base = excluded.used_base,"
        " state = excluded.state, provisional = excluded.provisional",
    [BOOK_HEAT_BALANCE_GONE] = "DELETE FROM heat_balance WHERE quota = ? AND heat = ?",
    [BOOK_CREW_BALANCE_GONE] = "DELETE FROM crew_balance WHERE quota = ? AND day = ?"
                               " AND shift = ? AND crew = ?",
    [BOOK_HEAT_BALANCES_CLEAR] = "DELETE FROM heat_balance",
    [BOOK_CREW_BALANCES_CLEAR] = "DELETE FROM crew_balance",
    [BOOK_PERIOD_BALANCE] =
        "INSERT INTO period_balance (quota, from_day, until_day, period, allowed_target_base,"
        " allowed_limit_base, allowed_stretch_base, used_base, state, provisional)"
        " VALUES (?,?,?,?,?,?,?,?,?,?)"
        " ON CONFLICT DO UPDATE SET allowed_target_base = excluded.allowed_target_base,"
        " allowed_limit_base = excluded.allowed_limit_base,"
        " allowed_stretch_base = excluded.allowed_stretch_base, used_base = excluded.used_base,"
        " state = excluded.state, provisional = excluded.provisional",
    [BOOK_PERIOD_BALANCE_GONE] = "DELETE FROM period_balance WHERE quota = ? AND from_day = ?",
    [BOOK_PERIOD_BALANCES_CLEAR] = "DELETE FROM period_balance",
    [BOOK_STRETCH] = "INSERT INTO stretch_allowance (quota, heat, day, shift, crew, allowed_base)"
                     " VALUES (?,?,?,?,?,?)"
                     " ON CONFLICT DO UPDATE SET allowed_base = excluded.allowed_base",
    [BOOK_STRETCH_GONE] = "DELETE FROM stretch_allowance WHERE quota = ? AND heat = ?"
                          " AND day = ? AND shift = ? AND crew = ?",
    [BOOK_STRETCHES_CLEAR] = "DELETE FROM stretch_allowance",
    /* weights that are what they were make no row; nor do those that were never known */
    [BOOK_HEAT_WEIGHT] =
        "INSERT INTO heat_weight (heat, position, tapped_g, cast_g) SELECT ?1, ?2, ?3, ?4"
        " WHERE COALESCE((SELECT w.tapped_g IS NOT ?3 OR w.cast_g IS NOT ?4 FROM heat_weight w"
        "  WHERE w.heat = ?1 ORDER BY w.position DESC LIMIT 1),"
        "  ?3 IS NOT NULL OR ?4 IS NOT NULL)"
        " ON CONFLICT DO UPDATE SET tapped_g = excluded.tapped_g, cast_g = excluded.cast_g",
    [BOOK_REJECT] = "INSERT INTO reject (topic, outcome, position, ordinal, nth, at_us, detail,"
                    " payload, meter, ts_us, value_raw) VALUES (?,?,?,?,?,?,?,?,?,?,?)",
    [BOOK_REJECT_NEWEST] = "SELECT COALESCE(MAX(nth), 0) FROM reject WHERE topic = ?"
                           " AND outcome = ?",
    [BOOK_REJECT_COUNT] = "SELECT COUNT(*) FROM reject",
    [BOOK_REJECT_FORGET] = "DELETE FROM reject WHERE topic = ? AND outcome = ? AND nth <= ?",
    [BOOK_REJECT_FORGET_OLDEST] = "DELETE FROM reject WHERE (position, ordinal) IN (SELECT"
                                  " position, ordinal FROM reject ORDER BY position, ordinal"
                                  " LIMIT ?)",
    [BOOK_OUTBOX] = "INSERT INTO outbox_message (position, ordinal, topic, payload, retain)"
                    " VALUES (?,?,?,?,?)",
    [BOOK_OUTBOX_SENT] = "DELETE FROM outbox_message WHERE row <= ?",
    [BOOK_OUTBOX_COUNT] = "SELECT COUNT(*) FROM outbox_message",
    [BOOK_OUTBOX_THIN] = "DELETE FROM outbox_message WHERE retain = 1 AND row NOT IN"
                         " (SELECT MAX(row) FROM outbox_message WHERE retain = 1 GROUP BY topic)",
    [BOOK_OUTBOX_LAST] = "SELECT COALESCE(MAX(row), 0) FROM outbox_message",
    /* An empty one takes away what another before it had put there. */
    [BOOK_OUTBOX_SETTLE] = "DELETE FROM outbox_message AS o WHERE row > ?1 AND (retain = 0"
                           " OR EXISTS (SELECT 1 FROM outbox_message n WHERE n.topic = o.topic"
                           "  AND n.row > o.row) OR (payload = '' AND EXISTS (SELECT 1"
                           "   FROM outbox_message n WHERE n.topic = o.topic AND n.row < o.row"
                           "   AND n.row > ?1 AND n.payload <> '')))",
    [BOOK_OUTBOX_SETTLE_HANDOVER] =
        "DELETE FROM outbox_message WHERE row > ?1 AND substr(topic, 1, length(?2)) = ?2"
        " AND row < (SELECT MAX(row) FROM outbox_message"
        "  WHERE substr(topic, 1, length(?2)) = ?2)",
    [BOOK_HANDOVER] = "INSERT INTO handover_summary (day, shift, at_us, position, json)"
                      " VALUES (?,?,?,?,?)",
    [BOOK_PERIOD_DOCUMENT] = "INSERT INTO period_document (period, from_day, until_day, at_us,"
                             " position, json) VALUES (?,?,?,?,?,?)",
    [BOOK_PAPER] =
        "INSERT INTO paper_row (position, ordinal, id, kind, state, ts_us, taken_at_us, by_whom,"
        " quota, item, crew, to_crew, period, period_from, period_until, from_us, amount_e9,"
        " target_e9, limit_e9, tonnes_e9, rate_e9, opening_e9, sunk_e9, saving_e9, life_years,"
        " hurdle_e9, of, order_name, name, code, reason, action, approved_by, meters, json)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    /* the update changes nothing: RETURNING gives the number of a known account, too */
    [BOOK_QUOTA_ACCOUNT] = "INSERT INTO quota_account_row (quota, kind, heat, day, shift, crew,"
                           " period) VALUES (?,?,?,?,?,?,?)"
                           " ON CONFLICT DO UPDATE SET period = excluded.period RETURNING no",
    [BOOK_QUOTA_ENTRY] = "INSERT INTO quota_entry_row (position, ordinal, from_account,"
                         " to_account, target_base, limit_base, cause, at_us, paper)"
                         " VALUES (?,?,?,?,?,?,?,?,?)",
    [BOOK_HELD_CLEAR] = "DELETE FROM held_reading",
    [BOOK_HELD_FORGET] = "DELETE FROM held_reading WHERE meter = ?",
    [BOOK_HELD] = "INSERT INTO held_reading (meter, ts_us, value_raw, kind, reason, last_ts_us,"
                  " last_value_raw, amount_base) VALUES (?,?,?,?,?,?,?,?)",
    [BOOK_OPEN_CLEAR] = "DELETE FROM open_segment",
    [BOOK_OPEN_FORGET] = "DELETE FROM open_segment WHERE meter = ?",
    [BOOK_OPEN_SEGMENT] = "INSERT INTO open_segment (meter, station, item, heat, day, shift, crew,"
                          " start_us, end_us, amount_base, quality, method)"
                          " VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
    [BOOK_METER_STATE] =
        "INSERT INTO meter_state (meter, first_ts_us, last_ts_us, last_alive_us,"
        " last_value_raw, booked_base,"
        " readings, duplicates, conflicts, late, glitches, spikes, resets, gaps, held, refused)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
        " ON CONFLICT DO UPDATE SET first_ts_us = excluded.first_ts_us,"
        " last_ts_us = excluded.last_ts_us,"
        " last_alive_us = excluded.last_alive_us, last_value_raw = excluded.last_value_raw,"
        " booked_base = excluded.booked_base, readings = excluded.readings,"
        " duplicates = excluded.duplicates, conflicts = excluded.conflicts,"
        " late = excluded.late, glitches = excluded.glitches, spikes = excluded.spikes,"
        " resets = excluded.resets, gaps = excluded.gaps, held = excluded.held,"
        " refused = excluded.refused",
    [BOOK_PAGE] = "INSERT INTO curve_page (meter, page, position, start_us, bytes)"
                  " VALUES (?,?,?,?,?)",
    [BOOK_PAGE_FIND] = "SELECT page FROM curve_page WHERE meter = ? AND page < ? AND position < ?"
                       " ORDER BY page DESC LIMIT 1",
    [BOOK_PAGE_GET] = "SELECT position, start_us, bytes FROM curve_page"
                      " WHERE meter = ? AND page = ? AND position < ?"
                      " ORDER BY position DESC LIMIT 1",
    [BOOK_PRUNE_NEXT] = "SELECT meter FROM curve_page WHERE meter > ? ORDER BY meter LIMIT 1",
    [BOOK_PRUNE_VERSIONS] =
        "DELETE FROM curve_page WHERE (meter, page, position) IN (SELECT c.meter, c.page,"
        " c.position FROM curve_page c WHERE c.meter = ?1 AND c.position < ?2 AND EXISTS ("
        "  SELECT 1 FROM curve_page n WHERE n.meter = c.meter AND n.page = c.page"
        "   AND n.position > c.position AND n.position < ?2) LIMIT ?3)",
    /* the page at which the reach begins stays, and so does what is behind it */
    [BOOK_PRUNE_PAGES] =
        "DELETE FROM curve_page WHERE (meter, page, position) IN (SELECT meter, page, position"
        " FROM curve_page WHERE meter = ?1 AND page < (SELECT page FROM curve_page"
        "  WHERE meter = ?1 AND position < ?2 AND start_us <= (SELECT start_us FROM curve_page"
        "   WHERE meter = ?1 AND position < ?2 ORDER BY page DESC LIMIT 1) - ?4"
        "  ORDER BY page DESC LIMIT 1) LIMIT ?3)",
    [BOOK_OUTCOME] = "INSERT INTO outcome_count (outcome, count) VALUES (?,?)"
                     " ON CONFLICT DO UPDATE SET count = excluded.count",
};

static void fail(struct book *book, enum failure_code code, const char *what, const char *done)
{
    if (book->failed) {
        return;
    }
    book->failed = true;
    book->trouble = book_trouble_of(sqlite3_extended_errcode(book->database));
    bool damaged = book->trouble == BOOK_DAMAGED;
    failure_set(&book->failure, code, "%s: %s cannot be %s: %s%s%s", book->path, what, done,
                sqlite3_errmsg(book->database), damaged ? "; " : "",
                damaged ? book_trouble_next(BOOK_DAMAGED) : "");
}

void book_fail(struct book *book, enum failure_code code, const char *what)
{
    fail(book, code, what, "written");
}

void book_fail_reading(struct book *book, const char *what)
{
    fail(book, FAILURE_RESOURCE, what, "read");
}

bool book_good(const struct book *book, struct failure *failure)
{
    return !book->failed || failure_set(failure, book->failure.code, "%s", book->failure.text);
}

/* What a document read on the book's connection has failed with is the connection's last error. */
enum book_trouble book_trouble(const struct book *book)
{
    return book->failed ? book->trouble : book_trouble_of(sqlite3_extended_errcode(book->database));
}

struct book_filling book_fill(struct book *book, enum book_statement which, const char *what)
{
    struct book_filling filling = {.book = book, .next = 1, .what = what};

    if (!book->failed) {
        filling.statement = book->statements[which];
    }
    return filling;
}

void fill_number(struct book_filling *filling, int64_t value)
{
    if (filling->statement != NULL) {
        sqlite3_bind_int64(filling->statement, filling->next++, value);
    }
}

void fill_number_or_null(struct book_filling *filling, int64_t value, int64_t none)
{
    if (value == none) {
        fill_null(filling);
    } else {
        fill_number(filling, value);
    }
}

void fill_null(struct book_filling *filling)
{
    if (filling->statement != NULL) {
        sqlite3_bind_null(filling->statement, filling->next++);
    }
}

void fill_text(struct book_filling *filling, const char *text)
{
    if (filling->statement != NULL) {
        sqlite3_bind_text(filling->statement, filling->next++, text, -1, SQLITE_STATIC);
    }
}

int64_t fill_run_number(struct book_filling *filling, int64_t none)
{
    int64_t number = none;
    int result;

    if (filling->statement == NULL) {
        return none;
    }
    while ((result = sqlite3_step(filling->statement)) == SQLITE_ROW) {
        number = sqlite3_column_int64(filling->statement, 0);
    }
    if (result != SQLITE_DONE) {
        book_fail(filling->book, FAILURE_RESOURCE, filling->what);
    }
    sqlite3_reset(filling->statement);
    return number;
}

void fill_run(struct book_filling *filling)
{
    (void)fill_run_number(filling, 0);
}

/* A statement without parameters. */
static void run_plain(struct book *book, enum book_statement which, const char *what)
{
    struct book_filling filling = book_fill(book, which, what);

    fill_run(&filling);
}

/* The names behind the small numbers that stand in postings. */
static bool write_names(struct book *book)
{
    char *sql = sqlite3_mprintf("%s", "");

    for (int i = 0; i < POSTING_CAUSE_COUNT; i++) {
        sql = sqlite3_mprintf("%zINSERT OR REPLACE INTO posting_cause VALUES (%d, %Q);", sql, i,
                              posting_cause_name((enum posting_cause)i));
    }
    for (int i = 0; i < SHARING_METHOD_COUNT; i++) {
        sql = sqlite3_mprintf("%zINSERT OR REPLACE INTO sharing_method VALUES (%d, %Q);", sql, i,
                              sharing_method_name((enum sharing_method)i));
    }
    REQUIRE(sql != NULL);
    bool good = sqlite3_exec(book->database, sql, NULL, NULL, NULL) == SQLITE_OK;
    sqlite3_free(sql);
    return good;
}

static bool read_number(struct book *book, const char *sql, int64_t *number)
{
    sqlite3_stmt *statement = NULL;
    bool good = sqlite3_prepare_v2(book->database, sql, -1, &statement, NULL) == SQLITE_OK &&
                sqlite3_step(statement) == SQLITE_ROW;

    if (good) {
        *number = sqlite3_column_int64(statement, 0);
    }
    sqlite3_finalize(statement);
    return good;
}

static bool prepare(struct book *book)
{
    for (int i = 0; i < BOOK_STATEMENTS; i++) {
        if (sqlite3_prepare_v3(book->database, statement_sql[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &book->statements[i], NULL) != SQLITE_OK) {
            return false;
        }
    }
    return true;
}

/* Prepares what is open to be written. */
static bool make_ready(struct book *book, struct failure *failure)
{
    int64_t position = 0;

    if (sqlite3_exec(book->database, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL", NULL,
                     NULL, NULL) != SQLITE_OK ||
        !write_names(book) || !prepare(book) ||
        !read_number(book, "SELECT position FROM progress", &position)) {
        return failure_set(failure, FAILURE_RESOURCE, "%s: cannot be written: %s", book->path,
                           sqlite3_errmsg(book->database));
    }
    book->position = (uint64_t)position;
    return true;
}

static bool open_database(struct book *book, struct failure *failure)
{
    /* the path as bytes, never as a URI; one thread at a time uses the book */
    if (sqlite3_open_v2(book->path, &book->database,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK) {
        return failure_set(failure, FAILURE_RESOURCE, "%s: cannot be opened: %s", book->path,
                           sqlite3_errmsg(book->database));
    }
    sqlite3_extended_result_codes(book->database, 1);
    sqlite3_busy_timeout(book->database, BUSY_WAIT_MS);
    return schema_migrate(book->database, book->path, failure) && make_ready(book, failure);
}

struct book *book_over(sqlite3 *database, const char *path, struct failure *failure)
{
    struct book *book = memory_zeroed(1, sizeof *book);

    book->path = memory_text(path);
    book->database = database;
    sqlite3_extended_result_codes(database, 1);
    if (!make_ready(book, failure)) {
        book_close(book);
        return NULL;
    }
    return book;
}

struct book *book_open_or_tell(const char *path, enum book_trouble *trouble,
                               struct failure *failure)
{
    struct book *book = memory_zeroed(1, sizeof *book);

    book->path = memory_text(path);
    *trouble = BOOK_SOUND;
    if (!open_database(book, failure)) {
        *trouble = book_trouble(book);
        book_close(book);
        return NULL;
    }
    return book;
}

struct book *book_open(const char *path, struct failure *failure)
{
    enum book_trouble trouble;

    return book_open_or_tell(path, &trouble, failure);
}

void book_close(struct book *book)
{
    if (book == NULL) {
        return;
    }
    if (book->in_transaction) {
        sqlite3_exec(book->database, "ROLLBACK", NULL, NULL, NULL);
    }
    reader_close(book->reader);
    for (int i = 0; i < BOOK_STATEMENTS; i++) {
        sqlite3_finalize(book->statements[i]);
    }
    REQUIRE(sqlite3_close(book->database) == SQLITE_OK);
    book_plant_clear(book);
    free(book->path);
    free(book);
}

uint64_t book_position(const struct book *book)
{
    return book->position;
}

void book_begin(struct book *book)
{
    REQUIRE(!book->in_transaction);
    run_plain(book, BOOK_BEGIN, "a transaction");
    book->in_transaction = !book->failed;
    book->shown = false;
}

bool book_commit(struct book *book, uint64_t position, int64_t now_us, struct failure *failure)
{
    struct book_filling progress = book_fill(book, BOOK_PROGRESS, "the position");

    REQUIRE(book->in_transaction || book->failed);
    fill_number(&progress, (int64_t)position);
    fill_number(&progress, now_us);
    fill_number(&progress, book->shown ? 1 : 0);
    fill_number(&progress, book->as_of_us);
    fill_run(&progress);
    book_prune_some(book);
    run_plain(book, BOOK_COMMIT, "the batch");
    if (book->failed) {
        if (book->in_transaction) {
            sqlite3_exec(book->database, "ROLLBACK", NULL, NULL, NULL);
            book->in_transaction = false;
        }
        return failure_set(failure, book->failure.code, "%s", book->failure.text);
    }
    book->in_transaction = false;
    book->position = position;
    return true;
}

struct reader *book_reader(struct book *book)
{
    if (book->reader == NULL) {
        book->reader = reader_borrow(book->database, book->path);
    }
    return book->reader;
}
