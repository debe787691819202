/* What a period's document is made of. */
#include "period_parts.h"

#include "period_overruns.h"
#include "report_costs.h"
#include "report_pareto.h"
#include "report_settlement.h"
#include "report_variance.h"

/* SQL keeps its own line breaks. */
/* clang-format off */

/* Whether a production day lies in the period :period. */
#define IN_PERIOD(day) \
    "(" day " >= (SELECT period_from(:period)) AND " day " < (SELECT period_until(:period)))"

static const struct table_column crews_columns[] = {
    {"crew", TABLE_TEXT}, {"crew_shifts", TABLE_COUNT}, {"heats", TABLE_COUNT},
    {"heats_weighed", TABLE_COUNT}, {"steel_kg", TABLE_DECIMAL},
};
static const char crews_sql[] =
    "WITH duty AS (SELECT w.crew, COUNT(*) AS shifts FROM slot w WHERE " IN_PERIOD("w.day")
    "  GROUP BY w.crew),"
    " tapped AS (SELECT h.owner_crew AS crew, COUNT(*) AS heats, COUNT(h.steel_g) AS weighed,"
    "   SUM(h.steel_g) AS steel_g FROM heat h"
    "  WHERE h.gone = 0 AND " IN_PERIOD("h.owner_day") " GROUP BY h.owner_crew)"
    " SELECT c.id, COALESCE(d.shifts, 0), COALESCE(t.heats, 0), COALESCE(t.weighed, 0),"
    "  decimal(t.steel_g, 3)"
    " FROM crew c LEFT JOIN duty d ON d.crew = c.no LEFT JOIN tapped t ON t.crew = c.no"
    " WHERE c.no <> 0 AND (d.shifts > 0 OR t.heats > 0) ORDER BY c.id";

/* Of all crew-shifts of a crew, with what was transferred or carried to it for a period within. Where one used something of which nobody knows yet what was
 * allowed, nothing is judged. */
static const struct table_column quotas_columns[] = {
    {"crew", TABLE_TEXT}, {"quota", TABLE_TEXT}, {"view", TABLE_TEXT}, {"item", TABLE_TEXT},
    {"unit", TABLE_TEXT}, {"used", TABLE_DECIMAL}, {"target", TABLE_DECIMAL},
    {"limit", TABLE_DECIMAL}, {"balance", TABLE_DECIMAL}, {"state", TABLE_TEXT},
    {"provisional", TABLE_BOOLEAN},
};
static const char quotas_sql[] =
    "WITH balances AS (SELECT b.crew, b.quota, b.used_base, b.allowed_target_base AS target,"
    "   b.allowed_limit_base AS allowed, b.provisional FROM crew_balance b"
    "   WHERE b.crew <> 0 AND " IN_PERIOD("b.day")
    "  UNION ALL SELECT k.crew, k.quota, 0, k.target_base, k.limit_base, 0 FROM quota_held k"
    "   WHERE k.kind = 'crew_period' AND " IN_PERIOD("period_from(k.period)")
    "    AND " IN_PERIOD("period_until(k.period) - 1") "),"
    " summed AS (SELECT b.crew, b.quota, SUM(b.used_base) AS used,"
    "   SUM(b.allowed IS NULL AND b.used_base <> 0) = 0 AS known,"
    "   SUM(b.target) AS target, SUM(b.allowed) AS \"limit\","
    "   MAX(b.provisional) AS provisional FROM balances b GROUP BY b.crew, b.quota)"
    " SELECT c.id, q.id, q.view, i.id, i.unit, decimal(s.used, i.decimals),"
    "  CASE WHEN s.known THEN decimal(s.target, i.decimals) END,"
    "  CASE WHEN s.known THEN decimal(s.\"limit\", i.decimals) END,"
    "  CASE WHEN s.known THEN decimal(s.\"limit\" - s.used, i.decimals) END,"
    "  CASE WHEN NOT s.known OR s.\"limit\" IS NULL THEN NULL"
    "   WHEN s.used - s.\"limit\" >= i.division_base THEN 'red'"
    "   WHEN s.used - s.target >= i.division_base THEN 'amber' ELSE 'green' END, s.provisional"
    " FROM summed s JOIN crew c ON c.no = s.crew JOIN quota q ON q.no = s.quota"
    "  JOIN item i ON i.no = q.item ORDER BY c.id, q.sort, q.id";

