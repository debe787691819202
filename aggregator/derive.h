/* What the samples of a curve are, and C at each: a pure function of the sorted samples and of what
 * is said about them. One rule for each kind of meter (see curve.h).
 *
 * Each sample is seen from the last one before it that is part of the curve. Where it does not fit,
 * the few readings directly behind it may decide: that is why a new one can change what those
 * before it are. */
#ifndef HEATLEDGER_DERIVE_H
#define HEATLEDGER_DERIVE_H

#include "curve.h"

/* Where deriving must begin when the sample at index `at` is another than before, or `is_new`. */
size_t derive_start(const struct curve *curve, size_t at, bool is_new);

/* Derives the samples from index `from` on, up to where behind `settled` nothing is another than
 * before. Returns the index of the first one that joined the curve, left it, or stands on it with
 * another C or quality; curve->count: none. */
size_t derive_samples(struct curve *curve, size_t from, size_t settled);

/* C between sample `a` and the next one of the curve, `b`, at an instant in [a, b). */
int64_t derive_between(const struct curve *curve, const struct point *a, const struct point *b,
                       int64_t ts_us);

/* How far a register or level moved from `a`, which is in the curve, to `b`, which is derived, in
 * raw units. */
int64_t derive_moved_raw(const struct curve *curve, const struct point *a, const struct point *b);

/* Whether a register that is at `before` fits what it shows at `sample`, within max_rate. */
bool derive_fits(const struct meter *meter, const struct point *before, const struct point *sample);

/* How many readings from the fall at `at` on stay below what the register showed at `before`,
 * without falling again or fitting it; `*open`: none came yet that ends the row. */
uint32_t derive_low_run(const struct curve *curve, size_t at, const struct point *before,
                        bool *open);

/* What the curve would grow by if a sample that is held behind `before` were accepted. */
int64_t derive_accepted_base(const struct curve *curve, const struct point *before,
                             const struct point *held);

/* curve_said.c: takes in what is said about samples, as curve_insert does. */
enum outcome curve_say(struct curve *curve, const struct sample *said, int64_t *changed_us);

#endif
