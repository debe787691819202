/* What a snapshot of the aggregator costs: saving and loading the state of registers that are read
 * every 10 seconds, of heats told of in the year before, and of tickets of a scale.
 *
 *   bench_snapshot [METERS [HEATS [TICKETS]]]      10000 15000 100000 */
#include "aggregator.h"
#include "aggregator_snapshot.h"
#include "memory.h"
#include "timestamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define START_US INT64_C(1773100800000000) /* 2026-03-10 00:00 UTC */
#define ROUNDS 460                         /* the window, and the page behind it */
#define RUNS 5

struct shop {
    struct catalog catalog;
    struct roster roster;
    struct heat_rules rules;
    struct item item;
    struct station stations[2];
    struct shift shifts[3];
    struct crew crew;
    struct history history;
};

static void put(void *context, meter_id meter, int64_t page, int64_t start_us, const void *bytes,
                size_t count)
{
    (void)context, (void)meter, (void)page, (void)start_us, (void)bytes, (void)count;
}

static bool find(void *context, meter_id meter, int64_t below, int64_t *page)
{
    (void)context, (void)meter, (void)below, (void)page;
    return false;
}

static void shop_fill(struct shop *shop, uint32_t meters)
{
    *shop = (struct shop){.item = {.id = "electricity", .unit = "kWh", .division_base = 1},
                          .stations = {{.id = "LF"}, {.id = "BOF"}},
                          .crew = {.id = "A"}};
    for (int32_t i = 0; i < 3; i++) {
        snprintf(shop->shifts[i].id, sizeof shop->shifts[i].id, "s%d", (int)i);
        shop->shifts[i].start_s = i * 8 * 3600;
    }
    shop->catalog = (struct catalog){.items = &shop->item,
                                     .item_count = 1,
                                     .stations = shop->stations,
                                     .station_count = 2,
                                     .shifts = shop->shifts,
                                     .shift_count = 3,
                                     .crews = &shop->crew,
                                     .crew_count = 1,
                                     .meters = memory_zeroed(meters + 1, sizeof(struct meter)),
                                     .meter_count = meters + 1};
    for (uint32_t i = 0; i <= meters; i++) { /* the last one is the scale */
        struct meter *meter = &shop->catalog.meters[i];
        meter->kind = i < meters ? METER_REGISTER : METER_EVENT;
        meter->station.index = i < meters ? 0 : 1;
        meter->scale_num = meter->scale_den = 1;
        meter->min_raw = INT64_MIN;
        meter->max_raw = INT64_MAX;
        meter->max_rate_raw_hour = 1000000;
        meter->max_gap_us = TIMESTAMP_HOUR_US;
    }
    shop->roster = (struct roster){.zone = zone_fixed("UTC", 0), .cycle_length = 1};
    shop->rules.owner_at_tap = true;
    shop->history = (struct history){.put = put, .find = find};
}

static uint64_t position;

static void tell(struct aggregator *aggregator, const struct fact *fact)
{
    struct effects effects;
    aggregator_begin(aggregator, ++position);
    aggregator_apply(aggregator, fact, 0, &effects);
}

/* A heat every half hour, at the scale's station. */
static void tell_heats(struct aggregator *aggregator, int64_t heats)
{
    static const enum heat_event_kind kinds[] = {HEAT_START, HEAT_TAP, HEAT_END, HEAT_WEIGHT};
    for (int64_t i = 0; i < heats; i++) {
        char heat[16];
        char id[24];
        snprintf(heat, sizeof heat, "H%06d", (int)i);
        for (int k = 0; k < 4; k++) {
            struct fact fact = {.kind = FACT_HEAT};
            snprintf(id, sizeof id, "e%d-%d", (int)i, k);
            fact.as.heat = (struct heat_event){
                .ts_us =
                    START_US - (heats - i) * 30 * TIMESTAMP_MINUTE_US + k * 8 * TIMESTAMP_MINUTE_US,
                .kind = kinds[k],
                .heat = heat,
                .id = id,
                .station = {kinds[k] == HEAT_START || kinds[k] == HEAT_END ? 1 : CATALOG_NONE},
                .steel_g = kinds[k] == HEAT_WEIGHT ? 90000000 + i : -1,
                .planned_g = -1,
                .moved_g = -1};
            tell(aggregator, &fact);
        }
    }
}

