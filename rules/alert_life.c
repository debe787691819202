#include "alert_life.h"

#include "holder.h"

_Static_assert((int)ALERT_TARGET == (int)QUOTA_TARGET && (int)ALERT_LIMIT == (int)QUOTA_LIMIT &&
                   (int)ALERT_LEVELS == (int)QUOTA_LEVELS,
               "an alert level is a quota level");

static struct alert_transition step(const struct account *account, enum alert_level level,
                                    int64_t now_us)
{
    const struct holder *holder = account->holder;
    return (struct alert_transition){
        .quota = account->id,
        .scope = holder_scope(holder),
        .heat = holder->heat.no,
        .slot = holder_slot(holder),
        .slot_known = holder_slot_known(holder),
        .level = level,
        .at_us = now_us,
        .used_base = account_judged_base(account),
        .allowed_base = account_allowed_base(account, (enum quota_level)level),
        .retro = holder->had_ended && holder_ended(holder),
    };
}

/* Whether the alert stands after this judging. Without an allowance nothing is over, and what was
 * said of an earlier allowance cannot be upheld. */
static bool stands(const struct account *account, enum alert_level level)
{
    if (!account_allowed_known(account)) {
        return false;
    }
    quantity_wide excess_base = account_excess_base(account, (enum quota_level)level);
    return account->risen[level] ? excess_base > -account->division_base
                                 : excess_base >= account->division_base;
}

static void judge_level(struct account *account, enum alert_level level, int64_t now_us,
                        alert_life_emit *emit, void *context)
{
    struct alert_transition transition = step(account, level, now_us);
    bool risen = stands(account, level);
    if (risen != account->risen[level]) {
        account->risen[level] = risen;
        account->unclosed[level] = true;
        transition.state = risen ? ALERT_RAISED : ALERT_CLEARED;
        emit(context, &transition);
    }
    if (account->unclosed[level] && holder_ended(account->holder)) {
        account->unclosed[level] = false;
        transition.state = ALERT_CLOSED;
        emit(context, &transition);
    }
}

/* Equal rates are one level: the limit. */
static enum alert_level first_level(const struct account *account)
{
    const struct quota *quota = account->quota;
    return quota->rate_e9[QUOTA_TARGET] != quota->rate_e9[QUOTA_LIMIT] ? ALERT_TARGET : ALERT_LIMIT;
}

bool alert_life_pending(const struct account *account)
{
    if (!account->kept || !account_is_judged(account)) {
        return false;
    }
    bool ended = holder_ended(account->holder);
    for (int i = (int)first_level(account); i < ALERT_LEVELS; i++) {
        enum alert_level level = (enum alert_level)i;
        if (stands(account, level) != account->risen[level] ||
            (account->unclosed[level] && ended)) {
            return true;
        }
    }
    return false;
}

void alert_life_judge(struct account *account, int64_t now_us, alert_life_emit *emit, void *context)
{
    if (!alert_life_pending(account)) {
        return;
    }
    for (int level = (int)first_level(account); level < ALERT_LEVELS; level++) {
        judge_level(account, (enum alert_level)level, now_us, emit, context);
    }
}
