/* Random sequences of calls against a model that keeps nothing but what it was told, and works out
 * every balance and every alert from the start each time. */
#include "shop.h"

#define RUNS 40
#define STEPS 220
#define METERS 3
#define HEATS 4
#define SLOTS 4 /* and a hole after them */
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
#define HOLDERS (HEATS > SLOTS ? HEATS : SLOTS)

static const uint16_t meter_items[METERS] = {0, 1, 0};

/* A piece of use: heat 0 is idle, heats count from 1, slots from 0. */
struct use {
    int meter, heat, slot;
    int64_t amount;
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
    bool kept[QUOTAS][2][HOLDERS];
    bool risen[QUOTAS][2][HOLDERS][2], unclosed[QUOTAS][2][HOLDERS][2];
    bool had_ended[2][HOLDERS];
    bool was_shown[QUOTAS][2][HOLDERS];
    struct balance last_shown[QUOTAS][2][HOLDERS];
};

static struct crew_slot slot_value(int slot)
{
    return slot == NOBODY ? shop_slot(0, 3, SHOP_NOBODY)
                          : shop_slot(slot / 2, (uint16_t)slot, slot);
}

static bool has_weight(const struct model *model, int heat)
{
    return model->heats[heat].tonnes > 0;
}

static bool counts(const struct model *model, size_t q, int scope, int holder,
                   const struct use *use)
{
    if (meter_items[use->meter] != quotas[q].item) {
        return false;
    }
    if (scope == BALANCE_HEAT) {
        return use->heat == holder + 1;
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

static int64_t sum(const struct model *model, size_t q, int scope, int holder,
                   const struct use *uses, int count)
{
    int64_t total = 0;
    for (int i = 0; i < count; i++) {
        total += counts(model, q, scope, holder, &uses[i]) ? uses[i].amount : 0;
    }
    return total;
}

static int64_t used(const struct model *model, size_t q, int scope, int holder, bool shown)
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
static int64_t allowed(const struct model *model, size_t q, int scope, int holder, int level)
{
    if (quotas[q].basis == QUOTA_PER_SHIFT) {
        return quotas[q].rate[level];
    }
    int64_t total = -1;
    for (int heat = 0; heat < HEATS; heat++) {
        bool mine = scope == BALANCE_HEAT ? heat == holder : model->heats[heat].owner == holder;
        if (mine && (quotas[q].basis == QUOTA_PER_HEAT || has_weight(model, heat))) {
            int64_t factor = quotas[q].basis == QUOTA_PER_HEAT ? 1 : model->heats[heat].tonnes;
            total = (total < 0 ? 0 : total) + quotas[q].rate[level] * factor;
        }
    }
    return total;
}

static bool ended(const struct model *model, int scope, int holder)
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

static bool held(size_t q, int scope)
{
    return scope == BALANCE_CREW ? quotas[q].of_crews : quotas[q].of_heats;
}

static void say(struct model *model, size_t q, int scope, int holder, int level,
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

static void judge_one(struct model *model, size_t q, int scope, int holder, int level)
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

static const char *model_judge(struct model *model)
{
    model->said->log_length = 0;
    model->said->log[0] = '\0';
    model->said->now_us++;
    for (size_t q = 0; q < QUOTAS; q++) {
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

static struct balance balance_of(const struct model *model, size_t q, int scope, int holder)
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

static bool looks_same(const struct balance *a, const struct balance *b)
{
    return a->slot_known == b->slot_known && crew_slot_equal(a->slot, b->slot) &&
           a->allowed_known == b->allowed_known && a->used_base == b->used_base &&
           a->allowed_target_base == b->allowed_target_base &&
           a->allowed_limit_base == b->allowed_limit_base && a->provisional == b->provisional;
}

static const char *model_show(struct model *model)
{
    model->said->log_length = 0;
    model->said->log[0] = '\0';
    for (size_t q = 0; q < QUOTAS; q++) {
        for (int scope = 0; scope < 2; scope++) {
            for (int i = 0; held(q, scope) && i < (scope == BALANCE_HEAT ? HEATS : SLOTS); i++) {
                struct balance balance = balance_of(model, q, scope, i);
                struct balance *last = &model->last_shown[q][scope][i];
                bool *was_shown = &model->was_shown[q][scope][i];
                if (model->kept[q][scope][i] && (!*was_shown || !looks_same(&balance, last))) {
                    *was_shown = true;
                    *last = balance;
                    shop_write_balance(model->said, &balance);
                }
            }
        }
    }
    model->shown_count = 0;
    return model->said->log;
}

/* Every account on which this use counts has something to show from now on. */
static void keep(struct model *model, const struct use *use)
{
    for (size_t q = 0; q < QUOTAS; q++) {
        for (int i = 0; i < HEATS; i++) {
            model->kept[q][BALANCE_HEAT][i] |= counts(model, q, BALANCE_HEAT, i, use);
        }
        for (int i = 0; i < SLOTS; i++) {
            model->kept[q][BALANCE_CREW][i] |= counts(model, q, BALANCE_CREW, i, use);
        }
    }
}

static struct use random_use(uint64_t *seed, int meter)
{
    struct use use = {
        .meter = meter,
        .heat = (int)shop_random_below(seed, HEATS + 1),
        .slot = (int)shop_random_below(seed, SLOTS + 1),
        .amount = 1 + shop_random_below(seed, 14),
    };
    if (shop_random_below(seed, 3) == 0) {
        use.amount = -use.amount;
    }
    return use;
}

static struct segment segment_of(const struct use *use)
{
    return shop_segment((uint32_t)use->meter, (uint32_t)use->heat, slot_value(use->slot),
                        use->amount);
}

static void post(struct shop *shop, struct model *model, uint64_t *seed)
{
    struct use use = random_use(seed, (int)shop_random_below(seed, METERS));
    model->booked[model->booked_count++] = use;
    keep(model, &use);
    struct segment segment = segment_of(&use);
    rules_post(shop->rules, &segment);
}

static void state_open(struct shop *shop, struct model *model, uint64_t *seed)
{
    int meter = (int)shop_random_below(seed, METERS);
    int count = (int)shop_random_below(seed, OPEN_MAX + 1);
    struct segment segments[OPEN_MAX];
    model->open_count[meter] = count;
    for (int i = 0; i < count; i++) {
        model->open[meter][i] = random_use(seed, meter);
        keep(model, &model->open[meter][i]);
        segments[i] = segment_of(&model->open[meter][i]);
    }
    assert_true(rules_open(shop->rules, (meter_id){(uint32_t)meter}, segments, (size_t)count) >= 1);
}

static void send_heat(struct shop *shop, const struct model *model, int number)
{
    struct heat heat = shop_heat((uint32_t)number + 1);
    if (has_weight(model, number)) {
        heat.steel_g = model->heats[number].tonnes * TONNE;
    }
    if (model->heats[number].owner >= 0) {
        shop_own(&heat, slot_value(model->heats[number].owner));
    }
    heat.ended_us = model->heats[number].ended ? 1 : TIMESTAMP_NEVER_US;
    rules_heat(shop->rules, &heat);
}

static void change_heat(struct shop *shop, struct model *model, uint64_t *seed)
{
    int number = (int)shop_random_below(seed, HEATS);
    switch (shop_random_below(seed, 4)) {
    case 0:
        model->heats[number].tonnes = shop_random_below(seed, 4);
        break;
    case 1:
        model->heats[number].ended = shop_random_below(seed, 3) != 0;
        break;
    case 2:
        model->heats[number].owner = (int)shop_random_below(seed, SLOTS + 2) - 1;
        break;
    default:
        break;
    }
    int owner = model->heats[number].owner;
    for (size_t q = 0; q < QUOTAS; q++) {
        if (owner >= 0 || has_weight(model, number)) {
            model->kept[q][BALANCE_HEAT][number] = true;
        }
        if (owner >= 0 && owner < SLOTS) {
            model->kept[q][BALANCE_CREW][owner] = true;
        }
    }
    send_heat(shop, model, number);
}

static void end_shift(struct shop *shop, struct model *model, uint64_t *seed)
{
    int slot = (int)shop_random_below(seed, SLOTS + 1);
    if (slot != NOBODY) {
        model->shift_ended[slot] = true;
    }
    rules_slot_ended(shop->rules, slot_value(slot));
}

static void compare_shown(struct shop *shop, struct model *model, uint64_t *seed)
{
    struct segment segments[METERS * OPEN_MAX];
    int count = (int)shop_random_below(seed, METERS * OPEN_MAX);
    model->shown_count = count;
    for (int i = 0; i < count; i++) {
        model->shown[i] = random_use(seed, i % METERS);
        keep(model, &model->shown[i]);
        segments[i] = segment_of(&model->shown[i]);
    }
    const char *said = shop_show(shop, segments, (size_t)count);
    assert_string_equal(said, model_show(model));
}

static size_t run(uint64_t seed)
{
    struct shop *shop = shop_create();
    struct model *model = calloc(1, sizeof *model);
    assert_non_null(model);
    model->said = shop_create();
    for (size_t q = 0; q < QUOTAS; q++) {
        struct quota *quota = shop_quota(shop, quotas[q].item, quotas[q].basis, quotas[q].view,
                                         quotas[q].rate[0], quotas[q].rate[1]);
        quota->of_heats = quotas[q].of_heats;
        quota->of_crews = quotas[q].of_crews;
    }
    for (size_t meter = 0; meter < METERS; meter++) {
        shop->meters[meter].item.index = meter_items[meter];
        shop->items[meter].division_base = DIVISION;
    }
    shop_start(shop);
    for (int i = 0; i < HEATS; i++) {
        model->heats[i].owner = -1;
        send_heat(shop, model, i);
    }
    size_t said = 0;
    for (int step = 0; step < STEPS; step++) {
        int64_t dice = shop_random_below(&seed, 100);
        if (dice < 30) {
            post(shop, model, &seed);
        } else if (dice < 45) {
            state_open(shop, model, &seed);
        } else if (dice < 65) {
            change_heat(shop, model, &seed);
        } else if (dice < 67) {
            end_shift(shop, model, &seed);
        } else if (dice < 85) {
            const char *transitions = shop_judge(shop);
            assert_string_equal(transitions, model_judge(model));
            said += strlen(transitions);
        } else {
            compare_shown(shop, model, &seed);
        }
    }
    shop_destroy(model->said);
    free(model);
    shop_destroy(shop);
    return said;
}

static void the_rules_say_what_a_recount_from_the_start_says(void **state)
{
    (void)state;
    size_t said = 0;
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        said += run(seed * UINT64_C(0x9E3779B97F4A7C15));
    }
    assert_true(said > RUNS * 1000); /* the sequences do raise, clear and close */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rules_say_what_a_recount_from_the_start_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
