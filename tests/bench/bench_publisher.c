/* Publishes the messages of the bench shop at QoS 1, at a rate or as fast as the broker takes them,
 * and waits until all are acknowledged.
 *
 *   bench_publisher PORT METERS BATCH MESSAGES RATE
 *
 * RATE in messages a second; 0: flat out. Readings are as old as their times say: at a rate they
 * are of now; flat out they are read every 10 s, the last of them a minute ago. Prints what was
 * sent; the events of heats are among the messages. */
#include "bench_clock.h"
#include "bench_shop.h"
#include "bench_wire.h"
#include "timestamp.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#define USAGE "bench_publisher PORT METERS BATCH MESSAGES RATE"
#define WINDOW 1000
#define CADENCE_US (10 * TIMESTAMP_SECOND_US)
#define SLICE_US 1000

/* Until the message is due the acknowledgements are taken. */
static void wait_until(struct bench_wire *wire, int64_t due_us)
{
    for (;;) {
        int64_t left_us = due_us - bench_clock_ns(CLOCK_MONOTONIC) / 1000;
        if (left_us <= 0) {
            return;
        }
        bench_wire_turn(wire, left_us < SLICE_US ? left_us : SLICE_US);
    }
}

int main(int argc, char **argv)
{
    if (argc != 6) {
        fprintf(stderr, "usage: %s\n", USAGE);
        return 2;
    }
    static struct bench_shop_message message;
    uint16_t port = (uint16_t)bench_number(argv[1], 1, USAGE);
    struct bench_shop shop = {.meters = (uint32_t)bench_number(argv[2], 1, USAGE),
                              .batch = (uint32_t)bench_number(argv[3], 1, USAGE)};
    int64_t count = bench_number(argv[4], 1, USAGE);
    int64_t rate = bench_number(argv[5], 0, USAGE);
    int64_t now_us = bench_clock_ns(CLOCK_REALTIME) / 1000;
    int64_t in_turn = (shop.meters + shop.batch - 1) / shop.batch; /* messages of one tick */
    if (rate > 0) {
        shop.cadence_us = TIMESTAMP_SECOND_US * in_turn / rate;
        shop.start_us = now_us;
    } else {
        shop.cadence_us = CADENCE_US;
        shop.start_us = now_us - (count / in_turn + 6) * CADENCE_US;
    }
    bench_shop_begin(&shop);
    struct bench_wire *wire = bench_wire_open(port, "bench-publisher", WINDOW);
    int64_t start_ns = bench_clock_ns(CLOCK_MONOTONIC);
    for (int64_t i = 0; i < count; i++) {
        /* A slice of a millisecond at a time: a wait for each message would be all waiting. */
        if (rate > 0 && (rate <= SLICE_US || i % (rate / SLICE_US) == 0)) {
            wait_until(wire, start_ns / 1000 + i * TIMESTAMP_SECOND_US / rate);
        }
        bench_shop_next(&shop, &message);
        bench_wire_publish(wire, message.topic, message.topic_length, message.payload,
                           message.payload_length);
    }
    bench_wire_close(wire);
    int64_t spent_ns = bench_clock_ns(CLOCK_MONOTONIC) - start_ns;
    printf("messages=%" PRId64 " readings=%" PRIu64 " seconds=%.3f cpu_seconds=%.3f\n", count,
           shop.readings, (double)spent_ns / 1e9,
           (double)bench_clock_ns(CLOCK_PROCESS_CPUTIME_ID) / 1e9);
    bench_shop_end(&shop);
    return 0;
}
