/* Times as a clock on the wall shows them, and labels that stand for a period: what a mapping's
 * `time`, `label` and `period` say, turned into instants. Pure. */
#ifndef HEATLEDGER_LOCAL_TIME_H
#define HEATLEDGER_LOCAL_TIME_H

#include "mapping.h"
#include "zone.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOCAL_TIME_PERIOD_MAX_US (400 * INT64_C(86400000000)) /* as far as an increment reaches */

/* "2026-03-10T07:50:00", a fraction allowed, or "2026-03-10" for its 00:00; `compact`:
 * "20260310075000" or "20260310". Microseconds since 1970-01-01T00:00 of the wall clock. */
bool local_time_parse(const char *text, size_t length, bool compact, int64_t *local_us);

/* The instant at which the wall clock shows `local_us`. Of a time that comes twice in autumn the
 * earlier one, unless the meter has spoken later than that already (`newest_us`, INT64_MIN: not
 * yet) and the later one is not beyond `latest_us`. A time that spring skips is the instant at
 * which the clocks jump. `*uncertain` is set in these cases and left alone in all others. */
int64_t local_time_instant(const struct zone *zone, int64_t local_us, int64_t newest_us,
                           int64_t latest_us, bool *uncertain);

/* "30s", "15min", "8h", "1d": whole numbers above 0, up to 400 days. */
bool local_time_parse_period(const char *text, struct mapping_period *period);

/* [from, ts): the period for which a label (not MAPPING_LABEL_NONE) stands. Days are those of the
 * calendar: 23, 24 or 25 hours. */
void local_time_period(const struct zone *zone, enum mapping_label label,
                       const struct mapping_period *period, int64_t label_us, int64_t *from_us,
                       int64_t *ts_us);

#endif
