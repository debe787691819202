/* When a heat used something first: the earliest start among the uses that stand, so that it does
 * not depend on the order in which they were booked and taken back. */
#ifndef HEATLEDGER_RULES_FIRST_USE_H
#define HEATLEDGER_RULES_FIRST_USE_H

#include "posting.h"

#include <stddef.h>
#include <stdint.h>

struct first_use {
    struct used_at {
        int64_t start_us;
        uint32_t meter;
        int64_t amount_base; /* what stands; never 0 */
    } * uses;                /* by start, then meter */
    size_t count, capacity;
};

void first_use_clear(struct first_use *first);

/* A posting or reversal of the heat. */
void first_use_count(struct first_use *first, const struct segment *segment);

/* INT64_MAX: nothing stands. */
int64_t first_use_us(const struct first_use *first);

#endif
