#include "bench_shop.h"

#include "memory.h"
#include "timestamp.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PAYLOAD_BYTES 150 /* of a message with one reading */
#define OFFSET_S (8 * 3600)
#define DAY_START_S (7 * 3600) /* the shifts are three of the same length */
#define SHIFT_US (8 * 3600 * TIMESTAMP_SECOND_US)
#define MINUTE_US (60 * TIMESTAMP_SECOND_US)
#define STAY_MIN 40
#define BUSY_SHIFTED_MIN 4 /* the heats of the next station start so much later */
#define LINE_EVERY_MIN 48  /* 30 heats a day */
#define LINE_STATIONS 3
#define LINE_METERS 100 /* at each of them */
#define STEEL_KG 120000

void bench_shop_begin(struct bench_shop *shop)
{
    shop->values_base = memory_zeroed(shop->meters, sizeof *shop->values_base);
    for (uint32_t i = 0; i < shop->meters; i++) {
        shop->values_base[i] = (int64_t)(i * UINT32_C(2654435761) % 100000000);
    }
    shop->tick = 0;
    shop->meter = 0;
    shop->readings = 0;
    shop->minutes = 0;
    shop->event = shop->event_count = 0;
    shop->second = -1;
}

void bench_shop_end(struct bench_shop *shop)
{
    free(shop->values_base);
    shop->values_base = NULL;
}

static void put_meter(const struct bench_shop_settings *settings, char letter, unsigned number,
                      const char *item, const char *station, FILE *out)
{
    fprintf(out,
            "{\"id\":\"%c%05u\",\"item\":\"%s\",\"station\":\"%s\",\"kind\":\"register\","
            "\"reset\":\"never\",\"max_rate_per_hour\":\"10000000\",\"max_gap_s\":%s,"
            "\"stale_s\":%s}",
            letter, number, item, station, settings->max_gap_s, settings->stale_s);
}

/* Of a line, three stations with LINE_METERS each, and the rest of the shop elsewhere. */
static unsigned station_of(const struct bench_shop *shop, uint32_t meter)
{
    if (shop->heats == BENCH_SHOP_BUSY) {
        return meter % BENCH_SHOP_STATIONS;
    }
    return meter < LINE_STATIONS * LINE_METERS
               ? meter % LINE_STATIONS
               : LINE_STATIONS + meter % (BENCH_SHOP_STATIONS - LINE_STATIONS);
}

static void put_meters(const struct bench_shop *shop, const struct bench_shop_settings *settings,
                       FILE *out)
{
    fputs("\"meters\":[", out);
    for (uint32_t i = 0; i < shop->meters; i++) {
        char station[8];
        snprintf(station, sizeof station, "S%02u", station_of(shop, i));
        fputs(i > 0 ? ",\n" : "\n", out);
        put_meter(settings, 'M', (unsigned)i, i % 2 == 0 ? "electricity" : "water", station, out);
    }
    for (uint32_t i = 0; i < shop->probes; i++) {
        fputs(",\n", out);
        put_meter(settings, 'P', (unsigned)i, "electricity", "PROBE00", out);
    }
    fputs("],\n", out);
}

/* Two for each station, so that every reading is held against a shift's and a heat's quota. */
static void put_quotas(const struct bench_shop *shop, FILE *out)
{
    fputs("\"quotas\":[", out);
    for (unsigned i = 0; i < BENCH_SHOP_STATIONS; i++) {
        const char *item = i % 2 == 0 ? "electricity" : "water";
        const char *const *tight = NULL;
        static const char *const per_tonne[][2] = {{"0.0142", "0.0146"}, {"14.2", "14.6"}};
        if (shop->heats != BENCH_SHOP_BUSY && i < LINE_STATIONS) {
            tight = per_tonne[i % 2];
        }
        fprintf(
            out,
            "%s{\"id\":\"shift%u\",\"item\":\"%s\",\"stations\":[\"S%02u\"],\"basis\":\"per_"
            "shift\","
            "\"target\":\"100000000\",\"limit\":\"200000000\"},\n"
            "{\"id\":\"heat%u\",\"item\":\"%s\",\"stations\":[\"S%02u\"],\"basis\":\"per_tonne\","
            "\"target\":\"%s\",\"limit\":\"%s\"}",
            i > 0 ? ",\n" : "\n", i, item, i, i, item, i, tight != NULL ? tight[0] : "100000",
            tight != NULL ? tight[1] : "200000");
    }
    for (unsigned i = 0; i < shop->probes; i++) {
        fprintf(out,
                ",\n{\"id\":\"probe%u\",\"item\":\"electricity\",\"meters\":[\"P%05u\"],"
                "\"basis\":\"per_shift\",\"limit\":\"1\"}",
                i, i);
    }
    fputs("]\n", out);
}

