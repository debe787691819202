/* report settlement: what each crew gets back of its risk pool. */
#ifndef HEATLEDGER_REPORT_SETTLEMENT_H
#define HEATLEDGER_REPORT_SETTLEMENT_H

#include "report_kind.h"

extern const struct report_kind report_settlement_kind;

#endif
