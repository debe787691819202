/* `report levels`: how far every quota's balance came, the stretch included, and what kind of quota
 * it is. */
#ifndef HEATLEDGER_REPORT_LEVELS_H
#define HEATLEDGER_REPORT_LEVELS_H

#include "report_kind.h"

extern const struct report_kind report_levels_kind;

#endif
