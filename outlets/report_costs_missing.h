/* What stands below report costs: the items that have no price, or no factor where others of their
 * class have one, and what was divided over bands of a tariff by time. */
#ifndef HEATLEDGER_REPORT_COSTS_MISSING_H
#define HEATLEDGER_REPORT_COSTS_MISSING_H

#include "table.h"

#include <stdio.h>

void report_costs_write_missing(const struct table *table, FILE *out);
void report_costs_write_missing_zh(const struct table *table, FILE *out);

#endif
