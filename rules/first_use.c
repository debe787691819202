#include "first_use.h"

#include "memory.h"
#include "quantity.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void first_use_clear(struct first_use *first)
{
    free(first->uses);
    *first = (struct first_use){0};
}

static bool comes_before(const struct used_at *use, const struct segment *segment)
{
    return use->start_us < segment->start_us ||
           (use->start_us == segment->start_us && use->meter < segment->meter.index);
}

/* Index of the first one that does not come before the segment. */
static size_t place_of(const struct first_use *first, const struct segment *segment)
{
    size_t low = 0;
    size_t high = first->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (comes_before(&first->uses[middle], segment)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

void first_use_count(struct first_use *first, const struct segment *segment)
{
    if (segment->amount_base == 0) {
        return;
    }
    size_t at = place_of(first, segment);
    struct used_at *use = at < first->count ? &first->uses[at] : NULL;
    if (use == NULL || use->start_us != segment->start_us || use->meter != segment->meter.index) {
        memory_grow(&first->uses, first->count, &first->capacity, sizeof *first->uses);
        use = &first->uses[at];
        memmove(use + 1, use, (first->count - at) * sizeof *use);
        first->count++;
        *use = (struct used_at){segment->start_us, segment->meter.index, 0};
    }
    use->amount_base = quantity_add(use->amount_base, segment->amount_base);
    if (use->amount_base == 0) {
        first->count--;
        memmove(use, use + 1, (first->count - at) * sizeof *use);
    }
}

int64_t first_use_us(const struct first_use *first)
{
    return first->count > 0 ? first->uses[0].start_us : INT64_MAX;
}
