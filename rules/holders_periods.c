/* Periods of the shop among the holders: made as something counts on them, over as days begin. */
#include "holders.h"

#include "memory.h"
#include "production_day.h"

struct holder *holders_period(const struct holders *holders, struct period period)
{
    struct holder_key key = holder_key_period(period);
    struct holder *holder = NULL;
    HASH_FIND(hh, holders->table, &key, sizeof key, holder);
    return holder;
}

void holders_watch_period(struct holders *holders, struct holder *period)
{
    period->shift_ended = period->period.until_day <= holders->present_day;
    if (!period->shift_ended) {
        memory_grow(&holders->periods, holders->period_count, &holders->period_capacity,
                    sizeof(struct holder *));
        holders->periods[holders->period_count++] = period;
    }
}

struct holder *holders_make_period(struct holders *holders, struct period period)
{
    struct holder *holder = holders_period(holders, period);
    if (holder != NULL) {
        return holder;
    }
    holder = holder_create(holder_key_period(period), holders->quota_count);
    HASH_ADD(hh, holders->table, key, sizeof holder->key, holder);
    holder->period = period;
    holder->rated_us = production_day_start_us(&holders->zone, holders->catalog, period.from_day);
    holders_watch_period(holders, holder);
    holder->had_ended = holder->shift_ended;
    return holder;
}

void holders_begin_day(struct holders *holders, int32_t day)
{
    if (day <= holders->present_day) {
        return;
    }
    size_t left = 0;
    holders->present_day = day;
    for (size_t i = 0; i < holders->period_count; i++) {
        struct holder *holder = holders->periods[i];
        if (holder->period.until_day > day) {
            holders->periods[left++] = holder;
        } else {
            holder->shift_ended = true;
            holders_mark_end(holders, holder);
        }
    }
    holders->period_count = left;
}
