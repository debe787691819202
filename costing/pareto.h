/* Pareto: the few adverse sums that make most of the loss (DOMAIN 4; 80:20, X 3). */
#ifndef HEATLEDGER_PARETO_H
#define HEATLEDGER_PARETO_H

#include "fraction.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PARETO_VITAL_PERCENT 80

struct pareto_row {
    int64_t adverse_fen;              /* > 0: a loss */
    size_t tag;                       /* the caller's: which row it was */
    const struct fraction *cumulated; /* part of all losses up to and with this one, 0 to 1 */
    bool vital;                       /* needed to reach PARETO_VITAL_PERCENT of the losses */
};

/* Keeps the rows that are losses, largest first, of equal ones the lower tag; fills in the rest.
 * Returns how many are left. */
size_t pareto_sort(struct sheet *sheet, struct pareto_row *rows, size_t count);

#endif
