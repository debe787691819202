#include "report_sql.h"

/* SQL keeps its own line breaks. */
/* clang-format off */

/* "[name text]" is text where the filter of that name is given, and nothing otherwise, "[a+b text]"
 * where both are. Beside the filters there are: within (from or to), clock, owner (the view): report.c
 */
#define IS(name, column) "[" name " AND " column " = :" name "]"
#define IS_DAY(column) "[day AND " column " = CAST(:day AS INTEGER)]"
#define WITHIN(column) "[from AND " column " >= CAST(:from AS INTEGER)]" \
                       "[to AND " column " < CAST(:to AS INTEGER)]"

/* The worst quality and the estimated part of an amount, as in the public views. */
#define WORST "MAX(CASE WHEN s.amount_base <> 0 THEN s.quality ELSE 0 END)"
#define ESTIMATED "SUM(CASE WHEN s.quality = 5 THEN s.amount_base ELSE 0 END)"
#define AMOUNT_COLUMNS " decimal(u.amount, i.decimals), substr('MIUCSE', u.quality + 1, 1)," \
                       " percent(u.estimated, u.amount)"
#define ALLOWED_COLUMNS " decimal(b.allowed_target_base, i.decimals)," \
                        " decimal(b.allowed_limit_base, i.decimals)"

/* The quota that counts exactly this row: its item, and the stations and meters it is narrowed to.
 * Where several do, the first of the configuration. */
#define QUOTA_OF_ROW " q.item = u.item AND q.stations = COALESCE(:station, '')" \
                     " AND q.meters = COALESCE(:meter, '')"

/* A verdict stands beside the amount that was judged, and beside no other: a quota per tonne leaves
 * out idle use and the heats without a weight, which the row holds. */
#define JUDGED_AMOUNT "b.used_base = u.amount"

/* Narrows segments `s` to a heat in a way that lets the database use its index. */
#define OF_HEAT "[heat AND s.heat IN (SELECT k.keeper FROM heat k WHERE k.id = :heat)]"

/* The segments `s` that a day or a time can hold, found by the indexes of heat and crew-shift and not
 * in the whole ledger: use without a heat by the crew-shifts, a heat's by who owns it. The plus
 * keeps the database from taking heat 0, half of the ledger, for a heat. */
#define FROM_US "COALESCE(CAST(:from AS INTEGER), -9000000000000000000)"
#define TO_US "COALESCE(CAST(:to AS INTEGER), 9000000000000000000)"
#define DAYS_WITHIN(column) \
    column " >= (SELECT MIN(f.day) FROM slot f WHERE f.start_us >= " FROM_US ")" \
    " AND " column " <= (SELECT MAX(f.day) FROM slot f WHERE f.start_us < " TO_US ")"
#define OWNED_ON_DAY "s.heat IN (SELECT k.no FROM heat k WHERE k.owner_day = CAST(:day AS INTEGER))"
#define OWNED_WITHIN "s.heat IN (SELECT k.no FROM heat k WHERE k.owner_at_us >= " FROM_US \
                     " AND k.owner_at_us < " TO_US ")"
#define ANSWERED_WHEN \
    "[day AND (+s.heat = 0 AND s.day = CAST(:day AS INTEGER) OR " OWNED_ON_DAY ")]" \
    "[within AND (+s.heat = 0 AND " DAYS_WITHIN("s.day") " OR " OWNED_WITHIN ")]"
#define SEEN_WHEN \
    "[day+clock AND s.day = CAST(:day AS INTEGER)]" \
    "[day+owner AND (+s.heat = 0 AND s.day = CAST(:day AS INTEGER) OR " OWNED_ON_DAY ")]" \
    "[within+clock AND " DAYS_WITHIN("s.day") "]" \
    "[within+owner AND (+s.heat = 0 AND " DAYS_WITHIN("s.day") \
    "  OR s.heat IN (SELECT k.no FROM heat k WHERE " DAYS_WITHIN("k.owner_day") "))]"

/* A heat's use belongs to its owner's crew-shift, use without a heat to the one on duty. */
#define ANSWERING(column) "CASE WHEN s.heat = 0 THEN s." column " ELSE h.owner_" column " END"

