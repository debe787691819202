/* Periods of the books: whole production days in a row, from a day to a year.
 *
 * A ten-day period (旬) is days 1 to 10, 11 to 20, or 21 to the month's end: 8 to 11 days. A
 * period's text is its identity, in messages, reports and entries:
 *
 *   2026-03-10   a production day      2026-03-X2   the second ten-day period of March
 *   2026-03      a month               2026-Q1      a quarter               2026   a year */
#ifndef HEATLEDGER_PERIOD_H
#define HEATLEDGER_PERIOD_H

#include <stdbool.h>
#include <stdint.h>

#define PERIOD_TEXT_MAX 40 /* longest text, NUL included; gcc counts with any number */

enum period_kind {
    PERIOD_DAY,
    PERIOD_TEN_DAYS,
    PERIOD_MONTH,
    PERIOD_QUARTER,
    PERIOD_YEAR,
    PERIOD_KINDS
};

struct period {
    enum period_kind kind;
    int32_t from_day, until_day; /* production days [from, until), days since 1970-01-01 */
};

/* The period of that kind in which a production day lies. */
struct period period_of(enum period_kind kind, int32_t day);

/* The one behind it, and the one before. */
struct period period_next(struct period period);
struct period period_before(struct period period);

bool period_holds(struct period period, int32_t day);
bool period_equal(struct period a, struct period b);

/* Reads a period's text; false where it is none. */
bool period_parse(const char *text, struct period *period);
char *period_format(struct period period, char text[PERIOD_TEXT_MAX]);

/* "day", "ten_days", "month", "quarter", "year", as configurations and entries say it. */
const char *period_kind_name(enum period_kind kind);

#endif
