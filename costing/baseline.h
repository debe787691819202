/* An energy baseline (ISO 50006): what a crew-shift uses at so many tonnes, E = a + b t, by least
 * squares; and what the months after it show against it (DOMAIN 5). Exact rationals throughout. */
#ifndef HEATLEDGER_BASELINE_H
#define HEATLEDGER_BASELINE_H

#include "fraction.h"

#include <stdbool.h>
#include <stddef.h>

/* Advised: fewer points or a worse fit make a baseline nobody should be judged by. */
#define BASELINE_POINTS_ADVISED 10
#define BASELINE_R2_ADVISED_PERCENT 75

struct baseline_point {
    const struct fraction *tonnes, *used;
};

struct baseline {
    const struct fraction *fixed;     /* a: use without any steel */
    const struct fraction *per_tonne; /* b */
    const struct fraction *r2;        /* 0 to 1; NULL where all points used the same */
    size_t points;
    bool advised; /* enough points, and they fit */
};

/* False where no line goes through the points: fewer than two different tonnages. */
bool baseline_fit(struct sheet *sheet, const struct baseline_point *points, size_t count,
                  struct baseline *baseline);

/* What the baseline expects at so many tonnes. */
const struct fraction *baseline_expected(struct sheet *sheet, const struct baseline *baseline,
                                         const struct fraction *tonnes);

/* Adds up used - expected: sums[i] is the CUSUM up to point i. A rise is waste (some sources count
 * the other way round: whoever shows it says which). */
void baseline_cusum(struct sheet *sheet, const struct baseline *baseline,
                    const struct baseline_point *points, size_t count,
                    const struct fraction **sums);

/* (expected - used) / expected, of sums over any points; NULL where nothing, or less, was
 * expected. */
const struct fraction *baseline_improvement(struct sheet *sheet, const struct fraction *expected,
                                            const struct fraction *used);

#endif
