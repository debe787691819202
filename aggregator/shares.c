#include "shares.h"

#include "apportion.h"
#include "failure.h"
#include "quantity.h"
#include "submeters.h"
#include "timestamp.h"

#include <string.h>

/* The stations over which a meter's use goes at one time. */
struct served {
    enum sharing_method method;
    uint32_t count;
    struct sharing_part own; /* where no rule names stations */
    const struct sharing_part *parts;
};

/* Writes to `served`, which must not move: `parts` may point into it. */
static void served_at(const struct meter *meter, int64_t ts_us, struct served *served)
{
    const struct sharing_rule *rule = sharing_rule_at(meter->sharing, ts_us);
    served->method = rule != NULL ? rule->method : SHARING_EQUAL;
    served->own = (struct sharing_part){.station = meter->station};
    served->count = rule != NULL && rule->part_count > 0 ? rule->part_count : 1;
    served->parts = rule != NULL && rule->part_count > 0 ? rule->parts : &served->own;
}

/* A heat that is there. */
struct presence {
    heat_no heat;
    station_id station;
};

struct presences {
    struct presence items[SHARES_HEATS_MAX];
    size_t count;
};

static int presence_compare(const struct heats *heats, struct presence a, struct presence b)
{
    if (a.heat.value != b.heat.value) {
        /* By id: numbers depend on the order of arrival, ids do not. One id may come again after
         * half a year; of two such the earlier heat is the lower one. */
        int order = strcmp(heats_get(heats, a.heat)->id, heats_get(heats, b.heat)->id);
        return order != 0 ? order : a.heat.value < b.heat.value ? -1 : 1;
    }
    return (int)a.station.index - (int)b.station.index;
}

/* Adds the heats at a station, sorted by id; one heat counts once there. */
static void presences_add(struct presences *presences, const struct attribution *attribution,
                          station_id station, int64_t ts_us)
{
    heat_no alive[SHARES_HEATS_MAX];
    size_t count =
        stays_alive(heats_at(attribution->heats, station), ts_us, alive, SHARES_HEATS_MAX);
    for (size_t i = 0; i < count && presences->count < SHARES_HEATS_MAX; i++) {
        struct presence there = {alive[i], station};
        size_t at = presences->count;
        int order = 1;
        while (at > 0 && (order = presence_compare(attribution->heats, presences->items[at - 1],
                                                   there)) > 0) {
            at--;
        }
        if (at > 0 && order == 0) {
            continue;
        }
        memmove(&presences->items[at + 1], &presences->items[at],
                (presences->count - at) * sizeof presences->items[0]);
        presences->items[at] = there;
        presences->count++;
    }
}

static bool idle_to_next(const struct attribution *attribution, const struct meter *meter,
                         station_id station)
{
    if (meter->idle != METER_IDLE_AS_STATION) {
        return meter->idle == METER_IDLE_TO_NEXT;
    }
    return attribution->catalog->stations[station.index].idle_to_next;
}

/* The heat that comes next to one of the stations whose idle use waits for it: the earliest, then
 * the lowest id. */
static bool next_heat(const struct attribution *attribution, const struct meter *meter,
                      const struct sharing_part *parts, uint32_t count, int64_t ts_us,
                      struct presence *next)
{
    int64_t soonest_us = ts_us + SHARES_IDLE_REACH_US;
    bool found = false;
    for (uint32_t i = 0; i < count; i++) {
        const struct stays *stays = heats_at(attribution->heats, parts[i].station);
        bool waits = idle_to_next(attribution, meter, parts[i].station);
        for (size_t at = stays_first_after(stays, ts_us);
             waits && at < stays->count && stays->stays[at].start_us <= soonest_us; at++) {
            struct presence comes = {stays->stays[at].heat, parts[i].station};
            if (stays_goes_on(stays, at)) {
                continue;
            }
            if (!found || stays->stays[at].start_us < soonest_us ||
                presence_compare(attribution->heats, comes, *next) < 0) {
                *next = comes;
                soonest_us = stays->stays[at].start_us;
                found = true;
            }
        }
    }
    return found;
}

