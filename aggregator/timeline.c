#include "timeline.h"

#include "failure.h"
#include "memory.h"
#include "timeline_past.h"

#include <stdlib.h>
#include <string.h>

void timeline_init(struct timeline *timeline, meter_id id, const struct meter *meter)
{
    *timeline = (struct timeline){
        .id = id,
        .known_us = INT64_MIN,
        .page = INT64_MIN,
        .gone_us = INT64_MIN,
        .kept_us = INT64_MIN,
        .plain_gone = PAST_NEIGHBOURS,
    };
    curve_init(&timeline->curve, meter);
}

void timeline_clear(struct timeline *timeline)
{
    curve_clear(&timeline->curve);
    free(timeline->marks);
    booked_clear(&timeline->booked);
    page_clear(&timeline->writer);
    free(timeline->loaded);
    *timeline = (struct timeline){0};
}

static const struct mark *last_mark(const struct timeline *timeline)
{
    REQUIRE(timeline->mark_count > 0);
    return &timeline->marks[timeline->mark_count - 1];
}

static void mark_push(struct timeline *timeline, struct mark mark)
{
    if (timeline->mark_count == timeline->mark_capacity) { /* in small steps: see booked.c */
        timeline->mark_capacity += 2 + timeline->mark_capacity / 2;
        timeline->marks =
            reallocarray(timeline->marks, timeline->mark_capacity, sizeof *timeline->marks);
        REQUIRE(timeline->marks != NULL);
    }
    timeline->marks[timeline->mark_count++] = mark;
}

/* The first instant behind another at which crews or heats change, or a gap begins or ends. */
static int64_t next_boundary_us(const struct timeline *timeline,
                                const struct attribution *attribution, int64_t after_us)
{
    int64_t void_end_us = curve_void_end_us(&timeline->curve, after_us);
    if (void_end_us != INT64_MIN) {
        return void_end_us;
    }
    int64_t next_us = attribution_next_us(attribution, timeline->curve.meter, false, after_us);
    int64_t edge_us = curve_gap_edge_us(&timeline->curve, after_us);
    return edge_us < next_us ? edge_us : next_us;
}

