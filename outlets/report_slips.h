/* report slips: pick slips, and what the hoppers weighed against them. */
#ifndef HEATLEDGER_REPORT_SLIPS_H
#define HEATLEDGER_REPORT_SLIPS_H

#include "report_kind.h"

extern const struct report_kind report_slips_kind;

#endif
