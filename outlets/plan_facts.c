#include "plan_facts.h"

#include "memory.h"
#include "quantity.h"
#include "report_parts.h"

#include <stdlib.h>
#include <string.h>

/* SQL keeps its own line breaks. */
/* clang-format off */

/* What was judged, by crew-shift, and the steel of the heats that it owns. */
static const char crews_sql[] =
    "SELECT b.day, sh.id, c.id, NULL, SUM(b.used_base), 0, 0, 1"
    " FROM crew_balance b JOIN quota q ON q.no = b.quota JOIN shift sh ON sh.no = b.shift"
    "  JOIN crew c ON c.no = b.crew WHERE q.id = :of GROUP BY b.day, sh.id, c.id"
    " UNION ALL SELECT h.owner_day, sh.id, c.id, NULL, 0, SUM(h.steel_g),"
    "  COUNT(*) > COUNT(h.steel_g), 0"
    " FROM heat h JOIN shift sh ON sh.no = h.owner_shift JOIN crew c ON c.no = h.owner_crew"
    " WHERE h.gone = 0 AND h.no <> 0 AND h.owner_day IS NOT NULL"
    " GROUP BY h.owner_day, sh.id, c.id";

/* The same use by station: what a quota counts is said in ledger/proof.c. */
static const char stations_sql[] =
    "WITH counted AS (SELECT CASE WHEN q.view = 'clock' OR s.heat = 0 THEN s.day"
    "   ELSE h.owner_day END AS day, CASE WHEN q.view = 'clock' OR s.heat = 0 THEN s.shift"
    "   ELSE h.owner_shift END AS shift, CASE WHEN q.view = 'clock' OR s.heat = 0 THEN s.crew"
    "   ELSE h.owner_crew END AS crew, st.id AS station, s.amount_base"
    "  FROM quota q JOIN net_segment s ON s.item = q.item JOIN station st ON st.no = s.station"
    "   JOIN meter m ON m.no = s.meter JOIN heat h ON h.no = s.heat"
    "  WHERE q.id = :of"
    "   AND (q.stations = '' OR instr(';' || q.stations || ';', ';' || st.id || ';') > 0)"
    "   AND (q.meters = '' OR instr(';' || q.meters || ';', ';' || m.id || ';') > 0)"
    "   AND (q.view = 'clock' OR (s.heat = 0 AND q.basis = 'shift')"
    "    OR (s.heat <> 0 AND h.owner_day IS NOT NULL"
    "     AND (q.basis <> 'tonne' OR h.steel_g > 0))))"
    " SELECT u.day, sh.id, c.id, u.station, SUM(u.amount_base), 0, 0, 0"
    " FROM counted u JOIN shift sh ON sh.no = u.shift JOIN crew c ON c.no = u.crew"
    " GROUP BY u.day, sh.id, c.id, u.station";

/* What crew-shifts that are over have shown. Nothing used shows nothing: a meter was silent. */
static const char shown_sql[] =
    "SELECT b.used_base, SUM(h.steel_g) FROM crew_balance b JOIN quota q ON q.no = b.quota"
    "  JOIN heat h ON h.owner_day = b.day AND h.owner_shift = b.shift AND h.owner_crew = b.crew"
    " WHERE q.id = :of AND b.crew <> 0 AND b.provisional = 0 AND b.used_base > 0 AND h.gone = 0"
    "  AND h.no <> 0 GROUP BY b.day, b.shift, b.crew"
    " HAVING COUNT(*) = COUNT(h.steel_g) AND SUM(h.steel_g) > 0";

static const char today_sql[] =
    "SELECT MAX(s.day) FROM slot s, progress p WHERE s.start_us <= p.now_us";
/* clang-format on */

