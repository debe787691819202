/* What was told of heats: every event once, whichever way and however often it came.
 *
 * A note counts unless a void that counts itself names its id. A note without an id is the same
 * event as one with an id and the same content. Which notes count is a function of the set of
 * notes: a void may come before what it cancels. */
#ifndef HEATLEDGER_HEAT_NOTES_H
#define HEATLEDGER_HEAT_NOTES_H

#include "fact.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uthash.h>

struct heat_note {
    int64_t ts_us;
    enum heat_event_kind kind;
    uint16_t station;
    int64_t steel_g, planned_g, moved_g;
    char grade[CATALOG_ID_MAX + 1];
    uint32_t heat;       /* number of the id that it names */
    uint32_t to;         /* number of the other id; 0: none */
    const char *heat_id; /* those ids, "" without the other; they live as long as the heats */
    const char *to_id;
    const char *id;        /* of the event; NULL: none */
    const char *of;        /* void: the id of the event that is cancelled; NULL: a whole heat */
    char *own_id, *own_of; /* those two texts, where the note is one of heat_notes */
    struct heat_note *next_void;  /* the next void of the same event */
    struct heat_note *next_known; /* the note before it, of any heat */
    UT_hash_handle hh;
};

/* The voids of one event id. */
struct heat_void {
    char *of;
    struct heat_note *first;
    UT_hash_handle hh;
};

struct heat_notes {
    struct heat_note *by_id;
    struct heat_void *voids;
    struct heat_note *newest;
};

/* Notes in the order of heat_note_compare; the notes belong to the heat_notes. */
struct heat_note_list {
    struct heat_note **items;
    size_t count, capacity;
};

void heat_notes_clear(struct heat_notes *notes);

/* The note with that event id; NULL: none came yet. */
struct heat_note *heat_notes_find(const struct heat_notes *notes, const char *id);

/* Keeps a note: a copy, texts and all but the heats' ids. It must not be known yet. */
struct heat_note *heat_notes_add(struct heat_notes *notes, const struct heat_note *note);

/* Whether a void of that event and without an id of its own is known: the same one again. */
bool heat_notes_has_void(const struct heat_notes *notes, const char *of);

bool heat_notes_count(const struct heat_notes *notes, const struct heat_note *note);

/* By time; at one instant an end comes before a start, so that a second visit may begin as the
 * first ends. The rest is order for order's sake, so that equal sets are derived equally. Ids of
 * events and of the heat itself are no content. */
int heat_note_compare(const struct heat_note *a, const struct heat_note *b);

/* A note of equal content in a list; NULL: none. */
struct heat_note *heat_note_list_find(const struct heat_note_list *list,
                                      const struct heat_note *note);
void heat_note_list_insert(struct heat_note_list *list, struct heat_note *note);
void heat_note_list_clear(struct heat_note_list *list);

/* Whether a note without an id repeats one of the list that has one. */
bool heat_note_list_repeats(const struct heat_note_list *list, const struct heat_note *note);

/* Adds to `chosen` those of a list that count, in order. Repetitions without an id are left out. */
void heat_note_list_choose(const struct heat_note_list *list, const struct heat_notes *notes,
                           struct heat_note_list *chosen);

#endif
