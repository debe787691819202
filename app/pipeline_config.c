/* A configuration comes into force: the first one, or one that follows within the life of the
 * ledger. */
#include "pipeline_state.h"
#include "plant_adopt.h"
#include "plant_book.h"
#include "plant_record.h"

static struct decode_limits limits_of(const struct plant *plant)
{
    return (struct decode_limits){plant->skew_us, plant->broker.payload_max, &plant->roster.zone};
}

/* After a restart, too: the book must know the ids in force. */
static void book_the_plant(struct pipeline *pipeline)
{
    struct plant_book described;
    if (pipeline->writing) {
        pipeline_batch(pipeline);
    }
    plant_book_fill(&described, pipeline->plant, pipeline->plant_version,
                    pipeline->record->position);
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

/* Every room gets its tables. */
static void start_rooms(struct pipeline *pipeline)
{
    struct plant *plant = pipeline->plant;
    struct decode_limits limits = limits_of(plant);
    pipeline->decoder =
        decoder_create(&plant->catalog, plant->mappings, plant->mapping_count, &limits);
    pipeline->aggregator = aggregator_create(&plant->catalog, &plant->roster, &plant->heat_rules);
    pipeline_history_start(pipeline);
    pipeline->rules = rules_create(&plant->catalog, plant->quotas, plant->quota_count);
    pipeline->slots = slots_create(aggregator_calendar(pipeline->aggregator));
    watch_meters(pipeline);
    pipeline_timers_start(pipeline);
    book_the_plant(pipeline);
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
    book_the_plant(pipeline);
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

void pipeline_config(struct pipeline *pipeline)
{
    static const char name[] = "plant.json in the journal";
    struct zone zone;
    const char *text = NULL;
    if (!plant_record_decode(pipeline->record, &zone, &text, &pipeline->failure)) {
        return;
    }
    pipeline->plant_version++;
    if (pipeline->plant == NULL) {
        pipeline->plant = plant_read(name, text, &zone, &pipeline->failure);
        if (pipeline->plant != NULL) {
            start_rooms(pipeline);
        }
        return;
    }
    struct plant *other =
        plant_adopt(pipeline->plant, name, text, pipeline->now_us, NULL, &pipeline->failure);
    if (other == NULL) {
        return;
    }
    plant_exchange(pipeline->plant, other);
    follow_rooms(pipeline, other);
    plant_free(other);
}
