/* The pieces of a meter that counts in increments or events: each is a little curve of its own.
 *
 * An increment's use is spread evenly over [from, ts); one without `from` reaches back to the
 * reading before it, and the meter's first such one, or the first behind more than REACH_US, is
 * indivisible at its ts. An event is
 * indivisible at its ts. One that names a heat goes to that heat, cut at crew changes only. Pieces
 * may overlap; each is floored by itself. */
#ifndef HEATLEDGER_PIECES_H
#define HEATLEDGER_PIECES_H

#include "attribution.h"
#include "booked.h"
#include "fact.h"
#include "outcome.h"
#include "scales.h"

struct pieces;

struct pieces *pieces_create(meter_id id, const struct meter *meter);

/* The meter's row stands elsewhere now. */
void pieces_follow(struct pieces *pieces, const struct meter *meter);
void pieces_destroy(struct pieces *pieces);

/* Enters a reading of the meter; `heat` is what it names (value 0: none). One that cancels another
 * (void_id) books its reversal, now or when that one comes, and then counts itself if it has a
 * value (value_raw is not INT64_MIN). TOO_LATE: older than the newest one by more than REACH_US. */
enum outcome pieces_insert(struct pieces *pieces, const struct attribution *attribution,
                           const struct reading *reading, heat_no heat, struct posting_sink *sink);

/* Who uses it changed in [from, to). */
void pieces_recut(struct pieces *pieces, const struct attribution *attribution, int64_t from_us,
                  int64_t to_us, enum posting_cause cause, struct posting_sink *sink);

/* From `from_us` on the meter's factor is multiplied by num / den: scales_add. Pieces with a ts
 * from then on are booked again. */
enum outcome pieces_rescale(struct pieces *pieces, const struct attribution *attribution,
                            int64_t from_us, int64_t num, int64_t den, struct posting_sink *sink);

/* The meter's factors, and the largest raw value they must fit. */
const struct scales *pieces_scales(const struct pieces *pieces);
int64_t pieces_largest_raw(const struct pieces *pieces);

/* The numbers `renamed`, which readings may name, are other heats than before, or none. */
void pieces_rename(struct pieces *pieces, const struct attribution *attribution,
                   const heat_no *renamed, size_t count, enum posting_cause cause,
                   struct posting_sink *sink);

/* Sum of what is booked: equals the meter's postings. */
int64_t pieces_total_base(const struct pieces *pieces);

/* Newest reading: its time and raw value; false: there is none. */
bool pieces_newest(const struct pieces *pieces, int64_t *ts_us, int64_t *raw);

#endif
