/* Sub-meters behind the memory of their curves, and when the configuration changes. */
#include "submeters.h"

#include "curve_rows.h"
#include "sharing.h"

#define METERS 4

/* Meter 0 shares by the meters named; all others are registers with curves of their own. */
struct gauges {
    struct meter meters[METERS];
    struct sharing sharing[METERS];
    struct catalog catalog;
    struct curve curves[METERS];
    struct submeters *submeters;
};

static const struct curve *curve_of_gauges(const void *context, meter_id meter)
{
    const struct gauges *gauges = context;
    return &gauges->curves[meter.index];
}

/* Without a history. */
static struct submeters_curves curves_of(struct gauges *gauges)
{
    return (struct submeters_curves){.of = curve_of_gauges, .context = gauges};
}

static void share_by(struct gauges *gauges, uint32_t shared, uint32_t submeter)
{
    struct sharing *sharing = &gauges->sharing[shared];
    struct sharing_rule *rule = &sharing->rules[sharing->rule_count++];
    *rule = (struct sharing_rule){
        .from_us = (int64_t)sharing->rule_count, .method = SHARING_SUBMETER, .part_count = 1};
    rule->parts[0].meter.index = submeter;
    gauges->meters[shared].sharing = sharing;
}

static struct gauges *gauges_open(uint32_t meter_count)
{
    struct gauges *gauges = memory_zeroed(1, sizeof *gauges);
    for (uint32_t i = 0; i < METERS; i++) {
        gauges->meters[i] = meter_of(METER_REGISTER);
        curve_init(&gauges->curves[i], &gauges->meters[i]);
    }
    gauges->catalog.meters = gauges->meters;
    gauges->catalog.meter_count = meter_count;
    share_by(gauges, 0, 1);
    const struct submeters_curves curves = curves_of(gauges);
    gauges->submeters = submeters_create(&gauges->catalog, &curves);
    return gauges;
}

static void gauges_close(struct gauges *gauges)
{
    submeters_destroy(gauges->submeters);
    for (uint32_t i = 0; i < METERS; i++) {
        curve_clear(&gauges->curves[i]);
    }
    free(gauges);
}

static int64_t moved(struct gauges *gauges, uint32_t shared, uint32_t meter, int64_t start_s,
                     int64_t end_s, bool only_to_show)
{
    const struct segment whole = {.meter = {shared},
                                  .start_us = start_s * TIMESTAMP_SECOND_US,
                                  .end_us = end_s * TIMESTAMP_SECOND_US};
    return submeters_moved(gauges->submeters, &whole, (meter_id){meter}, only_to_show);
}

static void follow(struct gauges *gauges, uint32_t meter_count)
{
    uint32_t former_count = gauges->catalog.meter_count;
    gauges->catalog.meter_count = meter_count;
    const struct submeters_curves curves = curves_of(gauges);
    submeters_follow(&gauges->submeters, &gauges->catalog, former_count, &curves);
}

static void forget_before(struct gauges *gauges, uint32_t meter, int64_t s)
{
    curve_trim(&gauges->curves[meter], s * TIMESTAMP_SECOND_US, INT64_MIN);
    assert_true(gauges->curves[meter].samples[0].ts_us == s * TIMESTAMP_SECOND_US);
}

static void what_is_forgotten_counts_evenly_between_what_was_pinned(void **state)
{
    (void)state;
    struct gauges *gauges = gauges_open(2);
    put_at(&gauges->curves[1], 0, 0);
    put_at(&gauges->curves[1], 90, 10); /* slow, then fast */
    put_at(&gauges->curves[1], 100, 100);
    put_at(&gauges->curves[1], 300, 500);
    put_at(&gauges->curves[1], 400, 501);
    assert_int_equal(moved(gauges, 0, 1, 0, 90, true), 10);
    assert_int_equal(moved(gauges, 0, 1, 0, 100, false), 100); /* pins 0 and 100 */
    forget_before(gauges, 1, 300);
    assert_int_equal(moved(gauges, 0, 1, 0, 100, true), 100);
    assert_int_equal(moved(gauges, 0, 1, 0, 50, true), 50);   /* evenly between two pins */
    assert_int_equal(moved(gauges, 0, 1, 0, 150, true), 200); /* and a pin and the curve */
    assert_int_equal(moved(gauges, 0, 1, 150, 400, true), 301);
    assert_int_equal(moved(gauges, 0, 1, -100, 100, true), 100); /* before all: as at the first */
    gauges_close(gauges);
}

