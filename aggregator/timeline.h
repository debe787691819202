/* The timeline of a register or a rate: its curve, cut at marks, and what is booked of it.
 *
 * A mark is an instant at which the use may have become somebody else's, and C there. Between two
 * marks lies a cell, which is closed once a sample at or behind its end is there; the last mark is
 * where the open cell begins. Late samples and late boundaries change marks that stand already:
 * then everything since the first mark kept is worked out again and the difference is posted.
 *
 * Marks are kept longer than samples, to the start of the shift: a crew that takes over late moves
 * the change of shift, which by then may lie far behind. */
#ifndef HEATLEDGER_TIMELINE_H
#define HEATLEDGER_TIMELINE_H

#include "attribution.h"
#include "booked.h"
#include "curve.h"

enum mark_reason {
    MARK_BOUNDARY, /* crews or heats changed */
    MARK_GAP,      /* a stretch without samples begins or ends: its use is estimated, apart */
    MARK_LATE,     /* stands for a boundary where the curve is forgotten */
};

struct mark {
    int64_t ts_us;
    int64_t c_base;
    enum quality quality; /* INTERPOLATED where no sample stands there */
    enum quality before;  /* worst of the samples since the mark before it */
    enum mark_reason reason;
};

struct timeline {
    meter_id id;
    struct curve curve;
    struct mark *marks; /* ascending; empty before the first sample */
    size_t mark_count, mark_capacity;
    struct booked booked;
    int64_t next_us; /* the first instant that can close the open cell */
};

void timeline_init(struct timeline *timeline, meter_id id, const struct meter *meter);
void timeline_clear(struct timeline *timeline);

/* Enters a sample and books what it closes or corrects. */
enum outcome timeline_insert(struct timeline *timeline, const struct attribution *attribution,
                             const struct sample *sample, struct posting_sink *sink);

/* Who uses it changed from `from_us` on. Returns false where part of that is older than what is
 * kept: there the postings stay as they are. */
bool timeline_recut(struct timeline *timeline, const struct attribution *attribution,
                    int64_t from_us, enum posting_cause cause, struct posting_sink *sink);

/* The use of the open cell, divided, parts of 0 included; nothing before the first sample. */
void timeline_open(const struct timeline *timeline, const struct attribution *attribution,
                   struct segment_list *open);

#endif
