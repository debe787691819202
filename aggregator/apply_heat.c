/* What happens to a heat. */
#include "aggregator_state.h"
#include "timestamp.h"

enum outcome apply_heat(struct aggregator *aggregator, const struct fact *fact, int64_t arrival_us)
{
    (void)arrival_us;
    struct heat_change change = {0};
    enum outcome outcome =
        heats_event(aggregator->heats, &fact->as.heat, &change, &aggregator->detail);
    if (outcome != OUTCOME_ACCEPTED) {
        return outcome;
    }
    aggregator_heat_changed(aggregator, change.heat);
    if (change.stays_changed) {
        aggregator_recut(aggregator, &change.station, change.from_us, TIMESTAMP_NEVER_US,
                         POSTING_LATE_EVENT);
    }
    return aggregator->detail == NULL ? OUTCOME_ACCEPTED : OUTCOME_TOO_LATE;
}
