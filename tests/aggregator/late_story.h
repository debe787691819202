/* Facts in an order of arrival that a seed draws, told to books that forget nothing and to books
 * that let go of their past: both must hold the same. Include it behind the header of the books. */
#ifndef LATE_STORY_H
#define LATE_STORY_H

#include "memory_history.h"

#include <stdlib.h>

#define LATE_STORY_FACTS_MAX 20000
#define LATE_STORY_HEATS_MAX 64

/* Books that let go of their past. */
struct shelf {
    struct book *book;
    struct memory_history history;
};

static inline void shelf_open(struct shelf *shelf, struct book *book)
{
    shelf->book = book;
    memory_history_init(&shelf->history);
    aggregator_set_history(book->aggregator, &shelf->history.methods);
}

/* `close`: of the book. */
static inline void shelf_close_by(struct shelf *shelf, void (*close)(struct book *))
{
    assert_int_equal(shelf->history.damaged, 0);
    close(shelf->book);
    memory_history_clear(&shelf->history);
}

/* In order of arrival: `key_us`, then `number`. */
struct delivery {
    int64_t key_us;
    size_t number;
    struct fact fact;
};

struct story {
    uint64_t random;
    struct delivery *facts;
    size_t count, heat_count;
    char heats[LATE_STORY_HEATS_MAX][16];
    int64_t from_us;
};

static inline int64_t story_below(struct story *story, int64_t limit)
{
    story->random = story->random * 6364136223846793005U + 1442695040888963407U;
    return (int64_t)((story->random >> 33) % (uint64_t)limit);
}

static inline void story_open(struct story *story, uint64_t seed)
{
    *story = (struct story){.random = seed * 77 + 5, .from_us = clock_at("05:00:00")};
    story->facts = memory_zeroed(LATE_STORY_FACTS_MAX, sizeof *story->facts);
}

static inline void story_add(struct story *story, int64_t arrival_us, struct fact fact)
{
    assert_true(story->count < LATE_STORY_FACTS_MAX);
    story->facts[story->count] = (struct delivery){arrival_us, story->count, fact};
    story->count++;
}

static inline struct fact heat_fact(enum heat_event_kind kind, const char *heat, uint16_t station,
                                    int64_t ts_us)
{
    return (struct fact){.kind = FACT_HEAT, .as.heat = heat_event_of(kind, heat, station, ts_us)};
}

static inline struct fact reading_fact(struct reading reading)
{
    return (struct fact){.kind = FACT_READING, .as.reading = reading};
}

static inline int delivery_compare(const void *left, const void *right)
{
    const struct delivery *a = left;
    const struct delivery *b = right;
    if (a->key_us != b->key_us) {
        return a->key_us < b->key_us ? -1 : 1;
    }
    return a->number < b->number ? -1 : a->number > b->number;
}

static inline void story_same_net(uint64_t seed, size_t fact, struct book *whole,
                                  struct book *trimmed)
{
    struct net a = book_net(whole);
    struct net b = book_net(trimmed);
    for (size_t i = 0; i < a.count || i < b.count; i++) {
        if (i >= a.count || i >= b.count || net_compare(&a.lines[i], &b.lines[i]) != 0 ||
            a.lines[i].amount_base != b.lines[i].amount_base) {
            const struct net_line *line = i < a.count ? &a.lines[i] : &b.lines[i];
            fail_msg("seed %llu, fact %zu: meter %u, heat \"%s\" day %d shift %u: %lld <> %lld",
                     (unsigned long long)seed, fact, line->meter, line->heat, line->slot.day,
                     line->slot.shift.index, (long long)(i < a.count ? a.lines[i].amount_base : 0),
                     (long long)(i < b.count ? b.lines[i].amount_base : 0));
        }
    }
    net_clear(&a);
    net_clear(&b);
}

/* Tells it to both, in order of arrival, and compares every so many facts and at the end. */
static inline void story_tell(struct story *story, uint64_t seed, size_t every, struct book *whole,
                              struct book *trimmed,
                              void (*compare)(uint64_t seed, size_t fact, struct book *whole,
                                              struct book *trimmed))
{
    qsort(story->facts, story->count, sizeof *story->facts, delivery_compare);
    for (size_t i = 0; i < story->count; i++) {
        enum outcome outcome = book_tell(whole, &story->facts[i].fact);
        enum outcome again = book_tell(trimmed, &story->facts[i].fact);
        if (outcome != again) {
            fail_msg("seed %llu, fact %zu: %s, but %s", (unsigned long long)seed, i,
                     outcome_info(outcome)->name, outcome_info(again)->name);
        }
        if (i % every == 0) {
            compare(seed, i, whole, trimmed);
        }
    }
    compare(seed, story->count, whole, trimmed);
}

/* The book that forgot nothing goes; the plant stays with the other one. */
static inline void story_close(struct story *story, struct book *whole)
{
    aggregator_destroy(whole->aggregator);
    free(whole->postings);
    free(whole->reversed);
    free(whole);
    free(story->facts);
}

/* All seeds, or the one that HEATLEDGER_SEED names. */
static inline void story_each_seed(uint64_t seeds, void (*check)(uint64_t seed))
{
    const char *alone = getenv("HEATLEDGER_SEED");
    for (uint64_t seed = 1; alone == NULL && seed <= seeds; seed++) {
        check(seed);
    }
    if (alone != NULL) {
        check(strtoull(alone, NULL, 10));
    }
}

#endif
