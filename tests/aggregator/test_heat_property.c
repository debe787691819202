/* Random sets of everything that can happen to heats, told in any order and twice: the same books.
 * Each set is made from its seed; a failure names it. */
#include "plant_fixture.h"

#include "heats.h"

#define SEEDS 300
#define ORDERS 6
#define FACTS_MAX 64
#define LINES_MAX 256
#define LINE_MAX 160

enum { REGISTER, TICKETS, METERS };

struct set {
    uint64_t state;
    struct plant *plant;
    struct fact facts[FACTS_MAX];
    size_t count;
    char ids[FACTS_MAX][8];
};

static int64_t below(struct set *set, int64_t limit)
{
    set->state = set->state * 6364136223846793005U + 1442695040888963407U;
    uint64_t mixed = (set->state ^ (set->state >> 29)) * 0x9E3779B97F4A7C15U;
    return (int64_t)((mixed >> 20) % (uint64_t)limit);
}

static const char *const names[] = {"H3", "H1", "P", "Q2", "X"};

static int64_t some_time(struct set *set)
{
    return clock_at("15:00:00") + below(set, 24) * 5 * MINUTE_US;
}

static void add(struct set *set, struct fact fact)
{
    assert_true(set->count < FACTS_MAX);
    set->facts[set->count++] = fact;
}

static void add_event(struct set *set, enum heat_event_kind kind, const char *heat, int64_t ts_us)
{
    struct heat_event event = heat_event_of(kind, heat, CATALOG_NONE, ts_us);
    if (kind == HEAT_START || kind == HEAT_END) {
        event.station.index = (uint16_t)below(set, PLANT_STATIONS);
    }
    if (kind == HEAT_TAP || kind == HEAT_WEIGHT) {
        event.steel_g = 60 + below(set, 50);
    }
    if (kind >= HEAT_RETURN && kind <= HEAT_RENUMBER) {
        const char *to = names[below(set, ROWS(names))];
        event.to = strcmp(to, heat) != 0 ? to : "Z";
        event.moved_g = 1 + below(set, 70);
        if (kind == HEAT_MERGE && below(set, 2) == 0) {
            event.moved_g = -1;
        }
        if (kind == HEAT_RETURN && below(set, 5) == 0) {
            event.to = NULL;
        }
    }
    if (kind == HEAT_VOID && below(set, 6) != 0) {
        event.of = set->ids[below(set, 24)];
    }
    if (below(set, 4) != 0) {
        event.id = set->ids[set->count];
    }
    add(set, (struct fact){.kind = FACT_HEAT, .as.heat = event});
}

static void make_set(struct set *set, uint64_t seed)
{
    static const enum heat_event_kind kinds[] = {
        HEAT_START,  HEAT_START,  HEAT_END,   HEAT_TAP,   HEAT_TAP,      HEAT_WEIGHT,
        HEAT_RETURN, HEAT_RETURN, HEAT_SPLIT, HEAT_MERGE, HEAT_RENUMBER, HEAT_VOID};
    *set = (struct set){.state = seed, .plant = plant_create()};
    set->plant->stations[CCM].last = true;
    set->plant->rules.stay_max_us = 80 * MINUTE_US;
    plant_meter(set->plant, METER_REGISTER, LF);
    plant_meter(set->plant, METER_EVENT, BOF);
    for (unsigned i = 0; i < FACTS_MAX; i++) {
        snprintf(set->ids[i], sizeof set->ids[i], "e%u", i % 100);
    }
    int64_t events = 8 + below(set, 16);
    for (int64_t i = 0; i < events; i++) {
        add_event(set, kinds[below(set, ROWS(kinds))], names[below(set, ROWS(names))],
                  some_time(set));
    }
    int64_t raw = 0;
    for (int i = 0; i < 8; i++) { /* as many samples as are kept at least */
        raw += below(set, 1000);
        struct reading reading =
            reading_of(REGISTER, clock_at("14:50:00") + i * 20 * MINUTE_US, raw);
        add(set, (struct fact){.kind = FACT_READING, .as.reading = reading});
    }
    for (int i = 0; i < 8; i++) {
        struct reading ticket = reading_of(TICKETS, some_time(set), below(set, 1000));
        ticket.id = set->ids[set->count];
        ticket.heat = below(set, 4) != 0 ? names[below(set, ROWS(names))] : NULL;
        add(set, (struct fact){.kind = FACT_READING, .as.reading = ticket});
    }
}

