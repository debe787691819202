/* Writes the plant.json of the bench shop, or a journal with its messages, as if a daemon had
 * received them and booked none: `heatledger replay` then makes the ledger.
 *
 *   bench_generate plant METERS HEATS DURABILITY [PROBES]          to standard output
 *   bench_generate journal METERS HEATS BATCH CADENCE_S READINGS PLANT.json DIR
 *
 * HEATS: busy (each station has one after the other), line (30 a day at three stations) or long
 * (the same with one shift a day). */
#include "bench_clock.h"
#include "bench_shop.h"
#include "engine.h"
#include "timestamp.h"

#include <inttypes.h>
#include <string.h>

#define USAGE                                                                                      \
    "bench_generate plant METERS HEATS DURABILITY [PROBES]\n"                                      \
    "       bench_generate journal METERS HEATS BATCH CADENCE_S READINGS PLANT.json DIR"
#define START_US INT64_C(1773097200000000) /* 2026-03-10T07:00:00+08:00 */

static int usage(void)
{
    fprintf(stderr, "usage: %s\n", USAGE);
    return 2;
}

static enum bench_shop_heats heats_of(const char *text)
{
    static const char *const names[] = {
        [BENCH_SHOP_BUSY] = "busy", [BENCH_SHOP_LINE] = "line", [BENCH_SHOP_LONG] = "long"};

    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(text, names[i]) == 0) {
            return (enum bench_shop_heats)i;
        }
    }
    exit(usage());
}

static int write_plant(int argc, char **argv)
{
    struct bench_shop shop = {.meters = (uint32_t)bench_number(argv[0], 1, USAGE),
                              .heats = heats_of(argv[1]),
                              .probes = argc > 3 ? (uint32_t)bench_number(argv[3], 0, USAGE) : 0};
    struct bench_shop_settings settings = {
        .durability = argv[2], .max_gap_s = "86400", .stale_s = "86400"};
    bench_shop_plant(&shop, &settings, stdout);
    return 0;
}

static bool append_all(struct journal *journal, struct bench_shop *shop, uint64_t readings,
                       uint64_t *messages, struct failure *failure)
{
    static struct bench_shop_message message;
    bool good = true;
    while (good && shop->readings < readings) {
        bench_shop_next(shop, &message);
        struct journal_record record = {
            .kind = JOURNAL_MESSAGE,
            .qos = 1,
            .session = 1,
            .arrival_us = message.at_us,
            .topic = message.topic,
            .topic_length = message.topic_length,
            .payload = message.payload,
            .payload_length = message.payload_length,
        };
        good = journal_append(journal, &record, failure);
        ++*messages;
    }
    return good;
}

static int write_journal(char **argv)
{
    struct bench_shop shop = {
        .meters = (uint32_t)bench_number(argv[0], 1, USAGE),
        .heats = heats_of(argv[1]),
        .batch = (uint32_t)bench_number(argv[2], 1, USAGE),
        .cadence_us = bench_number(argv[3], 1, USAGE) * TIMESTAMP_SECOND_US,
        .start_us = START_US,
    };
    uint64_t readings = (uint64_t)bench_number(argv[4], 1, USAGE);
    uint64_t messages = 0;
    struct engine engine;
    struct failure failure = {0};
    bench_shop_begin(&shop);
    if (!engine_open(&engine, argv[5], NULL, argv[6], START_US, &failure) ||
        !append_all(engine.journal, &shop, readings, &messages, &failure)) {
        fprintf(stderr, "bench_generate: %s\n", failure.text);
        return 3;
    }
    engine_close(&engine);
    bench_shop_end(&shop);
    printf("messages=%" PRIu64 " readings=%" PRIu64 "\n", messages, shop.readings);
    return 0;
}

int main(int argc, char **argv)
{
    if ((argc == 5 || argc == 6) && strcmp(argv[1], "plant") == 0) {
        return write_plant(argc - 2, argv + 2);
    }
    if (argc == 9 && strcmp(argv[1], "journal") == 0) {
        return write_journal(argv + 2);
    }
    return usage();
}
