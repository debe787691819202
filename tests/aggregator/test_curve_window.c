/* What a curve keeps in memory, and the quality of what rests on it. */
#include "curve_rows.h"

static void marks_between_samples_are_interpolated(void **state)
{
    (void)state;
    struct meter meter = meter_of(METER_REGISTER);
    struct curve curve;
    curve_init(&curve, &meter);
    put_at(&curve, 0, 0);
    put_at(&curve, 100, 10);
    static const struct {
        int64_t s;
        enum quality quality;
    } cases[] = {
        {0, QUALITY_MEASURED},
        {50, QUALITY_INTERPOLATED},
        {100, QUALITY_MEASURED},
        {150, QUALITY_MEASURED},
    };
    for (size_t i = 0; i < ROWS(cases); i++) {
        enum quality quality = QUALITY_MEASURED;
        curve_at(&curve, cases[i].s * TIMESTAMP_SECOND_US, &quality);
        assert_int_equal(quality, cases[i].quality);
    }
    enum quality worse = QUALITY_ESTIMATED;
    curve_at(&curve, 50 * TIMESTAMP_SECOND_US, &worse);
    assert_int_equal(worse, QUALITY_ESTIMATED);
    curve_clear(&curve);
}

static void quality_is_the_worst_of_the_samples_that_use_rests_on(void **state)
{
    (void)state;
    struct meter meter = meter_of(METER_REGISTER);
    meter.max_gap_us = 100 * TIMESTAMP_SECOND_US;
    struct curve curve;
    curve_init(&curve, &meter);
    put_at(&curve, 0, 0);
    put_at(&curve, 100, 10); /* exactly max_gap: no gap */
    put(&curve, (struct row){.s = 200, .raw = 20, .uncertain = true});
    put_at(&curve, 301, 30); /* a gap */
    put_at(&curve, 350, 35);
    put(&curve, (struct row){.s = 380, .raw = 1, .uncertain = true}); /* a glitch: held */
    put_at(&curve, 400, 40);
    static const struct {
        int64_t start, end;
        enum quality quality;
    } cases[] = {
        {0, 100, QUALITY_MEASURED},    {0, 99, QUALITY_MEASURED},     {0, 101, QUALITY_UNCERTAIN},
        {100, 150, QUALITY_UNCERTAIN}, {100, 200, QUALITY_UNCERTAIN}, {200, 250, QUALITY_ESTIMATED},
        {0, 400, QUALITY_ESTIMATED},   {301, 350, QUALITY_MEASURED},  {301, 400, QUALITY_MEASURED},
        {350, 380, QUALITY_MEASURED},
    };
    for (size_t i = 0; i < ROWS(cases); i++) {
        assert_int_equal(curve_quality(&curve, cases[i].start * TIMESTAMP_SECOND_US,
                                       cases[i].end * TIMESTAMP_SECOND_US),
                         cases[i].quality);
    }
    curve_clear(&curve);
}

/* A curve of an hour, a sample every 10 s, trimmed whenever it is due. */
static void fill_and_trim(struct curve *curve, int64_t from_s, int64_t to_s, int *trims)
{
    for (int64_t s = from_s; s < to_s; s += 10) {
        int64_t anchor_us = 0;
        if (curve_trim_due(curve, &anchor_us)) {
            int64_t mark_us = anchor_us - 30 * TIMESTAMP_SECOND_US;
            int64_t newest_c = curve_c_base(curve, curve_newest(curve));
            int64_t anchor_c = c_at(curve, anchor_us / TIMESTAMP_SECOND_US);
            curve_trim(curve, anchor_us, mark_us);
            (*trims)++;
            assert_int_equal(curve_c_base(curve, curve_newest(curve)), newest_c);
            assert_int_equal(c_at(curve, anchor_us / TIMESTAMP_SECOND_US), anchor_c);
            assert_true(curve->count >= CURVE_KEEP_MIN);
        }
        assert_int_equal(put_at(curve, s, s), s == 0 ? OUTCOME_BASELINE : OUTCOME_ACCEPTED);
        int64_t oldest_kept_us = curve->samples[0].ts_us;
        assert_true(oldest_kept_us <= s * TIMESTAMP_SECOND_US - CURVE_WINDOW_US ||
                    oldest_kept_us == 0);
    }
}