const char *const report_heats_sql =
    "WITH segment AS MATERIALIZED ("
    "  SELECT s.heat, s.item, s.amount_base, s.quality, " ANSWERING("day") " AS day,"
    "    " ANSWERING("shift") " AS shift, " ANSWERING("crew") " AS crew, h.owner_at_us"
    "  FROM net_segment s JOIN heat h ON h.no = s.heat JOIN item i ON i.no = s.item"
    "    JOIN station st ON st.no = s.station JOIN meter m ON m.no = s.meter"
    "  WHERE 1" IS("item", "i.id") IS("station", "st.id") IS("meter", "m.id")
    OF_HEAT ANSWERED_WHEN "),"
    " used AS ("
    "  SELECT s.heat, s.item, SUM(s.amount_base) AS amount, " WORST " AS quality,"
    "    " ESTIMATED " AS estimated"
    "  FROM segment s LEFT JOIN shift sh ON sh.no = s.shift LEFT JOIN crew c ON c.no = s.crew"
    "    LEFT JOIN slot w ON w.day = s.day AND w.shift = s.shift AND w.crew = s.crew"
    "  WHERE 1" IS_DAY("s.day") IS("shift", "sh.id") IS("crew", "c.id")
    WITHIN("CASE WHEN s.heat = 0 THEN w.start_us ELSE s.owner_at_us END")
    "  GROUP BY s.heat, s.item)"
    " SELECT h.id, i.id, i.unit," AMOUNT_COLUMNS ", c.id, civil_day(h.owner_day), sh.id,"
    "  NULLIF(h.grade, ''), decimal(h.steel_g, 3), per_tonne(u.amount, i.decimals, h.steel_g),"
    "  " ALLOWED_COLUMNS ", NULLIF(b.state, '')"
    " FROM used u JOIN heat h ON h.no = u.heat JOIN item i ON i.no = u.item"
    "  LEFT JOIN shift sh ON sh.no = h.owner_shift LEFT JOIN crew c ON c.no = h.owner_crew"
    "  LEFT JOIN heat_balance b ON b.heat = u.heat AND " JUDGED_AMOUNT " AND b.quota = ("
    "   SELECT q.no FROM heat_balance k JOIN quota q ON q.no = k.quota"
    "   WHERE k.heat = u.heat AND " QUOTA_OF_ROW " ORDER BY q.sort LIMIT 1)"
    " ORDER BY h.first_start_us, h.id, h.no, i.id";

#define SEEN_BY(column) \
    "CASE WHEN :view = 'owner' AND s.heat <> 0 THEN h.owner_" column " ELSE s." column " END"

