/* A small plant for tests of the rules, and a log of what the rules say as lines of text. */
#ifndef HEATLEDGER_TESTS_RULES_SHOP_H
#define HEATLEDGER_TESTS_RULES_SHOP_H

#include "rules.h"
#include "timestamp.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SHOP_ITEMS 8
#define SHOP_METERS 16
#define SHOP_QUOTAS 16
#define SHOP_LOG_SIZE 65536
#define SHOP_NOBODY (-1)

struct shop {
    struct item items[SHOP_ITEMS];
    struct station stations[2];
    struct meter meters[SHOP_METERS];
    struct quota quotas[SHOP_QUOTAS];
    struct catalog catalog;
    uint32_t quota_count;
    struct rules *rules;
    int64_t now_us;
    size_t log_length;
    char log[SHOP_LOG_SIZE];
};

/* Stations 0 and 1; meter m counts item m at station 0 until a test says otherwise. One division
 * is 10 base units. */
static inline struct shop *shop_create(void)
{
    struct shop *shop = calloc(1, sizeof *shop);
    assert_non_null(shop);
    for (uint16_t i = 0; i < SHOP_ITEMS; i++) {
        shop->items[i].division_base = 10;
    }
    for (uint16_t i = 0; i < SHOP_METERS; i++) {
        shop->meters[i].item.index = i % SHOP_ITEMS;
        shop->meters[i].role = METER_BOOK;
    }
    shop->catalog = (struct catalog){
        .item_count = SHOP_ITEMS,
        .station_count = 2,
        .meter_count = SHOP_METERS,
        .items = shop->items,
        .stations = shop->stations,
        .meters = shop->meters,
    };
    return shop;
}

/* Adds a quota, in whole base units a tonne, heat or shift; items have no decimals here. Both
 * scopes. */
static inline struct quota *shop_quota(struct shop *shop, uint16_t item, enum quota_basis basis,
                                       enum quota_view view, int64_t target, int64_t limit)
{
    assert_true(shop->quota_count < SHOP_QUOTAS);
    struct quota *quota = &shop->quotas[shop->quota_count++];
    *quota = (struct quota){
        .item = {item},
        .basis = basis,
        .view = view,
        .of_heats = basis == QUOTA_PER_TONNE || basis == QUOTA_PER_HEAT,
        .of_crews = basis <= QUOTA_LINEAR,
        .rate_e9 = {target * INT64_C(1000000000), limit * INT64_C(1000000000)},
    };
    (void)snprintf(quota->id, sizeof quota->id, "q%" PRIu32, shop->quota_count - 1);
    return quota;
}

static inline void shop_start(struct shop *shop)
{
    shop->rules = rules_create(&shop->catalog, shop->quotas, shop->quota_count);
}

static inline void shop_destroy(struct shop *shop)
{
    rules_destroy(shop->rules);
    free(shop);
}

/* For cmocka_unit_test_setup_teardown: the state is a shop. */
static inline int shop_set_up(void **state)
{
    *state = shop_create();
    return 0;
}

static inline int shop_tear_down(void **state)
{
    shop_destroy(*state);
    return 0;
}

static inline struct crew_slot shop_slot(int32_t day, uint16_t shift, int crew)
{
    return (struct crew_slot){
        .day = day,
        .shift = {shift},
        .crew = {crew == SHOP_NOBODY ? CATALOG_NONE : (uint16_t)crew},
    };
}

/* At station 0. */
static inline struct segment shop_segment(uint32_t meter, uint32_t heat, struct crew_slot slot,
                                          int64_t amount_base)
{
    return (struct segment){
        .meter = {meter}, .heat = {heat}, .slot = slot, .amount_base = amount_base};
}

static inline void shop_post(struct shop *shop, uint32_t meter, uint32_t heat,
                             struct crew_slot slot, int64_t amount_base)
{
    struct segment segment = shop_segment(meter, heat, slot, amount_base);
    segment.station = shop->meters[meter].station;
    rules_post(shop->rules, &segment);
}

/* A heat without weight, owner or end. */
static inline struct heat shop_heat(uint32_t number)
{
    return (struct heat){
        .no = {number},
        .steel_g = -1,
        .planned_g = -1,
        .first_start_us = 0,
        .owner_at_us = TIMESTAMP_NEVER_US,
        .ended_us = TIMESTAMP_NEVER_US,
    };
}

