/* Earned value: cost tied to progress (DOMAIN 1, T II). Money in yuan, steel in tonnes. */
#ifndef HEATLEDGER_EARNED_VALUE_H
#define HEATLEDGER_EARNED_VALUE_H

#include "fraction.h"

/* An index that would divide by 0 is NULL. */
struct earned_value {
    const struct fraction *planned;           /* PV = plan x standard cost */
    const struct fraction *earned;            /* EV = done x standard cost */
    const struct fraction *cost_variance;     /* CV = EV - AC; < 0: dearer than it should be */
    const struct fraction *schedule_variance; /* SV = EV - PV; < 0: behind the plan */
    const struct fraction *cost_index;        /* CPI = EV / AC */
    const struct fraction *schedule_index;    /* SPI = EV / PV */
    const struct fraction *at_completion;     /* EAC = PV / CPI */
};

struct earned_value earned_value_of(struct sheet *sheet, const struct fraction *planned_t,
                                    const struct fraction *done_t, const struct fraction *cost,
                                    const struct fraction *standard_cost_t);

#endif