/* A year of boundaries is kept; of more, the older half goes, and the sums stay. */
static void beyond_a_year_of_boundaries_the_older_half_is_forgotten(void **state)
{
    (void)state;
    const int64_t end_s = SUBMETERS_PINS_MAX;
    struct gauges *gauges = gauges_open(2);
    put_at(&gauges->curves[1], 0, 0);
    put_at(&gauges->curves[1], end_s - 2, 1); /* nearly nothing, and then a lot */
    put_at(&gauges->curves[1], end_s, 1001);
    put_at(&gauges->curves[1], end_s + 100, 1101);
    put_at(&gauges->curves[1], end_s + 200, 1201);
    for (int64_t s = 0; s < end_s; s += 2) {
        (void)moved(gauges, 0, 1, s, s + 1, false);
    }
    assert_int_equal(moved(gauges, 0, 1, end_s, end_s + 100, false), 100);
    forget_before(gauges, 1, end_s + 100);
    assert_int_equal(moved(gauges, 0, 1, end_s, end_s + 100, true), 100);
    assert_int_equal(moved(gauges, 0, 1, end_s - 2, end_s, true), 1000); /* still pinned */
    assert_int_equal(moved(gauges, 0, 1, 0, end_s, true), 1001);
    gauges_close(gauges);
}

/* Each row of what is pinned has a place more; what was pinned stays. */
static void edge_35_a_further_submeter_leaves_what_was_pinned(void **state)
{
    (void)state;
    struct gauges *gauges = gauges_open(2);
    put_at(&gauges->curves[1], 0, 0);
    put_at(&gauges->curves[1], 90, 10);
    put_at(&gauges->curves[1], 100, 100);
    put_at(&gauges->curves[1], 300, 500);
    put_at(&gauges->curves[1], 400, 600);
    (void)moved(gauges, 0, 1, 0, 90, false);
    (void)moved(gauges, 0, 1, 90, 100, false);
    share_by(gauges, 0, 2);
    follow(gauges, 3);
    put_at(&gauges->curves[2], 100, 7);
    put_at(&gauges->curves[2], 300, 27);
    forget_before(gauges, 1, 300);
    assert_int_equal(moved(gauges, 0, 1, 0, 90, true), 10);
    assert_int_equal(moved(gauges, 0, 1, 90, 100, true), 90);
    assert_int_equal(moved(gauges, 0, 2, 100, 200, false), 10);
    assert_int_equal(moved(gauges, 0, 1, 100, 200, true), 200);
    assert_true(submeters_concern(gauges->submeters, (meter_id){2}));
    gauges_close(gauges);
}

static void edge_35_further_meters_share_beside_those_that_did(void **state)
{
    (void)state;
    struct gauges *gauges = gauges_open(2);
    put_at(&gauges->curves[1], 0, 0);
    put_at(&gauges->curves[1], 100, 100);
    share_by(gauges, 3, 1); /* a new meter, and by the same sub-meter */
    follow(gauges, 4);
    assert_true(submeters_concern(gauges->submeters, (meter_id){0}));
    assert_true(submeters_concern(gauges->submeters, (meter_id){3}));
    assert_false(submeters_concern(gauges->submeters, (meter_id){2}));
    assert_int_equal(moved(gauges, 0, 1, 0, 50, false), 50);
    assert_int_equal(moved(gauges, 3, 1, 50, 100, false), 50);
    share_by(gauges, 2, 1); /* a meter that was there, and shares by others from now on */
    follow(gauges, 4);
    assert_true(submeters_concern(gauges->submeters, (meter_id){2}));
    assert_int_equal(moved(gauges, 2, 1, 0, 100, false), 100);
    gauges_close(gauges);
}

static void a_submeter_that_runs_backwards_or_is_silent_has_moved_nothing(void **state)
{
    (void)state;
    struct gauges *gauges = gauges_open(2);
    assert_int_equal(moved(gauges, 0, 1, 0, 100, true), 0);
    gauges->meters[1].two_way = true;
    put_at(&gauges->curves[1], 0, 100);
    put_at(&gauges->curves[1], 100, 40);
    assert_int_equal(moved(gauges, 0, 1, 0, 100, true), 0);
    gauges_close(gauges);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_forgotten_counts_evenly_between_what_was_pinned),
        cmocka_unit_test(beyond_a_year_of_boundaries_the_older_half_is_forgotten),
        cmocka_unit_test(edge_35_a_further_submeter_leaves_what_was_pinned),
        cmocka_unit_test(edge_35_further_meters_share_beside_those_that_did),
        cmocka_unit_test(a_submeter_that_runs_backwards_or_is_silent_has_moved_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
