/* What was told of heats: every note once, the oldest first; lists name them by their number in
 * that order. */
#include "nouns_snapshot.h"

#include "failure.h"
#include "heats_state.h"
#include "memory.h"
#include "quantity.h"

#include <stdlib.h>
#include <string.h>

#define NOTES_MAX UINT32_MAX

static void note_save(const struct heat_note *note, int64_t last_us, struct snapshot_writer *writer)
{
    snapshot_put_from(writer, note->ts_us, last_us);
    snapshot_put_number(writer, note->kind);
    station_save((station_id){note->station}, writer);
    snapshot_put_signed(writer, note->steel_g);
    snapshot_put_signed(writer, note->planned_g);
    snapshot_put_signed(writer, note->moved_g);
    snapshot_put_text(writer, note->grade);
    snapshot_put_number(writer, note->heat);
    snapshot_put_number(writer, note->to);
    if (note->heat == 0) { /* else it is that number's own id */
        snapshot_put_text(writer, note->heat_id);
    }
    if (note->to == 0) {
        snapshot_put_text(writer, note->to_id);
    }
    snapshot_put_text(writer, note->id);
    snapshot_put_text(writer, note->of);
}

/* The id with that number, or, for number 0, the one that is written out. */
static const char *id_load(struct heats *heats, uint32_t no, struct snapshot_reader *reader)
{
    char id[CATALOG_ID_MAX + 1];
    if (no != 0) {
        return heats_state(heats, no)->own_id;
    }
    snapshot_get_text_into(reader, id, CATALOG_ID_MAX);
    return id[0] != '\0' ? heats_id(heats, id)->id : "";
}

static struct heat_note *note_load(struct heats *heats, int64_t last_us,
                                   const struct snapshot_names *names,
                                   struct snapshot_reader *reader)
{
    struct heat_note note = {.ts_us = snapshot_get_from(reader, last_us)};
    note.kind = (enum heat_event_kind)snapshot_get_number(reader, HEAT_VOID);
    note.station = station_load(names, reader).index;
    note.steel_g = snapshot_get_signed(reader);
    note.planned_g = snapshot_get_signed(reader);
    note.moved_g = snapshot_get_signed(reader);
    snapshot_get_text_into(reader, note.grade, CATALOG_ID_MAX);
    note.heat = heat_no_load(names, reader).value;
    note.to = heat_no_load(names, reader).value;
    note.heat_id = id_load(heats, note.heat, reader);
    note.to_id = id_load(heats, note.to, reader);
    note.id = snapshot_get_text(reader, SNAPSHOT_TEXT_MAX);
    note.of = snapshot_get_text(reader, SNAPSHOT_TEXT_MAX);
    if (note.id != NULL && heat_notes_find(&heats->notes, note.id) != NULL) {
        snapshot_refuse(reader, "two events of heats have one id");
    }
    return snapshot_is_good(reader) ? heat_notes_add(&heats->notes, &note) : NULL;
}

/* A note and its number, to find the one by the other. */
struct numbered {
    const struct heat_note *note;
    uint32_t number;
};

struct note_numbers {
    struct numbered *by_note; /* by address */
    struct heat_note **notes; /* by number */
    size_t count;
};

static int numbered_compare(const void *left, const void *right)
{
    uintptr_t a = (uintptr_t)((const struct numbered *)left)->note;
    uintptr_t b = (uintptr_t)((const struct numbered *)right)->note;
    return (a > b) - (a < b);
}

static void number_notes(const struct heats *heats, struct note_numbers *numbers)
{
    *numbers = (struct note_numbers){0};
    for (const struct heat_note *note = heats->notes.newest; note != NULL;
         note = note->next_known) {
        numbers->count++;
    }
    numbers->notes = memory_zeroed(numbers->count, sizeof(struct heat_note *));
    numbers->by_note = memory_zeroed(numbers->count, sizeof *numbers->by_note);
    size_t at = numbers->count;
    for (struct heat_note *note = heats->notes.newest; note != NULL; note = note->next_known) {
        numbers->notes[--at] = note;
        numbers->by_note[at] = (struct numbered){note, (uint32_t)at};
    }
    if (numbers->count > 1) {
        qsort(numbers->by_note, numbers->count, sizeof *numbers->by_note, numbered_compare);
    }
}

