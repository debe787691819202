/* The curve of one meter: what its samples add up to, whatever their order. */
#include "curve_rows.h"

static void a_curve_without_samples_is_zero(void **state)
{
    (void)state;
    struct meter meter = meter_of(METER_REGISTER);
    struct curve curve;
    curve_init(&curve, &meter);
    assert_null(curve_newest(&curve));
    assert_int_equal(c_at(&curve, 100), 0);
    curve_clear(&curve);
}

static void a_register_counts_from_its_earliest_sample(void **state)
{
    (void)state;
    struct meter meter = meter_of(METER_REGISTER);
    struct curve curve;
    curve_init(&curve, &meter);
    assert_int_equal(put_at(&curve, 100, 51200), OUTCOME_BASELINE);
    assert_int_equal(put_at(&curve, 400, 51230), OUTCOME_ACCEPTED);
    assert_int_equal(put_at(&curve, 500, 51230), OUTCOME_ACCEPTED);
    assert_int_equal(c_at(&curve, 0), 0);
    assert_int_equal(c_at(&curve, 100), 0);
    assert_int_equal(c_at(&curve, 200), 10);
    assert_int_equal(c_at(&curve, 399), 29);
    assert_int_equal(c_at(&curve, 400), 30);
    assert_int_equal(c_at(&curve, 9999), 30);
    assert_int_equal(put_at(&curve, 50, 51000), OUTCOME_BASELINE); /* even earlier: the new one */
    assert_int_equal(c_at(&curve, 100), 200);
    assert_int_equal(c_at(&curve, 500), 230);
    curve_clear(&curve);
}

/* Each row: a register's second sample, and what it makes of 100 s after the first. */
static void a_fall_is_what_the_meter_declares(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        int64_t width, rate_hour;
        enum meter_reset reset;
        int64_t first, second;
        enum outcome outcome;
        int64_t c;
    } cases[] = {
        {"no fall", 0, 0, METER_RESET_NEVER, 10, 50, OUTCOME_ACCEPTED, 40},
        {"no reset declared", 0, 0, METER_RESET_NEVER, 50, 10, OUTCOME_GLITCH, 0},
        {"to zero: what it shows is use", 0, 0, METER_RESET_TO_ZERO, 50, 10, OUTCOME_RESET, 10},
        {"to zero, at zero", 0, 0, METER_RESET_TO_ZERO, 50, 0, OUTCOME_RESET, 0},
        {"to an unknown value", 0, 0, METER_RESET_UNKNOWN, 50, 10, OUTCOME_RESET, 0},
        {"goes round (DOMAIN 3)", 1000000, 0, METER_RESET_NEVER, 999950, 30, OUTCOME_ROLLOVER, 80},
        {"a quarter of the width", 1000000, 0, METER_RESET_NEVER, 750000, 0, OUTCOME_ROLLOVER,
         250000},
        {"more than a quarter", 1000000, 0, METER_RESET_NEVER, 749999, 0, OUTCOME_GLITCH, 0},
        {"round at the max rate", 1000000, 2880, METER_RESET_NEVER, 999950, 30, OUTCOME_ROLLOVER,
         80},
        {"round above the max rate", 1000000, 2879, METER_RESET_NEVER, 999950, 30, OUTCOME_GLITCH,
         0},
        {"far round, but slow enough", 1000, 36000, METER_RESET_NEVER, 500, 499, OUTCOME_ROLLOVER,
         999},
        {"too far round, reset declared", 1000000, 2879, METER_RESET_TO_ZERO, 999950, 30,
         OUTCOME_RESET, 30},
        {"at the max rate", 0, 3600, METER_RESET_NEVER, 0, 100, OUTCOME_ACCEPTED, 100},
        {"above the max rate", 0, 3600, METER_RESET_NEVER, 0, 101, OUTCOME_SPIKE, 0},
    };
    for (size_t i = 0; i < ROWS(cases); i++) {
        struct meter meter = meter_of(METER_REGISTER);
        meter.width_raw = cases[i].width;
        meter.max_rate_raw_hour = cases[i].rate_hour;
        meter.reset = cases[i].reset;
        struct curve curve;
        curve_init(&curve, &meter);
        put_at(&curve, 0, cases[i].first);
        enum outcome outcome = put_at(&curve, 100, cases[i].second);
        if (outcome != cases[i].outcome || c_at(&curve, 100) != cases[i].c) {
            fail_msg("%s: outcome %s, C %lld", cases[i].what, outcome_info(outcome)->name,
                     (long long)c_at(&curve, 100));
        }
        curve_clear(&curve);
    }
}

