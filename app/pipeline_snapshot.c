#include "pipeline_snapshot.h"

#include "aggregator_snapshot.h"
#include "memory.h"
#include "outcome_names.h"
#include "pipeline_state.h"
#include "rules_snapshot.h"
#include "timestamp.h"

#include <inttypes.h>
#include <stdlib.h>
#include <xxhash.h>

#define SECTION "pipeline"
#define CONFIGURATIONS "configurations"
#define SECTION_VERSION 2 /* 1 knew of no period to be closed */
#define VERSION 1
#define CONFIGURATIONS_MAX 100000
#define DAYS_MAX 10000000 /* from 1970-01-01 */

/* ---- To which journal it belongs ---- */

static uint64_t digest_of(const struct journal_record *record)
{
    const uint64_t words[] = {record->position, record->next, (uint64_t)record->arrival_us,
                              record->session, (uint64_t)record->kind};
    uint64_t sum = XXH3_64bits(words, sizeof words);
    sum = XXH3_64bits_withSeed(record->topic, record->topic_length, sum);
    return XXH3_64bits_withSeed(record->payload, record->payload_length, sum);
}

/* Whether the record that was taken last before the snapshot stands in this journal; one that the
 * journal does not keep any more cannot be asked for. */
static bool is_of_journal(const struct pipeline *pipeline, uint64_t digest, struct failure *failure)
{
    struct journal_record record;
    if (pipeline->taken < journal_begin(pipeline->journal)) {
        return true;
    }
    int got = journal_read(pipeline->journal, pipeline->taken, &record, failure);
    return got == 1 && digest_of(&record) == digest
               ? true
               : failure_set(failure, FAILURE_RESOURCE,
                             "the snapshot was made from another journal: the record at position "
                             "%" PRIu64 " is not the one that it was made after",
                             pipeline->taken);
}

/* ---- Saving ---- */

static void duty_save(const struct duty *duty, struct snapshot_writer *writer)
{
    snapshot_put_moment(writer, duty->start_us, 0);
    snapshot_put_moment(writer, duty->end_us, duty->start_us);
    snapshot_put_signed(writer, duty->slot.day);
    snapshot_put_number(writer, duty->slot.shift.index);
    snapshot_put_number(writer, duty->slot.crew.index);
}

static void outcomes_save(const struct outcome_counts *outcomes, struct snapshot_writer *writer)
{
    outcome_names_save(writer);
    for (int i = 0; i < OUTCOME_COUNT; i++) {
        snapshot_put_number(writer, outcomes->of[i]);
    }
}

static void configurations_save(const struct pipeline *pipeline, struct snapshot_writer *writer)
{
    snapshot_put_section(writer, CONFIGURATIONS, VERSION);
    snapshot_put_number(writer, pipeline->configuration_count);
    for (size_t i = 0; i < pipeline->configuration_count; i++) {
        const struct configuration *configuration = &pipeline->configurations[i];
        snapshot_put_signed(writer, configuration->at_us);
        snapshot_put_number(writer, configuration->payload_length);
        snapshot_put_bytes(writer, configuration->payload, configuration->payload_length);
    }
}

bool pipeline_save(struct pipeline *pipeline, struct snapshot_writer *writer,
                   struct failure *failure)
{
    struct journal_record record;
    REQUIRE(pipeline->plant != NULL && pipeline->pending_count == 0);
    if (!pipeline_show(pipeline, failure)) {
        return false;
    }
    REQUIRE(!pipeline->batch_open && book_position(pipeline->book) == pipeline->position);
    if (journal_read(pipeline->journal, pipeline->taken, &record, failure) != 1) {
        return false;
    }
    snapshot_begin(writer);
    snapshot_put_section(writer, SECTION, SECTION_VERSION);
    snapshot_put_text(writer, HEATLEDGER_VERSION);
    snapshot_put_number(writer, pipeline->position);
    snapshot_put_number(writer, pipeline->taken);
    snapshot_put_number(writer, digest_of(&record));
    snapshot_put_signed(writer, pipeline->now_us);
    snapshot_put_number(writer, pipeline->last_session);
    duty_save(&pipeline->present_shift, writer);
    snapshot_put_moment(writer, pipeline->handover_due_us, 0);
    duty_save(&pipeline->handover_shift, writer);
    snapshot_put_moment(writer, pipeline->period_due_us, 0);
    snapshot_put_signed(writer, pipeline->closing.from_day);
    snapshot_put_moment(writer, pipeline->heard_from_us, 0);
    outcomes_save(&pipeline->outcomes, writer);
    configurations_save(pipeline, writer);
    redelivery_save(pipeline->redelivery, writer);
    decoder_save(pipeline->decoder, writer);
    aggregator_save(pipeline->aggregator, writer);
    rules_save(pipeline->rules, writer);
    slots_save(pipeline->slots, writer);
    silences_save(&pipeline->silences, pipeline->plant->catalog.meter_count, writer);
    snapshot_end(writer);
    return true;
}

