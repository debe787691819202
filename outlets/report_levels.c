#include "report_levels.h"

/* SQL keeps its own line breaks; "[name text]" is explained in report.c. */
/* clang-format off */

#define STRETCH(holder) "(SELECT s.allowed_base FROM stretch_allowance s WHERE " holder \
                        " AND s.quota = k.quota)"

/* Used up to a level, within the tolerance of one scale division. */
#define REACHED(level) "b.used_base - b." level " < i.division_base"

static const char *const levels_sql =
    "SELECT q.id, b.scope, CASE b.scope WHEN 'heat' THEN h.id WHEN 'period' THEN b.period"
    "   ELSE rtrim(civil_day(b.day) || ' ' || sh.id || ' ' || c.id) END,"
    "  c.id, CASE b.scope WHEN 'heat' THEN h.id END, i.id, i.unit, q.basis,"
    "  CASE WHEN q.basis IN ('tonne', 'linear') THEN k.tonnes END, k.hard, k.kind,"
    "  NULLIF(k.kept_by, ''), decimal(b.stretch_base, i.decimals),"
    "  decimal(b.target_base, i.decimals), decimal(b.limit_base, i.decimals),"
    "  decimal(b.used_base, i.decimals), CASE WHEN b.limit_base IS NULL THEN NULL"
    "   WHEN " REACHED("stretch_base") " THEN 'stretch' WHEN " REACHED("target_base")
    "   THEN 'target' WHEN " REACHED("limit_base") " THEN 'limit' ELSE 'over' END, b.provisional"
    " FROM (SELECT k.quota, 'heat' AS scope, k.heat, k.day, k.shift, k.crew, NULL AS period,"
    "    k.allowed_target_base AS target_base, k.allowed_limit_base AS limit_base,"
    "    " STRETCH("s.heat = k.heat AND s.day = 0 AND s.shift = 0 AND s.crew = 0")
    "    AS stretch_base, k.used_base, k.provisional FROM heat_balance k"
    "   UNION ALL SELECT k.quota, 'crew', 0, k.day, k.shift, k.crew, NULL,"
    "    k.allowed_target_base, k.allowed_limit_base,"
    "    " STRETCH("s.heat = 0 AND s.day = k.day AND s.shift = k.shift AND s.crew = k.crew") ","
    "    k.used_base, k.provisional FROM crew_balance k"
    /* a crew that was not there after all, and answers for nothing */
    "    WHERE k.used_base <> 0 OR EXISTS (SELECT 1 FROM slot w WHERE w.day = k.day"
    "     AND w.shift = k.shift AND w.crew = k.crew)"
    "   UNION ALL SELECT quota, 'period', 0, from_day, NULL, NULL, period, allowed_target_base,"
    "    allowed_limit_base, allowed_stretch_base, used_base, provisional FROM period_balance) b"
    "  JOIN quota q ON q.no = b.quota JOIN item i ON i.no = q.item"
    "  LEFT JOIN quota_kind k ON k.quota = q.no"
    "  JOIN heat h ON h.no = b.heat LEFT JOIN shift sh ON sh.no = b.shift"
    "  LEFT JOIN crew c ON c.no = b.crew"
    " WHERE h.gone = 0[quota AND q.id = :quota][item AND i.id = :item]"
    "[day AND b.day = CAST(:day AS INTEGER)][shift AND sh.id = :shift][crew AND c.id = :crew]"
    "[heat AND b.scope = 'heat' AND b.heat IN (SELECT k.keeper FROM heat k WHERE k.id = :heat)]"
    " ORDER BY q.id, b.scope, h.first_start_us, h.id, b.day, sh.sort, c.id";
/* clang-format on */

static const struct table_column columns[] = {
    {"quota", TABLE_TEXT},
    {"scope", TABLE_TEXT},
    {"period", TABLE_TEXT},
    {"crew", TABLE_TEXT},
    {"heat", TABLE_TEXT},
    {"item", TABLE_TEXT},
    {"unit", TABLE_TEXT},
    {"basis", TABLE_TEXT},
    {"weighing", TABLE_TEXT},
    {"hard", TABLE_BOOLEAN},
    {"kind", TABLE_TEXT},
    {"kept_by", TABLE_TEXT},
    {"allowed_stretch", TABLE_DECIMAL},
    {"allowed_target", TABLE_DECIMAL},
    {"allowed_limit", TABLE_DECIMAL},
    {"used", TABLE_DECIMAL},
    {"reached", TABLE_TEXT},
    {"provisional", TABLE_BOOLEAN},
};

const struct report_kind report_levels_kind = {
    .name = "levels",
    .columns = columns,
    .column_count = sizeof columns / sizeof columns[0],
    .sql = &levels_sql,
    .filters = " day shift crew heat item quota ",
};