static struct mark mark_at(const struct timeline *timeline, const struct attribution *attribution,
                           int64_t ts_us, int64_t last_us)
{
    const struct curve *curve = &timeline->curve;
    struct mark mark = {.ts_us = ts_us, .quality = QUALITY_MEASURED};
    mark.c_base = curve_at(curve, ts_us, &mark.quality);
    mark.before = curve_quality(curve, last_us, ts_us);
    bool boundary = attribution_next_us(attribution, curve->meter, false, last_us) == ts_us;
    mark.reason = boundary ? MARK_BOUNDARY : MARK_GAP;
    return mark;
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
                        struct segment_list *closed)
{
    const struct meter *meter = timeline->curve.meter;
    const struct point *newest = curve_newest(&timeline->curve);
    while (timeline->next_us <= newest->ts_us) {
        const struct mark *last = last_mark(timeline);
        struct mark mark = mark_at(timeline, attribution, timeline->next_us, last->ts_us);
        struct segment whole = cell(timeline, last, &mark);
        attribution_divide(attribution, &whole, meter, (heat_no){0}, closed);
        mark_push(timeline, mark);
        timeline->next_us = next_boundary_us(timeline, attribution, mark.ts_us);
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

/* Works out all cells since the mark before an instant, and books the difference. A mark at the
 * instant itself may be no boundary any more. */
static void rebook(struct timeline *timeline, const struct attribution *attribution,
                   int64_t from_us, enum posting_cause cause, struct posting_sink *sink)
{
    past_reach_mark(timeline, from_us);
    size_t first = from_us == INT64_MIN ? 0 : past_mark_before(timeline, from_us - 1);
    int64_t mark_us = timeline->marks[first].ts_us;
    struct booked later = {0};
    booked_split(&timeline->booked, mark_us, &later);
    timeline->mark_count = first + 1;
    timeline->next_us = next_boundary_us(timeline, attribution, mark_us);
    struct segment_list wanted = {0};
    close_cells(timeline, attribution, &wanted);
    segment_list_drop_empty(&wanted);
    booked_replace(&later, &wanted, cause, sink);
    segment_list_clear(&wanted);
    booked_join(&timeline->booked, &later);
}

/* The earliest sample is the baseline: the first mark, at which C is 0. */
static void set_baseline(struct timeline *timeline, const struct attribution *attribution)
{
    const struct point *first = &timeline->curve.samples[0];
    struct mark mark = {.ts_us = first->ts_us,
                        .c_base = curve_c_base(&timeline->curve, first),
                        .quality = first->uncertain ? QUALITY_UNCERTAIN : QUALITY_MEASURED};
    if (timeline->mark_count == 0) {
        mark_push(timeline, mark);
        timeline->next_us = next_boundary_us(timeline, attribution, mark.ts_us);
    } else {
        timeline->marks[0] = mark;
    }
}

static bool is_out_of_reach(const struct timeline *timeline, int64_t ts_us)
{
    const struct point *newest = curve_newest(&timeline->curve);
    return newest != NULL && ts_us < newest->ts_us - REACH_US;
}

bool timeline_bring_back(struct timeline *timeline, int64_t ts_us)
{
    past_trim(timeline);
    if (is_out_of_reach(timeline, ts_us)) {
        return false;
    }
    past_reach_sample(timeline, ts_us);
    return timeline->thawed;
}

enum outcome timeline_insert(struct timeline *timeline, const struct attribution *attribution,
                             const struct sample *sample, enum posting_cause cause,
                             struct posting_sink *sink)
{
    past_trim(timeline);
    if (is_out_of_reach(timeline, sample->ts_us)) {
        return OUTCOME_TOO_LATE;
    }
    past_reach_sample(timeline, sample->ts_us);
    int64_t changed_us = INT64_MAX;
    enum outcome outcome = curve_insert(&timeline->curve, sample, &changed_us);
    if (outcome == OUTCOME_BASELINE || (changed_us == INT64_MIN && timeline->curve.count > 0)) {
        set_baseline(timeline, attribution);
    }
    if (timeline->mark_count == 0) {
        return outcome;
    }
    if (changed_us <= last_mark(timeline)->ts_us) {
        rebook(timeline, attribution, changed_us,
               outcome == OUTCOME_CONFLICT ? POSTING_CONFLICT : cause, sink);
    } else {
        /* Only its end tells that there was a gap. */
        if (changed_us != INT64_MAX || curve_newest(&timeline->curve)->gap) {
            timeline->next_us = next_boundary_us(timeline, attribution, last_mark(timeline)->ts_us);
        }
        close_new(timeline, attribution, sink);
    }
    past_freeze(timeline);
    return outcome;
}

void timeline_expect(struct timeline *timeline, bool more_follows)
{
    timeline->more_follows = more_follows;
    past_freeze(timeline);
}

bool timeline_recut(struct timeline *timeline, const struct attribution *attribution,
                    int64_t from_us, enum posting_cause cause, struct posting_sink *sink)
{
    if (timeline->mark_count == 0) {
        return true;
    }
    bool reached = !is_out_of_reach(timeline, from_us);
    if (!reached) {
        from_us = curve_newest(&timeline->curve)->ts_us - REACH_US;
    }
    bool behind = timeline->curve.trimmed && from_us <= timeline->known_us;
    if (behind || from_us <= last_mark(timeline)->ts_us) {
        rebook(timeline, attribution, from_us, cause, sink);
        past_freeze(timeline);
    } else {
        timeline->next_us = next_boundary_us(timeline, attribution, last_mark(timeline)->ts_us);
        close_new(timeline, attribution, sink);
    }
    return reached;
}

void timeline_open(const struct timeline *timeline, const struct attribution *attribution,
                   struct segment_list *open)
{
    if (timeline->mark_count == 0) {
        return;
    }
    const struct point *newest = curve_newest(&timeline->curve);
    const struct mark *last = last_mark(timeline);
    struct mark end = {.ts_us = newest->ts_us, .c_base = curve_c_base(&timeline->curve, newest)};
    end.before = curve_quality(&timeline->curve, last->ts_us, end.ts_us);
    struct segment whole = cell(timeline, last, &end);
    attribution_divide(attribution, &whole, timeline->curve.meter, (heat_no){0}, open);
}
