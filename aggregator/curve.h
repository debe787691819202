/* A meter is a curve: C(t), the amount that has gone through it since its earliest sample, in base
 * units of its item, piecewise linear between its samples.
 *
 * The curve of a register, a level or a rate depends on the *set* of its samples, each at its own
 * time; late ones are inserted and what follows from them is derived again. Only the exact window
 * is kept: the last CURVE_WINDOW_US, and at least CURVE_KEEP_MIN samples.
 *
 *   register  C(sample) = C(before) + what the register moved. A fall is a rollover (declared
 *             width), a reset (declared; at once, or when reset_after readings stay low), use that
 *             went the other way (declared), or a glitch. A jump by more than max_rate is a spike,
 *             unless CURVE_SPIKE_CONFIRM readings directly behind it go on from it. Glitches,
 *             spikes and falls in suspense are held: no part of the curve
 *             An exchange says what the old register showed last, which is judged like a reading,
 *             and what the new one began with (a mark): both are kept whatever else is known, so
 *             that it does not matter when either is told. What is read at that very instant says
 *             nothing more, unless the last reading of the old register does not fit
 *   level     what a hopper lost: C grows by a fall of at least one scale division below the
 *             reference, which then is the new one; a rise of as much is a refill and makes a new
 *             reference; less than a division either way is noise
 *   rate      C(t) = floor of the exact integral: step (a value holds until the next one, at most
 *             max_hold) or trapezoid
 *
 * Behind more than REACH_US without a reading that counts every meter begins anew.
 *
 * Two things may be said about a curve beside its samples, before or after they come: that a
 * reading is true or not (decisions.h), and that the meter's factor is another from some time on
 * (scales.h): each factor has a floor of its own, use between two samples is split where the factor
 * changed. */
#ifndef HEATLEDGER_CURVE_H
#define HEATLEDGER_CURVE_H

#include "catalog.h"
#include "columns.h"
#include "decisions.h"
#include "outcome.h"
#include "point.h"
#include "posting.h"
#include "reach.h"
#include "sample.h"
#include "scales.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CURVE_WINDOW_US (15 * 60 * INT64_C(1000000))
#define CURVE_KEEP_MIN 8
#define CURVE_SPIKE_CONFIRM 3 /* readings directly behind a jump that must go on from it */

/* What is said about a curve, never forgotten: a few things in a meter's life. */
struct said {
    struct decisions decisions;
    struct scales scales;
};

struct curve {
    const struct meter *meter;
    struct said *said;      /* NULL: nothing; the curve's own */
    struct point *samples;  /* by ts, then by rank (sample.h); samples[0] is no held one */
    struct columns columns; /* beside them */
    size_t count, capacity;
    int64_t
        slope; /* C(sample) = raw x slope + origin + its COLUMN_C, all of it modulo 2^64: of a … */
    int64_t origin_base; /* … register without odd samples and without fractions, the first two */
    bool trimmed;        /* samples[0] is not the meter's earliest any more */
    enum quality trimmed_quality; /* worst of what was trimmed since the mark before it */
};

/* `meter` (a register, a level or a rate) must outlive the curve. */
void curve_init(struct curve *curve, const struct meter *meter);
void curve_clear(struct curve *curve);

/* Enters a sample (ts, raw, seq, uncertain, entered; kind SAMPLE_MARK or SAMPLE_NORMAL are the
 * caller's), or what is said about samples (sample.h). `*changed_us` is set to the time from which
 * the curve is another than before: INT64_MAX where it was only made longer by the sample itself,
 * or nothing changed. TOO_LATE: before what is kept. RESET: the sample is one, or shows that an
 * earlier fall was. NO_EFFECT: a rejected reading, or nothing there yet that what was said is
 * about. */
enum outcome curve_insert(struct curve *curve, const struct sample *sample, int64_t *changed_us);

/* The sample at an index, in full. */
struct sample curve_sample(const struct curve *curve, size_t at);

/* Puts a sample to an index below the capacity, as it is; where its C is DERIVE_NEW, that is to be
 * derived. */
#define DERIVE_NEW INT64_MIN
void curve_put(struct curve *curve, size_t at, const struct sample *sample);

/* Moves samples as memmove does it; makes room for `capacity` of them, at least those there. */
void curve_move(struct curve *curve, size_t to, size_t from, size_t count);
void curve_resize(struct curve *curve, size_t capacity);

/* Of a sample that is in the curve: C there. */
static inline int64_t curve_c_base(const struct curve *curve, const struct point *sample)
{
    size_t at = (size_t)(sample - curve->samples);
    return (int64_t)((uint64_t)sample->raw * (uint64_t)curve->slope + (uint64_t)curve->origin_base +
                     (uint64_t)columns_get(&curve->columns, COLUMN_C, at));
}

