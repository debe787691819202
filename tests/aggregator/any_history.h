/* Random facts of every kind for a plant with every kind of meter: readings of all sorts, heats,
 * moves of steel, renumberings, voids, crews, exchanges, multipliers, decisions, corrections of the
 * roster, most of it in time, some of it hours late. Made from a seed. */
#ifndef HEATLEDGER_TESTS_ANY_HISTORY_H
#define HEATLEDGER_TESTS_ANY_HISTORY_H

#include "plant_fixture.h"
#include "sharing.h"

enum { PLAIN, ROUND, HOPPER, POWER, ADDED, TICKETS, BY_SUB, BY_TONNAGE, ANY_METERS };

struct any_history {
    uint64_t random;
    struct plant *plant;
    bool calm;       /* little but readings */
    bool long_pause; /* is still to come */
    int64_t now_us;
    int64_t raw[ANY_METERS], seq[ANY_METERS];
    unsigned id_count;
    char id[16], of[16], heat[16]; /* of the reading in hand */
    char event_id[16], event_of[16], event_to[16], event_heat[16];
    struct fact last; /* event of a heat, with those texts: it may come again */
};

static inline int64_t any_below(struct any_history *any, int64_t limit)
{
    any->random = any->random * 6364136223846793005U + 1442695040888963407U;
    uint64_t mixed = (any->random ^ (any->random >> 29)) * 0x9E3779B97F4A7C15U;
    return (int64_t)((mixed >> 20) % (uint64_t)limit);
}

static inline bool any_one_in(struct any_history *any, int64_t many)
{
    return any_below(any, many) == 0;
}

static inline struct sharing_rule *any_rule(struct meter *meter, enum sharing_method method)
{
    meter->sharing = memory_zeroed(1, sizeof *meter->sharing);
    struct sharing_rule *rule = &meter->sharing->rules[meter->sharing->rule_count++];
    *rule = (struct sharing_rule){.from_us = INT64_MIN, .method = method, .part_count = 2};
    rule->parts[0] = (struct sharing_part){{LF}, {PLAIN}, 5};
    rule->parts[1] = (struct sharing_part){{BOF}, {POWER}, 3};
    return rule;
}

static inline void any_open(struct any_history *any, uint64_t seed)
{
    static const enum meter_kind kinds[ANY_METERS] = {METER_REGISTER, METER_REGISTER,  METER_LEVEL,
                                                      METER_RATE,     METER_INCREMENT, METER_EVENT,
                                                      METER_REGISTER, METER_REGISTER};
    static const uint16_t stations[ANY_METERS] = {LF, BOF, LF, BOF, LF, BOF, CCM, BOF};
    *any = (struct any_history){.random = seed * 0x9E3779B97F4A7C15U, .plant = plant_create()};
    any->now_us = clock_at("06:10:00");
    any->calm = seed % 2 == 0;
    any->long_pause = seed % 10 == 0;
    for (size_t i = 0; i < ANY_METERS; i++) {
        struct meter *meter = plant_meter(any->plant, kinds[i], stations[i]);
        meter->max_rate_raw_hour = any_one_in(any, 3) ? 0 : 36000; /* 10 a second */
        meter->max_gap_us = any_one_in(any, 3) ? 0 : 8 * MINUTE_US;
        meter->scale_num = 1 + any_below(any, 3);
        meter->division_raw = 20;
    }
    struct meter *meters = any->plant->meters;
    meters[ROUND].width_raw = 20000;
    meters[ROUND].two_way = any_one_in(any, 2);
    meters[ROUND].scale_den = 1 + any_below(any, 3);
    meters[PLAIN].reset = METER_RESET_TO_ZERO;
    meters[PLAIN].reset_after = (uint32_t)any_below(any, 4);
    meters[PLAIN].max_gap_us = any_one_in(any, 3) ? 45 * TIMESTAMP_SECOND_US : 0;
    any_rule(&meters[BY_SUB], SHARING_SUBMETER);
    any_rule(&meters[BY_TONNAGE], SHARING_TONNAGE);
    meters[BY_TONNAGE].idle = METER_IDLE_TO_NEXT;
    any->plant->stations[CCM].last = any_one_in(any, 2);
    any->plant->rules.stay_max_us = any_one_in(any, 2) ? 0 : 80 * MINUTE_US;
}

