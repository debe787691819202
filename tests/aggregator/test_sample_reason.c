/* Why a sample of a rate or a level counts as it does, in words. Registers: test_curve_states.c. */
#include "curve_rows.h"
#include "sample_reason.h"

static void expect(const struct meter *meter, const int64_t *raws, size_t count, const char *reason)
{
    struct curve curve;
    char text[SAMPLE_REASON_MAX];
    curve_init(&curve, meter);
    for (size_t i = 0; i < count; i++) {
        put_at(&curve, (int64_t)i * 100, raws[i]);
    }
    sample_explain(&curve, count - 1, text, sizeof text);
    assert_string_equal(text, reason);
    curve_clear(&curve);
}

static void a_level_says_what_was_used_filled_up_or_noise(void **state)
{
    (void)state;
    static const struct {
        int64_t raws[3];
        const char *reason;
    } cases[] = {
        {{100, 100, 90}, "fell 10 below 100 in 100 s: use"}, /* exactly a division */
        {{100, 100, 91}, "91, within one scale division of 100: no use"},
        {{100, 100, 109}, "109, within one scale division of 100: no use"},
        {{100, 100, 110}, "filled up from 100 to 110: no use"},
        {{100, 95, 92}, "92, within one scale division of 100: no use"},
    };
    struct meter meter = meter_of(METER_LEVEL);
    meter.division_raw = 10;
    for (size_t i = 0; i < ROWS(cases); i++) {
        expect(&meter, cases[i].raws, 3, cases[i].reason);
    }
}

static void a_rate_says_how_long_which_value_held(void **state)
{
    (void)state;
    static const struct {
        enum meter_integration integration;
        int64_t max_hold_us;
        const char *reason;
    } cases[] = {
        {METER_STEP, 0, "36 an hour held for 100 s"},
        {METER_STEP, 100 * TIMESTAMP_SECOND_US, "36 an hour held for 100 s"},
        {METER_STEP, 99 * TIMESTAMP_SECOND_US,
         "36 an hour held for 99 s, at most as long as declared, of 100 s"},
        {METER_TRAPEZOID, 0, "went straight from 36 to 72 an hour in 100 s"},
    };
    static const int64_t raws[] = {36, 72};
    for (size_t i = 0; i < ROWS(cases); i++) {
        struct meter meter = meter_of(METER_RATE);
        meter.integration = cases[i].integration;
        meter.max_hold_us = cases[i].max_hold_us;
        expect(&meter, raws, 2, cases[i].reason);
    }
}

static void a_limit_beyond_all_numbers_is_no_limit(void **state)
{
    (void)state;
    struct meter meter = meter_of(METER_REGISTER);
    static const int64_t raws[] = {1, 3};
    meter.max_rate_raw_hour = INT64_MAX;
    meter.decimals = 3;
    struct curve curve;
    char text[SAMPLE_REASON_MAX];
    curve_init(&curve, &meter);
    put_at(&curve, 0, raws[0]);
    put_at(&curve, 7200, raws[1]);
    sample_explain(&curve, 1, text, sizeof text);
    assert_string_equal(text, "rose 0.002 in 7200 s");
    curve_clear(&curve);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_level_says_what_was_used_filled_up_or_noise),
        cmocka_unit_test(a_rate_says_how_long_which_value_held),
        cmocka_unit_test(a_limit_beyond_all_numbers_is_no_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
