/* What is open, as the ledger shows it: state, never history. */
#include "memory.h"
#include "meter_held.h"
#include "pipeline_state.h"
#include "timestamp.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

static void write_balance(void *context, const struct balance *balance)
{
    struct pipeline *pipeline = context;
    book_balance(pipeline->book, balance);
}

/* What the ledger shows of a meter that is open, and of its state. */
struct shown_meter {
    const struct segment_list *open;
    struct book_meter_state state;
    struct meter_held held[METER_HELD_MAX];
    size_t held_count;
};

static void read_state(const struct pipeline *pipeline, meter_id meter,
                       struct book_meter_state *row)
{
    struct meter_state state;
    aggregator_meter(pipeline->aggregator, meter, &state);
    *row = (struct book_meter_state){
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
        *(info->refused ? &row->refused : &row->readings) += state.outcomes[i];
        row->held += info->held ? state.outcomes[i] : 0;
    }
}

static void digest(uint64_t *sum, const void *bytes, size_t count)
{
    *sum = XXH3_64bits_withSeed(bytes, count, *sum);
}

/* A number that is another one where anything shown is. */
static uint64_t shown_digest(const struct shown_meter *shown)
{
    const struct book_meter_state *state = &shown->state;
    const size_t counted = offsetof(struct book_meter_state, first_ts_us);
    uint64_t sum = shown->open->count;
    digest(&sum, &state->first_ts_us, sizeof *state - counted); /* 64-bit numbers, no gaps */
    for (size_t i = 0; i < shown->open->count; i++) {
        const struct segment *segment = &shown->open->items[i];
        const int64_t words[] = {segment->station.index,   segment->heat.value,
                                 segment->slot.day,        segment->slot.shift.index,
                                 segment->slot.crew.index, segment->start_us,
                                 segment->end_us,          segment->amount_base,
                                 segment->quality,         segment->method};
        digest(&sum, words, sizeof words);
    }
    for (size_t i = 0; i < shown->held_count; i++) {
        const struct held_reading *held = &shown->held[i].reading;
        const int64_t words[] = {held->ts_us, held->raw, held->last_us, held->last_raw,
                                 held->amount_base};
        digest(&sum, words, sizeof words);
        digest(&sum, shown->held[i].reason, strlen(shown->held[i].reason));
    }
    return sum;
}

static void write_held(struct pipeline *pipeline, meter_id meter, const struct meter_held *held)
{
    struct book_held row = {
        .meter = meter,
        .ts_us = held->reading.ts_us,
        .value_raw = held->reading.raw,
        .kind = held->kind,
        .reason = held->reason,
        .last_ts_us = held->reading.last_us,
        .last_value_raw = held->reading.last_raw,
        .amount_base = held->reading.amount_base,
    };
    book_held(pipeline->book, &row);
}

/* Most meters have not moved since a second ago: what the ledger has already is not written again.
 */
static void write_meter(struct pipeline *pipeline, const struct segment_list *open, meter_id meter)
{
    struct shown_meter shown; /* too large to be zeroed for each meter */
    shown.open = open;
    read_state(pipeline, meter, &shown.state);
    shown.held_count = meter_held_list(pipeline->aggregator, meter, shown.held, METER_HELD_MAX);
    uint64_t sum = shown_digest(&shown);
    if (pipeline->shown[meter.index] == sum) {
        return;
    }
    pipeline->shown[meter.index] = sum;
    book_open_forget(pipeline->book, meter);
    for (size_t i = 0; i < open->count; i++) {
        book_open_segment(pipeline->book, &open->items[i]);
    }
    book_meter_state(pipeline->book, &shown.state);
    for (size_t i = 0; i < shown.held_count; i++) {
        write_held(pipeline, meter, &shown.held[i]);
    }
}

/* The ledger has what another process, or another configuration, showed, or nothing. */
static void show_anew(struct pipeline *pipeline)
{
    uint32_t meter_count = pipeline->plant->catalog.meter_count;
    free(pipeline->shown);
    pipeline->shown = memory_zeroed(meter_count, sizeof *pipeline->shown);
    book_open_forget_all(pipeline->book);
}

void pipeline_show_forget(struct pipeline *pipeline)
{
    free(pipeline->shown);
    pipeline->shown = NULL;
}

void pipeline_write_open(struct pipeline *pipeline)
{
    book_open_begin(pipeline->book, pipeline->now_us);
    if (pipeline->shown == NULL) {
        show_anew(pipeline);
    }
    if (!pipeline->balances_told) {
        book_balances_clear(pipeline->book);
        pipeline->balances_told = true;
    }
    rules_show_begin(pipeline->rules);
    struct segment_list open = {0};
    for (uint32_t i = 0; i < pipeline->plant->catalog.meter_count; i++) {
        meter_id meter = {i};
        open.count = 0;
        aggregator_open(pipeline->aggregator, meter, &open);
        segment_list_drop_empty(&open);
        rules_show_open(pipeline->rules, open.items, open.count);
        write_meter(pipeline, &open, meter);
    }
    segment_list_clear(&open);
    rules_show_end(pipeline->rules, write_balance, pipeline);
    book_outcomes(pipeline->book, &pipeline->outcomes);
}
