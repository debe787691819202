/* report reallocation: what the rest of a period would get of what is left of a quota. */
#ifndef HEATLEDGER_REPORT_REALLOCATION_H
#define HEATLEDGER_REPORT_REALLOCATION_H

#include "report_kind.h"

extern const struct report_kind report_reallocation_kind;

#endif
