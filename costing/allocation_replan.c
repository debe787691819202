/* Planned steel that was changed after the tree was made. */
#include "allocation.h"
#include "apportion.h"
#include "quantity.h"

#include <string.h>

static bool is_time(const struct allocation *allocation, size_t node)
{
    return allocation->places[node].part == ALLOCATION_NO_PART;
}

/* Sets what is planned of so many nodes so that they add up, in the proportions that they had; of
 * nodes of which nothing was planned, in equal ones. */
static void share_out(struct allocation *allocation, const size_t *nodes, size_t count,
                      int64_t steel_g)
{
    int64_t weights[APPORTION_PARTS_MAX] = {0}, parts_g[APPORTION_PARTS_MAX];
    quantity_wide sum = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t planned_g = allocation->places[nodes[i]].planned_g;
        weights[i] = planned_g > 0 ? planned_g : 0;
        sum += weights[i];
    }
    for (size_t i = 0; i < count && sum == 0; i++) {
        weights[i] = 1;
    }
    apportion(steel_g, weights, count, parts_g);
    for (size_t i = 0; i < count; i++) {
        allocation->places[nodes[i]].planned_g = parts_g[i];
    }
}

static bool shares_steel(const struct allocation *allocation, size_t node)
{
    size_t part = allocation->places[node].part;
    return part == ALLOCATION_NO_PART || allocation->parts[part].holder == HELD_BY_CREW;
}

/* What lies below follows: periods, shifts and crews share it, stations and posts have all. */
static void plan_below(struct allocation *allocation, size_t node)
{
    const struct plan_node *own = &allocation->nodes[node];
    size_t nodes[APPORTION_PARTS_MAX];
    if (own->part_count == 0) {
        return;
    }
    for (size_t i = 0; i < own->part_count; i++) {
        nodes[i] = own->first_part + i;
    }
    if (shares_steel(allocation, nodes[0])) {
        share_out(allocation, nodes, own->part_count, allocation->places[node].planned_g);
    } else {
        for (size_t i = 0; i < own->part_count; i++) {
            allocation->places[nodes[i]].planned_g = allocation->places[node].planned_g;
        }
    }
    for (size_t i = 0; i < own->part_count; i++) {
        plan_below(allocation, nodes[i]);
    }
}

/* What lies above is the sum of what it is divided into. */
static void plan_above(struct allocation *allocation, size_t node)
{
    while (node != 0 && shares_steel(allocation, node)) {
        size_t parent = allocation->places[node].parent;
        const struct plan_node *whole = &allocation->nodes[parent];
        int64_t sum_g = 0;
        for (size_t i = 0; i < whole->part_count; i++) {
            int64_t planned_g = allocation->places[whole->first_part + i].planned_g;
            sum_g = quantity_add(sum_g, planned_g > 0 ? planned_g : 0);
        }
        allocation->places[parent].planned_g = sum_g;
        node = parent;
    }
}

static bool is_meant(const struct allocation *allocation, size_t node, struct period period,
                     crew_id crew)
{
    const struct allocation_place *place = &allocation->places[node];
    if (crew.index == CATALOG_NONE) {
        return is_time(allocation, node) && place->level != ALLOCATION_SHIFT &&
               period_equal(place->period, period);
    }
    bool own = is_time(allocation, node) ? place->level == ALLOCATION_SHIFT
                                         : allocation->parts[place->part].holder == HELD_BY_CREW &&
                                               is_time(allocation, place->parent);
    return own && place->crew.index == crew.index && place->period.from_day >= period.from_day &&
           place->period.until_day <= period.until_day;
}

bool allocation_replan(struct allocation *allocation, struct period period, crew_id crew,
                       int64_t steel_g)
{
    size_t nodes[APPORTION_PARTS_MAX], count = 0;
    for (size_t i = 0; i < allocation->node_count && count < APPORTION_PARTS_MAX; i++) {
        if (is_meant(allocation, i, period, crew)) {
            nodes[count++] = i;
        }
    }
    if (count == 0) {
        return false;
    }
    share_out(allocation, nodes, count, steel_g);
    for (size_t i = 0; i < count; i++) {
        plan_below(allocation, nodes[i]);
        plan_above(allocation, nodes[i]);
    }
    return true;
}
