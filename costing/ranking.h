/* Ranking crews on the same ground: each crew's rate by grade, put together with one mix of grades
 * for all, so that nobody wins by an easy programme (DOMAIN 4). */
#ifndef HEATLEDGER_RANKING_H
#define HEATLEDGER_RANKING_H

#include "fraction.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What one crew used, or paid, for the steel of one grade. */
struct ranking_cell {
    size_t crew, grade;            /* below the counts given */
    const struct fraction *cost;   /* yuan, or units of an item */
    const struct fraction *tonnes; /* > 0 */
    int64_t heats;
};

struct ranking_row {
    size_t crew;
    int64_t heats;
    const struct fraction *rate;       /* as it was: cost / tonnes */
    const struct fraction *normalised; /* by the mix of all crews together; NULL: not ranked */
    const struct fraction *gap;        /* to the best: normalised - best */
    size_t rank;                       /* from 1, equal ones alike; 0: not ranked */
    bool few_heats;                    /* fewer than asked for: not ranked */
    bool other_grades;                 /* grades of the mix that it never made were left out */
};

/* Fills a row for each crew, those with a rank first, by rank, then crew; a crew without a cell has
 * no heats and no rank. `heats_least` heats are needed to be ranked. The mix: tonnes of each grade
 * over all crews; a grade that a crew never made is left out of its own mix and said so. */
void ranking_make(struct sheet *sheet, const struct ranking_cell *cells, size_t cell_count,
                  size_t crew_count, size_t grade_count, int64_t heats_least,
                  struct ranking_row *rows);

/* Spread: the worst normalised rate minus the best; NULL with fewer than two ranked. */
const struct fraction *ranking_spread(struct sheet *sheet, const struct ranking_row *rows,
                                      size_t count);

#endif