/* Use while no heat was at any of the stations. */
static void add_idle(const struct attribution *attribution, const struct segment *whole,
                     const struct meter *meter, const struct sharing_part *parts, uint32_t count,
                     struct segment_list *list)
{
    struct segment part = *whole;
    struct presence next = {{0}, {0}};
    if (next_heat(attribution, meter, parts, count, whole->start_us, &next)) {
        part.heat = next.heat;
        part.station = next.station;
        part.method = SHARING_NEXT_HEAT;
    }
    segment_list_add(list, &part);
}

/* Divides by weights over heats that are there. */
static void add_heats(const struct segment *whole, const struct presences *there,
                      const int64_t *weights, struct segment_list *list)
{
    int64_t amounts_base[SHARES_HEATS_MAX];
    struct segment part = *whole;
    apportion(whole->amount_base, weights, there->count, amounts_base);
    for (size_t i = 0; i < there->count; i++) {
        part.heat = there->items[i].heat;
        part.station = there->items[i].station;
        part.amount_base = amounts_base[i];
        segment_list_add(list, &part);
    }
}

static int64_t steel_g(const struct heat *heat)
{
    /* As weighed: steel that went elsewhere later does not change who used what before. */
    int64_t known_g = heat->weighed_g > 0 ? heat->weighed_g : heat->planned_g;
    return known_g > 0 ? known_g : 0;
}

/* All heats at the stations together: time, heat_count, tonnage, and without a key. */
static void divide_together(const struct attribution *attribution, const struct segment *whole,
                            const struct meter *meter, const struct served *served,
                            struct segment_list *list)
{
    struct presences there = {.count = 0};
    int64_t weights[SHARES_HEATS_MAX];
    int64_t any = 0;
    for (uint32_t i = 0; i < served->count; i++) {
        presences_add(&there, attribution, served->parts[i].station, whole->start_us);
    }
    for (size_t i = 0; i < there.count; i++) {
        bool weighs = served->method == SHARING_TONNAGE && there.count > 1;
        weights[i] = weighs ? steel_g(heats_get(attribution->heats, there.items[i].heat)) : 1;
        any |= weights[i];
    }
    struct segment part = *whole;
    if (there.count == 0) {
        add_idle(attribution, &part, meter, served->parts, served->count, list);
        return;
    }
    part.method = there.count > 1 ? served->method : SHARING_NONE;
    if (any == 0) { /* nobody's weight is known: idle until one is */
        segment_list_add(list, &part);
        return;
    }
    add_heats(&part, &there, weights, list);
}

/* What a station weighs. */
static int64_t station_weight(const struct attribution *attribution, const struct segment *whole,
                              const struct sharing_part *part, enum sharing_method method)
{
    if (method == SHARING_SUBMETER) {
        return submeters_moved(attribution->submeters, whole, part->meter, attribution->shown_only);
    }
    heat_no heat;
    bool anybody =
        stays_alive(heats_at(attribution->heats, part->station), whole->start_us, &heat, 1) > 0;
    return method == SHARING_POWER && !anybody ? 0 : part->weight;
}

/* No sub-meter moved: nobody's. Nobody is where power is installed: idle use, which waits for who
 * comes there, not for who comes where there is none. */
static void divide_nothing(const struct attribution *attribution, const struct segment *whole,
                           const struct meter *meter, const struct served *served,
                           struct segment_list *list)
{
    struct sharing_part powered[SHARING_PARTS_MAX];
    uint32_t count = 0;
    struct segment idle = *whole;
    bool by_submeter = served->method == SHARING_SUBMETER;
    for (uint32_t i = 0; i < served->count && !by_submeter; i++) {
        if (served->parts[i].weight > 0) {
            powered[count++] = served->parts[i];
        }
    }
    idle.method = by_submeter ? SHARING_SUBMETER : SHARING_NONE;
    add_idle(attribution, &idle, meter, powered, count, list);
}