static void put_shifts(const struct bench_shop *shop, FILE *out)
{
    if (shop->heats == BENCH_SHOP_LONG) {
        fputs("\"shifts\":[{\"id\":\"day\",\"start\":\"07:00\"}],\n"
              "\"roster\":{\"epoch\":\"2026-03-10\",\"cycle\":[\"day\",null,null,null],"
              "\"offsets\":{\"A\":0,\"B\":3,\"C\":2,\"D\":1}},\n",
              out);
        return;
    }
    fputs("\"shifts\":[{\"id\":\"day\",\"start\":\"07:00\"},{\"id\":\"mid\",\"start\":\"15:00\"},"
          "{\"id\":\"night\",\"start\":\"23:00\"}],\n"
          "\"roster\":{\"epoch\":\"2026-03-10\",\"cycle\":[\"day\",\"day\",\"mid\",\"mid\","
          "\"night\",\"night\",null,null],\"offsets\":{\"A\":0,\"B\":6,\"C\":4,\"D\":2}},\n",
          out);
}

void bench_shop_plant(const struct bench_shop *shop, const struct bench_shop_settings *settings,
                      FILE *out)
{
    fprintf(out,
            "{\"shop\":\"BENCH\",\"zone\":\"Asia/Shanghai\",\"production_day_start\":\"07:00\",\n"
            "\"owner_at\":{\"event\":\"end\",\"station\":\"S%02u\"},\n"
            "\"journal\":{\"durability\":\"%s\",\"compress\":%s},\n"
            "\"items\":[{\"id\":\"electricity\",\"unit\":\"kWh\",\"resolution\":\"0.001\"},\n"
            "{\"id\":\"water\",\"unit\":\"L\",\"resolution\":\"1\"}],\n\"stations\":[",
            shop->heats == BENCH_SHOP_BUSY ? 0u : (unsigned)(LINE_STATIONS - 1),
            settings->durability, settings->compress ? "true" : "false");
    for (unsigned i = 0; i < BENCH_SHOP_STATIONS; i++) {
        bool last = shop->heats == BENCH_SHOP_BUSY || i == LINE_STATIONS - 1;
        fprintf(out, "%s{\"id\":\"S%02u\"%s}", i > 0 ? "," : "", i, last ? ",\"last\":true" : "");
    }
    fputs(shop->probes > 0 ? ",{\"id\":\"PROBE00\"}],\n" : "],\n", out);
    put_meters(shop, settings, out);
    fputs("\"crews\":[{\"id\":\"A\"},{\"id\":\"B\"},{\"id\":\"C\"},{\"id\":\"D\"}],\n", out);
    put_shifts(shop, out);
    put_quotas(shop, out);
    fputs("}\n", out);
}

/* `at_us` as RFC 3339 with milliseconds; the second is worked out once. */
static void put_clock(struct bench_shop *shop, int64_t at_us, char text[64])
{
    int64_t second = at_us / TIMESTAMP_SECOND_US;
    if (second != shop->second) {
        struct tm local;
        time_t shifted = (time_t)(second + OFFSET_S);
        gmtime_r(&shifted, &local);
        strftime(shop->clock, sizeof shop->clock, "%Y-%m-%dT%H:%M:%S", &local);
        shop->second = second;
    }
    int ms = (int)(at_us / 1000 % 1000);
    snprintf(text, 64, "%s.%03d+08:00", shop->clock, ms);
}