static void a_glitch_is_held_and_the_return_books_once(void **state)
{
    (void)state;
    struct meter meter = meter_of(METER_REGISTER);
    struct curve curve;
    curve_init(&curve, &meter);
    put_at(&curve, 0, 1000);
    assert_int_equal(put_at(&curve, 100, 0), OUTCOME_GLITCH);
    assert_int_equal(put_at(&curve, 200, 999), OUTCOME_GLITCH);
    assert_int_equal(curve_newest(&curve)->ts_us, 0);
    assert_int_equal(c_at(&curve, 200), 0);
    assert_int_equal(put_at(&curve, 300, 1030), OUTCOME_ACCEPTED);
    assert_int_equal(c_at(&curve, 100), 10);
    assert_int_equal(c_at(&curve, 200), 20);
    assert_int_equal(c_at(&curve, 300), 30);
    assert_int_equal(put_at(&curve, 400, 1030), OUTCOME_ACCEPTED);
    curve_clear(&curve);
}

static void a_spike_is_held_and_what_follows_counts_from_before_it(void **state)
{
    (void)state;
    struct meter meter = meter_of(METER_REGISTER);
    meter.max_rate_raw_hour = 3600;
    struct curve curve;
    curve_init(&curve, &meter);
    put_at(&curve, 0, 1000);
    assert_int_equal(put_at(&curve, 100, 999999), OUTCOME_SPIKE);
    assert_int_equal(put_at(&curve, 200, 1100), OUTCOME_ACCEPTED);
    assert_int_equal(c_at(&curve, 100), 50);
    assert_int_equal(c_at(&curve, 200), 100);
    curve_clear(&curve);
}

static void a_declared_reset_counts_nothing_by_itself(void **state)
{
    (void)state;
    struct meter meter = meter_of(METER_REGISTER);
    struct curve curve;
    curve_init(&curve, &meter);
    put_at(&curve, 0, 84000);
    /* DOMAIN 3: final 84,213, initial 12, now 60: 213 + 48 = 261. */
    assert_int_equal(put_at(&curve, 100, 84213), OUTCOME_ACCEPTED);
    assert_int_equal(put(&curve, (struct row){.s = 100, .raw = 12, .mark = true}),
                     OUTCOME_ACCEPTED);
    assert_int_equal(put_at(&curve, 200, 60), OUTCOME_ACCEPTED);
    assert_int_equal(c_at(&curve, 100), 213);
    assert_int_equal(c_at(&curve, 150), 237);
    assert_int_equal(c_at(&curve, 200), 261);
    curve_clear(&curve);
}

/* The reading at the instant of a reset is the old register's, in whatever order the two come. */
static void a_reading_at_the_instant_of_a_reset_is_the_old_register_s(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {.s = 0, .raw = 1000},
        {.s = 100, .raw = 1070},
        {.s = 100, .raw = 0, .mark = true},
        {.s = 200, .raw = 5},
    };
    struct permutation order = permutation_first(ROWS(rows));
    do {
        struct meter meter = meter_of(METER_REGISTER);
        struct curve curve;
        curve_init(&curve, &meter);
        for (size_t i = 0; i < ROWS(rows); i++) {
            put(&curve, rows[order.order[i]]);
        }
        assert_int_equal(put(&curve, rows[1]), OUTCOME_DUPLICATE);
        assert_int_equal(put(&curve, rows[2]), OUTCOME_DUPLICATE);
        assert_int_equal(c_at(&curve, 100), 70);
        assert_int_equal(c_at(&curve, 200), 75);
        curve_clear(&curve);
    } while (permutation_next(&order));
}

