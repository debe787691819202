/* The lines of a plan: of each period what the shop has, and what each of its holders has, summed
 * over the finest periods. */
#include "allocation.h"
#include "failure.h"
#include "memory.h"
#include "quantity.h"

#include <stdlib.h>
#include <string.h>

/* Holders are numbered: the parts, then the crews of the roster. */
#define HOLDERS_MAX (ALLOCATION_PARTS_MAX + CATALOG_CREWS_MAX)

/* What a holder has in a period or shift. */
struct share {
    bool any;
    int64_t planned_g, amount_base;
};

struct sums {
    const struct allocation *allocation;
    const int64_t *amounts_base; /* of the nodes */
    struct share *shares;        /* HOLDERS_MAX a node */
};

static bool is_time(const struct allocation_place *place)
{
    return place->part == ALLOCATION_NO_PART;
}

static int64_t amount_of(const struct sums *sums, size_t node)
{
    return sums->amounts_base != NULL ? sums->amounts_base[node]
                                      : sums->allocation->nodes[node].amount_base;
}

/* The holder that a node is about; HOLDERS_MAX: the shop alone. */
static size_t holder_of(const struct allocation_place *place)
{
    if (place->part != ALLOCATION_NO_PART) {
        return place->part;
    }
    bool crew = place->level == ALLOCATION_SHIFT && place->crew.index != CATALOG_NONE;
    return crew ? ALLOCATION_PARTS_MAX + (size_t)place->crew.index : HOLDERS_MAX;
}

/* Adds what a node has to its holder's share in the shift or period it belongs to, and in all that
 * lie above. */
static void add_node(struct sums *sums, size_t node)
{
    const struct allocation_place *places = sums->allocation->places;
    size_t holder = holder_of(&places[node]), at = node;
    while (holder < HOLDERS_MAX) {
        if (is_time(&places[at])) {
            struct share *share = &sums->shares[at * HOLDERS_MAX + holder];
            int64_t planned_g = places[node].planned_g;
            bool known = planned_g >= 0 && (!share->any || share->planned_g >= 0);
            share->planned_g = known ? quantity_add(share->planned_g, planned_g) : -1;
            share->amount_base = quantity_add(share->amount_base, amount_of(sums, node));
            share->any = true;
        }
        if (at == 0) {
            return;
        }
        at = places[at].parent;
    }
}

static struct allocation_line line_at(const struct sums *sums, size_t node)
{
    const struct allocation_place *place = &sums->allocation->places[node];
    return (struct allocation_line){
        .level = place->level,
        .period = place->period,
        .shift = place->shift,
        .holder = HELD_BY_SHOP,
        .crew = {CATALOG_NONE},
        .part = ALLOCATION_NO_PART,
        .planned_g = place->planned_g,
        .amount_base = amount_of(sums, node),
        .fixed = sums->allocation->nodes[node].fixed,
    };
}

/* To whom a part belongs: the crew itself, or the one above a post. */
static crew_id crew_above(const struct allocation *allocation, size_t part)
{
    for (size_t i = 0; i < allocation->part_count; i++) {
        const struct allocation_part *whole = &allocation->parts[i];
        if (allocation->parts[part].crew.index == CATALOG_NONE && part >= whole->first_part &&
            part < whole->first_part + whole->part_count) {
            return crew_above(allocation, i);
        }
    }
    return allocation->parts[part].crew;
}

static struct allocation_line holder_line(const struct sums *sums, size_t node, size_t holder)
{
    const struct share *share = &sums->shares[node * HOLDERS_MAX + holder];
    struct allocation_line line = line_at(sums, node);
    bool part = holder < ALLOCATION_PARTS_MAX;
    line.holder = part ? sums->allocation->parts[holder].holder : HELD_BY_CREW;
    line.part = part ? holder : ALLOCATION_NO_PART;
    line.crew = part ? crew_above(sums->allocation, holder)
                     : (crew_id){(uint16_t)(holder - ALLOCATION_PARTS_MAX)};
    line.planned_g = share->planned_g;
    line.amount_base = share->amount_base;
    line.fixed = false;
    return line;
}

struct allocation_line *allocation_lines(const struct allocation *allocation,
                                         const int64_t *amounts_base, size_t *count)
{
    struct sums sums = {allocation, amounts_base, NULL};
    struct allocation_line *lines = NULL;
    size_t capacity = 0, time_nodes = 0;
    /* periods and shifts stand before all parts: the tree is made level by level */
    while (time_nodes < allocation->node_count && is_time(&allocation->places[time_nodes])) {
        time_nodes++;
    }
    sums.shares = memory_zeroed(time_nodes * HOLDERS_MAX + 1, sizeof *sums.shares);
    for (size_t i = 0; i < allocation->node_count; i++) {
        add_node(&sums, i);
    }
    *count = 0;
    for (size_t i = 0; i < time_nodes; i++) {
        memory_grow(&lines, *count, &capacity, sizeof *lines);
        lines[(*count)++] = line_at(&sums, i);
        for (size_t holder = 0; holder < HOLDERS_MAX; holder++) {
            if (sums.shares[i * HOLDERS_MAX + holder].any) {
                memory_grow(&lines, *count, &capacity, sizeof *lines);
                lines[(*count)++] = holder_line(&sums, i, holder);
            }
        }
    }
    free(sums.shares);
    return lines;
}