static void numbers_clear(struct note_numbers *numbers)
{
    free(numbers->notes);
    free(numbers->by_note);
}

static uint32_t number_of(const struct note_numbers *numbers, const struct heat_note *note)
{
    const struct numbered key = {.note = note};
    const struct numbered *found =
        bsearch(&key, numbers->by_note, numbers->count, sizeof *numbers->by_note, numbered_compare);
    REQUIRE(found != NULL);
    return found->number;
}

static struct heat_note *numbered_load(const struct note_numbers *numbers, int64_t *last,
                                       struct snapshot_reader *reader)
{
    int64_t number = snapshot_get_from(reader, *last);
    if (number < 0 || (uint64_t)number >= numbers->count) {
        snapshot_refuse(reader, "no such event of a heat");
        return NULL;
    }
    *last = number;
    return numbers->notes[number];
}

static void list_save(const struct note_numbers *numbers, struct heat_note *const *notes,
                      size_t count, struct snapshot_writer *writer)
{
    int64_t last = 0;
    snapshot_put_number(writer, count);
    for (size_t i = 0; i < count; i++) {
        int64_t number = number_of(numbers, notes[i]);
        snapshot_put_from(writer, number, last);
        last = number;
    }
}

static void list_load(const struct note_numbers *numbers, struct heat_note ***notes, size_t *count,
                      size_t *capacity, struct snapshot_reader *reader)
{
    int64_t last = 0;
    size_t wanted = snapshot_get_count(reader, NOTES_MAX);
    for (size_t i = 0; i < wanted; i++) {
        struct heat_note *note = numbered_load(numbers, &last, reader);
        if (note == NULL) {
            return;
        }
        memory_grow(notes, *count, capacity, sizeof(struct heat_note *));
        (*notes)[(*count)++] = note;
    }
}

/* The moves of steel in order of arrival, and which of them count; the rest follows from what is
 * known of the heats. */
static void moves_of_steel_save(const struct heat_moves *moves, const struct note_numbers *numbers,
                                struct snapshot_writer *writer)
{
    REQUIRE(moves->changed.count == 0 && moves->dirty.count == 0);
    snapshot_put_number(writer, moves->count);
    for (size_t i = 0; i < moves->count; i++) {
        snapshot_put_number(writer, number_of(numbers, moves->items[i].note));
        snapshot_put_flag(writer, moves->items[i].counts);
    }
}

struct counting {
    const struct note_numbers *numbers;
    bool *counts; /* by note */
};

/* Fits heat_moves_refresh. */
static bool move_counts(const void *context, const struct heat_note *note)
{
    const struct counting *counting = context;
    return counting->counts[number_of(counting->numbers, note)];
}

static void moves_of_steel_settle(struct heats *heats, const struct counting *counting)
{
    for (uint32_t no = 1; no <= heats->count; no++) {
        heat_moves_refresh(&heats->moves, heats->steel, no, move_counts, counting);
    }
    heat_moves_weigh(&heats->moves, heats->steel);
    heat_moves_weighed(&heats->moves);
    heat_moves_taken(&heats->moves);
}

/* Moves can be weighed: the splits are there that heats came of, and no sum leaves 63 bits. */
static void steel_check(const struct heats *heats, struct snapshot_reader *reader)
{
    quantity_wide sum_g = 0;
    for (size_t i = 0; i < heats->count; i++) {
        const struct heat_steel *steel = &heats->steel[i];
        sum_g += steel->weight_g > 0 ? steel->weight_g : 0;
        if (steel->maker != HEAT_MOVES_NONE && steel->maker >= heats->moves.count) {
            snapshot_refuse(reader, "a heat came of a split that nobody told of");
        }
        if (steel->weight_g < -1 || steel->tapped_g < -1 || steel->cast_g < -1) {
            snapshot_refuse(reader, "a heat weighs less than nothing");
        }
    }
    for (size_t i = 0; i < heats->moves.count; i++) {
        int64_t moved_g = heats->moves.items[i].note->moved_g;
        sum_g += moved_g > 0 ? moved_g : 0;
    }
    if (sum_g > INT64_MAX) {
        snapshot_refuse(reader, "heats weigh more than can be counted");
    }
}

