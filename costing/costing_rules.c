#include "costing_rules.h"

#include "allocation.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

void costing_rules_clear(struct costing_rules *rules)
{
    free(rules->prices);
    free(rules->factors);
    free(rules->classes);
    free(rules->item_class);
    free(rules->causes);
    free(rules->plans);
    free(rules->baselines);
    free(rules->station_run_us);
    for (uint32_t i = 0; i < rules->allocation_count; i++) {
        allocation_clear(&rules->allocations[i]);
    }
    free(rules->allocations);
    *rules = (struct costing_rules){0};
}

const struct price *costing_price(const struct costing_rules *rules, item_id item, int32_t day)
{
    const struct price *found = NULL;
    for (uint32_t i = 0; i < rules->price_count; i++) {
        const struct price *price = &rules->prices[i];
        if (price->item.index == item.index && price->from_day <= day) {
            found = price; /* they are sorted: the last one counts */
        }
    }
    return found;
}

const struct energy_factor *costing_factor(const struct costing_rules *rules,
                                           enum energy_measure measure, item_id item, int32_t day)
{
    const struct energy_factor *found = NULL;
    for (uint32_t i = 0; i < rules->factor_count; i++) {
        const struct energy_factor *factor = &rules->factors[i];
        if (factor->measure == measure && factor->item.index == item.index &&
            factor->from_day <= day) {
            found = factor;
        }
    }
    return found;
}

const struct cause_code *costing_cause(const struct costing_rules *rules, const char *code)
{
    for (uint32_t i = 0; i < rules->cause_count; i++) {
        if (strcmp(rules->causes[i].code, code) == 0) {
            return &rules->causes[i];
        }
    }
    return NULL;
}

const struct energy_baseline *costing_baseline(const struct costing_rules *rules, item_id item,
                                               station_id station, int32_t day)
{
    const struct energy_baseline *found = NULL;
    for (uint32_t i = 0; i < rules->baseline_count; i++) {
        const struct energy_baseline *baseline = &rules->baselines[i];
        if (baseline->item.index == item.index && baseline->station.index == station.index &&
            baseline->from_day <= day) {
            found = baseline; /* they are sorted: the last one counts */
        }
    }
    return found;
}

int64_t costing_planned_g(const struct costing_rules *rules, struct period period, crew_id crew)
{
    for (uint32_t i = 0; i < rules->plan_count; i++) {
        const struct planned_steel *plan = &rules->plans[i];
        if (period_equal(plan->period, period) && plan->crew.index == crew.index) {
            return plan->steel_g;
        }
    }
    return -1;
}
