#include "dump.h"

#include <stddef.h>

#define FORMAT_VERSION 1

/* SQL keeps its own line breaks. */
/* clang-format off */

#define WORST "MAX(CASE WHEN s.amount_base <> 0 THEN s.quality ELSE 0 END)"
#define LETTER(quality) "substr('MIUCSE', " quality " + 1, 1)"

/* The net ledger. A balance of which nothing was used and nothing earned is left out, for whether
 * it was ever touched depends on the order of arrival; so is whether a crew-shift is provisional,
 * for that depends on the clock. Nothing here comes from arrival times, positions or row numbers: two heats of
 * one id (the next year's) are told apart by their columns. */
static const char *const net_sections[] = {
    "SELECT 'use', i.id, m.id, h.id, civil_day(s.day), sh.id, c.id,"
    "  decimal(SUM(s.amount_base), i.decimals), " LETTER(WORST)
    " FROM net_segment s JOIN item i ON i.no = s.item JOIN meter m ON m.no = s.meter"
    "  JOIN heat h ON h.no = s.heat JOIN shift sh ON sh.no = s.shift JOIN crew c ON c.no = s.crew"
    " GROUP BY s.item, s.meter, s.heat, s.day, s.shift, s.crew HAVING SUM(s.amount_base) <> 0"
    " ORDER BY 2, 3, 4, 5, 6, 7, 8, 9",

    /* check meters: measured once more, no use, and of no heat */
    "SELECT 'check', i.id, m.id, civil_day(s.day), sh.id, c.id,"
    "  decimal(SUM(s.amount_base), i.decimals), " LETTER(WORST)
    " FROM check_segment s JOIN item i ON i.no = s.item JOIN meter m ON m.no = s.meter"
    "  JOIN shift sh ON sh.no = s.shift JOIN crew c ON c.no = s.crew"
    " GROUP BY s.item, s.meter, s.day, s.shift, s.crew HAVING SUM(s.amount_base) <> 0"
    " ORDER BY 2, 3, 4, 5, 6, 7, 8",

    "SELECT 'heat', h.id, h.grade, decimal(h.steel_g, 3), local_time(h.owner_at_us),"
    "  civil_day(h.owner_day), sh.id, c.id, local_time(h.first_start_us),"
    "  local_time(h.ended_us), h.provisional"
    " FROM heat h LEFT JOIN shift sh ON sh.no = h.owner_shift"
    "  LEFT JOIN crew c ON c.no = h.owner_crew WHERE h.no <> 0"
    "  AND h.gone = 0"
    " ORDER BY 2, 3, 4, 5, 6, 7, 8, 9, 10, 11",

    "SELECT 'stay', h.id, st.id, s.visit, local_time(s.start_us), local_time(s.end_us)"
    " FROM stay s JOIN heat h ON h.no = s.heat JOIN station st ON st.no = s.station"
    " ORDER BY 2, 3, s.visit, 5, 6",

    "SELECT 'balance', q.id, 'heat', h.id, civil_day(b.day), sh.id, c.id,"
    "  decimal(b.allowed_target_base, i.decimals), decimal(b.allowed_limit_base, i.decimals),"
    "  decimal(b.used_base, i.decimals), b.state, b.provisional"
    " FROM heat_balance b JOIN quota q ON q.no = b.quota JOIN item i ON i.no = q.item"
    "  JOIN heat h ON h.no = b.heat LEFT JOIN shift sh ON sh.no = b.shift"
    "  LEFT JOIN crew c ON c.no = b.crew WHERE b.used_base <> 0 OR (h.gone = 0"
    "   AND (h.steel_g > 0 OR h.owner_at_us IS NOT NULL)) ORDER BY 2, 4, 5, 6, 7, 8, 9, 10, 11, 12",

    "SELECT 'balance', q.id, 'crew', '', civil_day(b.day), sh.id, c.id,"
    "  decimal(b.allowed_target_base, i.decimals), decimal(b.allowed_limit_base, i.decimals),"
    "  decimal(b.used_base, i.decimals), b.state"
    " FROM crew_balance b JOIN quota q ON q.no = b.quota JOIN item i ON i.no = q.item"
    "  JOIN shift sh ON sh.no = b.shift JOIN crew c ON c.no = b.crew"
    " WHERE b.used_base <> 0 OR (q.basis IN ('tonne', 'heat')"
    "  AND COALESCE(b.allowed_limit_base, 0) <> 0) ORDER BY 2, 5, 6, 7",

    "SELECT 'balance', q.id, 'period', b.period, '', '', '',"
    "  decimal(b.allowed_target_base, i.decimals), decimal(b.allowed_limit_base, i.decimals),"
    "  decimal(b.used_base, i.decimals), b.state"
    " FROM period_balance b JOIN quota q ON q.no = b.quota JOIN item i ON i.no = q.item"
    " WHERE b.used_base <> 0 ORDER BY 2, 4",

    "SELECT 'meter', m.id, i.id, decimal(s.booked_base, i.decimals)"
    " FROM meter_state s JOIN meter m ON m.no = s.meter JOIN item i ON i.no = m.item"
    " WHERE s.booked_base <> 0 ORDER BY 2",
    NULL,
};