static inline void shop_own(struct heat *heat, struct crew_slot owner)
{
    heat->owner = owner;
    heat->owner_at_us = 1;
}

static inline void shop_write(struct shop *shop, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static inline void shop_write(struct shop *shop, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(shop->log + shop->log_length, SHOP_LOG_SIZE - shop->log_length, format,
                           arguments);
    va_end(arguments);
    assert_true(length >= 0 && (size_t)length < SHOP_LOG_SIZE - shop->log_length);
    shop->log_length += (size_t)length;
}

/* "1" for a heat, "day/shift/crew" for a crew-shift. */
static inline void shop_write_scope(struct shop *shop, enum balance_scope scope, heat_no heat,
                                    struct crew_slot slot)
{
    shop_write(shop, " %s ", balance_scope_name(scope));
    if (scope == BALANCE_HEAT) {
        shop_write(shop, "%" PRIu32, heat.value);
    } else if (scope == BALANCE_CREW) {
        shop_write(shop, "%" PRId32 "/%u/%u", slot.day, slot.shift.index, slot.crew.index);
    }
}

static inline void shop_write_transition(void *context, const struct alert_transition *transition)
{
    struct shop *shop = context;
    assert_int_equal(transition->at_us, shop->now_us);
    shop_write(shop, "q%u", transition->quota.index);
    shop_write_scope(shop, transition->scope, transition->heat, transition->slot);
    if (transition->scope == BALANCE_PERIOD) {
        char period[PERIOD_TEXT_MAX];
        shop_write(shop, "%s", period_format(transition->period, period));
    }
    if (transition->scope == BALANCE_METER) {
        shop_write(shop, "%" PRIu32, transition->meter.index);
    }
    shop_write(shop, " %s %s %" PRId64 "/%" PRId64 "%s\n", alert_level_name(transition->level),
               alert_state_name(transition->state), transition->used_base, transition->allowed_base,
               transition->retro ? " retro" : "");
}

static inline void shop_write_balance(void *context, const struct balance *balance)
{
    struct shop *shop = context;
    shop_write(shop, "q%u", balance->quota.index);
    shop_write_scope(shop, balance->scope, balance->heat, balance->slot);
    if (balance->scope == BALANCE_PERIOD) {
        char period[PERIOD_TEXT_MAX];
        shop_write(shop, "%s", period_format(balance->period, period));
    }
    shop_write(shop, " %" PRId64 " of ", balance->used_base);
    if (balance->allowed_known) {
        shop_write(shop, "%" PRId64 "/%" PRId64 " ", balance->allowed_target_base,
                   balance->allowed_limit_base);
    } else {
        shop_write(shop, "unknown");
    }
    shop_write(shop, "%s", verdict_name(balance->verdict));
    if (balance->scope == BALANCE_HEAT && balance->slot_known) {
        shop_write(shop, " owner %" PRId32 "/%u/%u", balance->slot.day, balance->slot.shift.index,
                   balance->slot.crew.index);
    }
    shop_write(shop, "%s%s\n", balance->provisional ? " provisional" : "",
               balance->gone ? " gone" : "");
}

/* What judging says, as text; good until the next call. */
static inline const char *shop_judge(struct shop *shop)
{
    shop->log_length = 0;
    shop->log[0] = '\0';
    shop->now_us++;
    rules_judge(shop->rules, shop->now_us, shop_write_transition, shop);
    return shop->log;
}

/* What showing says with these segments open. */
static inline const char *shop_show(struct shop *shop, const struct segment *open, size_t count)
{
    shop->log_length = 0;
    shop->log[0] = '\0';
    rules_show_begin(shop->rules);
    if (count > 0) {
        rules_show_open(shop->rules, open, count);
    }
    rules_show_end(shop->rules, shop_write_balance, shop);
    return shop->log;
}

/* A sequence of numbers from a seed (xorshift64*), for property tests. */
static inline uint64_t shop_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

static inline int64_t shop_random_below(uint64_t *state, int64_t bound)
{
    return (int64_t)(shop_random(state) >> 33) % bound;
}

#endif
