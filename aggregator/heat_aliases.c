#include "heat_aliases.h"

#include "failure.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

void heat_aliases_clear(struct heat_aliases *aliases)
{
    free(aliases->of);
    free(aliases->renumberings);
    *aliases = (struct heat_aliases){0};
}

void heat_aliases_grow(struct heat_aliases *aliases)
{
    memory_grow(&aliases->of, aliases->count, &aliases->capacity, sizeof *aliases->of);
    uint32_t no = (uint32_t)++aliases->count;
    aliases->of[no - 1] = (struct heat_alias){.end = no, .keeper = no, .sibling = no};
}

static struct heat_alias *alias(const struct heat_aliases *aliases, uint32_t no)
{
    REQUIRE(no >= 1 && no <= aliases->count);
    return &aliases->of[no - 1];
}

const struct heat_alias *heat_alias_of(const struct heat_aliases *aliases, uint32_t no)
{
    return alias(aliases, no);
}

static int renumbering_compare(const void *left, const void *right)
{
    const struct heat_note *a = *(struct heat_note *const *)left;
    const struct heat_note *b = *(struct heat_note *const *)right;
    if (a->ts_us != b->ts_us) {
        return a->ts_us < b->ts_us ? -1 : 1;
    }
    int by_id = strcmp(a->id != NULL ? a->id : "", b->id != NULL ? b->id : "");
    return by_id != 0 ? by_id : strcmp(a->to_id, b->to_id);
}

void heat_aliases_add(struct heat_aliases *aliases, struct heat_note *renumbering)
{
    memory_grow(&aliases->renumberings, aliases->note_count, &aliases->note_capacity,
                sizeof(struct heat_note *));
    aliases->renumberings[aliases->note_count++] = renumbering;
    qsort(aliases->renumberings, aliases->note_count, sizeof(struct heat_note *),
          renumbering_compare);
}

static uint32_t chain_end(const struct heat_aliases *aliases, uint32_t no)
{
    while (alias(aliases, no)->next != 0) {
        no = alias(aliases, no)->next;
    }
    return no;
}

bool heat_aliases_holds(const struct heat_aliases *aliases, const struct heat_note *renumbering)
{
    return alias(aliases, renumbering->heat)->next == renumbering->to;
}

/* Every number that a renumbering names, each once. The list is the caller's. */
static uint32_t *numbers_named(const struct heat_aliases *aliases, size_t *count)
{
    uint32_t *numbers = memory_zeroed(2 * aliases->note_count + 1, sizeof *numbers);
    *count = 0;
    for (size_t i = 0; i < aliases->note_count; i++) {
        const uint32_t both[] = {aliases->renumberings[i]->heat, aliases->renumberings[i]->to};
        for (size_t side = 0; side < 2; side++) {
            size_t at = 0;
            while (at < *count && numbers[at] != both[side]) {
                at++;
            }
            if (at == *count) {
                numbers[(*count)++] = both[side];
            }
        }
    }
    return numbers;
}

static void link_chains(struct heat_aliases *aliases, const struct heat_notes *notes)
{
    for (size_t i = 0; i < aliases->note_count; i++) {
        const struct heat_note *note = aliases->renumberings[i];
        struct heat_alias *from = alias(aliases, note->heat);
        if (from->next == 0 && chain_end(aliases, note->to) != note->heat &&
            heat_notes_count(notes, note)) {
            from->next = note->to;
        }
    }
}

/* The lowest number of those with the same end keeps the heat; all of them stand in its ring. */
static void link_rings(struct heat_aliases *aliases, const uint32_t *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct heat_alias *one = alias(aliases, numbers[i]);
        one->end = chain_end(aliases, numbers[i]);
        one->keeper = numbers[i];
        one->sibling = numbers[i];
    }
    for (size_t i = 0; i < count; i++) {
        struct heat_alias *one = alias(aliases, numbers[i]);
        struct heat_alias *end = alias(aliases, one->end);
        if (one != end) {
            uint32_t next = end->sibling;
            end->sibling = numbers[i];
            one->sibling = next;
            end->keeper = numbers[i] < end->keeper ? numbers[i] : end->keeper;
        }
    }
    for (size_t i = 0; i < count; i++) {
        struct heat_alias *one = alias(aliases, numbers[i]);
        one->keeper = alias(aliases, one->end)->keeper;
    }
}

void heat_aliases_settle(struct heat_aliases *aliases, const struct heat_notes *notes,
                         void (*changed)(void *context, uint32_t no), void *context)
{
    size_t count = 0;
    uint32_t *numbers = numbers_named(aliases, &count);
    struct heat_alias *before = memory_zeroed(count + 1, sizeof *before);
    for (size_t i = 0; i < count; i++) {
        before[i] = *alias(aliases, numbers[i]);
        alias(aliases, numbers[i])->next = 0;
    }
    link_chains(aliases, notes);
    link_rings(aliases, numbers, count);
    for (size_t i = 0; i < count; i++) {
        const struct heat_alias *now = alias(aliases, numbers[i]);
        if (now->keeper != before[i].keeper || now->end != before[i].end) {
            changed(context, numbers[i]);
            changed(context, before[i].keeper);
            changed(context, now->keeper);
        }
    }
    free(before);
    free(numbers);
}
