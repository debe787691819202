#include "earned.h"

#include "allowance.h"
#include "holders.h"
#include "quantity.h"

#include <string.h>

/* Makes the account of a quota that allows something to the holder by itself. */
static void open_account(struct holders *holders, struct holder *holder, uint32_t quota)
{
    holders_mark(holders, holders_account(holders, holder, quota));
}

void earned_begin_shift(struct holders *holders, struct crew_slot slot)
{
    struct holder *shift = holders_slot(holders, slot); /* NULL: of a hole in the roster */
    for (uint32_t i = 0; i < holders->quota_count; i++) {
        const struct quota *quota = &holders->quotas[i];
        enum period_kind kind = PERIOD_DAY;
        if (quota_of_period(quota, &kind)) {
            struct period period = period_of(kind, slot.day);
            if (quota_counts_period(quota, period)) {
                open_account(holders, holders_make_period(holders, period), i);
            }
        } else if (quota_takes_all(quota) && quota->of_crews && shift != NULL &&
                   quota_counts_slot(quota, slot)) {
            open_account(holders, shift, i);
        }
    }
}

void earned_set_absent(struct holders *holders, struct crew_slot slot, bool absent)
{
    struct holder *shift = holders_slot(holders, slot);
    for (uint32_t i = 0; shift != NULL && i < shift->quota_count; i++) {
        struct account *account = shift->accounts[i];
        if (account != NULL && account->earned.absent != absent) {
            account->earned.absent = absent;
            holders_mark(holders, account);
        }
    }
}

/* Whether a heat earns on that quota: it is held against the heat, or against who owns it. */
static bool heat_earns(const struct account *account)
{
    const struct quota *quota = account->quota;
    const struct heat *heat = &account->holder->heat;
    bool of_owner = quota->of_crews && heat_owned(heat) && heat->owner.crew.index != CATALOG_NONE;
    return !heat->gone && account->counts && account->counted_heats > 0 &&
           (holder_quota_of_heats(quota) || of_owner);
}

/* Whether what is due is known; `due_base` by level, 0 where it is not. */
static bool find_due(const struct holders *holders, const struct account *account,
                     int64_t due_base[QUOTA_JUDGED_LEVELS])
{
    const struct quota *quota = account->quota;
    enum balance_scope scope = holder_scope(account->holder);
    bool absent = account->earned.absent && account_judged_base(account) == 0;
    bool known = scope == BALANCE_HEAT ? heat_earns(account)
                                       : account->counts && quota_takes_all(quota) && !absent;
    for (int i = 0; i < QUOTA_JUDGED_LEVELS; i++) {
        enum quota_level level = (enum quota_level)i;
        if (!known) {
            due_base[i] = 0;
        } else if (scope == BALANCE_CREW && quota_sums_heats(quota)) {
            due_base[i] = allowance_own_base(holders, account, level);
        } else {
            due_base[i] = account_allowed_base(account, level);
        }
    }
    return known;
}

/* What left a heat, net; negative of one that was made of others' steel alone. */
static int64_t moved_g(const struct heat *heat)
{
    return heat->weighed_g - heat->steel_g;
}

static enum quota_entry_cause cause_of(const struct account *account, bool known)
{
    const struct earned *earned = &account->earned;
    const struct heat *heat = &account->holder->heat;
    bool of_heat = holder_scope(account->holder) == BALANCE_HEAT;
    if (!known) {
        return QUOTA_ENTRY_VOID;
    }
    if (!earned->known) {
        bool came = of_heat && heat->weighed_g < 0 && quota_steel_g(account->quota, heat) > 0;
        return came ? QUOTA_ENTRY_STEEL : QUOTA_ENTRY_EARNED;
    }
    if (of_heat && earned->moved_g != moved_g(heat)) {
        return QUOTA_ENTRY_STEEL;
    }
    return of_heat && earned->steel_g != quota_steel_g(account->quota, heat) ? QUOTA_ENTRY_WEIGHT
                                                                             : QUOTA_ENTRY_REVISION;
}

static struct quota_account account_of(const struct holder *holder)
{
    static const enum quota_account_kind kinds[] = {
        [BALANCE_HEAT] = QUOTA_ACCOUNT_HEAT,
        [BALANCE_CREW] = QUOTA_ACCOUNT_CREW,
        [BALANCE_PERIOD] = QUOTA_ACCOUNT_PERIOD,
    };
    enum balance_scope scope = holder_scope(holder);
    struct quota_account account = {.kind = kinds[scope]};
    if (scope == BALANCE_HEAT) {
        account.heat = holder->heat.no;
    } else if (scope == BALANCE_CREW) {
        account.slot = holder->slot;
    } else {
        account.period = holder->period;
    }
    return account;
}

/* What a later entry is told apart by. */
static void note(struct account *account, bool known)
{
    const struct heat *heat = &account->holder->heat;
    account->earned.known = known;
    if (holder_scope(account->holder) == BALANCE_HEAT) {
        account->earned.steel_g = quota_steel_g(account->quota, heat);
        account->earned.moved_g = moved_g(heat);
    }
}

void earned_assume(const struct holders *holders, struct account *account)
{
    note(account, find_due(holders, account, account->earned.entered_base));
}

void earned_enter(const struct holders *holders, struct account *account, int64_t now_us,
                  quota_entry_emit *emit, void *context)
{
    struct earned *earned = &account->earned;
    int64_t due_base[QUOTA_JUDGED_LEVELS];
    bool known = find_due(holders, account, due_base);
    struct quota_entry entry = {
        .quota = account->id,
        .from = quota_account_workshop(),
        .to = account_of(account->holder),
        .target_base = due_base[QUOTA_TARGET] - earned->entered_base[QUOTA_TARGET],
        .limit_base = due_base[QUOTA_LIMIT] - earned->entered_base[QUOTA_LIMIT],
        .cause = cause_of(account, known),
        .at_us = now_us,
    };
    note(account, known);
    if (entry.target_base == 0 && entry.limit_base == 0) {
        return;
    }
    memcpy(earned->entered_base, due_base, sizeof due_base);
    emit(context, &entry);
}

void earned_save(const struct earned *earned, struct snapshot_writer *writer)
{
    snapshot_put_flag(writer, earned->known);
    snapshot_put_flag(writer, earned->absent);
    for (int level = 0; level < QUOTA_JUDGED_LEVELS; level++) {
        snapshot_put_signed(writer, earned->entered_base[level]);
    }
    snapshot_put_signed(writer, earned->steel_g);
    snapshot_put_signed(writer, earned->moved_g);
    for (int level = 0; level < QUOTA_JUDGED_LEVELS; level++) {
        snapshot_put_signed(writer, earned->carried_base[level]);
    }
}

void earned_load(struct earned *earned, struct snapshot_reader *reader)
{
    earned->known = snapshot_get_flag(reader);
    earned->absent = snapshot_get_flag(reader);
    for (int level = 0; level < QUOTA_JUDGED_LEVELS; level++) {
        earned->entered_base[level] = snapshot_get_between(reader, 0, INT64_MAX);
    }
    earned->steel_g = snapshot_get_signed(reader);
    earned->moved_g = snapshot_get_signed(reader);
    for (int level = 0; level < QUOTA_JUDGED_LEVELS; level++) {
        earned->carried_base[level] = snapshot_get_signed(reader);
    }
}