static void trimming_keeps_c_and_the_exact_window(void **state)
{
    (void)state;
    struct meter meter = meter_of(METER_REGISTER);
    struct curve curve;
    curve_init(&curve, &meter);
    int trims = 0;
    fill_and_trim(&curve, 0, 7200, &trims);
    assert_true(trims >= 2);
    assert_true(curve.count < 400);
    int64_t first_s = curve.samples[0].ts_us / TIMESTAMP_SECOND_US;
    assert_true(first_s > 0);
    for (int64_t s = first_s; s < 7190; s += 3) {
        assert_int_equal(c_at(&curve, s), s);
    }
    assert_int_equal(put_at(&curve, first_s - 1, first_s - 1), OUTCOME_TOO_LATE);
    assert_int_equal(put_at(&curve, first_s + 1, first_s + 1), OUTCOME_LATE);
    assert_int_equal(c_at(&curve, 7190), 7190);
    curve_clear(&curve);
}

/* What the first sample kept counts from is forgotten: it cannot be put in question any more. */
static void the_first_sample_kept_stands_as_it_is(void **state)
{
    (void)state;
    struct meter meter = meter_of(METER_REGISTER);
    struct curve curve;
    curve_init(&curve, &meter);
    int trims = 0;
    fill_and_trim(&curve, 0, 7200, &trims);
    assert_true(curve.trimmed);
    int64_t first_s = curve.samples[0].ts_us / TIMESTAMP_SECOND_US;
    assert_int_equal(put_at(&curve, first_s, first_s), OUTCOME_DUPLICATE);
    assert_int_equal(put_at(&curve, first_s, first_s - 1), OUTCOME_TOO_LATE);
    assert_int_equal(put_at(&curve, first_s, first_s + 1), OUTCOME_CONFLICT);
    assert_int_equal(c_at(&curve, first_s), first_s);
    assert_int_equal(c_at(&curve, 7190), 7190);
    curve_clear(&curve);
}

static void a_reading_before_a_reset_that_stands_first_is_too_late(void **state)
{
    (void)state;
    struct meter meter = meter_of(METER_REGISTER);
    struct curve curve;
    curve_init(&curve, &meter);
    for (int64_t s = 0; s < 40; s++) {
        /* Resets alone, a minute apart, each of which shows what it showed. */
        put(&curve, (struct row){.s = s * 60, .raw = 500, .mark = true});
        put_at(&curve, s * 60 + 30, 510);
    }
    curve_trim(&curve, curve.samples[20].ts_us, curve.samples[20].ts_us);
    assert_int_equal(curve.samples[0].kind, SAMPLE_MARK);
    int64_t first_s = curve.samples[0].ts_us / TIMESTAMP_SECOND_US;
    int64_t newest = curve_c_base(&curve, curve_newest(&curve));
    assert_int_equal(put_at(&curve, first_s, 507), OUTCOME_TOO_LATE);
    assert_int_equal(curve_c_base(&curve, curve_newest(&curve)), newest);
    curve_clear(&curve);
}

static void held_samples_are_forgotten_once_they_are_old(void **state)
{
    (void)state;
    struct meter meter = meter_of(METER_REGISTER);
    struct curve curve;
    curve_init(&curve, &meter);
    put_at(&curve, 0, 1000000);
    for (int64_t s = 10; s < 36000; s += 10) {
        int64_t anchor_us = 0;
        if (curve_trim_due(&curve, &anchor_us)) {
            curve_trim(&curve, anchor_us, 0);
        }
        assert_int_equal(put_at(&curve, s, 5), OUTCOME_GLITCH);
    }
    assert_true(curve.count < 1000);
    assert_int_equal(put_at(&curve, 36000, 1000036), OUTCOME_ACCEPTED);
    assert_int_equal(c_at(&curve, 18000), 18);
    curve_clear(&curve);
}

