#include "handover_parts.h"

#include "balance_rows.h"
#include "handover_use.h"

#include <stddef.h>

/* SQL and the tables of titles keep their own line breaks. */
/* clang-format off */

#define END HANDOVER_END
#define AS_OF "(:as_of+0)"
#define THIS_DAY HANDOVER_THIS_DAY
#define THIS_SHIFT HANDOVER_THIS_SHIFT
#define OWNED HANDOVER_OWNED

/* The shift's times are those of its crew-shifts. One in which nothing happened has none: then the
 * roster's times, by the plant's clock; a shift that starts earlier on the clock than the first of
 * the production day lies on the next date. */
#define CLOCK(day, start_s) \
    "instant(strftime('%Y-%m-%dT%H:%M:%S', (" day ") * 86400 + " start_s " + CASE WHEN " start_s \
    "  < (SELECT f.start_s FROM shift f ORDER BY f.sort LIMIT 1) THEN 86400 ELSE 0 END," \
    " 'unixepoch'))"

/* The id of a crew-shift's alert, up to its level. */
#define OVERRUN_ALERT "q.id || '/crew/' || civil_day(b.day) || ' ' || h.id || ' ' || c.id || '"

const char *const handover_head_sql =
    "WITH rostered AS (SELECT s.no, s.id, s.name_zh, s.name_en,"
    "   " CLOCK(THIS_DAY, "s.start_s") " AS start_us,"
    "   COALESCE((SELECT " CLOCK(THIS_DAY, "n.start_s") " FROM shift n WHERE n.sort > s.sort"
    "     ORDER BY n.sort LIMIT 1),"
    "    (SELECT " CLOCK(THIS_DAY " + 1", "n.start_s") " FROM shift n ORDER BY n.sort LIMIT 1))"
    "    AS end_us"
    "  FROM shift s WHERE s.id = :shift),"
    " slots AS (SELECT s.no, s.id, s.name_zh, s.name_en,"
    "   COALESCE((SELECT MIN(w.start_us) FROM slot w WHERE w.day = " THIS_DAY
    "    AND w.shift = s.no), s.start_us) AS start_us,"
    "   COALESCE((SELECT MAX(w.end_us) FROM slot w WHERE w.day = " THIS_DAY
    "    AND w.shift = s.no), s.end_us) AS end_us, p.now_us AS now_us"
    "  FROM rostered s JOIN progress p)"
    " SELECT k.shop, k.shop_zh, k.shop_en, civil_day(" THIS_DAY "), s.id, s.name_zh, s.name_en,"
    "  local_time(s.start_us), local_time(s.end_us), local_time(MIN(s.end_us, s.now_us)),"
    "  s.now_us < s.end_us OR EXISTS (SELECT 1 FROM heat h WHERE h.owner_day = " THIS_DAY
    "   AND h.owner_shift = s.no AND h.owner_at_us < s.end_us"
    "   AND (h.ended_us IS NULL OR h.ended_us > s.end_us)),"
    "  (SELECT COUNT(*) FROM heat h WHERE h.owner_day = " THIS_DAY " AND h.owner_shift = s.no"
    "   AND h.owner_at_us < s.end_us),"
    "  decimal((SELECT SUM(h.steel_g) FROM heat h WHERE h.owner_day = " THIS_DAY
    "   AND h.owner_shift = s.no AND h.owner_at_us < s.end_us), 3),"
    "  (SELECT COUNT(*) FROM crew_balance b JOIN quota q ON q.no = b.quota"
    "    JOIN shift h ON h.no = b.shift JOIN crew c ON c.no = b.crew JOIN slot w ON w.day = b.day"
    "     AND w.shift = b.shift AND w.crew = b.crew"
    "   WHERE b.state = 'red' AND b.provisional = 0 AND b.crew <> 0 AND w.end_us <= s.end_us"
    "    AND NOT EXISTS (SELECT 1 FROM paper_row p WHERE p.kind = 'cause' AND p.ts_us < s.end_us"
    "     AND p.of IN (" OVERRUN_ALERT "/limit', " OVERRUN_ALERT "/target'))),"
    "  (SELECT COUNT(*) FROM paper_row p WHERE p.kind = 'slip' AND p.ts_us < s.end_us"
    "    AND NOT EXISTS (SELECT 1 FROM paper_row k WHERE k.of = p.id AND k.kind = 'close_slip'"
    "     AND k.ts_us < s.end_us)),"
    "  s.no, s.end_us, MIN(s.end_us, s.now_us)"
    " FROM slots s JOIN configuration k ON k.version = (SELECT MAX(version) FROM configuration)"
    /* a shift that the ledger has lived through, or lives in */
    " WHERE s.end_us > (SELECT MIN(w.start_us) FROM slot w) AND s.start_us <= s.now_us";

