#include "faults.h"

#include "memory.h"
#include "quantity.h"
#include "timestamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAYLOAD_MAX 512
#define TOPIC_MAX (2 * CATALOG_ID_MAX + 32)
#define CLOCK(hour, minute) ((hour)*60 + (minute)) /* minutes; of the next day from 24:00 on */

struct link;

/* Takes a message (NULL: the day is over) and passes on what comes of it. */
typedef bool fault_take(struct faults *faults, struct link *link,
                        const struct plant_message *message, struct failure *failure);

struct fault {
    fault_take *take;
    int from_min, until_min; /* wall clock of the first day; [from, until) where it is a span */
    const char *meter, *heat, *to;
    int64_t amount; /* whole units */
};

struct held {
    int64_t at_us; /* when it goes out at last */
    char *topic, *payload;
};

/* A fault of the chain, with what it remembers. */
struct link {
    const struct fault *fault;
    int64_t from_us, until_us;
    bool seen; /* its heat has been spoken of */
    bool done;
    int64_t last_raw; /* what the register showed when it was set to 0 */
    struct held *held;
    size_t held_count, held_capacity;
};

struct faults {
    const struct catalog *catalog;
    const struct zone *zone;
    struct plant_day_sink sink;
    bool started;
    size_t held_bytes;
    size_t link_count;
    struct link *links;
};

/* ---- the chain ---- */

static bool pass_on(struct faults *faults, const struct link *link,
                    const struct plant_message *message, struct failure *failure)
{
    struct link *next = &faults->links[link - faults->links + 1];

    if (next < faults->links + faults->link_count) {
        return next->fault->take(faults, next, message, failure);
    }
    return message == NULL || faults->sink.message(faults->sink.context, message, failure);
}

static bool hold(struct faults *faults, struct link *link, int64_t at_us, const char *topic,
                 const char *payload, struct failure *failure)
{
    faults->held_bytes += strlen(topic) + strlen(payload) + sizeof *link->held;
    if (faults->held_bytes > FAULTS_HELD_BYTES_MAX) {
        return failure_set(
            failure, FAILURE_INPUT,
            "--faults: more than %zu MiB of messages while the broker is away; fewer "
            "--copies would be right",
            FAULTS_HELD_BYTES_MAX >> 20);
    }
    memory_grow(&link->held, link->held_count, &link->held_capacity, sizeof *link->held);
    link->held[link->held_count++] = (struct held){at_us, memory_text(topic), memory_text(payload)};
    return true;
}

/* Passes on what was held back. */
static bool let_go(struct faults *faults, struct link *link, struct failure *failure)
{
    bool good = true;

    for (size_t i = 0; i < link->held_count; i++) {
        struct held *held = &link->held[i];
        struct plant_message message = {held->at_us, held->topic, held->payload};

        good = good && pass_on(faults, link, &message, failure);
        free(held->topic);
        free(held->payload);
    }
    link->held_count = 0;
    return good;
}

/* ---- what a message says ---- */

static bool says(const struct plant_message *message, const char *key, const char *text)
{
    char member[64];

    snprintf(member, sizeof member, "\"%s\":\"%s\"", key, text);
    return strstr(message->payload, member) != NULL;
}

/* The meter of the fault, where the message is a reading of it. */
static const struct meter *reading_of(const struct faults *faults, const struct link *link,
                                      const struct plant_message *message)
{
    const char *last = strrchr(message->topic, '/');
    meter_id found;

    return last != NULL && strcmp(last + 1, link->fault->meter) == 0 &&
                   catalog_find_meter(faults->catalog, link->fault->meter, &found)
               ? &faults->catalog->meters[found.index]
               : NULL;
}

/* Where the value stands in a reading of the simulated plant. */
static const char *value_of(const struct plant_message *message, const struct meter *meter,
                            size_t *length, int64_t *raw)
{
    const char *value = strstr(message->payload, "\"value\":");

    REQUIRE(value != NULL);
    value += strlen("\"value\":");
    *length = strcspn(value, ",}");
    REQUIRE(quantity_from_text_exact(value, *length, meter->decimals, raw) == QUANTITY_OK);
    return value;
}

