#include "handover_use.h"

/* SQL keeps its own line breaks. */
/* clang-format off */

#define END HANDOVER_END
#define THIS_DAY HANDOVER_THIS_DAY
#define THIS_SHIFT HANDOVER_THIS_SHIFT
#define OWNED HANDOVER_OWNED

/* Use up to the shift's end, by heats owned in it or under it on the clock, with both crews of
 * this shift: c_crew who was on duty, o_crew who answers for it; null: that is another shift's.
 * The two are found one after the other, each by its index: an OR would read the whole ledger. */
#define ON_DUTY "s.day = " THIS_DAY " AND s.shift = " THIS_SHIFT
#define SEGMENT(on_duty) \
    "SELECT s.meter, s.station, s.item, s.heat, s.crew, s.start_us, s.amount_base, s.quality," \
    " " on_duty " AS on_duty FROM standing_segment s"
/* Which of its weights are known and not 0: 1 good, 2 tapped, 4 cast. */
#define WEIGHT(column) \
    "(COALESCE((SELECT w." column " FROM heat_weight w WHERE w.heat = h.no" \
    "  ORDER BY w.position DESC LIMIT 1), 0) > 0)"
#define WEIGHED \
    "(COALESCE(h.steel_g, 0) > 0) + 2 * " WEIGHT("tapped_g") " + 4 * " WEIGHT("cast_g")
#define SEGMENTS \
    "WITH near AS (" SEGMENT("1") " WHERE " ON_DUTY \
    "  UNION ALL " SEGMENT("0") " WHERE s.heat IN (SELECT k.no FROM heat k" \
    "   WHERE " OWNED("k") ") AND NOT (" ON_DUTY "))" \
    " SELECT s.meter, s.station, s.item, s.heat <> 0, " WEIGHED "," \
    "  CASE WHEN s.on_duty THEN s.crew END," \
    "  CASE WHEN s.heat = 0 THEN s.crew WHEN " OWNED("h") " THEN h.owner_crew END," \
    "  SUM(s.amount_base), MAX((s.amount_base <> 0) * s.quality)," \
    "  SUM((s.quality = 5) * s.amount_base)" \
    " FROM near s JOIN heat h ON h.no = s.heat WHERE s.start_us < " END \
    " GROUP BY 1, 2, 3, 4, 5, 6, 7"

/* The same by stations, of what counts as use: a check meter measures once more what others book. */
#define STATIONS \
    "SELECT station, item, in_heat, weighed, c_crew, o_crew, SUM(amount), MAX(quality)," \
    "  SUM(estimated) FROM temp.handover_segment" \
    " WHERE meter NOT IN (SELECT no FROM meter WHERE role <> 'book')" \
    " GROUP BY 1, 2, 3, 4, 5, 6"

/* What a quota counts of rows `u`. Per tonne counts the heats whose weight is known, per heat the
 * heats, per shift everything. */
#define COUNTED_WEIGHT \
    "(SELECT CASE k.tonnes WHEN 'tapped' THEN 2 WHEN 'cast' THEN 4 ELSE 1 END" \
    " FROM quota_kind k WHERE k.quota = q.no)"
#define COUNTED \
    " u.item = q.item AND CASE q.view WHEN 'clock' THEN u.c_crew = b.crew" \
    "  ELSE u.o_crew = b.crew AND CASE q.basis WHEN 'tonne' THEN u.weighed & " COUNTED_WEIGHT \
    "   WHEN 'heat' THEN u.in_heat ELSE 1 END END" \
    " AND (q.stations = '' OR instr(';' || q.stations || ';', ';' || st.id || ';') > 0)"

/* The quotas of this crew-shift. */
#define JUDGED \
    "WITH counted AS MATERIALIZED (" \
    "  SELECT q.no AS quota, b.crew AS crew, b.allowed_target_base AS target," \
    "   b.allowed_limit_base AS \"limit\", COALESCE(CASE q.meters WHEN '' THEN (" \
    "     SELECT SUM(u.amount) FROM temp.handover_station u JOIN station st ON st.no = u.station" \
    "     WHERE" COUNTED ")" \
    "    ELSE (SELECT SUM(u.amount) FROM temp.handover_segment u" \
    "      JOIN station st ON st.no = u.station JOIN meter m ON m.no = u.meter" \
    "     WHERE m.role = 'book' AND instr(';' || q.meters || ';', ';' || m.id || ';') > 0 AND" \
    COUNTED ") END, 0) AS used" \
    "  FROM crew_balance b JOIN slot USING (day, shift, crew) JOIN quota q ON q.no = b.quota" \
    /* who has no slot was not there, whatever was believed once */ \
    "  WHERE b.day = " THIS_DAY " AND b.shift = " THIS_SHIFT ")" \
    " SELECT c.quota, c.crew, c.target, c.\"limit\", c.used, CASE" \
    "   WHEN c.\"limit\" IS NULL THEN NULL" \
    "   WHEN c.used - c.\"limit\" >= i.division_base THEN 'red'" \
    "   WHEN c.used - c.target >= i.division_base THEN 'amber' ELSE 'green' END" \
    " FROM counted c JOIN quota q ON q.no = c.quota JOIN item i ON i.no = q.item"

const struct reader_gathering handover_gatherings[HANDOVER_GATHERINGS] = {
    {"handover_segment",
     "meter, station, item, in_heat, weighed, c_crew, o_crew, amount, quality, estimated",
     SEGMENTS},
    {"handover_station",
     "station, item, in_heat, weighed, c_crew, o_crew, amount, quality, estimated", STATIONS},
    {"handover_judged", "quota, crew, target, \"limit\", used, state", JUDGED},
};
/* clang-format on */