const char *const report_crews_sql =
    "WITH segment AS ("
    "  SELECT s.item, s.amount_base, s.quality, " SEEN_BY("day") " AS day,"
    "    " SEEN_BY("shift") " AS shift, " SEEN_BY("crew") " AS crew"
    "  FROM net_segment s JOIN heat h ON h.no = s.heat JOIN item i ON i.no = s.item"
    "    JOIN station st ON st.no = s.station JOIN meter m ON m.no = s.meter"
    "  WHERE 1" IS("item", "i.id") IS("station", "st.id") IS("meter", "m.id")
    OF_HEAT SEEN_WHEN "),"
    " used AS ("
    "  SELECT s.day, s.shift, s.crew, s.item, SUM(s.amount_base) AS amount,"
    "    " WORST " AS quality, " ESTIMATED " AS estimated"
    "  FROM segment s GROUP BY s.day, s.shift, s.crew, s.item),"
    " owned AS ("
    "  SELECT owner_day AS day, owner_shift AS shift, owner_crew AS crew,"
    "    SUM(steel_g) AS steel_g, COUNT(*) = COUNT(steel_g) AS weighed,"
    "    MAX(ended_us IS NULL) AS running"
    "  FROM heat WHERE owner_day IS NOT NULL GROUP BY owner_day, owner_shift, owner_crew),"
    " crew_shift AS ("
    "  SELECT k.day, k.shift, k.crew, w.start_us,"
    "    CASE WHEN o.day IS NULL THEN 0 ELSE o.steel_g END AS steel_g,"
    "    COALESCE(o.weighed, 1) AS weighed,"
    "    COALESCE((SELECT MAX(b.provisional) FROM crew_balance b WHERE b.day = k.day"
    "      AND b.shift = k.shift AND b.crew = k.crew),"
    "      COALESCE(w.end_us > (SELECT now_us FROM progress), 0)"
    "        OR COALESCE(o.running, 0)) AS provisional"
    "  FROM (SELECT DISTINCT day, shift, crew FROM used WHERE day IS NOT NULL) k"
    "    LEFT JOIN owned o ON o.day = k.day AND o.shift = k.shift AND o.crew = k.crew"
    "    LEFT JOIN slot w ON w.day = k.day AND w.shift = k.shift AND w.crew = k.crew)"
    " SELECT civil_day(u.day), sh.id, c.id, i.id, i.unit," AMOUNT_COLUMNS ","
    "  decimal(w.steel_g, 3),"
    "  per_tonne(u.amount, i.decimals, CASE WHEN w.weighed THEN w.steel_g END),"
    "  " ALLOWED_COLUMNS ", NULLIF(b.state, ''), COALESCE(w.provisional, 1)"
    " FROM used u JOIN item i ON i.no = u.item"
    "  LEFT JOIN shift sh ON sh.no = u.shift LEFT JOIN crew c ON c.no = u.crew"
    "  LEFT JOIN crew_shift w ON w.day = u.day AND w.shift = u.shift AND w.crew = u.crew"
    "  LEFT JOIN crew_balance b ON b.day = u.day AND b.shift = u.shift AND b.crew = u.crew"
    "   AND " JUDGED_AMOUNT " AND b.quota = (SELECT q.no FROM crew_balance k JOIN quota q ON q.no = k.quota"
    "    WHERE k.day = u.day AND k.shift = u.shift AND k.crew = u.crew AND q.view = :view"
    "     AND :heat IS NULL AND " QUOTA_OF_ROW " ORDER BY q.sort LIMIT 1)"
    " WHERE 1" IS_DAY("u.day") IS("shift", "sh.id") IS("crew", "c.id")
    WITHIN("w.start_us") " ORDER BY u.day, sh.sort, c.id, i.id";

const char *const report_quotas_sql =
    "SELECT q.id, b.scope, CASE b.scope WHEN 'heat' THEN h.id WHEN 'period' THEN b.period"
    "   ELSE rtrim(civil_day(b.day) || ' ' || sh.id || ' ' || c.id) END,"
    "  c.id, CASE b.scope WHEN 'heat' THEN h.id END, i.id, i.unit,"
    "  CASE b.scope WHEN 'heat' THEN 'owner' ELSE q.view END," ALLOWED_COLUMNS ","
    "  decimal(b.used_base, i.decimals),"
    "  decimal(b.allowed_limit_base - b.used_base, i.decimals), NULL,"
    "  NULLIF(b.state, ''), b.provisional"
    " FROM (SELECT quota, 'heat' AS scope, heat, day, shift, crew, allowed_target_base,"
    "    allowed_limit_base, used_base, state, provisional, NULL AS period, NULL AS until_day"
    "    FROM heat_balance"
    "   UNION ALL SELECT quota, 'crew', 0, day, shift, crew, allowed_target_base,"
    "    allowed_limit_base, used_base, state, provisional, NULL, NULL FROM crew_balance k"
    /* a crew that was not there after all, and answers for nothing */
    "   WHERE k.used_base <> 0 OR EXISTS (SELECT 1 FROM slot w WHERE w.day = k.day"
    "    AND w.shift = k.shift AND w.crew = k.crew)"
    "   UNION ALL SELECT quota, 'period', 0, from_day, NULL, NULL, allowed_target_base,"
    "    allowed_limit_base, used_base, state, provisional, period, until_day"
    "    FROM period_balance) b"
    "  JOIN quota q ON q.no = b.quota JOIN item i ON i.no = q.item"
    "  JOIN heat h ON h.no = b.heat LEFT JOIN shift sh ON sh.no = b.shift"
    "  LEFT JOIN crew c ON c.no = b.crew"
    "  LEFT JOIN slot w ON w.day = b.day AND w.shift = b.shift AND w.crew = b.crew"
    " WHERE h.gone = 0" IS("quota", "q.id") IS("item", "i.id") IS_DAY("b.day")
    IS("shift", "sh.id") IS("crew", "c.id") "[heat AND b.scope = 'heat' AND"
    "  b.heat IN (SELECT k.keeper FROM heat k WHERE k.id = :heat)]"
    WITHIN("CASE b.scope WHEN 'heat' THEN h.owner_at_us WHEN 'period' THEN ("
        "SELECT MIN(o.start_us) FROM slot o WHERE o.day >= b.day AND o.day < b.until_day)"
        " ELSE w.start_us END")
    " ORDER BY q.id, b.scope, h.first_start_us, h.id, b.day, sh.sort, c.id";

