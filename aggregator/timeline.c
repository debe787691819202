#include "timeline.h"

#include "failure.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

void timeline_init(struct timeline *timeline, meter_id id, const struct meter *meter)
{
    *timeline = (struct timeline){.id = id};
    curve_init(&timeline->curve, meter);
}

void timeline_clear(struct timeline *timeline)
{
    curve_clear(&timeline->curve);
    free(timeline->marks);
    booked_clear(&timeline->booked);
    *timeline = (struct timeline){0};
}

static const struct mark *last_mark(const struct timeline *timeline)
{
    REQUIRE(timeline->mark_count > 0);
    return &timeline->marks[timeline->mark_count - 1];
}

static void mark_push(struct timeline *timeline, struct mark mark)
{
    memory_grow(&timeline->marks, timeline->mark_count, &timeline->mark_capacity,
                sizeof *timeline->marks);
    timeline->marks[timeline->mark_count++] = mark;
}

static bool is_booking(const struct timeline *timeline)
{
    return timeline->curve.meter->role == METER_BOOK;
}

/* Marks that stand where the curve itself may be forgotten. */
struct kept_marks {
    const struct mark *items;
    size_t count;
};

static const struct kept_marks no_marks = {NULL, 0};

static bool is_forgotten(const struct timeline *timeline, int64_t ts_us)
{
    return timeline->curve.trimmed && ts_us < timeline->curve.samples[0].ts_us;
}

/* The first of them behind an instant; NULL: none. */
static const struct mark *kept_after(const struct kept_marks *kept, int64_t ts_us)
{
    for (size_t i = 0; i < kept->count; i++) {
        if (kept->items[i].ts_us > ts_us) {
            return &kept->items[i];
        }
    }
    return NULL;
}

/* The first instant behind another at which a gap begins or ends; the marks kept remember it where
 * the curve is forgotten. */
static int64_t gap_edge_us(const struct timeline *timeline, const struct kept_marks *kept,
                           int64_t after_us)
{
    int64_t edge_us = curve_gap_edge_us(&timeline->curve, after_us);
    const struct mark *mark = kept_after(kept, after_us);
    while (mark != NULL && mark->ts_us < edge_us && is_forgotten(timeline, mark->ts_us)) {
        if (mark->reason == MARK_GAP) {
            return mark->ts_us;
        }
        mark = kept_after(kept, mark->ts_us);
    }
    return edge_us;
}

/* The first boundary behind an instant. One that came so late that the curve there is forgotten
 * takes effect at the next mark kept, or where the curve begins. */
static int64_t next_boundary_us(const struct timeline *timeline,
                                const struct attribution *attribution,
                                const struct kept_marks *kept, int64_t after_us)
{
    const struct curve *curve = &timeline->curve;
    int64_t next_us = attribution_next_us(attribution, curve->meter, false, after_us);
    int64_t edge_us = gap_edge_us(timeline, kept, after_us);
    if (edge_us <= next_us) {
        return edge_us;
    }
    if (!is_forgotten(timeline, next_us)) {
        return next_us;
    }
    const struct mark *mark = kept_after(kept, next_us - 1);
    return mark != NULL && is_forgotten(timeline, mark->ts_us) ? mark->ts_us
                                                               : curve->samples[0].ts_us;
}

/* Why there is a boundary, seen from the mark before it. */
static enum mark_reason boundary_reason(const struct timeline *timeline,
                                        const struct attribution *attribution,
                                        const struct kept_marks *kept, int64_t last_us,
                                        int64_t ts_us)
{
    const struct meter *meter = timeline->curve.meter;
    if (attribution_next_us(attribution, meter, false, last_us) == ts_us) {
        return MARK_BOUNDARY;
    }
    return gap_edge_us(timeline, kept, last_us) == ts_us ? MARK_GAP : MARK_LATE;
}

