/* Re-allocation of a whole allocation: its finest periods, or their crews, are the parts. */
#include "failure.h"
#include "memory.h"
#include "quantity.h"
#include "reallocation.h"

#include <stdlib.h>
#include <string.h>

#define RATE_DECIMALS 9
#define GRAM_DECIMALS 6 /* of a tonne */

enum node_class { NODE_ABOVE, NODE_PART, NODE_BELOW };

void reallocation_clear(struct reallocation_tree *tree)
{
    free(tree->amounts_base);
    free(tree->floors_base);
    free(tree->asked_base);
    *tree = (struct reallocation_tree){.amounts_base = NULL};
}

enum reallocation_state reallocation_state_of(const struct allocation *allocation,
                                              struct period period, int32_t today)
{
    if (period.until_day <= today) {
        return PART_CLOSED;
    }
    bool frozen =
        allocation->frozen_days > 0 && period.from_day < (int64_t)today + allocation->frozen_days;
    return frozen ? PART_FROZEN : PART_OPEN;
}

static bool is_crew(const struct allocation *allocation, size_t node)
{
    size_t part = allocation->places[node].part;
    return part != ALLOCATION_NO_PART && allocation->parts[part].holder == HELD_BY_CREW;
}

/* Periods that are divided further, and those whose crews are the parts, lie above. */
static enum node_class class_of(const struct allocation *allocation, size_t node)
{
    const struct allocation_place *place = &allocation->places[node];
    const struct plan_node *own = &allocation->nodes[node];
    if (place->part != ALLOCATION_NO_PART) {
        bool of_period = allocation->places[place->parent].part == ALLOCATION_NO_PART;
        return of_period && is_crew(allocation, node) ? NODE_PART : NODE_BELOW;
    }
    if (own->part_count == 0) {
        return NODE_PART;
    }
    bool holders = allocation->places[own->first_part].part != ALLOCATION_NO_PART;
    return holders && !is_crew(allocation, own->first_part) ? NODE_PART : NODE_ABOVE;
}

/* The strictest of the wishes that hold for a place, as an amount: the highest floor, the lowest
 * proposal. REALLOCATION_UNBOUND: none. */
static int64_t wish_base(const struct allocation_wish *wishes, uint32_t count, bool highest,
                         const struct allocation_place *place, unsigned decimals)
{
    int64_t wish_base = REALLOCATION_UNBOUND;
    for (uint32_t i = 0; i < count; i++) {
        const struct allocation_wish *wish = &wishes[i];
        bool holds = place->period.from_day >= wish->period.from_day &&
                     place->period.until_day <= wish->period.until_day &&
                     (wish->crew.index == CATALOG_NONE || wish->crew.index == place->crew.index);
        if (!holds) {
            continue;
        }
        quantity_wide base =
            quantity_floor_divide((quantity_wide)wish->rate_e9 * place->planned_g,
                                  quantity_power_of_ten(RATE_DECIMALS + GRAM_DECIMALS - decimals));
        int64_t amount_base = base > INT64_MAX / 4 ? INT64_MAX / 4 : (int64_t)base;
        bool stricter = highest ? amount_base > wish_base : amount_base < wish_base;
        wish_base = wish_base == REALLOCATION_UNBOUND || stricter ? amount_base : wish_base;
    }
    return wish_base;
}

static struct reallocation_part part_of(const struct allocation *allocation, size_t node,
                                        unsigned decimals, int32_t today, reallocation_used *used,
                                        const void *context)
{
    const struct allocation_place *place = &allocation->places[node];
    struct reallocation_part part = {
        .state = reallocation_state_of(allocation, place->period, today),
        .planned_g = place->planned_g,
        .allotted_base = allocation->nodes[node].amount_base,
        .floor_base = REALLOCATION_UNBOUND,
        .asked_base = REALLOCATION_UNBOUND,
    };
    part.used_base = part.state == PART_CLOSED ? used(context, place) : 0;
    if (part.state == PART_OPEN) {
        part.floor_base =
            wish_base(allocation->floors, allocation->floor_count, true, place, decimals);
        part.asked_base =
            wish_base(allocation->proposals, allocation->proposal_count, false, place, decimals);
    }
    if (part.asked_base != REALLOCATION_UNBOUND && part.asked_base < part.floor_base) {
        part.asked_base = part.floor_base; /* what comes from above goes before */
    }
    return part;
}

/* What a part has goes to the stations and posts below it by their weights. */
static void divide_below(const struct allocation *allocation, size_t node, int64_t *amounts_base)
{
    const struct plan_node *own = &allocation->nodes[node];
    int64_t weights[APPORTION_PARTS_MAX] = {0};
    quantity_wide weight = 0;
    for (size_t i = 0; i < own->part_count; i++) {
        weights[i] = allocation->nodes[own->first_part + i].weight;
        weight += weights[i];
    }
    for (size_t i = 0; i < own->part_count && weight == 0; i++) {
        weights[i] = 1;
    }
    if (own->part_count > 0) {
        apportion(amounts_base[node], weights, own->part_count, amounts_base + own->first_part);
    }
}

