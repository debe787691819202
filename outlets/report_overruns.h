/* report overruns: what was used beyond a quota, and why. */
#ifndef HEATLEDGER_REPORT_OVERRUNS_H
#define HEATLEDGER_REPORT_OVERRUNS_H

#include "report_kind.h"

extern const struct report_kind report_overruns_kind;

#endif
