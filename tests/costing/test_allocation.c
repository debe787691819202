/* Allocations: the tree of periods, shifts and parts adds up at every level, whatever the plan. */
#include "allocation.h"
#include "fractions.h"

#include <stdio.h>
#include <stdlib.h>

#define MARCH 20513 /* 2026-03-01 */
#define CREWS 4
#define SHIFTS 3

/* Four crews, of which three work; the cycle moves on every day. */
static crew_id crew_of(const void *context, int32_t day, shift_id shift)
{
    const bool *idle_nights = context;
    if (idle_nights != NULL && *idle_nights && shift.index == 2) {
        return (crew_id){CATALOG_NONE};
    }
    return (crew_id){(uint16_t)((day + shift.index) % CREWS)};
}

static struct period period_text(const char *text)
{
    struct period period;
    assert_true(period_parse(text, &period));
    return period;
}

static struct allocation allocation_over(const char *period, int64_t amount_base)
{
    struct allocation allocation = {.quota = "femn", .amount_base = amount_base};
    allocation.period = period_text(period);
    for (int i = 0; i < SHIFTS; i++) {
        allocation.shift_weight_e3[i] = 1000;
    }
    return allocation;
}

static void add_levels(struct allocation *allocation, const int *levels, int count)
{
    memcpy(allocation->levels, levels, (size_t)count * sizeof *levels);
    allocation->level_count = count;
}

static enum allocation_result divide(struct allocation *allocation, struct planned_steel *plans,
                                     uint32_t plan_count, struct allocation_trouble *trouble)
{
    const struct costing_rules rules = {.plans = plans, .plan_count = plan_count};
    const struct allocation_roster roster = {crew_of, NULL, SHIFTS};
    return allocation_divide(allocation, &rules, &roster, trouble);
}

static int64_t amount_of(const struct allocation *allocation, const char *period)
{
    for (size_t i = 0; i < allocation->node_count; i++) {
        const struct allocation_place *place = &allocation->places[i];
        if (place->level != ALLOCATION_SHIFT && place->part == ALLOCATION_NO_PART &&
            period_equal(place->period, period_text(period))) {
            return allocation->nodes[i].amount_base;
        }
    }
    return -1;
}

/* DOMAIN 4: 108,000 t x 7 kg = 756,000 kg; the first ten days used 259,200 kg and are fixed. */
static void the_month_of_the_domain_leaves_6_9_kg_a_tonne(void **state)
{
    struct planned_steel plans[] = {
        {period_text("2026-03-X1"), {CATALOG_NONE}, INT64_C(36000000000)},
        {period_text("2026-03-X2"), {CATALOG_NONE}, INT64_C(36000000000)},
        {period_text("2026-03-X3"), {CATALOG_NONE}, INT64_C(36000000000)},
    };
    struct allocation allocation = allocation_over("2026-03", 756000000);
    struct allocation_trouble trouble;
    (void)state;
    add_levels(&allocation, (const int[]){PERIOD_TEN_DAYS}, 1);
    allocation.fixed = calloc(1, sizeof *allocation.fixed);
    allocation.fixed[allocation.fixed_count++] =
        (struct allocation_fixed){period_text("2026-03-X1"), 259200000};
    assert_int_equal(divide(&allocation, plans, 3, &trouble), ALLOCATION_DONE);
    assert_int_equal(allocation.places[0].planned_g, INT64_C(108000000000));
    assert_int_equal(amount_of(&allocation, "2026-03-X1"), 259200000);
    assert_int_equal(amount_of(&allocation, "2026-03-X2"), 36000 * INT64_C(6900));
    assert_int_equal(amount_of(&allocation, "2026-03-X3"), 36000 * INT64_C(6900));
    allocation_clear(&allocation);
}

