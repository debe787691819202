#include "proof.h"

#include "proof_accounts.h"

#include <string.h>

/* SQL keeps its own line breaks. */
/* clang-format off */

/* All entries, reversals included, and what is open: the sums of double entry. */
#define ENTRIES "(SELECT meter, item, heat, amount_base FROM entry_posting" \
                " UNION ALL SELECT meter, item, heat, amount_base FROM open_segment)"

/* A check meter measures once more what others book: it is no use. */
#define CHECK_METERS "(SELECT no FROM meter WHERE role <> 'book')"

/* Of a view, or of the entries, by item: each is read once, whatever there are of items. */
#define TOTALS(view) "(SELECT item, SUM(amount_base) AS amount FROM " view " GROUP BY item)"
#define AMOUNT(value) "decimal(" value ", decimals) || ' ' || unit"

/* Whether quota q counts segment s. */
#define COUNTED " s.item = q.item" \
    " AND (q.stations = '' OR instr(';' || q.stations || ';', ';' || st.id || ';') > 0)" \
    " AND (q.meters = '' OR instr(';' || q.meters || ';', ';' || m.id || ';') > 0)"
/* What heat h weighs as quota q counts tonnes. */
#define STEEL_G \
    "CASE (SELECT k.tonnes FROM quota_kind k WHERE k.quota = q.no)" \
    " WHEN 'tapped' THEN (SELECT w.tapped_g FROM heat_weight w WHERE w.heat = h.no" \
    "  ORDER BY w.position DESC LIMIT 1)" \
    " WHEN 'cast' THEN (SELECT w.cast_g FROM heat_weight w WHERE w.heat = h.no" \
    "  ORDER BY w.position DESC LIMIT 1) ELSE h.steel_g END"
#define COUNTED_SEGMENTS "net_segment s JOIN station st ON st.no = s.station" \
                         " JOIN meter m ON m.no = s.meter"

