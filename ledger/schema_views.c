/* The views: public ones with columns that stay (docs/interfaces.md), and private ones below them.
 *
 * They use nothing that a plain sqlite3 shell does not have. Amounts are integers of base units
 * beside `unit` and `resolution` (what one base unit is): 43600000 with unit kWh and resolution
 * 0.001 is 43,600 kWh. */
#include "schema.h"

#include <stddef.h>

/* SQL keeps its own line breaks. */
/* clang-format off */

/* The worst quality of what makes up an amount; a part of 0 says nothing about it. */
#define WORST "MAX(CASE WHEN s.amount_base <> 0 THEN s.quality ELSE 0 END)"
#define LETTER(quality) "substr('MIUCSE', " quality " + 1, 1)"
#define ESTIMATED "SUM(CASE WHEN s.quality = 5 THEN s.amount_base ELSE 0 END)"
#define DAY(day) "date(" day " * 86400, 'unixepoch')"
/* The crew-shift that has to answer for a segment in the owner view. */
#define OWNER(column) "CASE WHEN s.heat = 0 THEN s." column " ELSE h.owner_" column " END"
#define PERIOD(day, shift, crew) "rtrim(" DAY(day) " || ' ' || " shift " || ' ' || " crew ")"

/* Use by crew-shift and item, of segments `s`; `join` keeps or drops those without an owner. */
#define CREW_USE_COLUMNS \
    "  SELECT " DAY("s.day") " AS day, sh.id AS shift, c.id AS crew, i.id AS item," \
    "    i.unit AS unit, i.resolution AS resolution, SUM(s.amount_base) AS amount_base," \
    "    " LETTER(WORST) " AS quality, " ESTIMATED " AS estimated_base"
#define CREW_USE_JOINS(join) \
    "  JOIN item i ON i.no = s.item " join " shift sh ON sh.no = s.shift" \
    "  " join " crew c ON c.no = s.crew GROUP BY s.day, s.shift, s.crew, s.item"

/* Time of the latest step into a state since the alert was raised last. */
#define SINCE_RAISED(state) \
    "(SELECT MAX(r.at_us) FROM alert_transition r WHERE r.alert = a.no" \
    "  AND r.state = '" state "' AND r.again = 0 AND r.step >= a.raised)"

