/* What stands below `report rejects` for people. */
#ifndef HEATLEDGER_REPORT_REJECTS_H
#define HEATLEDGER_REPORT_REJECTS_H

#include "table.h"

/* Says where the older ones are, if any are not listed. */
void report_rejects_write_rest(const struct table *table, FILE *out);

#endif
