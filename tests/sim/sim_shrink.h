/* From a failing seed to the few facts that it takes. */
#ifndef HEATLEDGER_SIM_SHRINK_H
#define HEATLEDGER_SIM_SHRINK_H

#include "sim_check.h"

/* Checks in a process of its own, so that an abort is a verdict, too. */
void sim_shrink_check(struct sim_case *one, bool thorough, struct sim_verdict *verdict);

/* Takes facts away, in halves, quarters and so on, while the same check still fails. */
void sim_shrink(struct sim_case *one, const struct sim_verdict *failed, struct sim_verdict *last);

#endif
