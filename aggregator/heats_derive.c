/* What follows from the notes of a heat: where it was, what it weighs, whose it is, when it ended,
 * and whether it is one at all. */
#include "heats_state.h"

#include "failure.h"
#include "memory.h"
#include "quantity.h"
#include "timestamp.h"

#include <string.h>

static void list_add(struct heat_list *list, uint32_t no)
{
    memory_grow(&list->items, list->count, &list->capacity, sizeof *list->items);
    list->items[list->count++] = (heat_no){no};
}

static void touch_one(struct heats *heats, uint32_t no)
{
    struct heat_state *state = heats_state(heats, no);
    if (!state->touched) {
        state->touched = true;
        list_add(&heats->touched, no);
    }
}

void heats_touch(struct heats *heats, uint32_t no)
{
    uint32_t one = no;
    do {
        touch_one(heats, one);
        one = heat_alias_of(&heats->aliases, one)->sibling;
    } while (one != no);
}

static void note_station(struct heats *heats, uint16_t station, int64_t from_us)
{
    for (size_t i = 0; i < heats->station_count; i++) {
        struct station_change *known = &heats->stations[i];
        if (known->station.index == station) {
            known->from_us = from_us < known->from_us ? from_us : known->from_us;
            return;
        }
    }
    memory_grow(&heats->stations, heats->station_count, &heats->station_capacity,
                sizeof *heats->stations);
    heats->stations[heats->station_count++] = (struct station_change){{station}, from_us};
}

static void replace_at(struct heats *heats, const struct stay_list *old,
                       const struct stay_list *fresh, uint16_t station, bool renamed)
{
    int64_t from_us = stay_list_differs_us(old, fresh, station);
    bool differs = from_us != TIMESTAMP_NEVER_US;
    for (size_t i = 0; i < old->count && differs; i++) {
        if (old->items[i].station.index == station) {
            stays_remove(&heats->at[station], &old->items[i]);
        }
    }
    for (size_t i = 0; i < fresh->count; i++) {
        const struct heat_stay *stay = &fresh->items[i];
        if (stay->station.index != station) {
            continue;
        }
        if (differs) {
            stays_add(&heats->at[station], stay);
        }
        if (renamed) { /* of several heats there the lowest id gets what is left over */
            from_us = stay->start_us < from_us ? stay->start_us : from_us;
        }
    }
    if (from_us != TIMESTAMP_NEVER_US) {
        note_station(heats, station, from_us);
    }
}

/* Puts stays in place of the old ones, in the stations' timelines too. */
static void replace_stays(struct heats *heats, struct heat_state *state, struct heat_stays *fresh,
                          bool renamed)
{
    for (uint32_t i = 0; i < heats->catalog->station_count; i++) {
        replace_at(heats, &state->stays.cut, &fresh->cut, (uint16_t)i, renamed);
    }
    heat_stays_clear(&state->stays);
    state->stays = *fresh;
    if (fresh->deadline_us < heats->deadline_us) {
        heats->deadline_us = fresh->deadline_us;
    }
}

/* When the heat ended everywhere: it left a last station and has been to none since (an end that
 * was lost before that does not count), or, in a plant that declares no last station, it left one
 * and is at none. A stay that ended by itself is one that it left. */
static int64_t derive_end_us(const struct heats *heats, const struct heat_state *state,
                             const struct heat_note_list *notes)
{
    int64_t left_us = INT64_MIN; /* any station */
    int64_t last_us = INT64_MIN; /* a last station */
    for (size_t i = 0; i < notes->count; i++) {
        const struct heat_note *note = notes->items[i];
        if (note->kind == HEAT_END && note->station != CATALOG_NONE) {
            left_us = note->ts_us;
            last_us = heats->catalog->stations[note->station].last ? note->ts_us : last_us;
        }
    }
    for (size_t i = 0; i < state->stays.told.count; i++) {
        const struct heat_stay *stay = &state->stays.told.items[i];
        if (stay->end_us == TIMESTAMP_NEVER_US &&
            (!heats->any_last_station || stay->start_us >= last_us)) {
            return TIMESTAMP_NEVER_US;
        }
    }
    int64_t timed_us = state->stays.timed_out_us;
    bool timed = timed_us != INT64_MIN &&
                 (!heats->any_last_station || state->stays.timed_start_us >= last_us);
    bool ended = heats->any_last_station ? last_us != INT64_MIN : left_us != INT64_MIN;
    if (timed) {
        return timed_us > left_us ? timed_us : left_us;
    }
    return ended ? left_us : TIMESTAMP_NEVER_US;
}

