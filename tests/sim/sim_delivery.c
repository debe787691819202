#include "sim_delivery.h"

#include "memory.h"
#include "sim_feature.h"
#include "sim_payload.h"
#include "sim_random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000)
#define MINUTE (60 * SECOND)
#define HOUR (3600 * SECOND)

/* A fact on its way; the same fact may be on its way several times. Delays stay so small that no
 * reading comes older than its meter's exact window: 6 minutes late, 3 more for a copy, others
 * stamped 3 minutes ahead make 12 of 15. */
struct parcel {
    const struct sim_fact *fact;
    int64_t deliver_us;
    uint32_t order;
    bool copy, retained, sent;
};

struct delivery {
    const struct sim_plant *plant;
    struct sim_facts *facts;
    struct sim_messages *messages;
    uint64_t seed;
    struct parcel *parcels;
    size_t count, capacity;
    struct {
        int64_t from_us, to_us;
    } outages[SIM_METERS_MAX];
    struct sim_random random, kills;
    int64_t clock_us; /* by how much our clock is ahead */
    uint16_t packet_id;
    uint32_t session;
};

static void add_parcel(struct delivery *delivery, const struct sim_fact *fact, int64_t deliver_us,
                       bool copy, bool retained)
{
    memory_grow(&delivery->parcels, delivery->count, &delivery->capacity,
                sizeof *delivery->parcels);
    delivery->parcels[delivery->count] = (struct parcel){
        fact, deliver_us, (uint32_t)delivery->count, copy, retained, false,
    };
    delivery->count++;
}

static void post(struct delivery *delivery, const struct sim_fact *fact)
{
    struct sim_facts *facts = delivery->facts;
    struct sim_random random = sim_random_stream(delivery->seed, 10, fact->serial);
    bool entry = fact->kind == SIM_FACT_ENTRY;
    int64_t told_us = entry ? fact->said_us : fact->ts_us;
    int64_t deliver_us = told_us + sim_random_between(&random, 50000, 3 * SECOND);
    bool reading = fact->kind == SIM_FACT_READING;
    int64_t from_us = reading ? delivery->outages[fact->meter].from_us : 0;
    int64_t to_us = reading ? delivery->outages[fact->meter].to_us : 0;
    enum sim_disturbance late = reading ? SIM_LATE : SIM_LATE_EVENT;
    if (facts->late && !entry && sim_disturbed(facts, late, &random)) {
        deliver_us += sim_random_between(&random, 10, 600) * MINUTE;
        facts->counts[late]++;
    } else if (fact->ts_us >= from_us && fact->ts_us < to_us) {
        deliver_us = to_us + (fact->ts_us - from_us) / 1000;
        facts->counts[SIM_OUTAGE]++;
    } else if (sim_disturbed(facts, SIM_DELAY, &random) ||
               (!reading && sim_random_chance(&random, 200))) {
        deliver_us += sim_random_between(&random, 1, 6 * MINUTE);
        facts->counts[SIM_DELAY]++;
    } else if (reading && sim_disturbed(facts, SIM_ADVANCE, &random)) {
        deliver_us = fact->ts_us - sim_random_between(&random, 1, 3 * MINUTE);
        facts->counts[SIM_ADVANCE]++;
    }
    bool retained = reading && sim_random_chance(&random, 5);
    add_parcel(delivery, fact, deliver_us, false, retained);
    if (sim_disturbed(facts, SIM_DUPLICATE, &random)) {
        add_parcel(delivery, fact, deliver_us + sim_random_between(&random, 1, 3 * MINUTE), true,
                   false);
        facts->counts[SIM_DUPLICATE]++;
    }
    struct sim_random copies = sim_random_stream(delivery->seed, 16, fact->serial);
    if (facts->forgotten && sim_disturbed(facts, SIM_FORGOTTEN, &copies)) {
        add_parcel(delivery, fact, deliver_us + sim_random_between(&copies, 10, 600) * MINUTE, true,
                   false);
        facts->counts[SIM_FORGOTTEN]++;
    }
    if (reading && sim_disturbed(facts, SIM_RETAINED, &random)) {
        add_parcel(delivery, fact, deliver_us + sim_random_between(&random, 1, 3 * MINUTE), true,
                   true);
        facts->counts[SIM_RETAINED]++;
    }
}

