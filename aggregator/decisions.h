/* What persons said about single readings of a meter: true, or not. It may be said before the
 * reading comes. The latest word about a reading stands; of two at once, the rejection. */
#ifndef HEATLEDGER_DECISIONS_H
#define HEATLEDGER_DECISIONS_H

#include "outcome.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DECISIONS_MAX 1024 /* of one meter */

enum verdict_of_person { DECISION_NONE, DECISION_ACCEPTED, DECISION_REJECTED };

struct decision {
    int64_t at_us;   /* of the reading */
    int64_t raw;     /* what it shows; INT64_MIN: whatever it shows */
    int64_t said_us; /* when it was decided */
    bool accepted;
};

/* Zeroed: nobody said anything. */
struct decisions {
    struct decision *items; /* by at */
    size_t count, capacity;
};

void decisions_clear(struct decisions *decisions);

/* DUPLICATE: said before, or overruled already. NOT_ALLOWED: more than DECISIONS_MAX. */
enum outcome decisions_add(struct decisions *decisions, const struct decision *decision);

/* What stands about the reading of that time and value. */
enum verdict_of_person decisions_find(const struct decisions *decisions, int64_t at_us,
                                      int64_t raw);

#endif
