/* Decomposition adds up at every level; growth; pick slips. */
#include "fractions.h"
#include "plan.h"
#include "slip.h"

/* A year of four quarters of three months of three ten-day periods. */
static void parts_add_up_at_every_level(void **state)
{
    enum { QUARTERS = 1, MONTHS = 5, TEN_DAYS = 17, NODES = 53 };
    struct plan_node nodes[NODES];
    size_t at = 0;
    (void)state;
    memset(nodes, 0, sizeof nodes);
    nodes[0] =
        (struct plan_node){.amount_base = 1000000007, .first_part = QUARTERS, .part_count = 4};
    for (size_t i = 0; i < 4; i++) {
        nodes[QUARTERS + i] = (struct plan_node){
            .weight = 300 + (int64_t)i * 7, .first_part = MONTHS + 3 * i, .part_count = 3};
    }
    for (size_t i = 0; i < 12; i++) {
        nodes[MONTHS + i] = (struct plan_node){
            .weight = 100 + (int64_t)i % 5, .first_part = TEN_DAYS + 3 * i, .part_count = 3};
    }
    for (size_t i = TEN_DAYS; i < NODES; i++) {
        nodes[i].weight = 8 + (int64_t)i % 4;
    }
    assert_int_equal(plan_divide(nodes, NODES, &at), PLAN_DONE);
    for (size_t i = 0; i < TEN_DAYS; i++) {
        int64_t sum_base = 0;
        for (size_t k = 0; k < nodes[i].part_count; k++) {
            sum_base += nodes[nodes[i].first_part + k].amount_base;
        }
        assert_int_equal(sum_base, nodes[i].amount_base);
    }
}

/* The first ten-day period has ended and is locked: what is left goes to the others. */
static void locked_periods_stay_untouched(void **state)
{
    struct plan_node nodes[] = {
        {.amount_base = 756000, .first_part = 1, .part_count = 3},
        {.weight = 36000, .amount_base = 259200, .fixed = true},
        {.weight = 36000},
        {.weight = 36000},
    };
    size_t at = 0;
    (void)state;
    assert_int_equal(plan_divide(nodes, ROWS(nodes), &at), PLAN_DONE);
    assert_int_equal(nodes[1].amount_base, 259200);
    assert_int_equal(nodes[2].amount_base, 248400); /* 6.9 kg for each of 36,000 t */
    assert_int_equal(nodes[3].amount_base, 248400);
}

static void what_cannot_add_up_is_told_with_its_place(void **state)
{
    static const struct {
        int64_t fixed_base, weight;
        bool both_fixed;
        enum plan_result result;
    } rows[] = {
        {101, 1, false, PLAN_TOO_MUCH_FIXED},
        {99, 0, false, PLAN_NO_WEIGHT},
        {100, 0, false, PLAN_DONE},
        {40, 1, true, PLAN_TOO_LITTLE},
        {50, 1, true, PLAN_DONE},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct plan_node nodes[] = {
            {.amount_base = 100, .first_part = 1, .part_count = 1},
            {.weight = 1, .first_part = 2, .part_count = 2},
            {.amount_base = rows[i].fixed_base, .fixed = true},
            {.amount_base = rows[i].both_fixed ? rows[i].fixed_base : 77,
             .weight = rows[i].weight,
             .fixed = rows[i].both_fixed},
        };
        size_t at = 99;
        assert_int_equal(plan_divide(nodes, ROWS(nodes), &at), rows[i].result);
        assert_int_equal(at, rows[i].result == PLAN_DONE ? 99 : 1);
    }
}

/* DOMAIN 1, M */
static void targets_grow_by_a_factor(void **state)
{
    struct sheet sheet = {0};
    (void)state;
    assert_int_equal(plan_grown_base(400000, 1060000000), 424000);
    assert_int_equal(plan_grown_base(5500, 1100000000), 6050);
    expect(fraction_multiply(&sheet, fraction_of(&sheet, 100, 1),
                             fraction_of(&sheet, 40000000, 37877856)),
           2, "105.6");
    sheet_clear(&sheet);
}

/* DOMAIN 1, T II: 1,200 t x 4.5 */
static void a_pick_slip_is_settled_against_the_hoppers(void **state)
{
    struct slip slip = {
        .limit_base = 5400, .opening_base = 300, .issued_base = 5400, .closing_base = -1};
    struct sheet sheet = {0};
    (void)state;
    assert_int_equal(slip_over_base(&slip, 100), 100); /* needs approval */
    slip.issued_base += 100;
    assert_int_equal(slip_there_base(&slip), 5800); /* can be given back */
    slip.back_base = 60;
    assert_int_equal(slip_over_base(&slip, 0), 40);
    assert_int_equal(slip_over_base(&slip, -41), -1);
    slip.closing_base = 340;
    assert_int_equal(slip_consumed_base(&slip), 5400);
    int64_t off_base = slip_consumed_base(&slip) - 5373;
    assert_int_equal(off_base, 27);
    expect(fraction_of(&sheet, off_base, slip_consumed_base(&slip)), 4, "0.005");
    sheet_clear(&sheet);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_add_up_at_every_level),
        cmocka_unit_test(locked_periods_stay_untouched),
        cmocka_unit_test(what_cannot_add_up_is_told_with_its_place),
        cmocka_unit_test(targets_grow_by_a_factor),
        cmocka_unit_test(a_pick_slip_is_settled_against_the_hoppers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
