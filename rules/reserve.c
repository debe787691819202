#include "reserve.h"

#include "failure.h"
#include "production_day.h"
#include "quantity.h"

/* What all heats that crew-shifts of the period own have earned. */
static int64_t earned_base(const struct holders *holders, uint32_t quota, struct period period,
                           enum quota_level level)
{
    int64_t sum_base = 0;
    for (const struct holder *holder = holders->table; holder != NULL; holder = holder->hh.next) {
        if (holder_scope(holder) == BALANCE_HEAT && heat_owned(&holder->heat) &&
            period_holds(period, holder->heat.owner.day) && holder->accounts[quota] != NULL) {
            sum_base = quantity_add(sum_base, holder->accounts[quota]->earned.entered_base[level]);
        }
    }
    return sum_base;
}

void reserve_close(const struct holders *holders, struct period period, int64_t planned_g,
                   int64_t now_us, quota_entry_emit *emit, void *context)
{
    REQUIRE(planned_g >= 0);
    const struct quota_case planned = {
        .at_us = production_day_start_us(&holders->zone, holders->catalog, period.from_day),
        .day = period.from_day,
        .grade = "",
        .steel_g = planned_g,
    };
    for (uint16_t i = 0; i < holders->quota_count; i++) {
        const struct quota *quota = &holders->quotas[i];
        int64_t left_base[QUOTA_JUDGED_LEVELS];
        if (quota->basis != QUOTA_PER_TONNE || !quota->of_crews || quota->retired) {
            continue;
        }
        for (int level = 0; level < QUOTA_JUDGED_LEVELS; level++) {
            left_base[level] = quantity_add(
                quota_allowed_base(quota, holders->catalog, (enum quota_level)level, &planned),
                -earned_base(holders, i, period, (enum quota_level)level));
        }
        const struct quota_entry entry = {
            .quota = {i},
            .from = quota_account_workshop(),
            .to = {.kind = QUOTA_ACCOUNT_RESERVE, .period = period},
            .target_base = left_base[QUOTA_TARGET],
            .limit_base = left_base[QUOTA_LIMIT],
            .cause = QUOTA_ENTRY_RESERVE,
            .at_us = now_us,
        };
        if (entry.target_base != 0 || entry.limit_base != 0) {
            emit(context, &entry);
        }
    }
}
