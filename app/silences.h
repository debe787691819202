/* When meters may have fallen silent: for each meter that is watched an instant before which it
 * cannot have, the earliest one first. A meter that sends in between is not moved: it is looked at
 * when its instant comes, and put back at a later one. */
#ifndef HEATLEDGER_SILENCES_H
#define HEATLEDGER_SILENCES_H

#include "catalog.h"
#include "snapshot.h"

#include <stdbool.h>
#include <stddef.h>

struct silence {
    int64_t due_us;
    meter_id meter;
};

struct silences {
    struct silence *heap; /* binary, by (due_us, meter) */
    size_t count, capacity;
    bool *taken; /* by meter: it was taken out, and not put back yet */
};

/* Begins anew, for so many meters, none of which is watched. */
void silences_start(struct silences *silences, uint32_t meter_count);
void silences_clear(struct silences *silences);

/* Watches a meter that is not watched. */
void silences_put(struct silences *silences, meter_id meter, int64_t due_us);

/* The earliest instant; TIMESTAMP_NEVER_US: no meter is watched. */
int64_t silences_due_us(const struct silences *silences);

/* Takes the first one out if it is due by `now_us`. */
bool silences_pop(struct silences *silences, int64_t now_us, meter_id *meter);

/* Whether the meter was taken out and has not been put back: costs one look. */
static inline bool silences_took(const struct silences *silences, meter_id meter)
{
    return silences->taken[meter.index];
}

/* As bytes of a snapshot, and back into silences that were just started for so many meters. Where
 * it cannot be, the reader is broken. */
void silences_save(const struct silences *silences, uint32_t meter_count,
                   struct snapshot_writer *writer);
void silences_load(struct silences *silences, uint32_t meter_count, struct snapshot_reader *reader);

#endif