/* C at a boundary: as it was marked where the curve is forgotten. */
static struct mark mark_at(const struct timeline *timeline, const struct kept_marks *kept,
                           int64_t ts_us)
{
    if (is_forgotten(timeline, ts_us)) {
        const struct mark *mark = kept_after(kept, ts_us - 1);
        REQUIRE(mark != NULL && mark->ts_us == ts_us);
        return *mark;
    }
    struct mark mark = {.ts_us = ts_us, .quality = QUALITY_MEASURED};
    mark.c_base = curve_at(&timeline->curve, ts_us, &mark.quality);
    return mark;
}

/* Worst quality of the samples that use between two instants rests on; the marks kept remember it
 * for what is forgotten. */
static enum quality quality_between(const struct timeline *timeline, const struct kept_marks *kept,
                                    int64_t start_us, int64_t end_us)
{
    enum quality quality = QUALITY_MEASURED;
    const struct mark *mark = kept_after(kept, start_us);
    while (mark != NULL && mark->ts_us <= end_us && is_forgotten(timeline, mark->ts_us)) {
        quality = quality_worse(quality, mark->before);
        start_us = mark->ts_us;
        mark = kept_after(kept, start_us);
    }
    return start_us == end_us
               ? quality
               : quality_worse(quality, curve_quality(&timeline->curve, start_us, end_us));
}

/* The cell from a mark to another, as a whole. */
static struct segment cell(const struct timeline *timeline, const struct mark *from,
                           const struct mark *to)
{
    return (struct segment){
        .meter = timeline->id,
        .start_us = from->ts_us,
        .end_us = to->ts_us,
        .amount_base = to->c_base - from->c_base,
        .quality = quality_worse(to->before, quality_worse(from->quality, to->quality)),
    };
}

/* Closes every cell that ends at or before the newest sample; adds their segments to `closed`. */
static void close_cells(struct timeline *timeline, const struct attribution *attribution,
                        const struct kept_marks *kept, struct segment_list *closed)
{
    const struct meter *meter = timeline->curve.meter;
    const struct sample *newest = curve_newest(&timeline->curve);
    while (timeline->next_us <= newest->ts_us) {
        const struct mark *last = last_mark(timeline);
        struct mark mark = mark_at(timeline, kept, timeline->next_us);
        mark.reason = boundary_reason(timeline, attribution, kept, last->ts_us, mark.ts_us);
        if (mark.reason == MARK_LATE) {
            mark.quality = QUALITY_ESTIMATED;
        }
        mark.before = quality_between(timeline, kept, last->ts_us, mark.ts_us);
        struct segment whole = cell(timeline, last, &mark);
        attribution_divide(attribution, &whole, meter, (heat_no){0}, closed);
        mark_push(timeline, mark);
        timeline->next_us = next_boundary_us(timeline, attribution, kept, mark.ts_us);
    }
}

static void close_new(struct timeline *timeline, const struct attribution *attribution,
                      struct posting_sink *sink)
{
    struct segment_list closed = {0};
    close_cells(timeline, attribution, &no_marks, &closed);
    segment_list_drop_empty(&closed);
    for (size_t i = 0; i < closed.count; i++) {
        booked_append(&timeline->booked, &closed.items[i], sink);
    }
    segment_list_clear(&closed);
}

/* Works out all cells since the first mark kept, and books the difference. */
static void rebook(struct timeline *timeline, const struct attribution *attribution,
                   enum posting_cause cause, struct posting_sink *sink)
{
    struct segment_list wanted = {0};
    struct mark *old = timeline->marks;
    const struct kept_marks kept = {old, timeline->mark_count};
    timeline->marks = NULL;
    timeline->mark_count = 0;
    timeline->mark_capacity = 0;
    mark_push(timeline, old[0]);
    timeline->next_us = next_boundary_us(timeline, attribution, &kept, old[0].ts_us);
    close_cells(timeline, attribution, &kept, &wanted);
    segment_list_drop_empty(&wanted);
    booked_replace(&timeline->booked, &wanted, cause, sink);
    segment_list_clear(&wanted);
    free(old);
}

/* The last mark at or before an instant, or the first. */
static size_t mark_before(const struct timeline *timeline, int64_t ts_us)
{
    size_t at = 0;
    while (at + 1 < timeline->mark_count && timeline->marks[at + 1].ts_us <= ts_us) {
        at++;
    }
    return at;
}