static void put_event(struct bench_shop *shop, int64_t at_us, int64_t heat, unsigned station,
                      bool starts)
{
    char clock[64];
    put_clock(shop, at_us, clock);
    snprintf(shop->events[shop->event_count++].text, sizeof shop->events[0].text,
             "{\"ts\":\"%s\",\"heat\":\"H%07" PRId64 "\",\"event\":\"%s\",\"station\":\"S%02u\","
             "\"id\":\"%c%" PRId64 "-%u\"%s%d}",
             clock, heat, starts ? "start" : "end", station, starts ? 's' : 'e', heat, station,
             starts ? ",\"planned_kg\":" : ",\"steel_kg\":", STEEL_KG);
}

static void busy_minute(struct bench_shop *shop, int64_t minute)
{
    int64_t at_us = shop->start_us + minute * MINUTE_US;
    for (unsigned i = 0; i < BENCH_SHOP_STATIONS; i++) {
        int64_t since = minute - (int64_t)i * BUSY_SHIFTED_MIN;
        if (since < 0 || since % STAY_MIN != 0) {
            continue;
        }
        int64_t heat = since / STAY_MIN * BENCH_SHOP_STATIONS + i;
        if (since > 0) {
            put_event(shop, at_us, heat - BENCH_SHOP_STATIONS, i, false);
        }
        put_event(shop, at_us, heat, i, true);
    }
}

static void line_minute(struct bench_shop *shop, int64_t minute)
{
    int64_t at_us = shop->start_us + minute * MINUTE_US;
    for (unsigned i = 0; i < LINE_STATIONS; i++) {
        int64_t since = minute - (int64_t)i * STAY_MIN;
        if (since >= 0 && since % LINE_EVERY_MIN == 0) {
            put_event(shop, at_us, since / LINE_EVERY_MIN, i, true);
        }
        since -= STAY_MIN;
        if (since >= 0 && since % LINE_EVERY_MIN == 0) {
            put_event(shop, at_us, since / LINE_EVERY_MIN, i, false);
        }
    }
}

/* Events of the minutes up to `at_us` come before its readings. */
static bool next_event(struct bench_shop *shop, int64_t at_us, struct bench_shop_message *message)
{
    static const char topic[] = "plant/BENCH/heat";
    int64_t due = (at_us - shop->start_us) / MINUTE_US;
    while (shop->event == shop->event_count && shop->minutes <= due) {
        shop->event = shop->event_count = 0;
        if (shop->heats != BENCH_SHOP_BUSY) {
            line_minute(shop, shop->minutes);
        } else {
            busy_minute(shop, shop->minutes);
        }
        shop->minutes++;
    }
    if (shop->event == shop->event_count) {
        return false;
    }
    const char *text = shop->events[shop->event++].text;
    message->at_us = shop->start_us + (shop->minutes - 1) * MINUTE_US;
    message->readings = 0;
    message->topic_length = sizeof topic - 1;
    memcpy(message->topic, topic, sizeof topic);
    message->payload_length = strlen(text);
    memcpy(message->payload, text, message->payload_length + 1);
    return true;
}

static int put_value(const struct bench_shop *shop, uint32_t meter, char *text, size_t size)
{
    int64_t value = shop->values_base[meter];
    return meter % 2 == 0
               ? snprintf(text, size, "%" PRId64 ".%03d", value / 1000, (int)(value % 1000))
               : snprintf(text, size, "%" PRId64, value);
}

/* Uneven, as use is. */
static void advance(struct bench_shop *shop, uint32_t meter)
{
    uint32_t mixed = (uint32_t)(shop->tick * 7919 + meter) * UINT32_C(2654435761);
    shop->values_base[meter] += (mixed >> 16) % 50;
}

