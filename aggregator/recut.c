/* Who uses what changed: the meters concerned are cut and divided again. */
#include "aggregator_state.h"
#include "shares.h"
#include "timestamp.h"

bool aggregator_recut_meter(struct aggregator *aggregator, meter_id meter, int64_t from_us,
                            int64_t to_us, enum posting_cause cause)
{
    struct meter_book *book = aggregator_book(aggregator, meter);
    bool exact = true;
    if (aggregator_has_timeline(book->meter)) {
        exact = timeline_recut(&book->timeline, &aggregator->attribution, from_us, cause,
                               &aggregator->sink);
        aggregator_list_opened(aggregator, meter);
    } else {
        pieces_recut(book->pieces, &aggregator->attribution, from_us, to_us, cause,
                     &aggregator->sink);
    }
    return exact;
}

/* The same with the idle use before it that waits for the next heat. That this reaches back
 * further than what is kept is no news: it waited for too long and stays idle. */
static bool recut_with_idle(struct aggregator *aggregator, meter_id meter,
                            const station_id *station, int64_t from_us, int64_t to_us,
                            enum posting_cause cause)
{
    const struct meter *row = aggregator_book(aggregator, meter)->meter;
    int64_t reach_us = shares_reach_us(&aggregator->attribution, row, station, from_us);
    submeters_recut(aggregator->attribution.submeters, &aggregator->attribution, meter, from_us);
    return aggregator_recut_meter(aggregator, meter, reach_us, to_us, cause) ||
           (reach_us < from_us && aggregator_recut_meter(aggregator, meter, from_us, to_us, cause));
}

void aggregator_recut(struct aggregator *aggregator, const station_id *station, int64_t from_us,
                      int64_t to_us, enum posting_cause cause)
{
    for (uint32_t i = 0; i < aggregator->catalog->meter_count; i++) {
        const struct meter *meter = aggregator->meters[i].meter;
        if (station != NULL && !sharing_serves(meter, *station)) {
            continue;
        }
        if (!recut_with_idle(aggregator, (meter_id){i}, station, from_us, to_us, cause)) {
            aggregator->detail = "taken, but it reaches back more than 400 days: what was "
                                 "booked before them stays as it is";
        }
    }
}

void aggregator_shares_changed(struct aggregator *aggregator, heat_no heat)
{
    size_t stay_count = 0;
    const struct heat_stay *stays = heats_stays(aggregator->heats, heat, &stay_count);
    for (uint32_t i = 0; i < aggregator->catalog->meter_count; i++) {
        const struct meter *meter = aggregator->meters[i].meter;
        int64_t from_us = TIMESTAMP_NEVER_US;
        if (!sharing_uses(meter, SHARING_TONNAGE)) {
            continue;
        }
        for (size_t k = 0; k < stay_count; k++) {
            if (stays[k].start_us < from_us && sharing_serves(meter, stays[k].station)) {
                from_us = stays[k].start_us;
            }
        }
        if (from_us != TIMESTAMP_NEVER_US) {
            aggregator_recut_meter(aggregator, (meter_id){i}, from_us, TIMESTAMP_NEVER_US,
                                   POSTING_SHARES);
        }
    }
}

/* Fits submeters_refresh. The cell that ends at the instant is another too: hence one before it. */
static void submeter_changed(void *context, meter_id shared, int64_t from_us)
{
    struct aggregator *aggregator = context;
    if (from_us != TIMESTAMP_NEVER_US) {
        aggregator_recut_meter(aggregator, shared, from_us - 1, TIMESTAMP_NEVER_US, POSTING_SHARES);
    } else {
        aggregator_list_opened(aggregator, shared); /* its open use is divided by what grew */
    }
}

void aggregator_share_again(struct aggregator *aggregator, const struct fact *fact)
{
    const struct attribution *attribution = &aggregator->attribution;
    for (size_t i = 0; i < aggregator->heat_count; i++) {
        aggregator_shares_changed(aggregator, aggregator->changed_heats[i]);
    }
    if (attribution->submeters == NULL) {
        return;
    }
    if (fact->kind == FACT_READING || fact->kind == FACT_METER) {
        meter_id meter = fact->kind == FACT_READING ? fact->as.reading.meter : fact->as.meter.meter;
        const struct meter_book *book = aggregator_book(aggregator, meter);
        if (aggregator_has_timeline(book->meter) && book->timeline.mark_count > 0) {
            submeters_reach(attribution->submeters, meter,
                            curve_newest(&book->timeline.curve)->ts_us);
        }
        submeters_refresh(attribution->submeters, attribution, meter, submeter_changed, aggregator);
    } else if (fact->kind == FACT_ENTRY) { /* a decision may be about any of them */
        for (uint32_t i = 0; i < aggregator->catalog->meter_count; i++) {
            submeters_refresh(attribution->submeters, attribution, (meter_id){i}, submeter_changed,
                              aggregator);
        }
    }
}
