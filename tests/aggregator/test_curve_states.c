/* The counter state machine: what each reading of a register is, why, and what it adds up to. */
#include "curve_rows.h"
#include "sample_reason.h"

#define READINGS_MAX 12
#define END (-1000000)

/* A meter's life: readings 100 s apart, and what becomes of each. `kinds`: a letter a reading. */
struct life {
    const char *what;
    int64_t width, rate_hour;
    enum meter_reset reset;
    uint32_t reset_after;
    bool two_way;
    int64_t raws[READINGS_MAX];
    const char *kinds;
    int64_t c; /* behind the last */
};

/* N normal, O rollover, R reset, M mark, G glitch, S spike, C confirmed, F fall in suspense,
 * X rejected. */
static const char letters[SAMPLE_KIND_COUNT] = {
    [SAMPLE_NORMAL] = 'N', [SAMPLE_ROLLOVER] = 'O', [SAMPLE_RESET] = 'R',
    [SAMPLE_MARK] = 'M',   [SAMPLE_GLITCH] = 'G',   [SAMPLE_SPIKE] = 'S',
    [SAMPLE_FALL] = 'F',   [SAMPLE_REJECTED] = 'X', [SAMPLE_CONFIRMED] = 'C',
    [SAMPLE_ECHO] = 'E',   [SAMPLE_ANEW] = 'A',
};

static struct meter meter_of_life(const struct life *life)
{
    struct meter meter = meter_of(METER_REGISTER);
    meter.width_raw = life->width;
    meter.max_rate_raw_hour = life->rate_hour;
    meter.reset = life->reset;
    meter.reset_after = life->reset_after;
    meter.two_way = life->two_way;
    return meter;
}

static void check_life(const struct life *life)
{
    struct meter meter = meter_of_life(life);
    struct curve curve;
    char kinds[READINGS_MAX + 1] = "";
    curve_init(&curve, &meter);
    for (size_t i = 0; i < READINGS_MAX && life->raws[i] != END; i++) {
        put_at(&curve, (int64_t)i * 100, life->raws[i]);
    }
    for (size_t i = 0; i < curve.count; i++) {
        kinds[i] = letters[curve.samples[i].kind];
    }
    int64_t c = c_at(&curve, READINGS_MAX * 100);
    if (strcmp(kinds, life->kinds) != 0 || c != life->c) {
        fail_msg("%s: %s, C %lld; expected %s, C %lld", life->what, kinds, (long long)c,
                 life->kinds, (long long)life->c);
    }
    curve_clear(&curve);
}

static void check_lives(const struct life *lives, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        check_life(&lives[i]);
    }
}

static void edge_03_a_register_goes_round_within_its_rate(void **state)
{
    (void)state;
    static const struct life lives[] = {
        {"round", 1000000, 2880, 0, 0, false, {999950, 30, 40, END}, "NON", 90},
        {"twice", 1000, 36000, 0, 0, false, {900, 100, 950, 50, END}, "NONO", 1150},
        {"perhaps more than once", 1000, 36001, 0, 0, false, {900, 950, 50, 960, END}, "NNGN", 60},
        {"too far round", 1000000, 2879, 0, 0, false, {999950, 30, 999960, END}, "NGN", 10},
        {"round in a dip",
         1000000,
         36000,
         0,
         0,
         false,
         {999950, 500000, 999990, 9, END},
         "NGNO",
         59},
        {"a spike, then round", 1000, 3600, 0, 0, false, {990, 999990, 20, END}, "NSO", 30},
    };
    check_lives(lives, ROWS(lives));
}

