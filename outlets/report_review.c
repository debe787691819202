#include "report_sql.h"

/* SQL keeps its own line breaks; "[name text]" is explained in report.c. */
/* clang-format off */

const char *const report_review_sql =
    "SELECT h.id, r.reason, local_time(r.since_us), st.id, NULLIF(r.detail, '')"
    " FROM heat_review r JOIN heat h ON h.no = r.heat LEFT JOIN station st ON st.no = r.station"
    " WHERE h.gone = 0"
    "[heat AND r.heat IN (SELECT k.keeper FROM heat k WHERE k.id = :heat)]"
    "[station AND st.id = :station]"
    "[from AND r.since_us >= CAST(:from AS INTEGER)]"
    "[to AND r.since_us < CAST(:to AS INTEGER)]"
    " ORDER BY r.since_us, h.id, r.reason, st.id";
/* clang-format on */
