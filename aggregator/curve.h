/* A meter is a curve: C(t), the amount that has gone through it since its earliest sample, in base
 * units of its item, piecewise linear between its samples.
 *
 * The curve of a register, a level or a rate depends on the *set* of its samples, each at its own
 * time; late ones are inserted and what follows from them is derived again. Only the exact window
 * is kept: the last CURVE_WINDOW_US, and at least CURVE_KEEP_MIN samples.
 *
 *   register  C(sample) = C(before) + what the register moved; a fall is a rollover (declared
 *             width), a reset (declared), or a glitch, which is held: no part of the curve
 *   level     what a hopper lost: C grows by a fall of at least one scale division below the
 *             reference, which then is the new one; a rise of as much is a refill and makes a new
 *             reference; less than a division either way is noise
 *   rate      C(t) = floor of the exact integral: step (a value holds until the next one, at most
 *             max_hold) or trapezoid */
#ifndef HEATLEDGER_CURVE_H
#define HEATLEDGER_CURVE_H

#include "catalog.h"
#include "outcome.h"
#include "posting.h"
#include "sample.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CURVE_WINDOW_US (15 * 60 * INT64_C(1000000))
#define CURVE_KEEP_MIN 8

struct curve {
    const struct meter *meter;
    struct sample
        *samples; /* by ts; at one ts a SAMPLE_MARK comes last; samples[0] is no held one */
    size_t count, capacity;
    bool trimmed;                 /* samples[0] is not the meter's earliest any more */
    enum quality trimmed_quality; /* worst of what was trimmed since the mark before it */
};

/* `meter` (a register, a level or a rate) must outlive the curve. */
void curve_init(struct curve *curve, const struct meter *meter);
void curve_clear(struct curve *curve);

/* Enters a sample (ts, raw, seq, uncertain; kind SAMPLE_MARK or SAMPLE_NORMAL are the caller's).
 * `*changed_us` is set to the time from which the curve is another than before: INT64_MAX where it
 * was only made longer. TOO_LATE: before what is kept. */
enum outcome curve_insert(struct curve *curve, const struct sample *sample, int64_t *changed_us);

/* Index of the first sample after an instant. */
size_t curve_first_after(const struct curve *curve, int64_t ts_us);

/* The last sample before index `at`, and the first from it on, that is part of the curve; NULL:
 * there is none. */
struct sample *curve_part_before(const struct curve *curve, size_t at);
const struct sample *curve_part_from(const struct curve *curve, size_t at);

/* The newest sample that is part of the curve; NULL: there is none. */
const struct sample *curve_newest(const struct curve *curve);

/* C(t). Before the first sample kept: that one's value; behind the newest: its value. `*quality` is
 * raised to INTERPOLATED where t lies between two samples. */
int64_t curve_at(const struct curve *curve, int64_t ts_us, enum quality *quality);

/* Worst quality of the samples that use in (start, end] rests on. */
enum quality curve_quality(const struct curve *curve, int64_t start_us, int64_t end_us);

/* The first instant after `after_us` at which a stretch over a gap (longer than max_gap between two
 * samples) begins or ends; INT64_MAX: none is kept. */
int64_t curve_gap_edge_us(const struct curve *curve, int64_t after_us);

/* Whether the sample held at that time as a glitch is the first of its dip: several that follow
 * each other are one dip, however long it lasts. */
bool curve_begins_dip(const struct curve *curve, int64_t ts_us);

/* Whether it is time to trim, and up to which instant: everything before it will be forgotten.
 * Held samples that fell out of the window are forgotten at once, but for the newest sample, which
 * tells whether a dip goes on. */
bool curve_trim_due(struct curve *curve, int64_t *anchor_us);

/* Forgets the samples before `anchor_us`; `mark_us`: the last mark at or before it. */
void curve_trim(struct curve *curve, int64_t anchor_us, int64_t mark_us);

#endif