static inline void any_close(struct any_history *any)
{
    for (size_t i = 0; i < ANY_METERS; i++) {
        free(any->plant->meters[i].sharing);
    }
    plant_destroy(any->plant);
}

/* Mostly just now; some of it minutes, hours or a day ago. */
static inline int64_t any_time(struct any_history *any)
{
    static const int64_t reach_s[] = {60, 1200, 1200, 4 * 3600, 30 * 3600};
    return any->now_us -
           any_below(any, reach_s[any_below(any, ROWS(reach_s))]) * TIMESTAMP_SECOND_US;
}

static inline const char *any_id(struct any_history *any, char text[16])
{
    if (any_one_in(any, 4)) {
        return NULL;
    }
    bool again = any_one_in(any, 9) && any->id_count > 0;
    unsigned number = again ? (unsigned)any_below(any, any->id_count) : any->id_count++;
    snprintf(text, 16, "e%u", number);
    return text;
}

static inline const char *any_heat(struct any_history *any, char text[16])
{
    snprintf(text, 16, "H%d", (int)any_below(any, 8));
    return text;
}

static inline void any_of_pieces(struct any_history *any, struct reading *reading)
{
    reading->value_raw = any_below(any, 5000);
    reading->id = any_id(any, any->id);
    reading->heat = any_one_in(any, 3) ? any_heat(any, any->heat) : NULL;
    if (reading->meter.index == ADDED && any_one_in(any, 3)) { /* several for one time */
        reading->ts_us -= reading->ts_us % MINUTE_US;
        reading->seq = any_below(any, 20);
        reading->id = reading->heat = NULL;
    }
    if (reading->meter.index == ADDED && any_one_in(any, 2)) {
        reading->from_us = reading->ts_us - any_below(any, 3600) * TIMESTAMP_SECOND_US;
    }
    if (reading->meter.index == TICKETS && any->id_count > 0 && any_one_in(any, 6)) {
        snprintf(any->of, sizeof any->of, "e%d", (int)any_below(any, any->id_count + 2));
        reading->void_id = any->of;
        reading->value_raw = any_one_in(any, 2) ? INT64_MIN : reading->value_raw;
    }
}

static inline struct fact any_reading(struct any_history *any)
{
    uint32_t meter = (uint32_t)any_below(any, ANY_METERS);
    any->raw[meter] += any_below(any, 60);
    any->raw[meter] %= meter == ROUND ? 20000 : INT64_C(1) << 52;
    struct reading reading = reading_of(meter, any->now_us, any->raw[meter]);
    if (meter == HOPPER || meter == POWER) {
        reading.value_raw = any_below(any, 900);
    }
    if (meter == BY_SUB) {
        any->seq[meter] += any_one_in(any, 30) ? 2 : 1;
        reading.seq = any->seq[meter];
    }
    reading.ts_us = any_one_in(any, any->calm ? 60 : 12) ? any_time(any) : reading.ts_us;
    reading.retained = any_one_in(any, 40);
    reading.ts_assumed = any_one_in(any, 40);
    reading.quality = any_one_in(any, 40) ? READING_UNCERTAIN : READING_GOOD;
    if (any_one_in(any, 40)) {
        reading.value_raw += any_one_in(any, 2) ? 5000 : -reading.value_raw;
    }
    if (meter == ADDED || meter == TICKETS) {
        any_of_pieces(any, &reading);
    }
    return (struct fact){.kind = FACT_READING, .as.reading = reading};
}

