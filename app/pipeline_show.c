/* What is open, as the ledger shows it: state, replaced as a whole, never history. */
#include "meter_held.h"
#include "pipeline_state.h"
#include "timestamp.h"

static void write_balance(void *context, const struct balance *balance)
{
    struct pipeline *pipeline = context;
    book_balance(pipeline->book, balance);
}

static void write_meter(struct pipeline *pipeline, meter_id meter)
{
    struct meter_state state;
    aggregator_meter(pipeline->aggregator, meter, &state);
    struct book_meter_state row = {
        .meter = meter,
        .first_ts_us = state.first_ts_us,
        .last_ts_us = state.last_ts_us,
        .last_alive_us = state.last_alive_us,
        .last_value_raw = state.last_raw,
        .booked_base = state.booked_base,
        .gaps = state.gaps,
        .duplicates = state.outcomes[OUTCOME_DUPLICATE],
        .conflicts = state.outcomes[OUTCOME_CONFLICT],
        .late = state.outcomes[OUTCOME_LATE],
        .glitches = state.dips,
        .spikes = state.outcomes[OUTCOME_SPIKE],
        .resets = state.outcomes[OUTCOME_RESET],
    };
    for (int i = 0; i < OUTCOME_COUNT; i++) {
        const struct outcome_info *info = outcome_info((enum outcome)i);
        *(info->refused ? &row.refused : &row.readings) += state.outcomes[i];
        row.held += info->held ? state.outcomes[i] : 0;
    }
    book_meter_state(pipeline->book, &row);
}

static void write_held(struct pipeline *pipeline, meter_id meter)
{
    struct meter_held held[METER_HELD_MAX];
    size_t count = meter_held_list(pipeline->aggregator, meter, held, METER_HELD_MAX);
    for (size_t i = 0; i < count; i++) {
        struct book_held row = {
            .meter = meter,
            .ts_us = held[i].reading.ts_us,
            .value_raw = held[i].reading.raw,
            .kind = held[i].kind,
            .reason = held[i].reason,
            .last_ts_us = held[i].reading.last_us,
            .last_value_raw = held[i].reading.last_raw,
            .amount_base = held[i].reading.amount_base,
        };
        book_held(pipeline->book, &row);
    }
}

void pipeline_write_open(struct pipeline *pipeline)
{
    book_open_begin(pipeline->book, pipeline->now_us);
    book_held_begin(pipeline->book);
    rules_show_begin(pipeline->rules);
    struct segment_list open = {0};
    for (uint32_t i = 0; i < pipeline->plant->catalog.meter_count; i++) {
        meter_id meter = {i};
        open.count = 0;
        aggregator_open(pipeline->aggregator, meter, &open);
        segment_list_drop_empty(&open);
        for (size_t j = 0; j < open.count; j++) {
            book_open_segment(pipeline->book, &open.items[j]);
            pipeline_slot(pipeline, open.items[j].slot, open.items[j].start_us);
        }
        rules_show_open(pipeline->rules, open.items, open.count);
        write_meter(pipeline, meter);
        write_held(pipeline, meter);
    }
    segment_list_clear(&open);
    rules_show_end(pipeline->rules, write_balance, pipeline);
    book_outcomes(pipeline->book, &pipeline->outcomes);
}
