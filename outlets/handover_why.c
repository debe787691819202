#include "handover_why.h"

#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* SQL keeps its own line breaks. */
/* clang-format off */

/* What counts for the figure, as the summary counts it (handover_parts.c): under the crew on duty,
 * or by the crew that answers for it; a quota a tonne or a heat counts no use without a heat. */
#define LISTED(list, id) "(" list " = '' OR instr(';' || " list " || ';', ';' || " id " || ';') > 0)"

/* What was booked since the summary was made, in this shift or under its heats, with both crews as
 * in handover_use.c, and what stood in the same record about the same meter: what took something
 * back is told by what came in its place, in this shift or elsewhere. The indexes alone tell which
 * postings those are. */
#define SIGNED "(SELECT v.position FROM handover_summary v WHERE v.day = (:day+0)" \
               " AND v.shift = (SELECT no FROM shift WHERE id = :shift))"
#define THIS(row, day, shift) \
    row "." day " = (:day+0) AND " row "." shift " = (SELECT no FROM shift WHERE id = :shift)"
static const struct reader_gathering later = {
    "handover_later", "meter, station, item, in_heat, c_crew, o_crew, cause, name",
    "WITH touched AS MATERIALIZED ("
    "  SELECT p.position, p.ordinal FROM entry_posting p"
    "   WHERE " THIS("p", "day", "shift") " AND p.position >= " SIGNED
    "  UNION SELECT p.position, p.ordinal FROM entry_posting p"
    "   WHERE p.heat IN (SELECT k.no FROM heat k WHERE " THIS("k", "owner_day", "owner_shift") ")"
    "    AND p.position >= " SIGNED "),"
    " booked AS MATERIALIZED (SELECT DISTINCT p.position, p.meter, o.no AS cause,"
    "   CASE WHEN o.name = 'late_event' AND k.name = 'next_heat' THEN k.name ELSE o.name END"
    "    AS name"
    "  FROM (SELECT DISTINCT position FROM touched) t JOIN entry_posting p USING (position)"
    "   JOIN posting_cause o ON o.no = p.cause JOIN sharing_method k ON k.no = p.method"
    "  WHERE o.name <> 'reversal')"
    " SELECT DISTINCT p.meter, p.station, p.item, p.heat <> 0,"
    "  CASE WHEN " THIS("p", "day", "shift") " THEN p.crew END,"
    "  CASE WHEN " THIS("h", "owner_day", "owner_shift") " THEN h.owner_crew END, b.cause, b.name"
    " FROM touched t JOIN entry_posting p USING (position, ordinal) JOIN heat h ON h.no = p.heat"
    "  JOIN booked b ON b.position = p.position AND b.meter = p.meter",
};

/* Why a figure is another: the causes of what counts for it. */
static const char *const causes_sql =
    "WITH figure AS (SELECT c.no AS crew, i.no AS item, COALESCE(q.stations, '') AS stations,"
    "   COALESCE(q.meters, '') AS meters,"
    "   CASE WHEN :figure = 'used' THEN q.view ELSE :figure END AS view,"
    "   COALESCE(q.basis, 'shift') AS basis"
    "  FROM crew c JOIN item i ON i.id = :item LEFT JOIN quota q ON q.id = :quota"
    "  WHERE c.id = :crew),"
    " named AS (SELECT p.name AS name"
    "  FROM figure f JOIN temp.handover_later p ON p.item = f.item"
    "   JOIN station st ON st.no = p.station JOIN meter m ON m.no = p.meter"
    "  WHERE CASE WHEN f.view = 'clock' OR NOT p.in_heat"
    "     THEN p.c_crew = f.crew AND (f.view = 'clock' OR f.basis IN ('shift', 'linear'))"
    "     ELSE p.o_crew = f.crew END"
    "   AND " LISTED("f.stations", "st.id") " AND " LISTED("f.meters", "m.id")
    "  GROUP BY p.name ORDER BY MIN(p.cause), p.name)"
    " SELECT COALESCE((SELECT group_concat(name, ';') FROM named WHERE name <> 'closed'),"
    "  (SELECT 'after_handover' FROM named LIMIT 1))";

/* View and basis of the quota, or of the one from which the item's row has its allowances. */
static const char *const quota_sql =
    "SELECT q.view || ' ' || q.basis FROM quota q JOIN item i ON i.no = q.item"
    " WHERE CASE WHEN :quota IS NULL"
    "   THEN i.id = :item AND q.stations = '' AND q.meters = '' AND q.view = 'owner'"
    "   ELSE q.id = :quota END ORDER BY q.sort LIMIT 1";
/* clang-format on */

#define PARAMETERS 4

static bool keep_text(void *context, const struct reader_row *row)
{
    char **text = context;

    *text = row->values[0] == NULL ? NULL : memory_text(row->values[0]);
    return false;
}

static bool ask(struct reader *reader, const char *sql, const struct handover_change *change,
                char **text, struct failure *failure)
{
    const struct reader_parameter parameters[PARAMETERS] = {
        {":crew", change->crew},
        {":item", change->item},
        {":quota", change->quota},
        {":figure", change->figure},
    };

    *text = NULL;
    return reader_query(reader, sql, parameters, PARAMETERS, keep_text, text, failure);
}

static bool is(const struct handover_change *change, const char *figure)
{
    return strcmp(change->figure, figure) == 0;
}

/* "A;B"; takes `first`, which may be NULL. */
static char *joined(char *first, const char *second)
{
    if (first == NULL) {
        return memory_text(second);
    }
    size_t size = strlen(first) + strlen(second) + 2;
    char *both = memory_zeroed(size, 1);
    snprintf(both, size, "%s;%s", first, second);
    free(first);
    return both;
}

bool handover_why_gather(struct reader *reader, const char *day, const char *shift,
                         struct failure *failure)
{
    const struct reader_parameter parameters[] = {{":day", day}, {":shift", shift}};

    return reader_gather(reader, &later, parameters, 2, failure);
}

char *handover_why(struct reader *reader, const struct handover_change *change,
                   struct failure *failure)
{
    bool allowance = is(change, "target") || is(change, "limit");
    char *quota = NULL, *why = NULL;

    if (change->item == NULL || (allowance && change->crew_differs)) {
        return memory_text(change->crew_differs ? "roster" : "heats");
    }
    if (!ask(reader, quota_sql, change, &quota, failure)) {
        return NULL;
    }
    bool by_shift = quota != NULL && strstr(quota, "shift") != NULL;
    bool by_tonne = quota != NULL && strstr(quota, "tonne") != NULL;
    bool by_owner = is(change, "owner") ||
                    (is(change, "used") && quota != NULL && strncmp(quota, "owner", 5) == 0);
    free(quota);
    if (allowance) { /* a shift's allowance follows who was there, and for how long */
        return memory_text(by_shift ? "roster" : "heats");
    }
    if (!ask(reader, causes_sql, change, &why, failure)) {
        return NULL;
    }
    bool heats = change->heats_differ || (change->weights_differ && is(change, "used") && by_tonne);
    if (why == NULL || (heats && by_owner && !change->crew_differs)) {
        /* what was booked is the same, its owner is another */
        why = joined(why, change->crew_differs ? "roster" : "heats");
    }
    return why;
}
