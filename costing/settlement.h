/* Settlement: what a crew gets back of its risk pool for a period (DOMAIN 4).
 *
 * A part of the crew's bonus is put at risk. Each line is a quota with a weight; a line earns
 *
 *   r = clamp((limit - used) / (limit - target), 0, 1)      where target < limit
 *   r = 1 where used is over the limit by less than one scale division, else 0      (equal levels)
 *
 * of its weight, by quantities as they were used and allowed, never by rounded rates. The score is
 * the sum of weight x r, out of the sum of the weights. What comes back is pool x score, rounded
 * half up once, to the fen; what is forfeited is the rest. All amounts of money are in fen. */
#ifndef HEATLEDGER_SETTLEMENT_H
#define HEATLEDGER_SETTLEMENT_H

#include "fraction.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SETTLEMENT_LINES_MAX 32
#define SETTLEMENT_PEOPLE_MAX 200

struct settlement_line {
    int64_t weight_e3; /* 10^-3 points, >= 0 */
    bool known;        /* false: no steel of the period is weighed yet, nothing is judged */
    int64_t used_base, target_base, limit_base; /* target <= limit */
    int64_t division_base;                      /* > 0 */
};

struct settled_line {
    const struct fraction *points; /* weight x r; NULL: not known */
    int64_t pool_fen, returned_fen, forfeited_fen;
};

struct settled {
    const struct fraction *points; /* of all lines; NULL where one of them is not known: then no
                                      money is returned or forfeited yet */
    int64_t pool_fen, returned_fen, forfeited_fen;
    struct settled_line lines[SETTLEMENT_LINES_MAX]; /* their money adds up to the above */
};

/* The pool: bonus x share (10^-4), half up to the fen. Both are >= 0, the share at most 1. */
int64_t settlement_pool_fen(int64_t bonus_fen, int64_t share_e4);

/* Settles `count` lines, the sum of whose weights is > 0. `vetoed`: safety or quality forbids that
 * anything is returned; the points stay what they are. Fractions belong to the sheet. */
void settlement_settle(struct sheet *sheet, const struct settlement_line *lines, size_t count,
                       int64_t pool_fen, bool vetoed, struct settled *settled);

/* Divides what comes back over people by their shares (>= 0, sum > 0): largest remainder, of equal
 * ones the first. */
void settlement_divide(int64_t returned_fen, const int64_t *shares, size_t count,
                       int64_t *parts_fen);

/* How many steps a result has earned that is better than its base by `over_e2` hundredths of a
 * percent: one for each full `step_e2`, none below `threshold_e2`. step > 0. */
int64_t settlement_steps(int64_t over_e2, int64_t threshold_e2, int64_t step_e2);

#endif