/* ---- Loading ---- */

static void duty_load(struct duty *duty, struct snapshot_reader *reader)
{
    duty->start_us = snapshot_get_moment(reader, 0);
    duty->end_us = snapshot_get_moment(reader, duty->start_us);
    duty->slot.day = (int32_t)snapshot_get_between(reader, INT32_MIN, INT32_MAX);
    duty->slot.shift.index = (uint16_t)snapshot_get_number(reader, UINT16_MAX);
    duty->slot.crew.index = (uint16_t)snapshot_get_number(reader, UINT16_MAX);
}

/* Whether its crew and shift are the configuration's. */
static bool duty_is_known(const struct duty *duty, const struct catalog *catalog)
{
    return duty->slot.shift.index < catalog->shift_count &&
           (duty->slot.crew.index < catalog->crew_count || duty->slot.crew.index == CATALOG_NONE ||
            duty->start_us == duty->end_us);
}

static void outcomes_load(struct outcome_counts *outcomes, struct snapshot_reader *reader)
{
    struct outcome_names names;
    outcome_names_load(&names, reader);
    for (size_t i = 0; i < names.count; i++) {
        outcomes->of[names.of[i]] = snapshot_get_number(reader, UINT64_MAX);
    }
}

/* The configurations one behind the other, as the journal brought them. */
static bool configurations_read(struct snapshot_reader *reader,
                                bool (*take)(void *context, const struct journal_record *record),
                                void *context)
{
    snapshot_get_section(reader, CONFIGURATIONS, VERSION);
    size_t count = snapshot_get_count(reader, CONFIGURATIONS_MAX);
    for (size_t i = 0; i < count; i++) {
        struct journal_record record = {.kind = JOURNAL_CONFIG};
        record.arrival_us = snapshot_get_signed(reader);
        record.payload_length = snapshot_get_count(reader, JOURNAL_PAYLOAD_MAX);
        record.payload = snapshot_get_bytes(reader, record.payload_length);
        if (!snapshot_is_good(reader) || !take(context, &record)) {
            return false;
        }
    }
    return count > 0 || snapshot_refuse(reader, "it has no configuration");
}

static bool take_configuration(void *context, const struct journal_record *record)
{
    struct pipeline *pipeline = context;
    struct plant *plant = pipeline_read_config(pipeline, record, record->arrival_us);
    if (plant == NULL) {
        return false;
    }
    plant_free(pipeline->plant);
    pipeline->plant = plant;
    return true;
}

static void rooms_load(struct pipeline *pipeline, struct snapshot_reader *reader)
{
    uint32_t meter_count = pipeline->plant->catalog.meter_count;
    redelivery_load(pipeline->redelivery, reader);
    decoder_load(pipeline->decoder, reader);
    if (snapshot_is_good(reader) && aggregator_load(pipeline->aggregator, reader) &&
        rules_load(pipeline->rules, reader)) {
        slots_load(pipeline->slots, &pipeline->plant->catalog, reader);
        silences_load(&pipeline->silences, meter_count, reader);
    }
}