static void quality_of_what_was_trimmed_is_remembered_to_the_mark(void **state)
{
    (void)state;
    struct meter meter = meter_of(METER_REGISTER);
    static const struct {
        int64_t uncertain_s, mark_s;
        enum quality quality;
    } cases[] = {
        {50, 0, QUALITY_UNCERTAIN},   {50, 50, QUALITY_MEASURED}, {50, 40, QUALITY_UNCERTAIN},
        {100, 90, QUALITY_UNCERTAIN}, {200, 0, QUALITY_MEASURED},
    };
    for (size_t i = 0; i < ROWS(cases); i++) {
        struct curve curve;
        curve_init(&curve, &meter);
        for (int64_t s = 0; s <= 200; s += 10) {
            put(&curve, (struct row){.s = s, .raw = s, .uncertain = s == cases[i].uncertain_s});
        }
        int64_t mark_us = cases[i].mark_s * TIMESTAMP_SECOND_US;
        curve_trim(&curve, 100 * TIMESTAMP_SECOND_US, mark_us);
        assert_int_equal(curve_quality(&curve, mark_us, 120 * TIMESTAMP_SECOND_US),
                         cases[i].quality);
        curve_clear(&curve);
    }
}

/* Trims whenever it is due, as timelines do. */
static void put_and_trim(struct curve *curve, int64_t s, int64_t raw)
{
    int64_t anchor_us = 0;
    if (curve_trim_due(curve, &anchor_us)) {
        int64_t newest_base = curve_c_base(curve, curve_newest(curve));
        curve_trim(curve, anchor_us, anchor_us);
        assert_true(curve_c_base(curve, curve_newest(curve)) == newest_base);
    }
    put_at(curve, s, raw);
}

static void an_odd_sample_costs_memory_only_while_it_is_in_the_window(void **state)
{
    (void)state;
    struct meter meter = meter_of(METER_REGISTER);
    meter.width_raw = 5850;
    meter.max_rate_raw_hour = 100000;
    struct curve curve;
    curve_init(&curve, &meter);
    bool odd_seen = false;
    int64_t raw = 5000 - 7;
    for (int64_t s = 0; s <= 7200; s += 10) {
        raw = s == 1200 ? 4 : raw + 7;                   /* goes round once */
        put_and_trim(&curve, s, s == 1500 ? 5800 : raw); /* a spike that is held */
        odd_seen = odd_seen || curve.columns.of[COLUMN_C] != NULL;
    }
    assert_true(odd_seen);
    assert_null(curve.columns.of[COLUMN_C]);
    assert_int_equal(curve_c_base(&curve, curve_newest(&curve)), raw + 5850 - 5000);
    curve_clear(&curve);
}

static void c_of_rates_and_levels_stays_in_32_bits_however_large_it_is(void **state)
{
    static const enum meter_kind kinds[] = {METER_RATE, METER_LEVEL};
    (void)state;
    for (size_t i = 0; i < ROWS(kinds); i++) {
        struct meter meter = meter_of(kinds[i]);
        meter.division_raw = 1;
        struct curve curve;
        curve_init(&curve, &meter);
        for (int64_t s = 0; s <= 14400; s += 10) {
            put_and_trim(&curve, s,
                         kinds[i] == METER_RATE ? INT64_C(10000000000)
                                                : INT64_C(40000000000) - s * 2500000);
        }
        assert_true(curve_c_base(&curve, curve_newest(&curve)) > INT64_C(30000000000));
        assert_non_null(curve.columns.of[COLUMN_C]);
        assert_int_equal(curve.columns.wide[COLUMN_C], 0);
        curve_clear(&curve);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_between_samples_are_interpolated),
        cmocka_unit_test(quality_is_the_worst_of_the_samples_that_use_rests_on),
        cmocka_unit_test(trimming_keeps_c_and_the_exact_window),
        cmocka_unit_test(the_first_sample_kept_stands_as_it_is),
        cmocka_unit_test(a_reading_before_a_reset_that_stands_first_is_too_late),
        cmocka_unit_test(held_samples_are_forgotten_once_they_are_old),
        cmocka_unit_test(quality_of_what_was_trimmed_is_remembered_to_the_mark),
        cmocka_unit_test(an_odd_sample_costs_memory_only_while_it_is_in_the_window),
        cmocka_unit_test(c_of_rates_and_levels_stays_in_32_bits_however_large_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