static int compare_parcels(const void *a, const void *b)
{
    const struct parcel *left = a, *right = b;
    if (left->deliver_us != right->deliver_us) {
        return left->deliver_us < right->deliver_us ? -1 : 1;
    }
    return left->order < right->order ? -1 : 1;
}

static void make_outages(struct delivery *delivery)
{
    const struct sim_plant *plant = delivery->plant;
    for (int meter = 0; meter < plant->meter_count; meter++) {
        struct sim_random random = sim_random_stream(delivery->seed, 11, (uint64_t)meter);
        if (sim_disturbed(delivery->facts, SIM_OUTAGE, &random)) {
            int64_t from_us = sim_random_between(&random, plant->start_us, plant->end_us);
            delivery->outages[meter].from_us = from_us;
            delivery->outages[meter].to_us = from_us + sim_random_between(&random, 5, 360) * MINUTE;
        }
    }
}

/* A message at the place of `parcel`; its arrival is set when all are in order. */
static struct sim_message *add_message(struct delivery *delivery, const struct parcel *parcel)
{
    struct sim_messages *messages = delivery->messages;
    memory_grow(&messages->list, messages->count, &messages->capacity, sizeof *messages->list);
    struct sim_message *message = &messages->list[messages->count++];
    *message = (struct sim_message){
        .arrival_us = parcel->deliver_us,
        .order = (uint64_t)(parcel - delivery->parcels) << 8 | 128,
        .outcomes_least = 1,
        .outcomes_most = 1,
    };
    return message;
}

#define BUNDLE_MAX 12

/* The parcels behind `at` that travel with it: of the same meter, or whatever a gateway sends. */
static size_t bundle(struct delivery *delivery, size_t at, bool gateway, size_t most,
                     struct parcel *bundled[BUNDLE_MAX])
{
    const struct parcel *first = &delivery->parcels[at];
    size_t count = 0;
    size_t last = at + 40 < delivery->count ? at + 40 : delivery->count;
    for (size_t i = at; i < last && count < most; i++) {
        struct parcel *parcel = &delivery->parcels[i];
        const struct sim_fact *fact = parcel->fact;
        if (parcel->sent || fact->kind != SIM_FACT_READING) {
            continue;
        }
        bool same = fact->meter == first->fact->meter;
        bool plain = fact->from_us == SIM_NONE && fact->void_id[0] == '\0' &&
                     fact->heat[0] == '\0' && fact->id[0] == '\0';
        if (parcel->retained != first->retained ||
            (gateway ? !plain || parcel->deliver_us > first->deliver_us + 5 * SECOND : !same)) {
            if (gateway || same) {
                break;
            }
            continue;
        }
        parcel->sent = true;
        bundled[count++] = parcel;
    }
    return count;
}

static void send_readings(struct delivery *delivery, size_t at)
{
    struct sim_facts *facts = delivery->facts;
    struct parcel *bundled[BUNDLE_MAX];
    struct sim_random random =
        sim_random_stream(delivery->seed, 12, delivery->parcels[at].fact->serial);
    const struct sim_fact *first = delivery->parcels[at].fact;
    bool plain = first->from_us == SIM_NONE && first->void_id[0] == '\0' &&
                 first->heat[0] == '\0' && first->id[0] == '\0';
    bool gateway = plain && sim_random_chance(&random, 200);
    bool array = !gateway && sim_random_chance(&random, 150);
    size_t most = gateway || array ? (size_t)sim_random_between(&random, 1, BUNDLE_MAX) : 1;
    size_t count = bundle(delivery, at, gateway, most, bundled);
    struct sim_message *message = add_message(delivery, bundled[count - 1]);
    size_t length = 0, elements = 0;
    FILE *out = open_memstream(&message->payload, &length);
    if (gateway) {
        snprintf(message->topic, sizeof message->topic, "plant/" SIM_SHOP "/readings");
        fprintf(out, "{\"readings\":[");
    } else {
        sim_payload_topic(message->topic, delivery->plant, first);
        fprintf(out, array ? "[" : "");
    }
    for (size_t i = 0; i < count; i++) {
        const struct sim_fact *fact = bundled[i]->fact;
        bool twice = (gateway || array) && sim_disturbed(facts, SIM_TWICE_IN_BATCH, &random);
        facts->counts[SIM_TWICE_IN_BATCH] += twice;
        for (int copy = 0; copy < (twice ? 2 : 1); copy++) {
            fprintf(out, elements++ == 0 ? "" : ",");
            sim_payload_fact(out, delivery->plant, &random, fact, fact->ts_us, gateway);
        }
    }
    fprintf(out, gateway ? "]}" : array ? "]" : "");
    fclose(out);
    message->retain = bundled[0]->retained;
    message->outcomes_least = message->outcomes_most = (unsigned)elements;
}