/* What is booked and open, reversals folded in. */
struct net {
    struct segment items[1024];
    size_t count;
    int64_t of_meter[METERS];
};

static void net_add(struct net *net, const struct segment *segment)
{
    net->of_meter[segment->meter.index] += segment->amount_base;
    for (size_t i = 0; i < net->count; i++) {
        struct segment *known = &net->items[i];
        if (known->heat.value == segment->heat.value &&
            known->meter.index == segment->meter.index &&
            crew_slot_equal(known->slot, segment->slot)) {
            known->amount_base += segment->amount_base;
            return;
        }
    }
    assert_true(net->count < ROWS(net->items));
    net->items[net->count++] = *segment;
}

/* What must have happened somewhere, or the test proves little. */
struct seen {
    size_t moved, voided, renumbered, timed_out, ownerless, inherited;
};

struct books {
    struct seen seen;
    char lines[LINES_MAX][LINE_MAX];
    size_t count;
};

static char *line(struct books *books)
{
    assert_true(books->count < LINES_MAX);
    return books->lines[books->count++];
}

static int compare_lines(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void write_reviews(struct books *books, const struct heats *heats, const struct heat *heat)
{
    struct heat_review reviews[HEATS_REVIEWS_MAX];
    size_t count = heats_reviews(heats, heat->no, reviews, HEATS_REVIEWS_MAX);
    assert_int_equal(heat->review, count > 0);
    for (size_t i = 0; i < count; i++) {
        books->seen.timed_out += reviews[i].reason == HEAT_REVIEW_TIMED_OUT;
        books->seen.ownerless += reviews[i].reason == HEAT_REVIEW_NO_OWNER;
        snprintf(line(books), LINE_MAX, "review %s %s %lld %.40s", heat->id,
                 heat_review_reason_name(reviews[i].reason), (long long)reviews[i].since_us,
                 reviews[i].detail != NULL ? reviews[i].detail : "");
    }
}

static void write_heats(struct books *books, const struct heats *heats)
{
    for (uint32_t no = 1; no <= heats_count(heats); no++) {
        const struct heat *heat = heats_get(heats, (heat_no){no});
        size_t stay_count = 0;
        const struct heat_stay *stays = heats_stays(heats, heat->no, &stay_count);
        assert_true(heat->steel_g >= -1);
        books->seen.renumbered += heat->keeper.value != heat->no.value;
        books->seen.voided += heat->gone && heat->keeper.value == heat->no.value;
        if (heat->gone) {
            assert_int_equal(stay_count, 0);
            continue;
        }
        snprintf(line(books), LINE_MAX, "heat %s %lld %lld %lld %lld %lld %lld %lld %d %d %d",
                 heat->id, (long long)heat->steel_g, (long long)heat->weighed_g,
                 (long long)heat->tapped_g, (long long)heat->cast_g,
                 (long long)heat->first_start_us, (long long)heat->owner_at_us,
                 (long long)heat->ended_us, heat_owned(heat) ? heat->owner.crew.index : -1,
                 heat->provisional, heat->review);
        books->seen.inherited += heat_owned(heat) && heat->weighed_g < 0;
        write_reviews(books, heats, heat);
        for (size_t i = 0; i < stay_count; i++) {
            snprintf(line(books), LINE_MAX, "stay %s %u %u %lld %lld", heat->id,
                     stays[i].station.index, stays[i].visit, (long long)stays[i].start_us,
                     (long long)stays[i].end_us);
        }
    }
}

static void write_use(struct books *books, const struct heats *heats, const struct net *net)
{
    for (size_t i = 0; i < net->count; i++) {
        const struct segment *sum = &net->items[i];
        if (sum->amount_base == 0) {
            continue;
        }
        const char *id = "-";
        if (sum->heat.value != 0) {
            assert_false(heats_get(heats, sum->heat)->gone);
            id = heats_get(heats, sum->heat)->id;
        }
        snprintf(line(books), LINE_MAX, "use %s %u %d %u %u %lld", id, sum->meter.index,
                 sum->slot.day, sum->slot.shift.index, sum->slot.crew.index,
                 (long long)sum->amount_base);
    }
}

/* Tells the facts in an order, some of them twice; writes what the books then are. */
static void tell(const struct set *set, const size_t *order, bool twice, struct books *books)
{
    struct aggregator *aggregator =
        aggregator_create(&set->plant->catalog, &set->plant->roster, &set->plant->rules);
    struct net net = {0};
    struct segment_list open = {0};
    for (size_t i = 0; i < set->count * 2; i++) {
        struct effects effects;
        if (i % 2 == 1 && !twice) {
            continue;
        }
        aggregator_begin(aggregator, i);
        aggregator_apply(aggregator, &set->facts[order[i / 2]], 0, &effects);
        for (size_t k = 0; k < effects.posting_count; k++) {
            net_add(&net, &effects.postings[k].segment);
        }
        if (i % 2 == 1) {
            assert_int_equal(effects.posting_count, 0);
        }
    }
    for (uint32_t meter = 0; meter < METERS; meter++) {
        aggregator_open(aggregator, (meter_id){meter}, &open);
    }
    for (size_t i = 0; i < open.count; i++) {
        net_add(&net, &open.items[i]);
    }
    for (uint32_t meter = 0; meter < METERS; meter++) {
        struct meter_state state;
        aggregator_meter(aggregator, (meter_id){meter}, &state);
        assert_true(state.booked_base == net.of_meter[meter]);
    }
    for (size_t i = 0; i < net.count; i++) {
        books->seen.moved += net.items[i].method == SHARING_MOVED;
    }
    write_heats(books, aggregator_heats(aggregator));
    write_use(books, aggregator_heats(aggregator), &net);
    qsort(books->lines, books->count, LINE_MAX, compare_lines);
    segment_list_clear(&open);
    aggregator_destroy(aggregator);
}

static void print(const struct books *books)
{
    for (size_t i = 0; i < books->count; i++) {
        print_message("%s\n", books->lines[i]);
    }
}

static void shuffle(struct set *set, size_t *order)
{
    for (size_t i = set->count; i > 1; i--) {
        size_t other = (size_t)below(set, (int64_t)i);
        size_t kept = order[i - 1];
        order[i - 1] = order[other];
        order[other] = kept;
    }
}

static void any_order_of_all_that_happens_to_heats_gives_the_same_books(void **state)
{
    (void)state;
    static struct set set;
    static struct books first;
    static struct books other;
    struct seen seen = {0};
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        make_set(&set, seed);
        size_t order[FACTS_MAX];
        for (size_t i = 0; i < set.count; i++) {
            order[i] = i;
        }
        memset(&first, 0, sizeof first);
        tell(&set, order, false, &first);
        for (int again = 0; again < ORDERS; again++) {
            shuffle(&set, order);
            memset(&other, 0, sizeof other);
            tell(&set, order, again % 2 == 1, &other);
            if (first.count != other.count ||
                memcmp(first.lines, other.lines, sizeof first.lines) != 0) {
                print(&first);
                print_message("but\n");
                print(&other);
                fail_msg("seed %llu, order %d: other books", (unsigned long long)seed, again);
            }
        }
        seen.moved += first.seen.moved;
        seen.voided += first.seen.voided;
        seen.renumbered += first.seen.renumbered;
        seen.timed_out += first.seen.timed_out;
        seen.ownerless += first.seen.ownerless;
        seen.inherited += first.seen.inherited;
        plant_destroy(set.plant);
    }
    assert_true(seen.moved > SEEDS / 4);
    assert_true(seen.voided > SEEDS / 8);
    assert_true(seen.renumbered > SEEDS / 4);
    assert_true(seen.timed_out > SEEDS / 8);
    assert_true(seen.ownerless > SEEDS / 8);
    assert_true(seen.inherited > SEEDS / 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_order_of_all_that_happens_to_heats_gives_the_same_books),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