const char *const schema_views[] = {
    /* private: what stands now, the postings that nothing took back and what is open */
    "CREATE VIEW standing_segment AS"
    "  SELECT p.meter, p.station, p.item, p.heat, p.day, p.shift, p.crew, p.start_us, p.end_us,"
    "    p.amount_base, p.quality, p.method"
    "  FROM entry_posting p"
    "  WHERE p.reverses_position IS NULL AND NOT EXISTS ("
    "    SELECT 1 FROM entry_posting r WHERE r.reverses_position = p.position"
    "      AND r.reverses_ordinal = p.ordinal)"
    "  UNION ALL SELECT meter, station, item, heat, day, shift, crew, start_us, end_us,"
    "    amount_base, quality, method FROM open_segment",

    /* private: what counts as use. A check meter measures once more what others book: it stands in
     * balances only. */
    "CREATE VIEW net_segment AS"
    "  SELECT * FROM standing_segment WHERE meter NOT IN (SELECT no FROM meter WHERE role <> 'book')",
    "CREATE VIEW check_segment AS"
    "  SELECT * FROM standing_segment WHERE meter IN (SELECT no FROM meter WHERE role <> 'book')",

    "CREATE VIEW heat_use AS"
    "  SELECT h.id AS heat, i.id AS item, i.unit AS unit, i.resolution AS resolution,"
    "    SUM(s.amount_base) AS amount_base, " LETTER(WORST) " AS quality,"
    "    " ESTIMATED " AS estimated_base, " DAY("h.owner_day") " AS owner_day,"
    "    sh.id AS owner_shift, c.id AS owner_crew, h.grade AS grade, h.steel_g AS steel_g"
    "  FROM net_segment s JOIN heat h ON h.no = s.heat JOIN item i ON i.no = s.item"
    "    LEFT JOIN shift sh ON sh.no = h.owner_shift LEFT JOIN crew c ON c.no = h.owner_crew"
    "  GROUP BY s.heat, s.item",

    "CREATE VIEW crew_use_clock AS"
    CREW_USE_COLUMNS "  FROM net_segment s" CREW_USE_JOINS("JOIN"),

    "CREATE VIEW crew_use_owner AS"
    CREW_USE_COLUMNS
    "  FROM (SELECT " OWNER("day") " AS day, " OWNER("shift") " AS shift,"
    "      " OWNER("crew") " AS crew, s.item AS item, s.amount_base AS amount_base,"
    "      s.quality AS quality"
    "    FROM net_segment s JOIN heat h ON h.no = s.heat) s" CREW_USE_JOINS("LEFT JOIN"),

    "CREATE VIEW quota_balance AS"
    "  SELECT q.id AS quota, 'heat' AS scope, h.id AS period, h.id AS heat,"
    "    " DAY("b.day") " AS day, sh.id AS shift, c.id AS crew, i.id AS item, i.unit AS unit,"
    "    i.resolution AS resolution, 'owner' AS view,"
    "    b.allowed_target_base AS allowed_target_base,"
    "    b.allowed_limit_base AS allowed_limit_base, b.used_base AS used_base,"
    "    b.allowed_limit_base - b.used_base AS balance_base, b.state AS state,"
    "    b.provisional AS provisional"
    "  FROM heat_balance b JOIN quota q ON q.no = b.quota JOIN item i ON i.no = q.item"
    "    JOIN heat h ON h.no = b.heat AND h.gone = 0"
    "    LEFT JOIN shift sh ON sh.no = b.shift LEFT JOIN crew c ON c.no = b.crew"
    "  UNION ALL"
    "  SELECT q.id, 'crew', " PERIOD("b.day", "sh.id", "c.id") ", NULL, " DAY("b.day") ","
    "    sh.id, c.id, i.id, i.unit, i.resolution, q.view, b.allowed_target_base,"
    "    b.allowed_limit_base, b.used_base, b.allowed_limit_base - b.used_base, b.state,"
    "    b.provisional"
    "  FROM crew_balance b JOIN quota q ON q.no = b.quota JOIN item i ON i.no = q.item"
    "    JOIN shift sh ON sh.no = b.shift JOIN crew c ON c.no = b.crew",

    /* private: alerts with their numbers */
    "CREATE VIEW alert_row AS"
    "  SELECT a.no AS no,"
    "    a.quota || '/' || a.scope || '/' || a.period || '/' || a.level AS id,"
    "    a.quota AS quota, a.level AS level, t.state AS state,"
    "    " SINCE_RAISED("raised") " AS raised_at_us,"
    "    " SINCE_RAISED("cleared") " AS cleared_at_us,"
    "    " SINCE_RAISED("closed") " AS closed_at_us,"
    "    (SELECT r.by_whom FROM alert_transition r WHERE r.alert = a.no AND r.state = 'acked'"
    "      AND r.step >= a.raised ORDER BY r.step DESC LIMIT 1) AS acked_by, a.scope AS scope,"
    "    a.period AS period, a.heat AS heat,"
    "    " DAY("CASE a.scope WHEN 'crew' THEN a.day ELSE t.day END") " AS day,"
    "    sh.id AS shift, c.id AS crew, a.item AS item, a.unit AS unit,"
    "    a.resolution AS resolution, t.used_base AS used_base, t.allowed_base AS allowed_base,"
    "    a.posts AS responsible,"
    "    (SELECT r.retro FROM alert_transition r WHERE r.alert = a.no"
    "      AND r.state IN ('raised', 'cleared') AND r.again = 0"
    "      ORDER BY r.step DESC LIMIT 1) AS retro"
    "  FROM (SELECT a.no AS no, CASE a.scope WHEN 'plant' THEN 'system'"
    "        ELSE COALESCE(q.id, a.matter) END AS quota, a.scope AS scope, a.level AS level, a.day AS day,"
    "      a.shift AS shift, a.crew AS crew, i.id AS item, i.unit AS unit,"
    "      i.resolution AS resolution, COALESCE(q.posts, '') AS posts,"
    "      CASE a.scope WHEN 'heat' THEN h.id END AS heat,"
    "      CASE a.scope WHEN 'heat' THEN h.id WHEN 'meter' THEN m.id"
    "        WHEN 'plant' THEN a.matter"
    "        ELSE " PERIOD("a.day", "s.id", "k.id") " END AS period,"
    "      (SELECT MAX(r.step) FROM alert_transition r WHERE r.alert = a.no) AS latest,"
    "      (SELECT MAX(r.step) FROM alert_transition r WHERE r.alert = a.no"
    "        AND r.state = 'raised' AND r.again = 0) AS raised"
    "    FROM alert_identity a LEFT JOIN quota q ON q.no = a.quota"
    "      LEFT JOIN meter m ON m.no = a.meter LEFT JOIN item i ON i.no = COALESCE(q.item, m.item)"
    "      JOIN heat h ON h.no = a.heat LEFT JOIN shift s ON s.no = a.shift"
    "      LEFT JOIN crew k ON k.no = a.crew) a"
    "    JOIN alert_transition t ON t.alert = a.no AND t.step = a.latest"
    "    LEFT JOIN shift sh ON sh.no = CASE a.scope WHEN 'crew' THEN a.shift ELSE t.shift END"
    "    LEFT JOIN crew c ON c.no = CASE a.scope WHEN 'crew' THEN a.crew ELSE t.crew END",

    "CREATE VIEW alert AS"
    "  SELECT id, quota, level, state, raised_at_us, cleared_at_us, closed_at_us, acked_by,"
    "    scope, period, heat, day, shift, crew, item, unit, resolution, used_base, allowed_base,"
    "    responsible, retro FROM alert_row",

    "CREATE VIEW posting AS"
    "  SELECT p.position AS position, p.ordinal AS ordinal, m.id AS meter, st.id AS station,"
    "    i.id AS item, h.id AS heat, " DAY("p.day") " AS day, sh.id AS shift, c.id AS crew,"
    "    p.start_us AS start_us, p.end_us AS end_us, p.amount_base AS amount_base,"
    "    i.unit AS unit, i.resolution AS resolution, " LETTER("p.quality") " AS quality,"
    "    k.name AS method, o.name AS cause, p.reverses_position AS reverses_position,"
    "    p.reverses_ordinal AS reverses_ordinal, p.configuration AS configuration,"
    "    p.booked_at_us AS booked_at_us"
    "  FROM entry_posting p JOIN meter m ON m.no = p.meter JOIN station st ON st.no = p.station"
    "    JOIN item i ON i.no = p.item JOIN heat h ON h.no = p.heat"
    "    JOIN shift sh ON sh.no = p.shift JOIN crew c ON c.no = p.crew"
    "    JOIN sharing_method k ON k.no = p.method JOIN posting_cause o ON o.no = p.cause",

    "CREATE VIEW handover AS"
    "  SELECT " DAY("h.day") " AS day, s.id AS shift, h.at_us AS at_us, h.json AS json"
    "  FROM handover_summary h JOIN shift s ON s.no = h.shift",

    /* private: for the sender */
    "CREATE VIEW outbox AS"
    "  SELECT row, position || '-' || ordinal AS id, topic, payload, retain FROM outbox_message",
    NULL,
};
