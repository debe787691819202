#include "backlog.h"

static void count(struct backlog *backlog, const struct pipeline *pipeline, uint64_t appended,
                  bool at_end)
{
    uint64_t taken = pipeline_committed(pipeline);
    if (taken < backlog->taken) { /* another pipeline, in the same place */
        backlog->of = NULL;
    }
    if (at_end) {
        backlog->of = pipeline;
        backlog->taken = taken;
        backlog->appended = appended;
        backlog->counted = true;
    }
    if (backlog->of == pipeline) {
        backlog->booked = backlog->appended + (taken - backlog->taken);
    }
}

/* Since when the first record waits. */
static int64_t age_us(struct journal *journal, uint64_t position, int64_t now_us)
{
    struct failure why; /* which the engine finds, too */
    struct journal_record record;
    bool waits = journal_read(journal, position, &record, &why) == 1;
    return waits && now_us > record.arrival_us ? now_us - record.arrival_us : 0;
}

struct backlog_sight backlog_look(struct backlog *backlog, struct journal *journal,
                                  const struct pipeline *pipeline, uint64_t position,
                                  int64_t now_us)
{
    /* In this order: what is appended in between waits no longer than it does. */
    uint64_t appended = journal_appended(journal), end = journal_end(journal);
    struct backlog_sight sight = {0};
    if (pipeline != NULL) {
        count(backlog, pipeline, appended, position >= end);
    }
    if (position < end) {
        sight.bytes = end - position;
        sight.age_us = age_us(journal, position, now_us);
    }
    if (backlog->counted && appended > backlog->booked) {
        sight.records = appended - backlog->booked;
    }
    return sight;
}
