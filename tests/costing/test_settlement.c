/* DOMAIN 4: the risk pool, to the fen. */
#include "fractions.h"
#include "settlement.h"

#define KG INT64_C(1000) /* base units: grams */
#define STEEL_G INT64_C(1199400000)

static int64_t allowed_base(int64_t rate_e3) /* 10^-3 kg a tonne */
{
    return STEEL_G / 1000000 * rate_e3 + STEEL_G % 1000000 * rate_e3 / 1000000;
}

static struct settlement_line line(int weight, int64_t used_kg, int64_t target_e3, int64_t limit_e3)
{
    return (struct settlement_line){.weight_e3 = weight * 1000,
                                    .known = true,
                                    .used_base = used_kg * KG,
                                    .target_base = allowed_base(target_e3),
                                    .limit_base = allowed_base(limit_e3),
                                    .division_base = KG};
}

enum { HOT_METAL, MN_FE, SI_FE, AL, SI_AL, THERMOCOUPLE, LINES };

static void demo_team_a(struct settlement_line lines[LINES])
{
    lines[HOT_METAL] = line(40, 1309544, 1090000, 1100000);
    lines[MN_FE] = line(20, 8216, 6800, 7000);
    lines[SI_FE] = line(10, 5373, 4500, 4500);
    lines[AL] = line(10, 240, 200, 200);
    lines[SI_AL] = line(10, 984, 800, 1000);
    lines[THERMOCOUPLE] = (struct settlement_line){.weight_e3 = 10000,
                                                   .known = true,
                                                   .used_base = 49,
                                                   .target_base = 48,
                                                   .limit_base = 48,
                                                   .division_base = 1};
}

static void the_demo_day_of_team_a(void **state)
{
    static const char *const points[LINES] = {"32.67", "14.991", "10", "10", "8.979", "0"};
    struct settlement_line lines[LINES];
    struct settled settled;
    struct sheet sheet = {0};
    int64_t returned_fen = 0, forfeited_fen = 0, pool_fen = 0;
    (void)state;
    demo_team_a(lines);
    assert_int_equal(settlement_pool_fen(1000000, 4000), 400000);
    settlement_settle(&sheet, lines, LINES, 400000, false, &settled);
    for (size_t i = 0; i < LINES; i++) {
        expect(settled.lines[i].points, 3, points[i]);
        returned_fen += settled.lines[i].returned_fen;
        forfeited_fen += settled.lines[i].forfeited_fen;
        pool_fen += settled.lines[i].pool_fen;
    }
    expect(settled.points, 6, "76.639987");
    expect(settled.points, 3, "76.64");
    assert_int_equal(settled.returned_fen, 306560);
    assert_int_equal(settled.forfeited_fen, 93440);
    assert_int_equal(returned_fen, 306560);
    assert_int_equal(forfeited_fen, 93440);
    assert_int_equal(pool_fen, 400000);
    sheet_clear(&sheet);
}

/* 240 kg against 239.88: less than one division over. A whole division is over. */
static void equal_levels_pass_within_one_scale_division(void **state)
{
    static const struct {
        int64_t used_base;
        const char *points;
    } rows[] = {{239880, "10"}, {240000, "10"}, {240879, "10"}, {240880, "0"}, {0, "10"}};
    struct settlement_line al = line(10, 240, 200, 200);
    struct settled settled;
    struct sheet sheet = {0};
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        al.used_base = rows[i].used_base;
        settlement_settle(&sheet, &al, 1, 100, false, &settled);
        expect(settled.points, 3, rows[i].points);
    }
    sheet_clear(&sheet);
}

static void between_target_and_limit_points_fall_in_a_straight_line(void **state)
{
    static const struct {
        int64_t used;
        const char *points;
        int64_t returned_fen;
    } rows[] = {{0, "100", 1000}, {80, "100", 1000}, {81, "95", 950}, {90, "50", 500},
                {99, "5", 50},    {100, "0", 0},     {101, "0", 0}};
    struct settlement_line only = {.weight_e3 = 100000,
                                   .known = true,
                                   .target_base = 80,
                                   .limit_base = 100,
                                   .division_base = 5};
    struct settled settled;
    struct sheet sheet = {0};
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        only.used_base = rows[i].used;
        settlement_settle(&sheet, &only, 1, 1000, false, &settled);
        expect(settled.points, 3, rows[i].points);
        assert_int_equal(settled.returned_fen, rows[i].returned_fen);
    }
    sheet_clear(&sheet);
}

