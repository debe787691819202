/* report period: the figures of closed periods, as signed and as they are now. */
#ifndef HEATLEDGER_REPORT_PERIOD_H
#define HEATLEDGER_REPORT_PERIOD_H

#include "report_kind.h"

extern const struct report_kind report_period_kind;

#endif
