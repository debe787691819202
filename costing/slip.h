/* A pick slip (限额领料单): so much of a material may be drawn for a production order; what was
 * drawn is settled against what the hoppers weighed (DOMAIN 1, T II). Base units of the item. */
#ifndef HEATLEDGER_SLIP_H
#define HEATLEDGER_SLIP_H

#include "fraction.h"

#include <stdbool.h>
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

/* Whether more is given back than was there. */
bool slip_may_give_back(const struct slip *slip, int64_t back_base);

/* opening + issued - given back - closing; of an open slip as if the bins were empty. */
int64_t slip_consumed_base(const struct slip *slip);

/* What the slip says was consumed minus what the hoppers weighed; and as a part of the former, NULL
 * where that is 0. */
struct slip_difference {
    int64_t base;
    const struct fraction *part;
};
struct slip_difference slip_against(struct sheet *sheet, const struct slip *slip,
                                    int64_t weighed_base);

#endif
