/* What the samples of a curve are, and C at each: a pure function of the sorted samples. One rule
 * for each kind of meter (see curve.h). */
#ifndef HEATLEDGER_DERIVE_H
#define HEATLEDGER_DERIVE_H

#include "curve.h"

/* Derives the kind and C of every sample from index `at` on. */
void curve_derive_from(struct curve *curve, size_t at);

/* C of a rate `elapsed_us` after sample `a`; `b` is the sample behind it, NULL: none yet. */
int64_t derive_rate_at(const struct meter *meter, const struct sample *a, const struct sample *b,
                       int64_t elapsed_us);

#endif
