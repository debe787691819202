/* The end of a batch: what it brought about goes into the ledger, with its position. */
#include "message_topic.h"
#include "metric.h"
#include "pipeline_state.h"
#include "wall_clock.h"

/* The journal is synced up to where the ledger will say it is, before the ledger says so. */
static bool sync_and_commit(struct pipeline *pipeline, struct failure *failure)
{
    struct metrics *metrics = pipeline->watch.metrics;
    int64_t start_us = steady_clock_us();
    if (!pipeline->proving &&
        !journal_sync_before(pipeline->journal, pipeline->position, failure)) {
        return false;
    }
    int64_t synced_us = steady_clock_us();
    bool good = book_commit(pipeline->book, pipeline->position, pipeline->now_us, failure);
    metric_observe(metrics, METRIC_SYNC, synced_us - start_us);
    metric_observe(metrics, METRIC_COMMIT, steady_clock_us() - synced_us);
    if (pipeline->records > pipeline->records_committed) {
        metric_observe(metrics, METRIC_BATCH,
                       (int64_t)(pipeline->records - pipeline->records_committed));
    }
    pipeline->records_committed = good ? pipeline->records : pipeline->records_committed;
    return good;
}

/* A crash of a commit puts all that is in it under suspicion. */
static void suspect_batch(struct pipeline *pipeline)
{
    uint64_t booked = book_position(pipeline->book);
    bool alone = pipeline->records > 0 && pipeline->taken >= booked &&
                 skips_suspects(pipeline->skips, pipeline->taken);
    skips_take(pipeline->skips, alone ? pipeline->taken : booked, pipeline->position, alone);
}

static void settle(struct pipeline *pipeline)
{
    char handovers[MESSAGE_TOPIC_MAX];
    message_topic_begin(handovers, pipeline->plant->broker.root);
    message_topic_add(handovers, "handover");
    message_topic_add(handovers, "");
    book_outbox_settle(pipeline->book, pipeline->settle_after, handovers);
}

bool pipeline_commit(struct pipeline *pipeline, struct failure *failure)
{
    if (!pipeline->batch_open) {
        skips_take(pipeline->skips, 0, 0, false);  /* no record is in hand */
        return book_good(pipeline->book, failure); /* what history was read is true */
    }
    suspect_batch(pipeline);
    /* What is open goes with every commit: beside the postings that closed a segment the segment
     * would otherwise count twice. */
    pipeline_write_open(pipeline);
    pipeline->shown_position = pipeline->position;
    pipeline_tell_heats(pipeline);
    if (pipeline->settling) {
        settle(pipeline);
    }
    if (pipeline->outbox_sent > pipeline->outbox_forgotten) {
        book_outbox_sent(pipeline->book, pipeline->outbox_sent);
        pipeline->outbox_forgotten = pipeline->outbox_sent;
    }
    if (pipeline->failure.code != FAILURE_NONE) {
        *failure = pipeline->failure;
        return false;
    }
    pipeline->batch_open = false;
    bool good = sync_and_commit(pipeline, failure);
    skips_take(pipeline->skips, 0, 0, false);
    return good;
}
