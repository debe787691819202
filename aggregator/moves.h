/* Moves: what steel takes along when it goes from one heat to another.
 *
 * Of every item floor(use x moved / steel) goes with it, of the use that began before that instant:
 * the source's own and what earlier moves brought, less what they took. It is spread over meters
 * and crew-shifts by cumulative floor in a fixed order, so that the parts add up to exactly that.
 * Each part is a pair of postings of the meter at the instant of the move, -x on the source and +x
 * on the target, under the crew-shift of the use: the meter's sum and the crews' use by the clock
 * stay as they are. A return to no heat takes nothing along.
 *
 * Use that is still open is shown as what it will be once it is closed: its part goes along, each
 * open segment by itself.
 *
 * What is booked follows from what is booked of the heats and from the moves that are in force:
 * when either changes, the moves that it bears on are worked out again, by time. */
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
};

/* `catalog` must outlive the moves. */
void moves_init(struct moves *moves, const struct catalog *catalog);
void moves_clear(struct moves *moves);

/* Takes what a fact booked, the postings of the sink from `first` on, and which moves changed, and
 * books what that changes of moves. */
void moves_settle(struct moves *moves, const struct heat_moves *heat_moves, size_t first,
                  struct posting_sink *sink);

/* What steel takes along of use that is open, the segments of the list from `first` on: adds pairs
 * behind them, as would be posted if they were closed now, floored for each segment by itself. A
 * segment of nothing has pairs of nothing: they say where its use will go. */
void moves_open(const struct heat_moves *heat_moves, size_t first, struct segment_list *open);

#endif
