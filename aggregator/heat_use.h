/* What each heat used by itself: its postings that stand, those of moves apart. Grows with the
 * ledger, as the pieces of meters do: a late weight may make any heat's moves count again. */
#ifndef HEATLEDGER_HEAT_USE_H
#define HEATLEDGER_HEAT_USE_H

#include "posting.h"

#include <stddef.h>
#include <stdint.h>

/* An amount of one meter, at one station, under one crew-shift. */
struct heat_part {
    meter_id meter;
    station_id station;
    struct crew_slot slot;
    int64_t start_us;
    int64_t amount_base;
    enum quality quality;
};

struct heat_parts {
    struct heat_part *items;
    size_t count, capacity;
};
void heat_parts_add(struct heat_parts *parts, const struct heat_part *part);
void heat_parts_clear(struct heat_parts *parts);

struct heat_use {
    struct heat_parts *of; /* by number - 1 */
    size_t count, capacity;
};
void heat_use_clear(struct heat_use *use);

/* A posting or reversal was made. Those that moved (SHARING_MOVED) and idle ones are passed over:
 * then the result is false. */
bool heat_use_take(struct heat_use *use, const struct posting *posting);

/* What a heat used by itself, in no order; NULL: nothing yet. */
const struct heat_parts *heat_use_of(const struct heat_use *use, heat_no heat);

#endif
