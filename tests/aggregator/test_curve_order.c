/* A curve is a function of the set of what came: random lives of a meter, with spikes, falls,
 * exchanges, resets by message, conflicts, decisions, multipliers and years of silence, entered in
 * two orders; and what curve_insert says has changed is all that has. */
#include "curve_rows.h"

#define S TIMESTAMP_SECOND_US
#define LIVES 1500
#define FACTS_MAX 40
#define SPAN_S 120
#define SILENCE_S 40 /* a meter that falls silent for more than a year does so here */

static int64_t below(uint64_t *state, int64_t limit)
{
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    return (int64_t)((*state >> 33) % (uint64_t)limit);
}

static struct meter random_meter(uint64_t *random)
{
    static const enum meter_kind kinds[] = {METER_REGISTER, METER_REGISTER, METER_REGISTER,
                                            METER_RATE, METER_LEVEL};
    struct meter meter = meter_of(kinds[below(random, ROWS(kinds))]);
    meter.scale_num = 1 + below(random, 4);
    meter.scale_den = 1 + below(random, 3);
    meter.division_raw = 1 + below(random, 4);
    meter.max_gap_us = below(random, 3) * 10 * S;
    meter.max_hold_us = below(random, 3) * 10 * S;
    meter.integration = below(random, 2) == 0 ? METER_STEP : METER_TRAPEZOID;
    if (meter.kind == METER_REGISTER) {
        meter.max_rate_raw_hour = below(random, 3) * 3600 * 3;
        meter.two_way = below(random, 4) == 0;
        meter.width_raw = !meter.two_way && below(random, 4) == 0 ? 300 : 0;
        meter.reset = meter.two_way ? METER_RESET_NEVER : (enum meter_reset)below(random, 3);
        meter.reset_after = meter.reset != METER_RESET_NEVER ? (uint32_t)below(random, 5) : 0;
    }
    return meter;
}

/* A register that mostly counts on, with another one between, resets and noise. */
static struct sample random_fact(uint64_t *random, const struct meter *meter, bool plain)
{
    int64_t s = below(random, SPAN_S);
    struct sample fact = {.ts_us = s * S, .seq = -1, .kind = SAMPLE_NORMAL};
    fact.raw = 100 + 2 * s + below(random, 3);
    fact.raw += below(random, 5) == 0 ? 500 : 0;
    fact.raw -= below(random, 7) == 0 ? 90 + s : 0;
    fact.uncertain = below(random, 9) == 0;
    fact.entered = below(random, 11) == 0;
    switch (plain ? 9 : (int)below(random, 10)) {
    case 0:
        fact.kind = below(random, 2) == 0 ? SAMPLE_ACCEPT : SAMPLE_REJECT;
        fact.raw = below(random, 2) == 0 ? INT64_MIN : fact.raw;
        fact.seq = below(random, 3);
        break;
    case 1:
        fact.kind = SAMPLE_SCALE;
        fact.raw = 1 + below(random, 3);
        fact.reference_raw = 1 + below(random, 2);
        break;
    case 2: /* a mark or the last reading of an old register, mostly both at few instants */
        fact.ts_us = (s - s % 6) * S;
        fact.kind =
            meter->kind == METER_REGISTER && below(random, 2) == 0 ? SAMPLE_MARK : SAMPLE_NORMAL;
        fact.final = meter->kind == METER_REGISTER && fact.kind != SAMPLE_MARK;
        fact.uncertain = fact.entered = false;
        break;
    default:
        break;
    }
    return fact;
}

/* C, and the quality of the use of a second. */
struct look {
    int64_t c_base;
    enum quality quality;
};

static void check_unchanged(const struct curve *curve, struct look before[SPAN_S + 1],
                            int64_t changed_us, int64_t newest_us, uint64_t seed)
{
    for (int64_t s = 0; s <= SPAN_S; s++) {
        struct look now = {c_at(curve, s), curve_quality(curve, (s - 1) * S, s * S)};
        if (s * S <= changed_us && s * S <= newest_us && changed_us != INT64_MIN &&
            (now.c_base != before[s].c_base || now.quality != before[s].quality)) {
            fail_msg("seed %llu: C or quality at %lld s is another, said to have changed from %lld "
                     "s",
                     (unsigned long long)seed, (long long)s, (long long)(changed_us / S));
        }
        before[s] = now;
    }
}

