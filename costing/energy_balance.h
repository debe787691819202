/* Energy in one measure: kilograms of standard coal (kgce) and of CO2, inputs and what is won back
 * apart (DOMAIN 2, 负能炼钢). Factors are published literals, never derived from one another. */
#ifndef HEATLEDGER_ENERGY_BALANCE_H
#define HEATLEDGER_ENERGY_BALANCE_H

#include "fraction.h"

#include <stdbool.h>
#include <stddef.h>

struct energy_row {
    const struct fraction *amount; /* units of the item */
    const struct fraction *factor; /* kgce, or kg CO2, a unit; NULL: not published */
    bool recovered;                /* a credit */
};

struct energy_balance {
    const struct fraction *used;   /* sum of amount x factor of the inputs */
    const struct fraction *credit; /* of what was won back, as a positive number */
    const struct fraction *net;    /* used - credit: below 0 steel gives energy */
    size_t without_factor;         /* rows that could not be counted */
};

struct energy_balance energy_balance_of(struct sheet *sheet, const struct energy_row *rows,
                                        size_t count);

#endif