static void send_event(struct delivery *delivery, struct parcel *parcel)
{
    struct sim_random random = sim_random_stream(delivery->seed, 12, parcel->fact->serial);
    struct sim_message *message = add_message(delivery, parcel);
    size_t length = 0;
    FILE *out = open_memstream(&message->payload, &length);
    sim_payload_topic(message->topic, delivery->plant, parcel->fact);
    sim_payload_fact(out, delivery->plant, &random, parcel->fact, parcel->fact->ts_us, false);
    fclose(out);
    parcel->sent = true;
}

/* Messages that say nothing, from the neighbourhood of a good one. */
static void send_nonsense(struct delivery *delivery, const struct parcel *parcel)
{
    static const char *const broken[] = {
        "{\"ts\":\"2026-03-1",    "", "{}", "[1,2", "nonsense", "{\"value\":1}}", "null",
        "{\"ts\":17,\"value\":3}"};
    struct sim_facts *facts = delivery->facts;
    struct sim_random random = sim_random_stream(delivery->seed, 13, parcel->order);
    static const enum sim_disturbance kinds[] = {SIM_UNKNOWN_METER, SIM_UNKNOWN_TOPIC,
                                                 SIM_BROKEN_JSON, SIM_FUTURE};
    for (int i = 0; i < 4; i++) {
        const struct sim_fact *fact = parcel->fact;
        if (!sim_disturbed(facts, kinds[i], &random) || fact->kind != SIM_FACT_READING ||
            fact->void_id[0] != '\0') {
            continue;
        }
        struct sim_message *message = add_message(delivery, parcel);
        message->order += (uint64_t)i + 1;
        sim_payload_topic(message->topic, delivery->plant, fact);
        size_t length = 0;
        FILE *out = open_memstream(&message->payload, &length);
        if (kinds[i] == SIM_UNKNOWN_METER) {
            strcat(message->topic, "x");
            sim_payload_fact(out, delivery->plant, &random, fact, fact->ts_us, false);
        } else if (kinds[i] == SIM_UNKNOWN_TOPIC) {
            snprintf(message->topic, sizeof message->topic, "other/%s", SIM_SHOP);
            sim_payload_fact(out, delivery->plant, &random, fact, fact->ts_us, false);
        } else if (kinds[i] == SIM_BROKEN_JSON) {
            fputs(broken[sim_random_between(&random, 0, 7)], out);
        } else {
            int64_t ahead_us = sim_random_between(&random, 2 * HOUR, 900 * HOUR);
            sim_payload_fact(out, delivery->plant, &random, fact, parcel->deliver_us + ahead_us,
                             false);
        }
        fclose(out);
        facts->counts[kinds[i]]++;
    }
}

static int compare_messages(const void *a, const void *b)
{
    const struct sim_message *left = a, *right = b;
    return left->order < right->order ? -1 : left->order > right->order;
}

