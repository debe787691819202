#include "account.h"

#include "holder.h"

bool account_allowed_known(const struct account *account)
{
    return quota_takes_all(account->quota) ? account->unknown_heats == 0
                                           : account->counted_heats > 0;
}

int64_t account_judged_base(const struct account *account)
{
    return quantity_add(account->used_base[ACCOUNT_BOOKED], account->used_base[ACCOUNT_OPEN]);
}

quantity_wide account_excess_base(const struct account *account, enum quota_level level)
{
    return account_judged_base(account) - account->allowed_base[level];
}

int64_t account_allowed_base(const struct account *account, enum quota_level level)
{
    quantity_wide allowed_base = account->allowed_base[level];
    return allowed_base > INT64_MAX ? INT64_MAX : (int64_t)allowed_base;
}

bool account_is_judged(const struct account *account)
{
    enum balance_scope scope = holder_scope(account->holder);
    if (scope == BALANCE_HEAT) {
        return holder_quota_of_heats(account->quota);
    }
    return scope == BALANCE_PERIOD || account->quota->of_crews;
}

int64_t account_distance_base(const struct account *account)
{
    if (!account_is_judged(account) || !account_allowed_known(account)) {
        return ACCOUNT_DISTANCE_NEVER;
    }
    quantity_wide nearest_base = ACCOUNT_DISTANCE_NEVER;
    for (int level = 0; level < QUOTA_JUDGED_LEVELS; level++) {
        quantity_wide excess_base = account_excess_base(account, (enum quota_level)level);
        quantity_wide distance_base = account->division_base - excess_base;
        if (distance_base > 0 && distance_base < nearest_base) {
            nearest_base = distance_base;
        }
    }
    return (int64_t)nearest_base;
}

static enum verdict verdict_of(const struct account *account, int64_t used_base)
{
    if (!account_allowed_known(account)) {
        return VERDICT_UNKNOWN;
    }
    if (used_base - account->allowed_base[QUOTA_LIMIT] >= account->division_base) {
        return VERDICT_RED;
    }
    if (used_base - account->allowed_base[QUOTA_TARGET] >= account->division_base) {
        return VERDICT_AMBER;
    }
    return VERDICT_GREEN;
}

struct balance account_balance(const struct account *account)
{
    const struct holder *holder = account->holder;
    int64_t used_base =
        quantity_add(account->used_base[ACCOUNT_BOOKED], account->used_base[ACCOUNT_SHOWN]);
    bool allowed_known = account_allowed_known(account);
    struct balance balance = {
        .quota = account->id,
        .scope = holder_scope(holder),
        .heat = holder->heat.no,
        .slot_known = holder_slot_known(holder),
        .period = holder->period,
        .allowed_known = allowed_known,
        .allowed_target_base = allowed_known ? account_allowed_base(account, QUOTA_TARGET) : 0,
        .allowed_limit_base = allowed_known ? account_allowed_base(account, QUOTA_LIMIT) : 0,
        .allowed_stretch_base = allowed_known && account->quota->has_stretch
                                    ? account_allowed_base(account, QUOTA_STRETCH)
                                    : -1,
        .used_base = used_base,
        .verdict = verdict_of(account, used_base),
        .provisional = !holder_ended(holder),
    };
    balance.slot = holder_slot(holder);
    return balance;
}

static int compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

int account_compare(const void *a, const void *b)
{
    const struct account *one = *(const struct account *const *)a;
    const struct account *other = *(const struct account *const *)b;
    int order = compare_numbers(one->id.index, other->id.index);
    return order != 0 ? order : holder_compare(one->holder, other->holder);
}