static void tell_tickets(struct aggregator *aggregator, uint32_t scale, int64_t tickets)
{
    for (int64_t i = 0; i < tickets; i++) {
        char id[24];
        snprintf(id, sizeof id, "T-2026-%07d", (int)i);
        struct fact fact = {.kind = FACT_READING};
        fact.as.reading =
            (struct reading){.meter = {scale},
                             .ts_us = START_US - (tickets - i) * 3 * TIMESTAMP_MINUTE_US,
                             .from_us = INT64_MIN,
                             .value_raw = 4000 + i % 977,
                             .seq = -1,
                             .id = id};
        tell(aggregator, &fact);
    }
}

static void tell_registers(struct aggregator *aggregator, uint32_t meters)
{
    for (int64_t round = 0; round < ROUNDS; round++) {
        for (uint32_t i = 0; i < meters; i++) {
            struct fact fact = {.kind = FACT_READING};
            fact.as.reading =
                (struct reading){.meter = {i},
                                 .ts_us = START_US + round * 10 * TIMESTAMP_SECOND_US +
                                          (i * 7919 + round * 104729) % 900 * 1000,
                                 .from_us = INT64_MIN,
                                 .value_raw = 100000 + round * (37 + i % 50) + round * i % 7,
                                 .seq = -1};
            tell(aggregator, &fact);
        }
    }
}

static double now_ms(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void measure(const struct shop *shop, const struct aggregator *aggregator)
{
    double best_save_ms = 1e9;
    double best_load_ms = 1e9;
    struct snapshot_writer writer = {0};
    for (int run = 0; run < RUNS; run++) {
        double begin_ms = now_ms();
        snapshot_begin(&writer);
        aggregator_save(aggregator, &writer);
        snapshot_end(&writer);
        double saved_ms = now_ms();
        struct snapshot_reader reader;
        struct failure failure = {0};
        struct aggregator *loaded = aggregator_create(&shop->catalog, &shop->roster, &shop->rules);
        bool good = snapshot_open(&reader, writer.bytes, writer.count, &failure) &&
                    aggregator_load(loaded, &reader) && snapshot_close(&reader, &failure);
        double loaded_ms = now_ms();
        if (!good) {
            printf("not loaded: %s%s\n", failure.text, reader.wrong.text);
        }
        aggregator_destroy(loaded);
        best_save_ms = saved_ms - begin_ms < best_save_ms ? saved_ms - begin_ms : best_save_ms;
        best_load_ms = loaded_ms - saved_ms < best_load_ms ? loaded_ms - saved_ms : best_load_ms;
    }
    printf("%zu bytes, saved in %.1f ms, loaded in %.1f ms (the best of %d)\n", writer.count,
           best_save_ms, best_load_ms, RUNS);
    snapshot_writer_clear(&writer);
}

int main(int count, char **arguments)
{
    uint32_t meters = count > 1 ? (uint32_t)strtoul(arguments[1], NULL, 10) : 10000;
    int64_t heats = count > 2 ? strtoll(arguments[2], NULL, 10) : 15000;
    int64_t tickets = count > 3 ? strtoll(arguments[3], NULL, 10) : 100000;
    struct shop shop;
    shop_fill(&shop, meters);
    struct aggregator *aggregator = aggregator_create(&shop.catalog, &shop.roster, &shop.rules);
    aggregator_set_history(aggregator, &shop.history);
    tell_heats(aggregator, heats);
    tell_tickets(aggregator, meters, tickets);
    tell_registers(aggregator, meters);
    printf("%u meters, %d heats, %d tickets: ", (unsigned)meters, (int)heats, (int)tickets);
    measure(&shop, aggregator);
    aggregator_destroy(aggregator);
    free(shop.catalog.meters);
    return 0;
}