/* `*digest`: of the record that was taken last. */
static void head_read(struct pipeline *pipeline, struct snapshot_reader *reader, uint64_t *digest)
{
    snapshot_get_section(reader, SECTION, SECTION_VERSION);
    bool closes = reader->version >= 2;
    snapshot_get_text(reader, SNAPSHOT_SECTION_MAX); /* which version wrote it: for persons */
    pipeline->position = snapshot_get_number(reader, UINT64_MAX);
    pipeline->taken = snapshot_get_number(reader, UINT64_MAX);
    *digest = snapshot_get_number(reader, UINT64_MAX);
    pipeline->now_us = snapshot_get_signed(reader);
    pipeline->last_session = (uint32_t)snapshot_get_number(reader, UINT32_MAX);
    duty_load(&pipeline->present_shift, reader);
    pipeline->handover_due_us = snapshot_get_moment(reader, 0);
    duty_load(&pipeline->handover_shift, reader);
    pipeline->period_due_us = closes ? snapshot_get_moment(reader, 0) : TIMESTAMP_NEVER_US;
    pipeline->closing.from_day =
        closes ? (int32_t)snapshot_get_between(reader, -DAYS_MAX, DAYS_MAX) : 0;
    pipeline->heard_from_us = snapshot_get_moment(reader, 0);
    outcomes_load(&pipeline->outcomes, reader);
}

static bool head_load(struct pipeline *pipeline, struct snapshot_reader *reader,
                      struct failure *failure)
{
    uint64_t digest = 0;
    head_read(pipeline, reader, &digest);
    if (!snapshot_is_good(reader)) {
        return snapshot_close(reader, failure);
    }
    if (pipeline->position < journal_begin(pipeline->journal) ||
        pipeline->position > book_position(pipeline->book)) {
        return failure_set(failure, FAILURE_RESOURCE,
                           "the snapshot is of position %" PRIu64 ", which the journal does not "
                           "keep any more or the ledger has not reached",
                           pipeline->position);
    }
    return is_of_journal(pipeline, digest, failure);
}

/* What pipeline_timers_start sets must not stay: the timers go on. */
struct timers {
    struct duty present_shift, handover_shift;
    int64_t handover_due_us, period_due_us;
    int32_t closing_day;
};

bool pipeline_load(struct pipeline *pipeline, struct snapshot_reader *reader,
                   struct failure *failure)
{
    REQUIRE(pipeline->plant == NULL);
    if (!head_load(pipeline, reader, failure)) {
        return false;
    }
    if (!configurations_read(reader, take_configuration, pipeline)) {
        *failure = pipeline->failure.code != FAILURE_NONE ? pipeline->failure : reader->wrong;
        return false;
    }
    const struct catalog *catalog = &pipeline->plant->catalog;
    struct timers timers = {pipeline->present_shift, pipeline->handover_shift,
                            pipeline->handover_due_us, pipeline->period_due_us,
                            pipeline->closing.from_day};
    if (!duty_is_known(&timers.present_shift, catalog) ||
        !duty_is_known(&timers.handover_shift, catalog)) {
        return failure_set(failure, FAILURE_RESOURCE,
                           "the snapshot names shifts or crews that its configuration has not");
    }
    pipeline_create_rooms(pipeline);
    pipeline->present_shift = timers.present_shift;
    pipeline->handover_shift = timers.handover_shift;
    pipeline->handover_due_us = timers.handover_due_us;
    rooms_load(pipeline, reader);
    if (!snapshot_close(reader, failure)) {
        return false;
    }
    if (timers.period_due_us == TIMESTAMP_NEVER_US &&
        timers.handover_due_us != TIMESTAMP_NEVER_US) { /* an earlier version closed none */
        pipeline_periods_begin(pipeline, timers.handover_shift.slot.day);
    } else {
        pipeline->closing = period_of(PERIOD_TEN_DAYS, timers.closing_day);
        pipeline->period_due_us = timers.period_due_us;
    }
    pipeline_book_plant(pipeline, pipeline->position); /* which has it already */
    return true;
}

bool pipeline_snapshot_configurations(struct snapshot_reader *reader, uint64_t *position,
                                      bool (*take)(void *context,
                                                   const struct journal_record *record),
                                      void *context, struct failure *failure)
{
    struct pipeline *head = memory_zeroed(1, sizeof *head);
    uint64_t digest = 0;
    head_read(head, reader, &digest);
    *position = head->position;
    free(head);
    if (configurations_read(reader, take, context)) {
        return true;
    }
    return snapshot_is_good(reader) ? false : snapshot_close(reader, failure);
}

const struct aggregator *pipeline_aggregator(const struct pipeline *pipeline)
{
    return pipeline->aggregator;
}
