#include "holder.h"

#include "memory.h"
#include "timestamp.h"

#include <stdlib.h>

_Static_assert(sizeof(struct holder_key) == 12, "hashed as bytes: no padding allowed");

struct holder *holder_create(struct holder_key key, uint32_t quota_count)
{
    struct holder *holder = memory_zeroed(1, sizeof *holder);
    holder->key = key;
    holder->quota_count = quota_count;
    holder->rated_us = INT64_MIN;
    holder->accounts = memory_zeroed(quota_count, sizeof(struct account *));
    return holder;
}

void holder_destroy(struct holder *holder)
{
    for (uint32_t i = 0; i < holder->quota_count; i++) {
        free(holder->accounts[i]);
    }
    used_clear(&holder->booked);
    used_clear(&holder->open);
    free(holder->accounts);
    free(holder);
}

struct holder_key holder_key_heat(heat_no heat)
{
    return (struct holder_key){.scope = BALANCE_HEAT, .heat_or_day = heat.value};
}

struct holder_key holder_key_slot(struct crew_slot slot)
{
    return (struct holder_key){
        .scope = BALANCE_CREW,
        .heat_or_day = (uint32_t)slot.day,
        .shift = slot.shift.index,
        .crew = slot.crew.index,
    };
}

struct holder_key holder_key_period(struct period period)
{
    return (struct holder_key){
        .scope = BALANCE_PERIOD,
        .heat_or_day = (uint32_t)period.from_day,
        .shift = (uint16_t)period.kind,
    };
}

enum balance_scope holder_scope(const struct holder *holder)
{
    return (enum balance_scope)holder->key.scope;
}

bool holder_ended(const struct holder *holder)
{
    if (holder_scope(holder) == BALANCE_HEAT) {
        return heat_ended(&holder->heat);
    }
    return holder->shift_ended && holder->heats_unended == 0;
}

bool holder_slot_known(const struct holder *holder)
{
    return holder_scope(holder) == BALANCE_CREW ||
           (holder_scope(holder) == BALANCE_HEAT && heat_owned(&holder->heat));
}

struct crew_slot holder_slot(const struct holder *holder)
{
    if (holder_scope(holder) == BALANCE_CREW) {
        return holder->slot;
    }
    return holder_slot_known(holder) ? holder->heat.owner : (struct crew_slot){0};
}

static int compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

int holder_compare(const struct holder *a, const struct holder *b)
{
    int order = compare_numbers(a->key.scope, b->key.scope);
    if (order == 0) {
        order = holder_scope(a) == BALANCE_HEAT
                    ? compare_numbers(a->key.heat_or_day, b->key.heat_or_day)
                    : compare_numbers((int32_t)a->key.heat_or_day, (int32_t)b->key.heat_or_day);
    }
    if (order == 0) {
        order = compare_numbers(a->key.shift, b->key.shift);
    }
    return order != 0 ? order : compare_numbers(a->key.crew, b->key.crew);
}

int64_t holder_heat_rated_us(const struct heat *heat, const struct used *booked)
{
    if (heat->first_start_us != TIMESTAMP_NEVER_US) {
        return heat->first_start_us;
    }
    if (booked->count > 0) {
        return booked->uses[0].start_us;
    }
    if (heat_owned(heat)) {
        return heat->owner_at_us;
    }
    return heat_ended(heat) ? heat->ended_us : INT64_MIN;
}

bool holder_counts(const struct holder *holder, const struct quota *quota)
{
    if (holder_scope(holder) == BALANCE_PERIOD) {
        return quota_counts_period(quota, holder->period);
    }
    if (holder_slot_known(holder)) {
        return quota_counts_slot(quota, holder_slot(holder));
    }
    const struct used_at *first = used_first(&holder->booked, &holder->open);
    return first != NULL ? quota_counts_slot(quota, first->slot)
                         : quota->from.day == 0 && quota->until.day == 0;
}

bool holder_quota_of_heats(const struct quota *quota)
{
    return quota->of_heats && !quota_takes_all(quota);
}
