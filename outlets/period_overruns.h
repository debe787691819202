/* The part of a period's document about overruns. Private to period_*.c. */
#ifndef HEATLEDGER_PERIOD_OVERRUNS_H
#define HEATLEDGER_PERIOD_OVERRUNS_H

#include "report_kind.h"

extern const struct report_kind period_overruns_kind;

#endif
