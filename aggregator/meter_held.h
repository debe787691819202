/* The readings of a meter that are held: they count once later readings or a person say so. */
#ifndef HEATLEDGER_METER_HELD_H
#define HEATLEDGER_METER_HELD_H

#include "aggregator.h"
#include "curve.h"
#include "sample_reason.h"

#define METER_HELD_MAX 64 /* shown of one meter, the oldest first */

struct meter_held {
    struct held_reading reading;
    const char *kind;               /* "glitch", "spike", "fall" */
    char reason[SAMPLE_REASON_MAX]; /* a sentence for a person */
};

/* The readings of a meter held now, at most `capacity` of them; returns how many were written. */
size_t meter_held_list(const struct aggregator *aggregator, meter_id meter, struct meter_held *list,
                       size_t capacity);

#endif
