/* What is said about a curve: decisions of persons, and other multipliers. */
#include "curve_rows.h"
#include "sample_reason.h"

#define S TIMESTAMP_SECOND_US

static enum outcome say(struct curve *curve, enum sample_kind kind, int64_t at_s, int64_t raw,
                        int64_t said_s)
{
    struct sample said = {.ts_us = at_s * S, .raw = raw, .seq = said_s * S, .kind = (uint8_t)kind};
    int64_t changed_us = 0;
    return curve_insert(curve, &said, &changed_us);
}

static enum outcome rescale(struct curve *curve, int64_t from_s, int64_t num, int64_t den)
{
    struct sample said = {
        .ts_us = from_s * S, .raw = num, .reference_raw = den, .kind = SAMPLE_SCALE};
    int64_t changed_us = 0;
    return curve_insert(curve, &said, &changed_us);
}

static struct meter limited(void)
{
    struct meter meter = meter_of(METER_REGISTER);
    meter.max_rate_raw_hour = 3600;
    return meter;
}

/* ---- Decisions ---- */

static void an_accepted_jump_is_taken(void **state)
{
    (void)state;
    struct meter meter = limited();
    struct curve curve;
    char text[SAMPLE_REASON_MAX];
    curve_init(&curve, &meter);
    put_at(&curve, 0, 1000);
    assert_int_equal(put_at(&curve, 100, 5000), OUTCOME_SPIKE);
    assert_int_equal(say(&curve, SAMPLE_ACCEPT, 100, INT64_MIN, 150), OUTCOME_ACCEPTED);
    assert_int_equal(c_at(&curve, 100), 4000);
    assert_int_equal(put_at(&curve, 200, 5070), OUTCOME_ACCEPTED);
    assert_int_equal(c_at(&curve, 200), 4070);
    assert_int_equal(curve_quality(&curve, 0, 100 * S), QUALITY_CORRECTED);
    assert_int_equal(curve_quality(&curve, 100 * S, 200 * S), QUALITY_MEASURED);
    sample_explain(&curve, 1, text, sizeof text);
    assert_string_equal(text, "moved 4000 in 100 s, more than 100; accepted by a person");
    assert_int_equal(say(&curve, SAMPLE_ACCEPT, 100, INT64_MIN, 150), OUTCOME_DUPLICATE);
    curve_clear(&curve);
}

static void an_accepted_fall_is_a_reset_as_the_meter_declares(void **state)
{
    (void)state;
    static const struct {
        enum meter_reset reset;
        int64_t c;
        bool loss;
        const char *reason;
    } cases[] = {
        {METER_RESET_NEVER, 5, true,
         "fell from 1000 to 7, accepted by a person as a reset: what went through before it was "
         "read again is lost"},
        {METER_RESET_TO_ZERO, 12, false,
         "fell from 1000, accepted by a person as a reset: what it shows after it, 7, is use"},
        {METER_RESET_UNKNOWN, 5, true,
         "fell from 1000 to 7, accepted by a person as a reset: what went through before it was "
         "read again is lost"},
    };
    for (size_t i = 0; i < ROWS(cases); i++) {
        struct meter meter = meter_of(METER_REGISTER);
        struct curve curve;
        char text[SAMPLE_REASON_MAX];
        meter.reset = cases[i].reset;
        meter.reset_after = 9;
        curve_init(&curve, &meter);
        put_at(&curve, 0, 1000);
        assert_int_equal(put_at(&curve, 100, 7), OUTCOME_GLITCH);
        assert_int_equal(put_at(&curve, 200, 12), OUTCOME_GLITCH);
        assert_int_equal(say(&curve, SAMPLE_ACCEPT, 100, 7, 250), OUTCOME_ACCEPTED);
        assert_int_equal(c_at(&curve, 200), cases[i].c);
        assert_int_equal(curve.samples[1].loss, cases[i].loss);
        sample_explain(&curve, 1, text, sizeof text);
        assert_string_equal(text, cases[i].reason);
        curve_clear(&curve);
    }
}

