/* Steel that went from heat to heat: returns, splits and merges, and what follows from them for
 * each heat: what it weighs, and, of one that came of a split, whose it is and when it ended.
 *
 * A heat weighs what was last weighed, less what moved out, plus what moved in. Moves are taken in
 * order of time. One is in force where the source's weight at that moment is known and covers it,
 * and, a return, where it lies between the source's first start and its arrival at a last station.
 * One that is not is kept: a weight or a start that comes late may put it in force.
 *
 * A heat that had no start before a split that made it came of that split. Without an ownership
 * event of its own it has its source's: at once where that lies before the split, else once it has
 * ended itself. One that was never at a station ended when its source did.
 *
 * Heats bear on each other through moves only, and a move on later ones only. So whoever changes a
 * heat names it (heat_moves_touch), and what follows is worked out from heat to heat as far as
 * anything changes: the cost is that of the moves of these heats, not of all that were ever made.
 */
#ifndef HEATLEDGER_HEAT_MOVES_H
#define HEATLEDGER_HEAT_MOVES_H

#include "heat.h"
#include "heat_notes.h"

#define HEAT_MOVES_NONE UINT32_MAX

struct heat_move {
    const struct heat_note *note;
    bool counts;         /* false: cancelled, or the heat is */
    heat_no from, to;    /* to: value 0 where the steel went to no heat of the books */
    int64_t moved_g;     /* 0: not in force */
    int64_t steel_g;     /* what the source weighed before it */
    const char *why_not; /* a sentence; NULL: in force */
    bool forbidden;      /* why not: it cannot be; false: a weight will tell */
    bool listed;         /* among the changed */
};

/* Serial numbers of moves. */
struct move_list {
    uint32_t *items;
    size_t count, capacity;
};

struct heat_moves {
    struct heat_move *items; /* by serial number, in order of arrival */
    size_t count, capacity;
    struct heat_moves_of {
        struct move_list named; /* those that name the number, in order of arrival */
        struct move_list of;    /* from or to the heat kept under it, by time, event id, ids */
        bool dirty;
    } * heats; /* by number - 1 */
    size_t heat_count, heat_capacity;
    struct move_list changed; /* those that changed since heat_moves_taken */
    struct {
        uint32_t *items; /* numbers; one may stand there several times */
        size_t count, capacity, done;
    } dirty;
};

/* What is asked of a heat, by number - 1. */
struct heat_steel {
    uint32_t keeper;         /* the number it is kept under; 0: it is none of the books */
    int64_t weight_g;        /* as weighed; -1: not */
    int64_t tapped_g;        /* as the tap says; -1: it does not */
    int64_t cast_g;          /* as the end at a last station says; -1: it does not */
    int64_t first_start_us;  /* TIMESTAMP_NEVER_US: none */
    int64_t last_arrival_us; /* at a last station; TIMESTAMP_NEVER_US: none */
    int64_t own_owner_us;    /* its own ownership event; TIMESTAMP_NEVER_US: none */
    int64_t own_ended_us;    /* by what was told of itself; TIMESTAMP_NEVER_US: not */
    bool visited;            /* it came to a station, left one or was tapped */
    /* Set by heat_moves_weigh. */
    int64_t net_g;       /* after all moves; -1: unknown */
    bool split_into;     /* it began as a part of another heat, and was not weighed since */
    bool is_target;      /* steel is said to have gone there */
    bool waits;          /* steel of it moved, which is not in force */
    uint32_t maker;      /* the split that it came of; HEAT_MOVES_NONE: none */
    int64_t owner_at_us; /* the ownership event, its own or its source's */
    int64_t ended_us;
};

void heat_moves_clear(struct heat_moves *moves);

/* One more number. */
void heat_moves_grow(struct heat_moves *moves);

/* Keeps a move; it counts once one of its heats was refreshed. */
void heat_moves_add(struct heat_moves *moves, const struct heat_note *note);

/* Of two moves of one heat_moves: which is the earlier one. */
int heat_move_compare(const struct heat_move *a, const struct heat_move *b);

/* The moves from or to the heat that is kept under that number, by time. */
const struct move_list *heat_moves_of(const struct heat_moves *moves, heat_no no);

/* Takes over which moves that name the number count, and from which heat to which they go. */
void heat_moves_refresh(struct heat_moves *moves, const struct heat_steel *steel, uint32_t no,
                        bool (*counts)(const void *context, const struct heat_note *note),
                        const void *context);

/* What is told of a heat itself changed. */
void heat_moves_touch(struct heat_moves *moves, uint32_t no);

/* Finds out which moves are in force, and what follows for the heats touched and for those that
 * they bear on. They are listed in `moves->dirty` until heat_moves_weighed. */
void heat_moves_weigh(struct heat_moves *moves, struct heat_steel *steel);
void heat_moves_weighed(struct heat_moves *moves);

/* A move is another one than it was; what changed is booked. */
void heat_moves_list_changed(struct heat_moves *moves, uint32_t serial);
void heat_moves_taken(struct heat_moves *moves);

/* Moves that wait to be looked at, the last one by time first. Each once. */
void move_queue_add(struct move_list *queue, const struct heat_moves *moves, uint32_t serial);

/* Adds those moves from a heat that come after a move (NULL: after any) and lie after an instant.
 */
void move_queue_add_later(struct move_list *queue, const struct heat_moves *moves, heat_no from,
                          const struct heat_move *after, int64_t after_us);

#endif