/* Sessions, packet numbers, our clock, ticks, restarts. */
static void stamp(struct delivery *delivery, struct sim_message *message)
{
    struct sim_facts *facts = delivery->facts;
    struct sim_random *random = &delivery->random;
    if (sim_disturbed(facts, SIM_CLOCK, random)) {
        delivery->clock_us =
            sim_random_chance(random, 500) ? 0 : sim_random_between(random, -MINUTE, HOUR);
        facts->counts[SIM_CLOCK]++;
    }
    message->restart = sim_disturbed(facts, SIM_RESTART, random);
    message->reopen = sim_disturbed(facts, SIM_REOPEN, random);
    facts->counts[SIM_RESTART] += message->restart;
    facts->counts[SIM_REOPEN] += message->reopen;
    message->kill = delivery->messages->kills && !message->restart && !message->reopen &&
                    sim_disturbed(facts, SIM_KILL, &delivery->kills);
    facts->counts[SIM_KILL] += message->kill;
    delivery->session += message->restart || message->reopen || message->kill;
    message->arrival_us += delivery->clock_us;
    message->session = delivery->session;
    delivery->packet_id = (uint16_t)(delivery->packet_id % 65535 + 1);
    message->packet_id = delivery->packet_id;
}

static void add_redeliveries(struct delivery *delivery)
{
    struct sim_messages *messages = delivery->messages;
    size_t count = messages->count;
    for (size_t i = 0; i < count; i++) {
        struct sim_random random = sim_random_stream(delivery->seed, 14, i);
        if (sim_disturbed(delivery->facts, SIM_REDELIVERY, &random)) {
            memory_grow(&messages->list, messages->count, &messages->capacity,
                        sizeof *messages->list);
            struct sim_message *again = &messages->list[messages->count++];
            *again = messages->list[i];
            again->payload = memory_text(again->payload);
            again->dup = true;
            again->restart = again->reopen = again->kill = false;
            again->outcomes_least = 1;
            again->order = (uint64_t)(i + (size_t)sim_random_between(&random, 1, 4)) << 8 | 3;
            delivery->facts->counts[SIM_REDELIVERY]++;
        }
        messages->list[i].order = (uint64_t)i << 8 | 2;
        if (sim_disturbed(delivery->facts, SIM_TICK, &random)) {
            memory_grow(&messages->list, messages->count, &messages->capacity,
                        sizeof *messages->list);
            messages->list[messages->count++] = (struct sim_message){
                .payload = memory_text(""),
                .arrival_us = messages->list[i].arrival_us,
                .tick = true,
                .order = (uint64_t)i << 8 | 4,
            };
            delivery->facts->counts[SIM_TICK]++;
        }
    }
}

void sim_delivery_make(const struct sim_plant *plant, struct sim_facts *facts, uint64_t seed,
                       struct sim_messages *messages)
{
    struct delivery delivery = {
        .plant = plant,
        .facts = facts,
        .messages = messages,
        .seed = seed,
        .random = sim_random_stream(seed, 15, 0),
        .kills = sim_random_stream(seed, 17, 0),
        .session = 1,
    };
    messages->kills = sim_feature_chosen(seed, SIM_KILL, facts->disabled);
    make_outages(&delivery);
    for (size_t i = 0; i < facts->count; i++) {
        post(&delivery, &facts->rows[i]);
    }
    qsort(delivery.parcels, delivery.count, sizeof *delivery.parcels, compare_parcels);
    for (size_t i = 0; i < delivery.count; i++) {
        struct parcel *parcel = &delivery.parcels[i];
        if (!parcel->sent && parcel->fact->kind == SIM_FACT_READING) {
            send_readings(&delivery, i);
        } else if (!parcel->sent) {
            send_event(&delivery, parcel);
        }
        send_nonsense(&delivery, parcel);
    }
    qsort(messages->list, messages->count, sizeof *messages->list, compare_messages);
    for (size_t i = 0; i < messages->count; i++) {
        stamp(&delivery, &messages->list[i]);
    }
    add_redeliveries(&delivery);
    qsort(messages->list, messages->count, sizeof *messages->list, compare_messages);
    free(delivery.parcels);
}

void sim_messages_clear(struct sim_messages *messages)
{
    for (size_t i = 0; i < messages->count; i++) {
        free(messages->list[i].payload);
    }
    free(messages->list);
    *messages = (struct sim_messages){0};
}