/* Forgets samples that fell out of the exact window, and marks and bookings of earlier shifts. */
static void trim(struct timeline *timeline, const struct attribution *attribution)
{
    int64_t anchor_us = 0;
    if (!curve_trim_due(&timeline->curve, &anchor_us)) {
        return;
    }
    curve_trim(&timeline->curve, anchor_us,
               timeline->marks[mark_before(timeline, anchor_us)].ts_us);
    struct duty shift = calendar_shift_at(attribution->calendar, anchor_us);
    /* The cell before the shift's start stays too: it is one with the next if the start moves. */
    size_t first = mark_before(timeline, shift.start_us - 1);
    timeline->mark_count -= first;
    memmove(timeline->marks, timeline->marks + first,
            timeline->mark_count * sizeof *timeline->marks);
    booked_forget(&timeline->booked, timeline->marks[0].ts_us);
}

/* The earliest sample is the baseline: the first mark, at which C is 0. */
static void set_baseline(struct timeline *timeline, const struct attribution *attribution)
{
    const struct sample *first = &timeline->curve.samples[0];
    struct mark mark = {.ts_us = first->ts_us, .c_base = first->c_base};
    if (timeline->mark_count == 0) {
        mark_push(timeline, mark);
        timeline->next_us = next_boundary_us(timeline, attribution, &no_marks, mark.ts_us);
    } else {
        timeline->marks[0] = mark;
    }
}

enum outcome timeline_insert(struct timeline *timeline, const struct attribution *attribution,
                             const struct sample *sample, struct posting_sink *sink)
{
    if (timeline->mark_count > 0) {
        trim(timeline, attribution);
    }
    int64_t changed_us = INT64_MAX;
    enum outcome outcome = curve_insert(&timeline->curve, sample, &changed_us);
    if (outcome == OUTCOME_BASELINE || (changed_us == INT64_MIN && timeline->curve.count > 0)) {
        set_baseline(timeline, attribution);
    }
    if (timeline->mark_count == 0 || !is_booking(timeline)) {
        return outcome;
    }
    if (changed_us < last_mark(timeline)->ts_us) {
        rebook(timeline, attribution,
               outcome == OUTCOME_CONFLICT ? POSTING_CONFLICT : POSTING_LATE_READING, sink);
    } else {
        if (curve_newest(&timeline->curve)->gap) { /* only its end tells that there was a gap */
            timeline->next_us =
                next_boundary_us(timeline, attribution, &no_marks, last_mark(timeline)->ts_us);
        }
        close_new(timeline, attribution, sink);
    }
    return outcome;
}

bool timeline_recut(struct timeline *timeline, const struct attribution *attribution,
                    int64_t from_us, enum posting_cause cause, struct posting_sink *sink)
{
    if (timeline->mark_count == 0 || !is_booking(timeline)) {
        return true;
    }
    /* Where the curve is forgotten, a change is exact only where a mark stands, or before any use.
     */
    const struct mark *mark = &timeline->marks[mark_before(timeline, from_us)];
    bool exact = !is_forgotten(timeline, from_us) || mark->ts_us == from_us ||
                 (from_us < mark->ts_us && mark->c_base == 0);
    if (from_us <= last_mark(timeline)->ts_us) { /* which may be no boundary any more */
        rebook(timeline, attribution, cause, sink);
    } else {
        timeline->next_us =
            next_boundary_us(timeline, attribution, &no_marks, last_mark(timeline)->ts_us);
        close_new(timeline, attribution, sink);
    }
    return exact;
}

void timeline_open(const struct timeline *timeline, const struct attribution *attribution,
                   struct segment_list *open)
{
    if (timeline->mark_count == 0 || !is_booking(timeline)) {
        return;
    }
    const struct sample *newest = curve_newest(&timeline->curve);
    const struct mark *last = last_mark(timeline);
    struct mark end = {.ts_us = newest->ts_us, .c_base = newest->c_base};
    end.before = curve_quality(&timeline->curve, last->ts_us, end.ts_us);
    struct segment whole = cell(timeline, last, &end);
    attribution_divide(attribution, &whole, timeline->curve.meter, (heat_no){0}, open);
}
