#include "heats_state.h"

#include "failure.h"
#include "memory.h"
#include "timestamp.h"

#include <stdlib.h>
#include <string.h>

/* An id that is silent for longer is free again: ids are unique within a year (INTERFACES). */
#define ID_REUSE_US (183 * TIMESTAMP_DAY_US)

struct heats *heats_create(const struct catalog *catalog, const struct heat_rules *rules,
                           struct calendar *calendar)
{
    struct heats *heats = memory_zeroed(1, sizeof *heats);
    heats->catalog = catalog;
    heats->rules = rules;
    heats->calendar = calendar;
    heats->at = memory_zeroed(catalog->station_count, sizeof *heats->at);
    heats->newest_us = INT64_MIN;
    heats->deadline_us = TIMESTAMP_NEVER_US;
    for (uint32_t i = 0; i < catalog->station_count; i++) {
        heats->any_last_station |= catalog->stations[i].last;
    }
    return heats;
}

void heats_follow(struct heats *heats, uint32_t former_stations)
{
    struct stays *at = memory_zeroed(heats->catalog->station_count, sizeof *at);
    memcpy(at, heats->at, former_stations * sizeof *at);
    free(heats->at);
    heats->at = at;
    for (uint32_t i = former_stations; i < heats->catalog->station_count; i++) {
        heats->any_last_station |= heats->catalog->stations[i].last;
    }
}

void heats_destroy(struct heats *heats)
{
    if (heats == NULL) {
        return;
    }
    struct heat_by_id *id = NULL;
    struct heat_by_id *next_id = NULL;
    HASH_ITER(hh, heats->by_id, id, next_id)
    {
        HASH_DEL(heats->by_id, id);
        free(id);
    }
    for (size_t i = 0; i < heats->count; i++) {
        heat_note_list_clear(&heats->states[i].notes);
        heat_stays_clear(&heats->states[i].stays);
    }
    for (uint32_t i = 0; i < heats->catalog->station_count; i++) {
        stays_clear(&heats->at[i]);
    }
    heat_notes_clear(&heats->notes);
    heat_aliases_clear(&heats->aliases);
    heat_moves_clear(&heats->moves);
    free(heats->touched.items);
    free(heats->resolved.items);
    free(heats->stations);
    free(heats->at);
    free(heats->states);
    free(heats->steel);
    free(heats);
}

uint32_t heats_count(const struct heats *heats)
{
    return (uint32_t)heats->count;
}

struct heat_state *heats_state(const struct heats *heats, uint32_t no)
{
    REQUIRE(no >= 1 && no <= heats->count);
    return &heats->states[no - 1];
}

const struct heat *heats_get(const struct heats *heats, heat_no no)
{
    return &heats_state(heats, no.value)->heat;
}

heat_no heats_resolve(const struct heats *heats, heat_no no)
{
    return no.value == 0 ? no : (heat_no){heats_state(heats, no.value)->resolved};
}

const struct stays *heats_at(const struct heats *heats, station_id station)
{
    REQUIRE(station.index < heats->catalog->station_count);
    return &heats->at[station.index];
}

const struct heat_moves *heats_moves(const struct heats *heats)
{
    return &heats->moves;
}

void heats_moves_taken(struct heats *heats)
{
    heat_moves_taken(&heats->moves);
}

/* A number for an id. It is no heat of the books yet. */
static uint32_t make_number(struct heats *heats, struct heat_by_id *by_id, int64_t ts_us)
{
    memory_grow(&heats->states, heats->count, &heats->capacity, sizeof *heats->states);
    memory_grow(&heats->steel, heats->steel_count++, &heats->steel_capacity, sizeof *heats->steel);
    struct heat_state *state = &heats->states[heats->count++];
    uint32_t no = (uint32_t)heats->count;
    *state = (struct heat_state){
        .heat = {.no = {no},
                 .steel_g = -1,
                 .weighed_g = -1,
                 .tapped_g = -1,
                 .cast_g = -1,
                 .planned_g = -1,
                 .first_start_us = TIMESTAMP_NEVER_US,
                 .owner_at_us = TIMESTAMP_NEVER_US,
                 .ended_us = ts_us,
                 .gone = true,
                 .keeper = {no}},
        .own_id = by_id->id,
        .around_us = ts_us,
        .named_us = TIMESTAMP_NEVER_US,
        .stays = {.deadline_us = TIMESTAMP_NEVER_US, .timed_out_us = INT64_MIN},
        .resolved = no,
        .same_id = by_id->latest,
    };
    heats->steel[no - 1] = (struct heat_steel){.keeper = no,
                                               .weight_g = -1,
                                               .tapped_g = -1,
                                               .cast_g = -1,
                                               .net_g = -1,
                                               .first_start_us = TIMESTAMP_NEVER_US,
                                               .last_arrival_us = TIMESTAMP_NEVER_US,
                                               .own_owner_us = TIMESTAMP_NEVER_US,
                                               .own_ended_us = TIMESTAMP_NEVER_US,
                                               .maker = HEAT_MOVES_NONE,
                                               .owner_at_us = TIMESTAMP_NEVER_US,
                                               .ended_us = TIMESTAMP_NEVER_US};
    memcpy(state->heat.id, by_id->id, sizeof state->heat.id);
    by_id->latest = no;
    heat_aliases_grow(&heats->aliases);
    heat_moves_grow(&heats->moves);
    return no;
}

