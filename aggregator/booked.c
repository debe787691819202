#include "booked.h"

#include "failure.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

void booked_clear(struct booked *booked)
{
    free(booked->items);
    *booked = (struct booked){0};
}

static struct effect_id sink_post(struct posting_sink *sink, const struct segment *segment,
                                  enum posting_cause cause, struct effect_id reverses)
{
    memory_grow(&sink->items, sink->count, &sink->capacity, sizeof *sink->items);
    struct posting *posting = &sink->items[sink->count++];
    *posting = (struct posting){
        .id = {.position = sink->position, .ordinal = sink->next_ordinal++},
        .segment = *segment,
        .cause = cause,
        .reverses = reverses,
    };
    return posting->id;
}

static void remember(struct booked *booked, const struct segment *segment, struct effect_id id)
{
    if (booked->count == booked->capacity) { /* in small steps: most meters have a few */
        booked->capacity += 2 + booked->capacity / 2;
        booked->items = reallocarray(booked->items, booked->capacity, sizeof *booked->items);
        REQUIRE(booked->items != NULL);
    }
    booked->items[booked->count++] = (struct booked_segment){*segment, id};
}

void booked_append(struct booked *booked, const struct segment *segment, struct posting_sink *sink)
{
    remember(booked, segment, sink_post(sink, segment, POSTING_CLOSED, EFFECT_NONE));
}

/* Of one meter's curve there is nothing left to compare; a move has parts of many. */
static int moved_order(const struct segment *a, const struct segment *b)
{
    const int64_t keys[][2] = {
        {a->meter.index, b->meter.index},
        {a->slot.day, b->slot.day},
        {a->slot.shift.index, b->slot.shift.index},
        {a->slot.crew.index, b->slot.crew.index},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (keys[i][0] != keys[i][1]) {
            return keys[i][0] < keys[i][1] ? -1 : 1;
        }
    }
    return 0;
}

static int segment_order(const struct segment *a, const struct segment *b)
{
    if (a->start_us != b->start_us) {
        return a->start_us < b->start_us ? -1 : 1;
    }
    if (a->heat.value != b->heat.value) {
        return a->heat.value < b->heat.value ? -1 : 1;
    }
    if (a->station.index != b->station.index) {
        return a->station.index < b->station.index ? -1 : 1;
    }
    return a->method == SHARING_MOVED && b->method == SHARING_MOVED ? moved_order(a, b) : 0;
}

static bool segment_equal(const struct segment *a, const struct segment *b)
{
    return a->heat.value == b->heat.value && crew_slot_equal(a->slot, b->slot) &&
           a->start_us == b->start_us && a->end_us == b->end_us &&
           a->amount_base == b->amount_base && a->quality == b->quality && a->method == b->method;
}

static int compare_segments(const void *a, const void *b)
{
    return segment_order(a, b);
}

static int compare_booked(const void *a, const void *b)
{
    const struct booked_segment *left = a;
    const struct booked_segment *right = b;
    return segment_order(&left->segment, &right->segment);
}

static void reverse(const struct booked_segment *old, struct posting_sink *sink)
{
    struct segment negative = old->segment;
    negative.amount_base = -negative.amount_base;
    sink_post(sink, &negative, POSTING_REVERSAL, old->id);
}

void booked_replace(struct booked *booked, const struct segment_list *wanted,
                    enum posting_cause cause, struct posting_sink *sink)
{
    if (wanted->count > 1) {
        qsort(wanted->items, wanted->count, sizeof *wanted->items, compare_segments);
    }
    booked_sort(booked);
    struct booked fresh = {0};
    size_t old = 0;
    size_t next = 0;
    while (old < booked->count || next < wanted->count) {
        const struct booked_segment *there = old < booked->count ? &booked->items[old] : NULL;
        const struct segment *want = next < wanted->count ? &wanted->items[next] : NULL;
        REQUIRE(there != NULL || want != NULL);
        int order = there == NULL ? 1 : want == NULL ? -1 : segment_order(&there->segment, want);
        if (order == 0 && segment_equal(&there->segment, want)) {
            remember(&fresh, want, there->id);
            old++;
            next++;
            continue;
        }
        if (order <= 0) {
            reverse(there, sink);
            old++;
        }
        if (order >= 0) {
            remember(&fresh, want, sink_post(sink, want, cause, EFFECT_NONE));
            next++;
        }
    }
    free(booked->items);
    *booked = fresh;
}

void booked_forget(struct booked *booked, int64_t until_us)
{
    size_t kept = 0;
    for (size_t i = 0; i < booked->count; i++) {
        if (booked->items[i].segment.end_us > until_us) {
            booked->items[kept++] = booked->items[i];
        }
    }
    booked->count = kept;
}

void booked_sort(struct booked *booked)
{
    if (booked->count > 1) {
        qsort(booked->items, booked->count, sizeof *booked->items, compare_booked);
    }
}

void booked_split(struct booked *booked, int64_t at_us, struct booked *later)
{
    size_t kept = 0;
    for (size_t i = 0; i < booked->count; i++) {
        if (booked->items[i].segment.end_us > at_us) {
            remember(later, &booked->items[i].segment, booked->items[i].id);
        } else {
            booked->items[kept++] = booked->items[i];
        }
    }
    booked->count = kept;
}

void booked_join(struct booked *booked, struct booked *later)
{
    for (size_t i = 0; i < later->count; i++) {
        remember(booked, &later->items[i].segment, later->items[i].id);
    }
    booked_clear(later);
}
