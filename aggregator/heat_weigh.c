/* Heat by heat along the moves: which are in force, and what that leaves. */
#include "heat_moves.h"

#include "quantity.h"
#include "timestamp.h"

static const char no_weight[] =
    "what the heat weighs is not known yet; the move counts as soon as it is";

/* Why steel cannot have moved like that from a heat that weighs `net_g`; NULL: it can. */
static const char *why_not(const struct heat_move *move, const struct heat_steel *source,
                           int64_t net_g)
{
    const struct heat_note *note = move->note;
    int64_t asked_g = note->moved_g >= 0 ? note->moved_g : net_g;
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
    if (net_g < 0) {
        return no_weight;
    }
    if (asked_g > net_g || asked_g <= 0) {
        return "more than the heat weighed at that moment; it counts if the weight is corrected";
    }
    return NULL;
}

/* A move that counts, from a heat that weighs `net_g` before it. True: it is another one. */
static bool weigh_move(struct heat_move *move, const struct heat_steel *source, int64_t net_g)
{
    struct heat_move before = *move;
    move->steel_g = net_g;
    move->why_not = why_not(move, source, net_g);
    move->forbidden = move->why_not != NULL && move->why_not != no_weight;
    move->moved_g = 0;
    if (move->why_not == NULL) {
        move->moved_g = move->note->moved_g >= 0 ? move->note->moved_g : net_g;
    }
    return before.moved_g != move->moved_g || before.steel_g != move->steel_g ||
           before.why_not != move->why_not;
}

static bool is_part(const struct heat_move *move, uint32_t no)
{
    return move->counts && move->note->kind == HEAT_SPLIT && move->to.value == no &&
           move->from.value != no;
}

/* What is said of a heat that does not depend on weights. */
static void ask(const struct heat_moves *moves, uint32_t no, struct heat_steel *steel)
{
    const struct move_list *of = heat_moves_of(moves, (heat_no){no});
    steel->split_into = false;
    steel->is_target = false;
    steel->maker = HEAT_MOVES_NONE;
    for (size_t i = 0; i < of->count; i++) {
        const struct heat_move *move = &moves->items[of->items[i]];
        bool part = is_part(move, no);
        steel->is_target |= move->counts && move->from.value != 0 && move->to.value == no;
        steel->split_into |= part && steel->weight_g < 0;
        if (part && move->from.value != 0 && steel->maker == HEAT_MOVES_NONE &&
            steel->first_start_us >= move->note->ts_us) {
            steel->maker = of->items[i];
        }
    }
}

/* Takes a heat through its moves. A target is dirty where what it gets is another amount. */
static void weigh_heat(struct heat_moves *moves, struct heat_steel *steel, uint32_t no)
{
    struct heat_steel *heat = &steel[no - 1];
    const struct move_list *of = heat_moves_of(moves, (heat_no){no});
    int64_t net_g = heat->split_into ? 0 : heat->weight_g;
    bool arrived = false;
    heat->waits = false;
    for (size_t i = 0; i < of->count; i++) {
        struct heat_move *move = &moves->items[of->items[i]];
        if (!move->counts || move->from.value == 0) {
            continue;
        }
        if (move->from.value == no) {
            int64_t before_g = move->moved_g;
            if (weigh_move(move, heat, net_g)) {
                heat_moves_list_changed(moves, of->items[i]);
            }
            if (before_g != move->moved_g) {
                heat_moves_touch(moves, move->to.value);
            }
            net_g -= move->moved_g;
            heat->waits |= move->moved_g == 0;
        } else {
            net_g = net_g >= 0 ? quantity_add(net_g, move->moved_g) : net_g;
            arrived |= move->moved_g > 0;
        }
    }
    heat->net_g = heat->split_into && net_g == 0 && !arrived ? -1 : net_g;
}

/* Whose the source of a split was, and when it ended, without what lies later than that split. */
static void source_of(const struct heat_moves *moves, const struct heat_steel *steel,
                      const struct heat_move *maker, int64_t *owner_at_us, int64_t *ended_us)
{
    const struct heat_steel *source = &steel[maker->from.value - 1];
    bool own = source->maker == HEAT_MOVES_NONE ||
               heat_move_compare(&moves->items[source->maker], maker) >= 0;
    *owner_at_us = own ? source->own_owner_us : source->owner_at_us;
    *ended_us = own ? source->own_ended_us : source->ended_us;
}

/* Whose a heat is, and when it ended. */
static void own_heat(const struct heat_moves *moves, struct heat_steel *steel, uint32_t no)
{
    struct heat_steel *heat = &steel[no - 1];
    heat->owner_at_us = heat->own_owner_us;
    heat->ended_us = heat->own_ended_us;
    if (heat->maker == HEAT_MOVES_NONE) {
        return;
    }
    const struct heat_move *maker = &moves->items[heat->maker];
    int64_t owner_at_us = 0;
    int64_t ended_us = 0;
    source_of(moves, steel, maker, &owner_at_us, &ended_us);
    if (!heat->visited) {
        heat->ended_us = ended_us > maker->note->ts_us ? ended_us : maker->note->ts_us;
    }
    bool settled = owner_at_us <= maker->note->ts_us || heat->ended_us != TIMESTAMP_NEVER_US;
    if (heat->own_owner_us == TIMESTAMP_NEVER_US && settled) {
        heat->owner_at_us = owner_at_us;
    }
}

/* Parts of a heat look at whose it is, and when it ended. */
static void touch_parts(struct heat_moves *moves, uint32_t no)
{
    const struct move_list *of = heat_moves_of(moves, (heat_no){no});
    for (size_t i = 0; i < of->count; i++) {
        const struct heat_move *move = &moves->items[of->items[i]];
        if (move->from.value == no && is_part(move, move->to.value)) {
            heat_moves_touch(moves, move->to.value);
        }
    }
}

void heat_moves_weigh(struct heat_moves *moves, struct heat_steel *steel)
{
    while (moves->dirty.done < moves->dirty.count) {
        uint32_t no = moves->dirty.items[moves->dirty.done++];
        struct heat_steel *heat = &steel[no - 1];
        struct heat_steel before = *heat;
        moves->heats[no - 1].dirty = false;
        ask(moves, no, heat);
        weigh_heat(moves, steel, no);
        own_heat(moves, steel, no);
        if (before.owner_at_us != heat->owner_at_us || before.ended_us != heat->ended_us ||
            before.maker != heat->maker) {
            touch_parts(moves, no);
        }
    }
}
