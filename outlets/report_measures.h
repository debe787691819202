/* report measures: the register of saving measures, and whether they pay. */
#ifndef HEATLEDGER_REPORT_MEASURES_H
#define HEATLEDGER_REPORT_MEASURES_H

#include "report_kind.h"

extern const struct report_kind report_measures_kind;

#endif