static void a_step_rate_holds_until_the_next_value_at_most_max_hold(void **state)
{
    (void)state;
    static const struct {
        int64_t max_hold_s, s, c;
    } cases[] = {
        {0, 0, 0},       {0, 1800, 1800},  {0, 3599, 3599},    {0, 3600, 3600},
        {0, 5400, 3600}, {0, 7200, 3600},  {600, 599, 599},    {600, 600, 600},
        {600, 601, 600}, {600, 3600, 600}, {3600, 3600, 3600}, {3601, 3600, 3600},
    };
    for (size_t i = 0; i < ROWS(cases); i++) {
        struct meter meter = meter_of(METER_RATE);
        meter.max_hold_us = cases[i].max_hold_s * TIMESTAMP_SECOND_US;
        struct curve curve;
        curve_init(&curve, &meter);
        put_at(&curve, 0, 3600); /* 3,600 an hour: 1 a second */
        put_at(&curve, 3600, 0);
        put_at(&curve, 7200, 100);
        assert_int_equal(c_at(&curve, cases[i].s), cases[i].c);
        curve_clear(&curve);
    }
}

/* A unit each microsecond: one more shows. */
static void a_rate_is_held_to_the_microsecond(void **state)
{
    (void)state;
    struct meter meter = meter_of(METER_RATE);
    meter.max_hold_us = 600 * TIMESTAMP_SECOND_US;
    struct curve curve;
    curve_init(&curve, &meter);
    put_at(&curve, 0, TIMESTAMP_HOUR_US);
    put_at(&curve, 3600, 0);
    assert_int_equal(c_at(&curve, 3600), 600 * TIMESTAMP_SECOND_US);
    curve_clear(&curve);
}

static void a_step_rate_floors_the_whole_not_each_step(void **state)
{
    (void)state;
    struct meter meter = meter_of(METER_RATE);
    struct curve curve;
    curve_init(&curve, &meter);
    for (int64_t s = 0; s <= 7200; s++) {
        put_at(&curve, s, 1); /* one unit an hour: 1/3600 a step */
    }
    assert_int_equal(c_at(&curve, 3599), 0);
    assert_int_equal(c_at(&curve, 3600), 1);
    assert_int_equal(c_at(&curve, 7199), 1);
    assert_int_equal(c_at(&curve, 7200), 2);
    curve_clear(&curve);
}

static void a_trapezoid_is_the_exact_area_floored_once(void **state)
{
    (void)state;
    struct meter meter = meter_of(METER_RATE);
    meter.integration = METER_TRAPEZOID;
    struct curve curve;
    curve_init(&curve, &meter);
    put_at(&curve, 0, 0);
    put_at(&curve, 3600, 7200); /* rises by 2 a second: t seconds hold t^2 / 3600 */
    put_at(&curve, 7200, 0);    /* and falls again */
    put_at(&curve, 10800, 1);   /* half a unit */
    put_at(&curve, 14400, 0);   /* and the other half */
    for (int64_t s = 0; s <= 3600; s += 7) {
        assert_int_equal(c_at(&curve, s), s * s / 3600);
        assert_int_equal(c_at(&curve, 7200 - s), (7200 * 3600 - s * s) / 3600);
    }
    assert_int_equal(c_at(&curve, 10800), 7200);
    assert_int_equal(c_at(&curve, 14400), 7201);
    curve_clear(&curve);
}

static void the_scale_floors_once_for_the_whole_era(void **state)
{
    (void)state;
    struct meter meter = meter_of(METER_REGISTER);
    meter.scale_num = 2;
    meter.scale_den = 3;
    struct curve curve;
    curve_init(&curve, &meter);
    for (int64_t s = 0; s <= 300; s++) {
        put_at(&curve, s, 1000 + s);
        assert_int_equal(c_at(&curve, s), s * 2 / 3);
    }
    curve_clear(&curve);
}

