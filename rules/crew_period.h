/* What a crew has of a quota over a period: the sum over its crew-shifts of those days. */
#ifndef HEATLEDGER_RULES_CREW_PERIOD_H
#define HEATLEDGER_RULES_CREW_PERIOD_H

#include "holders.h"

struct crew_period {
    int64_t limit_base, used_base;
};

/* Adds up the balances of the crew's shifts, booked and open use as it was last said. False, and
 * the sums so far, where something was used of which is not known what it is allowed, or nothing
 * is known at all. Saturates at a quarter of INT64_MAX. */
bool crew_period_sum(const struct holders *holders, quota_id quota, crew_id crew,
                     struct period period, struct crew_period *sum);

#endif
