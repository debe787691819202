#include "attribution.h"

#include "memory.h"
#include "shares.h"

#include <stdlib.h>

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
    int64_t share_us = shares_next_us(attribution, meter, after_us);
    return crew_us < share_us ? crew_us : share_us;
}

void attribution_divide(const struct attribution *attribution, const struct segment *whole,
                        const struct meter *meter, heat_no named, struct segment_list *list)
{
    struct segment part = *whole;
    part.slot = calendar_duty_at(attribution->calendar, whole->start_us).slot;
    part.station = meter->station;
    part.heat = named;
    part.method = named.value != 0 ? SHARING_NAMED : SHARING_NONE;
    if (named.value != 0 || meter->role == METER_CHECK) {
        segment_list_add(list, &part);
    } else {
        shares_divide(attribution, &part, meter, list);
    }
}
