#include "timeline_past.h"

#include "derive.h"
#include "failure.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

/* ---- Letting go ---- */

size_t past_mark_before(const struct timeline *timeline, int64_t ts_us)
{
    size_t low = 0;
    size_t high = timeline->mark_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        *(timeline->marks[middle].ts_us <= ts_us ? &low : &high) = middle;
    }
    return low;
}

static int64_t page_of(const struct timeline *timeline, int64_t ts_us)
{
    bool thinned = timeline->curve.meter->kind == METER_REGISTER;
    int64_t span_us = thinned ? PAST_PAGE_US : PAST_DENSE_PAGE_US;
    return ts_us / span_us - (ts_us % span_us < 0);
}

static int64_t page_start_us(const struct timeline *timeline, int64_t page)
{
    bool thinned = timeline->curve.meter->kind == METER_REGISTER;
    return page * (thinned ? PAST_PAGE_US : PAST_DENSE_PAGE_US);
}

static void put(struct timeline *timeline, int64_t page, const void *bytes, size_t count)
{
    const struct history *history = timeline->history;
    history->put(history->context, timeline->id, page, page_start_us(timeline, page), bytes, count);
}

/* Whether a page that was loaded would be put as it is there. */
static bool is_unchanged(const struct timeline *timeline)
{
    const struct history *history = timeline->history;
    for (size_t i = 0; i < timeline->loaded_count; i++) {
        if (timeline->loaded[i] == timeline->page) {
            size_t count = 0;
            const void *bytes =
                history->get(history->context, timeline->id, timeline->page, &count);
            return count == timeline->writer.count &&
                   memcmp(bytes, timeline->writer.bytes, count) == 0;
        }
    }
    return false;
}

static void flush(struct timeline *timeline)
{
    if (timeline->writer.count > 0 && !is_unchanged(timeline)) {
        put(timeline, timeline->page, timeline->writer.bytes, timeline->writer.count);
    }
    page_restart(&timeline->writer);
}

/* Pages below `next` that were loaded and have nothing in them any more are put empty. */
static void empty_loaded(struct timeline *timeline, int64_t next)
{
    for (size_t i = 0; i < timeline->loaded_count; i++) {
        int64_t page = timeline->loaded[i];
        if (page > timeline->page && page < next) {
            put(timeline, page, "", 0);
        }
    }
}

/* Turns to the page of an instant; never back: what comes out of order stands in a later page. */
static void turn_page(struct timeline *timeline, int64_t ts_us)
{
    int64_t page = page_of(timeline, ts_us);
    if (page > timeline->page) {
        flush(timeline);
        empty_loaded(timeline, page);
        timeline->page = page;
    }
}

static bool is_plain(const struct point *sample)
{
    return sample->kind == SAMPLE_NORMAL && !sample->uncertain && !sample->gap && !sample->loss &&
           !sample->entered && !sample->decided && !sample->final;
}

/* Whether a mark lies between the sample before this one and the one behind it: then C there
 * rests on it. */
static bool holds_a_mark(const struct timeline *timeline, int64_t before_us, int64_t behind_us)
{
    const struct mark *mark = &timeline->marks[past_mark_before(timeline, behind_us - 1)];
    return mark->ts_us > before_us && mark->ts_us < behind_us;
}

/* Whether the scale changes between two instants: C at the change rests on the samples beside it.
 */
static bool holds_a_scale(const struct curve *curve, int64_t before_us, int64_t behind_us)
{
    return curve->said != NULL && scales_next_us(&curve->said->scales, before_us) <= behind_us;
}

/* Whether the stored curve needs the sample at an index, which is not the last one. Those from it
 * to before `plain_until` are ordinary ones. */
static bool is_point(const struct timeline *timeline, size_t at, size_t plain_until)
{
    const struct curve *curve = &timeline->curve;
    const struct point *sample = &curve->samples[at];
    const struct point *next = sample + 1;
    if (curve->meter->kind != METER_REGISTER || timeline->plain_gone < PAST_NEIGHBOURS ||
        (plain_until <= at + PAST_NEIGHBOURS && plain_until < curve->count) ||
        sample->ts_us / PAST_MINUTE_US != next->ts_us / PAST_MINUTE_US ||
        (curve->meter->max_gap_us > 0 &&
         timeline->kept_us < next->ts_us - curve->meter->max_gap_us)) {
        return true;
    }
    int64_t before_us = at > 0 ? sample[-1].ts_us : timeline->gone_us;
    return holds_a_mark(timeline, before_us, next->ts_us) ||
           holds_a_scale(curve, before_us, next->ts_us);
}

