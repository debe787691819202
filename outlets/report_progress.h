/* report progress: earned value against the production plan. */
#ifndef HEATLEDGER_REPORT_PROGRESS_H
#define HEATLEDGER_REPORT_PROGRESS_H

#include "report_kind.h"

extern const struct report_kind report_progress_kind;

#endif
