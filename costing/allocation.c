#include "allocation.h"

#include "apportion.h"
#include "failure.h"
#include "memory.h"
#include "quantity.h"

#include <stdlib.h>
#include <string.h>

void allocation_clear(struct allocation *allocation)
{
    free(allocation->fixed);
    free(allocation->floors);
    free(allocation->proposals);
    free(allocation->nodes);
    free(allocation->places);
    *allocation = (struct allocation){.node_count = 0};
}

const char *allocation_level_name(int level)
{
    return level == ALLOCATION_SHIFT ? "shift" : period_kind_name((enum period_kind)level);
}

const char *allocation_holder_name(enum allocation_holder holder)
{
    static const char *const names[] = {"shop", "station", "crew", "post"};
    return names[holder];
}

/* ---- Planned steel ---- */

/* The steel planned for a period that `next` levels divide further: its own row, or the sum of
 * theirs where all are planned; -1: not known. */
static int64_t planned_below_g(const struct costing_rules *rules,
                               const struct allocation *allocation, struct period period, int next)
{
    int64_t own_g = costing_planned_g(rules, period, (crew_id){CATALOG_NONE}), sum_g = 0;
    if (own_g >= 0 || next >= allocation->level_count ||
        allocation->levels[next] == ALLOCATION_SHIFT) {
        return own_g;
    }
    struct period part = period_of((enum period_kind)allocation->levels[next], period.from_day);
    for (; part.from_day < period.until_day; part = period_next(part)) {
        int64_t part_g = planned_below_g(rules, allocation, part, next + 1);
        if (part_g < 0) {
            return -1;
        }
        sum_g = quantity_add(sum_g, part_g);
    }
    return sum_g;
}

int64_t allocation_planned_g(const struct costing_rules *rules, const struct allocation *allocation)
{
    return planned_below_g(rules, allocation, allocation->period, 0);
}

/* What an allocation has divided down to that shift; -1: nothing. */
static int64_t divided_g(const struct allocation *allocation, int32_t day, shift_id shift)
{
    if (!period_holds(allocation->period, day)) {
        return -1;
    }
    for (size_t i = 0; i < allocation->node_count; i++) {
        const struct allocation_place *place = &allocation->places[i];
        if (place->level == ALLOCATION_SHIFT && place->part == ALLOCATION_NO_PART &&
            place->shift.index == shift.index && place->period.from_day == day) {
            return place->planned_g;
        }
    }
    return -1;
}

int64_t allocation_planned_shift_g(const struct costing_rules *rules, int32_t day, shift_id shift,
                                   crew_id crew, uint32_t shift_count)
{
    const struct period period = period_of(PERIOD_DAY, day);
    int64_t planned_g = costing_planned_g(rules, period, crew);
    for (uint32_t i = 0; planned_g < 0 && i < rules->allocation_count; i++) {
        planned_g = divided_g(&rules->allocations[i], day, shift);
    }
    if (planned_g < 0) {
        int64_t day_g = costing_planned_g(rules, period, (crew_id){CATALOG_NONE});
        planned_g = day_g < 0 || shift_count == 0 ? -1 : day_g / shift_count;
    }
    return planned_g;
}

/* ---- The parts of one node ---- */

/* A tree while it grows. */
struct growth {
    struct allocation *allocation;
    const struct costing_rules *rules;
    const struct allocation_roster *roster;
    struct allocation_trouble *trouble;
    size_t count;
};

/* Its parts as they are gathered: what is planned of each by itself (-1: nothing), by what they
 * share where none is, and whether they can be planned at all. */
struct siblings {
    size_t parent, count;
    struct allocation_place places[APPORTION_PARTS_MAX];
    int64_t own_g[APPORTION_PARTS_MAX], shares[APPORTION_PARTS_MAX];
    bool idle[APPORTION_PARTS_MAX]; /* a shift that nobody works */
};

static enum allocation_result trouble_at(struct growth *growth,
                                         const struct allocation_place *place,
                                         enum allocation_result result)
{
    growth->trouble->period = place->period;
    growth->trouble->crew = place->crew;
    return result;
}

