/* Reading the ledger: read-only, in short transactions, while a daemon writes. */
#ifndef HEATLEDGER_READER_H
#define HEATLEDGER_READER_H

#include "failure.h"
#include "zone.h"

#include <stdbool.h>
#include <stdint.h>

struct reader;

/* Opens DIR/ledger.db read-only. */
struct reader *reader_open(const char *directory, struct failure *failure);
void reader_close(struct reader *reader);

/* Between these, all queries of the reader see one and the same state of the ledger. Keep it short:
 * a snapshot holds back the writer's checkpoints. On the writer's own reader they do nothing. */
bool reader_snapshot_begin(struct reader *reader, struct failure *failure);
void reader_snapshot_end(struct reader *reader);

/* The position that is committed and shown (open segments included). */
bool reader_position(struct reader *reader, uint64_t *position, struct failure *failure);

/* The plant's zone, as the latest query found it; UTC before any. It is the reader's. */
const struct zone *reader_zone(const struct reader *reader);

/* A query's parameter ":name" → text; NULL value: SQL null. */
struct reader_parameter {
    const char *name;
    const char *value;
};

/* Runs one SELECT and hands each row to `row` as texts (NULL: SQL null) until it returns false.
 * SQL functions beyond SQLite's; each gives null for a null, or for what has no answer:
 *   decimal(base, decimals)          "1793.64"
 *   ratio(numerator, denominator, places)   half up; null for a denominator <= 0
 *   per_tonne(base, decimals, steel_g)      six places, through 128 bits
 *   percent(part, whole)             two places; 0 of 0 is 0
 *   within(part, whole, band)        1 where |part| <= band (10^-4 per cent) of |whole|, else 0
 *   local_time(us)                   RFC 3339 in the plant's zone with offset
 *   civil_day(day), day_number(text) "2026-03-10" and back
 *   period_of(kind, day)             "2026-03-X1" for 'ten_days' (base/period.h)
 *   period_from(text), period_until(text)   a period's production days [from, until)
 *   instant(text)                    us, from RFC 3339, or from a local date and time of the plant
 *   printable(text or blob)          UTF-8 as it is; control characters and other bytes as \xNN
 * Parameters that the statement does not use are ignored. */
struct reader_row {
    int column_count;
    const char *const *names;
    const char *const *values;
};
bool reader_query(struct reader *reader, const char *sql, const struct reader_parameter *parameters,
                  int parameter_count, bool (*row)(void *context, const struct reader_row *row),
                  void *context, struct failure *failure);

/* Rows that several queries read, worked out once: a temporary table of the reader's connection,
 * which is nobody's but the reader's. It stays until it is gathered again. */
struct reader_gathering {
    const char *name;    /* of the table; in SQL "temp.NAME" */
    const char *columns; /* "a, b, c", in the order of the SELECT's */
    const char *select;
};

/* Fills the table with what its SELECT gives now; what was in it goes. The ledger itself is read
 * only, here too. */
bool reader_gather(struct reader *reader, const struct reader_gathering *gathering,
                   const struct reader_parameter *parameters, int parameter_count,
                   struct failure *failure);

#endif
