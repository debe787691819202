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

/* The cell from a mark to another, as a whole. */
static struct segment cell(const struct timeline *timeline, const struct mark *from,
                           const struct mark *to)
{
    enum quality quality = curve_quality(&timeline->curve, from->ts_us, to->ts_us);
    quality = from->quality > quality ? from->quality : quality;
    quality = to->quality > quality ? to->quality : quality;
    return (struct segment){
        .meter = timeline->id,
        .start_us = from->ts_us,
        .end_us = to->ts_us,
        .amount_base = to->c_base - from->c_base,
        .quality = quality,
    };
}

/* Closes every cell that ends at or before the newest sample; adds their segments to `closed`. */
static void close_cells(struct timeline *timeline, const struct attribution *attribution,
                        struct segment_list *closed)
{
    const struct meter *meter = timeline->curve.meter;
    const struct sample *newest = curve_newest(&timeline->curve);
    while (timeline->next_us <= newest->ts_us) {
        struct mark mark = {.ts_us = timeline->next_us, .quality = QUALITY_MEASURED};
        mark.c_base = curve_at(&timeline->curve, mark.ts_us, &mark.quality);
        struct segment whole = cell(timeline, last_mark(timeline), &mark);
        attribution_divide(attribution, &whole, meter->station, (heat_no){0}, closed);
        mark_push(timeline, mark);
        timeline->next_us =
            attribution_next_us(attribution, meter->station, false, timeline->next_us);
    }
}

static void close_new(struct timeline *timeline, const struct attribution *attribution,
                      struct posting_sink *sink)
{
    struct segment_list closed = {0};
    close_cells(timeline, attribution, &closed);
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
    timeline->mark_count = 1;
    timeline->next_us = attribution_next_us(attribution, timeline->curve.meter->station, false,
                                            timeline->marks[0].ts_us);
    const struct curve *curve = &timeline->curve;
    if (curve->trimmed && timeline->next_us < curve->samples[0].ts_us) {
        /* A boundary came so late that the curve there is forgotten: it takes effect where what is
         * kept begins. */
        timeline->next_us = curve->samples[0].ts_us;
    }
    close_cells(timeline, attribution, &wanted);
    segment_list_drop_empty(&wanted);
    booked_replace(&timeline->booked, &wanted, cause, sink);
    segment_list_clear(&wanted);
}

/* Forgets samples, marks and bookings that fell out of the exact window. */
static void trim(struct timeline *timeline)
{
    int64_t anchor_us = 0;
    if (!curve_trim_due(&timeline->curve, &anchor_us)) {
        return;
    }
    size_t first = 0;
    while (first + 1 < timeline->mark_count && timeline->marks[first + 1].ts_us <= anchor_us) {
        first++;
    }
    int64_t mark_us = timeline->marks[first].ts_us;
    curve_trim(&timeline->curve, anchor_us, mark_us);
    timeline->mark_count -= first;
    memmove(timeline->marks, timeline->marks + first,
            timeline->mark_count * sizeof *timeline->marks);
    booked_forget(&timeline->booked, mark_us);
}

/* The earliest sample is the baseline: the first mark, at which C is 0. */
static void set_baseline(struct timeline *timeline, const struct attribution *attribution)
{
    const struct sample *first = &timeline->curve.samples[0];
    struct mark mark = {first->ts_us, first->c_base, QUALITY_MEASURED};
    if (timeline->mark_count == 0) {
        mark_push(timeline, mark);
        timeline->next_us =
            attribution_next_us(attribution, timeline->curve.meter->station, false, mark.ts_us);
    } else {
        timeline->marks[0] = mark;
    }
}

enum outcome timeline_insert(struct timeline *timeline, const struct attribution *attribution,
                             const struct sample *sample, struct posting_sink *sink)
{
    if (timeline->mark_count > 0) {
        trim(timeline);
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
    const struct mark *last = last_mark(timeline);
    if (from_us < last->ts_us) {
        rebook(timeline, attribution, cause, sink);
    } else {
        timeline->next_us =
            attribution_next_us(attribution, timeline->curve.meter->station, false, last->ts_us);
        close_new(timeline, attribution, sink);
    }
    const struct curve *curve = &timeline->curve;
    return !curve->trimmed || from_us >= curve->samples[0].ts_us ||
           from_us == timeline->marks[0].ts_us;
}

void timeline_open(const struct timeline *timeline, const struct attribution *attribution,
                   struct segment_list *open)
{
    if (timeline->mark_count == 0 || !is_booking(timeline)) {
        return;
    }
    const struct sample *newest = curve_newest(&timeline->curve);
    struct mark end = {newest->ts_us, newest->c_base, QUALITY_MEASURED};
    struct segment whole = cell(timeline, last_mark(timeline), &end);
    attribution_divide(attribution, &whole, timeline->curve.meter->station, (heat_no){0}, open);
}
