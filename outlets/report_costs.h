/* report costs: what use cost, and what energy it was, by crew and item; what a tonne of steel cost
 * a crew and the shop, what was won back apart. */
#ifndef HEATLEDGER_REPORT_COSTS_H
#define HEATLEDGER_REPORT_COSTS_H

#include "report_kind.h"

extern const struct report_kind report_costs_kind;

#endif