/* Without plans of their own days share by their number: the third ten days of March have 11. */
static void steel_is_spread_over_days_where_none_is_planned(void **state)
{
    struct planned_steel plans[] = {{period_text("2026-03"), {CATALOG_NONE}, 31000000}};
    struct allocation allocation = allocation_over("2026-03", 62);
    struct allocation_trouble trouble;
    (void)state;
    add_levels(&allocation, (const int[]){PERIOD_TEN_DAYS, PERIOD_DAY, ALLOCATION_SHIFT}, 3);
    assert_int_equal(divide(&allocation, plans, 1, &trouble), ALLOCATION_DONE);
    assert_int_equal(amount_of(&allocation, "2026-03-X3"), 22);
    assert_int_equal(amount_of(&allocation, "2026-03-31"), 2);
    assert_int_equal(allocation.node_count, 1 + 3 + 31 + 93);
    allocation_clear(&allocation);
}

static void holes_and_sums_that_do_not_add_up_are_told_with_their_period(void **state)
{
    static const struct {
        const char *period[3];
        int64_t steel_g[3];
        enum allocation_result result;
        const char *at;
    } rows[] = {
        {{"2026-03-X1", "2026-03-X2"}, {5, 5}, ALLOCATION_HOLE, "2026-03-X3"},
        {{"2026-03", "2026-03-X2"}, {5, 5}, ALLOCATION_HOLE, "2026-03-X1"},
        {{"2026-03-10"}, {5}, ALLOCATION_UNPLANNED, "2026-03"},
        {{"2026-03"}, {0}, ALLOCATION_NO_WEIGHT, "2026-03"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct planned_steel plans[3];
        uint32_t count = 0;
        struct allocation_trouble trouble;
        struct allocation allocation = allocation_over("2026-03", 100);
        add_levels(&allocation, (const int[]){PERIOD_TEN_DAYS}, 1);
        for (; count < 3 && rows[i].period[count] != NULL; count++) {
            plans[count] = (struct planned_steel){
                period_text(rows[i].period[count]), {CATALOG_NONE}, rows[i].steel_g[count]};
        }
        assert_int_equal(divide(&allocation, plans, count, &trouble), rows[i].result);
        assert_true(period_equal(trouble.period, period_text(rows[i].at)));
        allocation_clear(&allocation);
    }
}

static void planned_parts_that_are_not_the_planned_whole_are_told_with_both(void **state)
{
    struct planned_steel plans[] = {{period_text("2026-03"), {CATALOG_NONE}, 100},
                                    {period_text("2026-03-X1"), {CATALOG_NONE}, 30},
                                    {period_text("2026-03-X2"), {CATALOG_NONE}, 30},
                                    {period_text("2026-03-X3"), {CATALOG_NONE}, 41}};
    struct allocation allocation = allocation_over("2026-03", 100);
    struct allocation_trouble trouble;
    (void)state;
    add_levels(&allocation, (const int[]){PERIOD_TEN_DAYS}, 1);
    assert_int_equal(divide(&allocation, plans, 4, &trouble), ALLOCATION_MISMATCH);
    assert_int_equal(trouble.whole_g, 100);
    assert_int_equal(trouble.parts_g, 101);
    allocation_clear(&allocation);
}

static void what_is_fixed_must_leave_room(void **state)
{
    static const struct {
        int64_t fixed_base[3]; /* -1: not fixed */
        enum allocation_result result;
    } rows[] = {
        {{101, -1, -1}, ALLOCATION_OVER_FIXED}, {{50, 51, -1}, ALLOCATION_OVER_FIXED},
        {{50, 20, 29}, ALLOCATION_UNDER_FIXED}, {{50, 20, 30}, ALLOCATION_DONE},
        {{50, 50, -1}, ALLOCATION_DONE},
    };
    static const char *const periods[] = {"2026-03-X1", "2026-03-X2", "2026-03-X3"};
    struct planned_steel plans[] = {{period_text("2026-03"), {CATALOG_NONE}, 31000000}};
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct allocation_trouble trouble;
        struct allocation allocation = allocation_over("2026-03", 100);
        add_levels(&allocation, (const int[]){PERIOD_TEN_DAYS}, 1);
        allocation.fixed = calloc(3, sizeof *allocation.fixed);
        for (size_t k = 0; k < 3; k++) {
            if (rows[i].fixed_base[k] >= 0) {
                allocation.fixed[allocation.fixed_count++] =
                    (struct allocation_fixed){period_text(periods[k]), rows[i].fixed_base[k]};
            }
        }
        assert_int_equal(divide(&allocation, plans, 1, &trouble), rows[i].result);
        allocation_clear(&allocation);
    }
    struct allocation allocation = allocation_over("2026-03", 100);
    struct allocation_trouble trouble;
    add_levels(&allocation, (const int[]){PERIOD_TEN_DAYS}, 1);
    allocation.fixed = calloc(1, sizeof *allocation.fixed);
    allocation.fixed[allocation.fixed_count++] =
        (struct allocation_fixed){period_text("2026-03-10"), 1};
    assert_int_equal(divide(&allocation, plans, 1, &trouble), ALLOCATION_NO_PERIOD);
    allocation_clear(&allocation);
}

