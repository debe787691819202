#include "report_accounts.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

static const struct table_column accounts_columns[] = {
    {"quota", TABLE_TEXT},      {"account", TABLE_TEXT},        {"period", TABLE_TEXT},
    {"crew", TABLE_TEXT},       {"heat", TABLE_TEXT},           {"unit", TABLE_TEXT},
    {"earned", TABLE_DECIMAL},  {"transferred", TABLE_DECIMAL}, {"carried", TABLE_DECIMAL},
    {"reserve", TABLE_DECIMAL}, {"target", TABLE_DECIMAL},      {"limit", TABLE_DECIMAL},
    {"used", TABLE_DECIMAL},    {"balance", TABLE_DECIMAL},
};

static const struct table_column entries_columns[] = {
    {"position", TABLE_COUNT}, {"ordinal", TABLE_COUNT},  {"at", TABLE_TEXT},
    {"quota", TABLE_TEXT},     {"from", TABLE_TEXT},      {"to", TABLE_TEXT},
    {"unit", TABLE_TEXT},      {"target", TABLE_DECIMAL}, {"limit", TABLE_DECIMAL},
    {"cause", TABLE_TEXT},     {"paper", TABLE_TEXT},
};

/* SQL keeps its own line breaks. */
/* clang-format off */

#define IS(name, column) "[" name " AND " column " = :" name "]"
#define DAYS(column) "[period AND " column " >= period_from(:period)" \
                     " AND " column " < period_until(:period)]"
#define WITHIN(column) "[period AND period_from(" column ") >= period_from(:period)" \
                       " AND period_until(" column ") <= period_until(:period)]"
#define AMOUNT(column) "decimal(" column ", i.decimals)"

/* Every row: quota, kind, its place among them, day, period, crew, heat, the parts by the limit,
 * target, limit, used (null: nothing is used there), waits (what is allowed is not known). */
#define HEAT_ROWS \
    "SELECT b.quota AS quota, 'heat' AS kind, 5 AS place, h.first_start_us AS sort," \
    "  h.id AS period, c.id AS crew, h.id AS heat, k.limit_base AS earned, NULL AS transferred," \
    "  NULL AS carried, NULL AS reserve, COALESCE(k.target_base, 0) AS target," \
    "  COALESCE(k.limit_base, 0) AS limit_base, b.used_base AS used," \
    "  b.allowed_limit_base IS NULL AS waits" \
    " FROM heat_balance b JOIN heat h ON h.no = b.heat AND h.gone = 0" \
    "  LEFT JOIN crew c ON c.no = h.owner_crew LEFT JOIN quota_held k" \
    "   ON k.kind = 'heat' AND k.quota = b.quota AND k.heat = b.heat" \
    " WHERE 1" IS("crew", "c.id") DAYS("h.owner_day") \
    "[heat AND b.heat IN (SELECT n.keeper FROM heat n WHERE n.id = :heat)]"

#define CREW_ROWS \
    "SELECT b.quota, 'crew', 4, b.day * 100 + sh.sort," \
    "  rtrim(civil_day(b.day) || ' ' || sh.id || ' ' || c.id), c.id, NULL, b.limit_base," \
    "  NULL, NULL, NULL, b.target_base, b.limit_base, b.used_base, NOT b.known" \
    " FROM quota_crew_account b JOIN shift sh ON sh.no = b.shift JOIN crew c ON c.no = b.crew" \
    " WHERE 1[heat AND 0]" IS("crew", "c.id") DAYS("b.day")

/* A crew's month, or the period that is asked for: its crew-shifts, and what was entered on it. */
#define CREW_PERIOD_ROWS \
    "SELECT u.quota, 'crew_period', 3, 0, u.period, c.id, NULL, SUM(u.earned)," \
    "  SUM(u.transferred), SUM(u.carried), SUM(u.reserve), SUM(u.target), SUM(u.limit_base)," \
    "  SUM(u.used), MAX(u.waits)" \
    " FROM (SELECT b.quota, b.crew, COALESCE(:period, period_of('month', b.day)) AS period," \
    "    b.limit_base AS earned, 0 AS transferred, 0 AS carried, 0 AS reserve," \
    "    b.target_base AS target, b.limit_base, b.used_base AS used, b.waits" \
    "   FROM quota_crew_account b WHERE 1" DAYS("b.day") \
    "   UNION ALL SELECT k.quota, k.crew," \
    "    COALESCE(:period, period_of('month', period_from(k.period))), 0, k.transferred_base," \
    "    k.carried_base, k.reserve_base, k.target_base, k.limit_base, 0, 0" \
    "   FROM quota_held k WHERE k.kind = 'crew_period'" WITHIN("k.period") ") u" \
    "  JOIN crew c ON c.no = u.crew WHERE 1[heat AND 0]" IS("crew", "c.id") \
    " GROUP BY u.quota, u.period, c.id"

