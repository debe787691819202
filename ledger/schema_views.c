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

/* An account's holder in words: the workshop's is empty. */
#define ACCOUNT(account, heat, shift, crew) \
    "CASE " account ".kind WHEN 'heat' THEN " heat ".id WHEN 'crew'" \
    " THEN " PERIOD(account ".day", shift ".id", crew ".id") " WHEN 'crew_period'" \
    " THEN " account ".period || ' ' || " crew ".id ELSE " account ".period END"

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
    "    JOIN shift sh ON sh.no = b.shift JOIN crew c ON c.no = b.crew"
    "  UNION ALL"
    "  SELECT q.id, 'period', b.period, NULL, NULL, NULL, NULL, i.id, i.unit, i.resolution, q.view,"
    "    b.allowed_target_base, b.allowed_limit_base, b.used_base,"
    "    b.allowed_limit_base - b.used_base, b.state, b.provisional"
    "  FROM period_balance b JOIN quota q ON q.no = b.quota JOIN item i ON i.no = q.item",

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
    "        WHEN 'plant' THEN a.matter WHEN 'period' THEN a.matter"
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

    "CREATE VIEW period_close AS"
    "  SELECT period, at_us, json FROM period_document",

    /* `state` of a proposal or a slip is what the last paper about it made of it; `replaced`: a
     * later one of the same measure, alert, or period and crew says another thing */
    "CREATE VIEW paper AS"
    "  SELECT p.position AS position, p.ordinal AS ordinal, p.id AS id, p.kind AS kind,"
    "    COALESCE((SELECT n.state FROM paper_row n WHERE n.of = p.id AND n.kind IN"
    "        ('approve', 'decline', 'issue', 'put_back', 'close_slip')"
    "      ORDER BY n.position DESC, n.ordinal DESC LIMIT 1), p.state) AS state,"
    "    p.ts_us AS ts_us, p.taken_at_us AS taken_at_us, p.by_whom AS by_whom, p.of AS of,"
    "    q.id AS quota, i.id AS item, i.unit AS unit, c.id AS crew, t.id AS to_crew,"
    "    p.period AS period, " DAY("p.period_from") " AS period_from,"
    "    " DAY("p.period_until") " AS period_until, p.from_us AS from_us,"
    "    p.amount_e9 AS amount_e9, p.target_e9 AS target_e9, p.limit_e9 AS limit_e9,"
    "    p.tonnes_e9 AS tonnes_e9, p.rate_e9 AS rate_e9, p.opening_e9 AS opening_e9,"
    "    p.sunk_e9 AS sunk_e9, p.saving_e9 AS saving_e9, p.life_years AS life_years,"
    "    p.hurdle_e9 AS hurdle_e9, p.order_name AS order_name, p.name AS name, p.code AS code,"
    "    p.reason AS reason, p.action AS action, p.approved_by AS approved_by,"
    "    p.meters AS meters,"
    "    (SELECT group_concat(a.by_whom, ';') FROM (SELECT by_whom FROM paper_row"
    "      WHERE of = p.id AND kind = 'approve' ORDER BY position, ordinal) a) AS approvals,"
    "    CASE p.kind WHEN 'measure' THEN EXISTS (SELECT 1 FROM paper_row n WHERE n.id = p.id"
    "        AND n.kind = 'measure' AND (n.position, n.ordinal) > (p.position, p.ordinal))"
    "      WHEN 'cause' THEN EXISTS (SELECT 1 FROM paper_row n WHERE n.of = p.of"
    "        AND n.kind = 'cause' AND (n.position, n.ordinal) > (p.position, p.ordinal))"
    "      WHEN 'plan' THEN EXISTS (SELECT 1 FROM paper_row n WHERE n.kind = 'plan'"
    "        AND n.period = p.period AND n.crew IS p.crew"
    "        AND (n.position, n.ordinal) > (p.position, p.ordinal))"
    "      ELSE 0 END AS replaced, p.json AS json"
    "  FROM paper_row p LEFT JOIN quota q ON q.no = p.quota LEFT JOIN item i"
    "    ON i.no = COALESCE(p.item, q.item) LEFT JOIN crew c ON c.no = p.crew"
    "    LEFT JOIN crew t ON t.no = p.to_crew",

    /* private: every entry twice, once on each of its accounts */
    "CREATE VIEW quota_move AS"
    "  SELECT to_account AS account, position, ordinal, cause, target_base, limit_base"
    "  FROM quota_entry_row UNION ALL SELECT from_account, position, ordinal, cause, -target_base,"
    "    -limit_base FROM quota_entry_row",

    /* private: what an account holds by its own entries; of which, by the limit, not earned */
    "CREATE VIEW quota_held AS"
    "  SELECT a.no AS no, a.quota AS quota, a.kind AS kind, a.heat AS heat, a.day AS day,"
    "    a.shift AS shift, a.crew AS crew, a.period AS period,"
    "    SUM(m.target_base) AS target_base, SUM(m.limit_base) AS limit_base,"
    "    SUM(CASE m.cause WHEN 'transfer' THEN m.limit_base ELSE 0 END) AS transferred_base,"
    "    SUM(CASE m.cause WHEN 'carried' THEN m.limit_base ELSE 0 END) AS carried_base,"
    "    SUM(CASE m.cause WHEN 'reserve' THEN m.limit_base ELSE 0 END) AS reserve_base"
    "  FROM quota_account_row a JOIN quota_move m ON m.account = a.no GROUP BY a.no",

    /* private: a crew-shift's own, and that of the heats that it owns */
    "CREATE VIEW quota_crew_held AS"
    "  SELECT quota, day, shift, crew, SUM(target_base) AS target_base,"
    "    SUM(limit_base) AS limit_base"
    "  FROM (SELECT quota, day, shift, crew, target_base, limit_base FROM quota_held"
    "      WHERE kind = 'crew'"
    "    UNION ALL SELECT k.quota, h.owner_day, h.owner_shift, h.owner_crew, k.target_base,"
    "      k.limit_base FROM quota_held k JOIN heat h ON h.no = k.heat"
    "      WHERE k.kind = 'heat' AND h.owner_day IS NOT NULL)"
    "  GROUP BY quota, day, shift, crew",

    /* private: the crew-shifts' accounts; `waits`: something was used, and what is allowed is not
     * known yet */
    "CREATE VIEW quota_crew_account AS"
    "  SELECT a.quota AS quota, a.day AS day, a.shift AS shift, a.crew AS crew,"
    "    COALESCE(k.target_base, 0) AS target_base, COALESCE(k.limit_base, 0) AS limit_base,"
    "    COALESCE(b.used_base, 0) AS used_base,"
    "    b.quota IS NULL OR b.allowed_limit_base IS NOT NULL AS known,"
    "    b.allowed_limit_base IS NULL AND COALESCE(b.used_base, 0) <> 0 AS waits"
    "  FROM (SELECT quota, day, shift, crew FROM crew_balance"
    /* nothing was used yet of what is allowed to a shift by itself */
    "      UNION SELECT quota, day, shift, crew FROM quota_account_row WHERE kind = 'crew') a"
    "    LEFT JOIN crew_balance b ON b.quota = a.quota AND b.day = a.day AND b.shift = a.shift"
    "      AND b.crew = a.crew"
    "    LEFT JOIN quota_crew_held k ON k.quota = a.quota AND k.day = a.day"
    "      AND k.shift = a.shift AND k.crew = a.crew"
    /* a crew that was not there after all, and answers for nothing */
    "  WHERE COALESCE(b.used_base, 0) <> 0 OR EXISTS (SELECT 1 FROM slot w WHERE w.day = a.day"
    "    AND w.shift = a.shift AND w.crew = a.crew)",

    "CREATE VIEW quota_entry AS"
    "  SELECT e.position AS position, e.ordinal AS ordinal, q.id AS quota, i.id AS item,"
    "    i.unit AS unit, i.resolution AS resolution, f.kind AS from_kind,"
    "    " ACCOUNT("f", "fh", "fs", "fc") " AS from_account, t.kind AS to_kind,"
    "    " ACCOUNT("t", "th", "ts", "tc") " AS to_account, e.target_base AS target_base,"
    "    e.limit_base AS limit_base, e.cause AS cause, e.at_us AS at_us, e.paper AS paper"
    "  FROM quota_entry_row e JOIN quota_account_row f ON f.no = e.from_account"
    "    JOIN quota_account_row t ON t.no = e.to_account JOIN quota q ON q.no = t.quota"
    "    JOIN item i ON i.no = q.item JOIN heat fh ON fh.no = f.heat"
    "    LEFT JOIN shift fs ON fs.no = f.shift JOIN crew fc ON fc.no = f.crew"
    "    JOIN heat th ON th.no = t.heat LEFT JOIN shift ts ON ts.no = t.shift"
    "    JOIN crew tc ON tc.no = t.crew",

    "CREATE VIEW quota_account AS"
    "  SELECT q.id AS quota, 'heat' AS kind, h.id AS account,"
    "    strftime('%Y-%m', h.owner_day * 86400, 'unixepoch') AS period,"
    "    " DAY("h.owner_day") " AS day, sh.id AS shift, c.id AS crew, h.id AS heat,"
    "    i.id AS item, i.unit AS unit, i.resolution AS resolution,"
    "    COALESCE(k.limit_base, 0) AS earned_base, 0 AS transferred_base, 0 AS carried_base,"
    "    0 AS reserve_base,"
    "    CASE WHEN b.allowed_limit_base IS NOT NULL THEN COALESCE(k.target_base, 0) END"
    "      AS allowed_target_base,"
    "    CASE WHEN b.allowed_limit_base IS NOT NULL THEN COALESCE(k.limit_base, 0) END"
    "      AS allowed_limit_base, b.used_base AS used_base,"
    "    CASE WHEN b.allowed_limit_base IS NOT NULL"
    "      THEN COALESCE(k.limit_base, 0) - b.used_base END AS balance_base"
    "  FROM heat_balance b JOIN quota q ON q.no = b.quota JOIN item i ON i.no = q.item"
    "    JOIN heat h ON h.no = b.heat AND h.gone = 0"
    "    LEFT JOIN shift sh ON sh.no = h.owner_shift LEFT JOIN crew c ON c.no = h.owner_crew"
    "    LEFT JOIN quota_held k ON k.quota = b.quota AND k.kind = 'heat' AND k.heat = b.heat"
    "  UNION ALL"
    "  SELECT q.id, 'crew', " PERIOD("b.day", "sh.id", "c.id") ","
    "    strftime('%Y-%m', b.day * 86400, 'unixepoch'), " DAY("b.day") ", sh.id, c.id, NULL,"
    "    i.id, i.unit, i.resolution, b.limit_base, 0, 0, 0, CASE WHEN known THEN b.target_base END,"
    "    CASE WHEN known THEN b.limit_base END, b.used_base,"
    "    CASE WHEN known THEN b.limit_base - b.used_base END"
    "  FROM quota_crew_account b JOIN quota q ON q.no = b.quota JOIN item i ON i.no = q.item"
    "    JOIN shift sh ON sh.no = b.shift JOIN crew c ON c.no = b.crew"
    "  UNION ALL"
    "  SELECT q.id, 'crew_period', u.period || ' ' || c.id, u.period, NULL, NULL, c.id, NULL, i.id,"
    "    i.unit, i.resolution, SUM(u.earned), SUM(u.transferred), SUM(u.carried), SUM(u.reserve),"
    "    CASE WHEN NOT MAX(u.waits) THEN SUM(u.target) END,"
    "    CASE WHEN NOT MAX(u.waits) THEN SUM(u.limit_base) END, SUM(u.used),"
    "    CASE WHEN NOT MAX(u.waits) THEN SUM(u.limit_base) - SUM(u.used) END"
    "  FROM (SELECT quota, crew, strftime('%Y-%m', day * 86400, 'unixepoch') AS period,"
    "      limit_base AS earned, 0 AS transferred, 0 AS carried, 0 AS reserve,"
    "      target_base AS target, limit_base, used_base AS used, waits FROM quota_crew_account"
    "    UNION ALL SELECT quota, crew, substr(period, 1, 7), 0, transferred_base, carried_base,"
    "      reserve_base, target_base, limit_base, 0, 0 FROM quota_held"
    "      WHERE kind = 'crew_period') u"
    "    JOIN quota q ON q.no = u.quota JOIN item i ON i.no = q.item JOIN crew c ON c.no = u.crew"
    "  GROUP BY q.id, u.period, c.id, c.no"
    "  UNION ALL"
    "  SELECT q.id, k.kind, k.period, NULLIF(k.period, ''), NULL, NULL, NULL, NULL, i.id, i.unit,"
    "    i.resolution, k.limit_base - k.transferred_base - k.carried_base - k.reserve_base,"
    "    k.transferred_base, k.carried_base, k.reserve_base, k.target_base, k.limit_base,"
    "    b.used_base, k.limit_base - COALESCE(b.used_base, 0)"
    "  FROM quota_held k JOIN quota q ON q.no = k.quota JOIN item i ON i.no = q.item"
    "    LEFT JOIN period_balance b ON k.kind = 'period' AND b.quota = k.quota"
    "      AND b.period = k.period"
    "  WHERE k.kind IN ('workshop', 'reserve', 'period')",

    /* private: for the sender */
    "CREATE VIEW outbox AS"
    "  SELECT row, position || '-' || ordinal AS id, topic, payload, retain FROM outbox_message",
    NULL,
};
