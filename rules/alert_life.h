/* The life of an account's alerts: raised, cleared with hysteresis, closed with its holder. */
#ifndef HEATLEDGER_RULES_ALERT_LIFE_H
#define HEATLEDGER_RULES_ALERT_LIFE_H

#include "account.h"

#include <stdbool.h>
#include <stdint.h>

typedef void alert_life_emit(void *context, const struct alert_transition *transition);

/* Whether judging the account as it stands would emit anything. */
bool alert_life_pending(const struct account *account);

/* Judges the account as it stands and hands each step of its alerts to `emit`, level by level. */
void alert_life_judge(struct account *account, int64_t now_us, alert_life_emit *emit,
                      void *context);

#endif