/* Of what handover_use.c has gathered: the use on duty, that of the crews' own heats, and who has
 * either. */
#define USED \
    "WITH clock AS (SELECT c_crew AS crew, item, station, SUM(amount) AS amount" \
    "  FROM temp.handover_station WHERE c_crew IS NOT NULL GROUP BY c_crew, item, station)," \
    " owner AS (SELECT o_crew AS crew, item, station, SUM(amount) AS amount," \
    "   MAX(quality) AS quality, SUM(estimated) AS estimated FROM temp.handover_station" \
    "  WHERE o_crew IS NOT NULL GROUP BY o_crew, item, station)," \
    " both AS (SELECT crew, item, station FROM clock UNION SELECT crew, item, station FROM owner)"

/* Of a crew whose heats are not all weighed nobody knows what a tonne took. */
#define STEEL \
    ", steel AS (SELECT h.owner_crew AS crew, CASE WHEN COUNT(*) = COUNT(h.steel_g)" \
    "   THEN SUM(h.steel_g) END AS steel_g FROM heat h WHERE " OWNED("h") " GROUP BY h.owner_crew)"

static const struct table_column crews_columns[] = {
    {"crew", TABLE_TEXT}, {"name_zh", TABLE_TEXT}, {"name_en", TABLE_TEXT}, {"from", TABLE_TEXT},
    {"to", TABLE_TEXT}, {"heats", TABLE_COUNT}, {"steel_kg", TABLE_DECIMAL},
};
#define CREWS_SQL \
    "SELECT c.id, c.name_zh, c.name_en, local_time(w.start_us), local_time(w.end_us)," \
    "  (SELECT COUNT(*) FROM heat h WHERE " OWNED("h") " AND h.owner_crew = w.crew)," \
    "  decimal((SELECT SUM(h.steel_g) FROM heat h WHERE " OWNED("h") \
    "   AND h.owner_crew = w.crew), 3)" \
    " FROM slot w JOIN crew c ON c.no = w.crew" \
    " WHERE w.day = " THIS_DAY " AND w.shift = " THIS_SHIFT " ORDER BY w.start_us, c.id"

static const struct table_column tapped_columns[] = {
    {"heat", TABLE_TEXT}, {"grade", TABLE_TEXT}, {"crew", TABLE_TEXT}, {"owned_at", TABLE_TEXT},
    {"steel_kg", TABLE_DECIMAL}, {"ended", TABLE_BOOLEAN},
};
#define TAPPED_SQL \
    "SELECT h.id, NULLIF(h.grade, ''), c.id, local_time(h.owner_at_us), decimal(h.steel_g, 3)," \
    "  COALESCE(h.ended_us <= " END ", 0)" \
    " FROM heat h JOIN crew c ON c.no = h.owner_crew WHERE " OWNED("h") \
    " ORDER BY h.owner_at_us, h.id"

static const struct table_column progress_columns[] = {
    {"heat", TABLE_TEXT}, {"station", TABLE_TEXT}, {"since", TABLE_TEXT}, {"crew", TABLE_TEXT},
    {"item", TABLE_TEXT}, {"name_zh", TABLE_TEXT}, {"name_en", TABLE_TEXT}, {"unit", TABLE_TEXT},
    {"amount", TABLE_DECIMAL},
};
/* A heat in progress is at a station when the shift ends: a row for each item it has used. */
#define PROGRESS_SQL \
    "WITH present AS MATERIALIZED (SELECT y.heat, y.station, y.visit, y.start_us FROM stay y" \
    "  WHERE y.start_us < " AS_OF " AND COALESCE(y.end_us > " AS_OF ", 1))," \
    " used AS MATERIALIZED (SELECT s.heat, s.item, s.amount_base FROM net_segment s" \
    "  WHERE s.start_us < " END " AND s.heat IN (SELECT heat FROM present))" \
    " SELECT h.id, st.id, local_time(y.start_us)," \
    "  CASE WHEN h.owner_at_us < " END " THEN c.id END, i.id, i.name_zh, i.name_en, i.unit," \
    "  decimal(SUM(s.amount_base), i.decimals)" \
    " FROM present y JOIN heat h ON h.no = y.heat JOIN station st ON st.no = y.station" \
    "  LEFT JOIN crew c ON c.no = h.owner_crew LEFT JOIN used s ON s.heat = h.no" \
    "  LEFT JOIN item i ON i.no = s.item" \
    " GROUP BY y.heat, y.station, y.visit, i.no ORDER BY h.first_start_us, h.id, st.id, i.id"

