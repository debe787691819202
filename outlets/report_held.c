#include "report_held.h"

#include "json_text.h"
#include "report_sql.h"

/* SQL keeps its own line breaks; "[name text]" is explained in report.c. */
/* clang-format off */

/* The message is known where it was held when it came; a reading that counted then, and is held
 * since a later one came, stands in no refusal. */
#define SAME_READING(r) \
    r ".meter = s.meter AND " r ".ts_us = s.ts_us AND " r ".value_raw = s.value_raw"

const char *const report_held_sql =
    "SELECT m.id, local_time(s.ts_us), decimal(s.value_raw, m.decimals), s.kind, s.reason,"
    "  local_time(s.last_ts_us), decimal(s.last_value_raw, m.decimals),"
    "  decimal(s.amount_base, i.decimals), i.unit, r.position, printable(r.topic)"
    " FROM held_reading s JOIN meter m ON m.no = s.meter JOIN item i ON i.no = m.item"
    "  JOIN station st ON st.no = m.station"
    "  LEFT JOIN reject r ON " SAME_READING("r") " AND NOT EXISTS (SELECT 1 FROM reject e"
    "   WHERE " SAME_READING("e") " AND (e.position, e.ordinal) < (r.position, r.ordinal))"
    " WHERE 1"
    "[meter AND m.id = :meter][item AND i.id = :item][station AND st.id = :station]"
    "[from AND s.ts_us >= CAST(:from AS INTEGER)][to AND s.ts_us < CAST(:to AS INTEGER)]"
    " ORDER BY m.id, s.ts_us";
/* clang-format on */

void report_held_write_entries(const struct table *table, FILE *out)
{
    int meter = table_find(table, "meter");
    int at = table_find(table, "ts");
    size_t rows = table_row_count(table);

    if (rows == 0) {
        return;
    }
    fputs("\nTo decide, with a name and a reason; \"reject\" instead of \"accept\" where a reading "
          "is "
          "not true:\n",
          out);
    for (size_t row = 0; row < rows; row++) {
        fputs("  heatledger entry -c PLANT.json '{\"by\":\"NAME\",\"event\":\"accept\",\"meter\":",
              out);
        json_text_write(out, table_cell(table, row, meter));
        fputs(",\"at\":", out);
        json_text_write(out, table_cell(table, row, at));
        fputs(",\"reason\":\"WHY\"}'\n", out);
    }
}
