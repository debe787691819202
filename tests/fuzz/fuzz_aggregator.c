/* The aggregator under any sequence of facts:
 *
 * - what is posted and what is open add up, for every meter, to its curve;
 * - a reversal takes back exactly one posting, once, and effects are numbered without a gap;
 * - every segment has an order of its ends, a heat that is known and a crew of the plant;
 * - facts of a moderate plant give the same net ledger in the reverse order of arrival, as long as
 *   nothing fell out of the exact window (DESIGN, invariant 2). */
#include "fuzz_aggregator.h"
#include "memory.h"
#include "quantity.h"

#include <stdlib.h>

#define REVERSED_MAX 14 /* facts of one run in both orders: fewer than are ever trimmed */

struct ledger {
    struct shop shop;
    struct aggregator *aggregator;
    struct posting *postings;
    bool *reversed; /* by posting */
    size_t count, capacity, reversed_capacity;
    bool outside; /* something came too late, or was refused for what came before it */
};

static void check_segment(const struct ledger *ledger, const struct segment *segment)
{
    REQUIRE(segment->meter.index < SHOP_METERS && segment->start_us <= segment->end_us);
    REQUIRE(segment->heat.value <= heats_count(aggregator_heats(ledger->aggregator)));
    REQUIRE(segment->slot.crew.index < ledger->shop.catalog.crew_count ||
            segment->slot.crew.index == CATALOG_NONE);
    REQUIRE(segment->slot.shift.index < ledger->shop.catalog.shift_count);
    REQUIRE(segment->quality <= QUALITY_ESTIMATED && segment->method < SHARING_METHOD_COUNT);
}

