#include "rules.h"

#include "account.h"
#include "alert_life.h"
#include "failure.h"
#include "headroom.h"
#include "holders.h"
#include "memory.h"

#include <stdlib.h>

struct rules {
    struct holders holders;
    struct headroom headroom;
    bool showing;
};

struct rules *rules_create(const struct catalog *catalog, const struct quota *quotas,
                           uint32_t quota_count)
{
    struct rules *rules = memory_zeroed(1, sizeof *rules);
    holders_init(&rules->holders, catalog, quotas, quota_count);
    return rules;
}

void rules_destroy(struct rules *rules)
{
    if (rules == NULL) {
        return;
    }
    headroom_clear(&rules->headroom);
    holders_clear(&rules->holders);
    free(rules);
}

void rules_post(struct rules *rules, const struct segment *segment)
{
    REQUIRE(!rules->showing);
    holders_count(&rules->holders, segment, ACCOUNT_BOOKED, segment->amount_base);
}

void rules_heat(struct rules *rules, const struct heat *heat)
{
    REQUIRE(!rules->showing);
    headroom_recall(&rules->headroom, holders_change_heat(&rules->holders, heat));
}

void rules_slot_ended(struct rules *rules, struct crew_slot slot)
{
    REQUIRE(!rules->showing);
    holders_end_shift(&rules->holders, slot);
}

bool rules_watch(const struct rules *rules, meter_id meter)
{
    size_t count = 0;
    (void)holders_quotas(&rules->holders, meter, &count);
    return count > 0;
}

int64_t rules_open(struct rules *rules, meter_id meter, const struct segment *open, size_t count)
{
    REQUIRE(!rules->showing);
    return headroom_state(&rules->headroom, &rules->holders, meter, open, count);
}

bool rules_ask(struct rules *rules, meter_id *meter)
{
    return headroom_ask(&rules->headroom, &rules->holders, meter);
}

static void sort(struct account_list *list)
{
    if (list->count > 1) {
        qsort(list->accounts, list->count, sizeof(struct account *), account_compare);
    }
}

void rules_judge(struct rules *rules, int64_t now_us,
                 void (*emit)(void *context, const struct alert_transition *transition),
                 void *context)
{
    struct account_list *changed = &rules->holders.to_judge;
    sort(changed);
    for (size_t i = 0; i < changed->count; i++) {
        changed->accounts[i]->to_judge = false;
        alert_life_judge(changed->accounts[i], now_us, emit, context);
    }
    changed->count = 0;
    holders_settle(&rules->holders);
    headroom_next_round(&rules->headroom);
}

void rules_show_begin(struct rules *rules)
{
    REQUIRE(!rules->showing);
    rules->showing = true;
}

void rules_show_open(struct rules *rules, const struct segment *open, size_t count)
{
    REQUIRE(rules->showing);
    for (size_t i = 0; i < count; i++) {
        holders_count(&rules->holders, &open[i], ACCOUNT_SHOWN, open[i].amount_base);
    }
}

static bool balance_same(const struct balance *a, const struct balance *b)
{
    return a->slot_known == b->slot_known && crew_slot_equal(a->slot, b->slot) &&
           a->allowed_known == b->allowed_known &&
           a->allowed_target_base == b->allowed_target_base &&
           a->allowed_limit_base == b->allowed_limit_base && a->used_base == b->used_base &&
           a->verdict == b->verdict && a->provisional == b->provisional;
}

static void show(struct account *account,
                 void (*emit)(void *context, const struct balance *balance), void *context)
{
    if (!account->kept || !account_is_judged(account)) {
        return;
    }
    struct balance balance = account_balance(account);
    if (!account->was_shown || !balance_same(&balance, &account->last_shown)) {
        account->was_shown = true;
        account->last_shown = balance;
        emit(context, &balance);
    }
}

void rules_show_end(struct rules *rules, void (*emit)(void *context, const struct balance *balance),
                    void *context)
{
    REQUIRE(rules->showing);
    struct account_list *changed = &rules->holders.to_show;
    sort(changed);
    size_t again = 0;
    for (size_t i = 0; i < changed->count; i++) {
        struct account *account = changed->accounts[i];
        show(account, emit, context);
        account->to_show = account->used_base[ACCOUNT_SHOWN] != 0;
        if (account->to_show) { /* what is shown open now may be gone the next time */
            account->used_base[ACCOUNT_SHOWN] = 0;
            changed->accounts[again++] = account;
        }
    }
    changed->count = again;
    rules->showing = false;
}
