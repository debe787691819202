#include "attribution.h"

#include "memory.h"
#include "shares.h"
#include "tariff.h"

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

static int64_t earlier(int64_t a_us, int64_t b_us)
{
    return a_us < b_us ? a_us : b_us;
}

int64_t attribution_next_us(const struct attribution *attribution, const struct meter *meter,
                            bool named, int64_t after_us)
{
    const struct tariff *tariff = attribution->catalog->items[meter->item.index].tariff;
    int64_t next_us = calendar_duty_at(attribution->calendar, after_us).end_us;
    if (meter->role == METER_CHECK) {
        return next_us; /* costs nothing */
    }
    if (tariff != NULL && attribution->zone != NULL) {
        next_us = earlier(next_us, tariff_next_us(tariff, attribution->zone, after_us));
    }
    return named ? next_us : earlier(next_us, shares_next_us(attribution, meter, after_us));
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