static bool take_fact(void *context, const struct reader_row *row)
{
    enum { DAY, SHIFT, CREW, STATION, USED, STEEL, UNWEIGHED, JUDGED };
    struct plan_facts *facts = context;
    const char *const *values = row->values;
    struct plan_fact fact = {
        .day = (int32_t)report_number(values[DAY]),
        .crew = {CATALOG_NONE},
        .station = {CATALOG_NONE},
        .used_base = report_number(values[USED]),
        .steel_g = report_number(values[STEEL]),
        .unweighed = report_number(values[UNWEIGHED]) != 0,
    };
    facts->judged = facts->judged || report_number(values[JUDGED]) != 0;
    /* of a former configuration: the shop's all the same */
    if (!catalog_find_shift(facts->catalog, values[SHIFT], &fact.shift)) {
        fact.shift.index = CATALOG_NONE;
    }
    if (!catalog_find_crew(facts->catalog, values[CREW], &fact.crew)) {
        fact.crew.index = CATALOG_NONE;
    }
    if (values[STATION] != NULL &&
        !catalog_find_station(facts->catalog, values[STATION], &fact.station)) {
        return true;
    }
    memory_grow(&facts->facts, facts->count, &facts->capacity, sizeof fact);
    facts->facts[facts->count++] = fact;
    return true;
}

static bool take_shown(void *context, const struct reader_row *row)
{
    struct reallocation_rate *best = context;
    struct reallocation_rate shown = {report_number(row->values[0]), report_number(row->values[1])};
    if (best->steel_g == 0 || (quantity_wide)shown.used_base * best->steel_g <
                                  (quantity_wide)best->used_base * shown.steel_g) {
        *best = shown;
    }
    return true;
}

static bool take_today(void *context, const struct reader_row *row)
{
    int32_t *today = context;
    *today = row->values[0] != NULL ? (int32_t)report_number(row->values[0]) : INT32_MIN;
    return false;
}

static bool has_stations(const struct allocation *allocation)
{
    for (size_t i = 0; i < allocation->part_count; i++) {
        if (allocation->parts[i].holder == HELD_BY_STATION) {
            return true;
        }
    }
    return false;
}

bool plan_facts_read(struct plan_facts *facts, const struct report_source *source,
                     const struct allocation *allocation, struct failure *failure)
{
    const struct reader_parameter of = {":of", allocation->quota};
    *facts = (struct plan_facts){.catalog = source->catalog, .today = INT32_MIN};
    return report_ask(source, crews_sql, of, take_fact, facts, failure) &&
           (!has_stations(allocation) ||
            report_ask(source, stations_sql, of, take_fact, facts, failure)) &&
           report_ask(source, shown_sql, of, take_shown, &facts->best, failure) &&
           report_ask(source, today_sql, of, take_today, &facts->today, failure);
}

void plan_facts_clear(struct plan_facts *facts)
{
    free(facts->facts);
    *facts = (struct plan_facts){.count = 0};
}

/* The station of the line's holder, or of the one above it; CATALOG_NONE: none. */
static station_id station_of(const struct plan_facts *facts, const struct allocation *allocation,
                             size_t part)
{
    station_id station = {CATALOG_NONE};
    if (part == ALLOCATION_NO_PART) {
        return station;
    }
    if (allocation->parts[part].holder == HELD_BY_STATION) {
        REQUIRE(catalog_find_station(facts->catalog, allocation->parts[part].id, &station));
        return station;
    }
    for (size_t i = 0; i < part; i++) {
        const struct allocation_part *whole = &allocation->parts[i];
        if (part >= whole->first_part && part < whole->first_part + whole->part_count) {
            return station_of(facts, allocation, i);
        }
    }
    return station;
}

struct plan_sum plan_facts_sum(const struct plan_facts *facts, const struct allocation *allocation,
                               const struct allocation_line *line)
{
    struct plan_sum sum = {.used_base = 0};
    station_id station = station_of(facts, allocation, line->part);
    for (size_t i = 0; i < facts->count; i++) {
        const struct plan_fact *fact = &facts->facts[i];
        bool within =
            period_holds(line->period, fact->day) &&
            (line->shift.index == CATALOG_NONE || line->shift.index == fact->shift.index) &&
            (line->crew.index == CATALOG_NONE || line->crew.index == fact->crew.index);
        if (!within) {
            continue;
        }
        if (fact->station.index == station.index) {
            sum.used_base = quantity_add(sum.used_base, fact->used_base);
        }
        if (fact->station.index == CATALOG_NONE) {
            sum.steel_g = quantity_add(sum.steel_g, fact->steel_g);
            sum.unweighed = sum.unweighed || fact->unweighed;
        }
    }
    return sum;
}