static bool makes_owner(const struct heats *heats, const struct heat_note *note)
{
    if (heats->rules->owner_at_tap) {
        return note->kind == HEAT_TAP;
    }
    return note->kind == HEAT_END && note->station == heats->rules->owner_station.index;
}

void heats_derive_owner(const struct heats *heats, struct heat *heat)
{
    if (heat->owner_at_us != TIMESTAMP_NEVER_US) {
        heat->owner = calendar_duty_at(heats->calendar, heat->owner_at_us).slot;
    }
}

static bool arrives_last(const struct heats *heats, const struct heat_note *note)
{
    return note->kind == HEAT_START && heats->catalog->stations[note->station].last;
}

/* What a note says of a weight: which weighing it is depends on the event that tells it. */
static void derive_weights(const struct heats *heats, const struct heat_note *note,
                           struct heat_steel *steel)
{
    if (note->steel_g <= 0) {
        return;
    }
    steel->weight_g = note->steel_g;
    if (note->kind == HEAT_TAP) {
        steel->tapped_g = note->steel_g;
    } else if (note->kind == HEAT_END && heats->catalog->stations[note->station].last) {
        steel->cast_g = note->steel_g;
    }
}

/* From the notes in order: the later one wins, but the first start, the first arrival and the first
 * ownership event count. */
static void derive_facts(const struct heats *heats, struct heat_state *state,
                         const struct heat_note_list *notes, struct heat_steel *steel)
{
    struct heat *heat = &state->heat;
    heat->planned_g = -1;
    heat->grade[0] = '\0';
    heat->first_start_us = TIMESTAMP_NEVER_US;
    steel->own_owner_us = TIMESTAMP_NEVER_US;
    steel->visited = false;
    steel->weight_g = steel->tapped_g = steel->cast_g = -1;
    steel->last_arrival_us = TIMESTAMP_NEVER_US;
    for (size_t i = 0; i < notes->count; i++) {
        const struct heat_note *note = notes->items[i];
        derive_weights(heats, note, steel);
        if (note->planned_g > 0) {
            heat->planned_g = note->planned_g;
        }
        if (note->grade[0] != '\0') {
            memcpy(heat->grade, note->grade, sizeof heat->grade);
        }
        if (note->kind == HEAT_START && heat->first_start_us == TIMESTAMP_NEVER_US) {
            heat->first_start_us = note->ts_us;
        }
        if (arrives_last(heats, note) && steel->last_arrival_us == TIMESTAMP_NEVER_US) {
            steel->last_arrival_us = note->ts_us;
        }
        if (steel->own_owner_us == TIMESTAMP_NEVER_US && makes_owner(heats, note)) {
            steel->own_owner_us = note->ts_us;
        }
        steel->visited |=
            note->kind == HEAT_START || note->kind == HEAT_END || note->kind == HEAT_TAP;
        state->mentioned = true;
        state->told |= note->kind != HEAT_RENUMBER;
    }
    steel->own_ended_us = derive_end_us(heats, state, notes);
    steel->first_start_us = heat->first_start_us;
}

/* The notes that count of all ids of a heat; nothing where the whole heat is void. */
static void choose_notes(const struct heats *heats, uint32_t keeper, struct heat_note_list *chosen,
                         bool *is_void)
{
    uint32_t no = keeper;
    do {
        heat_note_list_choose(&heats_state(heats, no)->notes, &heats->notes, chosen);
        no = heat_alias_of(&heats->aliases, no)->sibling;
    } while (no != keeper);
    *is_void = false;
    for (size_t i = 0; i < chosen->count; i++) {
        *is_void |= chosen->items[i]->kind == HEAT_VOID;
    }
    if (*is_void) {
        chosen->count = 0;
    }
}

