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
#include "point.h"

#include <stdbool.h>
#include <stdint.h>

#define TIP_BYTES 256 /* four cache lines; a reading needs three of them */
#define TIP_POINTS 5

struct tip {
    /* Where the next points of the curve go; NULL: blunt, what follows says nothing. */
    _Alignas(TIP_BYTES) struct point *next;
    int64_t ts_us, raw, c_base; /* the newest sample */
    int64_t until_us;           /* a reading from here on may close the open cell */
    int64_t gap_us;             /* longer without a reading is a gap */
    int64_t max_rate_raw_hour;  /* 0: no limit */
    int64_t most_raw;           /* the meter cannot show more, or its open use must be judged */
    int64_t scale_num;          /* base units a raw unit; the denominator is 1 */
    int64_t alive_us;           /* arrival of the last reading that was taken here */
    int64_t *next_seq;          /* where its seq goes; NULL: it must have none */
    uint32_t room;              /* how many more points the curve has memory for */
    uint32_t waiting;           /* so many points are here … */
    struct point points[TIP_POINTS]; /* … and go to the curve together: it is far away */
};
_Static_assert(sizeof(struct tip) == TIP_BYTES, "a tip takes more than it should");

/* Takes a reading that only makes the curve longer; false: it must go the ordinary way, nothing
 * happened. */
bool tip_take(struct tip *tip, const struct reading *reading, int64_t arrival_us);

#endif
