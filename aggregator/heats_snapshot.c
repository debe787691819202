/* The heats: ids and their numbers, what is known of each, where it was, and the notes from which
 * all of that follows. */
#include "nouns_snapshot.h"

#include "failure.h"
#include "heats_state.h"
#include "memory.h"

#include <string.h>

#define SECTION "heats"
#define VERSION 2 /* 1 had no weights of taps and casts */

enum heat_flag {
    HEAT_PROVISIONAL = 1,
    HEAT_REVIEW = 2,
    HEAT_GONE = 4,
    HEAT_TOLD = 8,
    HEAT_MENTIONED = 16,
    HEAT_SPLIT_INTO = 32,
    HEAT_RENAMED = 64, /* shown under another id than its own */
    HEAT_CUT = 128,    /* its stays are cut where steel moved */
    HEAT_OWNERLESS = 256,
    HEAT_VISITED = 512,
    HEAT_IS_TARGET = 1024,
    HEAT_WAITS = 2048,
    HEAT_FLAGS_ALL = 4095,
};

/* ---- Stays ---- */

static void stay_save(const struct heat_stay *stay, int64_t from_us, struct snapshot_writer *writer)
{
    snapshot_put_number(writer, stay->station.index);
    snapshot_put_number(writer, stay->visit);
    snapshot_put_from(writer, stay->start_us, from_us);
    snapshot_put_moment(writer, stay->end_us, stay->start_us);
}

static struct heat_stay stay_load(heat_no heat, int64_t from_us, const struct heats *heats,
                                  struct snapshot_reader *reader)
{
    struct heat_stay stay = {.heat = heat};
    stay.station.index = (uint16_t)snapshot_get_number(reader, heats->catalog->station_count - 1);
    stay.visit = (uint32_t)snapshot_get_number(reader, UINT32_MAX);
    stay.start_us = snapshot_get_from(reader, from_us);
    stay.end_us = snapshot_get_moment(reader, stay.start_us);
    return stay;
}

static void stay_list_save(const struct stay_list *list, int64_t from_us,
                           struct snapshot_writer *writer)
{
    snapshot_put_number(writer, list->count);
    for (size_t i = 0; i < list->count; i++) {
        stay_save(&list->items[i], from_us, writer);
    }
}

static void stay_list_load(struct stay_list *list, heat_no heat, int64_t from_us,
                           const struct heats *heats, struct snapshot_reader *reader)
{
    size_t count = snapshot_get_count(reader, UINT32_MAX);
    for (size_t i = 0; i < count && snapshot_is_good(reader); i++) {
        memory_grow(&list->items, list->count, &list->capacity, sizeof *list->items);
        list->items[list->count++] = stay_load(heat, from_us, heats, reader);
    }
}

static bool stays_equal(const struct stay_list *a, const struct stay_list *b)
{
    bool equal = a->count == b->count;
    for (size_t i = 0; equal && i < a->count; i++) {
        const struct heat_stay *x = &a->items[i];
        const struct heat_stay *y = &b->items[i];
        equal = x->station.index == y->station.index && x->visit == y->visit &&
                x->start_us == y->start_us && x->end_us == y->end_us;
    }
    return equal;
}

/* The stations' timelines hold the cut stays of all heats; of several that start at once the order
 * in which they came. */
static void station_stays_save(const struct stays *stays, struct snapshot_writer *writer)
{
    int64_t last_us = 0;
    snapshot_put_number(writer, stays->count);
    for (size_t i = 0; i < stays->count; i++) {
        snapshot_put_number(writer, stays->stays[i].heat.value);
        stay_save(&stays->stays[i], last_us, writer);
        last_us = stays->stays[i].start_us;
    }
}

static void station_stays_load(struct heats *heats, uint16_t station,
                               const struct snapshot_names *names, struct snapshot_reader *reader)
{
    int64_t last_us = 0;
    size_t count = snapshot_get_count(reader, UINT32_MAX);
    for (size_t i = 0; i < count; i++) {
        heat_no heat = heat_no_load(names, reader);
        struct heat_stay stay = stay_load(heat, last_us, heats, reader);
        bool good = heat.value != 0 && stay.station.index == station &&
                    stay.end_us > stay.start_us && (i == 0 || stay.start_us >= last_us);
        if (!good || !snapshot_is_good(reader)) {
            snapshot_refuse(reader, "stays at a station are not in order of time");
            return;
        }
        stays_add(&heats->at[station], &stay);
        last_us = stay.start_us;
    }
}

/* ---- A heat ---- */

