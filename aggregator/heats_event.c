/* An event of a heat becomes a note, and what follows from it is derived again. */
#include "heats_state.h"

#include "failure.h"
#include "memory.h"

#include <string.h>

#define VOID_CHAIN_MAX 64 /* further back nobody looks what a void of a void … touches */

/* What each kind cannot do without: a sentence about the first thing that is missing. */
static const char *missing(const struct heat_event *event)
{
    bool stays = event->kind == HEAT_START || event->kind == HEAT_END;
    bool moves = event->kind == HEAT_RETURN || event->kind == HEAT_SPLIT;
    bool names =
        event->kind == HEAT_SPLIT || event->kind == HEAT_MERGE || event->kind == HEAT_RENUMBER;
    if (stays && event->station.index == CATALOG_NONE) {
        return "start and end need \"station\": the station at which the heat arrives or leaves";
    }
    if (event->kind == HEAT_WEIGHT && event->steel_g <= 0) {
        return "weight needs \"steel_kg\", more than 0";
    }
    if ((moves && event->moved_g <= 0) || (event->kind == HEAT_MERGE && event->moved_g == 0)) {
        return "return and split need \"kg\", more than 0; merge without it pours all of the heat";
    }
    if (names && event->to == NULL) {
        return "split, merge and renumber need \"to\": the other heat";
    }
    if (event->to != NULL && event->kind >= HEAT_RETURN && event->kind <= HEAT_RENUMBER &&
        strcmp(event->to, event->heat) == 0) {
        return "\"to\" is the heat itself; it must be another one";
    }
    return NULL;
}

