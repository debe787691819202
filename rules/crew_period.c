#include "crew_period.h"

#include "failure.h"

#define SUM_MAX (INT64_MAX / 4)

static int64_t capped(quantity_wide amount)
{
    return amount > SUM_MAX ? SUM_MAX : (int64_t)amount;
}

bool crew_period_sum(const struct holders *holders, quota_id quota, crew_id crew,
                     struct period period, struct crew_period *sum)
{
    REQUIRE(quota.index < holders->quota_count);
    quantity_wide limit_base = 0, used_base = 0;
    bool any = false, known = true;
    for (const struct holder *holder = holders->table; holder != NULL; holder = holder->hh.next) {
        const struct account *account =
            quota.index < holder->quota_count ? holder->accounts[quota.index] : NULL;
        if (holder_scope(holder) != BALANCE_CREW || holder->slot.crew.index != crew.index ||
            !period_holds(period, holder->slot.day) || account == NULL || !account->counts ||
            (account->earned.absent && account_judged_base(account) == 0)) {
            continue;
        }
        bool allowed_known = account_allowed_known(account);
        known = known && (allowed_known || account_judged_base(account) == 0);
        any = any || allowed_known;
        used_base += account_judged_base(account);
        limit_base += allowed_known ? account->allowed_base[QUOTA_LIMIT] : 0;
    }
    *sum = (struct crew_period){capped(limit_base), capped(used_base)};
    return any && known;
}