/* The same message with another value, written into `payload`. */
static struct plant_message with_value(const struct plant_message *message,
                                       const struct meter *meter, int64_t raw,
                                       char payload[PAYLOAD_MAX])
{
    char text[QUANTITY_TEXT_MAX];
    int64_t old_raw = 0;
    size_t length = 0;
    const char *value = value_of(message, meter, &length, &old_raw);

    quantity_to_text(raw, meter->decimals, text);
    snprintf(payload, PAYLOAD_MAX, "%.*s%s%s", (int)(value - message->payload), message->payload,
             text, value + length);
    return (struct plant_message){message->at_us, message->topic, payload};
}

static void format_time(const struct faults *faults, int64_t ts_us, char text[TIMESTAMP_TEXT_MAX])
{
    timestamp_format(ts_us, zone_offset_s(faults->zone, ts_us), text);
}

/* ---- the faults ---- */

/* The register is set to 0 in the instant in which it is read for the last time; the control system
 * declares it. From then on it shows what was used since. */
static bool reset_register(struct faults *faults, struct link *link,
                           const struct plant_message *message, struct failure *failure)
{
    const struct meter *meter = message == NULL ? NULL : reading_of(faults, link, message);
    char time[TIMESTAMP_TEXT_MAX], topic[TOPIC_MAX], payload[PAYLOAD_MAX];
    int64_t raw = 0;
    size_t length = 0;

    if (meter == NULL || (!link->done && message->at_us != link->from_us)) {
        return pass_on(faults, link, message, failure);
    }
    (void)value_of(message, meter, &length, &raw);
    if (link->done) {
        raw -= link->last_raw;
        raw += raw < 0 ? meter->width_raw : 0;
        struct plant_message reset = with_value(message, meter, raw, payload);
        return pass_on(faults, link, &reset, failure);
    }
    link->done = true;
    link->last_raw = raw;
    format_time(faults, message->at_us, time);
    snprintf(topic, sizeof topic, "plant/%s/meter", faults->catalog->shop);
    snprintf(payload, sizeof payload,
             "{\"ts\":\"%s\",\"meter\":\"%s\",\"event\":\"reset\",\"initial\":0}", time, meter->id);
    struct plant_message declared = {message->at_us, topic, payload};
    return pass_on(faults, link, message, failure) && pass_on(faults, link, &declared, failure);
}

/* Nothing is heard of the meter for a while. */
static bool fall_silent(struct faults *faults, struct link *link,
                        const struct plant_message *message, struct failure *failure)
{
    bool silent = message != NULL && message->at_us >= link->from_us &&
                  message->at_us < link->until_us && reading_of(faults, link, message) != NULL;

    return silent || pass_on(faults, link, message, failure);
}

/* Of one weighing `amount` comes in time; the rest, of `from`, at `until`. */
static bool weigh_late(struct faults *faults, struct link *link,
                       const struct plant_message *message, struct failure *failure)
{
    const struct meter *meter = message == NULL ? NULL : reading_of(faults, link, message);
    char time[TIMESTAMP_TEXT_MAX], payload[PAYLOAD_MAX], late[PAYLOAD_MAX];
    char value[QUANTITY_TEXT_MAX];
    int64_t raw = 0, in_time_raw = 0;
    size_t length = 0;

    if ((message == NULL || message->at_us > link->until_us) && !let_go(faults, link, failure)) {
        return false;
    }
    if (meter == NULL || link->done || !says(message, "heat", link->fault->heat)) {
        return pass_on(faults, link, message, failure);
    }
    (void)value_of(message, meter, &length, &raw);
    in_time_raw = link->fault->amount * quantity_power_of_ten(meter->decimals);
    if (raw <= in_time_raw) {
        return pass_on(faults, link, message, failure);
    }
    link->done = true;
    format_time(faults, link->from_us, time);
    snprintf(late, sizeof late, "{\"ts\":\"%s\",\"value\":%s,\"heat\":\"%s\",\"id\":\"%s-%s-2\"}",
             time, quantity_to_text(raw - in_time_raw, meter->decimals, value), link->fault->heat,
             link->fault->heat, meter->id);
    struct plant_message in_time = with_value(message, meter, in_time_raw, payload);
    return hold(faults, link, link->until_us, message->topic, late, failure) &&
           pass_on(faults, link, &in_time, failure);
}

