/* What a crew-shift or period that is not over will have used at its end, in report quotas: used /
 * done x planned, where its steel is planned. */
#ifndef HEATLEDGER_REPORT_FORECAST_H
#define HEATLEDGER_REPORT_FORECAST_H

#include "report_kind.h"

/* Fills the column "forecast". It stays unknown where nothing is planned, a heat is not weighed,
 * or less than a fifth of the plan is done. */
bool report_forecast(const struct report_source *source, struct table *table,
                     struct failure *failure);

#endif