static void a_rejected_reading_stays_out_for_good(void **state)
{
    (void)state;
    struct meter meter = limited();
    struct curve curve;
    struct held_reading held[4];
    char text[SAMPLE_REASON_MAX];
    curve_init(&curve, &meter);
    put_at(&curve, 0, 1000);
    put_at(&curve, 100, 5000);
    assert_int_equal(curve_held(&curve, held, ROWS(held)), 1);
    assert_int_equal(say(&curve, SAMPLE_REJECT, 100, INT64_MIN, 150), OUTCOME_ACCEPTED);
    assert_int_equal(curve_held(&curve, held, ROWS(held)), 0);
    put_at(&curve, 200, 5001);
    put_at(&curve, 300, 5002);
    put_at(&curve, 400, 5003);
    assert_int_equal(c_at(&curve, 400), 0); /* it is no jump to go on from any more */
    put_at(&curve, 500, 5004);
    assert_int_equal(c_at(&curve, 500), 4004); /* but the one behind it is */
    sample_explain(&curve, 1, text, sizeof text);
    assert_string_equal(text, "5000, rejected by a person: does not count");
    /* One that looked true is taken out, too. */
    assert_int_equal(say(&curve, SAMPLE_REJECT, 500, 5004, 600), OUTCOME_ACCEPTED);
    assert_int_equal(c_at(&curve, 500), 0);
    assert_int_equal(put_at(&curve, 600, 1100), OUTCOME_ACCEPTED);
    assert_int_equal(c_at(&curve, 600), 100);
    curve_clear(&curve);
}

static void a_decision_waits_for_its_reading_and_for_its_value(void **state)
{
    (void)state;
    struct meter meter = limited();
    struct curve curve;
    curve_init(&curve, &meter);
    assert_int_equal(say(&curve, SAMPLE_ACCEPT, 100, INT64_MIN, 50), OUTCOME_NO_EFFECT);
    assert_int_equal(say(&curve, SAMPLE_REJECT, 200, 70, 50), OUTCOME_NO_EFFECT);
    put_at(&curve, 0, 0);
    assert_int_equal(put_at(&curve, 100, 9000), OUTCOME_ACCEPTED);
    assert_int_equal(put_at(&curve, 200, 9070), OUTCOME_ACCEPTED); /* shows another value */
    assert_int_equal(c_at(&curve, 200), 9070);
    assert_int_equal(say(&curve, SAMPLE_REJECT, 300, 9080, 50), OUTCOME_NO_EFFECT);
    assert_int_equal(put_at(&curve, 300, 9080), OUTCOME_NO_EFFECT); /* rejected before it came */
    assert_int_equal(c_at(&curve, 300), 9070);
    curve_clear(&curve);
}

static void the_latest_word_stands_in_whatever_order_it_comes(void **state)
{
    (void)state;
    static const struct {
        enum sample_kind kind;
        int64_t said_s;
    } words[] = {
        {SAMPLE_ACCEPT, 200}, {SAMPLE_REJECT, 300}, {SAMPLE_ACCEPT, 300}, {SAMPLE_ACCEPT, 250}};
    struct permutation order = permutation_first(ROWS(words));
    struct meter meter = limited();
    do {
        struct curve curve;
        curve_init(&curve, &meter);
        put_at(&curve, 0, 1000);
        put_at(&curve, 100, 5000);
        for (size_t i = 0; i < ROWS(words); i++) {
            say(&curve, words[order.order[i]].kind, 100, INT64_MIN, words[order.order[i]].said_s);
        }
        assert_int_equal(c_at(&curve, 100), 0); /* of two at once the rejection */
        assert_int_equal(curve.samples[1].kind, SAMPLE_REJECTED);
        curve_clear(&curve);
    } while (permutation_next(&order));
}

/* ---- Multipliers ---- */

