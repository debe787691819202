/* How much of a curve is kept in memory, and what is forgotten. */
#include "curve.h"
#include "failure.h"

#include <string.h>

/* Held samples older than the window are listed in the ledger and need no memory here. */
static void drop_held(struct curve *curve, int64_t oldest_us)
{
    size_t kept = 0;
    for (size_t i = 0; i < curve->count; i++) {
        bool newest = i + 1 == curve->count;
        if (newest || !sample_is_held(&curve->samples[i]) || curve->samples[i].ts_us >= oldest_us) {
            curve->samples[kept++] = curve->samples[i];
        }
    }
    curve->count = kept;
}

bool curve_trim_due(struct curve *curve, int64_t *anchor_us)
{
    if (curve->count < curve->capacity || curve->count <= 2 * CURVE_KEEP_MIN) {
        return false;
    }
    int64_t oldest_us = curve->samples[curve->count - 1].ts_us - CURVE_WINDOW_US;
    drop_held(curve, oldest_us);
    if (curve->count <= CURVE_KEEP_MIN) {
        return false;
    }
    size_t keep_from = curve_first_after(curve, oldest_us - 1);
    if (keep_from > curve->count - CURVE_KEEP_MIN) {
        keep_from = curve->count - CURVE_KEEP_MIN;
    }
    while (keep_from > 0 && sample_is_held(&curve->samples[keep_from])) {
        keep_from--;
    }
    *anchor_us = curve->samples[keep_from].ts_us;
    return keep_from >= curve->capacity / 4;
}

void curve_trim(struct curve *curve, int64_t anchor_us, int64_t mark_us)
{
    enum quality trimmed = QUALITY_MEASURED;
    if (curve->trimmed && mark_us < curve->samples[0].ts_us) {
        trimmed = curve->trimmed_quality; /* still the same segment */
    }
    size_t cut = 0;
    while (cut < curve->count &&
           (curve->samples[cut].ts_us < anchor_us || sample_is_held(&curve->samples[cut]))) {
        if (curve->samples[cut].ts_us > mark_us) {
            trimmed = quality_worse(trimmed, sample_quality(&curve->samples[cut]));
        }
        cut++;
    }
    REQUIRE(cut < curve->count);
    if (curve->samples[cut].ts_us > mark_us) {
        /* The anchor's own stretch reaches back into what is forgotten. */
        trimmed = quality_worse(trimmed, sample_quality(&curve->samples[cut]));
    }
    curve->count -= cut;
    memmove(curve->samples, curve->samples + cut, curve->count * sizeof *curve->samples);
    curve->trimmed = true;
    curve->trimmed_quality = trimmed;
}
