/* Points in time: int64_t microseconds since 1970-01-01T00:00:00Z, named `…_us`; and days: int32_t
 * days since 1970-01-01 in the proleptic Gregorian calendar, named `day` or `…_day`. */
#ifndef HEATLEDGER_TIMESTAMP_H
#define HEATLEDGER_TIMESTAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TIMESTAMP_SECOND_US INT64_C(1000000)
#define TIMESTAMP_MINUTE_US (60 * TIMESTAMP_SECOND_US)
#define TIMESTAMP_HOUR_US (60 * TIMESTAMP_MINUTE_US)
#define TIMESTAMP_DAY_US (24 * TIMESTAMP_HOUR_US)
#define TIMESTAMP_NEVER_US INT64_MAX /* later than any event: "still open" */
#define TIMESTAMP_TEXT_MAX 40        /* longest text, NUL included */

/* What is accepted as a time: 2000-01-01 to 2100-01-01; what lies outside is a unit mixed up. */
#define TIMESTAMP_MIN_US INT64_C(946684800000000)
#define TIMESTAMP_MAX_US INT64_C(4102444800000000)

/* Reads RFC 3339: date, 'T' (or 't', or a space), time, 0 to 9 digits of a fraction (those beyond
 * microseconds are cut), and 'Z' or an offset. Returns false for anything else, an impossible date
 * included. A leap second (:60) is the first instant of the next minute. */
bool timestamp_parse(const char *text, size_t length, int64_t *ts_us);

/* Reads the same without an offset as local wall time: microseconds since 1970-01-01T00:00 of a
 * clock on the wall. zone.h makes an instant of it. */
bool timestamp_parse_local(const char *text, size_t length, int64_t *local_us);

/* Writes RFC 3339 at the given offset, with a fraction of as many digits as are needed (0, 3 or
 * 6): "2026-03-10T07:50:00+08:00". Offset 0 is written "+00:00". Returns `text`. */
char *timestamp_format(int64_t ts_us, int32_t offset_s, char text[TIMESTAMP_TEXT_MAX]);

/* "YYYY-MM-DD" of exactly ten characters; false where it is no date. */
bool timestamp_parse_day(const char *text, size_t length, int32_t *day);
char *timestamp_format_day(int32_t day, char text[TIMESTAMP_TEXT_MAX]);

/* Seconds since midnight from "HH:MM" or "HH:MM:SS" (00:00 to 23:59:59). */
bool timestamp_parse_time_of_day(const char *text, size_t length, int32_t *seconds);

/* Civil dates (algorithm: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
int32_t timestamp_day_from_civil(int32_t year, unsigned month, unsigned day_of_month);
void timestamp_civil_from_day(int32_t day, int32_t *year, unsigned *month, unsigned *day_of_month);

#endif