/* Each row: a register at 0 s and 100 s shows 1000 and 1090, the factor changes in between. */
static void edge_09_use_is_split_where_the_multiplier_changed(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        int64_t num, den;
        struct {
            int64_t s, num, den;
        } changes[2];
        int64_t c_50, c_100, c_200;
    } cases[] = {
        {"none", 1, 1, {{0}}, 45, 90, 190},
        {"before all", 1, 1, {{-10, 2, 1}}, 90, 180, 380},
        {"at the first", 1, 1, {{0, 2, 1}}, 90, 180, 380},
        {"half way", 1, 1, {{50, 2, 1}}, 45, 135, 335},
        {"at the second", 1, 1, {{100, 2, 1}}, 45, 90, 290},
        {"behind all", 1, 1, {{300, 2, 1}}, 45, 90, 190},
        {"there and back", 1, 1, {{50, 3, 1}, {100, 1, 1}}, 45, 180, 280},
        {"twice between two readings", 1, 1, {{20, 3, 1}, {70, 1, 1}}, 99, 180, 280},
        {"each era has its own floor", 1, 7, {{50, 2, 1}}, 6, 18, 47},
        {"a raw unit is split exactly", 1000, 1, {{1, 2, 1}}, 89100, 179100, 379100},
    };
    for (size_t i = 0; i < ROWS(cases); i++) {
        for (int late = 0; late < 2; late++) {
            struct meter meter = meter_of(METER_REGISTER);
            struct curve curve;
            meter.scale_num = cases[i].num;
            meter.scale_den = cases[i].den;
            curve_init(&curve, &meter);
            for (int step = 0; step < 2; step++) {
                if (step == late) {
                    for (size_t n = 0; n < 2 && cases[i].changes[n].num > 0; n++) {
                        rescale(&curve, cases[i].changes[n].s, cases[i].changes[n].num,
                                cases[i].changes[n].den);
                    }
                } else {
                    put_at(&curve, 0, 1000);
                    put_at(&curve, 100, 1090);
                    put_at(&curve, 200, 1190);
                }
            }
            if (c_at(&curve, 50) != cases[i].c_50 || c_at(&curve, 100) != cases[i].c_100 ||
                c_at(&curve, 200) != cases[i].c_200) {
                fail_msg("%s%s: C %lld, %lld, %lld", cases[i].what, late ? ", told late" : "",
                         (long long)c_at(&curve, 50), (long long)c_at(&curve, 100),
                         (long long)c_at(&curve, 200));
            }
            curve_clear(&curve);
        }
    }
}

/* (final - last) x old + (now - initial) x new, in every order. */
static void edge_08_an_exchange_with_another_multiplier_counts_each_side_by_its_own(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {.s = 0, .raw = 84000, .seq = -1},
        {.s = 100, .raw = 84213, .seq = -1},
        {.s = 100, .raw = 12, .seq = -1, .mark = true},
        {.s = 200, .raw = 60, .seq = -1},
    };
    struct permutation order = permutation_first(ROWS(rows) + 1);
    do {
        struct meter meter = meter_of(METER_REGISTER);
        struct curve curve;
        meter.scale_num = 200;
        curve_init(&curve, &meter);
        for (size_t i = 0; i <= ROWS(rows); i++) {
            if (order.order[i] == ROWS(rows)) {
                rescale(&curve, 100, 3, 2);
            } else {
                put(&curve, rows[order.order[i]]);
            }
        }
        assert_int_equal(c_at(&curve, 100), 213 * 200);
        assert_int_equal(c_at(&curve, 200), 213 * 200 + 48 * 300);
        curve_clear(&curve);
    } while (permutation_next(&order));
}

static void edge_09_a_rate_is_cut_where_the_multiplier_changed(void **state)
{
    (void)state;
    static const struct {
        enum meter_integration integration;
        int64_t hold_s, c_1800, c_3600;
    } cases[] = {
        {METER_STEP, 0, 1800, 1800 + 5400},
        {METER_STEP, 2000, 1800, 1800 + 600},
        {METER_TRAPEZOID, 0, 1350, 1350 + 3 * 450},
    };
    for (size_t i = 0; i < ROWS(cases); i++) {
        for (int late = 0; late < 2; late++) {
            struct meter meter = meter_of(METER_RATE);
            struct curve curve;
            meter.integration = cases[i].integration;
            meter.max_hold_us = cases[i].hold_s * S;
            curve_init(&curve, &meter);
            if (late == 0) {
                rescale(&curve, 1800, 3, 1);
            }
            put_at(&curve, 0, 3600);
            put_at(&curve, 3600, 0);
            if (late == 1) {
                assert_int_equal(rescale(&curve, 1800, 3, 1), OUTCOME_LATE);
            }
            assert_int_equal(c_at(&curve, 1800), cases[i].c_1800);
            assert_int_equal(c_at(&curve, 3600), cases[i].c_3600);
            curve_clear(&curve);
        }
    }
}

static void a_level_is_scaled_like_a_register(void **state)
{
    (void)state;
    struct meter meter = meter_of(METER_LEVEL);
    struct curve curve;
    meter.division_raw = 10;
    curve_init(&curve, &meter);
    rescale(&curve, 100, 2, 1);
    put_at(&curve, 0, 100);
    put_at(&curve, 100, 60);
    put_at(&curve, 200, 500);
    put_at(&curve, 300, 470);
    assert_int_equal(c_at(&curve, 300), 40 + 60);
    curve_clear(&curve);
}

