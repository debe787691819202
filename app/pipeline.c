#include "pipeline_state.h"

#include "memory.h"
#include "timestamp.h"

#include <stdlib.h>

struct pipeline *pipeline_create(struct journal *journal, struct book *book)
{
    struct pipeline *pipeline = memory_zeroed(1, sizeof *pipeline);
    pipeline->journal = journal;
    pipeline->book = book;
    pipeline->position = journal_begin(journal);
    pipeline->end = UINT64_MAX;
    pipeline->shown_position = book_position(book);
    pipeline->handover_due_us = TIMESTAMP_NEVER_US;
    pipeline_periods_start(pipeline);
    pipeline->redelivery = redelivery_create();
    return pipeline;
}

void pipeline_destroy(struct pipeline *pipeline)
{
    if (pipeline == NULL) {
        return;
    }
    pipeline_history_clear(pipeline);
    free(pipeline->told);
    slots_destroy(pipeline->slots);
    silences_clear(&pipeline->silences);
    pipeline_show_forget(pipeline);
    rules_destroy(pipeline->rules);
    aggregator_destroy(pipeline->aggregator);
    decoder_destroy(pipeline->decoder);
    redelivery_destroy(pipeline->redelivery);
    plant_free(pipeline->plant);
    pipeline_configurations_clear(pipeline);
    free(pipeline);
}

void pipeline_batch(struct pipeline *pipeline)
{
    if (!pipeline->batch_open) {
        book_begin(pipeline->book);
        pipeline->batch_open = true;
    }
}

struct effect_id pipeline_message_id(struct pipeline *pipeline)
{
    return (struct effect_id){pipeline->record->position, pipeline->outbox_ordinal++};
}

static void take_message(struct pipeline *pipeline)
{
    pipeline->retained = pipeline->record->retain;
    pipeline_facts(pipeline);
    /* Crew-shifts that were first heard of after their end. */
    pipeline_timers_fire(pipeline, pipeline->now_us);
    pipeline_judge(pipeline, pipeline->now_us);
    pipeline->retained = false;
}

static void take_tick(struct pipeline *pipeline)
{
    (void)pipeline; /* time has passed, which is all a tick says */
}

static void take_skip(struct pipeline *pipeline)
{
    (void)pipeline; /* known since before the record that it is about: skips.h */
}

/* From here on a crash puts this record under suspicion, unless it is booked already; returns
 * whether it is left out, as it has crashed the engine before. */
static bool suspect(struct pipeline *pipeline, const struct journal_record *record)
{
    bool alone = skips_suspects(pipeline->skips, record->position);
    skips_take(pipeline->skips, record->position,
               pipeline->writing ? record->next : record->position, alone);
    if (skips_test_hook != NULL && !skips_has(pipeline->skips, record->position)) {
        skips_test_hook(record);
    }
    return skips_has(pipeline->skips, record->position);
}

/* One record, from the journal to verdicts. */
static void pipeline_step(struct pipeline *pipeline, const struct journal_record *record)
{
    static void (*const take[])(struct pipeline *) = {
        [JOURNAL_MESSAGE] = take_message,  [JOURNAL_CONFIG] = pipeline_config,
        [JOURNAL_TICK] = take_tick,        [JOURNAL_ENTRY] = take_message,
        [JOURNAL_OVERSIZE] = take_message, [JOURNAL_SKIP] = take_skip,
        [JOURNAL_NOTE] = pipeline_note,
    };
    if (record->kind >= sizeof take / sizeof take[0] || take[record->kind] == NULL) {
        failure_set(&pipeline->failure, FAILURE_RESOURCE,
                    "the journal's record at position %llu is of kind %d, which this version does "
                    "not know: a newer heatledger wrote it",
                    (unsigned long long)record->position, (int)record->kind);
        return;
    }
    pipeline->record = record;
    pipeline->writing = record->position >= book_position(pipeline->book);
    bool left_out = suspect(pipeline, record);
    pipeline->reject_ordinal = 0;
    pipeline->alert_ordinal = 0;
    pipeline->paper_ordinal = 0;
    pipeline->entry_ordinal = 0;
    pipeline->outbox_ordinal = 0;
    if (pipeline->plant == NULL && record->kind != JOURNAL_CONFIG) {
        failure_set(&pipeline->failure, FAILURE_RESOURCE,
                    "the journal does not begin with a configuration record");
        return;
    }
    if (record->session > pipeline->last_session) {
        pipeline->last_session = record->session;
    }
    int64_t arrival_us = record->arrival_us;
    pipeline->now_us = arrival_us > pipeline->now_us ? arrival_us : pipeline->now_us;
    if (pipeline->plant != NULL) {
        pipeline_timers_fire(pipeline, pipeline->now_us);
    }
    uint64_t first = 0; /* of a message that came twice */
    bool again = redelivery_take(pipeline->redelivery, record, &first);
    if (left_out) {
        pipeline_leave_out(pipeline);
    } else if (again) {
        pipeline_redelivered(pipeline, first);
    } else {
        take[record->kind](pipeline);
    }
    if (pipeline->rules != NULL) {
        pipeline_enter(pipeline, pipeline->now_us); /* what only time has brought about */
    }
    pipeline_history_write(pipeline);
    pipeline->taken = record->position;
    pipeline->position = record->next;
    pipeline->records++;
}

