/* What a reading costs in the aggregator that crosses no boundary, and what a meter weighs in
 * memory: registers that are read every 10 seconds, in turn or in random order, told one by one or
 * in messages of several readings, for which the aggregator fetches what they need beforehand.
 *
 * Each figure stands beside a floor from the same run, the same order of meters with nothing but
 * one load and one store of a cache line for each: machines are noisy, a ratio is less so. */
#include "aggregator.h"
#include "memory.h"
#include "timestamp.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CADENCE_US (10 * TIMESTAMP_SECOND_US)
#define START_US                                                                                   \
    INT64_C(1773100800000000) /* 2026-03-10 00:00 UTC: a shift of eight hours starts               \
                               */
#define RUNS 4
#define MESSAGE_READINGS 16
#define FILL_ROUNDS 460 /* the window, and the hour of the first page behind it */

struct shop {
    struct catalog catalog;
    struct roster roster;
    struct heat_rules rules;
    struct item item;
    struct station station;
    struct shift shifts[3];
    struct crew crew;
};

static void shop_fill(struct shop *shop, uint32_t meters)
{
    *shop = (struct shop){.item = {.id = "electricity", .unit = "kWh", .division_base = 1},
                          .station = {.id = "LF"},
                          .crew = {.id = "A"}};
    for (int32_t i = 0; i < 3; i++) {
        snprintf(shop->shifts[i].id, sizeof shop->shifts[i].id, "s%d", (int)i);
        shop->shifts[i].start_s = i * 8 * 3600;
    }
    shop->catalog = (struct catalog){
        .shop = "bench",
        .items = &shop->item,
        .item_count = 1,
        .stations = &shop->station,
        .station_count = 1,
        .shifts = shop->shifts,
        .shift_count = 3,
        .crews = &shop->crew,
        .crew_count = 1,
        .meters = memory_zeroed(meters, sizeof(struct meter)),
        .meter_count = meters,
    };
    for (uint32_t i = 0; i < meters; i++) {
        struct meter *meter = &shop->catalog.meters[i];
        snprintf(meter->id, sizeof meter->id, "E%u", (unsigned)i);
        meter->kind = METER_REGISTER;
        meter->scale_num = meter->scale_den = 1;
        meter->min_raw = INT64_MIN;
        meter->max_raw = INT64_MAX;
        meter->max_rate_raw_hour = 1000000;
        meter->max_gap_us = TIMESTAMP_HOUR_US;
    }
    shop->roster = (struct roster){.zone = zone_fixed("UTC", 0), .cycle_length = 1};
    shop->rules.owner_at_tap = true;
}

/* What the meters are, and whether their readings bear a seq. */
struct told {
    enum meter_kind kind;
    bool numbered;
};
static const struct told registers = {.kind = METER_REGISTER};

/* Pages go where they would go, and are not kept. */
static void page_put(void *context, meter_id meter, int64_t page, int64_t start_us,
                     const void *bytes, size_t count)
{
    (void)context, (void)meter, (void)page, (void)start_us, (void)bytes, (void)count;
}
static const struct history passing = {.put = page_put};

static uint32_t random_next(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*state >> 33);
}

/* Every meter once a round; each round in an order of its own where `shuffled`. */
static void order_round(uint32_t *order, uint32_t meters, bool shuffled, uint64_t *seed)
{
    for (uint32_t i = 0; i < meters; i++) {
        order[i] = i;
    }
    for (uint32_t i = meters; shuffled && i > 1; i--) {
        uint32_t other = random_next(seed) % i;
        uint32_t moving = order[i - 1];
        order[i - 1] = order[other];
        order[other] = moving;
    }
}

static int64_t cpu_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* What a reading shows: of a register it rises, the hopper of a level empties. */
static int64_t value_raw(enum meter_kind kind, uint32_t meter, int64_t round)
{
    return kind == METER_LEVEL ? 1000000 - round * 3 - meter % 7 : 1000 + round * 3 + meter % 7;
}

static void apply_one(struct aggregator *aggregator, const struct told *told, uint32_t meter,
                      int64_t round)
{
    struct effects effects;
    struct fact fact = {
        .kind = FACT_READING,
        .as.reading = {.meter = {meter},
                       .ts_us = START_US + round * CADENCE_US + meter % 1000 * 1000,
                       .from_us = INT64_MIN,
                       .value_raw = value_raw(told->kind, meter, round),
                       .seq = told->numbered ? 5000000 + round : -1},
    };
    enum outcome outcome = aggregator_apply(aggregator, &fact, fact.as.reading.ts_us, &effects);
    if (outcome_info(outcome)->refused || effects.posting_count != 0) {
        fprintf(stderr, "bench: a reading was refused or crossed a boundary\n");
        exit(1);
    }
}

/* One reading of every meter, in messages of `message` readings each. */
static void apply_round(struct aggregator *aggregator, const struct told *told,
                        const uint32_t *order, uint32_t meters, uint32_t message, int64_t round)
{
    meter_id ids[MESSAGE_READINGS];
    for (uint32_t first = 0; first < meters; first += message) {
        uint32_t count = message < meters - first ? message : meters - first;
        for (uint32_t i = 0; i < count; i++) {
            ids[i] = (meter_id){order[first + i]};
        }
        if (count > 1) {
            aggregator_prefetch(aggregator, ids, count);
        }
        aggregator_begin(aggregator, (uint64_t)round * meters + first);
        for (uint32_t i = 0; i < count; i++) {
            apply_one(aggregator, told, ids[i].index, round);
        }
    }
}

struct line {
    volatile uint64_t value;
    uint64_t rest[7];
};

