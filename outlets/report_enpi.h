/* report enpi: energy used for a tonne of steel, and against its baseline. */
#ifndef HEATLEDGER_REPORT_ENPI_H
#define HEATLEDGER_REPORT_ENPI_H

#include "report_kind.h"

extern const struct report_kind report_enpi_kind;

#endif
