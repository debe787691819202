/* The numbers of metric.h as Prometheus reads them (text format 0.0.4). */
#ifndef HEATLEDGER_METRICS_H
#define HEATLEDGER_METRICS_H

#include "failure.h"
#include "metric.h"

#include <stdio.h>

#define METRICS_FILE "metrics.prom" /* in the directory of the ledger */

/* Writes all rows: times in seconds, a histogram with its bounds, sum and count. */
void metrics_write(const struct metrics *metrics, FILE *out);

/* Puts them into DIRECTORY/metrics.prom, which whoever reads it finds whole at any moment: it is
 * written under another name first. False with FAILURE_RESOURCE where it cannot be; the former one
 * stays then. */
bool metrics_write_file(const struct metrics *metrics, const char *directory,
                        struct failure *failure);

#endif
