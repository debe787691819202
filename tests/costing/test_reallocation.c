/* Rolling re-allocation: what is locked stays, the rest adds up, nobody is tightened silently. */
#include "fractions.h"
#include "reallocation.h"

#include <stdio.h>
#include <stdlib.h>

#define T INT64_C(1000000) /* grams of a tonne */
#define NONE REALLOCATION_UNBOUND

static const struct reallocation_rate nothing_shown = {0, 0};

/* DOMAIN 4: 756,000 kg for 108,000 t; 259,200 kg are used: 6.9 kg/t for the other 72,000 t. */
static void the_rest_of_the_month_has_6_9_kg_a_tonne(void **state)
{
    struct reallocation_part parts[] = {
        {PART_CLOSED, 36000 * T, 252000000, 259200000, NONE, NONE, 0},
        {PART_OPEN, 36000 * T, 252000000, 0, NONE, NONE, 0},
        {PART_OPEN, 36000 * T, 252000000, 0, NONE, NONE, 0},
    };
    struct sheet sheet = {0};
    const struct reallocation_rate best = {6850, T};
    (void)state;
    struct reallocation result = reallocation_of(&sheet, 756000000, parts, ROWS(parts), best);
    assert_int_equal(result.left_base, 496800000);
    assert_int_equal(result.left_g, 72000 * T);
    expect(result.rate, 6, "6900");
    assert_true(result.judged);
    assert_false(result.unattainable);
    assert_int_equal(result.gap_base, 0);
    assert_int_equal(result.spare_base, 0);
    assert_int_equal(parts[0].amount_base, 259200000);
    assert_int_equal(parts[1].amount_base, 248400000);
    assert_int_equal(parts[2].amount_base, 248400000);
    sheet_clear(&sheet);
}

/* 6.9 kg/t where nobody ever came below 6.95: 0.05 kg for each of 72,000 t are missing. */
static void nobody_is_tightened_below_the_best_ever_shown(void **state)
{
    struct reallocation_part parts[] = {
        {PART_CLOSED, 36000 * T, 252000000, 259200000, NONE, NONE, 0},
        {PART_OPEN, 36000 * T, 252000000, 0, NONE, NONE, 0},
        {PART_OPEN, 36000 * T, 252000000, 0, NONE, NONE, 0},
    };
    struct sheet sheet = {0};
    (void)state;
    struct reallocation result =
        reallocation_of(&sheet, 756000000, parts, ROWS(parts), (struct reallocation_rate){6950, T});
    assert_true(result.unattainable);
    assert_int_equal(parts[1].amount_base, 36000 * INT64_C(6950));
    assert_int_equal(parts[2].amount_base, 36000 * INT64_C(6950));
    assert_int_equal(result.gap_base, 72000 * INT64_C(50));
    /* exactly the best is attainable */
    result =
        reallocation_of(&sheet, 756000000, parts, ROWS(parts), (struct reallocation_rate){6900, T});
    assert_false(result.unattainable);
    sheet_clear(&sheet);
}

static void nothing_is_judged_where_nothing_was_shown(void **state)
{
    struct reallocation_part parts[] = {{PART_OPEN, 10 * T, 70, 0, NONE, NONE, 0}};
    struct sheet sheet = {0};
    (void)state;
    struct reallocation result = reallocation_of(&sheet, 50, parts, 1, nothing_shown);
    assert_false(result.judged);
    assert_false(result.unattainable);
    assert_int_equal(parts[0].amount_base, 50);
    sheet_clear(&sheet);
}

/* More was used than there was: the rest keeps what it had, and the gap is shown. */
static void a_quota_that_is_used_up_cannot_be_kept(void **state)
{
    struct reallocation_part parts[] = {
        {PART_CLOSED, 10 * T, 70, 130, NONE, NONE, 0},
        {PART_OPEN, 10 * T, 70, 0, NONE, NONE, 0},
    };
    struct sheet sheet = {0};
    (void)state;
    struct reallocation result = reallocation_of(&sheet, 120, parts, 2, nothing_shown);
    assert_true(result.judged);
    assert_true(result.unattainable);
    expect(result.rate, 3, "-1");
    assert_int_equal(parts[1].amount_base, 70);
    assert_int_equal(result.gap_base, 80);
    sheet_clear(&sheet);
}

static void a_frozen_horizon_keeps_what_it_was_given(void **state)
{
    struct reallocation_part parts[] = {
        {PART_CLOSED, 10 * T, 100, 140, NONE, NONE, 0},
        {PART_FROZEN, 10 * T, 100, 33, NONE, NONE, 0},
        {PART_OPEN, 10 * T, 100, 0, NONE, NONE, 0},
        {PART_OPEN, 20 * T, 100, 0, NONE, NONE, 0},
    };
    struct sheet sheet = {0};
    (void)state;
    struct reallocation result = reallocation_of(&sheet, 400, parts, 4, nothing_shown);
    assert_int_equal(parts[1].amount_base, 100);
    assert_int_equal(result.left_base, 160);
    assert_int_equal(parts[2].amount_base, 53);
    assert_int_equal(parts[3].amount_base, 107);
    sheet_clear(&sheet);
}