/* Quotas that are allowed to the shop for whole days and periods, as they were judged. */
static const struct table_column absolutes_columns[] = {
    {"quota", TABLE_TEXT}, {"period", TABLE_TEXT}, {"item", TABLE_TEXT}, {"unit", TABLE_TEXT},
    {"used", TABLE_DECIMAL}, {"target", TABLE_DECIMAL}, {"limit", TABLE_DECIMAL},
    {"balance", TABLE_DECIMAL}, {"state", TABLE_TEXT}, {"provisional", TABLE_BOOLEAN},
};
static const char absolutes_sql[] =
    "SELECT q.id, b.period, i.id, i.unit, decimal(b.used_base, i.decimals),"
    "  decimal(b.allowed_target_base, i.decimals), decimal(b.allowed_limit_base, i.decimals),"
    "  decimal(b.allowed_limit_base - b.used_base, i.decimals), b.state, b.provisional"
    " FROM period_balance b JOIN quota q ON q.no = b.quota JOIN item i ON i.no = q.item"
    " WHERE " IN_PERIOD("b.from_day") " AND " IN_PERIOD("b.until_day - 1")
    " ORDER BY q.sort, q.id, b.from_day";

/* In the owner view, with how far it can be trusted. By two indexes: an OR would read the whole
 * ledger. */
static const struct table_column use_columns[] = {
    {"crew", TABLE_TEXT}, {"item", TABLE_TEXT}, {"unit", TABLE_TEXT}, {"amount", TABLE_DECIMAL},
    {"quality", TABLE_TEXT}, {"estimated_pct", TABLE_DECIMAL},
};
static const char use_sql[] =
    "WITH used AS (SELECT s.crew AS crew, s.item, s.amount_base, s.quality FROM net_segment s"
    "   WHERE s.heat = 0 AND " IN_PERIOD("s.day")
    "  UNION ALL SELECT h.owner_crew, s.item, s.amount_base, s.quality"
    "   FROM net_segment s JOIN heat h ON h.no = s.heat WHERE s.heat IN (SELECT k.no FROM heat k"
    "    WHERE k.gone = 0 AND " IN_PERIOD("k.owner_day") "))"
    " SELECT c.id, i.id, i.unit, decimal(SUM(u.amount_base), i.decimals),"
    "  substr('MIUCSE', MAX((u.amount_base <> 0) * u.quality) + 1, 1),"
    "  percent(SUM((u.quality = 5) * u.amount_base), SUM(u.amount_base))"
    " FROM used u JOIN crew c ON c.no = u.crew JOIN item i ON i.no = u.item"
    " GROUP BY u.crew, u.item ORDER BY c.id, i.id";

#define ASKED(sql, columns) NULL, sql, columns, (int)(sizeof(columns) / sizeof *(columns))
#define REPORT(name) &report_##name##_kind, NULL, NULL, 0

const struct period_part period_parts[] = {
    {"crews", ASKED(crews_sql, crews_columns), false, {"Crews", "班组"}, {"nobody", "无"},
     {"crew"}, {"heats", "steel_kg"}},
    {"quotas", ASKED(quotas_sql, quotas_columns), false, {"Quotas", "定额"}, {"none", "无"},
     {"crew", "quota"}, {"used", "target", "limit", "state"}},
    {"period_quotas", ASKED(absolutes_sql, absolutes_columns), false,
     {"Quotas of days and periods", "日、旬、月定额"}, {"none", "无"},
     {"quota", "period"}, {"used", "target", "limit", "state"}},
    {"use", ASKED(use_sql, use_columns), false,
     {"Use by the crews' heats (owner), and how much of it is estimated",
      "按所属炉次耗用（归属）及估计比例"}, {"none", "无"},
     {"crew", "item"}, {"amount", "estimated_pct"}},
    {"costs", REPORT(costs), false, {"Cost, standard coal and CO2", "成本、标煤与CO2"},
     {"none", "无"}, {"crew", "line", "item"},
     {"standard_cost", "actual_cost", "kgce_per_tonne"}},
    {"variance", REPORT(variance), false, {"Usage and price variance", "量差与价差"},
     {"none", "无"}, {"crew", "quota"}, {"usage_variance", "price_variance"}},
    {"pareto", REPORT(pareto), false, {"What overruns cost, largest first", "超耗损失排序"},
     {"none", "无"}, {"key"}, {"over", "loss"}},
    {"settlement", REPORT(settlement), true, {"Settlement", "结算"}, {"none", "无"},
     {"period", "crew", "line"}, {"points", "returned", "forfeited", "reward"}},
    {"overruns", &period_overruns_kind, NULL, NULL, 0, false,
     {"Crew-shifts over the limit, and how many causes are open", "班超限及待填原因数"},
     {"none", "无"}, {"crew", "quota"}, {"over", "overruns", "pending", "loss", "causes"}},
};
/* clang-format on */
const int period_part_count = (int)(sizeof period_parts / sizeof *period_parts);

const struct table_column *period_part_columns(const struct period_part *part, int *count)
{
    *count = part->kind != NULL ? part->kind->column_count : part->column_count;
    return part->kind != NULL ? part->kind->columns : part->columns;
}