static void at_one_time_the_best_of_all_that_came_stands(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        struct row rows[4];
        size_t count;
        int64_t raw;
        bool uncertain;
    } cases[] = {
        {"smallest value",
         {{.s = 100, .raw = 30, .seq = -1},
          {.s = 100, .raw = 20, .seq = -1},
          {.s = 100, .raw = 25, .seq = -1}},
         3,
         20,
         false},
        {"highest seq before value",
         {{.s = 100, .raw = 10, .seq = 1},
          {.s = 100, .raw = 40, .seq = 3},
          {.s = 100, .raw = 20, .seq = 2},
          {.s = 100, .raw = 5, .seq = -1}},
         4,
         40,
         false},
        {"quality before seq",
         {{.s = 100, .raw = 10, .seq = 9, .uncertain = true}, {.s = 100, .raw = 40, .seq = 1}},
         2,
         40,
         false},
        {"the same value with a higher seq keeps its place",
         {{.s = 100, .raw = 30, .seq = 1},
          {.s = 100, .raw = 20, .seq = 2},
          {.s = 100, .raw = 30, .seq = 3}},
         3,
         30,
         false},
        {"the same value, certain and not",
         {{.s = 100, .raw = 30, .seq = -1, .uncertain = true}, {.s = 100, .raw = 30, .seq = -1}},
         2,
         30,
         false},
    };
    for (size_t i = 0; i < ROWS(cases); i++) {
        struct permutation order = permutation_first(cases[i].count);
        do {
            struct meter meter = meter_of(METER_REGISTER);
            struct curve curve;
            curve_init(&curve, &meter);
            put_at(&curve, 0, 0);
            put_at(&curve, 200, 100);
            assert_int_equal(put(&curve, cases[i].rows[order.order[0]]), OUTCOME_LATE);
            for (size_t k = 1; k < cases[i].count; k++) {
                enum outcome outcome = put(&curve, cases[i].rows[order.order[k]]);
                assert_true(outcome == OUTCOME_CONFLICT || outcome == OUTCOME_DUPLICATE);
            }
            assert_int_equal(c_at(&curve, 100), cases[i].raw);
            assert_int_equal(c_at(&curve, 200), 100);
            assert_int_equal(curve_quality(&curve, 0, 100 * TIMESTAMP_SECOND_US),
                             cases[i].uncertain ? QUALITY_UNCERTAIN : QUALITY_MEASURED);
            curve_clear(&curve);
        } while (permutation_next(&order));
    }
}

static void a_better_baseline_moves_the_whole_curve(void **state)
{
    (void)state;
    struct meter meter = meter_of(METER_REGISTER);
    struct curve curve;
    curve_init(&curve, &meter);
    put_at(&curve, 0, 50);
    put_at(&curve, 100, 150);
    assert_int_equal(put_at(&curve, 0, 30), OUTCOME_CONFLICT);
    assert_int_equal(c_at(&curve, 0), 0);
    assert_int_equal(c_at(&curve, 100), 120);
    curve_clear(&curve);
}