static void write_sample(struct timeline *timeline, size_t at, size_t *plain_until)
{
    const struct curve *curve = &timeline->curve;
    const struct point *sample = &curve->samples[at];
    *plain_until = *plain_until < at ? at : *plain_until;
    while (*plain_until <= at + PAST_NEIGHBOURS && *plain_until < curve->count &&
           is_plain(&curve->samples[*plain_until])) {
        ++*plain_until;
    }
    if (is_point(timeline, at, *plain_until)) {
        turn_page(timeline, sample->ts_us);
        const struct sample in_full = curve_sample(curve, at);
        page_add_sample(&timeline->writer, &in_full);
        timeline->kept_us = sample->ts_us;
    }
    timeline->plain_gone = is_plain(sample) ? timeline->plain_gone + 1 : 0;
    timeline->gone_us = sample->ts_us;
}

/* Writes what leaves memory, in order of time: samples as curve_trim will drop them, marks before
 * index `first_mark`, what is booked up to that mark. */
static void write_leaving(struct timeline *timeline, int64_t anchor_us, size_t first_mark)
{
    const struct curve *curve = &timeline->curve;
    const struct booked *booked = &timeline->booked;
    int64_t until_us = timeline->marks[first_mark].ts_us;
    size_t sample = 0;
    size_t sample_end = curve_leaving_end(curve, anchor_us);
    size_t plain_until = 0;
    size_t mark = 0;
    size_t item = 0;
    for (;;) {
        while (sample < sample_end && !curve_leaves(curve, sample, anchor_us)) {
            sample++;
        }
        while (item < booked->count && booked->items[item].segment.end_us > until_us) {
            item++;
        }
        int64_t sample_us = sample < sample_end ? curve->samples[sample].ts_us : INT64_MAX;
        int64_t mark_us = mark < first_mark ? timeline->marks[mark].ts_us : INT64_MAX;
        int64_t item_us = item < booked->count ? booked->items[item].segment.start_us : INT64_MAX;
        if (sample_us != INT64_MAX && sample_us <= mark_us && sample_us <= item_us) {
            write_sample(timeline, sample++, &plain_until);
        } else if (mark_us != INT64_MAX && mark_us <= item_us) {
            turn_page(timeline, mark_us);
            page_add_mark(&timeline->writer, &timeline->marks[mark++]);
        } else if (item_us != INT64_MAX) {
            turn_page(timeline, item_us);
            page_add_booked(&timeline->writer, &booked->items[item++]);
        } else {
            return;
        }
    }
}

static void let_go(struct timeline *timeline, int64_t anchor_us)
{
    size_t first_mark = past_mark_before(timeline, anchor_us);
    int64_t mark_us = timeline->marks[first_mark].ts_us;
    write_leaving(timeline, anchor_us, first_mark);
    booked_forget(&timeline->booked, mark_us);
    timeline->mark_count -= first_mark;
    memmove(timeline->marks, timeline->marks + first_mark,
            timeline->mark_count * sizeof *timeline->marks);
    curve_trim(&timeline->curve, anchor_us, mark_us);
    if (!timeline->curve.trimmed) {
        timeline->known_us = INT64_MIN;
    } else {
        timeline->known_us = anchor_us > timeline->gone_us ? anchor_us : timeline->gone_us + 1;
    }
}

void past_trim(struct timeline *timeline)
{
    int64_t anchor_us = 0;
    if (timeline->history != NULL && timeline->mark_count > 0 && !timeline->thawed &&
        curve_trim_due(&timeline->curve, &anchor_us)) {
        if (timeline->page == INT64_MIN) {
            timeline->page = page_of(timeline, timeline->curve.samples[0].ts_us);
        }
        let_go(timeline, anchor_us);
    }
}

/* ---- Bringing back ---- */

/* Puts the numbers of pages in front of those that are loaded: from the newest one that is not
 * loaded back to the one that holds `until_us`, or the first. */