/* The id under which a number is shown. A heat bears the id at the end of its chain; that id's own
 * number bears the id of the number that keeps the heat, so that none gets lost. */
static const char *shown_id(const struct heats *heats, uint32_t no)
{
    const struct heat_alias *alias = heat_alias_of(&heats->aliases, no);
    uint32_t of = no == alias->keeper ? alias->end : no == alias->end ? alias->keeper : no;
    return heats_state(heats, of)->own_id;
}

static void derive_one(struct heats *heats, uint32_t no)
{
    struct heat_state *state = heats_state(heats, no);
    struct heat_steel *steel = &heats->steel[no - 1];
    uint32_t keeper = heat_alias_of(&heats->aliases, no)->keeper;
    struct heat_note_list chosen = {0};
    bool is_void = false;
    choose_notes(heats, keeper, &chosen, &is_void);
    uint32_t resolved = is_void ? 0 : keeper;
    if (resolved != state->resolved) {
        state->resolved = resolved;
        list_add(&heats->resolved, no);
    }
    steel->keeper = resolved;
    if (keeper != no) {
        chosen.count = 0;
    }
    const char *id = shown_id(heats, no);
    bool renamed = strcmp(id, state->heat.id) != 0;
    memset(state->heat.id, 0, sizeof state->heat.id);
    memcpy(state->heat.id, id, strlen(id));
    state->heat.keeper.value = keeper;
    state->told = false;
    state->mentioned = false;
    struct heat_stays fresh;
    heat_stays_derive(&fresh, state->heat.no, &chosen, heats->rules->stay_max_us, heats->newest_us);
    replace_stays(heats, state, &fresh, renamed);
    derive_facts(heats, state, &chosen, steel);
    heat_note_list_clear(&chosen);
}

static bool named(const struct heats *heats, uint32_t keeper)
{
    uint32_t no = keeper;
    do {
        if (heats_state(heats, no)->named_us != TIMESTAMP_NEVER_US) {
            return true;
        }
        no = heat_alias_of(&heats->aliases, no)->sibling;
    } while (no != keeper);
    return false;
}

/* Whether a person would read the same of a heat. What only touched heats have is left out. */
static bool is_same(const struct heat *a, const struct heat *b)
{
    return a->steel_g == b->steel_g && a->weighed_g == b->weighed_g && a->tapped_g == b->tapped_g &&
           a->cast_g == b->cast_g && a->owner_at_us == b->owner_at_us &&
           a->ended_us == b->ended_us && a->provisional == b->provisional &&
           a->review == b->review && a->gone == b->gone;
}

/* What was tapped of the steel that the heat has now: what moved counts with the heat it went to.
 * A part of a split was tapped as what went into it. -1: unknown. */
static int64_t tapped_now_g(const struct heat_steel *steel)
{
    bool is_part = steel->maker != HEAT_MOVES_NONE || steel->weight_g < 0;
    if (steel->tapped_g < 0 || steel->net_g < 0) {
        return is_part ? steel->net_g : -1;
    }
    quantity_wide now_g = (quantity_wide)steel->tapped_g + steel->net_g - steel->weight_g;
    return now_g > INT64_MAX ? INT64_MAX : now_g > 0 ? (int64_t)now_g : 0;
}

static void conclude_weights(struct heat *heat, const struct heat_steel *steel)
{
    heat->steel_g = heat->gone ? -1 : steel->net_g;
    heat->weighed_g = heat->gone ? -1 : steel->weight_g;
    heat->tapped_g = heat->gone ? -1 : tapped_now_g(steel);
    heat->cast_g = heat->gone ? -1 : steel->cast_g;
}

void heats_derive_weights(struct heats *heats, uint32_t no)
{
    struct heat_steel *steel = &heats->steel[no - 1];
    struct heat_note_list chosen = {0};
    bool is_void = false;
    uint32_t keeper = heat_alias_of(&heats->aliases, no)->keeper;
    choose_notes(heats, keeper, &chosen, &is_void);
    steel->tapped_g = steel->cast_g = -1;
    for (size_t i = 0; keeper == no && i < chosen.count; i++) {
        struct heat_steel told = *steel;
        derive_weights(heats, chosen.items[i], &told);
        steel->tapped_g = told.tapped_g;
        steel->cast_g = told.cast_g;
    }
    heat_note_list_clear(&chosen);
    conclude_weights(&heats_state(heats, no)->heat, steel);
}

