/* The rows of balances, for each shift: shared by the report and the handover. Private to outlets.
 */
#ifndef HEATLEDGER_BALANCE_ROWS_H
#define HEATLEDGER_BALANCE_ROWS_H

/* SQL keeps its own line breaks. */
/* clang-format off */

/* The table `balanced`: balance, day, shift, start_us, and
 *   main, parts, difference   base units; null where an input was not read in the shift at all:
 *                             what cannot be known is never 0
 *   incomplete                an input was not read from the shift's start to its end, or a part of
 *                             its use is estimated
 * of the shifts that have ended, or in which one of its meters was used. A meter was read to the
 * end when a reading stands at the end or behind it; an event says nothing of the time around it, so
 * a meter of events was read as long as it was not stale.
 *
 * `slots` is a further condition on crew-shifts `w`; `moved` a SELECT of what those meters moved:
 * day, shift, meter, amount in base units, estimated. */
#define BALANCED(slots, moved) \
    "shift_time AS (" \
    "  SELECT w.day, w.shift, MIN(w.start_us) AS start_us, MAX(w.end_us) AS end_us" \
    "  FROM slot w WHERE 1" slots " GROUP BY w.day, w.shift)," \
    " moved AS MATERIALIZED (" moved ")," \
    " input AS (" \
    "  SELECT w.day, w.shift, w.start_us, t.balance, t.of_parts, w.end_us <= p.now_us AS ended," \
    "    u.meter IS NOT NULL AS used, t.coefficient * COALESCE(u.amount, 0) AS amount," \
    "    COALESCE(z.first_ts_us < w.end_us AND (m.kind = 'event' OR z.last_ts_us > w.start_us), 0)" \
    "      AS known," \
    "    COALESCE(z.first_ts_us <= w.start_us AND CASE m.kind WHEN 'event' THEN w.end_us <= p.now_us" \
    "        AND (m.stale_us = 0 OR z.last_alive_us + m.stale_us >= w.end_us)" \
    "      ELSE z.last_ts_us >= w.end_us END, 0) AND NOT COALESCE(u.estimated, 0) AS complete" \
    "  FROM shift_time w JOIN progress p JOIN meter_balance_term t JOIN meter m ON m.no = t.meter" \
    "    LEFT JOIN meter_state z ON z.meter = m.no" \
    "    LEFT JOIN moved u ON u.day = w.day AND u.shift = w.shift AND u.meter = m.no)," \
    " balanced AS (" \
    "  SELECT balance, day, shift, start_us," \
    "    CASE WHEN MIN(known OR of_parts) THEN" \
    "      SUM(CASE WHEN of_parts THEN 0 ELSE amount END) END AS main," \
    "    CASE WHEN MIN(known OR NOT of_parts) THEN" \
    "      SUM(CASE WHEN of_parts THEN amount ELSE 0 END) END AS parts," \
    "    CASE WHEN MIN(known) THEN" \
    "      SUM(CASE WHEN of_parts THEN -amount ELSE amount END) END AS difference," \
    "    NOT MIN(complete) AS incomplete" \
    "  FROM input GROUP BY balance, day, shift HAVING MAX(ended OR used))"

/* Of a row k of it, with its balance b and item i: from main_amount to incomplete. */
#define BALANCED_COLUMNS \
    " decimal(k.main, i.decimals), decimal(k.parts, i.decimals)," \
    " decimal(k.difference, i.decimals)," \
    " CASE WHEN k.main <> 0 THEN percent(k.difference, k.main) END," \
    " within(k.difference, k.main, b.band_e4), k.incomplete"

/* clang-format on */

#endif
