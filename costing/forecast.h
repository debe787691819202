/* Where a period is heading: what it will have used at its end, and what is left for the rest
 * (DOMAIN 4). Quantities in units, steel in tonnes. NULL: not known. */
#ifndef HEATLEDGER_FORECAST_H
#define HEATLEDGER_FORECAST_H

#include "fraction.h"

#include <stdbool.h>

/* Below this part of the plan a forecast says nothing. */
#define FORECAST_LEAST_PERCENT 20

/* Estimate at completion: EAC = used / done x planned. NULL where nothing is done, or less than
 * FORECAST_LEAST_PERCENT of the plan. */
const struct fraction *forecast_at_completion(struct sheet *sheet, const struct fraction *used,
                                              const struct fraction *done_t,
                                              const struct fraction *planned_t);

/* The rate that is left: (quota - used) / (planned - done), which may be negative. NULL where no
 * steel is left to be made. It is the rate' of a re-allocation, too. */
const struct fraction *forecast_rate_left(struct sheet *sheet, const struct fraction *quota,
                                          const struct fraction *used,
                                          const struct fraction *done_t,
                                          const struct fraction *planned_t);

/* w x rate_now + (1 - w) x historical, w = done / planned at most 1: early in a period history
 * weighs more. NULL where the plan is 0. */
const struct fraction *forecast_blend(struct sheet *sheet, const struct fraction *rate_now,
                                      const struct fraction *historical,
                                      const struct fraction *done_t,
                                      const struct fraction *planned_t);

#endif
