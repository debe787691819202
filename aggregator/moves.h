/* Moves: what steel takes along when it goes from one heat to another.
 *
 * Of every item floor(use x moved / steel) goes with it, of the use that began before that instant:
 * the source's own and what earlier moves brought, less what they took. It is spread over meters
 * and crew-shifts by cumulative floor in a fixed order, so that the parts add up to exactly that.
 * Each part is a pair of postings of the meter at the instant of the move, -x on the source and +x
 * on the target, under the crew-shift of the use: the meter's sum and the crews' use by the clock
 * stay as they are. A return to no heat takes nothing along.
 *
 * What is booked follows from what is booked of the heats and from the moves that are in force:
 * when either changes, moves are worked out again from the first that it bears on. */
#ifndef HEATLEDGER_MOVES_H
#define HEATLEDGER_MOVES_H

#include "booked.h"
#include "heat_moves.h"
#include "heat_use.h"

struct moves {
    const struct catalog *catalog;
    struct heat_use use;
    struct booked_move {
        struct heat_parts parts; /* what it took along */
        heat_no from, to;
        struct booked booked;
    } * booked; /* by the move's serial number */
    size_t count, capacity;
    uint64_t version; /* of the heat_moves that it stands for */
};

/* `catalog` must outlive the moves. */
void moves_init(struct moves *moves, const struct catalog *catalog);
void moves_clear(struct moves *moves);

/* Takes what a fact booked, the postings of the sink from `first` on, and books what that changes
 * of moves. */
void moves_settle(struct moves *moves, const struct heat_moves *heat_moves, size_t first,
                  struct posting_sink *sink);

#endif
