#include "moves.h"

#include "failure.h"
#include "memory.h"
#include "quantity.h"

#include <stdlib.h>

void moves_init(struct moves *moves, const struct catalog *catalog)
{
    *moves = (struct moves){.catalog = catalog};
}

void moves_clear(struct moves *moves)
{
    for (size_t i = 0; i < moves->count; i++) {
        heat_parts_clear(&moves->booked[i].parts);
        booked_clear(&moves->booked[i].booked);
    }
    free(moves->booked);
    heat_use_clear(&moves->use);
    *moves = (struct moves){0};
}

/* The fixed order: meters and stations as configured, then crew-shifts. */
static int part_compare(const void *left, const void *right)
{
    const struct heat_part *a = left;
    const struct heat_part *b = right;
    const int64_t keys[][2] = {
        {a->meter.index, b->meter.index},
        {a->station.index, b->station.index},
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

/* Sorts parts and makes one of those that differ in nothing but their start. */
static void merge_parts(struct heat_parts *parts)
{
    if (parts->count < 2) {
        return;
    }
    qsort(parts->items, parts->count, sizeof *parts->items, part_compare);
    size_t kept = 1;
    for (size_t i = 1; i < parts->count; i++) {
        struct heat_part *last = &parts->items[kept - 1];
        const struct heat_part *part = &parts->items[i];
        if (part_compare(last, part) != 0) {
            parts->items[kept++] = *part;
            continue;
        }
        last->amount_base = quantity_add(last->amount_base, part->amount_base);
        last->quality = quality_worse(last->quality, part->quality);
    }
    parts->count = kept;
}

/* What the source of a move had to give: its own use that began before, and what came and went with
 * the moves before it. */
static void gather(const struct moves *moves, const struct heat_moves *heat_moves,
                   const struct heat_move *move, struct heat_parts *pool)
{
    const struct heat_parts *own = heat_use_of(&moves->use, move->from);
    for (size_t i = 0; own != NULL && i < own->count; i++) {
        if (own->items[i].start_us < move->note->ts_us) {
            heat_parts_add(pool, &own->items[i]);
        }
    }
    const struct move_list *of = heat_moves_of(heat_moves, move->from);
    for (size_t i = 0; i < of->count; i++) {
        if (heat_move_compare(&heat_moves->items[of->items[i]], move) >= 0) {
            break;
        }
        const struct booked_move *earlier = &moves->booked[of->items[i]];
        bool out = earlier->from.value == move->from.value;
        bool in = earlier->to.value == move->from.value;
        for (size_t k = 0; (out || in) && k < earlier->parts.count; k++) {
            struct heat_part part = earlier->parts.items[k];
            if (out) { /* what is gone says nothing about the quality of what is left */
                part.amount_base = -part.amount_base;
                part.quality = QUALITY_MEASURED;
            }
            heat_parts_add(pool, &part);
        }
    }
    merge_parts(pool);
}

/* Takes the moved fraction of each item out of the pool, part by part. */
static void take_fraction(const struct moves *moves, const struct heat_move *move,
                          const struct heat_parts *pool, struct heat_parts *taken)
{
    const struct catalog *catalog = moves->catalog;
    for (uint32_t item = 0; item < catalog->item_count; item++) {
        int64_t sum_base = 0;
        int64_t done_base = 0;
        for (size_t i = 0; i < pool->count; i++) {
            struct heat_part part = pool->items[i];
            if (catalog->meters[part.meter.index].item.index != item) {
                continue;
            }
            int64_t through_base = 0;
            sum_base = quantity_add(sum_base, part.amount_base);
            REQUIRE(
                quantity_multiply_divide(sum_base, move->moved_g, move->steel_g, &through_base));
            part.amount_base = through_base - done_base;
            part.start_us = move->note->ts_us;
            done_base = through_base;
            if (part.amount_base != 0) {
                heat_parts_add(taken, &part);
            }
        }
    }
}

static enum posting_cause cause_of(const struct heat_move *move)
{
    static const enum posting_cause causes[] = {
        [HEAT_RETURN] = POSTING_RETURN,
        [HEAT_SPLIT] = POSTING_SPLIT,
        [HEAT_MERGE] = POSTING_MERGE,
    };
    return causes[move->note->kind];
}

/* What of `part` goes from heat to heat, as segments: of the one less, of the other more. */
static void add_pair(heat_no from, heat_no to, const struct heat_part *part,
                     struct segment_list *list)
{
    struct segment segment = {
        .meter = part->meter,
        .station = part->station,
        .heat = from,
        .slot = part->slot,
        .start_us = part->start_us,
        .end_us = part->start_us,
        .amount_base = -part->amount_base,
        .quality = part->quality,
        .method = SHARING_MOVED,
    };
    segment_list_add(list, &segment);
    segment.heat = to;
    segment.amount_base = part->amount_base;
    segment_list_add(list, &segment);
}

/* Whether a move is in force, and to a heat of the books. */
static bool takes_along(const struct heat_move *move)
{
    return move->moved_g > 0 && move->to.value != 0;
}

static bool is_same(const struct heat_parts *a, const struct heat_parts *b)
{
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++) {
        same = part_compare(&a->items[i], &b->items[i]) == 0 &&
               a->items[i].start_us == b->items[i].start_us &&
               a->items[i].amount_base == b->items[i].amount_base &&
               a->items[i].quality == b->items[i].quality;
    }
    return same;
}

/* Works out a move again. False: it takes along what it took before. */
static bool work_out(struct moves *moves, const struct heat_moves *heat_moves, uint32_t serial,
                     struct posting_sink *sink)
{
    const struct heat_move *move = &heat_moves->items[serial];
    struct booked_move *booked = &moves->booked[serial];
    struct heat_parts parts = {0};
    if (takes_along(move)) {
        struct heat_parts pool = {0};
        gather(moves, heat_moves, move, &pool);
        take_fraction(moves, move, &pool, &parts);
        heat_parts_clear(&pool);
    }
    bool same = booked->from.value == move->from.value && booked->to.value == move->to.value &&
                is_same(&booked->parts, &parts);
    heat_parts_clear(&booked->parts);
    booked->parts = parts;
    booked->from = move->from;
    booked->to = move->to;
    if (same) {
        return false;
    }
    struct segment_list wanted = {0};
    for (size_t i = 0; i < parts.count; i++) {
        add_pair(booked->from, booked->to, &parts.items[i], &wanted);
    }
    booked_replace(&booked->booked, &wanted, cause_of(move), sink);
    segment_list_clear(&wanted);
    return true;
}

/* Works out a move, and puts those on the queue that come after it and take of the same heats. */
static void settle_one(struct moves *moves, const struct heat_moves *heat_moves, uint32_t serial,
                       struct move_list *queue, struct posting_sink *sink)
{
    const struct heat_move *move = &heat_moves->items[serial];
    const struct booked_move before = moves->booked[serial];
    if (!work_out(moves, heat_moves, serial, sink)) {
        return;
    }
    const heat_no heats[] = {before.from, before.to, move->from, move->to};
    for (size_t i = 0; i < sizeof heats / sizeof *heats; i++) {
        if (heats[i].value != 0) {
            move_queue_add_later(queue, heat_moves, heats[i], move, INT64_MIN);
        }
    }
}

void moves_settle(struct moves *moves, const struct heat_moves *heat_moves, size_t first,
                  struct posting_sink *sink)
{
    struct move_list queue = {0};
    for (size_t i = first; i < sink->count; i++) {
        if (heat_use_take(&moves->use, &sink->items[i])) {
            const struct segment *segment = &sink->items[i].segment;
            move_queue_add_later(&queue, heat_moves, segment->heat, NULL, segment->start_us);
        }
    }
    for (size_t i = 0; i < heat_moves->changed.count; i++) {
        move_queue_add(&queue, heat_moves, heat_moves->changed.items[i]);
    }
    while (moves->count < heat_moves->count) {
        memory_grow(&moves->booked, moves->count, &moves->capacity, sizeof *moves->booked);
        moves->booked[moves->count++] = (struct booked_move){0};
    }
    while (queue.count > 0) { /* by time: what is put on it comes after the one in hand */
        settle_one(moves, heat_moves, queue.items[--queue.count], &queue, sink);
    }
    free(queue.items);
}

/* What a heat has of the open segment at an index, whose pairs so far stand at the list's end from
 * `pairs` on. False: it never had any. */
static bool held_open(const struct segment_list *open, size_t at, size_t pairs, heat_no heat,
                      int64_t *held_base)
{
    bool had = open->items[at].heat.value == heat.value;
    *held_base = had ? open->items[at].amount_base : 0;
    for (size_t i = pairs; i < open->count; i++) {
        if (open->items[i].heat.value == heat.value) {
            *held_base = quantity_add(*held_base, open->items[i].amount_base);
            had = true;
        }
    }
    return had;
}

static void move_open(const struct heat_moves *heat_moves, size_t at, struct segment_list *open)
{
    const struct segment segment = open->items[at];
    size_t pairs = open->count;
    struct move_list queue = {0};
    if (segment.heat.value != 0) {
        move_queue_add_later(&queue, heat_moves, segment.heat, NULL, segment.start_us);
    }
    while (queue.count > 0) {
        const struct heat_move *move = &heat_moves->items[queue.items[--queue.count]];
        struct heat_part part = {
            .meter = segment.meter,
            .station = segment.station,
            .slot = segment.slot,
            .start_us = move->note->ts_us,
            .quality = segment.quality,
        };
        int64_t held_base = 0;
        if (takes_along(move) && held_open(open, at, pairs, move->from, &held_base)) {
            REQUIRE(quantity_multiply_divide(held_base, move->moved_g, move->steel_g,
                                             &part.amount_base));
            add_pair(move->from, move->to, &part, open);
            move_queue_add_later(&queue, heat_moves, move->to, move, segment.start_us);
        }
    }
    free(queue.items);
}

void moves_open(const struct heat_moves *heat_moves, size_t first, struct segment_list *open)
{
    size_t end = open->count;
    for (size_t at = first; at < end; at++) {
        move_open(heat_moves, at, open);
    }
}