static void of_two_multipliers_for_one_instant_the_smaller_stands(void **state)
{
    (void)state;
    struct meter meter = meter_of(METER_REGISTER);
    for (int turn = 0; turn < 2; turn++) {
        struct curve curve;
        curve_init(&curve, &meter);
        put_at(&curve, 0, 0);
        put_at(&curve, 100, 100);
        rescale(&curve, 0, turn == 0 ? 5 : 3, 2);
        assert_int_equal(rescale(&curve, 0, turn == 0 ? 3 : 5, 2), OUTCOME_CONFLICT);
        assert_int_equal(rescale(&curve, 0, 3, 2), OUTCOME_DUPLICATE);
        assert_int_equal(c_at(&curve, 100), 150);
        curve_clear(&curve);
    }
}

static void a_multiplier_that_does_not_fit_is_refused(void **state)
{
    (void)state;
    struct meter meter = meter_of(METER_REGISTER);
    struct curve curve;
    meter.scale_num = INT64_C(1) << 40;
    curve_init(&curve, &meter);
    assert_int_equal(rescale(&curve, 0, INT64_C(1) << 40, 1), OUTCOME_OUT_OF_RANGE);
    assert_int_equal(rescale(&curve, 0, 0, 1), OUTCOME_OUT_OF_RANGE);
    for (int64_t i = 0; i < SCALES_MAX; i++) {
        assert_int_equal(rescale(&curve, i, 1, 1), OUTCOME_ACCEPTED);
    }
    assert_int_equal(rescale(&curve, -1, 1, 1), OUTCOME_NOT_ALLOWED);
    curve_clear(&curve);
}

/* Its floors are in parts of an hour, in microseconds: they must stay within 63 bits. */
static void a_rate_takes_no_factor_whose_remainder_has_no_room(void **state)
{
    (void)state;
    struct meter meter = meter_of(METER_RATE);
    meter.integration = METER_TRAPEZOID;
    struct curve curve;
    curve_init(&curve, &meter);
    assert_int_equal(rescale(&curve, 0, 1, SCALES_RATE_DEN_MAX + 1), OUTCOME_OUT_OF_RANGE);
    assert_int_equal(rescale(&curve, 0, 1, SCALES_RATE_DEN_MAX), OUTCOME_ACCEPTED);
    put_at(&curve, 0, 0);
    for (int64_t s = 1; s <= 100; s++) { /* every step leaves a remainder */
        put_at(&curve, s, SCALES_RATE_DEN_MAX / 7 * 2 * s);
    }
    /* 2/7 of s an hour, for 100 seconds: 2 / 7 x 100 x 100 / 2 / 3600, in whole numbers below. */
    assert_int_equal(c_at(&curve, 100), 0);
    for (int64_t s = 101; s <= 1000; s++) {
        put_at(&curve, s, SCALES_RATE_DEN_MAX / 7 * 2 * s);
    }
    assert_int_equal(c_at(&curve, 1000), 39); /* 2 x 10^6 / 7 / 2 / 3600 = 39.68 */
    curve_clear(&curve);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_accepted_jump_is_taken),
        cmocka_unit_test(an_accepted_fall_is_a_reset_as_the_meter_declares),
        cmocka_unit_test(a_rejected_reading_stays_out_for_good),
        cmocka_unit_test(a_decision_waits_for_its_reading_and_for_its_value),
        cmocka_unit_test(the_latest_word_stands_in_whatever_order_it_comes),
        cmocka_unit_test(edge_09_use_is_split_where_the_multiplier_changed),
        cmocka_unit_test(edge_08_an_exchange_with_another_multiplier_counts_each_side_by_its_own),
        cmocka_unit_test(edge_09_a_rate_is_cut_where_the_multiplier_changed),
        cmocka_unit_test(a_level_is_scaled_like_a_register),
        cmocka_unit_test(of_two_multipliers_for_one_instant_the_smaller_stands),
        cmocka_unit_test(a_multiplier_that_does_not_fit_is_refused),
        cmocka_unit_test(a_rate_takes_no_factor_whose_remainder_has_no_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
