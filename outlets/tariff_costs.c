#include "tariff_costs.h"

#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIST_MAX (CATALOG_ITEMS_MAX * (CATALOG_ID_MAX + 1) + 2)

/* In the quota's own view; a quota per tonne counts the heats whose weight is known, one per heat
 * all heats, any other idle use as well. */
#define USES(narrowed)                                                                             \
    "WITH u AS MATERIALIZED ("                                                                     \
    "  SELECT q.id AS quota, i.id AS item, s.start_us, s.end_us, s.amount_base,"                   \
    "   CASE WHEN q.view = 'owner' AND s.heat <> 0 THEN h.owner_day ELSE s.day END AS day,"        \
    "   CASE WHEN q.view = 'owner' AND s.heat <> 0 THEN h.owner_crew ELSE s.crew END AS crew"      \
    "  FROM net_segment s JOIN quota q ON q.item = s.item JOIN item i ON i.no = s.item"            \
    "   JOIN heat h ON h.no = s.heat JOIN station st ON st.no = s.station"                         \
    "   JOIN meter m ON m.no = s.meter"                                                            \
    "  WHERE instr(:timed, ' ' || i.id || ' ') > 0"                                                \
    "   AND (q.stations = '' OR instr(';' || q.stations || ';', ';' || st.id || ';') > 0)"         \
    "   AND (q.meters = '' OR instr(';' || q.meters || ';', ';' || m.id || ';') > 0)"              \
    "   AND (q.basis NOT IN ('tonne', 'heat') OR s.heat <> 0)"                                     \
    "   AND (q.basis <> 'tonne' OR h.steel_g IS NOT NULL)"                                         \
    "   AND (:quota IS NULL OR q.id = :quota) AND (:item IS NULL OR i.id = :item)"                 \
    "   " narrowed ")"                                                                             \
    " SELECT u.quota, c.id AS crew, u.day, u.item, u.start_us, u.end_us, SUM(u.amount_base)"       \
    " FROM u JOIN crew c ON c.no = u.crew"                                                         \
    " WHERE u.day IS NOT NULL AND (:day IS NULL OR u.day = CAST(:day AS INTEGER))"                 \
    "  AND (:crew IS NULL OR c.id = :crew)"                                                        \
    "  AND (:period IS NULL OR u.day >= period_from(:period) AND u.day < period_until(:period))"   \
    " GROUP BY 1, 2, 3, 5, 6 ORDER BY 1, 2, 3, 5, 6"
static const char uses_sql[] = USES("");
static const char uses_of_days_sql[] = USES("AND " TARIFF_COSTS_OF_DAYS);

bool tariff_costs_of_days(const struct report_source *source)
{
    return report_is_given(source, ":day") || report_is_given(source, ":period");
}

char *tariff_costs_items(const struct catalog *catalog)
{
    char *list = memory_zeroed(LIST_MAX, 1);
    size_t length = 1;
    list[0] = ' ';
    for (uint32_t i = 0; i < catalog->item_count; i++) {
        if (catalog->items[i].tariff != NULL) {
            length +=
                (size_t)snprintf(list + length, LIST_MAX - length, "%s ", catalog->items[i].id);
        }
    }
    return list;
}

static int64_t number(const char *text)
{
    return strtoll(text, NULL, 10);
}

static bool take_use(void *context, const struct reader_row *row)
{
    enum { QUOTA, CREW, DAY, ITEM, START, END, AMOUNT };
    struct tariff_costs *costs = context;
    const char *const *values = row->values;
    struct cost_use use = {.day = (int32_t)number(values[DAY]),
                           .start_us = number(values[START]),
                           .end_us = number(values[END]),
                           .amount_base = number(values[AMOUNT])};
    struct tariff_cost *last = costs->count > 0 ? &costs->items[costs->count - 1] : NULL;
    REQUIRE(catalog_find_item(costs->basis.catalog, values[ITEM], &use.item));
    if (last == NULL || last->day != use.day || strcmp(last->crew, values[CREW]) != 0 ||
        strcmp(last->quota, values[QUOTA]) != 0) {
        memory_grow(&costs->items, costs->count, &costs->capacity, sizeof *costs->items);
        last = &costs->items[costs->count++];
        *last = (struct tariff_cost){.day = use.day};
        snprintf(last->quota, sizeof last->quota, "%s", values[QUOTA]);
        snprintf(last->crew, sizeof last->crew, "%s", values[CREW]);
    }
    cost_add(&last->sum, &costs->basis, &use);
    return true;
}

bool tariff_costs_load(struct tariff_costs *costs, const struct report_source *source,
                       struct failure *failure)
{
    const char *sql = tariff_costs_of_days(source) ? uses_of_days_sql : uses_sql;
    char *timed = tariff_costs_items(source->catalog);
    *costs = (struct tariff_costs){
        .basis = {source->rules, source->catalog, reader_zone(source->reader)}};
    bool good =
        timed[1] == '\0' || report_ask(source, sql, (struct reader_parameter){":timed", timed},
                                       take_use, costs, failure);
    free(timed);
    return good;
}

void tariff_costs_clear(struct tariff_costs *costs)
{
    free(costs->items);
    *costs = (struct tariff_costs){.items = NULL};
}

static int compare(const void *left, const void *right)
{
    const struct tariff_cost *a = left, *b = right;
    int order = strcmp(a->quota, b->quota);
    order = order != 0 ? order : strcmp(a->crew, b->crew);
    return order != 0 ? order : (a->day > b->day) - (a->day < b->day);
}

const struct cost_sum *tariff_costs_find(const struct tariff_costs *costs, const char *quota,
                                         const char *crew, int32_t day)
{
    struct tariff_cost key = {.day = day};
    snprintf(key.quota, sizeof key.quota, "%s", quota);
    snprintf(key.crew, sizeof key.crew, "%s", crew);
    const struct tariff_cost *found =
        costs->count == 0 ? NULL : bsearch(&key, costs->items, costs->count, sizeof key, compare);
    return found != NULL ? &found->sum : NULL;
}