static void edge_04_a_fall_is_a_reset_only_where_one_is_declared(void **state)
{
    (void)state;
    static const struct life lives[] = {
        {"never", 0, 0, 0, 0, false, {500, 3, 10, 20, END}, "NGGG", 0},
        {"to zero, at once",
         0,
         0,
         METER_RESET_TO_ZERO,
         0,
         false,
         {500, 507, 3, 10, END},
         "NNRN",
         17},
        {"to zero, 1 is at once",
         0,
         0,
         METER_RESET_TO_ZERO,
         1,
         false,
         {500, 507, 3, END},
         "NNR",
         10},
        {"unknown: what went through is lost",
         0,
         0,
         METER_RESET_UNKNOWN,
         0,
         false,
         {500, 507, 3, 10, END},
         "NNRN",
         14},
        {"in suspense", 0, 0, METER_RESET_TO_ZERO, 3, false, {500, 3, 10, END}, "NFF", 0},
        {"the third stays low",
         0,
         0,
         METER_RESET_TO_ZERO,
         3,
         false,
         {500, 3, 10, 12, END},
         "NRNN",
         12},
        {"unknown, the third stays low",
         0,
         0,
         METER_RESET_UNKNOWN,
         3,
         false,
         {500, 3, 10, 12, END},
         "NRNN",
         9},
        {"back in time",
         0,
         0,
         METER_RESET_TO_ZERO,
         3,
         false,
         {500, 3, 10, 501, 502, END},
         "NGGNN",
         2},
        {"at the old value is back",
         0,
         0,
         METER_RESET_TO_ZERO,
         3,
         false,
         {500, 3, 10, 500, END},
         "NGGN",
         0},
        {"just below it is not",
         0,
         0,
         METER_RESET_TO_ZERO,
         3,
         false,
         {500, 3, 10, 499, END},
         "NRNN",
         499},
        {"falls again: the row begins anew",
         0,
         0,
         METER_RESET_TO_ZERO,
         3,
         false,
         {500, 3, 10, 5, 6, 7, END},
         "NGGRNN",
         7},
        {"and is in suspense",
         0,
         0,
         METER_RESET_TO_ZERO,
         3,
         false,
         {500, 3, 10, 5, 6, END},
         "NGGFF",
         0},
        {"too fast to be this register",
         0,
         3600,
         METER_RESET_TO_ZERO,
         3,
         false,
         {50000, 3, 10, 400, 410, END},
         "NGGFF",
         0},
    };
    check_lives(lives, ROWS(lives));
}

static void edge_05_a_dip_is_held_however_long_and_booked_once(void **state)
{
    (void)state;
    static const struct life lives[] = {
        {"a transient zero", 0, 0, 0, 0, false, {1000, 0, 1030, END}, "NGN", 30},
        {"a long dip that counts on",
         0,
         0,
         0,
         0,
         false,
         {1000, 10, 20, 30, 40, 50, 60, 70, 80, 90, 1100, END},
         "NGGGGGGGGGN",
         100},
        {"back at the old value exactly", 0, 0, 0, 0, false, {1000, 999, 1000, END}, "NGN", 0},
        {"another, lower register between",
         0,
         0,
         0,
         0,
         false,
         {1000, 200, 1010, 210, 1020, 220, 1030, END},
         "NGNGNGN",
         30},
    };
    check_lives(lives, ROWS(lives));
}

static void edge_06_a_jump_counts_only_if_the_readings_directly_behind_bear_it_out(void **state)
{
    (void)state;
    static const struct life lives[] = {
        {"alone", 0, 3600, 0, 0, false, {1000, 99999, 1100, END}, "NSN", 100},
        {"two behind it do not do",
         0,
         3600,
         0,
         0,
         false,
         {1000, 99999, 100000, 100001, END},
         "NSSS",
         0},
        {"three behind it do",
         0,
         3600,
         0,
         0,
         false,
         {1000, 99999, 100000, 100001, 100099, END},
         "NCNNN",
         99099},
        {"and it goes on",
         0,
         3600,
         0,
         0,
         false,
         {1000, 99999, 100000, 100001, 100099, 100199, END},
         "NCNNNN",
         99199},
        {"the own register between ends it",
         0,
         3600,
         0,
         0,
         false,
         {1000, 99999, 100000, 1020, 100001, 100002, END},
         "NSSNSS",
         20},
        {"one that falls ends it",
         0,
         3600,
         0,
         0,
         false,
         {1000, 99999, 99998, 99999, 100000, END},
         "NSSSS",
         0},
        {"a row begins anew behind it",
         0,
         3600,
         0,
         0,
         false,
         {1000, 99999, 50000, 50001, 50002, 50003, END},
         "NSCNNN",
         49003},
        {"a second jump ends the first",
         0,
         3600,
         0,
         0,
         false,
         {1000, 5000, 99999, 100000, 100001, 100002, END},
         "NSCNNN",
         99002},
        {"two registers interleaved: the own one wins",
         0,
         40000,
         0,
         0,
         false,
         {207774, 456017, 207814, 456273, 207850, 456400, 207900, 456500, END},
         "NSNSNSNS",
         126},
        {"two foreign ones at a time",
         0,
         40000,
         0,
         0,
         false,
         {207774, 456017, 456100, 207814, 456273, 456300, 207850, END},
         "NSSNSSN",
         76},
    };
    check_lives(lives, ROWS(lives));
}

