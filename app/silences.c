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

#define SECTION "silences"
#define VERSION 1

void silences_save(const struct silences *silences, uint32_t meter_count,
                   struct snapshot_writer *writer)
{
    snapshot_put_section(writer, SECTION, VERSION);
    snapshot_put_number(writer, silences->count);
    for (size_t i = 0; i < silences->count; i++) {
        snapshot_put_number(writer, silences->heap[i].meter.index);
        snapshot_put_moment(writer, silences->heap[i].due_us,
                            i == 0 ? 0 : silences->heap[0].due_us);
    }
    for (uint32_t i = 0; i < meter_count; i++) {
        snapshot_put_flag(writer, silences->taken[i]);
    }
}

void silences_load(struct silences *silences, uint32_t meter_count, struct snapshot_reader *reader)
{
    int64_t first_us = 0;
    snapshot_get_section(reader, SECTION, VERSION);
    size_t count = snapshot_get_count(reader, meter_count);
    for (size_t i = 0; i < count; i++) {
        uint64_t meter = snapshot_get_number(reader, UINT32_MAX);
        int64_t due_us = snapshot_get_moment(reader, first_us);
        if (!snapshot_is_good(reader) || meter >= meter_count) {
            snapshot_refuse(reader, "a meter is listened to that the configuration does not have");
            return;
        }
        first_us = i == 0 ? due_us : first_us;
        silences_put(silences, (meter_id){(uint32_t)meter}, due_us);
    }
    for (uint32_t i = 0; i < meter_count; i++) {
        silences->taken[i] = snapshot_get_flag(reader);
    }
}