const char *const report_alerts_sql =
    "SELECT a.id, a.quota, a.level, a.state, local_time(a.raised_at_us),"
    "  local_time(a.cleared_at_us), local_time(a.closed_at_us), a.acked_by, a.scope, a.period,"
    "  a.heat, a.crew, decimal(a.used_base, i.decimals), decimal(a.allowed_base, i.decimals),"
    "  a.responsible, a.retro"
    " FROM alert_row a LEFT JOIN item i ON i.id = a.item"
    " WHERE 1" IS("quota", "a.quota") IS("item", "a.item") IS("shift", "a.shift")
    IS("crew", "a.crew") IS("heat", "a.heat")
    "[day AND a.day = civil_day(CAST(:day AS INTEGER))]"
    "[open AND a.state NOT IN ('cleared', 'closed')]"
    "[transition AND a.no = (SELECT t.alert FROM alert_transition t"
    "  WHERE t.position = CAST(:transition AS INTEGER) AND t.ordinal ="
    "   CAST(substr(:transition, instr(:transition, '-') + 1) AS INTEGER))]"
    WITHIN("a.raised_at_us") " ORDER BY a.id";

const char *const report_meters_sql =
    "SELECT m.id, i.id, st.id, m.kind, m.role, local_time(s.last_ts_us),"
    "  decimal(s.last_value_raw, m.decimals), COALESCE(s.readings, 0),"
    "  COALESCE(s.duplicates, 0), COALESCE(s.conflicts, 0), COALESCE(s.late, 0),"
    "  COALESCE(s.glitches, 0), COALESCE(s.spikes, 0), COALESCE(s.resets, 0),"
    "  COALESCE(s.gaps, 0), COALESCE(s.held, 0), COALESCE(s.refused, 0),"
    "  m.stale_us > 0 AND (s.last_alive_us IS NULL OR s.last_alive_us + m.stale_us < p.now_us),"
    "  decimal(COALESCE(s.booked_base, 0), i.decimals)"
    " FROM meter m JOIN item i ON i.no = m.item JOIN station st ON st.no = m.station"
    "  JOIN progress p LEFT JOIN meter_state s ON s.meter = m.no"
    " WHERE (s.meter IS NOT NULL"
    "   OR m.configuration = (SELECT MAX(version) FROM configuration))"
    IS("meter", "m.id") IS("item", "i.id") IS("station", "st.id")
    " ORDER BY m.id";

#define HELD_LISTED_MAX "64" /* meter_held.h */

const char *const report_rejects_sql =
    "SELECT r.position, local_time(r.at_us), printable(r.topic), r.outcome,"
    "  printable(r.detail), printable(r.payload), CASE WHEN r.meter IS NULL THEN NULL"
    "   WHEN EXISTS (SELECT 1 FROM held_reading s WHERE s.meter = r.meter AND s.ts_us = r.ts_us"
    "    AND s.value_raw = r.value_raw) THEN 'held'"
    /* of a meter only so many are listed, the oldest: what lies behind may be held as well */
    "   WHEN (SELECT COUNT(*) FROM held_reading s WHERE s.meter = r.meter AND s.ts_us < r.ts_us)"
    "    >= " HELD_LISTED_MAX " THEN NULL ELSE 'settled' END, r.nth"
    " FROM reject r WHERE 1" WITHIN("r.at_us") " ORDER BY r.position, r.ordinal";