static void a_two_way_register_runs_both_ways(void **state)
{
    (void)state;
    static const struct life lives[] = {
        {"there and back", 0, 0, 0, 0, true, {100, 150, 90, -20, 0, END}, "NNNNN", -100},
        {"fast down is a spike too", 0, 3600, 0, 0, true, {100, -1, 60, END}, "NSN", -40},
        {"as fast as it may", 0, 3600, 0, 0, true, {100, 0, END}, "NN", -100},
        {"borne out", 0, 3600, 0, 0, true, {100, -5000, -5050, -5000, -5090, END}, "NCNNN", -5190},
    };
    check_lives(lives, ROWS(lives));
}

static void a_falling_curve_floors_towards_less(void **state)
{
    (void)state;
    struct meter meter = meter_of(METER_REGISTER);
    struct curve curve;
    meter.two_way = true;
    meter.scale_den = 3;
    curve_init(&curve, &meter);
    put_at(&curve, 0, 0);
    put_at(&curve, 100, -10);
    put_at(&curve, 200, -20);
    put_at(&curve, 300, 0);
    assert_int_equal(c_at(&curve, 100), -4); /* floor of -10/3 */
    assert_int_equal(c_at(&curve, 10), -1);  /* floor of -0.4 */
    assert_int_equal(c_at(&curve, 200), -7);
    assert_int_equal(c_at(&curve, 300), 0); /* nothing was lost on the way */
    curve_clear(&curve);
}

static void every_reading_has_a_reason(void **state)
{
    (void)state;
    static const struct {
        struct life life;
        size_t index;
        const char *reason;
    } cases[] = {
        {{"", 0, 0, 0, 0, false, {51200, 51230, END}, "NN", 30},
         0,
         "the earliest reading, 51200: later ones count from it"},
        {{"", 0, 0, 0, 0, false, {51200, 51230, END}, "NN", 30}, 1, "rose 30 in 100 s"},
        {{"", 0, 0, 0, 0, false, {51200, 51200, END}, "NN", 0}, 1, "still 51200 after 100 s"},
        {{"", 1000000, 2880, 0, 0, false, {999950, 30, END}, "NO", 80},
         1,
         "went round at 1000000: 999950 -> 30 is 80"},
        {{"", 0, 0, 0, 0, false, {51230, 51200, END}, "NG", 0},
         1,
         "fell from 51230 to 51200: held until it is back, a reset message, or a person"},
        {{"", 0, 0, METER_RESET_TO_ZERO, 0, false, {507, 3, END}, "NR", 3},
         1,
         "was reset: fell from 507, and what it shows after it, 3, is use"},
        {{"", 0, 0, METER_RESET_TO_ZERO, 3, false, {507, 3, 4, END}, "NFF", 0},
         1,
         "fell from 507 to 3: a reset once 3 readings in a row stay low, 2 so far; held until "
         "then"},
        {{"", 0, 0, METER_RESET_TO_ZERO, 3, false, {507, 3, 508, END}, "NGN", 1},
         1,
         "fell from 507 to 3, but did not stay low for 3 readings: held"},
        {{"", 0, 3600, 0, 0, false, {1000, 99999, END}, "NS", 0},
         1,
         "moved 98999 in 100 s, at most 100 is possible: held unless the 3 readings directly "
         "behind it go on from 99999, or a person accepts it"},
        {{"", 0, 3600, 0, 0, false, {1000, 99999, 99999, 99999, 99999, END}, "NCNNN", 98999},
         1,
         "moved 98999 in 100 s, more than 100; taken, for the 3 readings behind it go on from "
         "99999"},
        {{"", 0, 0, 0, 0, true, {100, 40, END}, "NN", -60},
         1,
         "fell 60 in 100 s: use that went the other way"},
    };
    for (size_t i = 0; i < ROWS(cases); i++) {
        struct meter meter = meter_of_life(&cases[i].life);
        struct curve curve;
        char text[SAMPLE_REASON_MAX];
        char cut[8];
        curve_init(&curve, &meter);
        for (size_t n = 0; cases[i].life.raws[n] != END; n++) {
            put_at(&curve, (int64_t)n * 100, cases[i].life.raws[n]);
        }
        sample_explain(&curve, cases[i].index, text, sizeof text);
        assert_string_equal(text, cases[i].reason);
        sample_explain(&curve, cases[i].index, cut, sizeof cut);
        assert_int_equal(strncmp(cut, text, sizeof cut - 1), 0);
        assert_int_equal(strlen(cut), sizeof cut - 1);
        curve_clear(&curve);
    }
}