/* ---- Any plan ---- */

static uint64_t seed;

static int64_t any(int64_t below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (int64_t)((seed >> 33) % (uint64_t)below);
}

/* Two stations, the first with three posts; or four crews. */
static void add_parts(struct allocation *allocation, bool crews)
{
    size_t count = crews ? CREWS : 2;
    for (size_t i = 0; i < count; i++) {
        allocation->parts[i] =
            (struct allocation_part){.holder = crews ? HELD_BY_CREW : HELD_BY_STATION,
                                     .crew = {crews ? (uint16_t)i : CATALOG_NONE},
                                     .weight_e3 = 1 + any(5000)};
        snprintf(allocation->parts[i].id, sizeof allocation->parts[i].id, "part %zu", i);
    }
    allocation->root_part_count = allocation->part_count = count;
    allocation->parts[0].first_part = count;
    allocation->parts[0].part_count = 3;
    for (size_t i = 0; i < 3; i++) {
        allocation->parts[count + i] = (struct allocation_part){
            .holder = HELD_BY_POST, .crew = {CATALOG_NONE}, .weight_e3 = 1 + any(3)};
    }
    allocation->part_count += 3;
}

static void expect_nodes_add_up(const struct allocation *allocation)
{
    for (size_t i = 0; i < allocation->node_count; i++) {
        const struct plan_node *node = &allocation->nodes[i];
        int64_t sum_base = 0;
        for (size_t k = 0; k < node->part_count; k++) {
            sum_base += allocation->nodes[node->first_part + k].amount_base;
            assert_int_equal(allocation->places[node->first_part + k].parent, i);
        }
        if (node->part_count > 0) {
            assert_int_equal(sum_base, node->amount_base);
        }
        assert_true(node->amount_base >= 0);
    }
}

/* Of each period and shift, those who hold parts of it side by side have it whole. */
static void expect_lines_add_up(const struct allocation *allocation)
{
    size_t count = 0;
    struct allocation_line *lines = allocation_lines(allocation, NULL, &count);
    bool shifts = allocation->levels[allocation->level_count - 1] == ALLOCATION_SHIFT;
    for (size_t i = 0; i < count; i++) {
        if (lines[i].holder != HELD_BY_SHOP) {
            continue;
        }
        int64_t crews_base = 0, tops_base = 0, first_base = 0, posts_base = 0;
        for (size_t k = i + 1; k < count && lines[k].holder != HELD_BY_SHOP; k++) {
            bool roster = lines[k].part == ALLOCATION_NO_PART;
            bool top = !roster && lines[k].part < allocation->root_part_count;
            crews_base += roster ? lines[k].amount_base : 0;
            tops_base += top ? lines[k].amount_base : 0;
            first_base += top && lines[k].part == 0 ? lines[k].amount_base : 0;
            posts_base += !roster && !top ? lines[k].amount_base : 0;
        }
        if (shifts) {
            assert_int_equal(crews_base, lines[i].amount_base);
        }
        if (allocation->root_part_count > 0) {
            assert_int_equal(tops_base, lines[i].amount_base);
            assert_int_equal(posts_base, first_base);
        }
    }
    free(lines);
}

