/* What people do about the rows of `report held`. Private to outlets. */
#ifndef HEATLEDGER_REPORT_HELD_H
#define HEATLEDGER_REPORT_HELD_H

#include "table.h"

#include <stdio.h>

/* The commands that accept the readings of the report, one a row, ready to be filled in. */
void report_held_write_entries(const struct table *table, FILE *out);

#endif