static unsigned flags_of(const struct heat_state *state, const struct heat_steel *steel)
{
    const struct heat *heat = &state->heat;
    bool renamed = strcmp(heat->id, state->own_id) != 0;
    bool cut = !stays_equal(&state->stays.told, &state->stays.cut);
    return (heat->provisional ? HEAT_PROVISIONAL : 0u) | (heat->review ? HEAT_REVIEW : 0u) |
           (heat->gone ? HEAT_GONE : 0u) | (state->told ? HEAT_TOLD : 0u) |
           (state->mentioned ? HEAT_MENTIONED : 0u) | (steel->split_into ? HEAT_SPLIT_INTO : 0u) |
           (renamed ? HEAT_RENAMED : 0u) | (cut ? HEAT_CUT : 0u) |
           (state->ownerless ? HEAT_OWNERLESS : 0u) | (steel->visited ? HEAT_VISITED : 0u) |
           (steel->is_target ? HEAT_IS_TARGET : 0u) | (steel->waits ? HEAT_WAITS : 0u);
}

static void stays_of_heat_save(const struct heat_state *state, bool cut,
                               struct snapshot_writer *writer)
{
    const struct heat_stays *stays = &state->stays;
    stay_list_save(&stays->told, state->around_us, writer);
    if (cut) {
        stay_list_save(&stays->cut, state->around_us, writer);
    }
    snapshot_put_moment(writer, stays->deadline_us, state->around_us);
    snapshot_put_moment(writer, stays->timed_out_us, state->around_us);
    if (stays->timed_out_us != INT64_MIN) {
        snapshot_put_from(writer, stays->timed_start_us, stays->timed_out_us);
        snapshot_put_number(writer, stays->timed_station);
    }
}

static void stays_of_heat_load(struct heat_state *state, bool cut, const struct heats *heats,
                               struct snapshot_reader *reader)
{
    struct heat_stays *stays = &state->stays;
    stay_list_load(&stays->told, state->heat.no, state->around_us, heats, reader);
    if (cut) {
        stay_list_load(&stays->cut, state->heat.no, state->around_us, heats, reader);
    } else if (stays->told.count > 0) {
        size_t bytes = stays->told.count * sizeof *stays->cut.items;
        stays->cut.items = memory_zeroed(stays->told.count, sizeof *stays->cut.items);
        memcpy(stays->cut.items, stays->told.items, bytes);
        stays->cut.count = stays->cut.capacity = stays->told.count;
    }
    stays->deadline_us = snapshot_get_moment(reader, state->around_us);
    stays->timed_out_us = snapshot_get_moment(reader, state->around_us);
    if (stays->timed_out_us != INT64_MIN) {
        stays->timed_start_us = snapshot_get_from(reader, stays->timed_out_us);
        stays->timed_station =
            (uint16_t)snapshot_get_number(reader, heats->catalog->station_count - 1);
    }
}

/* Mostly it says what the heat itself says. */
static void steel_save(const struct heat_steel *steel, const struct heat_state *state,
                       struct snapshot_writer *writer)
{
    int64_t from_us = state->around_us;
    snapshot_put_from(writer, steel->weight_g, state->heat.weighed_g);
    snapshot_put_from(writer, steel->net_g, state->heat.steel_g);
    snapshot_put_from(writer, steel->tapped_g, state->heat.tapped_g);
    snapshot_put_from(writer, steel->cast_g, state->heat.cast_g);
    snapshot_put_moment(writer, steel->first_start_us, from_us);
    snapshot_put_moment(writer, steel->last_arrival_us, from_us);
    snapshot_put_moment(writer, steel->own_owner_us, from_us);
    snapshot_put_moment(writer, steel->own_ended_us, from_us);
    snapshot_put_moment(writer, steel->owner_at_us, from_us);
    snapshot_put_moment(writer, steel->ended_us, from_us);
    snapshot_put_number(writer, steel->maker == HEAT_MOVES_NONE ? 0 : (uint64_t)steel->maker + 1);
}

static void steel_load(struct heat_steel *steel, const struct heat_state *state,
                       struct snapshot_reader *reader)
{
    int64_t from_us = state->around_us;
    steel->weight_g = snapshot_get_from(reader, state->heat.weighed_g);
    steel->net_g = snapshot_get_from(reader, state->heat.steel_g);
    if (reader->version > 1) {
        steel->tapped_g = snapshot_get_from(reader, state->heat.tapped_g);
        steel->cast_g = snapshot_get_from(reader, state->heat.cast_g);
    }
    steel->first_start_us = snapshot_get_moment(reader, from_us);
    steel->last_arrival_us = snapshot_get_moment(reader, from_us);
    steel->own_owner_us = snapshot_get_moment(reader, from_us);
    steel->own_ended_us = snapshot_get_moment(reader, from_us);
    steel->owner_at_us = snapshot_get_moment(reader, from_us);
    steel->ended_us = snapshot_get_moment(reader, from_us);
    uint64_t maker = snapshot_get_number(reader, HEAT_MOVES_NONE);
    steel->maker = maker == 0 ? HEAT_MOVES_NONE : (uint32_t)(maker - 1);
}

