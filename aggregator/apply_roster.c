/* A person corrects the roster. */
#include "aggregator_state.h"

enum outcome aggregator_duty_changed(struct aggregator *aggregator, int64_t from_us, int64_t to_us)
{
    aggregator->calendar_changed = true;
    aggregator->calendar_from_us = from_us;
    aggregator->calendar_to_us = to_us;
    heats_reown(aggregator->heats, from_us, to_us, aggregator_heat_changed, aggregator);
    aggregator_recut(aggregator, NULL, from_us, to_us, POSTING_ROSTER);
    return aggregator->detail == NULL ? OUTCOME_ACCEPTED : OUTCOME_TOO_LATE;
}

enum outcome apply_roster(struct aggregator *aggregator, const struct entry *entry)
{
    const struct roster_correction correction = {
        .day = entry->day,
        .shift = entry->shift,
        .crew = entry->crew,
        .ts_us = entry->ts_us,
        .by = entry->by,
    };
    int64_t from_us = 0;
    int64_t to_us = 0;
    enum outcome outcome = calendar_correct(aggregator->calendar, &correction, &from_us, &to_us);
    return outcome == OUTCOME_ACCEPTED ? aggregator_duty_changed(aggregator, from_us, to_us)
                                       : outcome;
}
