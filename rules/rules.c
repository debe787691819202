#include "rules.h"

#include "account.h"
#include "alert_life.h"
#include "failure.h"
#include "memory.h"
#include "reserve.h"
#include "revisions.h"
#include "rules_state.h"

#include <stdlib.h>

struct rules *rules_create(const struct catalog *catalog, const struct quota *quotas,
                           uint32_t quota_count)
{
    struct rules *rules = memory_zeroed(1, sizeof *rules);
    rules->quotas = revisions_make(quotas, quota_count, &rules->papers);
    holders_init(&rules->holders, catalog, rules->quotas, quota_count);
    meter_alerts_init(&rules->meters, catalog->meter_count);
    return rules;
}

void rules_destroy(struct rules *rules)
{
    if (rules == NULL) {
        return;
    }
    shelves_clear(&rules->shelves);
    meter_alerts_clear(&rules->meters);
    headroom_clear(&rules->headroom);
    holders_clear(&rules->holders);
    papers_clear(&rules->papers);
    carried_clear(&rules->carried);
    free(rules->quotas);
    free(rules);
}

void rules_follow(struct rules *rules, const struct quota *quotas, uint32_t quota_count)
{
    REQUIRE(!rules->showing);
    const struct catalog *catalog = rules->holders.catalog;
    struct quota *former = rules->quotas;
    headroom_silence(&rules->headroom, &rules->holders);
    rules->quotas = revisions_make(quotas, quota_count, &rules->papers);
    holders_follow(&rules->holders, rules->quotas, quota_count);
    free(former);
    meter_alerts_follow(&rules->meters, catalog->meter_count);
    for (uint32_t i = 0; i < catalog->meter_count; i++) {
        if (catalog->meters[i].retired) {
            rules_meter_held(rules, (meter_id){i}, false, 0);
            rules_meter_silent(rules, (meter_id){i}, false);
        }
    }
}

void rules_post(struct rules *rules, const struct segment *segment)
{
    REQUIRE(!rules->showing);
    holders_count(&rules->holders, segment, ACCOUNT_BOOKED, segment->amount_base);
    const struct holder *anew = holders_note_use(&rules->holders, segment);
    if (anew != NULL) {
        headroom_recall(&rules->headroom, anew);
    }
}

void rules_heat(struct rules *rules, const struct heat *heat)
{
    REQUIRE(!rules->showing);
    headroom_recall(&rules->headroom, holders_change_heat(&rules->holders, heat));
}

void rules_slot_length(struct rules *rules, struct crew_slot slot, int64_t actual_us,
                       int64_t nominal_us)
{
    holders_size_shift(&rules->holders, slot, actual_us, nominal_us);
}

void rules_slot_start(struct rules *rules, struct crew_slot slot, int64_t start_us)
{
    holders_start_shift(&rules->holders, slot, start_us);
    earned_begin_shift(&rules->holders, slot);
}

void rules_zone(struct rules *rules, const struct zone *zone)
{
    REQUIRE(rules->holders.table == NULL);
    rules->holders.zone = *zone;
}

void rules_begin_day(struct rules *rules, int32_t day)
{
    REQUIRE(!rules->showing);
    holders_begin_day(&rules->holders, day);
}

void rules_meter_held(struct rules *rules, meter_id meter, bool held, int64_t amount_base)
{
    meter_alerts_set(&rules->meters, meter, ALERT_HELD, held, amount_base);
}

void rules_meter_silent(struct rules *rules, meter_id meter, bool silent)
{
    meter_alerts_set(&rules->meters, meter, ALERT_STALE, silent, 0);
}

bool rules_meter_stands(const struct rules *rules, meter_id meter, enum alert_matter matter)
{
    REQUIRE(meter.index < rules->meters.meter_count && matter < ALERT_METER_MATTERS);
    return rules->meters.meters[meter.index].alerts[matter].risen;
}

void rules_trouble(struct rules *rules, enum trouble_kind trouble, bool stands, int64_t at_us,
                   const char *text, alert_emit *emit, void *context)
{
    plant_alerts_set(&rules->plant, trouble, stands, at_us, text, emit, context);
}