static inline struct fact any_heat_event(struct any_history *any)
{
    static const enum heat_event_kind kinds[] = {
        HEAT_START,  HEAT_START,  HEAT_START, HEAT_END,   HEAT_END,      HEAT_TAP, HEAT_TAP,
        HEAT_WEIGHT, HEAT_RETURN, HEAT_SPLIT, HEAT_MERGE, HEAT_RENUMBER, HEAT_VOID};
    enum heat_event_kind kind = kinds[any_below(any, ROWS(kinds))];
    struct heat_event event =
        heat_event_of(kind, any_heat(any, any->event_heat), CATALOG_NONE, any_time(any));
    if (kind == HEAT_START || kind == HEAT_END) {
        event.station.index = (uint16_t)any_below(any, PLANT_STATIONS);
        event.grade = any_one_in(any, 4) ? "Q235B" : NULL;
        event.planned_g = any_one_in(any, 3) ? 90 : -1;
    }
    if (kind == HEAT_TAP || kind == HEAT_WEIGHT) {
        event.steel_g = 60 + any_below(any, 50);
    }
    if (kind >= HEAT_RETURN && kind <= HEAT_RENUMBER) {
        event.to = any_heat(any, any->event_to);
        event.moved_g = kind == HEAT_MERGE && any_one_in(any, 2) ? -1 : 1 + any_below(any, 70);
    }
    if (kind == HEAT_VOID && !any_one_in(any, 6)) {
        snprintf(any->event_of, sizeof any->event_of, "e%d",
                 (int)any_below(any, any->id_count + 2));
        event.of = any->event_of;
    }
    event.id = any_id(any, any->event_id);
    return (struct fact){.kind = FACT_HEAT, .as.heat = event};
}

static inline struct fact any_meter_event(struct any_history *any)
{
    struct meter_event event = {.ts_us = any_time(any),
                                .meter = {(uint32_t)any_below(any, ANY_METERS)},
                                .kind = METER_EVENT_EXCHANGE,
                                .final_raw = INT64_MIN,
                                .initial_raw = any_below(any, 300)};
    if (any_one_in(any, 2)) {
        event.final_raw = any->raw[event.meter.index];
    }
    if (any_one_in(any, 3)) {
        event.kind = METER_EVENT_MULTIPLIER;
        event.value_num = 1 + any_below(any, 3);
        event.value_den = 1 + any_below(any, 2);
    } else {
        any->raw[event.meter.index] = event.initial_raw;
    }
    return (struct fact){.kind = FACT_METER, .as.meter = event};
}

static inline struct fact any_entry(struct any_history *any)
{
    static const enum entry_kind kinds[] = {ENTRY_ACCEPT, ENTRY_REJECT, ENTRY_READING,
                                            ENTRY_ROSTER};
    uint32_t meter = (uint32_t)any_below(any, ANY_METERS);
    struct entry entry = {.kind = kinds[any_below(any, ROWS(kinds))],
                          .ts_us = any_time(any),
                          .by = any_one_in(any, 2) ? "Li" : "Wang Fang",
                          .event = "e",
                          .meter = {meter},
                          .at_us = any_time(any),
                          .value_raw = any_one_in(any, 2) ? any->raw[meter] : INT64_MIN,
                          .day = day_at("2026-03-10") + (int32_t)any_below(any, 2),
                          .shift = {(uint16_t)any_below(any, PLANT_SHIFTS)},
                          .crew = {(uint16_t)any_below(any, PLANT_CREWS)}};
    entry.crew.index = any_one_in(any, 5) ? CATALOG_NONE : entry.crew.index;
    return (struct fact){.kind = FACT_ENTRY, .as.entry = entry};
}

/* The next fact; its texts live until the next call. */
static inline struct fact any_fact(struct any_history *any)
{
    any->now_us += any_below(any, 14) * TIMESTAMP_SECOND_US;
    any->now_us += any_one_in(any, 400) ? any_below(any, 40) * MINUTE_US : 0;
    if (any->long_pause && any_one_in(any, 900)) { /* ids of heats are free again */
        any->now_us += 190 * TIMESTAMP_DAY_US;
        any->long_pause = false;
    }
    int64_t what = any_below(any, any->calm ? 3000 : 300);
    if (what < 12) {
        any->last = any_heat_event(any);
        return any->last;
    }
    if (what == 15 && any->last.kind == FACT_HEAT && any->last.as.heat.heat != NULL) {
        return any->last; /* by another way, or with what was said in between */
    }
    if (what == 12) {
        return (struct fact){.kind = FACT_CREW,
                             .as.crew = {any_time(any), {(uint16_t)any_below(any, PLANT_CREWS)}}};
    }
    if (what == 13) {
        return any_meter_event(any);
    }
    return what == 14 ? any_entry(any) : any_reading(any);
}

#endif