static void any_plan_adds_up_at_every_level_and_for_every_holder(void **state)
{
    static const int chains[][4] = {
        {PERIOD_QUARTER, PERIOD_MONTH, PERIOD_TEN_DAYS, -1},
        {PERIOD_MONTH, PERIOD_DAY, ALLOCATION_SHIFT, -1},
        {PERIOD_TEN_DAYS, -1},
        {PERIOD_QUARTER, PERIOD_DAY, -1},
    };
    (void)state;
    for (uint64_t run = 1; run <= 60; run++) {
        seed = run;
        struct allocation allocation = allocation_over("2026", any(INT64_C(1000000000000)));
        struct planned_steel plans[12];
        struct allocation_trouble trouble;
        const int *chain = chains[any(4)];
        int levels = 0;
        while (levels < 4 && chain[levels] != -1) {
            levels++;
        }
        add_levels(&allocation, chain, levels);
        bool shifts = chain[levels - 1] == ALLOCATION_SHIFT;
        if (any(2) == 0) {
            add_parts(&allocation, !shifts && any(2) == 0);
        }
        bool by_months = chain[0] == PERIOD_MONTH || chain[1] == PERIOD_MONTH;
        struct period month = period_text("2026-01");
        for (int i = 0; i < 12; i++, month = period_next(month)) {
            plans[i] = (struct planned_steel){month, {CATALOG_NONE}, 1 + any(1000000000)};
        }
        if (!by_months) {
            plans[0] = (struct planned_steel){
                period_text("2026"), {CATALOG_NONE}, 1 + any(INT64_C(1000000000000))};
        }
        enum allocation_result result = divide(&allocation, plans, by_months ? 12 : 1, &trouble);
        if (result != ALLOCATION_DONE) {
            fail_msg("run %d: %d", (int)run, (int)result);
        }
        expect_nodes_add_up(&allocation);
        expect_lines_add_up(&allocation);
        allocation_clear(&allocation);
    }
}

/* A shift that nobody works makes no steel; the others have the day. */
static void a_shift_that_nobody_works_gets_nothing(void **state)
{
    bool idle_nights = true;
    struct planned_steel plans[] = {{period_text("2026-03-10"), {CATALOG_NONE}, 100}};
    const struct costing_rules rules = {.plans = plans, .plan_count = 1};
    const struct allocation_roster roster = {crew_of, &idle_nights, SHIFTS};
    struct allocation allocation = allocation_over("2026-03-10", 7);
    struct allocation_trouble trouble;
    (void)state;
    add_levels(&allocation, (const int[]){ALLOCATION_SHIFT}, 1);
    assert_int_equal(allocation_divide(&allocation, &rules, &roster, &trouble), ALLOCATION_DONE);
    assert_int_equal(allocation.nodes[1].amount_base, 4);
    assert_int_equal(allocation.nodes[2].amount_base, 3);
    assert_int_equal(allocation.nodes[3].amount_base, 0);
    allocation_clear(&allocation);
}

