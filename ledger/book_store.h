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
    BOOK_PERIOD_BALANCE,
    BOOK_PERIOD_BALANCE_GONE,
    BOOK_PERIOD_BALANCES_CLEAR,
    BOOK_STRETCH,
    BOOK_STRETCH_GONE,
    BOOK_STRETCHES_CLEAR,
    BOOK_HEAT_WEIGHT,
    BOOK_REJECT,
    BOOK_REJECT_NEWEST,
    BOOK_REJECT_COUNT,
    BOOK_REJECT_FORGET,
    BOOK_REJECT_FORGET_OLDEST,
    BOOK_OUTBOX,
    BOOK_OUTBOX_SENT,
    BOOK_OUTBOX_COUNT,
    BOOK_OUTBOX_THIN,
    BOOK_OUTBOX_LAST,
    BOOK_OUTBOX_SETTLE,
    BOOK_OUTBOX_SETTLE_HANDOVER,
    BOOK_HANDOVER,
    BOOK_PERIOD_DOCUMENT,
    BOOK_PAPER,
    BOOK_QUOTA_ACCOUNT,
    BOOK_QUOTA_ENTRY,
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
    BOOK_PRUNE_NEXT,
    BOOK_PRUNE_VERSIONS,
    BOOK_PRUNE_PAGES,
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
    struct book_limits limits;
    /* rows that there are of what is bounded; -_counted: they are known */
    int64_t reject_count, outbox_count, outbox_thin_at;
    bool rejects_counted, outbox_counted;
    /* book_prune.c: before which position nothing is read any more, and the meter in hand */
    uint64_t prune_before;
    int64_t prune_reach_us, prune_meter;
    bool pruning;
    uint64_t outbox_replaced; /* let go of, as a later one says the same */
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
int64_t book_item_no(const struct book *book, item_id item);
const struct book_meter *book_meter_row(const struct book *book, meter_id meter);
/* day, shift, crew; three nulls where the slot is not known */
void fill_slot(struct book_filling *filling, struct crew_slot slot, bool known);

/* A book over a database that is open and has the tables of a ledger; the book closes it. `path`
 * is for messages. NULL with a failure, and the database closed. */
struct book *book_over(sqlite3 *database, const char *path, struct failure *failure);

/* Writes the names that a configuration has, which is the one in force: book_plant was called. */
void book_plant_names(struct book *book, const struct book_plant *plant);

/* book_prune.c: lets go of a few rows, before a commit. */
void book_prune_some(struct book *book);

/* Forgets the numbers of a configuration. */
void book_plant_clear(struct book *book);

#endif
