/* From a reading that overruns a quota to its alert, as anybody at the broker sees it, while other
 * messages come at a rate: each probe of the shop is read once, and again so that its quota is
 * overrun; the time from when that reading was to be sent to receiving the alert counts.
 *
 *   bench_latency PORT METERS PROBES RATE SECONDS
 *
 * RATE in messages a second. Prints milliseconds; ends with status 1 where an alert is missing. */
#include "bench_clock.h"
#include "bench_shop.h"
#include "bench_wire.h"
#include "memory.h"
#include "timestamp.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#define USAGE "bench_latency PORT METERS PROBES RATE SECONDS"
#define WINDOW 20000 /* the rate shall be kept, whatever the broker's mood */
#define SLICE_US 500
#define LAST_WAIT_NS INT64_C(30000000000)
#define OVERRUN_KWH 100
#define SPARE_S 10 /* for the first readings */

struct latency {
    uint32_t probes, answered;
    int64_t *sent_ns;
    int64_t *taken_ns; /* 0: no alert yet */
};

/* heatledger/BENCH/alerts/probe12/… */
static void on_alert(void *context, const char *topic, size_t topic_length, const char *payload,
                     size_t payload_length)
{
    static const char before[] = "heatledger/BENCH/alerts/probe";
    struct latency *latency = context;
    char text[16] = "";
    (void)payload;
    if (payload_length == 0 || topic_length <= sizeof before - 1 ||
        memcmp(topic, before, sizeof before - 1) != 0) {
        return;
    }
    size_t rest = topic_length - (sizeof before - 1);
    memcpy(text, topic + sizeof before - 1, rest < sizeof text ? rest : sizeof text - 1);
    unsigned long probe = strtoul(text, NULL, 10);
    if (probe < latency->probes && latency->sent_ns[probe] != 0 && latency->taken_ns[probe] == 0) {
        latency->taken_ns[probe] = bench_clock_ns(CLOCK_MONOTONIC) - latency->sent_ns[probe];
        latency->answered++;
    }
}

static int64_t now_us(void)
{
    return bench_clock_ns(CLOCK_REALTIME) / 1000;
}

/* `due_ns` is when it was to be sent: what holds up the sender delays the alert, too. */
static void probe(struct latency *latency, struct bench_wire *wire, struct bench_shop *shop,
                  uint32_t which, int64_t value, int64_t due_ns)
{
    static struct bench_shop_message message;
    bench_shop_probe(shop, which, now_us(), value, &message);
    latency->sent_ns[which] = due_ns;
    bench_wire_publish(wire, message.topic, message.topic_length, message.payload,
                       message.payload_length);
}

/* At a change of shifts what a probe used falls to the shift that has ended, and its alert may be
 * one that looks back: the run begins behind it. */
static void keep_off_shift_change(int64_t seconds)
{
    int64_t left_us = bench_shop_shift_left_us(now_us());
    if (left_us < (seconds + SPARE_S) * TIMESTAMP_SECOND_US) {
        sleep((unsigned)(left_us / TIMESTAMP_SECOND_US) + 2);
    }
}

/* Both kinds of messages at their rates. */
static void work(struct latency *latency, struct bench_wire *wire, struct bench_shop *shop,
                 int64_t rate, int64_t seconds)
{
    static struct bench_shop_message message;
    int64_t start_ns = bench_clock_ns(CLOCK_MONOTONIC);
    int64_t whole_ns = seconds * INT64_C(1000000000);
    int64_t every_ns = whole_ns / latency->probes;
    int64_t sent = 0;
    uint32_t probed = 0;
    for (int64_t past_ns = 0; past_ns < whole_ns || probed < latency->probes;
         past_ns = bench_clock_ns(CLOCK_MONOTONIC) - start_ns) {
        int64_t due = (int64_t)((double)past_ns * (double)rate / 1e9);
        for (; sent < due; sent++) {
            bench_shop_next(shop, &message);
            bench_wire_publish(wire, message.topic, message.topic_length, message.payload,
                               message.payload_length);
        }
        for (; probed < latency->probes && past_ns >= every_ns * probed; probed++) {
            probe(latency, wire, shop, probed, OVERRUN_KWH, start_ns + every_ns * probed);
        }
        bench_wire_turn(wire, SLICE_US);
    }
    int64_t end_ns = bench_clock_ns(CLOCK_MONOTONIC);
    while (latency->answered < latency->probes &&
           bench_clock_ns(CLOCK_MONOTONIC) - end_ns < LAST_WAIT_NS) {
        bench_wire_turn(wire, SLICE_US);
    }
    printf("messages=%" PRId64 " readings=%" PRIu64 " per_second=%.0f ", sent + latency->probes,
           shop->readings + 2 * latency->probes, (double)sent * 1e9 / (double)(end_ns - start_ns));
}

static int by_time(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left;
    int64_t b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

static double part_ms(const struct latency *latency, double part)
{
    uint32_t place = (uint32_t)(part * (double)(latency->probes - 1) + 0.5);
    return (double)latency->taken_ns[place] / 1e6;
}

int main(int argc, char **argv)
{
    if (argc != 6) {
        fprintf(stderr, "usage: %s\n", USAGE);
        return 2;
    }
    uint16_t port = (uint16_t)bench_number(argv[1], 1, USAGE);
    struct bench_shop shop = {.meters = (uint32_t)bench_number(argv[2], 1, USAGE),
                              .batch = 1,
                              .probes = (uint32_t)bench_number(argv[3], 1, USAGE)};
    int64_t rate = bench_number(argv[4], 1, USAGE);
    int64_t seconds = bench_number(argv[5], 1, USAGE);
    struct latency latency = {.probes = shop.probes};
    latency.sent_ns = memory_zeroed(shop.probes, sizeof *latency.sent_ns);
    latency.taken_ns = memory_zeroed(shop.probes, sizeof *latency.taken_ns);
    shop.cadence_us = TIMESTAMP_SECOND_US * shop.meters / rate;
    keep_off_shift_change(seconds);
    struct bench_wire *wire = bench_wire_open(port, "bench-latency", WINDOW);
    bench_wire_subscribe(wire, "heatledger/BENCH/alerts/+/+/+/limit", on_alert, &latency);
    for (uint32_t i = 0; i < shop.probes; i++) {
        probe(&latency, wire, &shop, i, 0, 0);
    }
    bench_wire_drain(wire);
    sleep(1); /* the first readings lie behind the second ones, and are booked */
    shop.start_us = now_us();
    bench_shop_begin(&shop);
    work(&latency, wire, &shop, rate, seconds);
    bench_wire_close(wire);
    qsort(latency.taken_ns, latency.probes, sizeof *latency.taken_ns, by_time);
    printf("alerts=%u missing=%u p50_ms=%.1f p99_ms=%.1f p999_ms=%.1f max_ms=%.1f\n",
           (unsigned)latency.answered, (unsigned)(latency.probes - latency.answered),
           part_ms(&latency, 0.5), part_ms(&latency, 0.99), part_ms(&latency, 0.999),
           part_ms(&latency, 1));
    return latency.answered == latency.probes ? 0 : 1;
}
