/* What happens to a meter. */
#include "aggregator_state.h"

enum outcome apply_meter(struct aggregator *aggregator, const struct fact *fact, int64_t arrival_us)
{
    (void)arrival_us;
    const struct meter_event *event = &fact->as.meter;
    if (event->kind == METER_EVENT_MULTIPLIER) {
        aggregator->detail = "a multiplier that changes is not booked by this version";
        return OUTCOME_NOT_SUPPORTED;
    }
    if (aggregator_book(aggregator, event->meter)->meter->kind != METER_REGISTER) {
        aggregator->detail = "only a register can be exchanged or reset";
        return OUTCOME_NOT_ALLOWED;
    }
    if (event->initial_raw == INT64_MIN) {
        aggregator->detail = "needs \"initial\": what the register shows afterwards";
        return OUTCOME_BAD_FIELD;
    }
    const struct meter *meter = aggregator_book(aggregator, event->meter)->meter;
    if (!aggregator_is_countable(meter, event->initial_raw) ||
        (event->final_raw != INT64_MIN && !aggregator_is_countable(meter, event->final_raw))) {
        aggregator->detail = "a register counts from 0 to 2^53 smallest units of its item";
        return OUTCOME_OUT_OF_RANGE;
    }
    struct sample sample = {.ts_us = event->ts_us, .seq = -1};
    if (event->kind == METER_EVENT_EXCHANGE && event->final_raw != INT64_MIN) {
        sample.raw = event->final_raw;
        enum outcome outcome = aggregator_take_sample(aggregator, event->meter, &sample);
        if (outcome_info(outcome)->held || outcome_info(outcome)->refused) {
            aggregator->detail = "the final reading of the old register does not fit its readings";
            return outcome;
        }
    }
    sample.kind = SAMPLE_MARK;
    sample.raw = event->initial_raw;
    enum outcome outcome = aggregator_take_sample(aggregator, event->meter, &sample);
    bool taken = outcome != OUTCOME_DUPLICATE && !outcome_info(outcome)->refused;
    aggregator_book(aggregator, event->meter)->outcomes[taken ? OUTCOME_RESET : outcome]++;
    return outcome == OUTCOME_ACCEPTED ? OUTCOME_RESET : outcome;
}
