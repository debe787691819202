#include "balance_rows.h"
#include "report_sql.h"

/* SQL keeps its own line breaks; "[name text]" is explained in report.c. */
/* clang-format off */

const char *const report_balance_sql =
    "WITH " BALANCED(
        "[day AND w.day = CAST(:day AS INTEGER)]"
        "[from AND (SELECT MIN(f.start_us) FROM slot f WHERE f.day = w.day AND f.shift = w.shift)"
        "  >= CAST(:from AS INTEGER)]"
        "[to AND (SELECT MIN(f.start_us) FROM slot f WHERE f.day = w.day AND f.shift = w.shift)"
        "  < CAST(:to AS INTEGER)]",
        "SELECT s.day, s.shift, s.meter, SUM(s.amount_base) AS amount,"
        "  MAX(s.amount_base <> 0 AND s.quality = 5) AS estimated"
        " FROM standing_segment s WHERE s.meter IN (SELECT meter FROM meter_balance_term)"
        "[day AND s.day = CAST(:day AS INTEGER)]"
        /* the days of those shifts: found by their index, and not in the whole ledger */
        "[from AND s.day >= (SELECT MIN(f.day) FROM slot f WHERE f.start_us >="
        "  CAST(:from AS INTEGER))]"
        "[to AND s.day <= (SELECT MAX(f.day) FROM slot f WHERE f.start_us < CAST(:to AS INTEGER))]"
        " GROUP BY s.day, s.shift, s.meter")
    " SELECT civil_day(k.day), sh.id, b.main, b.parts," BALANCED_COLUMNS
    " FROM balanced k JOIN meter_balance b ON b.no = k.balance JOIN item i ON i.no = b.item"
    "  JOIN shift sh ON sh.no = k.shift"
    " WHERE b.configuration = (SELECT MAX(version) FROM configuration)"
    "[shift AND sh.id = :shift][item AND i.id = :item]"
    "[meter AND b.no IN (SELECT t.balance FROM meter_balance_term t JOIN meter m ON m.no = t.meter"
    "  WHERE m.id = :meter)]"
    " ORDER BY k.day, sh.sort, b.main, b.parts, b.id";
/* clang-format on */
