/* What was planned and not earned: at a month's close it goes to the reserve of a quota, or comes
 * out of it where more steel was made than planned. */
#ifndef HEATLEDGER_RULES_RESERVE_H
#define HEATLEDGER_RULES_RESERVE_H

#include "holders.h"
#include "quota_entry.h"

#include <stdint.h>

/* Enters, for every quota per tonne that is held against crews, what `planned_g` grams of steel are
 * allowed in the period, by the rates in force at its first instant and of no grade, less what the
 * heats owned in it have earned by now: workshop to reserve. Heats that come or change later change
 * nothing of it. */
void reserve_close(const struct holders *holders, struct period period, int64_t planned_g,
                   int64_t now_us, quota_entry_emit *emit, void *context);

#endif
