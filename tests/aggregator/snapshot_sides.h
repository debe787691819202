/* Three aggregators that are told the same: one that is never saved, one that is, and one that goes
 * on from each snapshot. And how they are compared. */
#ifndef HEATLEDGER_TESTS_SNAPSHOT_SIDES_H
#define HEATLEDGER_TESTS_SNAPSHOT_SIDES_H

#include "any_history.h"
#include "memory_history.h"

#include "aggregator_snapshot.h"

struct side {
    struct aggregator *aggregator;
    struct memory_history history;
};

/* One that is never saved, one that is, and one that goes on from each snapshot. */
enum { NEVER, SAVED, LOADED, SIDES };

struct run {
    struct any_history any;
    struct side sides[SIDES];
    uint64_t position;
};

static inline struct aggregator *create(const struct plant *plant)
{
    return aggregator_create(&plant->catalog, &plant->roster, &plant->rules);
}

static inline void side_open(struct side *side, const struct plant *plant)
{
    side->aggregator = create(plant);
    memory_history_init(&side->history);
    aggregator_set_history(side->aggregator, &side->history.methods);
}

static inline void save(const struct aggregator *aggregator, struct snapshot_writer *writer)
{
    snapshot_begin(writer);
    aggregator_save(aggregator, writer);
    snapshot_end(writer);
}

static inline bool load(struct aggregator *aggregator, const struct snapshot_writer *writer,
                        struct failure *failure)
{
    struct snapshot_reader reader;
    bool good = snapshot_open(&reader, writer->bytes, writer->count, failure) &&
                aggregator_load(aggregator, &reader);
    return snapshot_close(&reader, failure) && good;
}

static inline void assert_same_bytes(const struct snapshot_writer *a,
                                     const struct snapshot_writer *b)
{
    assert_int_equal(a->count, b->count);
    assert_memory_equal(a->bytes, b->bytes, a->count);
}

static inline void assert_same_segment(const struct segment *a, const struct segment *b)
{
    assert_true(a->meter.index == b->meter.index && a->station.index == b->station.index &&
                a->heat.value == b->heat.value && crew_slot_equal(a->slot, b->slot) &&
                a->start_us == b->start_us && a->end_us == b->end_us &&
                a->amount_base == b->amount_base && a->quality == b->quality &&
                a->method == b->method);
}

static inline void assert_same_effects(const struct effects *a, const struct effects *b)
{
    assert_true(a->plain == b->plain);
    assert_int_equal(a->posting_count, b->posting_count);
    for (size_t i = 0; i < a->posting_count; i++) {
        const struct posting *x = &a->postings[i];
        const struct posting *y = &b->postings[i];
        assert_true(x->id.position == y->id.position && x->id.ordinal == y->id.ordinal &&
                    x->cause == y->cause && x->reverses.position == y->reverses.position &&
                    x->reverses.ordinal == y->reverses.ordinal);
        assert_same_segment(&x->segment, &y->segment);
    }
    assert_int_equal(a->heat_count, b->heat_count);
    for (size_t i = 0; i < a->heat_count; i++) {
        assert_int_equal(a->heats[i].value, b->heats[i].value);
    }
    assert_int_equal(a->opened_count, b->opened_count);
    for (size_t i = 0; i < a->opened_count; i++) {
        assert_int_equal(a->opened[i].index, b->opened[i].index);
    }
    assert_true(a->calendar_changed == b->calendar_changed && a->detail == b->detail);
    if (a->calendar_changed) {
        assert_true(a->calendar_from_us == b->calendar_from_us &&
                    a->calendar_to_us == b->calendar_to_us);
    }
}

static inline void assert_same_history(const struct memory_history *a,
                                       const struct memory_history *b)
{
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->puts, b->puts);
    assert_int_equal(a->damaged, 0);
    for (size_t i = 0; i < a->count; i++) {
        assert_int_equal(a->pages[i].count, b->pages[i].count);
        assert_memory_equal(a->pages[i].bytes, b->pages[i].bytes, a->pages[i].count);
    }
}

static inline void assert_same_heat(const struct heat *a, const struct heat *b)
{
    assert_string_equal(a->id, b->id);
    assert_string_equal(a->grade, b->grade);
    assert_true(a->tapped_g == b->tapped_g && a->cast_g == b->cast_g);
    assert_true(a->steel_g == b->steel_g && a->weighed_g == b->weighed_g &&
                a->planned_g == b->planned_g && a->first_start_us == b->first_start_us &&
                a->owner_at_us == b->owner_at_us && a->ended_us == b->ended_us &&
                a->provisional == b->provisional && a->review == b->review && a->gone == b->gone &&
                a->keeper.value == b->keeper.value);
    assert_true(!heat_owned(a) || crew_slot_equal(a->owner, b->owner));
}

static inline void assert_same_heats(const struct heats *a, const struct heats *b)
{
    assert_int_equal(heats_count(a), heats_count(b));
    for (uint32_t no = 1; no <= heats_count(a); no++) {
        struct heat_review x[HEATS_REVIEWS_MAX];
        struct heat_review y[HEATS_REVIEWS_MAX];
        size_t count = heats_reviews(a, (heat_no){no}, x, HEATS_REVIEWS_MAX);
        assert_int_equal(heats_reviews(b, (heat_no){no}, y, HEATS_REVIEWS_MAX), count);
        for (size_t i = 0; i < count; i++) {
            assert_true(x[i].reason == y[i].reason && x[i].since_us == y[i].since_us &&
                        x[i].station.index == y[i].station.index && x[i].detail == y[i].detail);
        }
        assert_int_equal(heats_resolve(a, (heat_no){no}).value,
                         heats_resolve(b, (heat_no){no}).value);
        assert_same_heat(heats_get(a, (heat_no){no}), heats_get(b, (heat_no){no}));
        struct heat_stay const *stays_a = heats_stays(a, (heat_no){no}, &count);
        size_t count_b = 0;
        struct heat_stay const *stays_b = heats_stays(b, (heat_no){no}, &count_b);
        assert_int_equal(count, count_b);
        for (size_t i = 0; i < count; i++) {
            assert_true(stays_a[i].start_us == stays_b[i].start_us &&
                        stays_a[i].end_us == stays_b[i].end_us &&
                        stays_a[i].visit == stays_b[i].visit &&
                        stays_a[i].heat.value == stays_b[i].heat.value &&
                        stays_a[i].station.index == stays_b[i].station.index);
        }
    }
}

/* What others see: open use, balances, heats and why somebody should look at them. */
static inline void assert_same_to_others(const struct aggregator *a, const struct aggregator *b)
{
    for (uint32_t i = 0; i < ANY_METERS; i++) {
        struct meter_state x;
        struct meter_state y;
        struct segment_list open_a = {0};
        struct segment_list open_b = {0};
        aggregator_meter(a, (meter_id){i}, &x);
        aggregator_meter(b, (meter_id){i}, &y);
        assert_memory_equal(&x, &y, sizeof x);
        aggregator_open(a, (meter_id){i}, &open_a);
        aggregator_open(b, (meter_id){i}, &open_b);
        assert_int_equal(open_a.count, open_b.count);
        for (size_t k = 0; k < open_a.count; k++) {
            assert_same_segment(&open_a.items[k], &open_b.items[k]);
        }
        segment_list_clear(&open_a);
        segment_list_clear(&open_b);
    }
    assert_same_heats(aggregator_heats(a), aggregator_heats(b));
}
#endif
