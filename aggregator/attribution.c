#include "attribution.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>

void segment_list_add(struct segment_list *list, const struct segment *segment)
{
    memory_grow(&list->items, list->count, &list->capacity, sizeof *list->items);
    list->items[list->count++] = *segment;
}

void segment_list_drop_empty(struct segment_list *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].amount_base != 0) {
            list->items[kept++] = list->items[i];
        }
    }
    list->count = kept;
}

void segment_list_clear(struct segment_list *list)
{
    free(list->items);
    *list = (struct segment_list){0};
}

int64_t attribution_next_us(const struct attribution *attribution, const struct meter *meter,
                            bool named, int64_t after_us)
{
    int64_t crew_us = calendar_duty_at(attribution->calendar, after_us).end_us;
    if (named || meter->role == METER_CHECK) {
        return crew_us;
    }
    int64_t heat_us = stays_next_us(heats_at(attribution->heats, meter->station), after_us);
    return crew_us < heat_us ? crew_us : heat_us;
}

/* Sorts by the heats' ids: numbers depend on the order of arrival, ids do not. */
static void sort_by_id(const struct heats *heats, heat_no *list, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        heat_no moving = list[i];
        const char *id = heats_get(heats, moving)->id;
        size_t at = i;
        while (at > 0 && strcmp(heats_get(heats, list[at - 1])->id, id) > 0) {
            list[at] = list[at - 1];
            at--;
        }
        list[at] = moving;
    }
}

void attribution_divide(const struct attribution *attribution, const struct segment *whole,
                        const struct meter *meter, heat_no named, struct segment_list *list)
{
    struct segment part = *whole;
    part.slot = calendar_duty_at(attribution->calendar, whole->start_us).slot;
    heat_no heats[ATTRIBUTION_HEATS_MAX];
    size_t count = 0;
    if (named.value == 0 && meter->role == METER_BOOK) {
        count = stays_alive(heats_at(attribution->heats, meter->station), whole->start_us, heats,
                            ATTRIBUTION_HEATS_MAX);
    }
    if (count <= 1) {
        part.heat = count == 1 ? heats[0] : named;
        part.method = named.value != 0 ? SHARING_NAMED : SHARING_NONE;
        segment_list_add(list, &part);
        return;
    }
    sort_by_id(attribution->heats, heats, count);
    int64_t share_base = whole->amount_base / (int64_t)count;
    size_t left = (size_t)(whole->amount_base % (int64_t)count);
    part.method = SHARING_EQUAL;
    for (size_t i = 0; i < count; i++) {
        part.heat = heats[i];
        part.amount_base = share_base + (i < left ? 1 : 0);
        segment_list_add(list, &part);
    }
}
