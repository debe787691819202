#include "used.h"

#include "memory.h"
#include "quantity.h"

#include <stdlib.h>
#include <string.h>

void used_clear(struct used *used)
{
    free(used->uses);
    *used = (struct used){0};
}

static int compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare(const struct used_at *a, const struct used_at *b)
{
    const int orders[] = {
        compare_numbers(a->start_us, b->start_us),
        compare_numbers(a->meter.index, b->meter.index),
        compare_numbers(a->station.index, b->station.index),
        compare_numbers(a->slot.day, b->slot.day),
        compare_numbers(a->slot.shift.index, b->slot.shift.index),
        compare_numbers(a->slot.crew.index, b->slot.crew.index),
    };
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        if (orders[i] != 0) {
            return orders[i];
        }
    }
    return 0;
}

/* Index of the first one that does not come before `use`. */
static size_t place_of(const struct used *used, const struct used_at *use)
{
    size_t low = 0;
    size_t high = used->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(&used->uses[middle], use) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

void used_count(struct used *used, const struct segment *segment, int64_t amount_base)
{
    if (amount_base == 0) {
        return;
    }
    const struct used_at fresh = {.start_us = segment->start_us,
                                  .meter = segment->meter,
                                  .station = segment->station,
                                  .slot = segment->slot};
    size_t at = place_of(used, &fresh);
    if (at == used->count || compare(&used->uses[at], &fresh) != 0) {
        memory_grow(&used->uses, used->count, &used->capacity, sizeof *used->uses);
        memmove(&used->uses[at + 1], &used->uses[at], (used->count - at) * sizeof *used->uses);
        used->count++;
        used->uses[at] = fresh;
    }
    struct used_at *use = &used->uses[at];
    use->amount_base = quantity_add(use->amount_base, amount_base);
    if (use->amount_base == 0) {
        used->count--;
        memmove(use, use + 1, (used->count - at) * sizeof *use);
    }
}

const struct used_at *used_first(const struct used *one, const struct used *other)
{
    if (one->count == 0 || other->count == 0) {
        const struct used *only = one->count == 0 ? other : one;
        return only->count == 0 ? NULL : &only->uses[0];
    }
    return compare(&other->uses[0], &one->uses[0]) < 0 ? &other->uses[0] : &one->uses[0];
}