/* Once, when the messages of `from` have gone and the fault's heat is one of the plant's. */
static bool is_due(struct link *link, const struct plant_message *message)
{
    if (message == NULL || link->done) {
        return false;
    }
    link->done = link->seen && message->at_us > link->from_us;
    link->seen = link->seen || says(message, "heat", link->fault->heat);
    return link->done;
}

/* Part of a heat's steel goes back into another heat. */
static bool return_steel(struct faults *faults, struct link *link,
                         const struct plant_message *message, struct failure *failure)
{
    char time[TIMESTAMP_TEXT_MAX], topic[TOPIC_MAX], payload[PAYLOAD_MAX];

    if (is_due(link, message)) {
        format_time(faults, link->from_us, time);
        snprintf(topic, sizeof topic, "plant/%s/heat", faults->catalog->shop);
        snprintf(payload, sizeof payload,
                 "{\"ts\":\"%s\",\"heat\":\"%s\",\"event\":\"return\",\"to\":\"%s\",\"kg\":%lld,"
                 "\"id\":\"%s-return\"}",
                 time, link->fault->heat, link->fault->to, (long long)link->fault->amount,
                 link->fault->heat);
        struct plant_message returned = {link->from_us, topic, payload};
        if (!pass_on(faults, link, &returned, failure)) {
            return false;
        }
    }
    return pass_on(faults, link, message, failure);
}

/* Writes `payload` with every `old` id replaced by `new`, which is as long. */
static void rename_in(char *payload, const char *old, const char *new)
{
    size_t length = strlen(old);

    REQUIRE(strlen(new) == length);
    for (char *at = strstr(payload, old); at != NULL; at = strstr(at + length, old)) {
        memcpy(at, new, length);
    }
}

/* A heat gets another number; what is said of it later says the new one. */
static bool renumber(struct faults *faults, struct link *link, const struct plant_message *message,
                     struct failure *failure)
{
    const struct fault *fault = link->fault;
    char time[TIMESTAMP_TEXT_MAX], topic[TOPIC_MAX], payload[PAYLOAD_MAX];

    if (is_due(link, message)) {
        format_time(faults, link->from_us, time);
        snprintf(topic, sizeof topic, "plant/%s/heat", faults->catalog->shop);
        snprintf(payload, sizeof payload,
                 "{\"ts\":\"%s\",\"heat\":\"%s\",\"event\":\"renumber\",\"to\":\"%s\","
                 "\"id\":\"%s-renumber\"}",
                 time, fault->heat, fault->to, fault->heat);
        struct plant_message renumbered = {link->from_us, topic, payload};
        if (!pass_on(faults, link, &renumbered, failure)) {
            return false;
        }
    }
    if (!link->done || message == NULL || !says(message, "heat", fault->heat)) {
        return pass_on(faults, link, message, failure);
    }
    snprintf(payload, sizeof payload, "%s", message->payload);
    rename_in(payload, fault->heat, fault->to);
    struct plant_message renamed = {message->at_us, message->topic, payload};
    return pass_on(faults, link, &renamed, failure);
}

/* Everything comes twice, the same bytes right after. */
static bool send_twice(struct faults *faults, struct link *link,
                       const struct plant_message *message, struct failure *failure)
{
    bool twice =
        message != NULL && message->at_us >= link->from_us && message->at_us < link->until_us;

    return pass_on(faults, link, message, failure) &&
           (!twice || pass_on(faults, link, message, failure));
}

