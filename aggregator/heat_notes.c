#include "heat_notes.h"

#include "failure.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

/* A void of a void of a void …: as deep as anybody would go on correcting a correction. Deeper
 * ones, and those that cancel each other in a circle, count. */
#define VOID_DEPTH_MAX 16

void heat_notes_clear(struct heat_notes *notes)
{
    HASH_CLEAR(hh, notes->by_id);
    struct heat_void *target = NULL;
    struct heat_void *next_target = NULL;
    HASH_ITER(hh, notes->voids, target, next_target)
    {
        HASH_DEL(notes->voids, target);
        free(target->of);
        free(target);
    }
    struct heat_note *note = notes->newest;
    while (note != NULL) {
        struct heat_note *next = note->next_known;
        free(note->own_id);
        free(note->own_of);
        free(note);
        note = next;
    }
    *notes = (struct heat_notes){0};
}

struct heat_note *heat_notes_find(const struct heat_notes *notes, const char *id)
{
    struct heat_note *note = NULL;
    HASH_FIND_STR(notes->by_id, id, note);
    return note;
}

static struct heat_void *void_of(const struct heat_notes *notes, const char *of)
{
    struct heat_void *target = NULL;
    HASH_FIND_STR(notes->voids, of, target);
    return target;
}

static void add_void(struct heat_notes *notes, struct heat_note *note)
{
    struct heat_void *target = void_of(notes, note->of);
    if (target == NULL) {
        target = memory_zeroed(1, sizeof *target);
        target->of = memory_text(note->of);
        HASH_ADD_KEYPTR(hh, notes->voids, target->of, strlen(target->of), target);
    }
    note->next_void = target->first;
    target->first = note;
}

struct heat_note *heat_notes_add(struct heat_notes *notes, const struct heat_note *note)
{
    struct heat_note *kept = memory_zeroed(1, sizeof *kept);
    *kept = *note;
    kept->id = kept->own_id = note->id != NULL ? memory_text(note->id) : NULL;
    kept->of = kept->own_of = note->of != NULL ? memory_text(note->of) : NULL;
    kept->next_void = NULL;
    kept->next_known = notes->newest;
    notes->newest = kept;
    if (kept->id != NULL) {
        REQUIRE(heat_notes_find(notes, kept->id) == NULL);
        HASH_ADD_KEYPTR(hh, notes->by_id, kept->id, strlen(kept->id), kept);
    }
    if (kept->of != NULL) {
        add_void(notes, kept);
    }
    return kept;
}

bool heat_notes_has_void(const struct heat_notes *notes, const char *of)
{
    const struct heat_void *target = void_of(notes, of);
    const struct heat_note *note = target != NULL ? target->first : NULL;
    while (note != NULL && note->id != NULL) {
        note = note->next_void;
    }
    return note != NULL;
}

static bool counts(const struct heat_notes *notes, const struct heat_note *note, int depth)
{
    const struct heat_void *target =
        note->id != NULL && depth < VOID_DEPTH_MAX ? void_of(notes, note->id) : NULL;
    const struct heat_note *cancels = target != NULL ? target->first : NULL;
    while (cancels != NULL && !counts(notes, cancels, depth + 1)) {
        cancels = cancels->next_void;
    }
    return cancels == NULL;
}

bool heat_notes_count(const struct heat_notes *notes, const struct heat_note *note)
{
    return counts(notes, note, 0);
}

static int order(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

int heat_note_compare(const struct heat_note *a, const struct heat_note *b)
{
    static const int rank[] = {
        [HEAT_END] = 0,    [HEAT_START] = 1,    [HEAT_TAP] = 2,
        [HEAT_WEIGHT] = 3, [HEAT_RETURN] = 4,   [HEAT_SPLIT] = 5,
        [HEAT_MERGE] = 6,  [HEAT_RENUMBER] = 7, [HEAT_VOID] = 8,
    };
    const int orders[] = {
        order(a->ts_us, b->ts_us),         order(rank[a->kind], rank[b->kind]),
        order(a->station, b->station),     order(a->steel_g, b->steel_g),
        order(a->planned_g, b->planned_g), strcmp(a->grade, b->grade),
        order(a->moved_g, b->moved_g),     strcmp(a->to_id, b->to_id),
    };
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        if (orders[i] != 0) {
            return orders[i];
        }
    }
    return 0;
}

/* As above, and then by event id, those without one last. */
static int list_order(const struct heat_note *a, const struct heat_note *b)
{
    int content = heat_note_compare(a, b);
    if (content != 0 || (a->id == NULL && b->id == NULL)) {
        return content;
    }
    return a->id == NULL ? 1 : b->id == NULL ? -1 : strcmp(a->id, b->id);
}

/* Index of the first note that does not come before one. */
static size_t list_place(const struct heat_note_list *list, const struct heat_note *note)
{
    size_t at = list->count;
    while (at > 0 && list_order(list->items[at - 1], note) >= 0) {
        at--;
    }
    return at;
}

struct heat_note *heat_note_list_find(const struct heat_note_list *list,
                                      const struct heat_note *note)
{
    for (size_t at = list->count; at > 0; at--) {
        int content = heat_note_compare(list->items[at - 1], note);
        if (content == 0) {
            return list->items[at - 1];
        }
        if (content < 0) {
            return NULL;
        }
    }
    return NULL;
}

void heat_note_list_insert(struct heat_note_list *list, struct heat_note *note)
{
    size_t at = list_place(list, note);
    memory_grow(&list->items, list->count, &list->capacity, sizeof(struct heat_note *));
    memmove(&list->items[at + 1], &list->items[at],
            (list->count - at) * sizeof(struct heat_note *));
    list->items[at] = note;
    list->count++;
}

void heat_note_list_clear(struct heat_note_list *list)
{
    free(list->items);
    *list = (struct heat_note_list){0};
}

bool heat_note_list_repeats(const struct heat_note_list *list, const struct heat_note *note)
{
    for (size_t i = 0; note->id == NULL && i < list->count; i++) {
        const struct heat_note *other = list->items[i];
        if (other->id != NULL && heat_note_compare(other, note) == 0) {
            return true;
        }
    }
    return false;
}

void heat_note_list_choose(const struct heat_note_list *list, const struct heat_notes *notes,
                           struct heat_note_list *chosen)
{
    for (size_t i = 0; i < list->count; i++) {
        struct heat_note *note = list->items[i];
        /* Those with an id come first among equals: one glance back is enough. */
        const struct heat_note *before = i > 0 ? list->items[i - 1] : NULL;
        bool again = before != NULL && note->id == NULL && heat_note_compare(before, note) == 0;
        if (!again && heat_notes_count(notes, note)) {
            heat_note_list_insert(chosen, note);
        }
    }
}
