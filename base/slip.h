/* A pick slip (限额领料单): so much of a material may be drawn for a production order; what was
 * drawn is settled against what the hoppers weighed (DOMAIN 1, T II). Base units of the item. */
#ifndef HEATLEDGER_SLIP_H
#define HEATLEDGER_SLIP_H

#include <stdint.h>

struct slip {
    int64_t limit_base;             /* of the order: tonnes x rate */
    int64_t opening_base;           /* in the bins when it was opened */
    int64_t issued_base, back_base; /* drawn from the store, given back to it */
    int64_t closing_base;           /* in the bins when it was closed; -1: it is open */
};

/* By how much an issue of so much goes over the limit, net of what was given back; <= 0: it does
 * not. What goes over needs an approval. */
int64_t slip_over_base(const struct slip *slip, int64_t issue_base);

/* What can be there at most: opening + issued - given back. No more can be given back or left. */
int64_t slip_there_base(const struct slip *slip);

/* What was there less what is left; of an open slip as if the bins were empty. */
int64_t slip_consumed_base(const struct slip *slip);

#endif
