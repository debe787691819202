#include "measure_points.h"

#include "memory.h"
#include "timestamp.h"

#include <stdio.h>
#include <stdlib.h>

#define STEEL_DECIMALS 6 /* grams, of a tonne */
#define NUMBER_TEXT_MAX 24

/* Segments reach a little further back than crew-shifts, so that the first one is whole. */
static const char points_sql[] =
    "WITH used AS ("
    "  SELECT CASE WHEN s.heat = 0 THEN s.day ELSE h.owner_day END AS day,"
    "    CASE WHEN s.heat = 0 THEN s.shift ELSE h.owner_shift END AS shift,"
    "    CASE WHEN s.heat = 0 THEN s.crew ELSE h.owner_crew END AS crew,"
    "    SUM(s.amount_base) AS amount"
    "  FROM net_segment s JOIN heat h ON h.no = s.heat JOIN item i ON i.no = s.item"
    "    JOIN meter m ON m.no = s.meter"
    "  WHERE i.id = :item AND s.start_us >= CAST(:back AS INTEGER) - 2 * 86400000000"
    "   AND (:meters IS NULL OR instr(';' || :meters || ';', ';' || m.id || ';') > 0)"
    "  GROUP BY 1, 2, 3),"
    " owned AS ("
    "  SELECT owner_day AS day, owner_shift AS shift, owner_crew AS crew, SUM(steel_g) AS steel_g,"
    "    COUNT(*) = COUNT(steel_g) AS weighed, MAX(ended_us IS NULL) AS running"
    "  FROM heat WHERE owner_day IS NOT NULL AND gone = 0 GROUP BY 1, 2, 3)"
    " SELECT w.start_us, w.end_us, w.day, u.amount, COALESCE(o.steel_g, 0)"
    " FROM used u JOIN slot w ON w.day = u.day AND w.shift = u.shift AND w.crew = u.crew"
    "  LEFT JOIN owned o ON o.day = u.day AND o.shift = u.shift AND o.crew = u.crew"
    " WHERE u.crew <> 0 AND w.start_us >= CAST(:back AS INTEGER)"
    "  AND w.end_us <= (SELECT now_us FROM progress)"
    "  AND (o.day IS NULL OR o.weighed AND NOT o.running)"
    "  AND (w.end_us <= CAST(:start AS INTEGER) OR w.start_us >= CAST(:start AS INTEGER))"
    " ORDER BY w.start_us, w.crew";

static const char cost_sql[] =
    "SELECT s.day, s.start_us, s.end_us, SUM(s.amount_base)"
    " FROM net_segment s JOIN item i ON i.no = s.item JOIN meter m ON m.no = s.meter"
    " WHERE i.id = :item AND s.start_us >= CAST(:start AS INTEGER)"
    "  AND (:meters IS NULL OR instr(';' || :meters || ';', ';' || m.id || ';') > 0)"
    " GROUP BY 1, 2, 3";

static int64_t number(const char *text)
{
    return strtoll(text, NULL, 10);
}

static bool ask(const struct report_source *source, const char *sql,
                const struct measure_scope *scope,
                bool (*row)(void *context, const struct reader_row *row), void *context,
                struct failure *failure)
{
    char start[NUMBER_TEXT_MAX], back[NUMBER_TEXT_MAX];
    snprintf(start, sizeof start, "%lld", (long long)scope->from_us);
    snprintf(back, sizeof back, "%lld",
             (long long)(scope->from_us - MEASURE_BASELINE_DAYS * TIMESTAMP_DAY_US));
    const struct reader_parameter parameters[] = {
        {":item", source->catalog->items[scope->item.index].id},
        {":meters", scope->meters},
        {":start", start},
        {":back", back},
    };
    return reader_query(source->reader, sql, parameters, 4, row, context, failure);
}

static void add(struct baseline_point **points, size_t *count, size_t *capacity,
                struct baseline_point point)
{
    memory_grow(points, *count, capacity, sizeof **points);
    (*points)[(*count)++] = point;
}

static bool take_point(void *context, const struct reader_row *row)
{
    enum { START, END, DAY, AMOUNT, STEEL };
    struct measure_points *points = context;
    const char *const *values = row->values;
    const struct baseline_point point = {
        .tonnes = fraction_decimal(points->sheet, number(values[STEEL]), STEEL_DECIMALS),
        .used = fraction_decimal(points->sheet, number(values[AMOUNT]), points->decimals),
    };
    const struct measure_scope *scope = points->scope;
    int32_t day = (int32_t)number(values[DAY]);
    if (number(values[END]) <= scope->from_us) {
        if (day >= scope->fit_from_day && day < scope->fit_until_day) {
            add(&points->before, &points->before_count, &points->before_capacity, point);
        }
        return true;
    }
    add(&points->since, &points->since_count, &points->since_capacity, point);
    points->since_us += number(values[END]) - number(values[START]);
    points->last_day = day;
    return true;
}

bool measure_points_load(struct measure_points *points, struct sheet *sheet,
                         const struct report_source *source, const struct measure_scope *scope,
                         struct failure *failure)
{
    *points =
        (struct measure_points){.sheet = sheet,
                                .decimals = source->catalog->items[scope->item.index].decimals,
                                .scope = scope};
    return ask(source, points_sql, scope, take_point, points, failure);
}

void measure_points_clear(struct measure_points *points)
{
    free(points->before);
    free(points->since);
    *points = (struct measure_points){0};
}

struct costing {
    struct cost_basis basis;
    item_id item;
    struct cost_sum *sum;
};

static bool take_use(void *context, const struct reader_row *row)
{
    enum { DAY, START, END, AMOUNT };
    struct costing *costing = context;
    const char *const *values = row->values;
    const struct cost_use use = {.item = costing->item,
                                 .day = (int32_t)number(values[DAY]),
                                 .start_us = number(values[START]),
                                 .end_us = number(values[END]),
                                 .amount_base = number(values[AMOUNT])};
    cost_add(costing->sum, &costing->basis, &use);
    return true;
}

bool measure_points_cost(const struct report_source *source, const struct measure_scope *scope,
                         struct cost_sum *sum, struct failure *failure)
{
    struct costing costing = {
        .basis = {source->rules, source->catalog, reader_zone(source->reader)},
        .item = scope->item,
        .sum = sum,
    };
    *sum = (struct cost_sum){0};
    return ask(source, cost_sql, scope, take_use, &costing, failure);
}
