/* report pareto: the few overruns that make most of the loss. */
#ifndef HEATLEDGER_REPORT_PARETO_H
#define HEATLEDGER_REPORT_PARETO_H

#include "report_kind.h"

extern const struct report_kind report_pareto_kind;

#endif