void pipeline_mute(struct pipeline *pipeline)
{
    pipeline->muted = true;
    pipeline->settling = false;
}

void pipeline_settle(struct pipeline *pipeline)
{
    pipeline->settling = true;
    pipeline->settle_after = book_outbox_last(pipeline->book);
}

void pipeline_prove_until(struct pipeline *pipeline, uint64_t position)
{
    pipeline->muted = true;
    pipeline->end = position;
    pipeline->proving = true;
}

static void watch_turn(struct pipeline *pipeline)
{
    if (pipeline->watch.turn != NULL) {
        pipeline->watch.turn(pipeline->watch.context);
    }
}

bool pipeline_drain(struct pipeline *pipeline, const atomic_bool *stop, struct failure *failure)
{
    struct journal_record record;
    uint32_t in_batch = 0;
    int got = 0;
    while (pipeline->position < pipeline->end &&
           (stop == NULL || !atomic_load_explicit(stop, memory_order_relaxed)) &&
           (got = journal_read(pipeline->journal, pipeline->position, &record, failure)) == 1) {
        bool alone = skips_suspects(pipeline->skips, record.position);
        if (alone && !pipeline_commit(pipeline, failure)) {
            return false;
        }
        pipeline_step(pipeline, &record);
        if (pipeline->failure.code != FAILURE_NONE) {
            *failure = pipeline->failure;
            return false;
        }
        if (++in_batch == PIPELINE_BATCH_RECORDS || alone) {
            in_batch = 0;
            if (!pipeline_commit(pipeline, failure)) {
                return false;
            }
            watch_turn(pipeline);
        }
    }
    bool good = got >= 0 && pipeline_commit(pipeline, failure);
    if (good) { /* otherwise what was taken is not booked, and who looks on would count it */
        watch_turn(pipeline);
    }
    return good;
}

bool pipeline_make_again(struct pipeline *pipeline, uint64_t position, struct failure *failure)
{
    bool muted = pipeline->muted;
    uint64_t end = pipeline->end;
    pipeline->muted = true;
    pipeline->end = position;
    bool good = pipeline_drain(pipeline, NULL, failure);
    pipeline->muted = muted;
    pipeline->end = end;
    return good;
}

bool pipeline_show(struct pipeline *pipeline, struct failure *failure)
{
    if (!pipeline_is_behind(pipeline)) {
        return true;
    }
    pipeline_batch(pipeline);
    return pipeline_commit(pipeline, failure);
}

bool pipeline_is_behind(const struct pipeline *pipeline)
{
    return pipeline->plant != NULL && pipeline->position > pipeline->shown_position;
}

uint64_t pipeline_position(const struct pipeline *pipeline)
{
    return pipeline->position;
}

const struct plant *pipeline_plant(const struct pipeline *pipeline)
{
    return pipeline->plant;
}

int64_t pipeline_now_us(const struct pipeline *pipeline)
{
    return pipeline->now_us;
}

uint32_t pipeline_last_session(const struct pipeline *pipeline)
{
    return pipeline->last_session;
}

void pipeline_set_watch(struct pipeline *pipeline, const struct pipeline_watch *watch)
{
    pipeline->watch = *watch;
}

void pipeline_set_skips(struct pipeline *pipeline, struct skips *skips)
{
    pipeline->skips = skips;
}

uint64_t pipeline_taken(const struct pipeline *pipeline)
{
    return pipeline->records;
}

uint64_t pipeline_committed(const struct pipeline *pipeline)
{
    return pipeline->records_committed;
}

struct metrics *pipeline_metrics(const struct pipeline *pipeline)
{
    return pipeline->watch.metrics;
}

const struct outcome_counts *pipeline_outcomes(const struct pipeline *pipeline)
{
    return &pipeline->outcomes;
}

void pipeline_outbox_sent(struct pipeline *pipeline, int64_t row)
{
    pipeline->outbox_sent = row;
}