/* Crews that are planned for the day weigh by it, in whatever shift they work. */
static void crews_with_planned_steel_of_their_own_share_by_it(void **state)
{
    struct planned_steel plans[] = {
        {period_text("2026-03-10"), {CATALOG_NONE}, 1000},
        {period_text("2026-03-10"), {0}, 500},
        {period_text("2026-03-10"), {1}, 300},
        {period_text("2026-03-10"), {2}, 200},
        {period_text("2026-03-10"), {3}, 1000000},
    };
    struct allocation allocation = allocation_over("2026-03-10", 100);
    struct allocation_trouble trouble;
    int64_t sums[CREWS] = {0};
    (void)state;
    add_levels(&allocation, (const int[]){ALLOCATION_SHIFT}, 1);
    for (int32_t shift = 0; shift < SHIFTS; shift++) {
        sums[crew_of(NULL, MARCH + 9, (shift_id){(uint16_t)shift}).index]++;
    }
    /* whoever works: the plans of the three must be the day's */
    int64_t planned_g = 0;
    for (int crew = 0; crew < CREWS; crew++) {
        planned_g += sums[crew] > 0 ? plans[crew + 1].steel_g : 0;
    }
    plans[0].steel_g = planned_g;
    assert_int_equal(divide(&allocation, plans, 5, &trouble), ALLOCATION_DONE);
    for (size_t i = 1; i < allocation.node_count; i++) {
        assert_int_equal(allocation.places[i].planned_g,
                         plans[allocation.places[i].crew.index + 1].steel_g);
    }
    allocation_clear(&allocation);
}

static int64_t planned_at_g(const struct allocation *allocation, int level)
{
    int64_t sum_g = 0;
    for (size_t i = 0; i < allocation->node_count; i++) {
        const struct allocation_place *place = &allocation->places[i];
        bool of_level = place->level == level && place->part == ALLOCATION_NO_PART;
        sum_g += of_level ? place->planned_g : 0;
    }
    return sum_g;
}

/* A period, then a crew, are planned anew: steel adds up at every level, amounts stay. */
static void steel_that_is_planned_anew_adds_up_and_changes_no_amount(void **state)
{
    static const int levels[] = {PERIOD_TEN_DAYS, PERIOD_DAY, ALLOCATION_SHIFT};
    struct planned_steel plans[] = {{period_text("2026-03"), {CATALOG_NONE}, 31000000}};
    struct allocation allocation = allocation_over("2026-03", 62);
    struct allocation_trouble trouble;
    (void)state;
    add_levels(&allocation, levels, 3);
    assert_int_equal(divide(&allocation, plans, 1, &trouble), ALLOCATION_DONE);
    assert_true(allocation_replan(&allocation, period_text("2026-03-X2"), (crew_id){CATALOG_NONE},
                                  5000000));
    assert_int_equal(allocation.places[0].planned_g, 26000000);
    assert_int_equal(allocation.places[2].planned_g, 5000000);
    int64_t day_g = allocation.places[1 + 3].planned_g;
    assert_true(allocation_replan(&allocation, period_text("2026-03-01"), (crew_id){1}, 0));
    assert_in_range(allocation.places[1 + 3].planned_g, day_g * 2 / 3 - 1, day_g * 2 / 3 + 1);
    int64_t all_g = allocation.places[0].planned_g;
    for (size_t i = 0; i < ROWS(levels); i++) {
        assert_int_equal(planned_at_g(&allocation, levels[i]), all_g);
    }
    assert_int_equal(amount_of(&allocation, "2026-03-X3"), 22);
    assert_false(
        allocation_replan(&allocation, period_text("2026-04"), (crew_id){CATALOG_NONE}, 1));
    assert_false(allocation_replan(&allocation, period_text("2026-03"), (crew_id){9}, 1));
    allocation_clear(&allocation);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_month_of_the_domain_leaves_6_9_kg_a_tonne),
        cmocka_unit_test(steel_is_spread_over_days_where_none_is_planned),
        cmocka_unit_test(holes_and_sums_that_do_not_add_up_are_told_with_their_period),
        cmocka_unit_test(planned_parts_that_are_not_the_planned_whole_are_told_with_both),
        cmocka_unit_test(what_is_fixed_must_leave_room),
        cmocka_unit_test(any_plan_adds_up_at_every_level_and_for_every_holder),
        cmocka_unit_test(a_shift_that_nobody_works_gets_nothing),
        cmocka_unit_test(steel_that_is_planned_anew_adds_up_and_changes_no_amount),
        cmocka_unit_test(crews_with_planned_steel_of_their_own_share_by_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
