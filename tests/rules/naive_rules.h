/* A model of the rules that keeps nothing but what it was told, and works out every balance and
 * every alert from the start each time. */
#ifndef HEATLEDGER_TESTS_RULES_NAIVE_RULES_H
#define HEATLEDGER_TESTS_RULES_NAIVE_RULES_H

#include "shop.h"

#define STEPS 220
#define METERS 3
#define HEATS 4
#define SLOTS 6 /* and a hole before them */
#define OPEN_MAX 3
#define NOBODY SLOTS
#define TONNE INT64_C(1000000)
#define DIVISION 3

static const struct {
    uint16_t item;
    enum quota_basis basis;
    enum quota_view view;
    bool of_heats, of_crews;
    int64_t rate[2];
} quotas[] = {
    {0, QUOTA_PER_TONNE, QUOTA_VIEW_OWNER, true, true, {5, 8}},
    {0, QUOTA_PER_HEAT, QUOTA_VIEW_OWNER, true, true, {12, 12}},
    {1, QUOTA_PER_TONNE, QUOTA_VIEW_CLOCK, false, true, {4, 9}},
    {0, QUOTA_PER_HEAT, QUOTA_VIEW_CLOCK, true, true, {6, 20}},
    {0, QUOTA_PER_SHIFT, QUOTA_VIEW_CLOCK, false, true, {20, 30}},
    {1, QUOTA_PER_SHIFT, QUOTA_VIEW_OWNER, false, true, {20, 20}},
    {1, QUOTA_PER_HEAT, QUOTA_VIEW_OWNER, true, false, {0, 5}},
    {0, QUOTA_PER_TONNE, QUOTA_VIEW_OWNER, false, true, {3, 3}},
};
#define QUOTAS (sizeof quotas / sizeof *quotas)
#define FIRST_QUOTAS 3 /* some of each item */
#define HOLDERS (HEATS > SLOTS ? HEATS : SLOTS)

static const uint16_t meter_items[METERS] = {0, 1, 0};

/* A piece of use: heat 0 is idle, heats count from 1, slots from 0. */
struct use {
    int meter, heat, slot;
    int64_t start_us, amount;
};

struct model {
    struct shop *said; /* its log holds what the model says */
    struct use booked[STEPS + 1], open[METERS][OPEN_MAX], shown[METERS * OPEN_MAX];
    int booked_count, open_count[METERS], shown_count;
    struct {
        int64_t tonnes; /* 0: unknown */
        int owner;      /* -1: none */
        bool ended;
    } heats[HEATS];
    bool shift_ended[SLOTS];
    int latest;                      /* the last slot in which anybody can have used anything */
    size_t quota_count;              /* those that have come */
    int from[QUOTAS], until[QUOTAS]; /* slots; 0 and SLOTS + 1: no bound */
    struct quota *former;
    bool kept[QUOTAS][2][HOLDERS];
    bool risen[QUOTAS][2][HOLDERS][2], unclosed[QUOTAS][2][HOLDERS][2];
    bool had_ended[2][HOLDERS];
    bool was_shown[QUOTAS][2][HOLDERS];
    struct balance last_shown[QUOTAS][2][HOLDERS];
};

static inline struct crew_slot slot_value(int slot)
{
    return slot == NOBODY ? shop_slot(1, 0, SHOP_NOBODY)
                          : shop_slot(2 + slot / 2, (uint16_t)slot, slot);
}

static inline struct quota_bound bound_value(int slot)
{
    return (struct quota_bound){2 + slot / 2, {(uint16_t)slot}};
}

static inline bool within(const struct model *model, size_t q, int slot)
{
    int place = slot == NOBODY ? -1 : slot;
    return (model->from[q] == 0 || place >= model->from[q]) && place < model->until[q];
}

static inline bool has_weight(const struct model *model, int heat)
{
    return model->heats[heat].tonnes > 0;
}

static inline bool is_alike(const struct use *a, const struct use *b)
{
    return a->heat == b->heat && a->start_us == b->start_us && a->meter == b->meter &&
           a->slot == b->slot;
}

/* Whether something stands booked of what began with this one. */
static inline bool is_standing(const struct model *model, const struct use *use)
{
    int64_t total = 0;
    for (int i = 0; i < model->booked_count; i++) {
        total += is_alike(use, &model->booked[i]) ? model->booked[i].amount : 0;
    }
    return total != 0;
}

static inline void look_at(const struct use *use, int heat, const struct use **first)
{
    if (use->heat != heat + 1) {
        return;
    }
    int place = use->slot == NOBODY ? -1 : use->slot;
    if (*first != NULL) {
        int first_place = (*first)->slot == NOBODY ? -1 : (*first)->slot;
        if (use->start_us != (*first)->start_us) {
            *first = use->start_us < (*first)->start_us ? use : *first;
        } else if (use->meter != (*first)->meter) {
            *first = use->meter < (*first)->meter ? use : *first;
        } else if (place < first_place) {
            *first = use;
        }
        return;
    }
    *first = use;
}

