/* Why a sum of money is another than it should be: more was used than was allowed, or it cost more
 * than the standard (DOMAIN 4). Kept apart, because a team answers for what it used and for no
 * price. */
#ifndef HEATLEDGER_VARIANCE_H
#define HEATLEDGER_VARIANCE_H

#include "fraction.h"

/* A quantity of one item in a period: actual (AQ) and allowed (SQ), in units; price actual (AP) and
 * standard (SP), in yuan a unit. NULL: not known. */
struct variance_input {
    const struct fraction *used, *allowed;
    const struct fraction *actual_price, *standard_price;
};

/* In yuan; > 0 is adverse. NULL where something that it needs is not known. */
struct variance {
    const struct fraction *usage; /* (AQ - SQ) SP: the team's */
    const struct fraction *price; /* (AP - SP) AQ: the buyer's */
    const struct fraction *total; /* AQ AP - SQ SP, which is their sum */
};

struct variance variance_of(struct sheet *sheet, const struct variance_input *input);

#endif
