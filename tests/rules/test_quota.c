#include "quota.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { KG, KWH, PIECES, NANO };

static struct item items[] = {
    [KG] = {.id = "kg", .decimals = 3, .division_base = 1000},
    [KWH] = {.id = "kwh", .decimals = 3, .division_base = 1000},
    [PIECES] = {.id = "pcs", .decimals = 0, .division_base = 1},
    [NANO] = {.id = "nano", .decimals = 9, .division_base = 1},
};
static struct meter meters[] = {
    {.id = "E01", .item = {KWH}, .station = {2}, .role = METER_CHECK},
    {.id = "E02", .item = {KWH}, .station = {1}},
    {.id = "E03", .item = {KWH}, .station = {0}},
    {.id = "M01", .item = {KG}, .station = {1}},
};
static const struct catalog catalog = {.item_count = sizeof items / sizeof items[0],
                                       .items = items,
                                       .meter_count = sizeof meters / sizeof meters[0],
                                       .meters = meters};

/* DOMAIN: a heat of 99.6 t, the quotas of the workshop and the team. */
static const struct {
    enum quota_basis basis;
    uint16_t item;
    int64_t rate_e9, steel_g, allowed_base;
} allowances[] = {
    {QUOTA_PER_TONNE, KG, 1100000000000, 99600000, 109560000},
    {QUOTA_PER_TONNE, KG, 1090000000000, 99600000, 108564000},
    {QUOTA_PER_TONNE, KG, 7000000000, 99600000, 697200},
    {QUOTA_PER_TONNE, KG, 4500000000, 99600000, 448200},
    {QUOTA_PER_TONNE, KG, 200000000, 99600000, 19920},
    {QUOTA_PER_TONNE, KG, 1000000000, 99600000, 99600},
    {QUOTA_PER_TONNE, KWH, 36000000000, 1199400000, 43178400},
    /* floored, never rounded: 0.2 kg/t x 4,999 g = 0.9998 g */
    {QUOTA_PER_TONNE, KG, 200000000, 4999, 0},
    {QUOTA_PER_TONNE, KG, 200000000, 5000, 1},
    {QUOTA_PER_TONNE, PIECES, 500000000, 1999999, 0},
    {QUOTA_PER_TONNE, PIECES, 500000000, 2000000, 1},
    {QUOTA_PER_TONNE, NANO, 1, 1000000, 1},
    {QUOTA_PER_TONNE, NANO, 1, 999999, 0},
    {QUOTA_PER_TONNE, KG, 7000000000, 0, 0},
    /* the weight plays no part */
    {QUOTA_PER_HEAT, PIECES, 4000000000, -1, 4},
    {QUOTA_PER_HEAT, PIECES, 4999999999, 99600000, 4},
    {QUOTA_PER_SHIFT, KWH, 43200500000, -1, 43200},
    {QUOTA_PER_SHIFT, NANO, 123, -1, 123},
    {QUOTA_PER_SHIFT, KG, 0, -1, 0},
    /* saturates */
    {QUOTA_PER_TONNE, NANO, INT64_MAX, INT64_MAX, INT64_MAX},
    {QUOTA_PER_TONNE, NANO, INT64_MAX, 1000001, INT64_MAX},
    {QUOTA_PER_TONNE, NANO, INT64_MAX, 1000000, INT64_MAX},
    {QUOTA_PER_TONNE, NANO, INT64_MAX, 500000, INT64_MAX / 2},
};

static void an_allowance_is_the_rate_floored_to_base_units(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof allowances / sizeof allowances[0]; i++) {
        const struct quota quota = {
            .item = {allowances[i].item},
            .basis = allowances[i].basis,
            .rate_e9 = {[QUOTA_TARGET] = 0, [QUOTA_LIMIT] = allowances[i].rate_e9}};
        const struct quota_case of = {
            .grade = allowances[i].basis == QUOTA_PER_SHIFT ? NULL : "",
            .steel_g = allowances[i].steel_g,
        };
        int64_t allowed = quota_allowed_base(&quota, &catalog, QUOTA_LIMIT, &of);
        if (allowed != allowances[i].allowed_base) {
            fail_msg("row %zu: %lld instead of %lld", i, (long long)allowed,
                     (long long)allowances[i].allowed_base);
        }
    }
}

static void each_level_has_its_own_rate(void **state)
{
    (void)state;
    const struct quota quota = {.item = {KG}, .rate_e9 = {6800000000, 7000000000}};
    const struct quota_case of = {.grade = "", .steel_g = 1000000};
    assert_int_equal(quota_allowed_base(&quota, &catalog, QUOTA_TARGET, &of), 6800);
    assert_int_equal(quota_allowed_base(&quota, &catalog, QUOTA_LIMIT, &of), 7000);
}

static void a_quota_counts_what_its_item_stations_and_meters_say(void **state)
{
    (void)state;
    static const struct {
        struct quota quota;
        const char *counted; /* a letter a meter: y, n */
    } rows[] = {
        {{.item = {KWH}}, "nyyn"},
        {{.item = {KG}}, "nnny"},
        {{.item = {PIECES}}, "nnnn"},
        {{.item = {KWH}, .station_count = 1, .stations = {{1}}}, "nynn"},
        {{.item = {KWH}, .station_count = 2, .stations = {{0}, {1}}}, "nyyn"},
        {{.item = {KWH}, .station_count = 1, .stations = {{2}}}, "nnnn"},
        {{.item = {KWH}, .meter_count = 1, .meters = {{2}}}, "nnyn"},
        {{.item = {KWH}, .meter_count = 2, .meters = {{0}, {1}}}, "nynn"},
        {{.item = {KWH}, .station_count = 1, .stations = {{1}}, .meter_count = 1, .meters = {{2}}},
         "nnnn"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (uint32_t meter = 0; meter < catalog.meter_count; meter++) {
            bool counted = quota_counts(&rows[i].quota, &catalog, (meter_id){meter});
            if (counted != (rows[i].counted[meter] == 'y')) {
                fail_msg("row %zu, meter %s", i, meters[meter].id);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_allowance_is_the_rate_floored_to_base_units),
        cmocka_unit_test(each_level_has_its_own_rate),
        cmocka_unit_test(a_quota_counts_what_its_item_stations_and_meters_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
