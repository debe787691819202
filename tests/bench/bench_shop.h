/* The shop of the benchmarks: its plant.json, and its messages one after the other, the same ones
 * for the same numbers.
 *
 * Registers at ten stations, electricity and water in turn. A message holds one reading (150
 * bytes of JSON, as a gateway sends it: unit, device and firmware are in it) or many. */
#ifndef HEATLEDGER_BENCH_SHOP_H
#define HEATLEDGER_BENCH_SHOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define BENCH_SHOP_STATIONS 10
#define BENCH_SHOP_ITEMS 2
#define BENCH_SHOP_BATCH_MAX 1000
#define BENCH_SHOP_TOPIC_MAX 64
#define BENCH_SHOP_PAYLOAD_MAX (256 + BENCH_SHOP_BATCH_MAX * 40)
#define BENCH_SHOP_EVENTS_MAX (2 * BENCH_SHOP_STATIONS)

enum bench_shop_heats {
    BENCH_SHOP_BUSY, /* every station has one heat after the other, of 40 minutes */
    BENCH_SHOP_LINE, /* 30 heats a day, each 40 minutes at three stations one after the other, with
                      * 100 meters each; further meters are at stations without heats. One heat in
                      * ten uses more than its target, one in a hundred more than its limit */
    BENCH_SHOP_LONG, /* the same, with one shift a day instead of three */
};

struct bench_shop {
    /* Given. */
    uint32_t meters;
    uint32_t batch;     /* readings a message, 1 to BENCH_SHOP_BATCH_MAX */
    uint32_t probes;    /* further meters, each with a quota that its second reading overruns */
    int64_t start_us;   /* UTC */
    int64_t cadence_us; /* every meter is read once in this time */
    enum bench_shop_heats heats;
    /* Where it is. */
    int64_t tick;
    uint32_t meter;    /* whose turn it is in this tick */
    uint64_t readings; /* told so far */
    int64_t *values_base;
    int64_t minutes; /* events are told of those before */
    uint32_t event, event_count;
    struct {
        char text[200];
    } events[BENCH_SHOP_EVENTS_MAX];
    int64_t second; /* the one that `clock` tells */
    char clock[32];
};

struct bench_shop_message {
    int64_t at_us;
    char topic[BENCH_SHOP_TOPIC_MAX];
    char payload[BENCH_SHOP_PAYLOAD_MAX];
    size_t topic_length, payload_length;
    uint32_t readings; /* 0: the event of a heat */
};

/* How plant.json speaks of what is not in the messages. */
struct bench_shop_settings {
    const char *durability; /* of the journal */
    bool compress;          /* the journal's segments */
    const char *max_gap_s;
    const char *stale_s;
};

/* `meters` to `heats` are given; makes the rest. Ended by bench_shop_end. */
void bench_shop_begin(struct bench_shop *shop);
void bench_shop_end(struct bench_shop *shop);

void bench_shop_plant(const struct bench_shop *shop, const struct bench_shop_settings *settings,
                      FILE *out);

/* The next message in order of time; the shop never comes to an end. */
void bench_shop_next(struct bench_shop *shop, struct bench_shop_message *message);

/* A reading of a probe: `value` is in whole kWh, one kWh of use overruns its quota. */
void bench_shop_probe(struct bench_shop *shop, uint32_t probe, int64_t at_us, int64_t value,
                      struct bench_shop_message *message);

/* How long the shift that is on at `at_us` (UTC) still lasts: more than 0. */
int64_t bench_shop_shift_left_us(int64_t at_us);

#endif