/* The index of a posting; they stand in the order of their identities. */
static size_t find(const struct ledger *ledger, struct effect_id id)
{
    size_t low = 0, high = ledger->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct effect_id *there = &ledger->postings[middle].id;
        if (there->position < id.position ||
            (there->position == id.position && there->ordinal < id.ordinal)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    REQUIRE(low < ledger->count && ledger->postings[low].id.position == id.position);
    REQUIRE(ledger->postings[low].id.ordinal == id.ordinal);
    return low;
}

static void take_back(struct ledger *ledger, const struct posting *reversal)
{
    size_t i = find(ledger, reversal->reverses);
    REQUIRE(!ledger->reversed[i]);
    const struct segment *a = &ledger->postings[i].segment;
    const struct segment *b = &reversal->segment;
    REQUIRE(ledger->postings[i].cause != POSTING_REVERSAL);
    REQUIRE(a->amount_base == -b->amount_base && a->heat.value == b->heat.value);
    REQUIRE(a->meter.index == b->meter.index && crew_slot_equal(a->slot, b->slot));
    REQUIRE(a->start_us == b->start_us && a->end_us == b->end_us);
    ledger->reversed[i] = true;
}

static void keep(struct ledger *ledger, const struct posting *posting)
{
    check_segment(ledger, &posting->segment);
    REQUIRE(posting->segment.amount_base != 0 && (unsigned)posting->cause < POSTING_CAUSE_COUNT);
    if (posting->cause == POSTING_REVERSAL) {
        take_back(ledger, posting);
    } else {
        REQUIRE(posting->reverses.position == EFFECT_NONE.position);
        REQUIRE(posting->segment.amount_base > 0);
    }
    memory_grow(&ledger->reversed, ledger->count, &ledger->reversed_capacity, sizeof(bool));
    memory_grow(&ledger->postings, ledger->count, &ledger->capacity, sizeof *posting);
    ledger->reversed[ledger->count] = false;
    ledger->postings[ledger->count++] = *posting;
}

static void tell(struct ledger *ledger, const struct fact *fact, uint64_t position)
{
    struct effects effects;
    aggregator_begin(ledger->aggregator, position);
    enum outcome outcome =
        aggregator_apply(ledger->aggregator, fact, fact->as.crew.ts_us, &effects);
    REQUIRE((unsigned)outcome < OUTCOME_COUNT);
    REQUIRE(effects.posting_count == 0 || !outcome_info(outcome)->refused ||
            outcome == OUTCOME_CONFLICT || outcome == OUTCOME_TOO_LATE || fact->kind == FACT_METER);
    for (size_t i = 0; i < effects.posting_count; i++) {
        REQUIRE(effects.postings[i].id.position == position);
        REQUIRE(effects.postings[i].id.ordinal == i);
        keep(ledger, &effects.postings[i]);
    }
    ledger->outside = ledger->outside || outcome == OUTCOME_TOO_LATE ||
                      outcome == OUTCOME_OUT_OF_RANGE || outcome == OUTCOME_NOT_ALLOWED;
}

/* Postings and open use of a meter against its curve. */
static void check_meter(const struct ledger *ledger, meter_id meter)
{
    struct segment_list open = {0};
    struct meter_state state;
    quantity_wide sum = 0;
    for (size_t i = 0; i < ledger->count; i++) {
        const struct segment *segment = &ledger->postings[i].segment;
        sum += segment->meter.index == meter.index ? segment->amount_base : 0;
    }
    aggregator_open(ledger->aggregator, meter, &open);
    for (size_t i = 0; i < open.count; i++) {
        check_segment(ledger, &open.items[i]);
        REQUIRE(open.items[i].amount_base >= 0);
        sum += open.items[i].amount_base;
    }
    segment_list_clear(&open);
    aggregator_meter(ledger->aggregator, meter, &state);
    REQUIRE(sum == state.booked_base);
}

/* ---- The same facts in another order ---- */

struct net_line {
    uint32_t meter;
    char heat[CATALOG_ID_MAX + 1];
    struct crew_slot slot;
    quantity_wide amount_base;
};

struct net {
    struct net_line *lines;
    size_t count, capacity;
};

static void net_add(struct net *net, const struct ledger *ledger, const struct segment *segment)
{
    const char *heat = "";
    if (segment->heat.value != 0) {
        heat = heats_get(aggregator_heats(ledger->aggregator), segment->heat)->id;
    }
    size_t i = 0;
    while (i < net->count &&
           (net->lines[i].meter != segment->meter.index || strcmp(net->lines[i].heat, heat) != 0 ||
            !crew_slot_equal(net->lines[i].slot, segment->slot))) {
        i++;
    }
    if (i == net->count) {
        memory_grow(&net->lines, net->count, &net->capacity, sizeof *net->lines);
        net->lines[net->count++] =
            (struct net_line){.meter = segment->meter.index, .slot = segment->slot};
        strcpy(net->lines[i].heat, heat);
    }
    net->lines[i].amount_base += segment->amount_base;
}

static struct net net_of(const struct ledger *ledger)
{
    struct net net = {0};
    for (size_t i = 0; i < ledger->count; i++) {
        net_add(&net, ledger, &ledger->postings[i].segment);
    }
    for (uint32_t m = 0; m < SHOP_METERS; m++) {
        struct segment_list open = {0};
        aggregator_open(ledger->aggregator, (meter_id){m}, &open);
        for (size_t i = 0; i < open.count; i++) {
            net_add(&net, ledger, &open.items[i]);
        }
        segment_list_clear(&open);
    }
    return net;
}

/* Every amount of `a` that is not 0 stands in `b` too. */
static bool net_within(const struct net *a, const struct net *b)
{
    for (size_t i = 0; i < a->count; i++) {
        const struct net_line *line = &a->lines[i];
        size_t j = 0;
        while (j < b->count &&
               (b->lines[j].meter != line->meter || strcmp(b->lines[j].heat, line->heat) != 0 ||
                !crew_slot_equal(b->lines[j].slot, line->slot))) {
            j++;
        }
        quantity_wide other = j < b->count ? b->lines[j].amount_base : 0;
        if (other != line->amount_base) {
            fprintf(stderr, "meter %u heat \"%s\" day %d shift %u crew %u: %lld, or %lld\n",
                    (unsigned)line->meter, line->heat, (int)line->slot.day,
                    (unsigned)line->slot.shift.index, (unsigned)line->slot.crew.index,
                    (long long)line->amount_base, (long long)other);
            return false;
        }
    }
    return true;
}

/* ---- Runs ---- */

static struct ledger *ledger_open(const uint8_t *data, size_t size, struct fuzz_input *rest)
{
    struct ledger *ledger = memory_zeroed(1, sizeof *ledger);
    *rest = fuzz_input_of(data, size);
    shop_fill(&ledger->shop, rest);
    ledger->aggregator =
        aggregator_create(&ledger->shop.catalog, &ledger->shop.roster, &ledger->shop.rules);
    return ledger;
}

static void ledger_close(struct ledger *ledger)
{
    aggregator_destroy(ledger->aggregator);
    free(ledger->postings);
    free(ledger->reversed);
    free(ledger);
}

static void check_reversed(const struct ledger *forward, const uint8_t *data, size_t size,
                           const struct fact *facts, size_t count)
{
    struct fuzz_input rest;
    struct ledger *backward = ledger_open(data, size, &rest);
    for (size_t i = count; i > 0; i--) {
        tell(backward, &facts[i - 1], count - i + 1);
    }
    if (!backward->outside) {
        struct net a = net_of(forward), b = net_of(backward);
        bool same = net_within(&a, &b) && net_within(&b, &a);
        if (!same) {
            shop_print(facts, count);
        }
        REQUIRE(same);
        free(a.lines);
        free(b.lines);
    }
    ledger_close(backward);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct fact facts[SHOP_FACTS_MAX];
    struct fuzz_input rest;
    bool moderate = false;
    struct ledger *ledger = ledger_open(data, size, &rest);
    size_t count = shop_facts(&rest, facts, &moderate);
    for (size_t i = 0; i < count; i++) {
        tell(ledger, &facts[i], i + 1);
        if (i % 16 == 15 || i + 1 == count) {
            for (uint32_t m = 0; m < SHOP_METERS; m++) {
                check_meter(ledger, (meter_id){m});
            }
        }
    }
    if (moderate && count <= REVERSED_MAX && !ledger->outside) {
        check_reversed(ledger, data, size, facts, count);
    }
    ledger_close(ledger);
    return 0;
}
