/* From the record in hand to facts, and from facts to what they book. */
#include "alert_delay.h"
#include "announce.h"
#include "memory.h"
#include "pipeline_state.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* `reading`: the one that is held; NULL: none is. */
static void write_reject(struct pipeline *pipeline, enum outcome outcome, const char *detail,
                         const struct reading *reading)
{
    if (!pipeline->writing) {
        return;
    }
    const struct journal_record *record = pipeline->record;
    struct book_reject reject = {
        .id = {record->position, pipeline->reject_ordinal++},
        .at_us = record->arrival_us,
        .topic = record->topic,
        .topic_length = record->topic_length,
        .outcome = outcome,
        .detail = detail != NULL ? detail : outcome_info(outcome)->meaning,
        .payload = record->payload,
        .payload_length = record->payload_length,
    };
    if (reading != NULL) {
        reject.of_reading = true;
        reject.meter = reading->meter;
        reject.ts_us = reading->ts_us;
        reject.value_raw = reading->value_raw;
    }
    pipeline_batch(pipeline);
    book_reject(pipeline->book, &reject);
}

void pipeline_leave_out(struct pipeline *pipeline)
{
    pipeline->outcomes.of[OUTCOME_SKIPPED]++;
    write_reject(pipeline, OUTCOME_SKIPPED, NULL, NULL);
}

void pipeline_refuse(struct pipeline *pipeline, enum outcome outcome, const char *detail)
{
    pipeline->outcomes.of[outcome]++;
    write_reject(pipeline, outcome, detail, NULL);
}

void pipeline_redelivered(struct pipeline *pipeline, uint64_t position)
{
    char detail[128];
    snprintf(detail, sizeof detail,
             "the message at position %" PRIu64 " once more: the broker had not heard that we "
             "have it",
             position);
    pipeline_refuse(pipeline, OUTCOME_REDELIVERED, detail);
}

static void take_pending(struct pipeline *pipeline);

static void take_refusal(void *context, const meter_id *meter, enum outcome outcome,
                         const char *detail)
{
    struct pipeline *pipeline = context;
    take_pending(pipeline); /* the order of the message stays */
    if (meter != NULL) {
        aggregator_count(pipeline->aggregator, *meter, outcome);
    }
    pipeline->outcomes.of[outcome]++;
    write_reject(pipeline, outcome, detail, NULL);
}

/* Takes note that a heat is to be told of: once a batch, when its balances are written. */
static void tell_heat(struct pipeline *pipeline, heat_no heat)
{
    if (pipeline->muted) {
        return;
    }
    struct effect_id id = pipeline_message_id(pipeline);
    if (pipeline->settling) {
        return; /* not retained */
    }
    for (size_t i = 0; i < pipeline->told_count; i++) {
        if (pipeline->told[i].heat.value == heat.value) {
            pipeline->told[i].id = id;
            return;
        }
    }
    memory_grow(&pipeline->told, pipeline->told_count, &pipeline->told_capacity,
                sizeof *pipeline->told);
    pipeline->told[pipeline->told_count++] = (struct told_heat){heat, id};
}

void pipeline_tell_heats(struct pipeline *pipeline)
{
    const struct heats *heats = aggregator_heats(pipeline->aggregator);
    for (size_t i = 0; i < pipeline->told_count; i++) {
        const struct heat *heat = heats_get(heats, pipeline->told[i].heat);
        if (!heat->gone) {
            announce_heat(pipeline->book, pipeline->told[i].id, pipeline->plant->broker.root, heat,
                          &pipeline->failure);
        }
    }
    pipeline->told_count = 0;
}

/* A heat is new or changed: to the rules, and, while writing, to the book. */
static void take_heat(struct pipeline *pipeline, heat_no no)
{
    const struct heats *heats = aggregator_heats(pipeline->aggregator);
    const struct heat *heat = heats_get(heats, no);
    if (heat_owned(heat)) {
        pipeline_slot(pipeline, heat->owner, heat->owner_at_us);
    }
    rules_heat(pipeline->rules, heat);
    if (!pipeline->writing) {
        return;
    }
    size_t count = 0;
    const struct heat_stay *stays = heats_stays(heats, no, &count);
    pipeline_batch(pipeline);
    book_heat(pipeline->book, heat, pipeline->record->position);
    book_stays_clear(pipeline->book, no);
    for (size_t i = 0; i < count; i++) {
        book_stay(pipeline->book, &stays[i]);
    }
    struct heat_review reviews[HEATS_REVIEWS_MAX];
    size_t review_count = heats_reviews(heats, no, reviews, HEATS_REVIEWS_MAX);
    book_reviews_clear(pipeline->book, no);
    for (size_t i = 0; i < review_count; i++) {
        book_review(pipeline->book, &reviews[i]);
    }
    if (heat_ended(heat) && !heat->gone) {
        tell_heat(pipeline, heat->no);
    }
}

static void take_posting(struct pipeline *pipeline, const struct posting *posting)
{
    pipeline_slot(pipeline, posting->segment.slot, posting->segment.start_us);
    rules_post(pipeline->rules, &posting->segment);
    if (pipeline->writing) {
        struct posting booked = *posting;
        booked.booked_at_us = pipeline->now_us;
        pipeline_batch(pipeline);
        book_posting(pipeline->book, &booked);
    }
}