/* All of a heat or nothing: by its owner; without one by its first use, open or booked. */
static inline bool counts_heat(const struct model *model, size_t q, int heat)
{
    const struct use *first = NULL;
    if (model->heats[heat].owner >= 0) {
        return within(model, q, model->heats[heat].owner);
    }
    for (int i = 0; i < model->booked_count; i++) {
        if (is_standing(model, &model->booked[i])) {
            look_at(&model->booked[i], heat, &first);
        }
    }
    for (int meter = 0; meter < METERS; meter++) {
        for (int i = 0; i < model->open_count[meter]; i++) {
            look_at(&model->open[meter][i], heat, &first);
        }
    }
    return first != NULL ? within(model, q, first->slot)
                         : model->from[q] == 0 && model->until[q] > SLOTS;
}

static inline bool counts(const struct model *model, size_t q, int scope, int holder,
                          const struct use *use)
{
    if (meter_items[use->meter] != quotas[q].item) {
        return false;
    }
    if (scope == BALANCE_HEAT) {
        return use->heat == holder + 1;
    }
    if (!within(model, q, holder)) {
        return false;
    }
    if (quotas[q].view == QUOTA_VIEW_CLOCK) {
        return use->slot == holder;
    }
    if (use->heat == 0) {
        return quotas[q].basis == QUOTA_PER_SHIFT && use->slot == holder;
    }
    return model->heats[use->heat - 1].owner == holder &&
           (quotas[q].basis != QUOTA_PER_TONNE || has_weight(model, use->heat - 1));
}

static inline int64_t sum(const struct model *model, size_t q, int scope, int holder,
                          const struct use *uses, int count)
{
    int64_t total = 0;
    for (int i = 0; i < count; i++) {
        total += counts(model, q, scope, holder, &uses[i]) ? uses[i].amount : 0;
    }
    return total;
}

static inline int64_t used(const struct model *model, size_t q, int scope, int holder, bool shown)
{
    int64_t total = sum(model, q, scope, holder, model->booked, model->booked_count);
    if (shown) {
        return total + sum(model, q, scope, holder, model->shown, model->shown_count);
    }
    for (int meter = 0; meter < METERS; meter++) {
        total += sum(model, q, scope, holder, model->open[meter], model->open_count[meter]);
    }
    return total;
}

/* -1: unknown */
static inline int64_t allowed(const struct model *model, size_t q, int scope, int holder, int level)
{
    if (quotas[q].basis == QUOTA_PER_SHIFT) {
        return quotas[q].rate[level];
    }
    int64_t total = -1;
    if (scope == BALANCE_HEAT && !counts_heat(model, q, holder)) {
        return -1;
    }
    for (int heat = 0; heat < HEATS; heat++) {
        bool mine = scope == BALANCE_HEAT ? heat == holder : model->heats[heat].owner == holder;
        if (mine && (quotas[q].basis == QUOTA_PER_HEAT || has_weight(model, heat))) {
            int64_t factor = quotas[q].basis == QUOTA_PER_HEAT ? 1 : model->heats[heat].tonnes;
            total = (total < 0 ? 0 : total) + quotas[q].rate[level] * factor;
        }
    }
    return total;
}

static inline bool ended(const struct model *model, int scope, int holder)
{
    if (scope == BALANCE_HEAT) {
        return model->heats[holder].ended;
    }
    for (int heat = 0; heat < HEATS; heat++) {
        if (model->heats[heat].owner == holder && !model->heats[heat].ended) {
            return false;
        }
    }
    return model->shift_ended[holder];
}

static inline bool held(size_t q, int scope)
{
    return scope == BALANCE_CREW ? quotas[q].of_crews : quotas[q].of_heats;
}

static inline void say(struct model *model, size_t q, int scope, int holder, int level,
                       enum alert_state state)
{
    bool of_heat = scope == BALANCE_HEAT;
    int64_t allowance = allowed(model, q, scope, holder, level);
    struct alert_transition transition = {
        .quota = {(uint16_t)q},
        .scope = of_heat ? BALANCE_HEAT : BALANCE_CREW,
        .heat = {of_heat ? (uint32_t)holder + 1 : 0},
        .slot = slot_value(holder),
        .level = level == 0 ? ALERT_TARGET : ALERT_LIMIT,
        .state = state,
        .at_us = model->said->now_us,
        .used_base = used(model, q, scope, holder, false),
        .allowed_base = allowance < 0 ? 0 : allowance,
        .retro = model->had_ended[scope][holder] && ended(model, scope, holder),
    };
    shop_write_transition(model->said, &transition);
}

