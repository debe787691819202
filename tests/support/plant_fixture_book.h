/* The aggregator of a small plant with everything it posted, checked as it comes: identities count
 * up, a reversal takes back exactly one posting, and a heat is made known before it is posted to.
 */
#ifndef HEATLEDGER_TESTS_PLANT_FIXTURE_BOOK_H
#define HEATLEDGER_TESTS_PLANT_FIXTURE_BOOK_H

#include "plant_fixture.h"

#define BOOK_HEATS_MAX 256

struct book {
    struct plant *plant;
    struct aggregator *aggregator;
    uint64_t position;
    struct posting *postings;
    bool *reversed; /* by posting */
    size_t count, capacity, reversed_capacity;
    bool heat_known[BOOK_HEATS_MAX];
    const char *detail; /* of the latest fact */
};

/* Takes over the plant, whose meters must all be there. */
static inline struct book *book_open(struct plant *plant)
{
    struct book *book = memory_zeroed(1, sizeof *book);
    book->plant = plant;
    book->aggregator = aggregator_create(&plant->catalog, &plant->roster, &plant->rules);
    return book;
}

static inline void book_close(struct book *book)
{
    aggregator_destroy(book->aggregator);
    plant_destroy(book->plant);
    free(book->postings);
    free(book->reversed);
    free(book);
}

static inline void book_take_back(struct book *book, const struct posting *reversal)
{
    for (size_t i = 0; i < book->count; i++) {
        const struct posting *there = &book->postings[i];
        if (there->id.position == reversal->reverses.position &&
            there->id.ordinal == reversal->reverses.ordinal) {
            const struct segment *a = &there->segment;
            const struct segment *b = &reversal->segment;
            assert_false(book->reversed[i]);
            assert_int_not_equal(there->cause, POSTING_REVERSAL);
            assert_true(a->amount_base == -b->amount_base && a->heat.value == b->heat.value &&
                        a->meter.index == b->meter.index && a->start_us == b->start_us &&
                        a->end_us == b->end_us && crew_slot_equal(a->slot, b->slot));
            book->reversed[i] = true;
            return;
        }
    }
    fail_msg("a reversal of nothing that was posted");
}

static inline void book_keep(struct book *book, const struct posting *posting, uint32_t ordinal)
{
    assert_true(posting->id.position == book->position);
    assert_int_equal(posting->id.ordinal, ordinal);
    assert_true(posting->segment.heat.value < BOOK_HEATS_MAX);
    assert_true(posting->segment.heat.value == 0 || book->heat_known[posting->segment.heat.value]);
    assert_true(posting->segment.amount_base != 0);
    assert_true(posting->segment.start_us <= posting->segment.end_us);
    assert_int_equal(posting->cause == POSTING_REVERSAL,
                     posting->reverses.position != EFFECT_NONE.position);
    if (posting->cause == POSTING_REVERSAL) {
        book_take_back(book, posting);
    }
    memory_grow(&book->reversed, book->count, &book->reversed_capacity, sizeof *book->reversed);
    memory_grow(&book->postings, book->count, &book->capacity, sizeof *book->postings);
    book->reversed[book->count] = false;
    book->postings[book->count++] = *posting;
}

/* Applies a fact as a journal record of its own. */
static inline enum outcome book_tell(struct book *book, const struct fact *fact)
{
    struct effects effects;
    aggregator_begin(book->aggregator, ++book->position);
    enum outcome outcome = aggregator_apply(book->aggregator, fact, 0, &effects);
    book->detail = effects.detail;
    for (size_t i = 0; i < effects.heat_count; i++) {
        assert_true(effects.heats[i].value < BOOK_HEATS_MAX);
        book->heat_known[effects.heats[i].value] = true;
    }
    for (size_t i = 0; i < effects.posting_count; i++) {
        book_keep(book, &effects.postings[i], (uint32_t)i);
    }
    return outcome;
}

static inline enum outcome book_reading(struct book *book, struct reading reading)
{
    struct fact fact = {.kind = FACT_READING, .as.reading = reading};
    return book_tell(book, &fact);
}

static inline enum outcome book_heat(struct book *book, enum heat_event_kind kind, const char *heat,
                                     uint16_t station, int64_t ts_us)
{
    struct fact fact = {.kind = FACT_HEAT, .as.heat = heat_event_of(kind, heat, station, ts_us)};
    return book_tell(book, &fact);
}

