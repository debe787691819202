/* What use costs: money at standard prices and as paid, and energy as standard coal and CO2, of one
 * item's segments (DOMAIN 1b "unit cost of a team", 2, 4).
 *
 * Where the item has a time-of-use tariff, what was paid is amount x price of the band at the time
 * of the use; use is cut where bands change, so a segment lies in one. One that does not, since it
 * was booked before the tariff came, is divided by time here, by cumulative floor, and flagged.
 * Elsewhere what was paid is the actual price of the production day, and the standard one where no
 * actual one is known.
 *
 * Sums are whole numbers of 10^-6 yuan (kgce, kg) a base unit, so that nothing is rounded and no
 * order of adding matters. */
#ifndef HEATLEDGER_COST_H
#define HEATLEDGER_COST_H

#include "costing_rules.h"
#include "fraction.h"
#include "zone.h"

#include <stdbool.h>
#include <stdint.h>

enum cost_measure {
    COST_STANDARD, /* yuan at standard prices: what a team is measured by */
    COST_ACTUAL,   /* yuan as paid */
    COST_COAL,     /* kgce */
    COST_CO2,      /* kg */
    COST_MEASURES
};

/* By what is costed. All of it must outlive whatever is costed by it. */
struct cost_basis {
    const struct costing_rules *rules;
    const struct catalog *catalog; /* the one the rules belong to */
    const struct zone *zone;       /* of tariffs */
};

/* Use of an item over [start, end), or at the instant start = end. */
struct cost_use {
    item_id item;
    int32_t day; /* the production day to which it is booked */
    int64_t start_us, end_us;
    int64_t amount_base;
};

/* Sums over uses of one item; begins as {0}. */
struct cost_sum {
    int64_t amount_base;
    quantity_wide totals[COST_MEASURES]; /* 10^-6 a base unit */
    bool unknown[COST_MEASURES];         /* something of it has no price, or no factor */
    bool spread; /* something of it spanned bands of a tariff and was divided by time */
};

/* Adds a use. An amount of 0 adds nothing, whether it has a price or not. */
void cost_add(struct cost_sum *sum, const struct cost_basis *basis, const struct cost_use *use);

/* The same of an item of which nothing is known, neither price nor factor. */
void cost_add_unknown(struct cost_sum *sum, int64_t amount_base);

/* A sum in yuan, kgce or kg, of an item with so many decimals; NULL: not known. */
const struct fraction *cost_total(struct sheet *sheet, const struct cost_sum *sum,
                                  unsigned decimals, enum cost_measure measure);

/* The mean a unit: yuan, kgce or kg; NULL: not known, or the amount is 0. */
const struct fraction *cost_mean(struct sheet *sheet, const struct cost_sum *sum, unsigned decimals,
                                 enum cost_measure measure);

#endif