/* Whether it is a heat of the books, what it weighs now, whose it is, and whether somebody should
 * look at it. */
static void conclude(struct heats *heats, uint32_t no)
{
    struct heat_state *state = heats_state(heats, no);
    const struct heat_steel *steel = &heats->steel[no - 1];
    struct heat *heat = &state->heat;
    struct heat before = *heat;
    heat->gone = steel->keeper != no || !(state->mentioned || steel->is_target || named(heats, no));
    heat->provisional = !heat->gone && !state->told && !steel->split_into;
    conclude_weights(heat, steel);
    heat->owner_at_us = steel->owner_at_us;
    heat->ended_us = heat->gone ? state->around_us : steel->ended_us; /* nothing of it goes on */
    heats_derive_owner(heats, heat);
    state->ownerless = !heat->gone && heat_ended(heat) && !heat_owned(heat);
    heat->review = heat->provisional || steel->waits || state->ownerless ||
                   (!heat->gone && state->stays.timed_out_us != INT64_MIN);
    heats->weights_changed |=
        before.steel_g != heat->steel_g || before.weighed_g != heat->weighed_g;
    if (!is_same(&before, heat)) {
        touch_one(heats, no);
    }
}

/* Fits heat_moves_refresh. */
static bool move_counts(const void *context, const struct heat_note *note)
{
    const struct heats *heats = context;
    return heat_notes_count(&heats->notes, note) &&
           !heat_note_list_repeats(&heats_state(heats, note->heat)->notes, note);
}

/* Takes what is told of the heats touched through the moves, to all that it bears on. */
static void weigh(struct heats *heats)
{
    struct heat_moves *moves = &heats->moves;
    for (size_t i = 0; i < heats->touched.count; i++) {
        heat_moves_refresh(moves, heats->steel, heats->touched.items[i].value, move_counts, heats);
        heat_moves_touch(moves, heats->touched.items[i].value);
    }
    heat_moves_weigh(moves, heats->steel);
    for (size_t i = 0; i < moves->changed.count; i++) { /* why one waits may be another reason */
        heat_no from = moves->items[moves->changed.items[i]].from;
        if (from.value != 0) {
            touch_one(heats, from.value);
        }
    }
    for (size_t i = 0; i < moves->dirty.count; i++) {
        conclude(heats, moves->dirty.items[i]);
    }
    heat_moves_weighed(moves);
}

/* Stays that end by themselves by now. */
static void touch_overdue(struct heats *heats)
{
    for (size_t i = 0; i < heats->count; i++) {
        if (heats->states[i].stays.deadline_us <= heats->newest_us) {
            heats_touch(heats, (uint32_t)i + 1);
        }
    }
}

static void next_deadline(struct heats *heats)
{
    heats->deadline_us = TIMESTAMP_NEVER_US;
    for (size_t i = 0; i < heats->count; i++) {
        int64_t deadline_us = heats->states[i].stays.deadline_us;
        heats->deadline_us = deadline_us < heats->deadline_us ? deadline_us : heats->deadline_us;
    }
}

void heats_derive(struct heats *heats)
{
    heats->resolved.count = 0;
    heats->station_count = 0;
    heats->weights_changed = false;
    bool overdue = heats->deadline_us <= heats->newest_us;
    if (overdue) {
        touch_overdue(heats);
    }
    for (size_t i = 0; i < heats->touched.count; i++) {
        derive_one(heats, heats->touched.items[i].value);
    }
    if (overdue) {
        next_deadline(heats);
    }
    weigh(heats);
    for (size_t i = 0; i < heats->touched.count; i++) {
        heats_state(heats, heats->touched.items[i].value)->touched = false;
    }
    REQUIRE(heats->newest_us == INT64_MIN || heats->deadline_us > heats->newest_us);
}
