#include "allowance.h"

#include "production_day.h"

bool allowance_of_heat(const struct quota *quota, const struct heat *heat)
{
    return quota->basis == QUOTA_PER_HEAT ||
           (quota_sums_heats(quota) && quota_steel_g(quota, heat) > 0);
}

bool allowance_waits(const struct quota *quota, const struct heat *heat)
{
    return quota->basis == QUOTA_LINEAR && quota_steel_g(quota, heat) < 0;
}

/* Whether the holder by itself is allowed anything. */
static bool allows(const struct account *account)
{
    const struct quota *quota = account->quota;
    return holder_scope(account->holder) == BALANCE_HEAT
               ? account->counts && allowance_of_heat(quota, &account->holder->heat)
               : quota_takes_all(quota);
}

static struct quota_case case_of(const struct holders *holders, const struct account *account)
{
    const struct holder *holder = account->holder;
    struct quota_case of = {.at_us = holder->rated_us};
    if (holder_scope(holder) == BALANCE_HEAT) {
        of.grade = holder->heat.grade;
        of.steel_g = quota_steel_g(account->quota, &holder->heat);
        if (account->quota->season_count > 0 && holder->rated_us != INT64_MIN) {
            of.day = production_day_at(&holders->zone, holders->catalog, holder->rated_us);
        }
    } else if (holder_scope(holder) == BALANCE_CREW) {
        of.day = holder->slot.day;
        of.actual_us = holder->actual_us;
        of.nominal_us = holder->nominal_us;
    } else {
        of.day = holder->period.from_day;
    }
    return of;
}

void allowance_add(const struct holders *holders, struct account *account, int sign)
{
    const struct quota *quota = account->quota;
    if (!allows(account)) {
        return;
    }
    const struct quota_case of = case_of(holders, account);
    account->two_levels += quota_two_levels(quota, &of) ? sign : 0;
    for (int level = 0; level < QUOTA_LEVELS; level++) {
        account->allowed_base[level] +=
            sign * (quantity_wide)quota_allowed_base(quota, holders->catalog,
                                                     (enum quota_level)level, &of);
    }
}

int64_t allowance_own_base(const struct holders *holders, const struct account *account,
                           enum quota_level level)
{
    const struct quota_case of = case_of(holders, account);
    return allows(account) ? quota_allowed_base(account->quota, holders->catalog, level, &of) : 0;
}

void allowance_set(const struct holders *holders, struct account *account)
{
    account->counts = holder_counts(account->holder, account->quota);
    account->counted_heats =
        holder_scope(account->holder) == BALANCE_HEAT && allows(account) ? 1 : 0;
    account->unknown_heats = 0;
    account->two_levels = 0;
    for (int level = 0; level < QUOTA_LEVELS; level++) {
        account->allowed_base[level] = 0;
    }
    allowance_add(holders, account, 1);
}