/* 300 for three of 10 t: 100 each. A floor takes from the others, a proposal leaves to them. */
static void floors_and_proposals_bound_what_each_gets(void **state)
{
    static const struct {
        int64_t floors[3], asked[3], amounts[3], gap_base, spare_base;
    } rows[] = {
        {{NONE, NONE, NONE}, {NONE, NONE, NONE}, {100, 100, 100}, 0, 0},
        {{120, NONE, NONE}, {NONE, NONE, NONE}, {120, 90, 90}, 0, 0},
        {{NONE, NONE, NONE}, {80, NONE, NONE}, {80, 110, 110}, 0, 0},
        {{NONE, NONE, NONE}, {80, 105, NONE}, {80, 105, 115}, 0, 0},
        {{120, NONE, NONE}, {NONE, 80, NONE}, {120, 80, 100}, 0, 0},
        {{NONE, NONE, NONE}, {200, NONE, NONE}, {100, 100, 100}, 0, 0}, /* more is no right */
        {{NONE, NONE, NONE}, {80, 80, 80}, {80, 80, 80}, 0, 60},
        {{120, 120, 120}, {NONE, NONE, NONE}, {120, 120, 120}, 60, 0},
        {{90, NONE, NONE}, {NONE, NONE, 40}, {130, 130, 40}, 0, 0},
        {{110, NONE, NONE}, {NONE, 40, 40}, {220, 40, 40}, 0, 0},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct reallocation_part parts[3];
        struct sheet sheet = {0};
        for (size_t k = 0; k < 3; k++) {
            parts[k] = (struct reallocation_part){PART_OPEN,         10 * T,           0, 0,
                                                  rows[i].floors[k], rows[i].asked[k], 0};
        }
        struct reallocation result = reallocation_of(&sheet, 300, parts, 3, nothing_shown);
        for (size_t k = 0; k < 3; k++) {
            if (parts[k].amount_base != rows[i].amounts[k]) {
                fail_msg("row %zu: part %zu has %d", i, k, (int)parts[k].amount_base);
            }
        }
        assert_int_equal(result.gap_base, rows[i].gap_base);
        assert_int_equal(result.spare_base, rows[i].spare_base);
        sheet_clear(&sheet);
    }
}

/* ---- A whole allocation ---- */

static crew_id crew_of(const void *context, int32_t day, shift_id shift)
{
    (void)context;
    return (crew_id){(uint16_t)((day + shift.index) % 4)};
}

/* 1/140 of the steel planned: 7.14 kg a tonne. And something that a crew of nobody's used. */
static int64_t used_by_plan(const void *context, const struct allocation_place *place)
{
    const int64_t *others_base = context;
    return place->planned_g / 140 + (place->part == ALLOCATION_NO_PART ? *others_base : 0);
}

static struct allocation march(const int *levels, int level_count, const char *crews)
{
    struct planned_steel plan = {.crew = {CATALOG_NONE}, .steel_g = 31000 * T};
    const struct costing_rules rules = {.plans = &plan, .plan_count = 1};
    const struct allocation_roster roster = {crew_of, NULL, 3};
    struct allocation_trouble trouble;
    struct allocation allocation = {.quota = "femn", .amount_base = 217000007};
    assert_true(period_parse("2026-03", &plan.period));
    allocation.period = plan.period;
    memcpy(allocation.levels, levels, (size_t)level_count * sizeof *levels);
    allocation.level_count = level_count;
    for (size_t i = 0; i < 3; i++) {
        allocation.shift_weight_e3[i] = 1000;
    }
    for (size_t i = 0; i < strlen(crews); i++) {
        allocation.parts[i] = (struct allocation_part){
            .holder = HELD_BY_CREW, .crew = {(uint16_t)i}, .weight_e3 = 1000 + (int64_t)i};
        allocation.part_count = allocation.root_part_count = i + 1;
    }
    assert_int_equal(allocation_divide(&allocation, &rules, &roster, &trouble), ALLOCATION_DONE);
    return allocation;
}

static int64_t sum_at(const struct allocation *allocation, const int64_t *amounts_base, int level)
{
    int64_t sum_base = 0;
    for (size_t i = 0; i < allocation->node_count; i++) {
        const struct allocation_place *place = &allocation->places[i];
        bool of_level = place->level == level && place->part == ALLOCATION_NO_PART;
        sum_base += of_level ? amounts_base[i] : 0;
    }
    return sum_base;
}

