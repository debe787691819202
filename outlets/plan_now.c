#include "plan_now.h"

#include "memory.h"
#include "report_parts.h"

#include <stdlib.h>
#include <string.h>

#define E9_OF_A_GRAM 1000 /* 10^-9 t */

static const char plans_sql[] =
    "SELECT p.period, p.crew, p.tonnes_e9 FROM paper p"
    " WHERE p.kind = 'plan' AND p.replaced = 0 AND p.tonnes_e9 IS NOT NULL"
    " ORDER BY p.position, p.ordinal";

static bool take_plan(void *context, const struct reader_row *row)
{
    struct plan_now *now = context;
    struct planned_steel change = {.crew = {CATALOG_NONE},
                                   .steel_g = report_number(row->values[2]) / E9_OF_A_GRAM};
    bool known =
        row->values[1] == NULL || catalog_find_crew(now->catalog, row->values[1], &change.crew);
    if (known && period_parse(row->values[0], &change.period)) {
        memory_grow(&now->changes, now->change_count, &now->change_capacity, sizeof change);
        now->changes[now->change_count++] = change;
    }
    return true;
}

bool plan_now_read(struct plan_now *now, const struct report_source *source,
                   struct failure *failure)
{
    *now = (struct plan_now){.catalog = source->catalog};
    return report_ask(source, plans_sql, (struct reader_parameter){NULL, NULL}, take_plan, now,
                      failure);
}

void plan_now_clear(struct plan_now *now)
{
    free(now->changes);
    *now = (struct plan_now){.changes = NULL};
}

int64_t plan_now_g(const struct plan_now *now, struct period period, crew_id crew)
{
    for (size_t i = now->change_count; i-- > 0;) {
        const struct planned_steel *change = &now->changes[i];
        if (period_equal(change->period, period) && change->crew.index == crew.index) {
            return change->steel_g;
        }
    }
    return -1;
}

struct allocation plan_now_allocation(const struct plan_now *now,
                                      const struct allocation *allocation)
{
    struct allocation copy = *allocation;
    copy.places = memory_zeroed(allocation->node_count, sizeof *copy.places);
    memcpy(copy.places, allocation->places, allocation->node_count * sizeof *copy.places);
    for (size_t i = 0; i < now->change_count; i++) {
        const struct planned_steel *change = &now->changes[i];
        allocation_replan(&copy, change->period, change->crew, change->steel_g);
    }
    return copy;
}

void plan_now_release(struct allocation *copy)
{
    free(copy->places);
    copy->places = NULL;
}
