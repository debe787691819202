#include "settlement.h"

#include "apportion.h"
#include "failure.h"

#define WEIGHT_PLACES 3

int64_t settlement_pool_fen(int64_t bonus_fen, int64_t share_e4)
{
    enum { SHARE_UNIT = 10000 };
    REQUIRE(bonus_fen >= 0 && share_e4 >= 0 && share_e4 <= SHARE_UNIT);
    return (int64_t)(((quantity_wide)bonus_fen * share_e4 * 2 + SHARE_UNIT) / (2 * SHARE_UNIT));
}

/* The part of its weight that a line earns, 0 to 1. */
static const struct fraction *ratio(struct sheet *sheet, const struct settlement_line *line)
{
    const struct fraction *none = fraction_of(sheet, 0, 1), *all = fraction_of(sheet, 1, 1);
    quantity_wide over_base = (quantity_wide)line->used_base - line->limit_base;
    REQUIRE(line->target_base <= line->limit_base && line->division_base > 0);
    if (line->target_base == line->limit_base) {
        return over_base < line->division_base ? all : none;
    }
    quantity_wide span_base = (quantity_wide)line->limit_base - line->target_base;
    const struct fraction *kept = fraction_divide(sheet, fraction_decimal(sheet, -over_base, 0),
                                                  fraction_decimal(sheet, span_base, 0));
    return fraction_clamp(sheet, kept, none, all);
}

/* Points of each line, and their sum; NULL where one is not known. */
static const struct fraction *score(struct sheet *sheet, const struct settlement_line *lines,
                                    size_t count, struct settled *settled)
{
    const struct fraction *sum = fraction_of(sheet, 0, 1);
    bool known = true;
    for (size_t i = 0; i < count; i++) {
        known = known && lines[i].known;
        if (lines[i].known) {
            settled->lines[i].points =
                fraction_multiply(sheet, ratio(sheet, &lines[i]),
                                  fraction_decimal(sheet, lines[i].weight_e3, WEIGHT_PLACES));
            sum = fraction_add(sheet, sum, settled->lines[i].points);
        }
    }
    return known ? sum : NULL;
}

/* What is returned, over the lines by what each earned; none gets more than its part of the
 * pool. */
static void divide_returned(struct sheet *sheet, size_t count, struct settled *settled)
{
    const struct fraction *rests[SETTLEMENT_LINES_MAX];
    const struct fraction *a_fen =
        fraction_divide(sheet, fraction_of(sheet, settled->returned_fen, 1), settled->points);
    int64_t left_fen = settled->returned_fen;
    for (size_t i = 0; i < count; i++) {
        struct settled_line *line = &settled->lines[i];
        const struct fraction *exact = fraction_multiply(sheet, line->points, a_fen);
        REQUIRE(fraction_floor(exact, 0, &line->returned_fen));
        if (line->returned_fen > line->pool_fen) {
            line->returned_fen = line->pool_fen;
        }
        rests[i] = fraction_subtract(sheet, exact, fraction_of(sheet, line->returned_fen, 1));
        left_fen -= line->returned_fen;
    }
    const struct fraction *served = fraction_of(sheet, -1, 1);
    while (left_fen > 0) { /* there is room: the parts of the pool add up to at least as much */
        size_t largest = count;
        for (size_t i = 0; i < count; i++) {
            bool room = settled->lines[i].returned_fen < settled->lines[i].pool_fen;
            if (room && (largest == count || fraction_compare(rests[i], rests[largest]) > 0)) {
                largest = i;
            }
        }
        REQUIRE(largest < count);
        settled->lines[largest].returned_fen++;
        rests[largest] = served;
        left_fen--;
    }
}

void settlement_settle(struct sheet *sheet, const struct settlement_line *lines, size_t count,
                       int64_t pool_fen, bool vetoed, struct settled *settled)
{
    int64_t weights_e3[SETTLEMENT_LINES_MAX] = {0}, parts_fen[SETTLEMENT_LINES_MAX];
    int64_t weight_e3 = 0;
    REQUIRE(count > 0 && count <= SETTLEMENT_LINES_MAX && pool_fen >= 0);
    *settled = (struct settled){.pool_fen = pool_fen};
    for (size_t i = 0; i < count; i++) {
        weights_e3[i] = lines[i].weight_e3;
        weight_e3 += lines[i].weight_e3;
    }
    apportion(pool_fen, weights_e3, count, parts_fen);
    for (size_t i = 0; i < count; i++) {
        settled->lines[i].pool_fen = parts_fen[i];
    }
    settled->points = score(sheet, lines, count, settled);
    if (settled->points == NULL) {
        return;
    }
    const struct fraction *whole = fraction_decimal(sheet, weight_e3, WEIGHT_PLACES);
    const struct fraction *returned =
        fraction_multiply(sheet, fraction_of(sheet, vetoed ? 0 : pool_fen, 1),
                          fraction_divide(sheet, settled->points, whole));
    REQUIRE(fraction_round(returned, 0, &settled->returned_fen));
    settled->forfeited_fen = pool_fen - settled->returned_fen;
    if (settled->returned_fen > 0) {
        divide_returned(sheet, count, settled);
    }
    for (size_t i = 0; i < count; i++) {
        struct settled_line *line = &settled->lines[i];
        line->forfeited_fen = line->pool_fen - line->returned_fen;
    }
}

void settlement_divide(int64_t returned_fen, const int64_t *shares, size_t count,
                       int64_t *parts_fen)
{
    REQUIRE(returned_fen >= 0 && count <= SETTLEMENT_PEOPLE_MAX);
    apportion(returned_fen, shares, count, parts_fen);
}

int64_t settlement_steps(int64_t over_e2, int64_t threshold_e2, int64_t step_e2)
{
    REQUIRE(step_e2 > 0);
    return over_e2 >= threshold_e2 && over_e2 > 0 ? over_e2 / step_e2 : 0;
}
