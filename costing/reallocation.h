/* Rolling re-allocation: what is left of a quota for the rest of its period, over the steel that
 * is left to be made (DOMAIN 4): rate' = (Q - C) / T_rem.
 *
 * Periods that have ended are locked with what they used; a frozen horizon keeps what it was given;
 * the others get the rest by planned steel, none less than its floor from above, none more than it
 * asked for from below. A rate' below the best that any crew-shift has ever shown is unattainable:
 * then nobody is tightened below that best, and the gap is shown instead. */
#ifndef HEATLEDGER_REALLOCATION_H
#define HEATLEDGER_REALLOCATION_H

#include "allocation.h"
#include "apportion.h"
#include "fraction.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REALLOCATION_PARTS_MAX APPORTION_PARTS_MAX
#define REALLOCATION_UNBOUND INT64_C(-1)

enum reallocation_state { PART_CLOSED, PART_FROZEN, PART_OPEN };

struct reallocation_part {
    enum reallocation_state state;
    int64_t planned_g;     /* >= 0 */
    int64_t allotted_base; /* what it was given so far */
    int64_t used_base;     /* of a closed one */
    int64_t floor_base;    /* REALLOCATION_UNBOUND: none */
    int64_t asked_base;    /* REALLOCATION_UNBOUND: nothing */
    int64_t amount_base;   /* out */
};

/* How much for how much steel. */
struct reallocation_rate {
    int64_t used_base, steel_g; /* steel_g 0: not known */
};

struct reallocation {
    int64_t left_base; /* Q - what is locked and frozen; may be negative */
    int64_t left_g;    /* planned steel of the open parts */
    /* rate' in base units a tonne; NULL where no steel is left */
    const struct fraction *rate;
    bool judged; /* whether `unattainable` is known: something was shown, or nothing is left */
    bool unattainable;  /* rate' is below the best ever shown */
    int64_t gap_base;   /* what the open parts get beyond what is left */
    int64_t spare_base; /* what nobody asked for */
};

/* Sets every part's amount; they add up to whole + gap - spare. At most REALLOCATION_PARTS_MAX
 * parts are open; a floor is at most what is asked for. */
struct reallocation reallocation_of(struct sheet *sheet, int64_t whole_base,
                                    struct reallocation_part *parts, size_t count,
                                    struct reallocation_rate best);

/* An allocation as it stands on a production day, and what its rest would get. */
struct reallocation_tree {
    /* by node */
    int64_t *amounts_base;             /* as re-allocated; they add up as the allocation's do */
    int64_t *floors_base, *asked_base; /* of the parts that are bound by a floor or proposal; else
                                          0, and above them their sums */
    struct reallocation result;
};

enum reallocation_outcome {
    REALLOCATED,
    REALLOCATION_UNPLANNED, /* no planned tonnes to divide by */
    REALLOCATION_TOO_MANY,  /* more than REALLOCATION_PARTS_MAX open parts */
};

/* What a period or shift (of a crew, where it is not CATALOG_NONE) has used. */
typedef int64_t reallocation_used(const void *context, const struct allocation_place *place);

/* How far a period has come by a production day, the first that is not over. A period that has
 * begun is open unless there is a frozen horizon. */
enum reallocation_state reallocation_state_of(const struct allocation *allocation,
                                              struct period period, int32_t today);

/* Re-allocates the finest periods and shifts, or the crews that they are divided over; stations
 * and posts below them share by their weights. The tree is to be cleared in any case. */
enum reallocation_outcome
reallocation_divide(struct sheet *sheet, const struct allocation *allocation, unsigned decimals,
                    int32_t today, struct reallocation_rate best, reallocation_used *used,
                    const void *context, struct reallocation_tree *tree);
void reallocation_clear(struct reallocation_tree *tree);

#endif