static inline void judge_one(struct model *model, size_t q, int scope, int holder, int level)
{
    bool *risen = &model->risen[q][scope][holder][level];
    bool *unclosed = &model->unclosed[q][scope][holder][level];
    int64_t allowance = allowed(model, q, scope, holder, level);
    int64_t over = used(model, q, scope, holder, false) - allowance;
    if (!*risen && allowance >= 0 && over >= DIVISION) {
        *risen = true;
        *unclosed = true;
        say(model, q, scope, holder, level, ALERT_RAISED);
    } else if (*risen && (allowance < 0 || over <= -DIVISION)) {
        *risen = false;
        *unclosed = true;
        say(model, q, scope, holder, level, ALERT_CLEARED);
    }
    if (*unclosed && ended(model, scope, holder)) {
        *unclosed = false;
        say(model, q, scope, holder, level, ALERT_CLOSED);
    }
}

static inline const char *model_judge(struct model *model)
{
    model->said->log_length = 0;
    model->said->log[0] = '\0';
    model->said->now_us++;
    for (size_t q = 0; q < model->quota_count; q++) {
        for (int scope = 0; scope < 2; scope++) {
            for (int i = 0; held(q, scope) && i < (scope == BALANCE_HEAT ? HEATS : SLOTS); i++) {
                for (int level = quotas[q].rate[0] == quotas[q].rate[1]; level < 2; level++) {
                    judge_one(model, q, scope, i, level);
                }
            }
        }
    }
    for (int i = 0; i < HOLDERS; i++) {
        model->had_ended[BALANCE_HEAT][i] = i < HEATS && ended(model, BALANCE_HEAT, i);
        model->had_ended[BALANCE_CREW][i] = i < SLOTS && ended(model, BALANCE_CREW, i);
    }
    return model->said->log;
}

static inline struct balance balance_of(const struct model *model, size_t q, int scope, int holder)
{
    bool of_heat = scope == BALANCE_HEAT;
    int owner = of_heat ? model->heats[holder].owner : holder;
    int64_t limit = allowed(model, q, scope, holder, 1);
    struct balance balance = {
        .quota = {(uint16_t)q},
        .scope = of_heat ? BALANCE_HEAT : BALANCE_CREW,
        .heat = {of_heat ? (uint32_t)holder + 1 : 0},
        .slot = owner >= 0 ? slot_value(owner) : (struct crew_slot){0},
        .slot_known = owner >= 0,
        .allowed_known = limit >= 0,
        .allowed_target_base = limit >= 0 ? allowed(model, q, scope, holder, 0) : 0,
        .allowed_limit_base = limit >= 0 ? limit : 0,
        .used_base = used(model, q, scope, holder, true),
        .verdict = VERDICT_UNKNOWN,
        .provisional = !ended(model, scope, holder),
    };
    if (balance.allowed_known) {
        bool red = balance.used_base - balance.allowed_limit_base >= DIVISION;
        bool amber = balance.used_base - balance.allowed_target_base >= DIVISION;
        balance.verdict = red ? VERDICT_RED : amber ? VERDICT_AMBER : VERDICT_GREEN;
    }
    return balance;
}

static inline bool looks_same(const struct balance *a, const struct balance *b)
{
    return a->slot_known == b->slot_known && crew_slot_equal(a->slot, b->slot) &&
           a->allowed_known == b->allowed_known && a->used_base == b->used_base &&
           a->allowed_target_base == b->allowed_target_base &&
           a->allowed_limit_base == b->allowed_limit_base && a->provisional == b->provisional;
}

static inline const char *model_show(struct model *model)
{
    model->said->log_length = 0;
    model->said->log[0] = '\0';
    for (size_t q = 0; q < model->quota_count; q++) {
        for (int scope = 0; scope < 2; scope++) {
            for (int i = 0; held(q, scope) && i < (scope == BALANCE_HEAT ? HEATS : SLOTS); i++) {
                struct balance balance = balance_of(model, q, scope, i);
                struct balance *last = &model->last_shown[q][scope][i];
                bool *was_shown = &model->was_shown[q][scope][i];
                bool stands = model->kept[q][scope][i] ||
                              sum(model, q, scope, i, model->shown, model->shown_count) != 0;
                stands = stands && (scope == BALANCE_CREW || counts_heat(model, q, i));
                balance.gone = !stands;
                if (stands ? !*was_shown || !looks_same(&balance, last) : *was_shown) {
                    *was_shown = stands;
                    *last = balance;
                    shop_write_balance(model->said, &balance);
                }
            }
        }
    }
    model->shown_count = 0;
    return model->said->log;
}

#endif
