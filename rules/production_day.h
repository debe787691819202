/* The production day of an instant: the season of a rate, the beginning of a period. */
#ifndef HEATLEDGER_RULES_PRODUCTION_DAY_H
#define HEATLEDGER_RULES_PRODUCTION_DAY_H

#include "catalog.h"
#include "zone.h"

#include <stdint.h>

/* Days since 1970-01-01. A day begins with the first shift of the catalog. */
int32_t production_day_at(const struct zone *zone, const struct catalog *catalog, int64_t at_us);

/* Its first instant. */
int64_t production_day_start_us(const struct zone *zone, const struct catalog *catalog,
                                int32_t day);

#endif
