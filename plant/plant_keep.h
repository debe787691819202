/* What must stay as it is within the life of a ledger: that on which everything booked so far
 * rests. */
#ifndef HEATLEDGER_PLANT_KEEP_H
#define HEATLEDGER_PLANT_KEEP_H

#include "plant_field.h"

#include <stdint.h>

/* Adds a mistake to reader->findings for each thing in reader->plant, the configuration that is to
 * come, that was another in `former`, the one in force, and may not change. Nothing booked so far
 * lies behind `border_us`: sharing keys may change from there on. */
void plant_keep_check(struct plant_reader *reader, const struct plant *former, int64_t border_us);

#endif