/* What each of them is planned to make, from what their whole is. */
static enum allocation_result share_steel(struct growth *growth, struct siblings *siblings)
{
    const struct allocation_place *whole = &growth->allocation->places[siblings->parent];
    int64_t parts_g[APPORTION_PARTS_MAX], sum_g = 0;
    quantity_wide shares = 0;
    size_t staffed = 0, planned = 0, hole = siblings->count;
    for (size_t i = 0; i < siblings->count; i++) {
        bool known = siblings->own_g[i] >= 0;
        staffed += siblings->idle[i] ? 0 : 1;
        planned += known ? 1 : 0;
        hole = known || siblings->idle[i] || hole < siblings->count ? hole : i;
        sum_g = quantity_add(sum_g, known ? siblings->own_g[i] : 0);
        shares += siblings->shares[i];
    }
    if (planned > 0 && planned < staffed) {
        return trouble_at(growth, &siblings->places[hole], ALLOCATION_HOLE);
    }
    if (planned > 0 && whole->planned_g >= 0 && whole->planned_g != sum_g) {
        growth->trouble->whole_g = whole->planned_g;
        growth->trouble->parts_g = sum_g;
        return trouble_at(growth, whole, ALLOCATION_MISMATCH);
    }
    if (planned == 0 && whole->planned_g < 0) {
        return trouble_at(growth, whole, ALLOCATION_UNPLANNED);
    }
    if (planned == 0 && shares == 0) {
        return trouble_at(growth, whole, ALLOCATION_NO_WEIGHT);
    }
    if (planned == 0) {
        apportion(whole->planned_g, siblings->shares, siblings->count, parts_g);
    }
    for (size_t i = 0; i < siblings->count; i++) {
        int64_t own_g = siblings->own_g[i] >= 0 ? siblings->own_g[i] : 0;
        siblings->places[i].planned_g = planned == 0 ? parts_g[i] : own_g;
    }
    return ALLOCATION_DONE;
}

static enum allocation_result gather_periods(struct growth *growth, struct siblings *siblings,
                                             int level)
{
    const struct allocation *allocation = growth->allocation;
    const struct allocation_place *whole = &allocation->places[siblings->parent];
    struct period period =
        period_of((enum period_kind)allocation->levels[level], whole->period.from_day);
    for (; period.from_day < whole->period.until_day; period = period_next(period)) {
        if (siblings->count == APPORTION_PARTS_MAX) {
            return trouble_at(growth, whole, ALLOCATION_TOO_MANY);
        }
        siblings->places[siblings->count] = (struct allocation_place){
            .parent = siblings->parent,
            .level = allocation->levels[level],
            .period = period,
            .shift = {CATALOG_NONE},
            .crew = {CATALOG_NONE},
            .part = ALLOCATION_NO_PART,
        };
        siblings->own_g[siblings->count] =
            planned_below_g(growth->rules, allocation, period, level + 1);
        siblings->shares[siblings->count++] = period.until_day - period.from_day;
    }
    return share_steel(growth, siblings);
}

static enum allocation_result gather_shifts(struct growth *growth, struct siblings *siblings)
{
    const struct allocation_place *whole = &growth->allocation->places[siblings->parent];
    for (uint16_t i = 0; i < growth->roster->shift_count; i++) {
        crew_id crew =
            growth->roster->crew_of(growth->roster->context, whole->period.from_day, (shift_id){i});
        bool idle = crew.index == CATALOG_NONE;
        siblings->places[i] = (struct allocation_place){
            .parent = siblings->parent,
            .level = ALLOCATION_SHIFT,
            .period = whole->period,
            .shift = {i},
            .crew = crew,
            .part = ALLOCATION_NO_PART,
        };
        siblings->idle[i] = idle;
        siblings->own_g[i] = idle ? -1 : costing_planned_g(growth->rules, whole->period, crew);
        siblings->shares[i] = idle ? 0 : growth->allocation->shift_weight_e3[i];
        siblings->count++;
    }
    return share_steel(growth, siblings);
}

/* Stations and posts answer for all of the steel, so theirs is that of their whole; crews share
 * it. */