/* Upwards, the sums; downwards, what stations and posts have. */
static void spread(const struct allocation *allocation, const enum node_class *classes,
                   struct reallocation_tree *tree)
{
    for (size_t i = 0; i < allocation->node_count; i++) {
        if (classes[i] != NODE_ABOVE) {
            divide_below(allocation, i, tree->amounts_base);
        }
    }
    for (size_t i = allocation->node_count; i-- > 1;) {
        size_t parent = allocation->places[i].parent;
        if (classes[parent] == NODE_ABOVE) {
            tree->amounts_base[parent] =
                quantity_add(tree->amounts_base[parent], tree->amounts_base[i]);
            tree->floors_base[parent] =
                quantity_add(tree->floors_base[parent], tree->floors_base[i]);
            tree->asked_base[parent] = quantity_add(tree->asked_base[parent], tree->asked_base[i]);
        }
    }
}

/* The parts, and which node each is; their number, or SIZE_MAX where one has no planned steel. */
static size_t gather(const struct allocation *allocation, const enum node_class *classes,
                     struct reallocation_part *parts, size_t *nodes, unsigned decimals,
                     int32_t today, reallocation_used *used, const void *context)
{
    size_t count = 0;
    for (size_t i = 0; i < allocation->node_count; i++) {
        if (classes[i] != NODE_PART) {
            continue;
        }
        if (allocation->places[i].planned_g < 0) {
            return SIZE_MAX;
        }
        nodes[count] = i;
        parts[count++] = part_of(allocation, i, decimals, today, used, context);
    }
    return count;
}

/* Where a closed period is divided over crews: what others used in it, a relief for one, is gone
 * as well, and stands with the period alone. Returns the sum. */
static int64_t keep_use_of_others(const struct allocation *allocation,
                                  const enum node_class *classes, int32_t today,
                                  reallocation_used *used, const void *context,
                                  struct reallocation_tree *tree)
{
    int64_t sum_base = 0;
    for (size_t i = 0; i < allocation->node_count; i++) {
        const struct plan_node *own = &allocation->nodes[i];
        const struct allocation_place *place = &allocation->places[i];
        if (classes[i] != NODE_ABOVE || !is_crew(allocation, own->first_part) ||
            reallocation_state_of(allocation, place->period, today) != PART_CLOSED) {
            continue;
        }
        int64_t others_base = used(context, place);
        for (size_t k = 0; k < own->part_count; k++) {
            const struct allocation_place *part = &allocation->places[own->first_part + k];
            others_base = quantity_add(others_base, -used(context, part));
        }
        tree->amounts_base[i] = others_base;
        sum_base = quantity_add(sum_base, others_base);
    }
    return sum_base;
}

static void keep(struct reallocation_tree *tree, const struct reallocation_part *part, size_t node)
{
    tree->amounts_base[node] = part->amount_base;
    tree->floors_base[node] = part->floor_base > 0 ? part->floor_base : 0;
    tree->asked_base[node] = part->asked_base > 0 ? part->asked_base : 0;
}

static enum reallocation_outcome divide(struct sheet *sheet, const struct allocation *allocation,
                                        struct reallocation_part *parts, const size_t *nodes,
                                        size_t count, int64_t others_base,
                                        struct reallocation_rate best,
                                        struct reallocation_tree *tree)
{
    size_t open = 0;
    if (count == SIZE_MAX) {
        return REALLOCATION_UNPLANNED;
    }
    for (size_t i = 0; i < count; i++) {
        open += parts[i].state == PART_OPEN ? 1 : 0;
    }
    if (open > REALLOCATION_PARTS_MAX) {
        return REALLOCATION_TOO_MANY;
    }
    tree->result = reallocation_of(sheet, quantity_add(allocation->amount_base, -others_base),
                                   parts, count, best);
    for (size_t i = 0; i < count; i++) {
        keep(tree, &parts[i], nodes[i]);
    }
    return REALLOCATED;
}

enum reallocation_outcome
reallocation_divide(struct sheet *sheet, const struct allocation *allocation, unsigned decimals,
                    int32_t today, struct reallocation_rate best, reallocation_used *used,
                    const void *context, struct reallocation_tree *tree)
{
    size_t count = allocation->node_count;
    enum node_class *classes = memory_zeroed(count, sizeof *classes);
    struct reallocation_part *parts = memory_zeroed(count, sizeof *parts);
    size_t *nodes = memory_zeroed(count, sizeof *nodes);
    tree->amounts_base = memory_zeroed(count, sizeof *tree->amounts_base);
    tree->floors_base = memory_zeroed(count, sizeof *tree->floors_base);
    tree->asked_base = memory_zeroed(count, sizeof *tree->asked_base);
    for (size_t i = 0; i < count; i++) {
        classes[i] = class_of(allocation, i);
    }
    size_t part_count = gather(allocation, classes, parts, nodes, decimals, today, used, context);
    int64_t others_base = keep_use_of_others(allocation, classes, today, used, context, tree);
    enum reallocation_outcome outcome =
        divide(sheet, allocation, parts, nodes, part_count, others_base, best, tree);
    if (outcome == REALLOCATED) {
        spread(allocation, classes, tree);
    }
    free(classes);
    free(parts);
    free(nodes);
    return outcome;
}
