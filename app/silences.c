#include "silences.h"

#include "memory.h"
#include "timestamp.h"

#include <stdlib.h>

void silences_start(struct silences *silences, uint32_t meter_count)
{
    silences_clear(silences);
    silences->taken = memory_zeroed(meter_count, sizeof *silences->taken);
}

void silences_clear(struct silences *silences)
{
    free(silences->heap);
    free(silences->taken);
    *silences = (struct silences){0};
}

static bool is_before(const struct silence *one, const struct silence *other)
{
    return one->due_us != other->due_us ? one->due_us < other->due_us
                                        : one->meter.index < other->meter.index;
}

void silences_put(struct silences *silences, meter_id meter, int64_t due_us)
{
    struct silence put = {due_us, meter};
    memory_grow(&silences->heap, silences->count, &silences->capacity, sizeof *silences->heap);
    size_t at = silences->count++;
    while (at > 0 && is_before(&put, &silences->heap[(at - 1) / 2])) {
        silences->heap[at] = silences->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    silences->heap[at] = put;
    silences->taken[meter.index] = false;
}

int64_t silences_due_us(const struct silences *silences)
{
    return silences->count > 0 ? silences->heap[0].due_us : TIMESTAMP_NEVER_US;
}

bool silences_pop(struct silences *silences, int64_t now_us, meter_id *meter)
{
    if (silences_due_us(silences) > now_us || silences->count == 0) {
        return false;
    }
    struct silence *heap = silences->heap;
    *meter = heap[0].meter;
    silences->taken[meter->index] = true;
    struct silence last = heap[--silences->count];
    size_t at = 0;
    for (size_t child = 1; child < silences->count; child = 2 * at + 1) {
        if (child + 1 < silences->count && is_before(&heap[child + 1], &heap[child])) {
            child++;
        }
        if (!is_before(&heap[child], &last)) {
            break;
        }
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = last;
    return true;
}
