/* How far back anything of a meter goes. What is further back than its newest reading is refused;
 * where nothing was heard for longer, a meter begins anew: nobody can tell any more whose use that
 * was, and a wrong clock tells the same story. A year and a month: gaps of 217 days are real. */
#ifndef HEATLEDGER_REACH_H
#define HEATLEDGER_REACH_H

#include <stdint.h>

#define REACH_US (400 * INT64_C(86400000000))

#endif
