/* What a heat used, as far as it stands: by start, so that what came first does not depend on the
 * order in which uses were booked and taken back; with all that a quota may ask for, so that one
 * that comes later finds what was used before it. */
#ifndef HEATLEDGER_RULES_USED_H
#define HEATLEDGER_RULES_USED_H

#include "posting.h"

#include <stddef.h>
#include <stdint.h>

struct used {
    struct used_at {
        int64_t start_us;
        int64_t amount_base; /* what stands; never 0 */
        meter_id meter;
        station_id station;
        struct crew_slot slot;
    } * uses; /* by start, then meter, station and crew-shift: no two alike */
    size_t count, capacity;
};

void used_clear(struct used *used);

/* Adds `amount_base`, of either sign or 0, to what stands of the segment's start, meter, station
 * and crew-shift. */
void used_count(struct used *used, const struct segment *segment, int64_t amount_base);

/* The earlier one of what stands first in either; NULL: nothing stands. Good until either
 * changes. */
const struct used_at *used_first(const struct used *one, const struct used *other);

#endif