static void one_reading(struct bench_shop *shop, uint32_t meter, const char *clock,
                        struct bench_shop_message *message)
{
    static const char padding[] = "00000000000000000000000000000000000000000000000000";
    char value[32];
    put_value(shop, meter, value, sizeof value);
    message->topic_length =
        (size_t)snprintf(message->topic, sizeof message->topic, "plant/BENCH/S%02u/%s/M%05u",
                         (unsigned)(meter % BENCH_SHOP_STATIONS),
                         meter % 2 == 0 ? "electricity" : "water", (unsigned)meter);
    int length =
        snprintf(message->payload, sizeof message->payload,
                 "{\"ts\":\"%s\",\"value\":%s,\"quality\":\"good\",\"unit\":\"%s\",\"seq\":%" PRId64
                 ",\"device\":\"PM5560-%05u\",\"firmware\":\"2.7.4",
                 clock, value, meter % 2 == 0 ? "kWh" : "L", shop->tick, (unsigned)meter);
    int room = PAYLOAD_BYTES - 2 - length;
    room = room < 0 ? 0 : room;
    message->payload_length = (size_t)(length + snprintf(message->payload + length,
                                                         sizeof message->payload - (size_t)length,
                                                         "%.*s\"}", room, padding));
}

static void many_readings(struct bench_shop *shop, uint32_t first, uint32_t count,
                          const char *clock, struct bench_shop_message *message)
{
    message->topic_length =
        (size_t)snprintf(message->topic, sizeof message->topic, "plant/BENCH/readings");
    char *at = message->payload;
    char *end = message->payload + sizeof message->payload;
    at += snprintf(at, (size_t)(end - at), "{\"ts\":\"%s\",\"readings\":[", clock);
    for (uint32_t i = first; i < first + count; i++) {
        at += snprintf(at, (size_t)(end - at),
                       "%s{\"meter\":\"M%05u\",\"value\":", i > first ? "," : "", (unsigned)i);
        at += put_value(shop, i, at, (size_t)(end - at));
        *at++ = '}';
    }
    at += snprintf(at, (size_t)(end - at), "]}");
    message->payload_length = (size_t)(at - message->payload);
}

void bench_shop_next(struct bench_shop *shop, struct bench_shop_message *message)
{
    char clock[64];
    uint32_t first = shop->meter;
    uint32_t left = shop->meters - first;
    uint32_t count = shop->batch < left ? shop->batch : left;
    int64_t at_us = shop->start_us + shop->tick * shop->cadence_us +
                    shop->cadence_us * (int64_t)first / (int64_t)shop->meters;
    if (next_event(shop, at_us, message)) {
        return;
    }
    message->at_us = at_us;
    put_clock(shop, message->at_us, clock);
    for (uint32_t i = first; i < first + count; i++) {
        advance(shop, i);
    }
    if (shop->batch == 1) {
        one_reading(shop, first, clock, message);
    } else {
        many_readings(shop, first, count, clock, message);
    }
    message->readings = count;
    shop->readings += count;
    shop->meter += count;
    if (shop->meter == shop->meters) {
        shop->meter = 0;
        shop->tick++;
    }
}

void bench_shop_probe(struct bench_shop *shop, uint32_t probe, int64_t at_us, int64_t value,
                      struct bench_shop_message *message)
{
    char clock[64];
    put_clock(shop, at_us, clock);
    message->at_us = at_us;
    message->readings = 1;
    message->topic_length =
        (size_t)snprintf(message->topic, sizeof message->topic,
                         "plant/BENCH/PROBE00/electricity/P%05u", (unsigned)probe);
    message->payload_length =
        (size_t)snprintf(message->payload, sizeof message->payload,
                         "{\"ts\":\"%s\",\"value\":%" PRId64 "}", clock, value);
}

int64_t bench_shop_shift_left_us(int64_t at_us)
{
    int64_t local_us = at_us + (OFFSET_S - DAY_START_S) * TIMESTAMP_SECOND_US;
    return SHIFT_US - local_us % SHIFT_US;
}