static void heat_save(const struct heats *heats, size_t at, struct snapshot_writer *writer)
{
    const struct heat_state *state = &heats->states[at];
    const struct heat_steel *steel = &heats->steel[at];
    const struct heat *heat = &state->heat;
    int64_t no = (int64_t)at + 1;
    int64_t from_us = state->around_us;
    unsigned flags = flags_of(state, steel);
    snapshot_put_number(writer, flags);
    snapshot_put_number(writer, state->same_id);
    snapshot_put_from(writer, state->resolved, no);
    snapshot_put_from(writer, heat->keeper.value, no);
    snapshot_put_from(writer, steel->keeper, no);
    snapshot_put_signed(writer, from_us);
    snapshot_put_moment(writer, state->named_us, from_us);
    if ((flags & HEAT_RENAMED) != 0) {
        snapshot_put_text(writer, heat->id);
    }
    snapshot_put_text(writer, heat->grade);
    snapshot_put_signed(writer, heat->steel_g);
    snapshot_put_from(writer, heat->weighed_g, heat->steel_g);
    snapshot_put_from(writer, heat->tapped_g, heat->steel_g);
    snapshot_put_from(writer, heat->cast_g, heat->steel_g);
    snapshot_put_signed(writer, heat->planned_g);
    snapshot_put_moment(writer, heat->first_start_us, from_us);
    snapshot_put_moment(writer, heat->owner_at_us, from_us);
    if (heat_owned(heat)) {
        slot_save(heat->owner, 0, writer);
    }
    snapshot_put_moment(writer, heat->ended_us, from_us);
    steel_save(steel, state, writer);
    stays_of_heat_save(state, (flags & HEAT_CUT) != 0, writer);
}

/* A heat's number as the difference from its own. */
static uint32_t near_load(int64_t no, const struct snapshot_names *names,
                          struct snapshot_reader *reader)
{
    int64_t other = snapshot_get_from(reader, no);
    if (other < 0 || other > names->heat_count) {
        snapshot_refuse(reader, "no such heat");
        return 0;
    }
    return (uint32_t)other;
}

/* Its own id is known by then: where it is shown under another, that follows. */
static void heat_load(struct heats *heats, size_t at, const struct snapshot_names *names,
                      struct snapshot_reader *reader)
{
    struct heat_state *state = &heats->states[at];
    struct heat_steel *steel = &heats->steel[at];
    struct heat *heat = &state->heat;
    int64_t no = (int64_t)at + 1;
    unsigned flags = (unsigned)snapshot_get_number(reader, HEAT_FLAGS_ALL);
    heat->no.value = (uint32_t)no;
    heat->provisional = (flags & HEAT_PROVISIONAL) != 0;
    heat->review = (flags & HEAT_REVIEW) != 0;
    heat->gone = (flags & HEAT_GONE) != 0;
    state->told = (flags & HEAT_TOLD) != 0;
    state->mentioned = (flags & HEAT_MENTIONED) != 0;
    state->ownerless = (flags & HEAT_OWNERLESS) != 0;
    steel->split_into = (flags & HEAT_SPLIT_INTO) != 0;
    steel->visited = (flags & HEAT_VISITED) != 0;
    steel->is_target = (flags & HEAT_IS_TARGET) != 0;
    steel->waits = (flags & HEAT_WAITS) != 0;
    state->same_id = (uint32_t)snapshot_get_number(reader, (uint64_t)at);
    state->resolved = near_load(no, names, reader);
    heat->keeper.value = near_load(no, names, reader);
    steel->keeper = near_load(no, names, reader);
    state->around_us = snapshot_get_signed(reader);
    state->named_us = snapshot_get_moment(reader, state->around_us);
    if ((flags & HEAT_RENAMED) != 0) {
        snapshot_get_text_into(reader, heat->id, CATALOG_ID_MAX);
    }
    snapshot_get_text_into(reader, heat->grade, CATALOG_ID_MAX);
    heat->steel_g = snapshot_get_signed(reader);
    heat->weighed_g = snapshot_get_from(reader, heat->steel_g);
    if (reader->version > 1) {
        heat->tapped_g = snapshot_get_from(reader, heat->steel_g);
        heat->cast_g = snapshot_get_from(reader, heat->steel_g);
    }
    heat->planned_g = snapshot_get_signed(reader);
    heat->first_start_us = snapshot_get_moment(reader, state->around_us);
    heat->owner_at_us = snapshot_get_moment(reader, state->around_us);
    if (heat_owned(heat)) {
        heat->owner = slot_load(names, 0, reader);
    }
    heat->ended_us = snapshot_get_moment(reader, state->around_us);
    steel_load(steel, state, reader);
    stays_of_heat_load(state, (flags & HEAT_CUT) != 0, heats, reader);
}