static const struct table_column items_columns[] = {
    {"crew", TABLE_TEXT}, {"item", TABLE_TEXT}, {"name_zh", TABLE_TEXT}, {"name_en", TABLE_TEXT},
    {"unit", TABLE_TEXT}, {"clock", TABLE_DECIMAL}, {"owner", TABLE_DECIMAL},
    {"per_tonne", TABLE_DECIMAL}, {"quality", TABLE_TEXT}, {"estimated_pct", TABLE_DECIMAL},
    {"energy", TABLE_BOOLEAN}, {"target", TABLE_DECIMAL}, {"limit", TABLE_DECIMAL},
    {"state", TABLE_TEXT},
};
#define ITEMS_SQL USED STEEL \
    ", clock_item AS (SELECT crew, item, SUM(amount) AS amount FROM clock GROUP BY crew, item)," \
    " owner_item AS (SELECT crew, item, SUM(amount) AS amount, MAX(quality) AS quality," \
    "  SUM(estimated) AS estimated FROM owner GROUP BY crew, item)" \
    " SELECT c.id, i.id, i.name_zh, i.name_en, i.unit," \
    "  decimal(COALESCE(k.amount, 0), i.decimals), decimal(COALESCE(o.amount, 0), i.decimals)," \
    "  per_tonne(o.amount, i.decimals, e.steel_g), substr('MIUCSE', o.quality + 1, 1)," \
    "  percent(COALESCE(o.estimated, 0), COALESCE(o.amount, 0)), i.coal_gce_e6 IS NOT NULL," \
    "  decimal(j.target, i.decimals), decimal(j.\"limit\", i.decimals), j.state" \
    " FROM (SELECT DISTINCT crew, item FROM both) b" \
    "  JOIN item i ON i.no = b.item JOIN crew c ON c.no = b.crew" \
    "  LEFT JOIN clock_item k ON k.crew = b.crew AND k.item = b.item" \
    "  LEFT JOIN owner_item o ON o.crew = b.crew AND o.item = b.item" \
    "  LEFT JOIN steel e ON e.crew = b.crew" \
    /* a verdict stands beside the amount that was judged, and beside no other */ \
    "  LEFT JOIN temp.handover_judged j ON j.crew = b.crew AND j.used = COALESCE(o.amount, 0) AND j.quota = (" \
    "   SELECT q.no FROM temp.handover_judged x JOIN quota q ON q.no = x.quota WHERE x.crew = b.crew" \
    "    AND q.item = b.item AND q.stations = '' AND q.meters = '' AND q.view = 'owner'" \
    "   ORDER BY q.sort LIMIT 1)" \
    " ORDER BY c.id, i.id"

static const struct table_column stations_columns[] = {
    {"crew", TABLE_TEXT}, {"station", TABLE_TEXT}, {"name_zh", TABLE_TEXT},
    {"name_en", TABLE_TEXT}, {"item", TABLE_TEXT}, {"unit", TABLE_TEXT},
    {"clock", TABLE_DECIMAL}, {"owner", TABLE_DECIMAL},
};
#define STATIONS_SQL USED \
    " SELECT c.id, st.id, st.name_zh, st.name_en, i.id, i.unit," \
    "  decimal(COALESCE(k.amount, 0), i.decimals), decimal(COALESCE(o.amount, 0), i.decimals)" \
    " FROM both b JOIN item i ON i.no = b.item JOIN crew c ON c.no = b.crew" \
    "  JOIN station st ON st.no = b.station" \
    "  LEFT JOIN clock k ON k.crew = b.crew AND k.item = b.item AND k.station = b.station" \
    "  LEFT JOIN owner o ON o.crew = b.crew AND o.item = b.item AND o.station = b.station" \
    " ORDER BY c.id, st.id, i.id"

