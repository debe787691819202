#include "heat_use.h"

#include "failure.h"
#include "memory.h"

#include <stdlib.h>

void heat_parts_add(struct heat_parts *parts, const struct heat_part *part)
{
    memory_grow(&parts->items, parts->count, &parts->capacity, sizeof *parts->items);
    parts->items[parts->count++] = *part;
}

void heat_parts_clear(struct heat_parts *parts)
{
    free(parts->items);
    *parts = (struct heat_parts){0};
}

void heat_use_clear(struct heat_use *use)
{
    for (size_t i = 0; i < use->count; i++) {
        heat_parts_clear(&use->of[i]);
    }
    free(use->of);
    *use = (struct heat_use){0};
}

static struct heat_parts *parts_of(struct heat_use *use, heat_no heat)
{
    while (use->count < heat.value) {
        memory_grow(&use->of, use->count, &use->capacity, sizeof *use->of);
        use->of[use->count++] = (struct heat_parts){0};
    }
    return &use->of[heat.value - 1];
}

static bool is_same(const struct heat_part *a, const struct heat_part *b)
{
    return a->meter.index == b->meter.index && a->station.index == b->station.index &&
           crew_slot_equal(a->slot, b->slot) && a->start_us == b->start_us &&
           a->amount_base == b->amount_base && a->quality == b->quality;
}

bool heat_use_take(struct heat_use *use, const struct posting *posting)
{
    const struct segment *segment = &posting->segment;
    if (segment->heat.value == 0 || segment->method == SHARING_MOVED) {
        return false;
    }
    struct heat_part part = {segment->meter,    segment->station,     segment->slot,
                             segment->start_us, segment->amount_base, segment->quality};
    struct heat_parts *parts = parts_of(use, segment->heat);
    if (posting->cause != POSTING_REVERSAL) {
        heat_parts_add(parts, &part);
        return true;
    }
    part.amount_base = -part.amount_base;
    size_t at = parts->count;
    while (at > 0 && !is_same(&parts->items[at - 1], &part)) {
        at--;
    }
    REQUIRE(at > 0);
    parts->items[at - 1] = parts->items[--parts->count];
    return true;
}

const struct heat_parts *heat_use_of(const struct heat_use *use, heat_no heat)
{
    return heat.value <= use->count ? &use->of[heat.value - 1] : NULL;
}
