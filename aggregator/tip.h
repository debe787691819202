/* The tip of a curve: all that one more ordinary reading of a register touches, in a few cache
 * lines of its own, beside the meter's book.
 *
 * By far the most readings only make a curve longer: newer than all others, higher by no more than
 * the meter can, before the next boundary. For these a tip holds what the ordinary way would look
 * up in the meter's row, curve and timeline. Where anything else holds, it is blunt, and the
 * reading goes the ordinary way, which sharpens it again.
 *
 * While a tip is sharp its book lags behind: aggregator_book and aggregator_look bring it up to
 * date. */
#ifndef HEATLEDGER_TIP_H
#define HEATLEDGER_TIP_H

#include "fact.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TIP_BYTES 256 /* four cache lines; a reading needs two of them */
#define TIP_LINE_BYTES 64
#define TIP_POINTS 24

/* How much later and higher than the one before it. */
struct tip_point {
    uint32_t step_us, step_raw;
};

struct tip {
    /* One line tells whether a reading is taken, and remembers it. */
    _Alignas(TIP_BYTES) int64_t ts_us; /* the newest sample … */
    int64_t raw;                       /* … and what it showed */
    int64_t until_us;                  /* a reading from here on may close the open cell */
    int64_t most_raw;          /* the meter cannot show more, or its open use must be judged */
    int64_t max_rate_raw_hour; /* 0: no limit */
    int64_t alive_us;          /* arrival of the last reading that was taken here */
    int64_t next_seq;          /* the seq it must have; -1: none */
    uint32_t gap_us;           /* longer without a reading may be a gap */
    uint16_t room;             /* so many more may be taken; 0: the tip is blunt */
    uint16_t waiting;          /* so many are here, and not yet in the curve, which is far away */
    struct tip_point points[TIP_POINTS];
};
_Static_assert(offsetof(struct tip, points) == TIP_LINE_BYTES, "a tip needs more than one line");
_Static_assert(sizeof(struct tip) == TIP_BYTES, "a tip takes more than it should");

/* Takes a reading that only makes the curve longer; false: it must go the ordinary way, nothing
 * happened. */
bool tip_take(struct tip *tip, const struct reading *reading, int64_t arrival_us);

#endif
