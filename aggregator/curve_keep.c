/* How much of a curve is kept in memory, and what falls out of it. */
#include "curve.h"
#include "failure.h"

#include <stdlib.h>
#include <string.h>

/* Memory grows by so many samples at first, then by a twenty-fourth: a meter that is read every 10
 * s needs little more than its window. */
#define ROOM_FIRST 64
#define ROOM_STEP 6

/* Samples are let go once so large a share of the memory for them has become too old: letting go
 * costs as much as many readings. */
#define ROOM_SHARE 6

/* So many of the last samples stay whatever their age. */
static size_t kept_last(const struct curve *curve)
{
    size_t undecided = curve_undecided(curve);
    return undecided > CURVE_KEEP_MIN ? undecided : CURVE_KEEP_MIN;
}

static int64_t window_start_us(const struct curve *curve)
{
    return curve->samples[curve->count - 1].ts_us - CURVE_WINDOW_US;
}

/* Index of the first sample at or behind an instant, looked for from the front: few are before it,
 * and what lies between may be far away. */
static size_t first_from(const struct curve *curve, int64_t ts_us)
{
    size_t at = 0;
    while (at < curve->count && curve->samples[at].ts_us < ts_us) {
        at++;
    }
    return at;
}

int64_t curve_anchor_us(const struct curve *curve)
{
    REQUIRE(curve->count > 0);
    size_t last = kept_last(curve);
    size_t at = first_from(curve, window_start_us(curve));
    if (at + last > curve->count) {
        at = last < curve->count ? curve->count - last : 0;
    }
    /* The curve begins with a sample that is part of it, and with the first one of its time. */
    while (at > 0 && (point_is_held(&curve->samples[at]) ||
                      curve->samples[at - 1].ts_us == curve->samples[at].ts_us)) {
        at--;
    }
    return curve->samples[at].ts_us;
}

bool curve_leaves(const struct curve *curve, size_t at, int64_t anchor_us)
{
    const struct point *sample = &curve->samples[at];
    return sample->ts_us < anchor_us ||
           (point_is_held(sample) && sample->ts_us < window_start_us(curve) &&
            at + kept_last(curve) < curve->count);
}

size_t curve_leaving_end(const struct curve *curve, int64_t anchor_us)
{
    int64_t window_us = window_start_us(curve);
    return first_from(curve, anchor_us > window_us ? anchor_us : window_us);
}

bool curve_trim_due(struct curve *curve, int64_t *anchor_us)
{
    if (curve->count < curve->capacity || curve->count == 0) {
        return false;
    }
    *anchor_us = curve_anchor_us(curve);
    size_t leaving = 0;
    size_t end = curve_leaving_end(curve, *anchor_us);
    for (size_t i = 0; i < end; i++) {
        leaving += curve_leaves(curve, i, *anchor_us);
    }
    if (leaving > curve->capacity / ROOM_SHARE) {
        return true;
    }
    size_t step = curve->capacity / 24;
    step = step > ROOM_STEP / 2 ? step : ROOM_STEP / 2;
    curve_resize(curve, curve->capacity + (curve->capacity < ROOM_FIRST ? ROOM_STEP : step));
    return false;
}

void curve_trim(struct curve *curve, int64_t anchor_us, int64_t mark_us)
{
    enum quality trimmed = QUALITY_MEASURED;
    if (curve->trimmed && mark_us < curve->samples[0].ts_us) {
        trimmed = curve->trimmed_quality; /* still the same segment */
    }
    size_t kept = 0;
    size_t end = curve_leaving_end(curve, anchor_us);
    for (size_t i = 0; i < end; i++) {
        const struct point *sample = &curve->samples[i];
        if (!curve_leaves(curve, i, anchor_us)) {
            curve_move(curve, kept++, i, 1);
        } else if (sample->ts_us > mark_us) {
            trimmed = quality_worse(trimmed, point_quality(sample));
        }
    }
    if (kept == end) {
        return;
    }
    curve_move(curve, kept, end, curve->count - end);
    curve->count -= end - kept;
    REQUIRE(curve->count > 0);
    curve_gather_c(curve);
    if (curve->samples[0].ts_us > mark_us) {
        /* The anchor's own stretch reaches back into what is forgotten. */
        trimmed = quality_worse(trimmed, point_quality(&curve->samples[0]));
    }
    curve->trimmed = true;
    curve->trimmed_quality = trimmed;
}
