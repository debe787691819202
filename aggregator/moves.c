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
static void gather(const struct moves *moves, const struct heat_moves *heat_moves, size_t at,
                   struct heat_parts *pool)
{
    const struct heat_move *move = &heat_moves->items[at];
    const struct heat_parts *own = heat_use_of(&moves->use, move->from);
    for (size_t i = 0; own != NULL && i < own->count; i++) {
        if (own->items[i].start_us < move->note->ts_us) {
            heat_parts_add(pool, &own->items[i]);
        }
    }
    for (size_t i = 0; i < at; i++) {
        const struct booked_move *earlier = &moves->booked[heat_moves->items[i].serial];
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

static void add_pair(const struct booked_move *booked, const struct heat_part *part,
                     struct segment_list *wanted)
{
    struct segment segment = {
        .meter = part->meter,
        .station = part->station,
        .heat = booked->from,
        .slot = part->slot,
        .start_us = part->start_us,
        .end_us = part->start_us,
        .amount_base = -part->amount_base,
        .quality = part->quality,
        .method = SHARING_MOVED,
    };
    segment_list_add(wanted, &segment);
    segment.heat = booked->to;
    segment.amount_base = part->amount_base;
    segment_list_add(wanted, &segment);
}

static void work_out(struct moves *moves, const struct heat_moves *heat_moves, size_t at,
                     struct posting_sink *sink)
{
    const struct heat_move *move = &heat_moves->items[at];
    struct booked_move *booked = &moves->booked[move->serial];
    booked->parts.count = 0;
    booked->from = move->from;
    booked->to = move->to;
    if (move->moved_g > 0 && move->to.value != 0) {
        struct heat_parts pool = {0};
        gather(moves, heat_moves, at, &pool);
        take_fraction(moves, move, &pool, &booked->parts);
        heat_parts_clear(&pool);
    }
    struct segment_list wanted = {0};
    for (size_t i = 0; i < booked->parts.count; i++) {
        add_pair(booked, &booked->parts.items[i], &wanted);
    }
    booked_replace(&booked->booked, &wanted, cause_of(move), sink);
    segment_list_clear(&wanted);
}

/* The first move whose source is that heat; `count` where there is none. */
static size_t first_from(const struct heat_moves *heat_moves, heat_no heat, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (heat_moves->items[i].from.value == heat.value) {
            return i;
        }
    }
    return count;
}

void moves_settle(struct moves *moves, const struct heat_moves *heat_moves, size_t first,
                  struct posting_sink *sink)
{
    size_t begin = heat_moves->count;
    for (size_t i = first; i < sink->count; i++) {
        if (heat_use_take(&moves->use, &sink->items[i])) {
            begin = first_from(heat_moves, sink->items[i].segment.heat, begin);
        }
    }
    if (moves->version != heat_moves->version) {
        moves->version = heat_moves->version;
        begin = 0;
    }
    while (moves->count < heat_moves->count) {
        memory_grow(&moves->booked, moves->count, &moves->capacity, sizeof *moves->booked);
        moves->booked[moves->count++] = (struct booked_move){0};
    }
    for (size_t at = begin; at < heat_moves->count; at++) {
        work_out(moves, heat_moves, at, sink);
    }
}
