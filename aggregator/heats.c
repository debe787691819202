#include "heats.h"

#include "failure.h"
#include "memory.h"
#include "timestamp.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

/* An id that is silent for longer is free again: ids are unique within a year (INTERFACES). */
#define ID_REUSE_US (183 * TIMESTAMP_DAY_US)

/* What an event says, as values: comparable, sortable. */
struct heat_note {
    int64_t ts_us;
    enum heat_event_kind kind;
    uint16_t station;
    int64_t steel_g, planned_g;
    char grade[CATALOG_ID_MAX + 1];
};

struct heat_state {
    struct heat heat;
    int64_t around_us;       /* latest time heard of */
    struct heat_note *notes; /* in the order of note_compare */
    size_t note_count, note_capacity;
    struct heat_stay *stays; /* by station, start */
    size_t stay_count, stay_capacity;
    uint32_t same_id; /* number of the previous heat with this id, 0: none */
};

struct heat_by_id {
    char id[CATALOG_ID_MAX + 1];
    uint32_t latest; /* number of the latest heat with this id */
    UT_hash_handle hh;
};

/* Events are known by their own id, shop-wide. */
struct event_by_id {
    char *id;
    uint32_t heat;
    struct heat_note note;
    UT_hash_handle hh;
};

struct heats {
    const struct catalog *catalog;
    const struct heat_rules *rules;
    struct calendar *calendar;
    struct heat_state *states; /* number - 1 */
    size_t count, capacity;
    struct heat_by_id *by_id;
    struct event_by_id *events;
    struct stays *at; /* by station */
    bool any_last_station;
};

struct heats *heats_create(const struct catalog *catalog, const struct heat_rules *rules,
                           struct calendar *calendar)
{
    struct heats *heats = memory_zeroed(1, sizeof *heats);
    heats->catalog = catalog;
    heats->rules = rules;
    heats->calendar = calendar;
    heats->at = memory_zeroed(catalog->station_count, sizeof *heats->at);
    for (uint32_t i = 0; i < catalog->station_count; i++) {
        heats->any_last_station |= catalog->stations[i].last;
    }
    return heats;
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
    struct event_by_id *event = NULL;
    struct event_by_id *next_event = NULL;
    HASH_ITER(hh, heats->events, event, next_event)
    {
        HASH_DEL(heats->events, event);
        free(event->id);
        free(event);
    }
    for (size_t i = 0; i < heats->count; i++) {
        free(heats->states[i].notes);
        free(heats->states[i].stays);
    }
    for (uint32_t i = 0; i < heats->catalog->station_count; i++) {
        stays_clear(&heats->at[i]);
    }
    free(heats->at);
    free(heats->states);
    free(heats);
}

uint32_t heats_count(const struct heats *heats)
{
    return (uint32_t)heats->count;
}

static struct heat_state *state_of(const struct heats *heats, heat_no no)
{
    REQUIRE(no.value >= 1 && no.value <= heats->count);
    return &heats->states[no.value - 1];
}

const struct heat *heats_get(const struct heats *heats, heat_no no)
{
    return &state_of(heats, no)->heat;
}

const struct stays *heats_at(const struct heats *heats, station_id station)
{
    REQUIRE(station.index < heats->catalog->station_count);
    return &heats->at[station.index];
}

static heat_no make_heat(struct heats *heats, struct heat_by_id *by_id, int64_t ts_us)
{
    memory_grow(&heats->states, heats->count, &heats->capacity, sizeof *heats->states);
    struct heat_state *state = &heats->states[heats->count++];
    *state = (struct heat_state){
        .heat = {.no = {(uint32_t)heats->count},
                 .steel_g = -1,
                 .planned_g = -1,
                 .first_start_us = TIMESTAMP_NEVER_US,
                 .owner_at_us = TIMESTAMP_NEVER_US,
                 .ended_us = TIMESTAMP_NEVER_US,
                 .provisional = true},
        .around_us = ts_us,
        .same_id = by_id->latest,
    };
    memcpy(state->heat.id, by_id->id, sizeof state->heat.id);
    by_id->latest = state->heat.no.value;
    return state->heat.no;
}

heat_no heats_name(struct heats *heats, const char *id, int64_t ts_us, bool *made)
{
    REQUIRE(strlen(id) <= CATALOG_ID_MAX);
    struct heat_by_id *by_id = NULL;
    HASH_FIND_STR(heats->by_id, id, by_id);
    if (by_id == NULL) {
        by_id = memory_zeroed(1, sizeof *by_id);
        memcpy(by_id->id, id, strlen(id));
        HASH_ADD_STR(heats->by_id, id, by_id);
    }
    for (uint32_t no = by_id->latest; no != 0; no = heats->states[no - 1].same_id) {
        struct heat_state *state = &heats->states[no - 1];
        if (ts_us - state->around_us < ID_REUSE_US && state->around_us - ts_us < ID_REUSE_US) {
            state->around_us = ts_us > state->around_us ? ts_us : state->around_us;
            *made = false;
            return state->heat.no;
        }
    }
    *made = true;
    return make_heat(heats, by_id, ts_us);
}

