/* report plan: what quotas may use in longer periods, divided down, and how far it has gone. */
#ifndef HEATLEDGER_REPORT_PLAN_H
#define HEATLEDGER_REPORT_PLAN_H

#include "allocation.h"
#include "report_kind.h"

#define REPORT_HOLDER_MAX 256 /* bytes of a holder's name, with those above it */

extern const struct report_kind report_plan_kind;

/* "BOF/A/合金工": the holder of a line, with those above it; "" for the shop. */
const char *report_plan_holder(const struct catalog *catalog, const struct allocation *allocation,
                               const struct allocation_line *line, char text[REPORT_HOLDER_MAX]);

#endif