static const struct table_column quotas_columns[] = {
    {"crew", TABLE_TEXT}, {"quota", TABLE_TEXT}, {"name_zh", TABLE_TEXT}, {"name_en", TABLE_TEXT},
    {"view", TABLE_TEXT}, {"item", TABLE_TEXT}, {"stations", TABLE_TEXT}, {"unit", TABLE_TEXT},
    {"used", TABLE_DECIMAL}, {"target", TABLE_DECIMAL}, {"limit", TABLE_DECIMAL},
    {"balance", TABLE_DECIMAL}, {"state", TABLE_TEXT}, {"responsible", TABLE_TEXT},
    {"meters", TABLE_TEXT},
};
#define QUOTAS_SQL \
    "SELECT c.id, q.id, q.name_zh, q.name_en, q.view, i.id, q.stations, i.unit," \
    "  decimal(j.used, i.decimals), decimal(j.target, i.decimals)," \
    "  decimal(j.\"limit\", i.decimals), decimal(j.\"limit\" - j.used, i.decimals), j.state," \
    "  q.posts, q.meters" \
    " FROM temp.handover_judged j JOIN quota q ON q.no = j.quota JOIN item i ON i.no = q.item" \
    "  JOIN crew c ON c.no = j.crew ORDER BY c.id, q.sort, q.id"

static const struct table_column alerts_columns[] = {
    {"quota", TABLE_TEXT}, {"level", TABLE_TEXT}, {"state", TABLE_TEXT}, {"heat", TABLE_TEXT},
    {"day", TABLE_TEXT}, {"shift", TABLE_TEXT}, {"crew", TABLE_TEXT}, {"at", TABLE_TEXT},
    {"unit", TABLE_TEXT}, {"used", TABLE_DECIMAL}, {"allowed", TABLE_DECIMAL},
    {"responsible", TABLE_TEXT},
};
#define ALERTS_SQL \
    "SELECT CASE a.scope WHEN 'plant' THEN 'system/' || a.matter" \
    "  ELSE COALESCE(q.id, a.matter || '/' || m.id) END, a.level, t.state," \
    "  CASE a.scope WHEN 'heat' THEN h.id END," \
    "  CASE a.scope WHEN 'period' THEN a.matter WHEN 'crew' THEN civil_day(a.day)" \
    "   ELSE civil_day(t.day) END, sh.id, c.id," \
    "  local_time((SELECT MAX(r.at_us) FROM alert_transition r WHERE r.alert = a.no" \
    "   AND r.state = 'raised' AND r.again = 0 AND r.at_us < " END "))," \
    "  i.unit, decimal(t.used_base, i.decimals)," \
    "  decimal(t.allowed_base, i.decimals), COALESCE(q.posts, '')" \
    " FROM alert_identity a JOIN alert_transition t ON t.alert = a.no AND t.step = (" \
    "   SELECT MAX(r.step) FROM alert_transition r WHERE r.alert = a.no AND r.at_us < " END ")" \
    "  LEFT JOIN quota q ON q.no = a.quota LEFT JOIN meter m ON m.no = a.meter" \
    "  LEFT JOIN item i ON i.no = COALESCE(q.item, m.item) JOIN heat h ON h.no = a.heat" \
    "  LEFT JOIN shift sh ON sh.no = CASE a.scope WHEN 'crew' THEN a.shift ELSE t.shift END" \
    "  LEFT JOIN crew c ON c.no = CASE a.scope WHEN 'crew' THEN a.crew ELSE t.crew END" \
    " WHERE t.state NOT IN ('cleared', 'closed')" \
    " ORDER BY q.sort, q.id, a.matter, m.id, a.level, a.scope, h.first_start_us, h.id, a.day," \
    "  sh.sort, c.id"

/* The balances that do not hold, and those that nobody can tell yet. */
static const struct table_column balances_columns[] = {
    {"balance", TABLE_TEXT}, {"name_zh", TABLE_TEXT}, {"name_en", TABLE_TEXT}, {"item", TABLE_TEXT},
    {"unit", TABLE_TEXT}, {"main", TABLE_TEXT}, {"parts", TABLE_TEXT},
    {"main_amount", TABLE_DECIMAL}, {"parts_amount", TABLE_DECIMAL},
    {"difference", TABLE_DECIMAL}, {"percent", TABLE_DECIMAL}, {"within_band", TABLE_BOOLEAN},
    {"incomplete", TABLE_BOOLEAN},
};
#define BALANCES_SQL \
    "WITH " BALANCED(" AND w.day = " THIS_DAY " AND w.shift = " THIS_SHIFT, \
        "SELECT " THIS_DAY " AS day, " THIS_SHIFT " AS shift, s.meter, SUM(s.amount) AS amount," \
        "  MAX(s.quality = 5) AS estimated" \
        " FROM temp.handover_segment s WHERE s.c_crew IS NOT NULL" \
        "  AND s.meter IN (SELECT meter FROM meter_balance_term) GROUP BY s.meter") \
    " SELECT b.id, b.name_zh, b.name_en, i.id, i.unit, b.main, b.parts," BALANCED_COLUMNS \
    " FROM balanced k JOIN meter_balance b ON b.no = k.balance JOIN item i ON i.no = b.item" \
    " WHERE b.configuration = (SELECT MAX(version) FROM configuration)" \
    "  AND (k.incomplete OR NOT within(k.difference, k.main, b.band_e4))" \
    " ORDER BY b.id"

