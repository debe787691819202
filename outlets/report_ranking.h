/* report ranking: the crews on the same mix of grades. */
#ifndef HEATLEDGER_REPORT_RANKING_H
#define HEATLEDGER_REPORT_RANKING_H

#include "report_kind.h"

extern const struct report_kind report_ranking_kind;

#endif
