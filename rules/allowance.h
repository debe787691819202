/* What a holder by itself is allowed: a heat by its weight and grade, a shift by its length, a
 * period as a whole. What a crew-shift's heats are allowed adds to its own; holders.c sees to that.
 */
#ifndef HEATLEDGER_RULES_ALLOWANCE_H
#define HEATLEDGER_RULES_ALLOWANCE_H

#include "account.h"
#include "holders.h"

#include <stdbool.h>

/* Whether the heat counts on that quota's allowances: where it counts tonnes, it waits for them. */
bool allowance_of_heat(const struct quota *quota, const struct heat *heat);

/* Whether what a shift or a period is allowed waits for the heat's tonnes: nothing is judged on a
 * guess. */
bool allowance_waits(const struct quota *quota, const struct heat *heat);

/* Sets an account to what its holder by itself is allowed. */
void allowance_set(const struct holders *holders, struct account *account);

/* Adds that to the account (sign 1), or takes it off (-1). */
void allowance_add(const struct holders *holders, struct account *account, int sign);

/* What that is by one level, >= 0; 0 where it is nothing. Saturates at INT64_MAX. */
int64_t allowance_own_base(const struct holders *holders, const struct account *account,
                           enum quota_level level);

#endif
