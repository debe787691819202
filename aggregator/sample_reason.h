/* Why a sample counts as it does, in words for a shift leader. */
#ifndef HEATLEDGER_SAMPLE_REASON_H
#define HEATLEDGER_SAMPLE_REASON_H

#include "curve.h"

#include <stddef.h>

#define SAMPLE_REASON_MAX 256 /* longest text, NUL included */

/* Writes the reason of the sample at `index` (below curve->count): "rose 30 in 300 s", "went round
 * at 1000000: 999950 -> 30 is 80". Values are what the meter shows, in its units. A text that is
 * longer than `size` is cut. */
void sample_explain(const struct curve *curve, size_t index, char *text, size_t size);

#endif
