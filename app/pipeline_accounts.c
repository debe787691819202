/* The quota accounts: what the rules enter goes to the book. */
#include "costing_rules.h"
#include "pipeline_state.h"

static void take_entry(void *context, const struct quota_entry *entry)
{
    struct pipeline *pipeline = context;
    struct effect_id id = {pipeline->record->position, pipeline->entry_ordinal++};
    if (pipeline->writing) {
        pipeline_batch(pipeline);
        book_quota_entry(pipeline->book, id, entry);
    }
}

void pipeline_enter(struct pipeline *pipeline, int64_t now_us)
{
    rules_enter(pipeline->rules, now_us, take_entry, pipeline);
}

void pipeline_carry(struct pipeline *pipeline, struct period month, int64_t now_us)
{
    const struct costing_rules *costing = &pipeline->plant->costing;
    int64_t planned_g = costing_planned_g(costing, month, (crew_id){CATALOG_NONE});
    pipeline_enter(pipeline, now_us);
    if (planned_g >= 0) {
        rules_reserve(pipeline->rules, month, planned_g, now_us, take_entry, pipeline);
    }
    rules_carry(pipeline->rules, month, now_us, take_entry, pipeline);
}

void pipeline_transfer(struct pipeline *pipeline, const struct kept_paper *paper)
{
    rules_transfer(pipeline->rules, paper, pipeline->now_us, take_entry, pipeline);
}
