/* What a timeline does with its past: lets go of it, brings it back. For timeline.c alone. */
#ifndef HEATLEDGER_TIMELINE_PAST_H
#define HEATLEDGER_TIMELINE_PAST_H

#include "timeline.h"

/* Every kept minute of a register has a point; an hour of it is a page, of other meters, whose
 * samples are all kept, a quarter of an hour. */
#define PAST_MINUTE_US (60 * INT64_C(1000000))
#define PAST_PAGE_US (3600 * INT64_C(1000000))
#define PAST_DENSE_PAGE_US (PAST_PAGE_US / 4)

/* Samples around one that is not an ordinary one are not thinned: they may be what makes it so. */
#define PAST_NEIGHBOURS 4

/* Lets go of what fell out of the exact window, where that is worth while. */
void past_trim(struct timeline *timeline);

/* Brings back what is needed to take a sample of that time, or to book again whatever changes at
 * or behind an instant; no effect where memory has it. */
void past_reach_sample(struct timeline *timeline, int64_t ts_us);
void past_reach_mark(struct timeline *timeline, int64_t from_us);

/* Lets go again of what was brought back; pages that are others than before are put. */
void past_freeze(struct timeline *timeline);

/* The last mark at or before an instant, or the first. */
size_t past_mark_before(const struct timeline *timeline, int64_t ts_us);

#endif