/* The same samples in every order give the same curve, glitches and all. */
static void the_order_of_arrival_does_not_matter(void **state)
{
    (void)state;
    static const struct row sets[][6] = {
        {{.s = 0, .raw = 100},
         {.s = 60, .raw = 130},
         {.s = 120, .raw = 90},
         {.s = 180, .raw = 131},
         {.s = 240, .raw = 500},
         {.s = 300, .raw = 501}},
        {{.s = 0, .raw = 990},
         {.s = 60, .raw = 999},
         {.s = 120, .raw = 3},
         {.s = 180, .raw = 3},
         {.s = 240, .raw = 0, .mark = true},
         {.s = 300, .raw = 7}},
        {{.s = 0, .raw = 7},
         {.s = 60, .raw = 3},
         {.s = 120, .raw = 11},
         {.s = 180, .raw = 0},
         {.s = 240, .raw = 13},
         {.s = 300, .raw = 1}},
    };
    static const enum meter_kind kinds[] = {METER_REGISTER, METER_RATE, METER_RATE};
    for (size_t set = 0; set < ROWS(sets); set++) {
        for (size_t kind = 0; kind < ROWS(kinds); kind++) {
            if (set == 1 && kinds[kind] == METER_RATE) {
                continue; /* a rate is never reset */
            }
            struct meter meter = meter_of(kinds[kind]);
            meter.scale_num = 7;
            meter.scale_den = 3;
            meter.width_raw = 1000;
            meter.max_rate_raw_hour = kinds[kind] == METER_REGISTER ? 6000 : 0;
            meter.integration = kind == 2 ? METER_TRAPEZOID : METER_STEP;
            meter.max_gap_us = 90 * TIMESTAMP_SECOND_US;
            int64_t wanted[61] = {0};
            enum quality wanted_quality = QUALITY_MEASURED;
            struct permutation order = permutation_first(6);
            bool first = true;
            do {
                struct curve curve;
                curve_init(&curve, &meter);
                for (size_t i = 0; i < 6; i++) {
                    put(&curve, sets[set][order.order[i]]);
                }
                enum quality quality = curve_quality(&curve, 0, 300 * TIMESTAMP_SECOND_US);
                for (int64_t i = 0; i <= 60; i++) {
                    wanted[i] = first ? c_at(&curve, i * 5) : wanted[i];
                    assert_int_equal(c_at(&curve, i * 5), wanted[i]);
                }
                wanted_quality = first ? quality : wanted_quality;
                assert_int_equal(quality, wanted_quality);
                first = false;
                curve_clear(&curve);
            } while (permutation_next(&order));
        }
    }
}

/* What curve_insert says has changed is all that has. */
static void nothing_changes_before_the_time_that_is_said(void **state)
{
    (void)state;
    struct meter meter = meter_of(METER_REGISTER);
    meter.max_rate_raw_hour = 7200;
    uint64_t seed = 99;
    for (int round = 0; round < 40; round++) {
        struct curve curve;
        curve_init(&curve, &meter);
        int64_t before[101] = {0};
        for (int i = 0; i < 25; i++) {
            seed = seed * 6364136223846793005U + 1442695040888963407U;
            int64_t s = (int64_t)((seed >> 33) % 100);
            int64_t raw = s + (int64_t)((seed >> 50) % 8) - ((seed >> 60) == 0 ? s : 0);
            struct row row = {.s = s, .raw = raw < 0 ? 0 : raw, .seq = -1};
            struct sample sample = sample_of(&row);
            int64_t newest_us = curve.count > 0 ? curve_newest(&curve)->ts_us : INT64_MIN;
            int64_t changed_us = 0;
            curve_insert(&curve, &sample, &changed_us);
            for (int64_t t = 0; t <= 100; t++) {
                int64_t now = c_at(&curve, t);
                int64_t t_us = t * TIMESTAMP_SECOND_US;
                if (t_us <= changed_us && t_us <= newest_us && changed_us != INT64_MIN) {
                    assert_int_equal(now, before[t]);
                }
                before[t] = now;
            }
        }
        curve_clear(&curve);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_curve_without_samples_is_zero),
        cmocka_unit_test(a_register_counts_from_its_earliest_sample),
        cmocka_unit_test(a_fall_is_what_the_meter_declares),
        cmocka_unit_test(a_glitch_is_held_and_the_return_books_once),
        cmocka_unit_test(a_spike_is_held_and_what_follows_counts_from_before_it),
        cmocka_unit_test(a_declared_reset_counts_nothing_by_itself),
        cmocka_unit_test(a_reading_at_the_instant_of_a_reset_is_the_old_register_s),
        cmocka_unit_test(a_step_rate_holds_until_the_next_value_at_most_max_hold),
        cmocka_unit_test(a_rate_is_held_to_the_microsecond),
        cmocka_unit_test(a_step_rate_floors_the_whole_not_each_step),
        cmocka_unit_test(a_trapezoid_is_the_exact_area_floored_once),
        cmocka_unit_test(the_scale_floors_once_for_the_whole_era),
        cmocka_unit_test(at_one_time_the_best_of_all_that_came_stands),
        cmocka_unit_test(a_better_baseline_moves_the_whole_curve),
        cmocka_unit_test(the_order_of_arrival_does_not_matter),
        cmocka_unit_test(nothing_changes_before_the_time_that_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