static enum allocation_result gather_parts(struct growth *growth, struct siblings *siblings,
                                           size_t first_part, size_t part_count)
{
    const struct allocation *allocation = growth->allocation;
    const struct allocation_place *whole = &allocation->places[siblings->parent];
    bool crews = allocation->parts[first_part].holder == HELD_BY_CREW;
    for (size_t i = 0; i < part_count; i++) {
        const struct allocation_part *part = &allocation->parts[first_part + i];
        struct allocation_place *place = &siblings->places[i];
        bool by_steel = part->weight_e3 == ALLOCATION_BY_STEEL;
        *place = *whole;
        place->parent = siblings->parent;
        place->part = first_part + i;
        place->crew = part->crew.index != CATALOG_NONE ? part->crew : whole->crew;
        siblings->own_g[i] =
            by_steel ? costing_planned_g(growth->rules, whole->period, part->crew) : -1;
        siblings->shares[i] = by_steel ? 0 : part->weight_e3;
        siblings->count++;
        if (by_steel && siblings->own_g[i] < 0) {
            return trouble_at(growth, place, ALLOCATION_HOLE);
        }
    }
    bool planned = siblings->own_g[0] >= 0 || whole->planned_g >= 0;
    return crews && planned ? share_steel(growth, siblings) : ALLOCATION_DONE;
}

/* ---- The tree ---- */

/* The place of the node's level among those that divide the period; -1: the whole period. */
static int level_of(const struct allocation *allocation, size_t node)
{
    int level = -1;
    for (int i = 0; node != 0 && i < allocation->level_count; i++) {
        level = allocation->levels[i] == allocation->places[node].level ? i : level;
    }
    return level;
}

static enum allocation_result gather(struct growth *growth, struct siblings *siblings)
{
    const struct allocation *allocation = growth->allocation;
    size_t part = allocation->places[siblings->parent].part;
    int next = level_of(allocation, siblings->parent) + 1;
    if (part != ALLOCATION_NO_PART) {
        const struct allocation_part *own = &allocation->parts[part];
        return own->part_count > 0
                   ? gather_parts(growth, siblings, own->first_part, own->part_count)
                   : ALLOCATION_DONE;
    }
    if (next < allocation->level_count) {
        return allocation->levels[next] == ALLOCATION_SHIFT
                   ? gather_shifts(growth, siblings)
                   : gather_periods(growth, siblings, next);
    }
    return allocation->root_part_count > 0
               ? gather_parts(growth, siblings, 0, allocation->root_part_count)
               : ALLOCATION_DONE;
}

/* Puts what was gathered behind the nodes that are there. */
static enum allocation_result plant_siblings(struct growth *growth, const struct siblings *siblings)
{
    struct allocation *allocation = growth->allocation;
    struct plan_node *parent = &allocation->nodes[siblings->parent];
    if (growth->count + siblings->count > ALLOCATION_NODES_MAX) {
        return trouble_at(growth, &allocation->places[siblings->parent], ALLOCATION_TOO_MANY);
    }
    parent->first_part = growth->count;
    parent->part_count = siblings->count;
    for (size_t i = 0; i < siblings->count; i++) {
        const struct allocation_place *place = &siblings->places[i];
        bool weighed = place->part != ALLOCATION_NO_PART && siblings->own_g[i] < 0;
        allocation->nodes[growth->count] =
            (struct plan_node){.weight = weighed ? siblings->shares[i] : place->planned_g};
        allocation->places[growth->count++] = *place;
    }
    return ALLOCATION_DONE;
}

static enum allocation_result grow(struct growth *growth)
{
    struct siblings *siblings = memory_zeroed(1, sizeof *siblings);
    enum allocation_result result = ALLOCATION_DONE;
    for (size_t i = 0; i < growth->count && result == ALLOCATION_DONE; i++) {
        *siblings = (struct siblings){.parent = i};
        result = gather(growth, siblings);
        if (result == ALLOCATION_DONE && siblings->count > 0) {
            result = plant_siblings(growth, siblings);
        }
    }
    free(siblings);
    return result;
}