/* What the event says, as far as its kind means anything by it; names only, no numbers yet. */
static struct heat_note note_of(const struct heat_event *event)
{
    bool names = event->kind >= HEAT_RETURN && event->kind <= HEAT_RENUMBER && event->to != NULL;
    struct heat_note note = {
        .ts_us = event->ts_us,
        .kind = event->kind,
        .station = event->station.index,
        .steel_g = event->steel_g,
        .planned_g = event->planned_g,
        .moved_g = event->kind >= HEAT_RETURN && event->kind <= HEAT_MERGE ? event->moved_g : -1,
        .heat_id = event->heat,
        .to_id = names ? event->to : "",
        .id = event->id,
        .of = event->kind == HEAT_VOID ? event->of : NULL,
    };
    if (event->grade != NULL) {
        strncpy(note.grade, event->grade, sizeof note.grade - 1);
    }
    return note;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* DUPLICATE or CONFLICT where an event of this id is known, ACCEPTED where it is new or has none.
 * Asked before the heat is named: a refused event must not make one. */
static enum outcome note_known(const struct heats *heats, const struct heat_note *note)
{
    const struct heat_note *known =
        note->id != NULL ? heat_notes_find(&heats->notes, note->id) : NULL;
    if (known != NULL) {
        bool same = strcmp(known->heat_id, note->heat_id) == 0 && same_text(known->of, note->of) &&
                    heat_note_compare(known, note) == 0;
        return same ? OUTCOME_DUPLICATE : OUTCOME_CONFLICT;
    }
    bool again =
        note->id == NULL && note->of != NULL && heat_notes_has_void(&heats->notes, note->of);
    return again ? OUTCOME_DUPLICATE : OUTCOME_ACCEPTED;
}

static bool moves_steel(const struct heat_note *note)
{
    return note->kind == HEAT_RETURN || note->kind == HEAT_SPLIT || note->kind == HEAT_MERGE;
}

static void touch(void *context, uint32_t no)
{
    heats_touch(context, no);
}

/* Everything that a note bears on, when it came or when it began or ceased to count. */
static void touch_note(struct heats *heats, const struct heat_note *note)
{
    for (int hops = 0; note != NULL && note->of != NULL && hops < VOID_CHAIN_MAX; hops++) {
        note = heat_notes_find(&heats->notes, note->of);
    }
    if (note == NULL || note->of != NULL) {
        return;
    }
    if (note->kind == HEAT_RENUMBER) {
        heat_aliases_settle(&heats->aliases, &heats->notes, touch, heats);
    }
    heats_touch(heats, note->heat);
    if (note->to != 0) {
        heats_touch(heats, note->to);
    }
}

/* Keeps a note that is new. DUPLICATE where its content is known under another id or none; it may
 * matter all the same, for a void may have named its id before it came. */
static enum outcome note_keep(struct heats *heats, struct heat_note *note,
                              const struct heat_note **kept)
{
    const char *to = note->to_id;
    *kept = NULL;
    note->to_id = to[0] != '\0' ? heats_id(heats, to)->id : "";
    if (note->of != NULL) { /* it bears on an event, wherever that is: no heat is made for it */
        note->heat_id = heats_id(heats, note->heat_id)->id;
        *kept = heat_notes_add(&heats->notes, note);
        return OUTCOME_ACCEPTED;
    }
    note->heat = heats_number(heats, note->heat_id, note->ts_us);
    note->heat_id = heats_state(heats, note->heat)->own_id;
    note->to = to[0] != '\0' ? heats_number(heats, to, note->ts_us) : 0;
    struct heat_state *state = heats_state(heats, note->heat);
    const struct heat_note *equal = heat_note_list_find(&state->notes, note);
    if (equal != NULL && note->id == NULL) {
        return OUTCOME_DUPLICATE;
    }
    bool again = equal != NULL && (!moves_steel(note) || equal->id == NULL);
    struct heat_note *added = heat_notes_add(&heats->notes, note);
    heat_note_list_insert(&state->notes, added);
    if (added->kind == HEAT_RENUMBER) {
        heat_aliases_add(&heats->aliases, added);
    } else if (moves_steel(added)) {
        heat_moves_add(&heats->moves, added);
    }
    *kept = added;
    return again ? OUTCOME_DUPLICATE : OUTCOME_ACCEPTED;
}

/* What a person should be told of a note that is kept, and not in force. */
static enum outcome note_outcome(const struct heats *heats, const struct heat_note *note,
                                 const char **detail)
{
    if (note->kind == HEAT_RENUMBER && heat_notes_count(&heats->notes, note) &&
        !heat_aliases_holds(&heats->aliases, note)) {
        *detail = "another renumbering contradicts this one; the first by time is in force";
        return OUTCOME_CONFLICT;
    }
    if (moves_steel(note)) { /* one that is kept is the newest */
        const struct heat_move *move = &heats->moves.items[heats->moves.count - 1];
        REQUIRE(move->note == note);
        bool waits = move->counts && move->from.value != 0 && move->moved_g == 0;
        if (waits && move->forbidden) {
            *detail = move->why_not;
            return OUTCOME_NOT_ALLOWED;
        }
    }
    return OUTCOME_ACCEPTED;
}

enum outcome heats_event(struct heats *heats, const struct heat_event *event,
                         struct heat_change *change, const char **detail)
{
    *change = (struct heat_change){0};
    heats->touched.count = 0;
    *detail = missing(event);
    if (*detail != NULL) {
        return OUTCOME_BAD_FIELD;
    }
    struct heat_note note = note_of(event);
    enum outcome outcome = note_known(heats, &note);
    if (outcome == OUTCOME_CONFLICT) {
        *detail = "an event with this id and other content came before; the first is kept";
    }
    if (outcome != OUTCOME_ACCEPTED) {
        return outcome;
    }
    const struct heat_note *kept = NULL;
    outcome = note_keep(heats, &note, &kept);
    if (kept == NULL) {
        return outcome;
    }
    heats->newest_us = note.ts_us > heats->newest_us ? note.ts_us : heats->newest_us;
    touch_note(heats, kept);
    heats_derive(heats);
    enum posting_cause cause = POSTING_LATE_EVENT;
    if (event->kind == HEAT_VOID || event->kind == HEAT_RENUMBER) {
        cause = event->kind == HEAT_VOID ? POSTING_VOID : POSTING_RENUMBER;
    }
    *change = (struct heat_change){
        .heats = heats->touched.items,
        .heat_count = heats->touched.count,
        .stations = heats->stations,
        .station_count = heats->station_count,
        .resolved = heats->resolved.items,
        .resolved_count = heats->resolved.count,
        .weights_changed = heats->weights_changed,
        .cause = cause,
    };
    return outcome == OUTCOME_ACCEPTED ? note_outcome(heats, kept, detail) : outcome;
}