/* At one instant an end comes before a start, so that a second visit may begin as the first ends;
 * the rest is order for order's sake, so that equal sets are derived equally. */
static int note_compare(const struct heat_note *a, const struct heat_note *b)
{
    static const int rank[] = {[HEAT_START] = 1, [HEAT_END] = 0, [HEAT_TAP] = 2, [HEAT_WEIGHT] = 3};
    if (a->ts_us != b->ts_us) {
        return a->ts_us < b->ts_us ? -1 : 1;
    }
    if (a->kind != b->kind) {
        return rank[a->kind] < rank[b->kind] ? -1 : 1;
    }
    if (a->station != b->station) {
        return a->station < b->station ? -1 : 1;
    }
    if (a->steel_g != b->steel_g) {
        return a->steel_g < b->steel_g ? -1 : 1;
    }
    if (a->planned_g != b->planned_g) {
        return a->planned_g < b->planned_g ? -1 : 1;
    }
    return strcmp(a->grade, b->grade);
}

static struct heat_note note_of(const struct heat_event *event)
{
    struct heat_note note = {
        .ts_us = event->ts_us,
        .kind = event->kind,
        .station = event->station.index,
        .steel_g = event->steel_g,
        .planned_g = event->planned_g,
    };
    if (event->grade != NULL) {
        strncpy(note.grade, event->grade, sizeof note.grade - 1);
    }
    return note;
}

/* Whether an equal note stands already; otherwise puts it in its place. */
static bool note_insert(struct heat_state *state, const struct heat_note *note)
{
    size_t at = state->note_count;
    while (at > 0 && note_compare(&state->notes[at - 1], note) >= 0) {
        at--;
    }
    if (at < state->note_count && note_compare(&state->notes[at], note) == 0) {
        return false;
    }
    memory_grow(&state->notes, state->note_count, &state->note_capacity, sizeof *state->notes);
    memmove(&state->notes[at + 1], &state->notes[at],
            (state->note_count - at) * sizeof *state->notes);
    state->notes[at] = *note;
    state->note_count++;
    return true;
}

/* Whether a start at the same instant and station follows: then an end that finds nobody there is
 * the end of that (empty) stay. */
static bool start_follows(const struct heat_state *state, size_t end_index)
{
    const struct heat_note *end = &state->notes[end_index];
    for (size_t i = end_index + 1; i < state->note_count; i++) {
        const struct heat_note *note = &state->notes[i];
        if (note->ts_us != end->ts_us) {
            return false;
        }
        if (note->kind == HEAT_START && note->station == end->station) {
            return true;
        }
    }
    return false;
}

static void stay_append(struct heat_stay **stays, size_t *count, size_t *capacity,
                        struct heat_stay stay)
{
    memory_grow(stays, *count, capacity, sizeof **stays);
    (*stays)[(*count)++] = stay;
}

/* The stays at one station that follow from the notes. */
static void derive_stays(const struct heat_state *state, uint16_t station, struct heat_stay **stays,
                         size_t *count, size_t *capacity)
{
    int64_t start_us = TIMESTAMP_NEVER_US; /* of the stay that is open */
    int64_t empty_us = TIMESTAMP_NEVER_US; /* a start at this instant was ended at once */
    uint32_t visit = 0;
    for (size_t i = 0; i < state->note_count; i++) {
        const struct heat_note *note = &state->notes[i];
        if (note->station != station || (note->kind != HEAT_START && note->kind != HEAT_END)) {
            continue;
        }
        bool open = start_us != TIMESTAMP_NEVER_US;
        if (note->kind == HEAT_END && !open && start_follows(state, i)) {
            empty_us = note->ts_us;
        }
        if (open && note->ts_us > start_us) { /* an end, or a start that opens the next visit */
            stay_append(
                stays, count, capacity,
                (struct heat_stay){state->heat.no, {station}, ++visit, start_us, note->ts_us});
            start_us = TIMESTAMP_NEVER_US;
        }
        if (note->kind == HEAT_START && note->ts_us != empty_us) {
            start_us = note->ts_us;
        }
    }
    if (start_us != TIMESTAMP_NEVER_US) {
        stay_append(
            stays, count, capacity,
            (struct heat_stay){state->heat.no, {station}, ++visit, start_us, TIMESTAMP_NEVER_US});
    }
}

