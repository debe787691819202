/* `report papers`: what people handed in about quotas, plans and money, and what became of it.
 * Private to outlets. */
#ifndef HEATLEDGER_REPORT_PAPERS_H
#define HEATLEDGER_REPORT_PAPERS_H

#include "report_kind.h"

extern const struct report_kind report_papers_kind;

#endif