void curve_set_c_base(struct curve *curve, const struct point *sample, int64_t c_base);

/* C of the first sample is 0, that of all others is to be derived; adds to C of all samples. */
void curve_forget_c(struct curve *curve);
void curve_shift_c(struct curve *curve, int64_t shift_base);

/* Samples that were odd fall out of the window, and those of rates and levels move on: what all
 * that are left have in common goes to the origin, so that few numbers are needed beside them. C
 * stays as it is. */
void curve_gather_c(struct curve *curve);

/* Of a sample that is in the curve: what the floor of C cut off, in 1/denominator of the scale at
 * ts; what falls and refills of a level are counted from. */
static inline int64_t curve_rest(const struct curve *curve, const struct point *sample)
{
    return columns_get(&curve->columns, COLUMN_REST, (size_t)(sample - curve->samples));
}

static inline int64_t curve_reference_raw(const struct curve *curve, const struct point *sample)
{
    return sample->raw ^
           columns_get(&curve->columns, COLUMN_REFERENCE, (size_t)(sample - curve->samples));
}

void curve_set_rest(struct curve *curve, const struct point *sample, int64_t rest);
void curve_set_reference_raw(struct curve *curve, const struct point *sample,
                             int64_t reference_raw);

/* The factor in force at an instant. */
struct scale curve_scale_at(const struct curve *curve, int64_t ts_us);

/* So many of the last samples may still decide, or be decided: none of them may be forgotten, held
 * ones included. */
size_t curve_undecided(const struct curve *curve);

/* The sample of that time that shows `raw`, or else the first of that time; no mark. NULL: none. */
const struct point *curve_sample_at(const struct curve *curve, int64_t ts_us, int64_t raw);

/* A reading that is held now, with none behind it that went on without it; also the last one of an
 * old register, without which the new one goes on always. */
struct held_reading {
    int64_t ts_us, raw;
    size_t index;          /* of its sample: sample_explain gives the reason */
    enum sample_kind kind; /* GLITCH, SPIKE, FALL */
    int64_t last_us;       /* the last reading that counts: when, and what it showed */
    int64_t last_raw;
    int64_t amount_base; /* what accepting it would book, loss left out */
};

/* The readings held now, oldest first, at most `capacity` of them; returns how many there are. */
size_t curve_held(const struct curve *curve, struct held_reading *list, size_t capacity);

/* Index of the first sample after an instant. */
size_t curve_first_after(const struct curve *curve, int64_t ts_us);

/* The last sample before index `at`, and the first from it on, that is part of the curve; NULL:
 * there is none. */
struct point *curve_part_before(const struct curve *curve, size_t at);
const struct point *curve_part_from(const struct curve *curve, size_t at);

/* The newest sample that is part of the curve; NULL: there is none. */
const struct point *curve_newest(const struct curve *curve);

/* C(t). Before the first sample kept: that one's value; behind the newest: its value. `*quality` is
 * raised to INTERPOLATED where t lies between two samples, to UNCERTAIN where one of those that
 * give it is. */
int64_t curve_at(const struct curve *curve, int64_t ts_us, enum quality *quality);

/* Worst quality of the samples that use in (start, end] rests on. */
enum quality curve_quality(const struct curve *curve, int64_t start_us, int64_t end_us);

/* The first instant after `after_us` at which a stretch over a gap (longer than max_gap between two
 * samples) begins or ends; INT64_MAX: none is kept. */
int64_t curve_gap_edge_us(const struct curve *curve, int64_t after_us);

/* The end of the stretch without a reading in which an instant lies, where it is longer than
 * REACH_US: nothing in it is anybody's. INT64_MIN: it lies in none. */
int64_t curve_void_end_us(const struct curve *curve, int64_t ts_us);

/* Whether the sample held at that time as a glitch is the first of its dip: several that follow
 * each other are one dip, however long it lasts. */
bool curve_begins_dip(const struct curve *curve, int64_t ts_us);

/* Up to where a curve may be cut: everything before that instant is older than the exact window. */
int64_t curve_anchor_us(const struct curve *curve);

/* Whether the sample at an index falls out of memory when it is cut there: one before it, or a held
 * one that fell out of the window, but for the last few, which tell whether a dip goes on. */
bool curve_leaves(const struct curve *curve, size_t at, int64_t anchor_us);

/* Index of the first sample from which on none leaves. */
size_t curve_leaving_end(const struct curve *curve, int64_t anchor_us);

/* Whether it is time to trim, and up to which instant; where that is not worth while, memory for
 * more samples is made. */
bool curve_trim_due(struct curve *curve, int64_t *anchor_us);

/* Forgets the samples that leave; `mark_us`: the last mark at or before the anchor. */
void curve_trim(struct curve *curve, int64_t anchor_us, int64_t mark_us);

#endif
