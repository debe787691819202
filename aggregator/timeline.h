/* The timeline of a register, a level or a rate: its curve, cut at marks, and what is booked of it.
 *
 * Between two marks lies a cell, which is closed once a sample at or behind its end is there; the
 * last mark is where the open cell begins. Late samples and late boundaries change marks that stand
 * already: then everything from the mark before the change on is worked out again and the
 * difference is posted.
 *
 * Memory keeps the exact window of the curve, and marks and bookings as far back as that needs.
 * What falls out of it goes into pages of the history (timeline_past.c), the samples of a register
 * thinned to one a minute; what reaches behind the window brings back the pages it needs. Without
 * a history nothing falls out. */
#ifndef HEATLEDGER_TIMELINE_H
#define HEATLEDGER_TIMELINE_H

#include "attribution.h"
#include "booked.h"
#include "curve.h"
#include "history.h"
#include "mark.h"
#include "page.h"

struct timeline {
    meter_id id;
    struct curve curve;
    struct mark *marks; /* ascending; empty before the first sample */
    size_t mark_count, mark_capacity;
    struct booked booked;
    int64_t next_us; /* the first instant that can close the open cell */

    /* What fell out of memory: timeline_past.c. */
    const struct history *history; /* NULL: nothing does */
    int64_t known_us;              /* everything at or behind it is in memory */
    struct page_writer writer;     /* the page that is being written … */
    int64_t page;                  /* … and its number: those below it are in the history */
    int64_t gone_us, kept_us;      /* the last sample that went, and the last one that was kept */
    uint32_t plain_gone;           /* how many ordinary ones have gone since the last other one */
    bool thawed;                   /* `loaded` pages stand in memory for now */
    bool more_follows; /* of the same fact, at the same instant: what was brought back stays */
    int64_t *loaded;   /* their numbers, ascending */
    size_t loaded_count, loaded_capacity;
};

void timeline_init(struct timeline *timeline, meter_id id, const struct meter *meter);
void timeline_clear(struct timeline *timeline);

/* Brings back what lies around an instant and behind it, where memory has let go of it; it stays
 * until the next call of anything else here (timeline_expect: or longer). Returns whether anything
 * was brought back; REACH_US before the newest sample nothing is. */
bool timeline_bring_back(struct timeline *timeline, int64_t ts_us);

/* Enters a sample, or what is said about samples (sample.h), and books what that closes or, for
 * `cause`, corrects. TOO_LATE: older than the meter's newest sample by more than REACH_US. */
enum outcome timeline_insert(struct timeline *timeline, const struct attribution *attribution,
                             const struct sample *sample, enum posting_cause cause,
                             struct posting_sink *sink);

/* Another sample of the same fact comes at once, or none does any more. Between the last reading of
 * a register and the first one of its successor nothing may be thinned: the one is no ordinary
 * sample only because of the other. */
void timeline_expect(struct timeline *timeline, bool more_follows);

/* Who uses it changed from `from_us` on. Returns false where part of that is older than REACH_US:
 * there the postings stay as they are. */
bool timeline_recut(struct timeline *timeline, const struct attribution *attribution,
                    int64_t from_us, enum posting_cause cause, struct posting_sink *sink);

/* The use of the open cell, divided, parts of 0 included; nothing before the first sample. */
void timeline_open(const struct timeline *timeline, const struct attribution *attribution,
                   struct segment_list *open);

#endif
