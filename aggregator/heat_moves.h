/* Steel that went from heat to heat: returns, splits and merges, and what each heat weighs after
 * them.
 *
 * A heat weighs what was last weighed, less what moved out, plus what moved in. Moves are taken in
 * order of time. One is in force where the source's weight at that moment is known and covers it,
 * and, a return, where it lies between the source's first start and its arrival at a last station.
 * One that is not is kept: a weight or a start that comes late may put it in force. */
#ifndef HEATLEDGER_HEAT_MOVES_H
#define HEATLEDGER_HEAT_MOVES_H

#include "heat.h"
#include "heat_notes.h"

struct heat_move {
    const struct heat_note *note;
    uint32_t serial;     /* 0, 1 …: in order of arrival */
    bool counts;         /* false: cancelled, or the heat is */
    heat_no from, to;    /* to: value 0 where the steel went to no heat of the books */
    int64_t moved_g;     /* 0: not in force */
    int64_t steel_g;     /* what the source weighed before it */
    const char *why_not; /* a sentence; NULL: in force */
    bool forbidden;      /* why not: it cannot be; false: a weight will tell */
};

struct heat_moves {
    struct heat_move *items; /* by time, event id, ids of the heats */
    size_t count, capacity;
    uint64_t version; /* another one whenever anything here changed */
};

/* What is asked of a heat, by number - 1. */
struct heat_steel {
    uint32_t keeper;         /* the number it is kept under; 0: it is none of the books */
    int64_t weight_g;        /* as weighed; -1: not */
    int64_t net_g;           /* after all moves; set by heat_moves_weigh; -1: unknown */
    int64_t first_start_us;  /* TIMESTAMP_NEVER_US: none */
    int64_t last_arrival_us; /* at a last station; TIMESTAMP_NEVER_US: none */
    bool split_into;         /* it began as a part of another heat */
};

void heat_moves_clear(struct heat_moves *moves);
void heat_moves_add(struct heat_moves *moves, const struct heat_note *note);

/* Finds out which moves are in force, and the net steel of every heat that one names. */
void heat_moves_weigh(struct heat_moves *moves, struct heat_steel *steel);

#endif