/* Day by day through the month: every level has the same sum, and it is the quota. */
static void a_reallocated_month_adds_up_at_every_level_on_every_day(void **state)
{
    static const int levels[] = {PERIOD_TEN_DAYS, PERIOD_DAY, ALLOCATION_SHIFT};
    int64_t others_base = 0;
    (void)state;
    struct allocation allocation = march(levels, 3, "");
    for (int32_t day = 0; day <= 30; day++) {
        struct sheet sheet = {0};
        struct reallocation_tree tree = {.amounts_base = NULL};
        allocation.frozen_days = day % 3;
        bool rest = day + allocation.frozen_days <= 30;
        assert_int_equal(reallocation_divide(&sheet, &allocation, 3,
                                             allocation.period.from_day + day, nothing_shown,
                                             used_by_plan, &others_base, &tree),
                         REALLOCATED);
        int64_t all_base = tree.amounts_base[0];
        assert_int_equal(all_base - tree.result.gap_base + tree.result.spare_base,
                         allocation.amount_base);
        assert_true(!rest || all_base == allocation.amount_base);
        assert_int_equal(sum_at(&allocation, tree.amounts_base, PERIOD_TEN_DAYS), all_base);
        assert_int_equal(sum_at(&allocation, tree.amounts_base, PERIOD_DAY), all_base);
        assert_int_equal(sum_at(&allocation, tree.amounts_base, ALLOCATION_SHIFT), all_base);
        reallocation_clear(&tree);
        sheet_clear(&sheet);
    }
    allocation_clear(&allocation);
}

/* Two crews share the ten days; what a third used as a relief is gone from the rest as well. */
static void what_a_relief_used_is_gone_as_well(void **state)
{
    static const int levels[] = {PERIOD_TEN_DAYS};
    int64_t others_base = 1000;
    struct sheet sheet = {0};
    struct reallocation_tree tree = {.amounts_base = NULL};
    (void)state;
    struct allocation allocation = march(levels, 1, "AB");
    assert_int_equal(reallocation_divide(&sheet, &allocation, 3, allocation.period.from_day + 10,
                                         nothing_shown, used_by_plan, &others_base, &tree),
                     REALLOCATED);
    int64_t closed_base = used_by_plan(&others_base, &allocation.places[1]);
    assert_int_equal(tree.amounts_base[1], closed_base);
    assert_int_equal(tree.result.left_base, allocation.amount_base - closed_base);
    assert_int_equal(tree.amounts_base[0], allocation.amount_base);
    reallocation_clear(&tree);
    sheet_clear(&sheet);
    allocation_clear(&allocation);
}

/* 7.2 kg a tonne from above for crew A in the last ten days: A has it, B what is left. */
static void a_floor_of_a_crew_holds_in_its_period(void **state)
{
    static const int levels[] = {PERIOD_TEN_DAYS};
    int64_t others_base = 0;
    struct sheet sheet = {0};
    struct reallocation_tree tree = {.amounts_base = NULL};
    struct allocation_wish floor = {.crew = {0}, .rate_e9 = INT64_C(7200000000)};
    (void)state;
    struct allocation allocation = march(levels, 1, "AB");
    assert_true(period_parse("2026-03-X3", &floor.period));
    allocation.floors = calloc(1, sizeof floor);
    allocation.floors[allocation.floor_count++] = floor;
    assert_int_equal(reallocation_divide(&sheet, &allocation, 3, allocation.period.from_day + 10,
                                         nothing_shown, used_by_plan, &others_base, &tree),
                     REALLOCATED);
    size_t a = allocation.nodes[3].first_part;
    assert_int_equal(tree.amounts_base[a], allocation.places[a].planned_g * 72 / 10000);
    assert_int_equal(tree.floors_base[3], tree.amounts_base[a]);
    assert_int_equal(tree.amounts_base[0], allocation.amount_base);
    reallocation_clear(&tree);
    sheet_clear(&sheet);
    allocation_clear(&allocation);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rest_of_the_month_has_6_9_kg_a_tonne),
        cmocka_unit_test(nobody_is_tightened_below_the_best_ever_shown),
        cmocka_unit_test(nothing_is_judged_where_nothing_was_shown),
        cmocka_unit_test(a_quota_that_is_used_up_cannot_be_kept),
        cmocka_unit_test(a_frozen_horizon_keeps_what_it_was_given),
        cmocka_unit_test(floors_and_proposals_bound_what_each_gets),
        cmocka_unit_test(a_reallocated_month_adds_up_at_every_level_on_every_day),
        cmocka_unit_test(what_a_relief_used_is_gone_as_well),
        cmocka_unit_test(a_floor_of_a_crew_holds_in_its_period),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