static const struct table_column slips_columns[] = {
    {"slip", TABLE_TEXT}, {"order", TABLE_TEXT}, {"crew", TABLE_TEXT}, {"item", TABLE_TEXT},
    {"name_zh", TABLE_TEXT}, {"name_en", TABLE_TEXT}, {"unit", TABLE_TEXT},
    {"issued", TABLE_DECIMAL}, {"put_back", TABLE_DECIMAL}, {"opened_at", TABLE_TEXT},
};
/* What was drawn up to the end of the shift, of amounts in 10^-9 of the item's unit: by parts, since
 * a mistyped one may be as large as 63 bits are, and their sum would be no number. */
#define DRAWN(kind) \
    "(SELECT CASE WHEN SUM(n.amount_e9 / 1000000000) < 9000000000 THEN" \
    "    decimal(SUM(n.amount_e9 / 1000000000) * 1000000000 + SUM(n.amount_e9 % 1000000000), 9)" \
    "   WHEN COUNT(*) = 0 THEN '0' END" \
    "  FROM paper_row n WHERE n.of = s.id AND n.kind = '" kind "' AND n.ts_us < " AS_OF ")"
#define SLIPS_SQL \
    "SELECT s.id, s.order_name, c.id, i.id, i.name_zh, i.name_en, i.unit," \
    "  " DRAWN("issue") ", " DRAWN("put_back") ", local_time(s.ts_us)" \
    " FROM paper_row s JOIN crew c ON c.no = s.crew JOIN item i ON i.no = s.item" \
    " WHERE s.kind = 'slip' AND s.ts_us < " AS_OF " AND NOT EXISTS (SELECT 1 FROM paper_row e" \
    "   WHERE e.of = s.id AND e.kind = 'close_slip' AND e.ts_us < " AS_OF ")" \
    " ORDER BY s.ts_us, s.id"

static const struct table_column meters_columns[] = {
    {"meter", TABLE_TEXT}, {"name_zh", TABLE_TEXT}, {"name_en", TABLE_TEXT}, {"item", TABLE_TEXT},
    {"station", TABLE_TEXT}, {"last_ts", TABLE_TEXT},
};
#define METERS_SQL \
    "SELECT m.id, m.name_zh, m.name_en, i.id, st.id, local_time(s.last_ts_us)" \
    " FROM meter m JOIN item i ON i.no = m.item JOIN station st ON st.no = m.station" \
    "  LEFT JOIN meter_state s ON s.meter = m.no" \
    " WHERE m.stale_us > 0 AND m.configuration = (SELECT MAX(version) FROM configuration)" \
    "  AND (s.last_alive_us IS NULL OR s.last_alive_us + m.stale_us < " AS_OF ")" \
    " ORDER BY m.id"

#define PART(key, sql, columns) key, sql, columns, (int)(sizeof(columns) / sizeof *(columns))
#define SAME(column) {column, column}

