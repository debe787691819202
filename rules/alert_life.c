#include "alert_life.h"

#include "holder.h"

_Static_assert((int)ALERT_TARGET == (int)QUOTA_TARGET && (int)ALERT_LIMIT == (int)QUOTA_LIMIT &&
                   (int)ALERT_LEVELS == (int)QUOTA_JUDGED_LEVELS,
               "an alert level is a quota level");

struct alert_transition alert_life_step(const struct account *account, enum alert_level level,
                                        int64_t now_us)
{
    const struct holder *holder = account->holder;
    return (struct alert_transition){
        .matter = ALERT_QUOTA,
        .quota = account->id,
        .scope = holder_scope(holder),
        .heat = holder->heat.no,
        .slot = holder_slot(holder),
        .slot_known = holder_slot_known(holder),
        .period = holder->period,
        .level = level,
        .at_us = now_us,
        .used_base = account_judged_base(account),
        .allowed_base = account_allowed_base(account, (enum quota_level)level),
        .retro = holder->had_ended && holder_ended(holder),
    };
}

/* Whether the alert stands after this judging. Without an allowance nothing is over, and what was
 * said of an earlier allowance cannot be upheld. Where all that is allowed is allowed by equal
 * rates there is one level: the limit. */
static bool stands(const struct account *account, enum alert_level level)
{
    if (!account_allowed_known(account) || (level == ALERT_TARGET && account->two_levels == 0)) {
        return false;
    }
    quantity_wide excess_base = account_excess_base(account, (enum quota_level)level);
    return account->alerts[level].risen ? excess_base > -account->division_base
                                        : excess_base >= account->division_base;
}

bool alert_life_pending(const struct account *account)
{
    if (!account->kept || !account_is_judged(account)) {
        return false;
    }
    bool ended = holder_ended(account->holder);
    for (int i = 0; i < ALERT_LEVELS; i++) {
        enum alert_level level = (enum alert_level)i;
        if (alert_pending(&account->alerts[level], stands(account, level), ended)) {
            return true;
        }
    }
    return false;
}

void alert_life_judge(struct account *account, int64_t now_us, alert_emit *emit, void *context)
{
    if (!alert_life_pending(account)) {
        return;
    }
    bool ended = holder_ended(account->holder);
    for (int i = 0; i < ALERT_LEVELS; i++) {
        enum alert_level level = (enum alert_level)i;
        alert_judge(&account->alerts[level], stands(account, level), ended,
                    alert_life_step(account, level, now_us), emit, context);
    }
}
