/* EDGE_CASES 11 and 15: what the broker kept is consumption, not life; a silent meter is stale
 * alone. */
#include "aggregator.h"

#include "memory.h"
#include "timestamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define T0 INT64_C(1773129600000000) /* 2026-03-10T08:00:00Z */
#define MINUTE(n) (T0 + (n)*TIMESTAMP_MINUTE_US)

enum { ENERGY, ALLOY, OTHER, METERS };

struct shop {
    struct catalog catalog;
    struct roster roster;
    struct heat_rules rules;
    struct aggregator *aggregator;
};

static int set_up(void **state)
{
    struct shop *shop = memory_zeroed(1, sizeof *shop);
    struct catalog *catalog = &shop->catalog;
    catalog->item_count = catalog->station_count = catalog->shift_count = catalog->crew_count = 1;
    catalog->items = memory_zeroed(1, sizeof *catalog->items);
    catalog->items[0].division_base = 1;
    catalog->stations = memory_zeroed(1, sizeof *catalog->stations);
    catalog->shifts = memory_zeroed(1, sizeof *catalog->shifts);
    catalog->crews = memory_zeroed(1, sizeof *catalog->crews);
    catalog->meter_count = METERS;
    catalog->meters = memory_zeroed(METERS, sizeof *catalog->meters);
    for (int i = 0; i < METERS; i++) {
        struct meter *meter = &catalog->meters[i];
        meter->id[0] = (char)('a' + i);
        meter->kind = i == ALLOY ? METER_EVENT : METER_REGISTER;
        meter->scale_num = meter->scale_den = 1;
        meter->min_raw = INT64_MIN;
        meter->max_raw = INT64_MAX;
    }
    catalog_index_build(catalog);
    shop->roster.zone = zone_fixed("UTC", 0);
    shop->roster.cycle_length = 1;
    shop->aggregator = aggregator_create(catalog, &shop->roster, &shop->rules);
    *state = shop;
    return 0;
}

static int tear_down(void **state)
{
    struct shop *shop = *state;
    aggregator_destroy(shop->aggregator);
    catalog_clear(&shop->catalog);
    free(shop);
    return 0;
}

static void read_at(struct shop *shop, uint32_t meter, int64_t minute, int64_t value, bool retained)
{
    static uint64_t position;
    struct effects effects;
    struct fact fact = {.kind = FACT_READING,
                        .as.reading = {.meter = {meter},
                                       .ts_us = MINUTE(minute),
                                       .from_us = INT64_MIN,
                                       .value_raw = value,
                                       .seq = -1,
                                       .retained = retained}};
    aggregator_begin(shop->aggregator, ++position);
    (void)aggregator_apply(shop->aggregator, &fact, MINUTE(minute) + 1, &effects);
}

static struct meter_state state_of(const struct shop *shop, uint32_t meter)
{
    struct meter_state state;
    aggregator_meter(shop->aggregator, (meter_id){meter}, &state);
    return state;
}

static void edge_11_a_retained_reading_is_booked(void **state)
{
    struct shop *shop = *state;
    read_at(shop, ENERGY, 0, 100, false);
    read_at(shop, ENERGY, 5, 130, true);
    read_at(shop, ALLOY, 5, 7, true);
    assert_int_equal(state_of(shop, ENERGY).booked_base, 30);
    assert_int_equal(state_of(shop, ALLOY).booked_base, 7);
}

static void edge_11_a_retained_reading_is_no_sign_of_life(void **state)
{
    struct shop *shop = *state;
    read_at(shop, ENERGY, 0, 100, true);
    assert_int_equal(state_of(shop, ENERGY).last_alive_us, TIMESTAMP_NEVER_US);
    read_at(shop, ENERGY, 1, 110, false);
    read_at(shop, ENERGY, 9, 120, true);
    assert_int_equal(state_of(shop, ENERGY).last_alive_us, MINUTE(1) + 1);
}

static void edge_11_a_retained_reading_is_no_live_value(void **state)
{
    struct shop *shop = *state;
    for (uint32_t meter = ENERGY; meter <= ALLOY; meter++) {
        read_at(shop, meter, 0, 100, true);
        assert_int_equal(state_of(shop, meter).last_ts_us, TIMESTAMP_NEVER_US);
        read_at(shop, meter, 1, 110, false);
        read_at(shop, meter, 9, 120, true);
        assert_int_equal(state_of(shop, meter).last_ts_us, MINUTE(1));
        assert_int_equal(state_of(shop, meter).last_raw, 110);
        read_at(shop, meter, 10, 125, false);
        assert_int_equal(state_of(shop, meter).last_ts_us, MINUTE(10));
        assert_int_equal(state_of(shop, meter).last_raw, 125);
    }
}

static void edge_11_what_was_retained_and_is_said_again_live_is_live(void **state)
{
    struct shop *shop = *state;
    read_at(shop, ENERGY, 0, 100, true);
    read_at(shop, ENERGY, 0, 100, false);
    assert_int_equal(state_of(shop, ENERGY).last_ts_us, MINUTE(0));
    assert_int_equal(state_of(shop, ENERGY).last_raw, 100);
    read_at(shop, ENERGY, 0, 100, true); /* as with every new subscription */
    assert_int_equal(state_of(shop, ENERGY).last_ts_us, MINUTE(0));
}

static void edge_15_a_silent_meter_holds_up_nobody(void **state)
{
    struct shop *shop = *state;
    read_at(shop, ENERGY, 0, 100, false);
    read_at(shop, OTHER, 0, 0, false);
    for (int minute = 1; minute <= 120; minute++) {
        read_at(shop, OTHER, minute, minute, false);
    }
    assert_int_equal(state_of(shop, ENERGY).last_alive_us, MINUTE(0) + 1);
    assert_int_equal(state_of(shop, OTHER).last_alive_us, MINUTE(120) + 1);
    assert_int_equal(state_of(shop, OTHER).booked_base, 120);
}

#define BEHAVES(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BEHAVES(edge_11_a_retained_reading_is_booked),
        BEHAVES(edge_11_a_retained_reading_is_no_sign_of_life),
        BEHAVES(edge_11_a_retained_reading_is_no_live_value),
        BEHAVES(edge_11_what_was_retained_and_is_said_again_live_is_live),
        BEHAVES(edge_15_a_silent_meter_holds_up_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
