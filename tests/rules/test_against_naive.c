/* Random sequences of calls against a model that works everything out from the start. Quotas come
 * and go on the way: nobody has used anything yet in the shifts in which they do. */
#include "naive_rules.h"

#define RUNS 40

/* Every account on which this use counts has something to show from now on. */
static void keep(struct model *model, const struct use *use)
{
    for (size_t q = 0; use->amount != 0 && q < model->quota_count; q++) {
        for (int i = 0; i < HEATS; i++) {
            model->kept[q][BALANCE_HEAT][i] |= counts(model, q, BALANCE_HEAT, i, use);
        }
        for (int i = 0; i < SLOTS; i++) {
            model->kept[q][BALANCE_CREW][i] |= counts(model, q, BALANCE_CREW, i, use);
        }
    }
}

/* So has every heat with a weight or an owner, and its owner. */
static void keep_heats(struct model *model)
{
    for (size_t q = 0; q < model->quota_count; q++) {
        for (int i = 0; i < HEATS; i++) {
            int owner = model->heats[i].owner;
            if ((owner >= 0 || has_weight(model, i)) && counts_heat(model, q, i)) {
                model->kept[q][BALANCE_HEAT][i] = true;
            }
            if (owner >= 0 && owner < SLOTS && within(model, q, owner)) {
                model->kept[q][BALANCE_CREW][owner] = true;
            }
        }
    }
}

/* One that has begun already, or the hole. */
static int random_slot(const struct model *model, uint64_t *seed)
{
    int slot = (int)shop_random_below(seed, model->latest + 2);
    return slot > model->latest ? NOBODY : slot;
}

static struct use random_use(const struct model *model, uint64_t *seed, int meter)
{
    struct use use = {
        .meter = meter,
        .heat = (int)shop_random_below(seed, HEATS + 1),
        .slot = random_slot(model, seed),
        .amount = 1 + shop_random_below(seed, 14),
    };
    if (shop_random_below(seed, 3) == 0) {
        use.amount = -use.amount;
    }
    use.start_us = (use.slot == NOBODY ? 0 : use.slot + 1) * 3 + shop_random_below(seed, 3);
    return use;
}

static struct segment segment_of(const struct use *use)
{
    struct segment segment =
        shop_segment((uint32_t)use->meter, (uint32_t)use->heat, slot_value(use->slot), use->amount);
    segment.start_us = segment.end_us = use->start_us;
    return segment;
}

static void post(struct shop *shop, struct model *model, uint64_t *seed)
{
    struct use use = random_use(model, seed, (int)shop_random_below(seed, METERS));
    if (model->booked_count > 0 && shop_random_below(seed, 3) == 0) { /* a reversal */
        use = model->booked[shop_random_below(seed, model->booked_count)];
        use.amount = -use.amount;
    }
    model->booked[model->booked_count++] = use;
    keep(model, &use);
    struct segment segment = segment_of(&use);
    rules_post(shop->rules, &segment);
}

static void say_open(struct shop *shop, const struct model *model, int meter)
{
    struct segment segments[OPEN_MAX];
    size_t count = (size_t)model->open_count[meter];
    for (size_t i = 0; i < count; i++) {
        segments[i] = segment_of(&model->open[meter][i]);
    }
    assert_true(rules_open(shop->rules, (meter_id){(uint32_t)meter}, segments, count) >= 1);
}

static void state_open(struct shop *shop, struct model *model, uint64_t *seed)
{
    int meter = (int)shop_random_below(seed, METERS);
    int count = (int)shop_random_below(seed, OPEN_MAX + 1);
    model->open_count[meter] = count;
    for (int i = 0; i < count; i++) {
        model->open[meter][i] = random_use(model, seed, meter);
        if (shop_random_below(seed, 4) == 0) {
            model->open[meter][i].amount = 0;
        }
        keep(model, &model->open[meter][i]);
    }
    say_open(shop, model, meter);
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
        model->heats[number].owner = shop_random_below(seed, 4) > 0 ? random_slot(model, seed) : -1;
        break;
    default:
        break;
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
        model->shown[i] = random_use(model, seed, i % METERS);
        segments[i] = segment_of(&model->shown[i]);
    }
    const char *said = shop_show(shop, segments, (size_t)count);
    assert_string_equal(said, model_show(model));
}

/* Another configuration: a quota that was not there may come, one that is there may go, from a slot
 * on that has not begun. Sometimes a shift begins instead. */
static void follow(struct shop *shop, struct model *model, uint64_t *seed)
{
    if (shop_random_below(seed, 2) == 0) {
        model->latest += model->latest < SLOTS - 1;
        return;
    }
    if (model->latest == SLOTS - 1) {
        return;
    }
    int bound = model->latest + 1 + (int)shop_random_below(seed, 2);
    size_t gone = (size_t)shop_random_below(seed, (int64_t)model->quota_count);
    if (model->until[gone] > SLOTS) {
        model->until[gone] = bound;
    }
    for (size_t q = model->quota_count; q < QUOTAS && shop_random_below(seed, 2) == 0; q++) {
        model->from[q] = bound;
        model->quota_count++;
        for (int i = 0; i < model->booked_count; i++) {
            const struct use *use = &model->booked[i];
            if (use->heat > 0 && is_standing(model, use)) {
                model->kept[q][BALANCE_HEAT][use->heat - 1] |=
                    counts(model, q, BALANCE_HEAT, use->heat - 1, use);
            }
        }
    }
    struct quota *present = calloc(QUOTAS, sizeof *present);
    assert_non_null(present);
    memcpy(present, shop->quotas, model->quota_count * sizeof *present);
    for (size_t q = 0; q < model->quota_count; q++) {
        present[q].from =
            model->from[q] > 0 ? bound_value(model->from[q]) : (struct quota_bound){0};
        present[q].until =
            model->until[q] <= SLOTS ? bound_value(model->until[q]) : (struct quota_bound){0};
    }
    rules_follow(shop->rules, present, (uint32_t)model->quota_count);
    free(model->former);
    model->former = present;
    for (int meter = 0; meter < METERS; meter++) {
        say_open(shop, model, meter);
        for (int i = 0; i < model->open_count[meter]; i++) {
            keep(model, &model->open[meter][i]);
        }
    }
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
    model->quota_count = QUOTAS;
    model->latest = SLOTS - 1;
    if (shop_random_below(&seed, 4) > 0) { /* some come later */
        model->quota_count = shop->quota_count = FIRST_QUOTAS;
        model->latest = 0;
    }
    for (size_t q = 0; q < QUOTAS; q++) {
        model->until[q] = SLOTS + 1;
    }
    shop_start(shop);
    for (int i = 0; i < HEATS; i++) {
        model->heats[i].owner = -1;
        send_heat(shop, model, i);
    }
    size_t said = 0;
    for (int step = 0; step < STEPS; step++) {
        int64_t dice = shop_random_below(&seed, 100);
        keep_heats(model);
        if (dice < 30) {
            post(shop, model, &seed);
        } else if (dice < 45) {
            state_open(shop, model, &seed);
        } else if (dice < 65) {
            change_heat(shop, model, &seed);
        } else if (dice < 69) {
            follow(shop, model, &seed);
        } else if (dice < 71) {
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
    shop_destroy(shop);
    free(model->former);
    free(model);
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
