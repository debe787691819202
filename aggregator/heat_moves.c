#include "heat_moves.h"

#include "memory.h"
#include "quantity.h"
#include "timestamp.h"

#include <stdlib.h>
#include <string.h>

void heat_moves_clear(struct heat_moves *moves)
{
    free(moves->items);
    *moves = (struct heat_moves){0};
}

static int move_compare(const struct heat_note *a, const struct heat_note *b)
{
    if (a->ts_us != b->ts_us) {
        return a->ts_us < b->ts_us ? -1 : 1;
    }
    int by_id = strcmp(a->id != NULL ? a->id : "", b->id != NULL ? b->id : "");
    int by_heat = strcmp(a->heat_id, b->heat_id);
    return by_id != 0 ? by_id : by_heat != 0 ? by_heat : heat_note_compare(a, b);
}

void heat_moves_add(struct heat_moves *moves, const struct heat_note *note)
{
    memory_grow(&moves->items, moves->count, &moves->capacity, sizeof *moves->items);
    size_t at = moves->count;
    while (at > 0 && move_compare(moves->items[at - 1].note, note) > 0) {
        at--;
    }
    memmove(&moves->items[at + 1], &moves->items[at], (moves->count - at) * sizeof *moves->items);
    moves->items[at] = (struct heat_move){.note = note, .serial = (uint32_t)moves->count};
    moves->count++;
    moves->version++;
}

static const char no_weight[] =
    "what the heat weighs is not known yet; the move counts as soon as it is";

/* Why steel cannot have moved like that; NULL: it can. */
static const char *why_not(const struct heat_move *move, const struct heat_steel *source)
{
    const struct heat_note *note = move->note;
    int64_t asked_g = note->moved_g >= 0 ? note->moved_g : source->net_g;
    if (move->from.value == move->to.value) {
        return "both ids are one heat: no steel moves";
    }
    if (note->kind == HEAT_RETURN && source->first_start_us != TIMESTAMP_NEVER_US &&
        note->ts_us < source->first_start_us) {
        return "a return before the heat began; it counts once a start before it is told";
    }
    if (note->kind == HEAT_RETURN && note->ts_us >= source->last_arrival_us) {
        return "a return after the heat arrived at its last station; it counts if that start is "
               "cancelled";
    }
    if (source->net_g < 0) {
        return no_weight;
    }
    if (asked_g > source->net_g || asked_g <= 0) {
        return "more than the heat weighed at that moment; it counts if the weight is corrected";
    }
    return NULL;
}

static struct heat_steel *steel_of(struct heat_steel *steel, heat_no no)
{
    return no.value != 0 ? &steel[no.value - 1] : NULL;
}

/* Every heat that a move names, at its own weight; a part that was never weighed begins at 0. */
static void begin(struct heat_moves *moves, struct heat_steel *steel)
{
    for (size_t i = 0; i < moves->count; i++) {
        struct heat_move *move = &moves->items[i];
        const struct heat_note *note = move->note;
        move->from.value = steel[note->heat - 1].keeper;
        move->to.value = note->to != 0 ? steel[note->to - 1].keeper : 0;
        steel[note->heat - 1].net_g = steel[note->heat - 1].weight_g;
        if (note->to != 0) {
            steel[note->to - 1].net_g = steel[note->to - 1].weight_g;
        }
        const heat_no both[] = {move->from, move->to};
        for (size_t side = 0; side < 2; side++) {
            struct heat_steel *one = steel_of(steel, both[side]);
            if (one != NULL) {
                one->net_g = one->weight_g;
                one->split_into = false;
            }
        }
    }
    for (size_t i = 0; i < moves->count; i++) {
        const struct heat_move *move = &moves->items[i];
        struct heat_steel *target = steel_of(steel, move->to);
        if (move->counts && move->note->kind == HEAT_SPLIT && target != NULL &&
            target->weight_g < 0 && move->from.value != move->to.value) {
            target->split_into = true;
            target->net_g = 0;
        }
    }
}

static void weigh(struct heat_move *move, struct heat_steel *steel)
{
    struct heat_steel *source = steel_of(steel, move->from);
    struct heat_steel *target = steel_of(steel, move->to);
    move->moved_g = 0;
    move->steel_g = -1;
    move->why_not = "cancelled";
    move->forbidden = false;
    if (!move->counts || source == NULL) {
        return;
    }
    move->steel_g = source->net_g;
    move->why_not = why_not(move, source);
    move->forbidden = move->why_not != NULL && move->why_not != no_weight;
    if (move->why_not != NULL) {
        return;
    }
    move->moved_g = move->note->moved_g >= 0 ? move->note->moved_g : source->net_g;
    source->net_g -= move->moved_g;
    if (target != NULL && target->net_g >= 0) {
        target->net_g = quantity_add(target->net_g, move->moved_g);
    }
}

static bool move_same(const struct heat_move *a, const struct heat_move *b)
{
    return a->from.value == b->from.value && a->to.value == b->to.value &&
           a->moved_g == b->moved_g && a->steel_g == b->steel_g && a->why_not == b->why_not;
}

void heat_moves_weigh(struct heat_moves *moves, struct heat_steel *steel)
{
    struct heat_move *before = memory_zeroed(moves->count + 1, sizeof *before);
    for (size_t i = 0; i < moves->count; i++) {
        before[i] = moves->items[i];
    }
    begin(moves, steel);
    for (size_t i = 0; i < moves->count; i++) {
        weigh(&moves->items[i], steel);
        if (!move_same(&before[i], &moves->items[i])) {
            moves->version++;
        }
    }
    for (size_t i = 0; i < moves->count; i++) {
        struct heat_steel *target = steel_of(steel, moves->items[i].to);
        if (target != NULL && target->split_into && target->net_g == 0) {
            bool arrived = false;
            for (size_t k = 0; k < moves->count && !arrived; k++) {
                arrived = moves->items[k].to.value == moves->items[i].to.value &&
                          moves->items[k].moved_g > 0;
            }
            target->net_g = arrived ? 0 : -1;
        }
    }
    free(before);
}
