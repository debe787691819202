/* Who is really on duty. */
#include "aggregator_state.h"

enum outcome apply_crew(struct aggregator *aggregator, const struct fact *fact, int64_t arrival_us)
{
    (void)arrival_us;
    int64_t from_us = 0;
    int64_t to_us = 0;
    enum outcome outcome = calendar_takeover(aggregator->calendar, fact->as.crew.ts_us,
                                             fact->as.crew.crew, &from_us, &to_us);
    if (outcome != OUTCOME_ACCEPTED) {
        return outcome;
    }
    aggregator->calendar_changed = true;
    heats_reown(aggregator->heats, from_us, to_us, aggregator_heat_changed, aggregator);
    aggregator_recut(aggregator, NULL, from_us, to_us, POSTING_ROSTER);
    return aggregator->detail == NULL ? OUTCOME_ACCEPTED : OUTCOME_TOO_LATE;
}
