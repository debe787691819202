/* A configuration comes into force: the first one, or one that follows within the life of the
 * ledger. */
#include "memory.h"
#include "pipeline_state.h"
#include "plant_adopt.h"
#include "plant_book.h"
#include "plant_record.h"

#include <stdlib.h>
#include <string.h>

static struct decode_limits limits_of(const struct plant *plant)
{
    return (struct decode_limits){plant->skew_us, plant->broker.payload_max, &plant->roster.zone};
}

/* After a restart, too: the book must know the ids in force. */
void pipeline_book_plant(struct pipeline *pipeline, uint64_t position)
{
    struct plant_book described;
    if (pipeline->writing) {
        pipeline_batch(pipeline);
    }
    plant_book_fill(&described, pipeline->plant, pipeline->plant_version, position);
    book_plant(pipeline->book, &described.book);
    plant_book_clear(&described);
}

/* Those, too, that no quota counts: their open use makes crew-shifts known, which must not depend
 * on when it is shown. */
static void watch_meters(struct pipeline *pipeline)
{
    for (uint32_t i = 0; i < pipeline->plant->catalog.meter_count; i++) {
        aggregator_watch(pipeline->aggregator, (meter_id){i}, INT64_MAX);
    }
}

void pipeline_create_rooms(struct pipeline *pipeline)
{
    struct plant *plant = pipeline->plant;
    struct decode_limits limits = limits_of(plant);
    pipeline->decoder =
        decoder_create(&plant->catalog, plant->mappings, plant->mapping_count, &limits);
    pipeline->aggregator = aggregator_create(&plant->catalog, &plant->roster, &plant->heat_rules);
    pipeline_history_start(pipeline);
    pipeline->rules = rules_create(&plant->catalog, plant->quotas, plant->quota_count);
    rules_zone(pipeline->rules, &plant->roster.zone);
    pipeline->slots = slots_create(aggregator_calendar(pipeline->aggregator));
    watch_meters(pipeline);
    pipeline_timers_start(pipeline);
}

/* The rooms go on with what they know. The plant has other tables in the same place; `former` has
 * those that it had, and is not needed any more afterwards. */
static void follow_rooms(struct pipeline *pipeline, const struct plant *former)
{
    const struct plant *plant = pipeline->plant;
    struct decode_limits limits = limits_of(plant);
    struct effects effects;
    decoder_follow(pipeline->decoder, former->catalog.meter_count, plant->mappings,
                   plant->mapping_count, &limits);
    rules_follow(pipeline->rules, plant->quotas, plant->quota_count);
    pipeline_book_plant(pipeline, pipeline->record->position);
    pipeline_show_forget(pipeline);
    aggregator_begin(pipeline->aggregator, pipeline->record->position);
    aggregator_follow(pipeline->aggregator, &former->catalog, &former->roster, &effects);
    pipeline_history_start(pipeline);
    pipeline_effects(pipeline, &effects);
    watch_meters(pipeline);
    for (uint32_t i = 0; i < plant->catalog.meter_count; i++) {
        if (rules_watch(pipeline->rules, (meter_id){i})) {
            pipeline_opened(pipeline, (meter_id){i});
        }
    }
    pipeline_timers_follow(pipeline);
    pipeline_judge(pipeline, pipeline->now_us);
}

static void keep(struct pipeline *pipeline, const struct journal_record *record, int64_t at_us)
{
    struct configuration kept = {at_us, memory_zeroed(record->payload_length, 1),
                                 record->payload_length};
    memcpy(kept.payload, record->payload, record->payload_length);
    memory_grow(&pipeline->configurations, pipeline->configuration_count,
                &pipeline->configuration_capacity, sizeof *pipeline->configurations);
    pipeline->configurations[pipeline->configuration_count++] = kept;
    pipeline->plant_version = (int32_t)pipeline->configuration_count;
}

void pipeline_configurations_clear(struct pipeline *pipeline)
{
    for (size_t i = 0; i < pipeline->configuration_count; i++) {
        free(pipeline->configurations[i].payload);
    }
    free(pipeline->configurations);
    pipeline->configurations = NULL;
    pipeline->configuration_count = 0;
}

struct plant *pipeline_read_config(struct pipeline *pipeline, const struct journal_record *record,
                                   int64_t at_us)
{
    static const char name[] = "plant.json in the journal";
    struct zone zone;
    const char *text = NULL;
    if (!plant_record_decode(record, &zone, &text, &pipeline->failure)) {
        return NULL;
    }
    struct plant *plant =
        pipeline->plant == NULL
            ? plant_read(name, text, &zone, &pipeline->failure)
            : plant_adopt(pipeline->plant, name, text, at_us, NULL, &pipeline->failure);
    if (plant != NULL) {
        keep(pipeline, record, at_us);
    }
    return plant;
}

void pipeline_config(struct pipeline *pipeline)
{
    struct plant *plant = pipeline_read_config(pipeline, pipeline->record, pipeline->now_us);
    if (plant == NULL) {
        return;
    }
    if (pipeline->plant == NULL) {
        pipeline->plant = plant;
        pipeline_create_rooms(pipeline);
        pipeline_book_plant(pipeline, pipeline->record->position);
        return;
    }
    plant_exchange(pipeline->plant, plant);
    follow_rooms(pipeline, plant);
    plant_free(plant);
}