/* ---- All of them ---- */

static void ids_save(const struct heats *heats, struct snapshot_writer *writer)
{
    snapshot_put_number(writer, HASH_COUNT(heats->by_id));
    for (const struct heat_by_id *id = heats->by_id; id != NULL; id = id->hh.next) {
        snapshot_put_text(writer, id->id);
        snapshot_put_number(writer, id->latest);
    }
}

static void ids_load(struct heats *heats, const struct snapshot_names *names,
                     struct snapshot_reader *reader)
{
    size_t count = snapshot_get_count(reader, UINT32_MAX);
    for (size_t i = 0; i < count && snapshot_is_good(reader); i++) {
        char id[CATALOG_ID_MAX + 1];
        snapshot_get_text_into(reader, id, CATALOG_ID_MAX);
        heats_id(heats, id)->latest = heat_no_load(names, reader).value;
    }
    if (HASH_COUNT(heats->by_id) != count) {
        snapshot_refuse(reader, "two ids of heats are equal");
    }
}

/* Every number bears one id: those that had it one after the other are chained. */
static void own_ids_find(struct heats *heats, struct snapshot_reader *reader)
{
    size_t found = 0;
    for (const struct heat_by_id *id = heats->by_id; id != NULL; id = id->hh.next) {
        for (uint32_t no = id->latest; no != 0; no = heats->states[no - 1].same_id) {
            struct heat_state *state = &heats->states[no - 1];
            if (state->own_id != NULL) {
                snapshot_refuse(reader, "a heat has two ids of its own");
                return;
            }
            state->own_id = id->id;
            found++;
            if (state->heat.id[0] == '\0') {
                memcpy(state->heat.id, id->id, sizeof state->heat.id);
            }
        }
    }
    if (found != heats->count) {
        snapshot_refuse(reader, "a heat without an id");
    }
}

void heats_save(const struct heats *heats, struct snapshot_writer *writer)
{
    snapshot_put_section(writer, SECTION, VERSION);
    snapshot_put_number(writer, heats->count);
    ids_save(heats, writer);
    for (size_t i = 0; i < heats->count; i++) {
        heat_save(heats, i, writer);
    }
    heat_notes_save(heats, writer);
    for (uint32_t i = 0; i < heats->catalog->station_count; i++) {
        station_stays_save(&heats->at[i], writer);
    }
    snapshot_put_moment(writer, heats->newest_us, 0);
    snapshot_put_moment(writer, heats->deadline_us, 0);
}

static void make_room(struct heats *heats, size_t count)
{
    heats->states = memory_zeroed(count, sizeof *heats->states);
    heats->steel = memory_zeroed(count, sizeof *heats->steel);
    heats->capacity = heats->steel_capacity = count > 0 ? count : 1;
    heats->count = heats->steel_count = count;
}

void heats_load(struct heats *heats, struct snapshot_reader *reader)
{
    REQUIRE(heats->count == 0 && heats->by_id == NULL && heats->capacity == 0);
    snapshot_get_section(reader, SECTION, VERSION);
    const struct snapshot_names names = {.catalog = heats->catalog,
                                         .heat_count =
                                             (uint32_t)snapshot_get_count(reader, UINT32_MAX - 1)};
    ids_load(heats, &names, reader);
    if (!snapshot_is_good(reader)) {
        return;
    }
    const bool has_weights = reader->version > 1;
    make_room(heats, names.heat_count);
    for (size_t i = 0; i < heats->count && snapshot_is_good(reader); i++) {
        heat_load(heats, i, &names, reader);
    }
    if (snapshot_is_good(reader)) {
        own_ids_find(heats, reader);
    }
    if (snapshot_is_good(reader)) {
        heat_notes_load(heats, &names, reader);
    }
    for (uint32_t no = 1; !has_weights && no <= heats->count && snapshot_is_good(reader); no++) {
        heats_derive_weights(heats, no);
    }
    for (uint32_t i = 0; i < heats->catalog->station_count && snapshot_is_good(reader); i++) {
        station_stays_load(heats, (uint16_t)i, &names, reader);
    }
    heats->newest_us = snapshot_get_moment(reader, 0);
    heats->deadline_us = snapshot_get_moment(reader, 0);
}