/* The node of a whole period; 0: there is none but the root. */
static size_t node_of(const struct allocation *allocation, struct period period)
{
    for (size_t i = 1; i < allocation->node_count; i++) {
        const struct allocation_place *place = &allocation->places[i];
        if (place->level != ALLOCATION_SHIFT && place->part == ALLOCATION_NO_PART &&
            period_equal(place->period, period)) {
            return i;
        }
    }
    return 0;
}

/* What the parts of a node have for sure. */
static int64_t fixed_below_base(const struct allocation *allocation, size_t node)
{
    int64_t fixed_base = 0;
    for (size_t i = 0; i < allocation->nodes[node].part_count; i++) {
        const struct plan_node *part = &allocation->nodes[allocation->nodes[node].first_part + i];
        fixed_base = quantity_add(fixed_base, part->fixed ? part->amount_base : 0);
    }
    return fixed_base;
}

static enum allocation_result fix_and_divide(struct growth *growth)
{
    static const enum allocation_result results[] = {
        [PLAN_DONE] = ALLOCATION_DONE,
        [PLAN_TOO_MUCH_FIXED] = ALLOCATION_OVER_FIXED,
        [PLAN_TOO_LITTLE] = ALLOCATION_UNDER_FIXED,
        [PLAN_NO_WEIGHT] = ALLOCATION_NO_WEIGHT,
    };
    struct allocation *allocation = growth->allocation;
    size_t at = 0;
    for (uint32_t i = 0; i < allocation->fixed_count; i++) {
        size_t node = node_of(allocation, allocation->fixed[i].period);
        if (node == 0) {
            growth->trouble->period = allocation->fixed[i].period;
            return ALLOCATION_NO_PERIOD;
        }
        allocation->nodes[node].fixed = true;
        allocation->nodes[node].amount_base = allocation->fixed[i].amount_base;
    }
    enum plan_result result = plan_divide(allocation->nodes, allocation->node_count, &at);
    if (result != PLAN_DONE) {
        growth->trouble->whole_base = allocation->nodes[at].amount_base;
        growth->trouble->fixed_base = fixed_below_base(allocation, at);
        return trouble_at(growth, &allocation->places[at], results[result]);
    }
    return ALLOCATION_DONE;
}

/* The tree grew where there was room for the largest; it keeps what it takes. */
static void keep_used(struct allocation *allocation)
{
    struct plan_node *nodes = allocation->nodes;
    struct allocation_place *places = allocation->places;
    allocation->nodes = memory_zeroed(allocation->node_count, sizeof *nodes);
    allocation->places = memory_zeroed(allocation->node_count, sizeof *places);
    memcpy(allocation->nodes, nodes, allocation->node_count * sizeof *nodes);
    memcpy(allocation->places, places, allocation->node_count * sizeof *places);
    free(nodes);
    free(places);
}

enum allocation_result allocation_divide(struct allocation *allocation,
                                         const struct costing_rules *rules,
                                         const struct allocation_roster *roster,
                                         struct allocation_trouble *trouble)
{
    struct growth growth = {allocation, rules, roster, trouble, 1};
    REQUIRE(allocation->nodes == NULL && roster->shift_count <= CATALOG_SHIFTS_MAX);
    *trouble = (struct allocation_trouble){.crew = {CATALOG_NONE}};
    allocation->nodes = memory_zeroed(ALLOCATION_NODES_MAX, sizeof *allocation->nodes);
    allocation->places = memory_zeroed(ALLOCATION_NODES_MAX, sizeof *allocation->places);
    allocation->nodes[0] = (struct plan_node){.amount_base = allocation->amount_base};
    allocation->places[0] = (struct allocation_place){
        .level = (int)allocation->period.kind,
        .period = allocation->period,
        .shift = {CATALOG_NONE},
        .crew = {CATALOG_NONE},
        .part = ALLOCATION_NO_PART,
        .planned_g = allocation_planned_g(rules, allocation),
    };
    enum allocation_result result = grow(&growth);
    allocation->node_count = growth.count;
    keep_used(allocation);
    return result == ALLOCATION_DONE ? fix_and_divide(&growth) : result;
}
