#include "cost.h"

#include "failure.h"
#include "tariff.h"

#include <stddef.h>

#define PRICE_DECIMALS 6

static void add_at(struct cost_sum *sum, enum cost_measure measure, int64_t amount_base,
                   int64_t each_e6)
{
    quantity_wide product = (quantity_wide)amount_base * each_e6;
    if (each_e6 == COSTING_UNKNOWN) {
        sum->unknown[measure] = true;
        return;
    }
    REQUIRE(!__builtin_add_overflow(sum->totals[measure], product, &sum->totals[measure]));
}

/* By the bands through which the use goes. */
static void add_by_tariff(struct cost_sum *sum, const struct tariff *tariff,
                          const struct zone *zone, const struct cost_use *use)
{
    int64_t price_e6 = tariff_at(tariff, zone, use->start_us)->price_e6;
    int64_t at_us = use->start_us, done_base = 0;
    for (;;) {
        int64_t next_us = tariff_next_us(tariff, zone, at_us);
        int64_t through_base = use->amount_base;
        bool last = next_us >= use->end_us;
        if (!last) {
            REQUIRE(quantity_multiply_divide(use->amount_base, next_us - use->start_us,
                                             use->end_us - use->start_us, &through_base));
        }
        add_at(sum, COST_ACTUAL, through_base - done_base, price_e6);
        if (last) {
            return;
        }
        done_base = through_base;
        at_us = next_us;
        int64_t now_e6 = tariff_at(tariff, zone, at_us)->price_e6;
        sum->spread = sum->spread || now_e6 != price_e6;
        price_e6 = now_e6;
    }
}

static int64_t factor_e6(const struct cost_basis *basis, enum energy_measure measure,
                         const struct cost_use *use)
{
    const struct energy_factor *factor = costing_factor(basis->rules, measure, use->item, use->day);
    return factor != NULL ? factor->factor_e6 : COSTING_UNKNOWN;
}

void cost_add(struct cost_sum *sum, const struct cost_basis *basis, const struct cost_use *use)
{
    REQUIRE(use->start_us <= use->end_us);
    if (use->amount_base == 0) {
        return;
    }
    const struct item *item = &basis->catalog->items[use->item.index];
    const struct price *price = costing_price(basis->rules, use->item, use->day);
    int64_t standard_e6 = price != NULL ? price->standard_e6 : COSTING_UNKNOWN;
    int64_t actual_e6 =
        price != NULL && price->actual_e6 != COSTING_UNKNOWN ? price->actual_e6 : standard_e6;
    sum->amount_base = quantity_add(sum->amount_base, use->amount_base);
    add_at(sum, COST_STANDARD, use->amount_base, standard_e6);
    if (item->tariff != NULL) {
        add_by_tariff(sum, item->tariff, basis->zone, use);
    } else {
        add_at(sum, COST_ACTUAL, use->amount_base, actual_e6);
    }
    add_at(sum, COST_COAL, use->amount_base, factor_e6(basis, ENERGY_COAL, use));
    add_at(sum, COST_CO2, use->amount_base, factor_e6(basis, ENERGY_CO2, use));
}

void cost_add_unknown(struct cost_sum *sum, int64_t amount_base)
{
    for (int i = 0; i < COST_MEASURES; i++) {
        sum->unknown[i] = sum->unknown[i] || amount_base != 0;
    }
    sum->amount_base = quantity_add(sum->amount_base, amount_base);
}

const struct fraction *cost_total(struct sheet *sheet, const struct cost_sum *sum,
                                  unsigned decimals, enum cost_measure measure)
{
    return sum->unknown[measure]
               ? NULL
               : fraction_decimal(sheet, sum->totals[measure], decimals + PRICE_DECIMALS);
}

const struct fraction *cost_mean(struct sheet *sheet, const struct cost_sum *sum, unsigned decimals,
                                 enum cost_measure measure)
{
    const struct fraction *total = cost_total(sheet, sum, decimals, measure);
    return total == NULL || sum->amount_base == 0
               ? NULL
               : fraction_divide(sheet, total, fraction_decimal(sheet, sum->amount_base, decimals));
}