struct heat_by_id *heats_id(struct heats *heats, const char *id)
{
    REQUIRE(strlen(id) <= CATALOG_ID_MAX);
    struct heat_by_id *by_id = NULL;
    HASH_FIND_STR(heats->by_id, id, by_id);
    if (by_id == NULL) {
        by_id = memory_zeroed(1, sizeof *by_id);
        memcpy(by_id->id, id, strlen(id));
        HASH_ADD_STR(heats->by_id, id, by_id);
    }
    return by_id;
}

uint32_t heats_number(struct heats *heats, const char *id, int64_t ts_us)
{
    struct heat_by_id *by_id = heats_id(heats, id);
    for (uint32_t no = by_id->latest; no != 0; no = heats->states[no - 1].same_id) {
        struct heat_state *state = &heats->states[no - 1];
        if (ts_us - state->around_us < ID_REUSE_US && state->around_us - ts_us < ID_REUSE_US) {
            state->around_us = ts_us > state->around_us ? ts_us : state->around_us;
            return no;
        }
    }
    return make_number(heats, by_id, ts_us);
}

heat_no heats_name(struct heats *heats, const char *id, int64_t ts_us, bool *made)
{
    uint32_t no = heats_number(heats, id, ts_us);
    struct heat_state *state = heats_state(heats, no);
    *made = state->named_us == TIMESTAMP_NEVER_US && state->heat.gone;
    if (ts_us < state->named_us) {
        state->named_us = ts_us;
    }
    if (*made) {
        heats->touched.count = 0;
        heats_touch(heats, no);
        heats_derive(heats);
    }
    return (heat_no){no};
}

void heats_reown(struct heats *heats, int64_t from_us, int64_t to_us,
                 void (*changed)(void *context, heat_no heat), void *context)
{
    for (size_t i = 0; i < heats->count; i++) {
        struct heat *heat = &heats->states[i].heat;
        if (heat_owned(heat) && heat->owner_at_us >= from_us && heat->owner_at_us < to_us) {
            struct crew_slot before = heat->owner;
            heats_derive_owner(heats, heat);
            if (!crew_slot_equal(before, heat->owner)) {
                changed(context, heat->no);
            }
        }
    }
}

const struct heat_stay *heats_stays(const struct heats *heats, heat_no no, size_t *count)
{
    const struct stay_list *told = &heats_state(heats, no.value)->stays.told;
    *count = told->count;
    return told->items;
}

/* The earliest reading or move of steel that names any id of the heat. */
static int64_t named_us(const struct heats *heats, uint32_t keeper)
{
    int64_t earliest_us = TIMESTAMP_NEVER_US;
    uint32_t no = keeper;
    do {
        int64_t ts_us = heats_state(heats, no)->named_us;
        earliest_us = ts_us < earliest_us ? ts_us : earliest_us;
        no = heat_alias_of(&heats->aliases, no)->sibling;
    } while (no != keeper);
    const struct move_list *of = heat_moves_of(&heats->moves, (heat_no){keeper});
    for (size_t i = 0; i < of->count; i++) {
        const struct heat_move *move = &heats->moves.items[of->items[i]];
        if (move->counts && move->to.value == keeper && move->note->ts_us < earliest_us) {
            earliest_us = move->note->ts_us;
        }
    }
    return earliest_us;
}

size_t heats_reviews(const struct heats *heats, heat_no no, struct heat_review *reviews, size_t max)
{
    const struct heat_state *state = heats_state(heats, no.value);
    size_t count = 0;
    if (!state->heat.review) {
        return 0;
    }
    struct heat_review review = {.heat = no, .station = {CATALOG_NONE}};
    if (state->heat.provisional && count < max) {
        review.reason = HEAT_REVIEW_PROVISIONAL;
        review.since_us = named_us(heats, no.value);
        reviews[count++] = review;
    }
    if (state->stays.timed_out_us != INT64_MIN && count < max) {
        review.reason = HEAT_REVIEW_TIMED_OUT;
        review.since_us = state->stays.timed_out_us;
        review.station.index = state->stays.timed_station;
        reviews[count++] = review;
    }
    if (state->ownerless && count < max) {
        review.reason = HEAT_REVIEW_NO_OWNER;
        review.since_us = state->heat.ended_us;
        review.station.index = CATALOG_NONE;
        review.detail = heats->rules->owner_at_tap
                            ? "it ended, and no tap of it was told: no crew answers for it"
                            : "it ended, and did not leave the station where heats get their "
                              "owner: no crew answers for it";
        reviews[count++] = review;
    }
    const struct move_list *of = heat_moves_of(&heats->moves, no);
    for (size_t i = 0; i < of->count && count < max; i++) {
        const struct heat_move *move = &heats->moves.items[of->items[i]];
        if (move->counts && move->from.value == no.value && move->moved_g == 0) {
            review.reason = HEAT_REVIEW_MOVE_PENDING;
            review.since_us = move->note->ts_us;
            review.station.index = move->note->station;
            review.detail = move->why_not;
            reviews[count++] = review;
        }
    }
    return count;
}
