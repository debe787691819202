/* What the meters of a saving measure showed by crew-shift, before it began and since: the points
 * of its baseline, and those that are held against it. */
#ifndef HEATLEDGER_MEASURE_POINTS_H
#define HEATLEDGER_MEASURE_POINTS_H

#include "baseline.h"
#include "cost.h"
#include "report_kind.h"

/* Points reach back so far from the start of the measure. */
#define MEASURE_BASELINE_DAYS 365

/* Whose points: use of an item, of these meters alone (ids joined by ';', NULL: of all). */
struct measure_scope {
    item_id item;
    const char *meters;
    int64_t from_us;
    int32_t fit_from_day, fit_until_day; /* production days of the points before [from, until) */
};

struct measure_points {
    struct sheet *sheet; /* of the points */
    unsigned decimals;   /* of the item */
    const struct measure_scope *scope;
    struct baseline_point *before, *since;
    size_t before_count, since_count;
    size_t before_capacity, since_capacity;
    int64_t since_us; /* how long the crew-shifts since the start lasted, in all */
    int32_t last_day; /* the production day of the last of them */
};

/* Reads the crew-shifts that are over and whose heats have all ended and are weighed, in the owner
 * view, as `report crews --view owner` has them. The one in which the measure began is none of
 * either. The fractions belong to `sheet`, which outlives the points. To be cleared in any case. */
bool measure_points_load(struct measure_points *points, struct sheet *sheet,
                         const struct report_source *source, const struct measure_scope *scope,
                         struct failure *failure);
void measure_points_clear(struct measure_points *points);

/* Adds up what the use since the start cost: what a tariff made a unit cost on average. */
bool measure_points_cost(const struct report_source *source, const struct measure_scope *scope,
                         struct cost_sum *sum, struct failure *failure);

#endif