static inline enum outcome book_takeover(struct book *book, uint16_t crew, int64_t ts_us)
{
    struct fact fact = {.kind = FACT_CREW, .as.crew = {ts_us, {crew}}};
    return book_tell(book, &fact);
}

/* What stands in the books for one meter, heat ("": idle) and crew-shift: postings and, for
 * registers and rates, what is open. */
struct net_line {
    uint32_t meter;
    char heat[CATALOG_ID_MAX + 1];
    struct crew_slot slot;
    int64_t amount_base;
};

struct net {
    struct net_line *lines;
    size_t count, capacity;
};

static inline void net_add(struct net *net, uint32_t meter, const char *heat, struct crew_slot slot,
                           int64_t amount_base)
{
    memory_grow(&net->lines, net->count, &net->capacity, sizeof *net->lines);
    struct net_line *line = &net->lines[net->count++];
    memset(line, 0, sizeof *line);
    line->meter = meter;
    snprintf(line->heat, sizeof line->heat, "%s", heat);
    line->slot = slot;
    line->amount_base = amount_base;
}

static inline int net_compare(const void *left, const void *right)
{
    const struct net_line *a = left;
    const struct net_line *b = right;
    if (a->meter != b->meter) {
        return a->meter < b->meter ? -1 : 1;
    }
    if (strcmp(a->heat, b->heat) != 0) {
        return strcmp(a->heat, b->heat);
    }
    if (a->slot.day != b->slot.day) {
        return a->slot.day < b->slot.day ? -1 : 1;
    }
    if (a->slot.shift.index != b->slot.shift.index) {
        return a->slot.shift.index < b->slot.shift.index ? -1 : 1;
    }
    return (int)a->slot.crew.index - (int)b->slot.crew.index;
}

/* Sorts, adds up equal lines, drops those that add up to nothing. */
static inline void net_settle(struct net *net)
{
    if (net->count > 1) {
        qsort(net->lines, net->count, sizeof *net->lines, net_compare);
    }
    size_t kept = 0;
    for (size_t i = 0; i < net->count; i++) {
        if (kept > 0 && net_compare(&net->lines[kept - 1], &net->lines[i]) == 0) {
            net->lines[kept - 1].amount_base += net->lines[i].amount_base;
            continue;
        }
        if (kept > 0 && net->lines[kept - 1].amount_base == 0) {
            kept--;
        }
        net->lines[kept++] = net->lines[i];
    }
    if (kept > 0 && net->lines[kept - 1].amount_base == 0) {
        kept--;
    }
    net->count = kept;
}

static inline void net_clear(struct net *net)
{
    free(net->lines);
    *net = (struct net){0};
}

static inline void net_add_segment(struct net *net, const struct book *book,
                                   const struct segment *segment)
{
    const char *heat = "";
    if (segment->heat.value != 0) {
        heat = heats_get(aggregator_heats(book->aggregator), segment->heat)->id;
    }
    net_add(net, segment->meter.index, heat, segment->slot, segment->amount_base);
}

static inline struct net book_net(const struct book *book)
{
    struct net net = {0};
    for (size_t i = 0; i < book->count; i++) {
        net_add_segment(&net, book, &book->postings[i].segment);
    }
    for (uint32_t m = 0; m < book->plant->catalog.meter_count; m++) {
        struct segment_list open = {0};
        aggregator_open(book->aggregator, (meter_id){m}, &open);
        for (size_t i = 0; i < open.count; i++) {
            net_add_segment(&net, book, &open.items[i]);
        }
        segment_list_clear(&open);
    }
    net_settle(&net);
    return net;
}

/* The sum over one meter, heat (NULL: all) and crew (-1: all). */
static inline int64_t book_sum(const struct book *book, uint32_t meter, const char *heat, int crew)
{
    struct net net = book_net(book);
    int64_t sum = 0;
    for (size_t i = 0; i < net.count; i++) {
        const struct net_line *line = &net.lines[i];
        if (line->meter == meter && (heat == NULL || strcmp(line->heat, heat) == 0) &&
            (crew < 0 || line->slot.crew.index == crew)) {
            sum += line->amount_base;
        }
    }
    net_clear(&net);
    return sum;
}

#endif