/* The first instant at which two lists of stays of one heat at one station differ;
 * TIMESTAMP_NEVER_US: they do not. */
static int64_t stays_differ_us(const struct heat_stay *a, size_t a_count, const struct heat_stay *b,
                               size_t b_count)
{
    for (size_t i = 0; i < a_count || i < b_count; i++) {
        if (i >= a_count || i >= b_count) {
            return i < a_count ? a[i].start_us : b[i].start_us;
        }
        if (a[i].start_us != b[i].start_us) {
            return a[i].start_us < b[i].start_us ? a[i].start_us : b[i].start_us;
        }
        if (a[i].end_us != b[i].end_us) {
            return a[i].end_us < b[i].end_us ? a[i].end_us : b[i].end_us;
        }
    }
    return TIMESTAMP_NEVER_US;
}

/* Puts the stays at one station in place of the old ones; returns from when on they differ. */
static int64_t replace_stays(struct heats *heats, struct heat_state *state, uint16_t station)
{
    struct heat_stay *fresh = NULL;
    size_t fresh_count = 0;
    size_t fresh_capacity = 0;
    derive_stays(state, station, &fresh, &fresh_count, &fresh_capacity);

    if (state->stays == NULL) { /* the arithmetic below needs a list, be it an empty one */
        memory_grow(&state->stays, 0, &state->stay_capacity, sizeof *state->stays);
    }
    size_t begin = 0;
    while (begin < state->stay_count && state->stays[begin].station.index < station) {
        begin++;
    }
    size_t end = begin;
    while (end < state->stay_count && state->stays[end].station.index == station) {
        end++;
    }
    int64_t from_us = stays_differ_us(state->stays + begin, end - begin, fresh, fresh_count);
    if (from_us != TIMESTAMP_NEVER_US) {
        for (size_t i = begin; i < end; i++) {
            stays_remove(&heats->at[station], &state->stays[i]);
        }
        size_t tail = state->stay_count - end;
        while (state->stay_capacity < begin + fresh_count + tail) {
            memory_grow(&state->stays, state->stay_capacity, &state->stay_capacity,
                        sizeof *state->stays);
        }
        memmove(state->stays + begin + fresh_count, state->stays + end,
                tail * sizeof *state->stays);
        for (size_t i = 0; i < fresh_count; i++) {
            state->stays[begin + i] = fresh[i];
            stays_add(&heats->at[station], &fresh[i]);
        }
        state->stay_count = begin + fresh_count + tail;
    }
    free(fresh);
    return from_us;
}

/* When the heat ended everywhere: it left a last station and has been to none since (an end that
 * was lost before that does not count), or, in a plant that declares no last station, it left one
 * and is at none. */
static int64_t derive_end_us(const struct heats *heats, const struct heat_state *state)
{
    int64_t left_us = INT64_MIN; /* any station */
    int64_t last_us = INT64_MIN; /* a last station */
    for (size_t i = 0; i < state->note_count; i++) {
        const struct heat_note *note = &state->notes[i];
        if (note->kind == HEAT_END && note->station != CATALOG_NONE) {
            left_us = note->ts_us;
            last_us = heats->catalog->stations[note->station].last ? note->ts_us : last_us;
        }
    }
    for (size_t i = 0; i < state->stay_count; i++) {
        const struct heat_stay *stay = &state->stays[i];
        if (stay->end_us == TIMESTAMP_NEVER_US &&
            (!heats->any_last_station || stay->start_us >= last_us)) {
            return TIMESTAMP_NEVER_US;
        }
    }
    bool ended = heats->any_last_station ? last_us != INT64_MIN : left_us != INT64_MIN;
    return ended ? left_us : TIMESTAMP_NEVER_US;
}

static bool makes_owner(const struct heats *heats, const struct heat_note *note)
{
    if (heats->rules->owner_at_tap) {
        return note->kind == HEAT_TAP;
    }
    return note->kind == HEAT_END && note->station == heats->rules->owner_station.index;
}

static void derive_owner(struct heats *heats, struct heat *heat)
{
    if (heat->owner_at_us != TIMESTAMP_NEVER_US) {
        heat->owner = calendar_duty_at(heats->calendar, heat->owner_at_us).slot;
    }
}

/* Everything about a heat but its stays, from its notes in order: the later one wins, but the first
 * start and the first ownership event count. */
