/* A timeline: its curve, the marks, what is booked, and the page that is being written. */
#include "nouns_snapshot.h"

#include "failure.h"
#include "memory.h"

#include <string.h>

#define PAGE_BYTES_MAX (1 << 26) /* being written: an hour of any meter */

static void marks_save(const struct timeline *timeline, struct snapshot_writer *writer)
{
    int64_t last_us = 0;
    int64_t last_base = 0;
    snapshot_put_number(writer, timeline->mark_count);
    for (size_t i = 0; i < timeline->mark_count; i++) {
        const struct mark *mark = &timeline->marks[i];
        snapshot_put_from(writer, mark->ts_us, last_us);
        snapshot_put_from(writer, mark->c_base, last_base);
        snapshot_put_number(writer, mark->quality);
        snapshot_put_number(writer, mark->before);
        snapshot_put_number(writer, mark->reason);
        last_us = mark->ts_us;
        last_base = mark->c_base;
    }
}

static void marks_load(struct timeline *timeline, struct snapshot_reader *reader)
{
    int64_t last_us = 0;
    int64_t last_base = 0;
    size_t count = snapshot_get_count(reader, UINT32_MAX);
    if (count == 0) {
        return;
    }
    timeline->marks = memory_zeroed(count, sizeof *timeline->marks);
    timeline->mark_capacity = count;
    for (size_t i = 0; i < count && snapshot_is_good(reader); i++) {
        struct mark *mark = &timeline->marks[i];
        mark->ts_us = snapshot_get_from(reader, last_us);
        mark->c_base = snapshot_get_from(reader, last_base);
        mark->quality = quality_load(reader);
        mark->before = quality_load(reader);
        mark->reason = (enum mark_reason)snapshot_get_number(reader, MARK_GAP);
        if (i > 0 && mark->ts_us < last_us) {
            snapshot_refuse(reader, "marks are not in order of time");
        }
        last_us = mark->ts_us;
        last_base = mark->c_base;
        timeline->mark_count = i + 1;
    }
}

/* What the next thing on the page is the difference from goes along: an empty page has none. */
static void page_save(const struct page_writer *page, struct snapshot_writer *writer)
{
    const struct page_state *last = &page->last;
    const int64_t numbers[] = {last->sample_us, last->step_us,           last->raw,
                               last->seq,       last->seq_step,          last->mark_us,
                               last->booked_us, (int64_t)last->position, last->day};
    snapshot_put_number(writer, page->count);
    snapshot_put_bytes(writer, page->bytes, page->count);
    for (size_t i = 0; page->count > 0 && i < sizeof numbers / sizeof *numbers; i++) {
        snapshot_put_signed(writer, numbers[i]);
    }
}

static void page_load(struct page_writer *page, struct snapshot_reader *reader)
{
    size_t count = snapshot_get_count(reader, PAGE_BYTES_MAX);
    const void *bytes = snapshot_get_bytes(reader, count);
    if (count == 0 || bytes == NULL) {
        return;
    }
    page->bytes = memory_zeroed(count, 1);
    page->capacity = (uint32_t)count;
    memcpy(page->bytes, bytes, count);
    page->count = (uint32_t)count;
    struct page_state *last = &page->last;
    last->sample_us = snapshot_get_signed(reader);
    last->step_us = snapshot_get_signed(reader);
    last->raw = snapshot_get_signed(reader);
    last->seq = snapshot_get_signed(reader);
    last->seq_step = snapshot_get_signed(reader);
    last->mark_us = snapshot_get_signed(reader);
    last->booked_us = snapshot_get_signed(reader);
    last->position = (uint64_t)snapshot_get_signed(reader);
    last->day = (int32_t)snapshot_get_between(reader, INT32_MIN, INT32_MAX);
}

void timeline_save(const struct timeline *timeline, struct snapshot_writer *writer)
{
    REQUIRE(!timeline->thawed && !timeline->more_follows && timeline->loaded_count == 0);
    curve_save(&timeline->curve, writer);
    marks_save(timeline, writer);
    booked_save(&timeline->booked, timeline->id, writer);
    snapshot_put_moment(writer, timeline->next_us, 0);
    snapshot_put_moment(writer, timeline->known_us, timeline->next_us);
    snapshot_put_moment(writer, timeline->page, 0);
    snapshot_put_moment(writer, timeline->gone_us, timeline->next_us);
    snapshot_put_moment(writer, timeline->kept_us, timeline->next_us);
    snapshot_put_number(writer, timeline->plain_gone);
    page_save(&timeline->writer, writer);
}

void timeline_load(struct timeline *timeline, const struct snapshot_names *names,
                   struct snapshot_reader *reader)
{
    REQUIRE(timeline->mark_count == 0 && timeline->booked.count == 0);
    curve_load(&timeline->curve, reader);
    marks_load(timeline, reader);
    booked_load(&timeline->booked, timeline->id, names, reader);
    timeline->next_us = snapshot_get_moment(reader, 0);
    timeline->known_us = snapshot_get_moment(reader, timeline->next_us);
    timeline->page = snapshot_get_moment(reader, 0);
    timeline->gone_us = snapshot_get_moment(reader, timeline->next_us);
    timeline->kept_us = snapshot_get_moment(reader, timeline->next_us);
    timeline->plain_gone = (uint32_t)snapshot_get_number(reader, UINT32_MAX);
    page_load(&timeline->writer, reader);
    if (timeline->mark_count > 0 && curve_newest(&timeline->curve) == NULL) {
        snapshot_refuse(reader, "a meter has marks without a sample that counts");
    }
}