static void moves_of_steel_load(struct heats *heats, const struct note_numbers *numbers,
                                struct snapshot_reader *reader)
{
    struct counting counting = {numbers, memory_zeroed(numbers->count, sizeof(bool))};
    size_t count = snapshot_get_count(reader, numbers->count);
    for (size_t i = 0; i < heats->count; i++) {
        heat_moves_grow(&heats->moves);
    }
    for (size_t i = 0; i < count; i++) {
        uint64_t number = snapshot_get_number(reader, NOTES_MAX);
        bool counts = snapshot_get_flag(reader);
        bool good = snapshot_is_good(reader) && number < numbers->count;
        const struct heat_note *note = good ? numbers->notes[number] : NULL;
        if (note == NULL || note->heat == 0 || note->kind < HEAT_RETURN ||
            note->kind > HEAT_MERGE) {
            snapshot_refuse(reader, "a move of steel that nobody told of");
            break;
        }
        heat_moves_add(&heats->moves, note);
        counting.counts[number] = counts;
    }
    steel_check(heats, reader);
    if (snapshot_is_good(reader)) {
        moves_of_steel_settle(heats, &counting);
    }
    free(counting.counts);
}

void heat_notes_save(const struct heats *heats, struct snapshot_writer *writer)
{
    struct note_numbers numbers;
    int64_t last_us = 0;
    number_notes(heats, &numbers);
    snapshot_put_number(writer, numbers.count);
    for (size_t i = 0; i < numbers.count; i++) {
        note_save(numbers.notes[i], last_us, writer);
        last_us = numbers.notes[i]->ts_us;
    }
    for (size_t i = 0; i < heats->count; i++) {
        const struct heat_note_list *list = &heats->states[i].notes;
        list_save(&numbers, list->items, list->count, writer);
    }
    list_save(&numbers, heats->aliases.renumberings, heats->aliases.note_count, writer);
    moves_of_steel_save(&heats->moves, &numbers, writer);
    numbers_clear(&numbers);
}

static void nothing_changed(void *context, uint32_t no)
{
    (void)context;
    (void)no;
}

/* Who is who follows from the renumberings. */
static void aliases_load(struct heats *heats, const struct note_numbers *numbers,
                         struct snapshot_reader *reader)
{
    struct heat_aliases *aliases = &heats->aliases;
    for (size_t i = 0; i < heats->count; i++) {
        heat_aliases_grow(aliases);
    }
    list_load(numbers, &aliases->renumberings, &aliases->note_count, &aliases->note_capacity,
              reader);
    for (size_t i = 0; i < aliases->note_count; i++) {
        if (aliases->renumberings[i]->heat == 0 || aliases->renumberings[i]->to == 0) {
            snapshot_refuse(reader, "a renumbering without both ids");
            return;
        }
    }
    heat_aliases_settle(aliases, &heats->notes, nothing_changed, NULL);
}

void heat_notes_load(struct heats *heats, const struct snapshot_names *names,
                     struct snapshot_reader *reader)
{
    struct note_numbers numbers;
    int64_t last_us = 0;
    size_t count = snapshot_get_count(reader, NOTES_MAX);
    for (size_t i = 0; i < count; i++) {
        const struct heat_note *note = note_load(heats, last_us, names, reader);
        if (note == NULL) {
            return;
        }
        last_us = note->ts_us;
    }
    number_notes(heats, &numbers);
    for (size_t i = 0; i < heats->count && snapshot_is_good(reader); i++) {
        struct heat_note_list *list = &heats->states[i].notes;
        list_load(&numbers, &list->items, &list->count, &list->capacity, reader);
    }
    if (snapshot_is_good(reader)) {
        aliases_load(heats, &numbers, reader);
    }
    if (snapshot_is_good(reader)) {
        moves_of_steel_load(heats, &numbers, reader);
    }
    numbers_clear(&numbers);
}
