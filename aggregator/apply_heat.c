/* What happens to a heat. */
#include "aggregator_state.h"
#include "timestamp.h"

/* Readings that name an id which is another heat than before, or none. */
static void rename_pieces(struct aggregator *aggregator, const struct heat_change *change)
{
    for (uint32_t i = 0; i < aggregator->catalog->meter_count && change->resolved_count > 0; i++) {
        struct meter_book *book = aggregator_book(aggregator, (meter_id){i});
        if (!aggregator_has_timeline(book->meter)) {
            pieces_rename(book->pieces, &aggregator->attribution, change->resolved,
                          change->resolved_count, change->cause, &aggregator->sink);
        }
    }
}

enum outcome apply_heat(struct aggregator *aggregator, const struct fact *fact, int64_t arrival_us)
{
    (void)arrival_us;
    struct heat_change change = {0};
    const char *detail = NULL;
    enum outcome outcome = heats_event(aggregator->heats, &fact->as.heat, &change, &detail);
    for (size_t i = 0; i < change.heat_count; i++) {
        aggregator_heat_changed(aggregator, change.heats[i]);
    }
    for (size_t i = 0; i < change.station_count; i++) {
        aggregator_recut(aggregator, &change.stations[i].station, change.stations[i].from_us,
                         TIMESTAMP_NEVER_US, change.cause);
    }
    rename_pieces(aggregator, &change);
    if (outcome != OUTCOME_ACCEPTED) {
        aggregator->detail = detail;
        return outcome;
    }
    return aggregator->detail == NULL ? OUTCOME_ACCEPTED : OUTCOME_TOO_LATE;
}