static void find_pages(struct timeline *timeline, int64_t until_us)
{
    const struct history *history = timeline->history;
    size_t before = timeline->loaded_count;
    int64_t page = before > 0 ? timeline->loaded[0] : timeline->page;
    while (timeline->known_us > until_us) {
        if (!history->find(history->context, timeline->id, page, &page)) {
            timeline->known_us = INT64_MIN;
            break;
        }
        memory_grow(&timeline->loaded, timeline->loaded_count, &timeline->loaded_capacity,
                    sizeof *timeline->loaded);
        timeline->loaded[timeline->loaded_count++] = page;
        timeline->known_us = page_start_us(timeline, page);
    }
    /* Newer ones first, as found; those that were loaded before follow in ascending order. */
    size_t found = timeline->loaded_count - before;
    for (size_t i = 0; i < found; i++) {
        int64_t moving = timeline->loaded[before + i];
        memmove(timeline->loaded + 1, timeline->loaded, (before + i) * sizeof *timeline->loaded);
        timeline->loaded[0] = moving;
    }
}

static void read_pages(struct timeline *timeline, size_t count, struct past *past)
{
    const struct history *history = timeline->history;
    for (size_t i = 0; i < count; i++) {
        size_t length = 0;
        const void *bytes =
            history->get(history->context, timeline->id, timeline->loaded[i], &length);
        if (!page_read(bytes, length, timeline->id, past)) {
            history->damaged(history->context, timeline->id, timeline->loaded[i]);
        }
    }
}

/* Puts `count` elements in front of those of an array. */
static void put_in_front(void *array, size_t *used, size_t *capacity, size_t size,
                         const void *front, size_t count)
{
    void *grown = memory_zeroed(*used + count + 1, size);
    void *old = NULL;
    memcpy(&old, array, sizeof old);
    if (count > 0) {
        memcpy(grown, front, count * size);
    }
    if (*used > 0) {
        memcpy((char *)grown + count * size, old, *used * size);
    }
    free(old);
    memcpy(array, &grown, sizeof grown);
    *used += count;
    *capacity = *used + 1;
}

static void put_samples_in_front(struct curve *curve, const struct sample *front, size_t count)
{
    curve_resize(curve, curve->count + count + 1);
    curve_move(curve, count, 0, curve->count);
    for (size_t i = 0; i < count; i++) {
        struct sample sample = front[i];
        sample.c_base = DERIVE_NEW;
        curve_put(curve, i, &sample);
    }
    curve->count += count;
}

static bool stands_before(const struct point *a, const struct point *b)
{
    return a->ts_us != b->ts_us ? a->ts_us < b->ts_us : point_rank(a) < point_rank(b);
}

/* They are sorted but for the few that were written out of order. */
static void sort_samples(struct curve *curve)
{
    for (size_t i = 1; i < curve->count; i++) {
        size_t at = i;
        while (at > 0 && stands_before(&curve->samples[i], &curve->samples[at - 1])) {
            at--;
        }
        if (at < i) {
            const struct sample moving = curve_sample(curve, i);
            curve_move(curve, at + 1, at, i - at);
            curve_put(curve, at, &moving);
        }
    }
}

static void sort_marks(struct mark *marks, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct mark moving = marks[i];
        size_t at = i;
        while (at > 0 && marks[at - 1].ts_us > moving.ts_us) {
            marks[at] = marks[at - 1];
            at--;
        }
        marks[at] = moving;
    }
}

/* Works out C of what came back, so that C of the newest sample stays as it is. */
static void derive_again(struct timeline *timeline, int64_t newest_base)
{
    struct curve *curve = &timeline->curve;
    curve_forget_c(curve);
    derive_samples(curve, 1, curve->count);
    curve_shift_c(curve, newest_base - curve_c_base(curve, curve_newest(curve)));
    for (size_t i = 0; i < timeline->mark_count; i++) {
        struct mark *mark = &timeline->marks[i];
        if (mark->ts_us >= curve->samples[0].ts_us) {
            enum quality quality = QUALITY_MEASURED;
            mark->c_base = curve_at(curve, mark->ts_us, &quality);
        }
    }
}

static void join(struct timeline *timeline, const struct past *past)
{
    struct curve *curve = &timeline->curve;
    int64_t newest_base = curve_c_base(curve, curve_newest(curve));
    put_samples_in_front(curve, past->samples, past->sample_count);
    put_in_front(&timeline->marks, &timeline->mark_count, &timeline->mark_capacity,
                 sizeof *timeline->marks, past->marks, past->mark_count);
    put_in_front(&timeline->booked.items, &timeline->booked.count, &timeline->booked.capacity,
                 sizeof *timeline->booked.items, past->booked.items, past->booked.count);
    sort_samples(curve);
    sort_marks(timeline->marks, timeline->mark_count);
    derive_again(timeline, newest_base);
    curve->trimmed = timeline->known_us != INT64_MIN;
}