static void enter(struct curve *curve, const struct sample *facts, const size_t *order,
                  size_t count, uint64_t seed)
{
    struct look before[SPAN_S + 1] = {0};
    for (size_t i = 0; i < count; i++) {
        int64_t newest_us = curve->count > 0 ? curve_newest(curve)->ts_us : INT64_MIN;
        int64_t changed_us = 0;
        curve_insert(curve, &facts[order[i]], &changed_us);
        check_unchanged(curve, before, changed_us, newest_us, seed);
        assert_true(curve->count == 0 || !point_is_held(&curve->samples[0]));
    }
}

static void check_same(const struct curve *a, const struct curve *b, uint64_t seed)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        const struct sample x_in_full = curve_sample(a, i);
        const struct sample y_in_full = curve_sample(b, i);
        const struct sample *x = &x_in_full;
        const struct sample *y = &y_in_full;
        if (x->ts_us != y->ts_us || x->raw != y->raw || x->kind != y->kind ||
            x->c_base != y->c_base || x->c_rest != y->c_rest ||
            x->reference_raw != y->reference_raw || x->gap != y->gap || x->loss != y->loss ||
            x->decided != y->decided || x->final != y->final ||
            point_quality(&a->samples[i]) != point_quality(&b->samples[i])) {
            fail_msg("seed %llu: at %lld s kind %d, C %lld; or kind %d, C %lld",
                     (unsigned long long)seed, (long long)(x->ts_us / S), x->kind,
                     (long long)x->c_base, y->kind, (long long)y->c_base);
        }
    }
    for (int64_t s = 0; s <= SPAN_S; s++) {
        assert_int_equal(c_at(a, s), c_at(b, s));
    }
}

static void check_seed(uint64_t seed)
{
    uint64_t random = seed * 0x9E3779B97F4A7C15U + 1;
    struct meter meter = random_meter(&random);
    struct sample facts[FACTS_MAX];
    size_t order[2][FACTS_MAX];
    size_t count = 4 + (size_t)below(&random, FACTS_MAX - 4);
    bool plain = below(&random, 3) == 0;
    bool silent = below(&random, 12) == 0;
    for (size_t i = 0; i < count; i++) {
        facts[i] = random_fact(&random, &meter, plain);
        facts[i].ts_us += silent && facts[i].ts_us > SILENCE_S * S ? REACH_US : 0;
        order[0][i] = order[1][i] = i;
    }
    for (size_t i = 1; i < count; i++) { /* the one by time, samples first; the other shuffled */
        for (size_t k = i; k > 0 && facts[order[0][k - 1]].ts_us > facts[order[0][k]].ts_us; k--) {
            size_t kept = order[0][k];
            order[0][k] = order[0][k - 1];
            order[0][k - 1] = kept;
        }
        size_t other = (size_t)below(&random, (int64_t)i + 1);
        size_t kept = order[1][i];
        order[1][i] = order[1][other];
        order[1][other] = kept;
    }
    struct curve curves[2];
    for (int turn = 0; turn < 2; turn++) {
        curve_init(&curves[turn], &meter);
        enter(&curves[turn], facts, order[turn], count, seed);
    }
    check_same(&curves[0], &curves[1], seed);
    curve_clear(&curves[0]);
    curve_clear(&curves[1]);
}

static void any_order_gives_the_same_curve(void **state)
{
    (void)state;
    const char *alone = getenv("HEATLEDGER_SEED");
    if (alone != NULL) {
        check_seed(strtoull(alone, NULL, 10));
        return;
    }
    for (uint64_t seed = 1; seed <= LIVES; seed++) {
        check_seed(seed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_order_gives_the_same_curve),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
