/* report kpi: how well the stations were used. */
#ifndef HEATLEDGER_REPORT_KPI_H
#define HEATLEDGER_REPORT_KPI_H

#include "report_kind.h"

extern const struct report_kind report_kpi_kind;

#endif
