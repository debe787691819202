/* report variance: usage and price variance by crew and quota. */
#ifndef HEATLEDGER_REPORT_VARIANCE_H
#define HEATLEDGER_REPORT_VARIANCE_H

#include "report_kind.h"

extern const struct report_kind report_variance_kind;

#endif