static int64_t floor_ns(struct line *lines, const uint32_t *order, uint32_t meters)
{
    int64_t start_ns = cpu_ns();
    for (uint32_t i = 0; i < meters; i++) {
        lines[order[i]].value += i;
    }
    return cpu_ns() - start_ns;
}

struct cost {
    double each_ns, floor_ns, fill_ns;
};

/* The best of RUNS passes of `rounds` rounds each: noise only ever adds. Before them the window of
 * every meter fills up, and its first page: what it costs to fetch that memory, once in a meter's
 * life, is told by itself. */
static struct cost measure(uint32_t meters, bool shuffled, uint32_t message, int64_t rounds)
{
    struct shop shop;
    shop_fill(&shop, meters);
    struct aggregator *aggregator = aggregator_create(&shop.catalog, &shop.roster, &shop.rules);
    aggregator_set_history(aggregator, &passing);
    struct line *lines = memory_zeroed(meters, sizeof *lines);
    uint32_t *order = memory_zeroed(meters, sizeof *order);
    uint64_t seed = 1;
    struct cost cost = {.each_ns = 1e9, .floor_ns = 1e9};
    int64_t round = 0;
    for (; round < FILL_ROUNDS; round++) {
        order_round(order, meters, shuffled, &seed);
        int64_t start_ns = cpu_ns();
        apply_round(aggregator, &registers, order, meters, message, round);
        cost.fill_ns += (double)(cpu_ns() - start_ns) / (double)(FILL_ROUNDS * meters);
    }
    for (int run = 0; run < RUNS; run++) {
        int64_t spent_ns = 0;
        int64_t floor_spent_ns = 0;
        for (int64_t i = 0; i < rounds; i++, round++) {
            order_round(order, meters, shuffled, &seed);
            floor_spent_ns += floor_ns(lines, order, meters);
            int64_t start_ns = cpu_ns();
            apply_round(aggregator, &registers, order, meters, message, round);
            spent_ns += cpu_ns() - start_ns;
        }
        double each = (double)spent_ns / (double)(rounds * meters);
        double floor_each = (double)floor_spent_ns / (double)(rounds * meters);
        cost.each_ns = each < cost.each_ns ? each : cost.each_ns;
        cost.floor_ns = floor_each < cost.floor_ns ? floor_each : cost.floor_ns;
    }
    free(order);
    free(lines);
    aggregator_destroy(aggregator);
    free(shop.catalog.meters);
    return cost;
}

static void bench_cost(uint32_t meters, bool shuffled, uint32_t message, int64_t rounds)
{
    struct cost cost = measure(meters, shuffled, message, rounds);
    printf("%7u meters %-15s %3u a message %7.1f ns a reading  %5.1f x one cache line (%.1f ns), "
           "%.0f while its window filled\n",
           (unsigned)meters, shuffled ? "in random order" : "in turn", (unsigned)message,
           cost.each_ns, cost.each_ns / cost.floor_ns, cost.floor_ns, cost.fill_ns);
}

/* On the heap, large blocks beside it included. */
static size_t heap_bytes(void)
{
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

static void bench_memory(const char *name, const struct told *told, uint32_t meters, int64_t rounds)
{
    struct shop shop;
    shop_fill(&shop, meters);
    for (uint32_t i = 0; i < meters; i++) {
        shop.catalog.meters[i].kind = told->kind;
        shop.catalog.meters[i].division_raw = 1;
    }
    uint32_t *order = memory_zeroed(meters, sizeof *order);
    uint64_t seed = 1;
    order_round(order, meters, false, &seed);
    size_t before = heap_bytes();
    struct aggregator *aggregator = aggregator_create(&shop.catalog, &shop.roster, &shop.rules);
    aggregator_set_history(aggregator, &passing);
    size_t most = 0;
    for (int64_t round = 0; round < rounds; round++) {
        apply_round(aggregator, told, order, meters, 1, round);
        size_t now = heap_bytes() - before;
        most = now > most ? now : most;
    }
    printf("memory, 15 minutes at 10 s: %-20s %6.0f bytes a meter at most  (limit 4096)\n", name,
           (double)most / (double)meters);
    aggregator_destroy(aggregator);
    free(order);
    free(shop.catalog.meters);
}

static bool is_wanted(int argc, char **argv, const char *name)
{
    return argc < 2 || strcmp(argv[1], name) == 0;
}

int main(int argc, char **argv)
{
    if (is_wanted(argc, argv, "few")) {
        bench_cost(100, false, 1, 180);
        bench_cost(1000, false, 1, 44);
    }
    if (is_wanted(argc, argv, "some")) {
        bench_cost(1000, true, 1, 44);
        bench_cost(10000, false, 1, 44);
        bench_cost(10000, true, 1, 44);
        bench_cost(10000, true, MESSAGE_READINGS, 44);
    }
    if (is_wanted(argc, argv, "turn")) {
        bench_cost(100000, false, 1, 22);
    }
    if (is_wanted(argc, argv, "many")) {
        bench_cost(100000, true, 1, 22);
    }
    if (is_wanted(argc, argv, "messages")) {
        bench_cost(100000, true, MESSAGE_READINGS, 22);
    }
    if (is_wanted(argc, argv, "memory")) {
        bench_memory("register", &registers, 1000, 720);
        bench_memory("register with seq", &(struct told){METER_REGISTER, true}, 1000, 720);
        bench_memory("rate", &(struct told){.kind = METER_RATE}, 1000, 720);
        bench_memory("level", &(struct told){.kind = METER_LEVEL}, 1000, 720);
    }
    return 0;
}