/* The broker is away: what is said meanwhile arrives when it is back, in its order. */
static bool lose_the_broker(struct faults *faults, struct link *link,
                            const struct plant_message *message, struct failure *failure)
{
    if ((message == NULL || message->at_us >= link->until_us) && !let_go(faults, link, failure)) {
        return false;
    }
    if (message != NULL && message->at_us >= link->from_us && message->at_us < link->until_us) {
        return hold(faults, link, link->until_us, message->topic, message->payload, failure);
    }
    return pass_on(faults, link, message, failure);
}

/* First what is said, then how it is delivered. */
static const struct fault chain[] = {
    {.take = reset_register, .from_min = CLOCK(11, 30), .meter = "E02"},
    {.take = fall_silent, .from_min = CLOCK(13, 0), .until_min = CLOCK(14, 10), .meter = "W01"},
    {.take = weigh_late,
     .from_min = CLOCK(11, 33),
     .until_min = CLOCK(17, 20),
     .meter = "M02",
     .heat = "12602490",
     .amount = 600},
    {.take = return_steel,
     .from_min = CLOCK(17, 45),
     .heat = "12602498",
     .to = "12602501",
     .amount = 40000},
    {.take = renumber, .from_min = CLOCK(24, 20), .heat = "12602509", .to = "12602909"},
    {.take = send_twice, .from_min = CLOCK(19, 0), .until_min = CLOCK(19, 5)},
    {.take = lose_the_broker, .from_min = CLOCK(21, 0), .until_min = CLOCK(21, 25)},
};
#define CHAIN_COUNT (sizeof chain / sizeof chain[0])

/* ---- the life of it ---- */

struct faults *faults_create(const struct catalog *catalog, const struct zone *zone,
                             const struct plant_day_sink *sink)
{
    struct faults *faults = memory_zeroed(1, sizeof *faults);

    faults->catalog = catalog;
    faults->zone = zone;
    faults->sink = *sink;
    faults->link_count = CHAIN_COUNT;
    faults->links = memory_zeroed(CHAIN_COUNT, sizeof *faults->links);
    for (size_t i = 0; i < CHAIN_COUNT; i++) {
        faults->links[i].fault = &chain[i];
    }
    return faults;
}

void faults_destroy(struct faults *faults)
{
    if (faults == NULL) {
        return;
    }
    for (size_t i = 0; i < faults->link_count; i++) {
        for (size_t j = 0; j < faults->links[i].held_count; j++) {
            free(faults->links[i].held[j].topic);
            free(faults->links[i].held[j].payload);
        }
        free(faults->links[i].held);
    }
    free(faults->links);
    free(faults);
}

/* The first message tells the day; its clock tells the instants. */
static void start(struct faults *faults, int64_t first_us)
{
    int64_t local_us = first_us + zone_offset_s(faults->zone, first_us) * TIMESTAMP_SECOND_US;
    int64_t midnight_us = local_us - local_us % TIMESTAMP_DAY_US;

    for (size_t i = 0; i < faults->link_count; i++) {
        struct link *link = &faults->links[i];

        link->from_us = zone_instant_us(
            faults->zone, midnight_us + link->fault->from_min * TIMESTAMP_MINUTE_US, NULL);
        link->until_us = zone_instant_us(
            faults->zone, midnight_us + link->fault->until_min * TIMESTAMP_MINUTE_US, NULL);
    }
    faults->started = true;
}

static bool take_message(void *context, const struct plant_message *message,
                         struct failure *failure)
{
    struct faults *faults = context;

    if (!faults->started) {
        start(faults, message->at_us);
    }
    return faults->links[0].fault->take(faults, &faults->links[0], message, failure);
}

static void pass_missing(void *context, const char *meter)
{
    struct faults *faults = context;

    faults->sink.missing(faults->sink.context, meter);
}

struct plant_day_sink faults_sink(struct faults *faults)
{
    return (struct plant_day_sink){faults, take_message, pass_missing};
}

bool faults_finish(struct faults *faults, struct failure *failure)
{
    return faults->links[0].fault->take(faults, &faults->links[0], NULL, failure);
}
