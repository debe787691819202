/* Levels: what a hopper lost, refills and noise left out. */
#include "curve_rows.h"

static struct meter hopper(void)
{
    struct meter meter = meter_of(METER_LEVEL);
    meter.division_raw = 10;
    return meter;
}

static void a_fall_counts_from_one_division(void **state)
{
    (void)state;
    static const struct {
        int64_t levels[4];
        int64_t used;
    } cases[] = {
        {{100, 91, 100, 91}, 0},    /* noise, either way */
        {{100, 90, 90, 90}, 10},    /* exactly a division */
        {{100, 90, 81, 80}, 20},    /* the reference follows the fall, not the noise behind it */
        {{100, 110, 101, 100}, 10}, /* a refill of a division, and its use */
        {{100, 109, 99, 90}, 10},   /* what rose by less than a division is no refill */
        {{100, 60, 500, 450}, 90},  /* a refill in between is no use and takes none back */
        {{100, 95, 92, 89}, 11},    /* slowly, too */
    };
    struct meter meter = hopper();
    for (size_t i = 0; i < ROWS(cases); i++) {
        struct curve curve;
        curve_init(&curve, &meter);
        for (int64_t at = 0; at < 4; at++) {
            put_at(&curve, 60 * at, cases[i].levels[at]);
        }
        if (c_at(&curve, 180) != cases[i].used) {
            fail_msg("row %zu: %lld used", i, (long long)c_at(&curve, 180));
        }
        curve_clear(&curve);
    }
}

static void the_order_of_arrival_does_not_matter(void **state)
{
    (void)state;
    static const int64_t levels[] = {500, 480, 485, 300, 720, 715, 640};
    struct meter meter = hopper();
    struct permutation permutation = permutation_first(ROWS(levels));
    do {
        struct curve curve;
        curve_init(&curve, &meter);
        for (size_t i = 0; i < ROWS(levels); i++) {
            size_t at = permutation.order[i];
            put_at(&curve, 60 * (int64_t)at, levels[at]);
        }
        assert_int_equal(c_at(&curve, 60), 20);
        assert_int_equal(c_at(&curve, 150), 20 + 90); /* half of the fall from 480 to 300 */
        assert_int_equal(c_at(&curve, 360), 20 + 180 + 80);
        curve_clear(&curve);
    } while (permutation_next(&permutation));
}

static void the_scale_floors_the_whole(void **state)
{
    (void)state;
    struct meter meter = hopper();
    meter.scale_num = 1;
    meter.scale_den = 3;
    struct curve curve;
    curve_init(&curve, &meter);
    put_at(&curve, 0, 1000);
    put_at(&curve, 60, 990);
    put_at(&curve, 120, 980);
    put_at(&curve, 180, 970);
    assert_int_equal(c_at(&curve, 60), 3);
    assert_int_equal(c_at(&curve, 180), 10);
    curve_clear(&curve);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fall_counts_from_one_division),
        cmocka_unit_test(the_order_of_arrival_does_not_matter),
        cmocka_unit_test(the_scale_floors_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
