#include "heat_moves.h"

#include "failure.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

void heat_moves_clear(struct heat_moves *moves)
{
    for (size_t i = 0; i < moves->heat_count; i++) {
        free(moves->heats[i].named.items);
        free(moves->heats[i].of.items);
    }
    free(moves->heats);
    free(moves->changed.items);
    free(moves->dirty.items);
    free(moves->items);
    *moves = (struct heat_moves){0};
}

void heat_moves_grow(struct heat_moves *moves)
{
    memory_grow(&moves->heats, moves->heat_count, &moves->heat_capacity, sizeof *moves->heats);
    moves->heats[moves->heat_count++] = (struct heat_moves_of){0};
}

/* ---- Lists of moves ---- */

/* By time; what stands at one instant in the order of event ids, then of the heats. */
static int note_compare(const struct heat_note *a, const struct heat_note *b)
{
    if (a->ts_us != b->ts_us) {
        return a->ts_us < b->ts_us ? -1 : 1;
    }
    int by_id = strcmp(a->id != NULL ? a->id : "", b->id != NULL ? b->id : "");
    int by_heat = strcmp(a->heat_id, b->heat_id);
    return by_id != 0 ? by_id : by_heat != 0 ? by_heat : heat_note_compare(a, b);
}

int heat_move_compare(const struct heat_move *a, const struct heat_move *b)
{
    int by_note = note_compare(a->note, b->note);
    return by_note != 0 || a == b ? by_note : a < b ? -1 : 1; /* both are of one array */
}

static void list_put(struct move_list *list, size_t at, uint32_t serial)
{
    memory_grow(&list->items, list->count, &list->capacity, sizeof *list->items);
    memmove(&list->items[at + 1], &list->items[at], (list->count - at) * sizeof *list->items);
    list->items[at] = serial;
    list->count++;
}

static void list_insert(struct move_list *list, const struct heat_moves *moves, uint32_t serial)
{
    size_t at = list->count;
    while (at > 0 &&
           heat_move_compare(&moves->items[list->items[at - 1]], &moves->items[serial]) > 0) {
        at--;
    }
    list_put(list, at, serial);
}

static void list_remove(struct move_list *list, uint32_t serial)
{
    size_t at = 0;
    while (at < list->count && list->items[at] != serial) {
        at++;
    }
    REQUIRE(at < list->count);
    list->count--;
    memmove(&list->items[at], &list->items[at + 1], (list->count - at) * sizeof *list->items);
}

void move_queue_add(struct move_list *queue, const struct heat_moves *moves, uint32_t serial)
{
    size_t low = 0;
    size_t high = queue->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = heat_move_compare(&moves->items[queue->items[middle]], &moves->items[serial]);
        if (order == 0) {
            return;
        }
        low = order > 0 ? middle + 1 : low;
        high = order > 0 ? high : middle;
    }
    list_put(queue, low, serial);
}

void move_queue_add_later(struct move_list *queue, const struct heat_moves *moves, heat_no from,
                          const struct heat_move *after, int64_t after_us)
{
    const struct move_list *of = heat_moves_of(moves, from);
    for (size_t i = of->count; i > 0; i--) {
        const struct heat_move *move = &moves->items[of->items[i - 1]];
        if (move->note->ts_us <= after_us ||
            (after != NULL && heat_move_compare(move, after) <= 0)) {
            return;
        }
        if (move->from.value == from.value) {
            move_queue_add(queue, moves, of->items[i - 1]);
        }
    }
}

const struct move_list *heat_moves_of(const struct heat_moves *moves, heat_no no)
{
    REQUIRE(no.value >= 1 && no.value <= moves->heat_count);
    return &moves->heats[no.value - 1].of;
}

/* ---- What changed ---- */

void heat_moves_touch(struct heat_moves *moves, uint32_t no)
{
    if (no != 0 && !moves->heats[no - 1].dirty) {
        moves->heats[no - 1].dirty = true;
        memory_grow(&moves->dirty.items, moves->dirty.count, &moves->dirty.capacity,
                    sizeof *moves->dirty.items);
        moves->dirty.items[moves->dirty.count++] = no;
    }
}

void heat_moves_weighed(struct heat_moves *moves)
{
    REQUIRE(moves->dirty.done == moves->dirty.count);
    moves->dirty.count = moves->dirty.done = 0;
}

void heat_moves_list_changed(struct heat_moves *moves, uint32_t serial)
{
    if (!moves->items[serial].listed) {
        moves->items[serial].listed = true;
        list_put(&moves->changed, moves->changed.count, serial);
    }
}

void heat_moves_taken(struct heat_moves *moves)
{
    for (size_t i = 0; i < moves->changed.count; i++) {
        moves->items[moves->changed.items[i]].listed = false;
    }
    moves->changed.count = 0;
}

static const char cancelled[] = "cancelled";

void heat_moves_add(struct heat_moves *moves, const struct heat_note *note)
{
    REQUIRE(moves->count < HEAT_MOVES_NONE);
    memory_grow(&moves->items, moves->count, &moves->capacity, sizeof *moves->items);
    uint32_t serial = (uint32_t)moves->count++;
    moves->items[serial] = (struct heat_move){.note = note, .steel_g = -1, .why_not = cancelled};
    const uint32_t names[] = {note->heat, note->to};
    for (size_t i = 0; i < 2; i++) {
        if (names[i] != 0) {
            struct move_list *named = &moves->heats[names[i] - 1].named;
            list_put(named, named->count, serial);
        }
    }
    heat_moves_list_changed(moves, serial);
}

/* Puts a move on the list of each heat that it goes from or to, or takes it off. */
static void enlist(struct heat_moves *moves, uint32_t serial, bool on)
{
    const struct heat_move *move = &moves->items[serial];
    const heat_no both[] = {move->from, move->to};
    for (size_t i = 0; i < 2; i++) {
        if (both[i].value == 0 || (i > 0 && both[1].value == both[0].value)) {
            continue;
        }
        struct move_list *of = &moves->heats[both[i].value - 1].of;
        if (on) {
            list_insert(of, moves, serial);
        } else {
            list_remove(of, serial);
        }
        heat_moves_touch(moves, both[i].value);
    }
}

static void refresh(struct heat_moves *moves, const struct heat_steel *steel, uint32_t serial,
                    bool counts)
{
    struct heat_move *move = &moves->items[serial];
    uint32_t from = steel[move->note->heat - 1].keeper;
    uint32_t to = move->note->to != 0 ? steel[move->note->to - 1].keeper : 0;
    if (counts == move->counts && from == move->from.value && to == move->to.value) {
        return;
    }
    enlist(moves, serial, false);
    move->counts = counts;
    move->from.value = from;
    move->to.value = to;
    enlist(moves, serial, true);
    if (!counts || from == 0) { /* no source will look at it */
        move->moved_g = 0;
        move->steel_g = -1;
        move->why_not = cancelled;
        move->forbidden = false;
    }
    heat_moves_list_changed(moves, serial);
}

void heat_moves_refresh(struct heat_moves *moves, const struct heat_steel *steel, uint32_t no,
                        bool (*counts)(const void *context, const struct heat_note *note),
                        const void *context)
{
    const struct move_list *named = &moves->heats[no - 1].named;
    for (size_t i = 0; i < named->count; i++) {
        uint32_t serial = named->items[i];
        refresh(moves, steel, serial, counts(context, moves->items[serial].note));
    }
}