static void a_veto_returns_nothing_and_leaves_the_points(void **state)
{
    struct settlement_line lines[LINES];
    struct settled settled;
    struct sheet sheet = {0};
    (void)state;
    demo_team_a(lines);
    settlement_settle(&sheet, lines, LINES, 400000, true, &settled);
    expect(settled.points, 3, "76.64");
    assert_int_equal(settled.returned_fen, 0);
    assert_int_equal(settled.forfeited_fen, 400000);
    assert_int_equal(settled.lines[HOT_METAL].forfeited_fen, 160000);
    sheet_clear(&sheet);
}

static void nothing_is_settled_on_a_guess(void **state)
{
    struct settlement_line lines[LINES];
    struct settled settled;
    struct sheet sheet = {0};
    (void)state;
    demo_team_a(lines);
    lines[MN_FE].known = false;
    settlement_settle(&sheet, lines, LINES, 400000, false, &settled);
    assert_null(settled.points);
    assert_null(settled.lines[MN_FE].points);
    expect(settled.lines[HOT_METAL].points, 3, "32.67");
    assert_int_equal(settled.returned_fen, 0);
    assert_int_equal(settled.forfeited_fen, 0);
    sheet_clear(&sheet);
}

/* Pools and weights of any size: the money of the lines adds up, none gets more than its part. */
static void the_money_of_the_lines_adds_up(void **state)
{
    uint64_t seed = 20260310;
    (void)state;
    for (int round = 0; round < 2000; round++) {
        struct settlement_line lines[7];
        struct settled settled;
        struct sheet sheet = {0};
        int64_t returned_fen = 0, pool_fen = 0;
        for (size_t i = 0; i < ROWS(lines); i++) {
            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
            int64_t random = (int64_t)(seed >> 33);
            lines[i] = (struct settlement_line){.weight_e3 = random % 4001,
                                                .known = true,
                                                .used_base = random / 7 % 130,
                                                .target_base = 80,
                                                .limit_base = 80 + random % 3 * 20,
                                                .division_base = 1};
        }
        lines[0].weight_e3 += 1;
        settlement_settle(&sheet, lines, ROWS(lines), (int64_t)(seed >> 50), false, &settled);
        for (size_t i = 0; i < ROWS(lines); i++) {
            assert_in_range(settled.lines[i].returned_fen, 0, settled.lines[i].pool_fen);
            returned_fen += settled.lines[i].returned_fen;
            pool_fen += settled.lines[i].pool_fen;
        }
        assert_int_equal(returned_fen, settled.returned_fen);
        assert_int_equal(pool_fen, settled.pool_fen);
        sheet_clear(&sheet);
    }
}

static void people_share_to_the_fen(void **state)
{
    static const int64_t shares[] = {3, 2, 2, 2, 2};
    int64_t parts_fen[ROWS(shares)];
    (void)state;
    settlement_divide(306560, shares, ROWS(shares), parts_fen);
    /* 3/11: 83607.27; 2/11: 55738.18, the odd fen goes to the largest remainder */
    assert_int_equal(parts_fen[0], 83608);
    assert_int_equal(parts_fen[1] + parts_fen[2] + parts_fen[3] + parts_fen[4], 4 * 55738);
}

/* DOMAIN 1, M: 100 / 15 gives 6, 15 / 15 gives 1 */
static void stepped_rewards_count_full_steps_from_the_threshold_on(void **state)
{
    static const struct {
        int64_t over_e2, steps;
    } rows[] = {{10000, 6}, {1500, 1}, {1499, 0}, {2999, 1}, {3000, 2}, {0, 0}, {-2000, 0}};
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        assert_int_equal(settlement_steps(rows[i].over_e2, 1500, 1500), rows[i].steps);
    }
    assert_int_equal(settlement_steps(2999, 3000, 1500), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_demo_day_of_team_a),
        cmocka_unit_test(equal_levels_pass_within_one_scale_division),
        cmocka_unit_test(between_target_and_limit_points_fall_in_a_straight_line),
        cmocka_unit_test(a_veto_returns_nothing_and_leaves_the_points),
        cmocka_unit_test(nothing_is_settled_on_a_guess),
        cmocka_unit_test(the_money_of_the_lines_adds_up),
        cmocka_unit_test(people_share_to_the_fen),
        cmocka_unit_test(stepped_rewards_count_full_steps_from_the_threshold_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