static void derive_heat(struct heats *heats, struct heat_state *state)
{
    struct heat *heat = &state->heat;
    heat->steel_g = -1;
    heat->planned_g = -1;
    heat->grade[0] = '\0';
    heat->first_start_us = TIMESTAMP_NEVER_US;
    heat->owner_at_us = TIMESTAMP_NEVER_US;
    heat->provisional = state->note_count == 0;
    for (size_t i = 0; i < state->note_count; i++) {
        const struct heat_note *note = &state->notes[i];
        if (note->steel_g > 0) {
            heat->steel_g = note->steel_g;
        }
        if (note->planned_g > 0) {
            heat->planned_g = note->planned_g;
        }
        if (note->grade[0] != '\0') {
            memcpy(heat->grade, note->grade, sizeof heat->grade);
        }
        if (note->kind == HEAT_START && heat->first_start_us == TIMESTAMP_NEVER_US) {
            heat->first_start_us = note->ts_us;
        }
        if (heat->owner_at_us == TIMESTAMP_NEVER_US && makes_owner(heats, note)) {
            heat->owner_at_us = note->ts_us;
        }
    }
    heat->ended_us = derive_end_us(heats, state);
    derive_owner(heats, heat);
}

/* DUPLICATE or CONFLICT where an event of this id is known, ACCEPTED where it is new or has none.
 * Asked before the heat is named: a refused event must not make one. */
static enum outcome event_known(const struct heats *heats, const struct heat_event *event,
                                const struct heat_note *note)
{
    struct event_by_id *known = NULL;
    if (event->id != NULL) {
        HASH_FIND_STR(heats->events, event->id, known);
    }
    if (known == NULL) {
        return OUTCOME_ACCEPTED;
    }
    bool same = strcmp(heats_get(heats, (heat_no){known->heat})->id, event->heat) == 0 &&
                note_compare(&known->note, note) == 0;
    return same ? OUTCOME_DUPLICATE : OUTCOME_CONFLICT;
}

static void event_remember(struct heats *heats, const char *id, heat_no heat,
                           const struct heat_note *note)
{
    struct event_by_id *known = memory_zeroed(1, sizeof *known);
    known->id = memory_text(id);
    known->heat = heat.value;
    known->note = *note;
    HASH_ADD_KEYPTR(hh, heats->events, known->id, strlen(known->id), known);
}

enum outcome heats_event(struct heats *heats, const struct heat_event *event,
                         struct heat_change *change, const char **detail)
{
    *change = (struct heat_change){0};
    if (event->kind > HEAT_WEIGHT) {
        *detail = "return, split, merge, renumber and void of heats are not booked by this version";
        return OUTCOME_NOT_SUPPORTED;
    }
    bool needs_station = event->kind == HEAT_START || event->kind == HEAT_END;
    if (needs_station && event->station.index == CATALOG_NONE) {
        *detail = "start and end need \"station\": the station at which the heat arrives or leaves";
        return OUTCOME_BAD_FIELD;
    }
    if (event->kind == HEAT_WEIGHT && event->steel_g <= 0) {
        *detail = "weight needs \"steel_kg\", more than 0";
        return OUTCOME_BAD_FIELD;
    }
    struct heat_note note = note_of(event);
    enum outcome outcome = event_known(heats, event, &note);
    if (outcome == OUTCOME_CONFLICT) {
        *detail = "an event with this id and other content came before; the first is kept";
    }
    if (outcome != OUTCOME_ACCEPTED) {
        return outcome;
    }
    bool made = false;
    heat_no no = heats_name(heats, event->heat, event->ts_us, &made);
    if (event->id != NULL) {
        event_remember(heats, event->id, no, &note);
    }
    struct heat_state *state = state_of(heats, no);
    if (!note_insert(state, &note)) {
        return OUTCOME_DUPLICATE;
    }
    change->heat = no;
    if (needs_station) {
        change->station = event->station;
        change->from_us = replace_stays(heats, state, event->station.index);
        change->stays_changed = change->from_us != TIMESTAMP_NEVER_US;
    }
    derive_heat(heats, state);
    return OUTCOME_ACCEPTED;
}

void heats_reown(struct heats *heats, int64_t from_us, int64_t to_us,
                 void (*changed)(void *context, heat_no heat), void *context)
{
    for (size_t i = 0; i < heats->count; i++) {
        struct heat *heat = &heats->states[i].heat;
        if (heat_owned(heat) && heat->owner_at_us >= from_us && heat->owner_at_us < to_us) {
            struct crew_slot before = heat->owner;
            derive_owner(heats, heat);
            if (!crew_slot_equal(before, heat->owner)) {
                changed(context, heat->no);
            }
        }
    }
}

const struct heat_stay *heats_stays(const struct heats *heats, heat_no no, size_t *count)
{
    const struct heat_state *state = state_of(heats, no);
    *count = state->stay_count;
    return state->stays;
}