/* Each gives what, left, right, holds. */
static const char *const checks[] = {
    "WITH sums AS MATERIALIZED (SELECT i.id AS id, i.unit AS unit, i.decimals AS decimals,"
    "  COALESCE(h.amount, 0) AS heats, COALESCE(c.amount, 0) AS clock,"
    "  COALESCE(o.amount, 0) AS owner, COALESCE(e.amount, 0) AS meters"
    "  FROM item i LEFT JOIN " TOTALS("heat_use") " h ON h.item = i.id"
    "   LEFT JOIN " TOTALS("crew_use_clock") " c ON c.item = i.id"
    "   LEFT JOIN " TOTALS("crew_use_owner") " o ON o.item = i.id"
    "   LEFT JOIN " TOTALS(ENTRIES " WHERE meter NOT IN " CHECK_METERS) " e ON e.item = i.no)"
    " SELECT id || ': heats and idle = crews on duty', " AMOUNT("heats") ", " AMOUNT("clock") ","
    "  heats = clock FROM sums"
    " UNION ALL SELECT id || ': crews on duty = owners', " AMOUNT("clock") ", " AMOUNT("owner") ","
    "  clock = owner FROM sums"
    " UNION ALL SELECT id || ': crews on duty = meters', " AMOUNT("clock") ", " AMOUNT("meters") ","
    "  clock = meters FROM sums ORDER BY 1",

    "WITH sums AS (SELECT m.id AS id, i.unit AS unit, i.decimals AS decimals,"
    "  COALESCE(e.amount, 0) AS booked, COALESCE(s.booked_base, 0) AS curve"
    "  FROM meter m JOIN item i ON i.no = m.item"
    "   LEFT JOIN (SELECT meter, SUM(amount_base) AS amount FROM " ENTRIES " GROUP BY meter) e"
    "    ON e.meter = m.no LEFT JOIN meter_state s ON s.meter = m.no)"
    " SELECT 'meter ' || id || ': booked and open = its curve', " AMOUNT("booked") ", "
    "  " AMOUNT("curve") ", booked = curve FROM sums ORDER BY 1",

    "SELECT 'entries of check meters that name a heat', COUNT(*), 0, COUNT(*) = 0"
    " FROM " ENTRIES " e WHERE e.heat <> 0 AND e.meter IN " CHECK_METERS,

    "SELECT 'reversals that do not take back one posting exactly', COUNT(*), 0, COUNT(*) = 0"
    " FROM entry_posting r WHERE r.reverses_position IS NOT NULL AND NOT EXISTS ("
    "  SELECT 1 FROM entry_posting p WHERE p.position = r.reverses_position"
    "   AND p.ordinal = r.reverses_ordinal AND p.reverses_position IS NULL"
    "   AND p.meter = r.meter AND p.item = r.item AND p.station = r.station"
    "   AND p.heat = r.heat AND p.day = r.day AND p.shift = r.shift AND p.crew = r.crew"
    "   AND p.start_us = r.start_us AND p.end_us = r.end_us"
    "   AND p.amount_base = -r.amount_base)",

    "SELECT 'postings that are taken back twice', COUNT(*), 0, COUNT(*) = 0 FROM ("
    "  SELECT 1 FROM entry_posting WHERE reverses_position IS NOT NULL"
    "  GROUP BY reverses_position, reverses_ordinal HAVING COUNT(*) > 1)",

    "SELECT 'postings that end before they start', COUNT(*), 0, COUNT(*) = 0"
    " FROM entry_posting WHERE end_us < start_us",

    "WITH used AS (SELECT q.no AS quota, s.heat AS heat, SUM(s.amount_base) AS amount"
    "  FROM quota q JOIN " COUNTED_SEGMENTS " WHERE s.heat <> 0 AND" COUNTED
    "  GROUP BY q.no, s.heat)"
    " SELECT 'balances of heats that are not what the quota counts', COUNT(*), 0, COUNT(*) = 0"
    " FROM heat_balance b LEFT JOIN used u ON u.quota = b.quota AND u.heat = b.heat"
    " WHERE b.used_base <> COALESCE(u.amount, 0)",

    /* a quota per tonne counts the heats whose weight is known, and not 0; one per shift, in the
     * owner view, the idle use of the crew on duty too */
    "WITH counted AS ("
    "  SELECT q.no AS quota, s.day AS day, s.shift AS shift, s.crew AS crew, s.amount_base"
    "  FROM quota q JOIN " COUNTED_SEGMENTS
    "  WHERE (q.view = 'clock' OR (q.basis IN ('shift', 'linear') AND s.heat = 0)) AND" COUNTED
    "  UNION ALL SELECT q.no, h.owner_day, h.owner_shift, h.owner_crew, s.amount_base"
    "  FROM quota q JOIN " COUNTED_SEGMENTS " JOIN heat h ON h.no = s.heat"
    "  WHERE q.view = 'owner' AND s.heat <> 0 AND h.owner_day IS NOT NULL"
    "   AND (q.basis <> 'tonne' OR " STEEL_G " > 0) AND" COUNTED "),"
    " used AS (SELECT quota, day, shift, crew, SUM(amount_base) AS amount FROM counted"
    "  GROUP BY quota, day, shift, crew)"
    " SELECT 'balances of crew-shifts that are not what the quota counts', COUNT(*), 0,"
    "  COUNT(*) = 0"
    " FROM crew_balance b LEFT JOIN used u"
    "  ON u.quota = b.quota AND u.day = b.day AND u.shift = b.shift AND u.crew = b.crew"
    " WHERE b.used_base <> COALESCE(u.amount, 0)",

    /* the shop's in a period: all there is, nobody's included; in the owner view that of heats
     * whose owner is known */
    "WITH daily AS (SELECT q.no AS quota,"
    "   CASE WHEN q.view = 'clock' OR s.heat = 0 THEN s.day ELSE h.owner_day END AS day,"
    "   SUM(s.amount_base) AS amount"
    "  FROM quota q JOIN " COUNTED_SEGMENTS " JOIN heat h ON h.no = s.heat"
    "  WHERE q.basis IN ('day', 'ten_days', 'month') AND" COUNTED " GROUP BY 1, 2),"
    " used AS (SELECT b.quota AS quota, b.from_day AS from_day, SUM(d.amount) AS amount"
    "  FROM period_balance b JOIN daily d ON d.quota = b.quota AND d.day >= b.from_day"
    "   AND d.day < b.until_day GROUP BY b.quota, b.from_day)"
    " SELECT 'balances of periods that are not what the quota counts', COUNT(*), 0, COUNT(*) = 0"
    " FROM period_balance b LEFT JOIN used u ON u.quota = b.quota AND u.from_day = b.from_day"
    " WHERE b.used_base <> COALESCE(u.amount, 0)",
};
/* clang-format on */

struct proof {
    proof_row_function *row;
    void *context;
};

static bool hand_over(void *context, const struct reader_row *row)
{
    const struct proof *proof = context;
    const struct proof_row checked = {.what = row->values[0],
                                      .left = row->values[1],
                                      .right = row->values[2],
                                      .holds = strcmp(row->values[3], "1") == 0};

    proof->row(proof->context, &checked);
    return true;
}

bool proof_run(struct reader *reader, proof_row_function *row, void *context,
               struct failure *failure)
{
    struct proof proof = {row, context};
    bool good = true;

    if (!reader_snapshot_begin(reader, failure)) {
        return false;
    }
    for (size_t i = 0; good && i < sizeof checks / sizeof *checks; i++) {
        good = reader_query(reader, checks[i], NULL, 0, hand_over, &proof, failure);
    }
    for (const char *const *check = proof_account_checks; good && *check != NULL; check++) {
        good = reader_query(reader, *check, NULL, 0, hand_over, &proof, failure);
    }
    reader_snapshot_end(reader);
    return good;
}
