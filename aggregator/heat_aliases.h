/* Which ids are one heat: renumberings, "the heat of this id bears that id from now on".
 *
 * The ids that renumberings tie together are one heat, which is kept under the lowest of their
 * numbers and shown under the id at the end of the chain. Where renumberings contradict each other
 * (a second one of the same id, a circle) the first by time and event id is in force. */
#ifndef HEATLEDGER_HEAT_ALIASES_H
#define HEATLEDGER_HEAT_ALIASES_H

#include "heat_notes.h"

struct heat_alias {
    uint32_t next;    /* the id that it was renumbered to; 0: none */
    uint32_t end;     /* the id at the end of the chain */
    uint32_t keeper;  /* the number under which the heat is kept */
    uint32_t sibling; /* the next number of the same heat, in a ring */
};

struct heat_aliases {
    struct heat_alias *of; /* by number - 1 */
    size_t count, capacity;
    struct heat_note **renumberings;
    size_t note_count, note_capacity;
};

void heat_aliases_clear(struct heat_aliases *aliases);

/* One more number, a heat of its own. */
void heat_aliases_grow(struct heat_aliases *aliases);

const struct heat_alias *heat_alias_of(const struct heat_aliases *aliases, uint32_t no);

/* A renumbering is known; heat_aliases_settle makes it count. */
void heat_aliases_add(struct heat_aliases *aliases, struct heat_note *renumbering);

/* Works out who is who, after a renumbering came or one was cancelled. Calls `changed` for the
 * numbers that are kept or shown in another way now, and for those under which they were kept. */
void heat_aliases_settle(struct heat_aliases *aliases, const struct heat_notes *notes,
                         void (*changed)(void *context, uint32_t no), void *context);

/* Whether a renumbering is in force; false: another one contradicts it, or it is cancelled. */
bool heat_aliases_holds(const struct heat_aliases *aliases, const struct heat_note *renumbering);

#endif
