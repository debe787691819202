/* The heats of one plant, told of events. */
#ifndef HEAT_SHOP_H
#define HEAT_SHOP_H

#include "heats.h"
#include "plant_fixture.h"

struct shop {
    struct plant *plant;
    struct calendar *calendar;
    struct heats *heats;
};

static inline struct shop shop_open(struct plant *plant)
{
    struct shop shop = {.plant = plant};
    shop.calendar = calendar_create(&plant->roster, &plant->catalog);
    shop.heats = heats_create(&plant->catalog, &plant->rules, shop.calendar);
    return shop;
}

static inline void shop_close(struct shop *shop)
{
    heats_destroy(shop->heats);
    calendar_destroy(shop->calendar);
    plant_destroy(shop->plant);
}

static inline enum outcome tell(struct shop *shop, struct heat_event event)
{
    struct heat_change change = {0};
    const char *detail = NULL;
    enum outcome outcome = heats_event(shop->heats, &event, &change, &detail);
    assert_int_equal(outcome_info(outcome)->refused, detail != NULL);
    return outcome;
}

static inline enum outcome tell_at(struct shop *shop, enum heat_event_kind kind, const char *heat,
                                   uint16_t station, const char *time_of_day)
{
    return tell(shop, heat_event_of(kind, heat, station, clock_at(time_of_day)));
}

static const struct heat *heat_of(struct shop *shop, const char *id)
{
    for (uint32_t no = 1; no <= heats_count(shop->heats); no++) {
        const struct heat *heat = heats_get(shop->heats, (heat_no){no});
        if (strcmp(heat->id, id) == 0) {
            return heat;
        }
    }
    fail_msg("no heat %s", id);
    return NULL;
}

#endif
