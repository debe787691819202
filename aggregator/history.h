/* History: where the pages of meters' pasts are kept once memory lets go of them. A method table,
 * so that the aggregator stays pure: the pipeline puts the ledger behind it, tests an array.
 *
 * A page is named by its meter and its number; numbers ascend with the time that pages hold, and
 * gaps between them are usual. A page that is put again replaces the one before it, as of the
 * journal position in hand: a journal that is read again must be given, at each of its records,
 * what that record was given the first time, with what the record itself has put since. */
#ifndef HEATLEDGER_HISTORY_H
#define HEATLEDGER_HISTORY_H

#include "catalog.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct history {
    void *context;

    /* Keeps a page, a copy of `bytes`; everything in it is at or behind `start_us`, or was closed
     * then. */
    void (*put)(void *context, meter_id meter, int64_t page, int64_t start_us, const void *bytes,
                size_t count);

    /* The highest number of a page below `below`; false: there is none. */
    bool (*find)(void *context, meter_id meter, int64_t below, int64_t *page);

    /* The bytes of a page that is there, valid until the next call of any method. */
    const void *(*get)(void *context, meter_id meter, int64_t page, size_t *count);

    /* A page cannot be read: what `get` gave is damaged. The aggregator goes on as if the meter's
     * history ended there; whoever keeps the pages should not. */
    void (*damaged)(void *context, meter_id meter, int64_t page);
};

#endif
