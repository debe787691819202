/* What the sources of the book share: its connection, its prepared statements and the numbers under
 * which the configuration's names stand in the database. Private to book*.c. */
#ifndef HEATLEDGER_BOOK_STORE_H
#define HEATLEDGER_BOOK_STORE_H

#include "book.h"

#include <sqlite3.h>

enum book_statement {
    BOOK_BEGIN,
    BOOK_COMMIT,
    BOOK_PROGRESS,
    BOOK_NOW,
    BOOK_POSTING,
    BOOK_HEAT,
    BOOK_HEAT_VERSION,
    BOOK_STAY,
    BOOK_STAYS_CLEAR,
    BOOK_REVIEW,
    BOOK_REVIEWS_CLEAR,
    BOOK_SLOT,
    BOOK_SLOT_GONE,
    BOOK_ALERT,
    BOOK_ALERT_TRANSITION,
    BOOK_HEAT_BALANCE,
    BOOK_CREW_BALANCE,
    BOOK_HEAT_BALANCE_GONE,
    BOOK_CREW_BALANCE_GONE,
    BOOK_HEAT_BALANCES_CLEAR,
    BOOK_CREW_BALANCES_CLEAR,
    BOOK_REJECT,
    BOOK_OUTBOX,
    BOOK_OUTBOX_SENT,
    BOOK_HANDOVER,
    BOOK_OPEN_CLEAR,
    BOOK_OPEN_FORGET,
    BOOK_OPEN_SEGMENT,
    BOOK_HELD_CLEAR,
    BOOK_HELD_FORGET,
    BOOK_HELD,
    BOOK_PAGE,
    BOOK_PAGE_FIND,
    BOOK_PAGE_GET,
    BOOK_METER_STATE,
    BOOK_OUTCOME,
    BOOK_STATEMENTS
};

/* A meter as postings need it: its number, and what it measures where under the configuration. */
struct book_meter {
    int64_t no, item, station;
};

struct book {
    sqlite3 *database;
    char *path;
    sqlite3_stmt *statements[BOOK_STATEMENTS];
    bool in_transaction;
    bool failed; /* nothing more is written; `failure` says why */
    struct failure failure;
    enum book_trouble trouble; /* why it has failed */
    uint64_t position;
    /* progress as it will be committed */
    bool shown; /* the open state was given in this transaction */
    int64_t as_of_us;
    int32_t configuration; /* 0: none yet */
    /* index in the catalog → number in the database */
    uint32_t item_count, station_count, meter_count, shift_count, crew_count, quota_count;
    int64_t *items, *stations, *shifts, *crews, *quotas;
    struct book_meter *meters;
    struct reader *reader; /* made when asked for */
};

/* Remembers the first failure; what SQLite says is added. */
void book_fail(struct book *book, enum failure_code code, const char *what);
/* The same of what cannot be read. */
void book_fail_reading(struct book *book, const char *what);

/* One execution of a prepared statement: its parameters are filled from the first on, then it is
 * run. After a failure all of it does nothing. */
struct book_filling {
    struct book *book;
    sqlite3_stmt *statement; /* NULL: the book has failed */
    int next;
    const char *what; /* for the message: "posting 12-3" is written as "a posting" */
};
struct book_filling book_fill(struct book *book, enum book_statement which, const char *what);
void fill_number(struct book_filling *filling, int64_t value);
/* null instead of `none` */
void fill_number_or_null(struct book_filling *filling, int64_t value, int64_t none);
void fill_null(struct book_filling *filling);
void fill_text(struct book_filling *filling, const char *text); /* must live until fill_run */
void fill_run(struct book_filling *filling);
/* Runs it and returns its one row's first number; `none` where there is no row. */
int64_t fill_run_number(struct book_filling *filling, int64_t none);

/* Numbers of names; the names must be in the configuration in force. */
int64_t book_shift_no(const struct book *book, shift_id shift);
int64_t book_crew_no(const struct book *book, crew_id crew); /* CATALOG_NONE: 0, nobody */
int64_t book_station_no(const struct book *book, station_id station);
int64_t book_quota_no(const struct book *book, quota_id quota);
const struct book_meter *book_meter_row(const struct book *book, meter_id meter);
/* day, shift, crew; three nulls where the slot is not known */
void fill_slot(struct book_filling *filling, struct crew_slot slot, bool known);

/* Forgets the numbers of a configuration. */
void book_plant_clear(struct book *book);

#endif