/* Whether what came back can be derived: its earliest sample is part of the curve. */
static bool begins_well(const struct past *past)
{
    const struct sample *first = past->samples;
    for (size_t i = 1; i < past->sample_count; i++) {
        first = past->samples[i].ts_us < first->ts_us ? &past->samples[i] : first;
    }
    return past->sample_count == 0 || !sample_kind_is_held(first->kind);
}

/* Brings back everything at or behind an instant, whole pages of it, and what is being written. */
static void thaw(struct timeline *timeline, int64_t until_us)
{
    struct past past = {0};
    size_t before = timeline->loaded_count;
    for (;;) {
        find_pages(timeline, until_us);
        past_clear(&past);
        read_pages(timeline, timeline->loaded_count - before, &past);
        if (!timeline->thawed) {
            const struct page_writer *writer = &timeline->writer;
            REQUIRE(page_read(writer->bytes, writer->count, timeline->id, &past));
        }
        if (timeline->known_us == INT64_MIN || begins_well(&past)) {
            break;
        }
        until_us = timeline->known_us - 1;
    }
    timeline->thawed = true;
    page_restart(&timeline->writer);
    join(timeline, &past);
    past_clear(&past);
}

void past_reach_sample(struct timeline *timeline, int64_t ts_us)
{
    const struct curve *curve = &timeline->curve;
    if (!curve->trimmed || (ts_us > curve->samples[0].ts_us && ts_us >= timeline->known_us)) {
        return;
    }
    thaw(timeline, ts_us - 1);
    while (timeline->known_us != INT64_MIN && curve_first_after(curve, ts_us) < CURVE_KEEP_MIN) {
        thaw(timeline, timeline->known_us - 1);
    }
}

/* Whether booking can begin at a mark before an instant: C there is known, and all behind it. */
static bool has_mark(const struct timeline *timeline, int64_t from_us)
{
    int64_t mark_us = timeline->marks[past_mark_before(timeline, from_us - 1)].ts_us;
    return mark_us < from_us && mark_us >= timeline->known_us &&
           mark_us >= timeline->curve.samples[0].ts_us;
}

void past_reach_mark(struct timeline *timeline, int64_t from_us)
{
    if (!timeline->curve.trimmed || (!timeline->thawed && from_us > timeline->known_us)) {
        return;
    }
    while (timeline->known_us != INT64_MIN && !has_mark(timeline, from_us)) {
        thaw(timeline, (from_us < timeline->known_us ? from_us : timeline->known_us) - 1);
    }
}

/* ---- Letting go again ---- */

/* Gives back the memory that a few elements do not need. */
static void shrink(void *array, size_t used, size_t *capacity, size_t size)
{
    void *old = NULL;
    memcpy(&old, array, sizeof old);
    void *shrunk = realloc(old, (used + 1) * size);
    REQUIRE(shrunk != NULL);
    memcpy(array, &shrunk, sizeof shrunk);
    *capacity = used + 1;
}

void past_freeze(struct timeline *timeline)
{
    if (!timeline->thawed || timeline->more_follows) {
        return;
    }
    struct curve *curve = &timeline->curve;
    if (timeline->loaded_count > 0) {
        int64_t first = page_of(timeline, curve->samples[0].ts_us);
        bool earlier = timeline->known_us == INT64_MIN && first < timeline->loaded[0];
        timeline->page = earlier ? first : timeline->loaded[0];
    }
    timeline->gone_us = INT64_MIN;
    timeline->kept_us = curve->samples[0].ts_us;
    timeline->plain_gone = PAST_NEIGHBOURS;
    booked_sort(&timeline->booked);
    let_go(timeline, curve_anchor_us(curve));
    if (timeline->writer.count == 0) {
        timeline->page--; /* so that the page itself is emptied, too */
    }
    empty_loaded(timeline, INT64_MAX);
    timeline->loaded_count = 0;
    timeline->thawed = false;
    curve_resize(curve, curve->count + 1);
    shrink(&timeline->marks, timeline->mark_count, &timeline->mark_capacity,
           sizeof *timeline->marks);
    shrink(&timeline->booked.items, timeline->booked.count, &timeline->booked.capacity,
           sizeof *timeline->booked.items);
    shrink(&timeline->loaded, 0, &timeline->loaded_capacity, sizeof *timeline->loaded);
}