const struct handover_part handover_parts[HANDOVER_PARTS] = {
    {PART("crews", CREWS_SQL, crews_columns), {"Crews", "班组"}, {"nobody", "无"},
     {{{2, 1}, {"crew", "班组"}}, {SAME(3), {"from", "起"}}, {SAME(4), {"to", "止"}},
      {SAME(5), {"heats", "炉数"}}, {SAME(6), {"steel kg", "钢水 kg"}}}},
    {PART("quotas", QUOTAS_SQL, quotas_columns), {"Quotas", "定额"}, {"none", "无"},
     {{SAME(0), {"crew", "班组"}}, {{3, 2}, {"quota", "定额"}}, {SAME(4), {"view", "口径"}},
      {SAME(8), {"used", "耗用"}}, {SAME(9), {"target", "目标"}}, {SAME(10), {"limit", "限额"}},
      {SAME(11), {"balance", "结余"}}, {SAME(7), {"unit", "单位"}}, {SAME(12), {"state", "状态"}},
      {SAME(13), {"responsible", "责任岗位"}}}},
    {PART("alerts_open", ALERTS_SQL, alerts_columns), {"Open alerts", "未关闭报警"},
     {"none", "无"},
     {{SAME(0), {"quota", "定额"}}, {SAME(1), {"level", "级别"}}, {SAME(2), {"state", "状态"}},
      {SAME(3), {"heat", "炉号"}}, {SAME(6), {"crew", "班组"}}, {SAME(7), {"since", "自"}},
      {SAME(9), {"used then", "当时耗用"}}, {SAME(10), {"allowed then", "当时允许"}}, {SAME(8), {"unit", "单位"}},
      {SAME(11), {"responsible", "责任岗位"}}}},
    {PART("heats_in_progress", PROGRESS_SQL, progress_columns),
     {"Heats in progress, use so far", "在制炉次及已耗用"}, {"none", "无"},
     {{SAME(0), {"heat", "炉号"}}, {SAME(1), {"station", "工位"}}, {SAME(2), {"since", "自"}},
      {SAME(3), {"crew", "班组"}}, {{6, 5}, {"item", "项目"}}, {SAME(8), {"used", "耗用"}},
      {SAME(7), {"unit", "单位"}}}},
    {PART("heats_tapped", TAPPED_SQL, tapped_columns), {"Heats owned", "本班出钢炉次"},
     {"none", "无"},
     {{SAME(0), {"heat", "炉号"}}, {SAME(1), {"grade", "钢种"}}, {SAME(2), {"crew", "班组"}},
      {SAME(3), {"at", "时间"}}, {SAME(4), {"steel kg", "钢水 kg"}},
      {SAME(5), {"ended", "已结束"}}}},
    {PART("items", ITEMS_SQL, items_columns),
     {"Use: on duty (clock) and by own heats (owner)", "耗用：当班（时段）与所属炉次（归属）"},
     {"none", "无"},
     {{SAME(0), {"crew", "班组"}}, {{3, 2}, {"item", "项目"}}, {SAME(5), {"clock", "时段"}},
      {SAME(6), {"owner", "归属"}}, {SAME(4), {"unit", "单位"}}, {SAME(7), {"per tonne", "吨钢"}},
      {SAME(11), {"target", "目标"}}, {SAME(12), {"limit", "限额"}}, {SAME(13), {"state", "状态"}},
      {SAME(8), {"quality", "质量"}}, {SAME(9), {"estimated %", "估计 %"}}}},
    {PART("stations", STATIONS_SQL, stations_columns), {"Use by station", "按工位耗用"},
     {"none", "无"},
     {{SAME(0), {"crew", "班组"}}, {{3, 2}, {"station", "工位"}}, {SAME(4), {"item", "项目"}},
      {SAME(6), {"clock", "时段"}}, {SAME(7), {"owner", "归属"}}, {SAME(5), {"unit", "单位"}}}},
    {PART("balances", BALANCES_SQL, balances_columns),
     {"Balances outside their band or incomplete", "超差或不完整的平衡"}, {"none", "无"},
     {{{2, 1}, {"balance", "平衡"}}, {SAME(5), {"main", "总表"}}, {SAME(7), {"main", "总表量"}},
      {SAME(8), {"parts", "分表量"}}, {SAME(9), {"difference", "差值"}}, {SAME(10), {"%", "%"}},
      {SAME(4), {"unit", "单位"}}, {SAME(11), {"in band", "在允差内"}},
      {SAME(12), {"incomplete", "不完整"}}}},
    {PART("slips_open", SLIPS_SQL, slips_columns), {"Open pick slips", "未关闭领料单"},
     {"none", "无"},
     {{SAME(0), {"slip", "领料单"}}, {SAME(1), {"order", "任务单"}}, {SAME(2), {"crew", "班组"}},
      {{5, 4}, {"item", "项目"}}, {SAME(7), {"issued", "领料"}}, {SAME(8), {"put back", "退料"}},
      {SAME(6), {"unit", "单位"}}, {SAME(9), {"opened", "开单时间"}}}},
    {PART("meters_stale", METERS_SQL, meters_columns), {"Silent meters", "无数据表计"},
     {"none", "无"},
     {{SAME(0), {"meter", "表计"}}, {{2, 1}, {"name", "名称"}}, {SAME(3), {"item", "项目"}},
      {SAME(4), {"station", "工位"}}, {SAME(5), {"last reading", "最后读数"}}}},
};
/* clang-format on */