bool rules_trouble_stands(const struct rules *rules, enum trouble_kind trouble, int64_t *since_us)
{
    return plant_alerts_stand(&rules->plant, trouble, since_us);
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

void rules_slot_absent(struct rules *rules, struct crew_slot slot, bool absent)
{
    REQUIRE(!rules->showing);
    earned_set_absent(&rules->holders, slot, absent);
}

void rules_enter(struct rules *rules, int64_t now_us, quota_entry_emit *emit, void *context)
{
    struct account_list *changed = &rules->holders.to_judge;
    sort(changed);
    for (size_t i = 0; i < changed->count; i++) {
        earned_enter(&rules->holders, changed->accounts[i], now_us, emit, context);
        carried_follow(&rules->carried, changed->accounts[i], now_us, emit, context);
    }
}

void rules_reserve(struct rules *rules, struct period month, int64_t planned_g, int64_t now_us,
                   quota_entry_emit *emit, void *context)
{
    REQUIRE(!rules->showing);
    reserve_close(&rules->holders, month, planned_g, now_us, emit, context);
}

void rules_carry(struct rules *rules, struct period month, int64_t now_us, quota_entry_emit *emit,
                 void *context)
{
    REQUIRE(!rules->showing);
    carried_close(&rules->carried, &rules->holders, month, now_us, emit, context);
}

void rules_judge(struct rules *rules, int64_t now_us, alert_emit *emit, void *context)
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
    meter_alerts_judge(&rules->meters, now_us, emit, context);
}

/* The alert that `asked` names, and its step with the figures of now; NULL: there is none. */
static struct alert *find_alert(struct rules *rules, const struct alert_transition *asked,
                                struct alert_transition *step)
{
    REQUIRE(asked->level < ALERT_LEVELS);
    if (asked->scope == BALANCE_METER) {
        *step = meter_alerts_step(&rules->meters, asked->meter, asked->matter, asked->at_us);
        return asked->level == ALERT_LIMIT
                   ? meter_alerts_find(&rules->meters, asked->meter, asked->matter)
                   : NULL;
    }
    if (asked->scope == BALANCE_PLANT) {
        *step = plant_alerts_step(asked->trouble, asked->at_us);
        return asked->level == ALERT_LIMIT ? plant_alerts_find(&rules->plant, asked->trouble)
                                           : NULL;
    }
    REQUIRE(asked->quota.index < rules->holders.quota_count);
    const struct holder *holder =
        asked->scope == BALANCE_HEAT   ? holders_heat(&rules->holders, asked->heat)
        : asked->scope == BALANCE_CREW ? holders_slot(&rules->holders, asked->slot)
                                       : holders_period(&rules->holders, asked->period);
    struct account *account = holder != NULL ? holder->accounts[asked->quota.index] : NULL;
    if (account == NULL) {
        return NULL;
    }
    *step = alert_life_step(account, asked->level, asked->at_us);
    return &account->alerts[asked->level];
}

enum alert_answer rules_handle(struct rules *rules, const struct alert_transition *asked,
                               alert_emit *emit, void *context)
{
    struct alert_transition step;
    struct alert *alert = find_alert(rules, asked, &step);
    if (alert == NULL) {
        return ALERT_UNKNOWN;
    }
    if (asked->state == ALERT_SHELVED && !shelves_have_room(&rules->shelves)) {
        return ALERT_CROWDED;
    }
    step.state = asked->state;
    step.by = asked->by;
    step.reason = asked->reason;
    step.until_us = asked->until_us;
    enum alert_answer answer = alert_handle(alert, &step, emit, context);
    if (answer == ALERT_DONE && asked->state == ALERT_SHELVED) {
        shelves_put(&rules->shelves, &step);
    }
    return answer;
}

bool rules_alert_known(struct rules *rules, const struct alert_transition *asked)
{
    struct alert_transition step;
    const struct alert *alert = find_alert(rules, asked, &step);
    return alert != NULL && alert->known;
}

int64_t rules_due_us(const struct rules *rules)
{
    return shelves_due_us(&rules->shelves);
}

bool rules_unshelve(struct rules *rules, int64_t now_us, alert_emit *emit, void *context)
{
    struct alert_transition shelved;
    if (!shelves_pop(&rules->shelves, now_us, &shelved)) {
        return false;
    }
    struct alert_transition step;
    shelved.at_us = shelved.until_us;
    struct alert *alert = find_alert(rules, &shelved, &step);
    REQUIRE(alert != NULL);
    alert_unshelve(alert, step, emit, context);
    return true;
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
           a->allowed_limit_base == b->allowed_limit_base &&
           a->allowed_stretch_base == b->allowed_stretch_base && a->used_base == b->used_base &&
           a->verdict == b->verdict && a->provisional == b->provisional;
}

static void show(struct account *account,
                 void (*emit)(void *context, const struct balance *balance), void *context)
{
    bool stands = account->counts && (account->kept || account->used_base[ACCOUNT_SHOWN] != 0);
    if ((!stands && !account->was_shown) || !account_is_judged(account)) {
        return;
    }
    struct balance balance = account_balance(account);
    if (!stands) {
        balance.gone = true;
        account->was_shown = false;
        emit(context, &balance);
        return;
    }
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
