/* A saving measure, from what the meters showed since it began to whether it pays (DOMAIN 1b; the
 * number of a formula is its number there).
 *
 * What is saved is measured, never stated: the baseline says what would have been used at the steel
 * that was made, the CUSUM against it is the saving. A figure that is not known is NULL. Money is
 * in any one currency, rates are fractions of 1 a year. */
#ifndef HEATLEDGER_MEASURE_H
#define HEATLEDGER_MEASURE_H

#include "baseline.h"
#include "economics.h"
#include "fraction.h"

#include <stdbool.h>
#include <stddef.h>

/* So many crew-shifts since the start at least: fewer show nothing. As a baseline's own points. */
#define MEASURE_POINTS_MIN BASELINE_POINTS_ADVISED
#define MEASURE_YEAR_DAYS 365

/* What the meters showed since the start, and what a year of that is. */
struct measure_shown {
    const struct fraction *expected, *used; /* by the baseline, and really */
    const struct fraction *saved;           /* expected - used: minus the CUSUM; below 0: waste */
    const struct fraction *tonnes;
    bool known; /* the baseline is advised, and enough was seen since */
};

/* `points` are the crew-shifts since the start. */
struct measure_shown measure_show(struct sheet *sheet, const struct baseline *baseline,
                                  const struct baseline_point *points, size_t count);

/* An amount that came together in so long a time, as an amount a year; time_us > 0. */
const struct fraction *measure_a_year(struct sheet *sheet, const struct fraction *amount,
                                      int64_t time_us);

/* What is decided by. Sunk cost (14) is none of it: what is lost already is lost either way. */
struct measure_case {
    const struct fraction *cost_without; /* C1, of a year; NULL: not known */
    const struct fraction *cost_with;    /* C2 */
    const struct fraction *investment;   /* I2 - I1, to be paid once, at the start */
    const struct fraction *hurdle;       /* Rc; NULL: not given */
    unsigned life_years;                 /* 0: not given; at most ECONOMICS_PERIODS_MAX */
    const struct fraction *tonnes;       /* of steel a year; NULL: not known */
};

enum measure_verdict { MEASURE_UNKNOWN, MEASURE_ACCEPT, MEASURE_REJECT };

struct measure_judged {
    const struct fraction *saving;    /* C1 - C2, a year */
    const struct fraction *return_;   /* R = (C1 - C2) / (I2 - I1) (18) */
    const struct fraction *z_without; /* Z1 = C1 (19) */
    const struct fraction *z_with;    /* Z2 = C2 + I Rc */
    const struct fraction *gain;      /* Z1 - Z2, a year */
    const struct fraction *payback;   /* years (9); NULL: never */
    const struct fraction *npv, *irr; /* over its life (21) */
    const struct fraction
        *break_even;              /* tonnes a year that pay I Rc, at this saving a tonne (10) */
    enum measure_verdict verdict; /* R >= Rc, which is to say gain >= 0 */
};

struct measure_judged measure_judge(struct sheet *sheet, const struct measure_case *given);

#endif
