/* What the use that a quota counts cost, of items with a time-of-use tariff, by crew and production
 * day: their actual price is what was paid over what was used. */
#ifndef HEATLEDGER_TARIFF_COSTS_H
#define HEATLEDGER_TARIFF_COSTS_H

#include "cost.h"
#include "report_kind.h"

/* For SQL: what of segments `s` was used on the days of the filters day and period, or belongs to a
 * heat that is owned on them. Found by the indexes, in a materialized table expression; which of it
 * counts is for the view to say. */
#define TARIFF_COSTS_FROM "COALESCE(CAST(:day AS INTEGER), period_from(:period))"
#define TARIFF_COSTS_UNTIL "COALESCE(CAST(:day AS INTEGER) + 1, period_until(:period))"
#define TARIFF_COSTS_OF_DAYS                                                                       \
    "(s.day >= " TARIFF_COSTS_FROM " AND s.day < " TARIFF_COSTS_UNTIL                              \
    " OR s.heat IN (SELECT k.no FROM heat k WHERE k.owner_day >= " TARIFF_COSTS_FROM               \
    "  AND k.owner_day < " TARIFF_COSTS_UNTIL "))"

/* Whether one of those filters is given. */
bool tariff_costs_of_days(const struct report_source *source);

/* The items that have a tariff, each in spaces, for SQL: " electricity cog ". To be freed. */
char *tariff_costs_items(const struct catalog *catalog);

struct tariff_cost {
    char quota[CATALOG_ID_MAX + 1], crew[CATALOG_ID_MAX + 1];
    int32_t day;
    struct cost_sum sum;
};

struct tariff_costs {
    struct tariff_cost *items; /* by quota, crew, day */
    size_t count, capacity;
    struct cost_basis basis; /* of what is being read */
};

/* Reads them under the report's filters period, day, crew, quota and item. To be cleared in any
 * case. */
bool tariff_costs_load(struct tariff_costs *costs, const struct report_source *source,
                       struct failure *failure);
void tariff_costs_clear(struct tariff_costs *costs);

/* NULL: the quota's item has no tariff, or nothing was used. */
const struct cost_sum *tariff_costs_find(const struct tariff_costs *costs, const char *quota,
                                         const char *crew, int32_t day);

#endif