void pipeline_opened(struct pipeline *pipeline, meter_id meter)
{
    struct segment_list open = {0};
    aggregator_open(pipeline->aggregator, meter, &open);
    for (size_t i = 0; i < open.count; i++) {
        pipeline_slot(pipeline, open.items[i].slot, open.items[i].start_us);
    }
    int64_t headroom_base = rules_open(pipeline->rules, meter, open.items, open.count);
    aggregator_watch(pipeline->aggregator, meter, headroom_base);
    segment_list_clear(&open);
}

void pipeline_effects(struct pipeline *pipeline, const struct effects *effects)
{
    if (effects->calendar_changed) {
        pipeline_calendar_changed(pipeline, effects->calendar_from_us, effects->calendar_to_us);
    }
    for (size_t i = 0; i < effects->heat_count; i++) {
        take_heat(pipeline, effects->heats[i]);
    }
    for (size_t i = 0; i < effects->posting_count; i++) {
        take_posting(pipeline, &effects->postings[i]);
    }
    for (size_t i = 0; i < effects->opened_count; i++) {
        pipeline_opened(pipeline, effects->opened[i]);
    }
}

static void take_fact(struct pipeline *pipeline, const struct fact *fact)
{
    struct effects effects = {0};
    enum outcome outcome;
    if (fact->kind == FACT_PAPER) {
        outcome = pipeline_paper(pipeline, fact->as.paper, &effects.detail);
    } else if (pipeline_is_of_alert(fact)) {
        outcome = pipeline_alert_entry(pipeline, &fact->as.entry, &effects.detail);
    } else {
        outcome =
            aggregator_apply(pipeline->aggregator, fact, pipeline->record->arrival_us, &effects);
    }
    pipeline->outcomes.of[outcome]++;
    if (effects.plain) {
        pipeline_watch_life(pipeline, &fact->as.reading);
        return;
    }
    pipeline_effects(pipeline, &effects);
    pipeline_watch_meter(pipeline, fact);
    const struct outcome_info *info = outcome_info(outcome);
    bool in_vain = outcome == OUTCOME_NO_EFFECT && fact->kind == FACT_ENTRY; /* its author asks */
    bool in_part = effects.detail != NULL && outcome != OUTCOME_NO_EFFECT &&
                   fact->kind != FACT_PAPER &&
                   !pipeline_is_of_alert(fact); /* what it reaches back to is gone */
    if (info->held || info->refused || in_vain || in_part) {
        bool reading_held = info->held && fact->kind == FACT_READING;
        write_reject(pipeline, outcome, effects.detail, reading_held ? &fact->as.reading : NULL);
    }
}

static void take_pending(struct pipeline *pipeline)
{
    meter_id meters[PIPELINE_PENDING_MAX];
    size_t count = 0;
    for (size_t i = 0; i < pipeline->pending_count; i++) {
        if (pipeline->pending[i].kind == FACT_READING) {
            meters[count++] = pipeline->pending[i].as.reading.meter;
        }
    }
    if (count > 1) {
        aggregator_prefetch(pipeline->aggregator, meters, count);
    }
    for (size_t i = 0; i < pipeline->pending_count; i++) {
        take_fact(pipeline, &pipeline->pending[i]);
    }
    pipeline->pending_count = 0;
}

/* Facts wait for each other, so that what they need is fetched together. Their texts are the
 * decoder's until the end of the message. */
static void gather_fact(void *context, const struct fact *fact)
{
    struct pipeline *pipeline = context;
    pipeline->pending[pipeline->pending_count++] = *fact;
    if (pipeline->pending_count == PIPELINE_PENDING_MAX) {
        take_pending(pipeline);
    }
}

void pipeline_facts(struct pipeline *pipeline)
{
    struct decode_sink sink = {.context = pipeline, .fact = gather_fact, .refused = take_refusal};
    aggregator_begin(pipeline->aggregator, pipeline->record->position);
    decode(pipeline->decoder, pipeline->record, &sink);
    take_pending(pipeline);
}

/* What late truth brings about once the scope has ended, and an alert that a retained reading alone
 * brought about, are told in reports, as retro; nobody is called for it. */
void pipeline_take_transition(void *context, const struct alert_transition *judged)
{
    struct pipeline *pipeline = context;
    if (!pipeline->writing) {
        return;
    }
    struct alert_transition seen = *judged;
    const struct alert_transition *transition = &seen;
    seen.retro = seen.retro || pipeline->retained;
    struct effect_id id = {pipeline->record->position, pipeline->alert_ordinal++};
    pipeline_batch(pipeline);
    book_alert(pipeline->book, id, transition);
    if (pipeline->muted || (pipeline->retained && transition->state == ALERT_RAISED)) {
        return;
    }
    if (!judged->retro) {
        struct effect_id message = pipeline_message_id(pipeline);
        announce_alert(pipeline->book, message, id, transition, pipeline->plant->broker.root,
                       &pipeline->failure);
        if (pipeline->watch.delay != NULL && transition->state == ALERT_RAISED &&
            transition->matter != ALERT_SYSTEM) {
            alert_delay_made(pipeline->watch.delay, message, pipeline->record->arrival_us);
        }
    }
    if (transition->scope == BALANCE_HEAT && transition->state != ALERT_CLOSED) {
        tell_heat(pipeline, transition->heat);
    }
}

void pipeline_judge(struct pipeline *pipeline, int64_t now_us)
{
    meter_id meter;
    while (rules_ask(pipeline->rules, &meter)) {
        pipeline_opened(pipeline, meter);
    }
    pipeline_enter(pipeline, now_us);
    rules_judge(pipeline->rules, now_us, pipeline_take_transition, pipeline);
}