/* Those of the shop; of a period with what was used in it. */
#define SHOP_ROWS \
    "SELECT k.quota, k.kind, CASE k.kind WHEN 'workshop' THEN 0 WHEN 'reserve' THEN 1 ELSE 2 END," \
    "  COALESCE(period_from(k.period), 0), k.period, NULL, NULL," \
    "  k.limit_base - k.transferred_base - k.carried_base - k.reserve_base, k.transferred_base," \
    "  k.carried_base, k.reserve_base, k.target_base, k.limit_base, b.used_base, 0" \
    " FROM quota_held k LEFT JOIN period_balance b" \
    "   ON k.kind = 'period' AND b.quota = k.quota AND b.period = k.period" \
    " WHERE k.kind IN ('workshop', 'reserve', 'period')" \
    "[heat AND 0][crew AND 0]" WITHIN("k.period")

static const char *const accounts_sql =
    "SELECT q.id, a.kind, a.period, a.crew, a.heat, i.unit, " AMOUNT("a.earned") ","
    "  " AMOUNT("a.transferred") ", " AMOUNT("a.carried") ", " AMOUNT("a.reserve") ","
    "  CASE WHEN NOT a.waits THEN " AMOUNT("a.target") " END,"
    "  CASE WHEN NOT a.waits THEN " AMOUNT("a.limit_base") " END, " AMOUNT("a.used") ","
    "  CASE WHEN NOT a.waits THEN " AMOUNT("a.limit_base - COALESCE(a.used, 0)") " END"
    " FROM (" HEAT_ROWS " UNION ALL " CREW_ROWS " UNION ALL " CREW_PERIOD_ROWS
    "   UNION ALL " SHOP_ROWS ") a"
    "  JOIN quota q ON q.no = a.quota JOIN item i ON i.no = q.item"
    " WHERE 1" IS("quota", "q.id") IS("item", "i.id")
    " ORDER BY q.id, a.place, a.sort, a.period, a.crew";

/* An account in words, and whether it is the one that is asked for. */
#define WORDS(kind, account) \
    "rtrim(" kind " || ' ' || " account ")"
#define OF_HEAT(column) \
    "(a." column " IN (SELECT no FROM quota_account_row WHERE kind = 'heat' AND heat IN" \
    " (SELECT n.keeper FROM heat n WHERE n.id = :heat)))"
#define OF_CREW(column) \
    "(a." column " IN (SELECT r.no FROM quota_account_row r JOIN heat h ON h.no = r.heat" \
    " JOIN crew c ON c.no = CASE r.kind WHEN 'heat' THEN h.owner_crew ELSE r.crew END" \
    " WHERE c.id = :crew))"
#define OF_PERIOD(column) \
    "(a." column " IN (SELECT r.no FROM quota_account_row r JOIN heat h ON h.no = r.heat" \
    " WHERE CASE r.kind WHEN 'heat' THEN h.owner_day WHEN 'crew' THEN r.day" \
    "  ELSE period_from(r.period) END >= period_from(:period)" \
    " AND CASE r.kind WHEN 'heat' THEN h.owner_day + 1 WHEN 'crew' THEN r.day + 1" \
    "  ELSE period_until(r.period) END <= period_until(:period)))"

static const char *const entries_sql =
    "SELECT e.position, e.ordinal, local_time(e.at_us), e.quota,"
    "  " WORDS("e.from_kind", "e.from_account") ", " WORDS("e.to_kind", "e.to_account") ", e.unit,"
    "  " AMOUNT("e.target_base") ", " AMOUNT("e.limit_base") ", e.cause, e.paper"
    " FROM quota_entry e JOIN quota_entry_row a ON a.position = e.position"
    "   AND a.ordinal = e.ordinal JOIN item i ON i.id = e.item"
    " WHERE 1" IS("quota", "e.quota") IS("item", "e.item")
    "[heat AND (" OF_HEAT("from_account") " OR " OF_HEAT("to_account") ")]"
    "[crew AND (" OF_CREW("from_account") " OR " OF_CREW("to_account") ")]"
    "[period AND (" OF_PERIOD("from_account") " OR " OF_PERIOD("to_account") ")]"
    " ORDER BY e.position, e.ordinal";
/* clang-format on */

const struct report_kind report_accounts_kind = {
    .name = "accounts",
    .columns = accounts_columns,
    .column_count = COUNT(accounts_columns),
    .sql = &accounts_sql,
    .filters = " period crew heat item quota ",
};

const struct report_kind report_entries_kind = {
    .name = "entries",
    .columns = entries_columns,
    .column_count = COUNT(entries_columns),
    .sql = &entries_sql,
    .filters = " period crew heat item quota ",
};