static void what_is_held_now_can_be_listed(void **state)
{
    (void)state;
    struct meter meter = meter_of(METER_REGISTER);
    struct curve curve;
    struct held_reading held[2];
    meter.max_rate_raw_hour = 3600;
    meter.reset = METER_RESET_TO_ZERO;
    meter.reset_after = 3;
    meter.scale_num = 2;
    curve_init(&curve, &meter);
    assert_int_equal(curve_held(&curve, held, ROWS(held)), 0);
    put_at(&curve, 0, 1000);
    put_at(&curve, 100, 99999); /* settled by the reading behind it */
    put_at(&curve, 200, 1100);
    put_at(&curve, 300, 88888);
    put_at(&curve, 400, 7);
    put_at(&curve, 500, 9);
    assert_int_equal(curve_held(&curve, held, ROWS(held)), 3);
    assert_int_equal(held[0].ts_us, 300 * TIMESTAMP_SECOND_US);
    assert_int_equal(held[0].kind, SAMPLE_SPIKE);
    assert_int_equal(held[0].last_raw, 1100);
    assert_int_equal(held[0].amount_base, 2 * (88888 - 1100));
    assert_int_equal(held[1].kind, SAMPLE_FALL);
    assert_int_equal(held[1].amount_base, 14);
    curve_clear(&curve);
}

/* A per-heat register that the control system resets late: it still shows the last heat for a while
 * after the new one has started. Nothing counts twice, nothing is lost. */
static void a_per_heat_register_that_is_reset_late_counts_once(void **state)
{
    (void)state;
    static const struct life lives[] = {
        {"reset to zero",
         0,
         0,
         METER_RESET_TO_ZERO,
         0,
         false,
         {0, 250, 500, 500, 507, 0, 200, END},
         "NNNNNRN",
         707},
        {"read first when it counts again",
         0,
         0,
         METER_RESET_TO_ZERO,
         0,
         false,
         {0, 250, 500, 507, 12, 200, END},
         "NNNNRN",
         707},
        {"after three readings",
         0,
         0,
         METER_RESET_TO_ZERO,
         3,
         false,
         {0, 250, 500, 507, 12, 100, 200, END},
         "NNNNRNN",
         707},
        {"a transient zero is none",
         0,
         0,
         METER_RESET_TO_ZERO,
         3,
         false,
         {0, 250, 0, 500, 507, 12, 100, 200, END},
         "NNGNNRNN",
         707},
    };
    check_lives(lives, ROWS(lives));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edge_03_a_register_goes_round_within_its_rate),
        cmocka_unit_test(edge_04_a_fall_is_a_reset_only_where_one_is_declared),
        cmocka_unit_test(edge_05_a_dip_is_held_however_long_and_booked_once),
        cmocka_unit_test(edge_06_a_jump_counts_only_if_the_readings_directly_behind_bear_it_out),
        cmocka_unit_test(a_two_way_register_runs_both_ways),
        cmocka_unit_test(a_falling_curve_floors_towards_less),
        cmocka_unit_test(every_reading_has_a_reason),
        cmocka_unit_test(what_is_held_now_can_be_listed),
        cmocka_unit_test(a_per_heat_register_that_is_reset_late_counts_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