/* First over the stations, then within each: ratio, power, submeter. */
static void divide_by_station(const struct attribution *attribution, const struct segment *whole,
                              const struct meter *meter, const struct served *served,
                              struct segment_list *list)
{
    struct sharing_part stations[SHARING_PARTS_MAX];
    int64_t weights[SHARING_PARTS_MAX];
    int64_t amounts_base[SHARING_PARTS_MAX];
    uint32_t count = 0;
    int64_t any = 0;
    for (uint32_t i = 0; i < served->count; i++) {
        const struct sharing_part *part = &served->parts[i];
        int64_t weight = station_weight(attribution, whole, part, served->method);
        if (count > 0 && stations[count - 1].station.index == part->station.index) {
            weights[count - 1] = quantity_add(weights[count - 1], weight);
        } else if (weight > 0 || served->method == SHARING_SUBMETER) {
            stations[count] = *part;
            weights[count++] = weight;
        }
        any |= weight;
    }
    if (any == 0) {
        divide_nothing(attribution, whole, meter, served, list);
        return;
    }
    apportion(whole->amount_base, weights, count, amounts_base);
    for (uint32_t i = 0; i < count; i++) {
        struct presences there = {.count = 0};
        int64_t equal[SHARES_HEATS_MAX];
        struct segment part = *whole;
        part.station = stations[i].station;
        part.amount_base = amounts_base[i];
        part.method = served->method;
        presences_add(&there, attribution, part.station, whole->start_us);
        if (there.count == 0) {
            add_idle(attribution, &part, meter, &stations[i], 1, list);
            continue;
        }
        for (size_t k = 0; k < there.count; k++) {
            equal[k] = 1;
        }
        add_heats(&part, &there, equal, list);
    }
}

static bool is_by_station(enum sharing_method method)
{
    return method == SHARING_RATIO || method == SHARING_POWER || method == SHARING_SUBMETER;
}

void shares_divide(const struct attribution *attribution, const struct segment *whole,
                   const struct meter *meter, struct segment_list *list)
{
    struct served served;
    served_at(meter, whole->start_us, &served);
    (is_by_station(served.method) ? divide_by_station : divide_together)(attribution, whole, meter,
                                                                         &served, list);
}

int64_t shares_next_us(const struct attribution *attribution, const struct meter *meter,
                       int64_t after_us)
{
    struct served served;
    int64_t next_us = sharing_next_us(meter->sharing, after_us);
    served_at(meter, after_us, &served);
    for (uint32_t i = 0; i < served.count; i++) {
        int64_t heat_us =
            stays_next_us(heats_at(attribution->heats, served.parts[i].station), after_us);
        next_us = heat_us < next_us ? heat_us : next_us;
    }
    return next_us;
}

/* Since when no heat has been at a station before an instant; that instant, where one was. */
static int64_t idle_since_us(const struct stays *stays, int64_t before_us)
{
    size_t count = stays_first_after(stays, before_us - 1);
    int64_t left_us = count > 0 ? stays->latest_end_us[count - 1] : INT64_MIN;
    int64_t reach_us = before_us - SHARES_IDLE_REACH_US;
    if (left_us >= before_us) {
        return before_us;
    }
    return left_us > reach_us ? left_us : reach_us;
}

int64_t shares_reach_us(const struct attribution *attribution, const struct meter *meter,
                        const station_id *station, int64_t from_us)
{
    int64_t reach_us = from_us;
    for (uint16_t i = 0; station != NULL && i < attribution->catalog->station_count; i++) {
        /* A heat that comes to one of a meter's stations may take what waits at the others. */
        if (sharing_serves(meter, (station_id){i}) &&
            idle_to_next(attribution, meter, (station_id){i})) {
            int64_t since_us =
                idle_since_us(heats_at(attribution->heats, (station_id){i}), from_us);
            reach_us = since_us < reach_us ? since_us : reach_us;
        }
    }
    return reach_us;
}