/* Identities are those of the effects: a replay of the journal gives them again. */
static const char *const history_sections[] = {
    "SELECT 'posting', p.position, p.ordinal, p.meter, p.heat, p.day, p.shift, p.crew,"
    "  local_time(p.start_us), local_time(p.end_us), p.amount_base, p.quality, p.method, p.cause,"
    "  p.reverses_position, p.reverses_ordinal, p.configuration"
    " FROM posting p ORDER BY p.position, p.ordinal",

    "SELECT 'heat-version', v.heat, v.version, v.id, v.grade, decimal(v.steel_g, 3),"
    "  decimal(v.planned_g, 3), local_time(v.first_start_us), local_time(v.owner_at_us),"
    "  civil_day(v.owner_day), sh.id, c.id, local_time(v.ended_us), v.provisional,"
    "  v.review, v.gone, v.keeper"
    " FROM heat_version v LEFT JOIN shift sh ON sh.no = v.owner_shift"
    "  LEFT JOIN crew c ON c.no = v.owner_crew ORDER BY v.heat, v.version",

    "SELECT 'alert', t.position, t.ordinal, COALESCE(q.id, a.matter), a.scope,"
    "  COALESCE(m.id, h.id),"
    "  CASE a.scope WHEN 'crew' THEN civil_day(a.day) WHEN 'period' THEN a.matter END, sh.id,"
    "  NULLIF(c.id, ''),"
    "  a.level, t.state, local_time(t.at_us), t.used_base, t.allowed_base, t.retro,"
    "  t.again, printable(t.by_whom), printable(t.reason), local_time(t.until_us)"
    " FROM alert_transition t JOIN alert_identity a ON a.no = t.alert"
    "  LEFT JOIN quota q ON q.no = a.quota LEFT JOIN meter m ON m.no = a.meter"
    "  JOIN heat h ON h.no = a.heat"
    "  LEFT JOIN shift sh ON sh.no = a.shift LEFT JOIN crew c ON c.no = a.crew"
    " ORDER BY t.position, t.ordinal",

    /* what a migration opened accounts with stands before all records */
    "SELECT 'quota-entry', e.position, e.ordinal, e.quota, e.from_kind, e.from_account, e.to_kind,"
    "  e.to_account, e.target_base, e.limit_base, e.cause, local_time(e.at_us), printable(e.paper)"
    " FROM quota_entry e WHERE e.position > 0 ORDER BY e.position, e.ordinal",

    "SELECT 'paper', p.position, p.ordinal, printable(p.id), p.kind, p.state,"
    "  local_time(p.taken_at_us), printable(p.json)"
    " FROM paper_row p ORDER BY p.position, p.ordinal",

    "SELECT 'reject', r.position, r.ordinal, local_time(r.at_us), printable(r.topic), r.outcome,"
    "  printable(r.detail), printable(r.payload) FROM reject r ORDER BY r.position, r.ordinal",

    "SELECT 'handover', civil_day(v.day), sh.id, local_time(v.at_us), printable(v.json)"
    " FROM handover_summary v JOIN shift sh ON sh.no = v.shift ORDER BY v.day, sh.sort",

    "SELECT 'period', v.period, local_time(v.at_us), printable(v.json)"
    " FROM period_document v ORDER BY v.from_day, v.until_day",

    "SELECT 'outcome', outcome, count FROM outcome_count WHERE count <> 0 ORDER BY outcome",
    NULL,
};
/* clang-format on */

static bool write_line(void *context, const struct reader_row *row)
{
    FILE *out = context;

    for (int i = 0; i < row->column_count; i++) {
        fprintf(out, "%s%s", i == 0 ? "" : "\t", row->values[i] == NULL ? "" : row->values[i]);
    }
    putc('\n', out);
    return true;
}

static bool write_sections(struct reader *reader, const char *const *sections, FILE *out,
                           struct failure *failure)
{
    for (; *sections != NULL; sections++) {
        if (!reader_query(reader, *sections, NULL, 0, write_line, out, failure)) {
            return false;
        }
    }
    return true;
}

bool dump_write(struct reader *reader, bool history, FILE *out, struct failure *failure)
{
    if (!reader_snapshot_begin(reader, failure)) {
        return false;
    }
    fprintf(out, "heatledger dump %d\n", FORMAT_VERSION);
    bool good = write_sections(reader, net_sections, out, failure) &&
                (!history || write_sections(reader, history_sections, out, failure));
    reader_snapshot_end(reader);
    if (good && (fflush(out) != 0 || ferror(out))) {
        return failure_set(failure, FAILURE_RESOURCE, "dump: the output cannot be written");
    }
    return good;
}
