/* The life of an account's alerts: raised, cleared with hysteresis, closed with its holder. */
#ifndef HEATLEDGER_RULES_ALERT_LIFE_H
#define HEATLEDGER_RULES_ALERT_LIFE_H

#include "account.h"
#include "alert.h"

#include <stdbool.h>
#include <stdint.h>

/* Whether judging the account as it stands would emit anything. */
bool alert_life_pending(const struct account *account);

/* Judges the account as it stands and hands each step of its alerts to `emit`, level by level. */
void alert_life_judge(struct account *account, int64_t now_us, alert_emit *emit, void *context);

/* A step of one of the account's alerts with the figures of now, all but its state. */
struct alert_transition alert_life_step(const struct account *account, enum alert_level level,
                                        int64_t now_us);

#endif
