/* Why a figure of a closed period is another today. */
#include "memory.h"
#include "period_parts.h"

#include <string.h>

/* SQL keeps its own line breaks. */
/* clang-format off */

#define IN_PERIOD(day) \
    "(" day " >= (SELECT period_from(:period)) AND " day " < (SELECT period_until(:period)))"
#define SIGNED "CAST(:position AS INTEGER)"

/* Causes of what was booked since for the period's crew-shifts and heats, under the crew on duty or
 * the crew that answers for the heat. What was taken back is told by what came in its place. */
#define BOOKED \
    "SELECT DISTINCT o.name AS name FROM entry_posting p" \
    "  JOIN posting_cause o ON o.no = p.cause JOIN item i ON i.no = p.item" \
    "  JOIN heat h ON h.no = p.heat" \
    " WHERE p.position >= " SIGNED " AND o.name <> 'reversal'" \
    "  AND (" IN_PERIOD("p.day") " OR " IN_PERIOD("h.owner_day") ")" \
    "  AND (:item IS NULL OR i.id = :item)" \
    "  AND (NULLIF(:quota, '') IS NULL OR i.no = (SELECT item FROM quota WHERE id = :quota))" \
    "  AND (:crew IS NULL OR :crew IN ((SELECT id FROM crew WHERE no = p.crew)," \
    "   (SELECT id FROM crew WHERE no = h.owner_crew)))"

/* Heats that the crew owns or owned in the period and whose weight or owner was another. */
#define HEATS \
    "EXISTS (SELECT 1 FROM heat h LEFT JOIN heat_version v ON v.heat = h.no AND v.version = (" \
    "   SELECT MAX(x.version) FROM heat_version x WHERE x.heat = h.no AND x.position < " SIGNED ")" \
    " WHERE (" IN_PERIOD("h.owner_day") " OR " IN_PERIOD("v.owner_day") ")" \
    "  AND (h.steel_g IS NOT v.steel_g OR h.owner_day IS NOT v.owner_day" \
    "   OR h.owner_shift IS NOT v.owner_shift OR h.owner_crew IS NOT v.owner_crew" \
    "   OR h.gone IS NOT v.gone)" \
    "  AND (:crew IS NULL OR :crew IN ((SELECT id FROM crew WHERE no = h.owner_crew)," \
    "   (SELECT id FROM crew WHERE no = v.owner_crew))))"

/* Papers about the period, or about rates that hold in it, that came into force since: proposals by
 * their last approval. */
#define NOTED "p.kind IN ('veto', 'plan') AND p.position >= " SIGNED
#define APPROVED \
    "p.kind IN ('transfer', 'revise') AND EXISTS (SELECT 1 FROM paper_row n WHERE n.of = p.id" \
    " AND n.kind = 'approve' AND n.state = 'in_force' AND n.position >= " SIGNED ")"
#define PAPERS(which) \
    "SELECT DISTINCT p.kind FROM paper_row p WHERE " which \
    "  AND COALESCE(p.period_from, (SELECT period_from(:period))) < (SELECT period_until(:period))" \
    "  AND COALESCE(p.period_until, (SELECT period_until(:period))) > (SELECT period_from(:period))" \
    "  AND (p.crew IS NULL OR :crew IS NULL OR :crew IN ((SELECT id FROM crew WHERE no = p.crew)," \
    "   (SELECT id FROM crew WHERE no = p.to_crew)))"

#define CONFIGURED \
    "SELECT 'configuration' AS name FROM configuration k WHERE k.position >= " SIGNED " LIMIT 1"

/* :what is 'steel', 'use', 'allowance' or 'money', which rests on all of them. `closed`: nothing
 * was corrected, it was booked after the document was made. */
static const char why_sql[] =
    "WITH booked AS (" BOOKED "), heats AS (SELECT " HEATS " AS changed),"
    " named AS ("
    "  SELECT 1 AS sort, name FROM booked WHERE :what IN ('use', 'money') AND name <> 'closed'"
    "  UNION ALL SELECT 2, 'heats' FROM heats WHERE changed AND (:what <> 'use'"
    "   OR NOT EXISTS (SELECT 1 FROM booked))"
    "  UNION ALL SELECT 3, kind FROM (" PAPERS(APPROVED) ")"
    "   WHERE :what IN ('allowance', 'money')"
    "  UNION ALL SELECT 4, kind FROM (" PAPERS(NOTED) ") WHERE :what = 'money'"
    "  UNION ALL SELECT 5, name FROM (" CONFIGURED ")"
    "   WHERE :what IN ('allowance', 'money'))"
    " SELECT COALESCE((SELECT group_concat(name, ';') FROM (SELECT name FROM named"
    "   ORDER BY sort, name)), CASE WHEN EXISTS (SELECT 1 FROM booked) THEN 'after_close'"
    "   WHEN (SELECT changed FROM heats) THEN 'heats' ELSE 'after_close' END)";
/* clang-format on */

/* What a figure rests on, by its name; any other is money. */
static const struct {
    const char *figure, *what;
} bases[] = {
    {"heats", "steel"},       {"steel_kg", "steel"},   {"used", "use"},        {"amount", "use"},
    {"estimated_pct", "use"}, {"target", "allowance"}, {"limit", "allowance"},
};

static const char *basis_of(const char *figure)
{
    for (size_t i = 0; i < sizeof bases / sizeof *bases; i++) {
        if (strcmp(bases[i].figure, figure) == 0) {
            return bases[i].what;
        }
    }
    return "money";
}

static bool keep_text(void *context, const struct reader_row *row)
{
    *(char **)context = memory_text(row->values[0]);
    return false;
}

char *period_why(struct reader *reader, const struct period_change *change, struct failure *failure)
{
    char *why = NULL;
    const struct reader_parameter parameters[] = {
        {":position", change->position},
        {":period", change->period},
        {":what", basis_of(change->figure)},
        {":crew", change->crew},
        {":item", change->item},
        {":quota", change->quota},
    };

    return reader_query(reader, why_sql, parameters, (int)(sizeof parameters / sizeof *parameters),
                        keep_text, &why, failure)
               ? why
               : NULL;
}
