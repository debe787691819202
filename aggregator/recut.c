/* Who uses what changed: the meters concerned are cut and divided again. */
#include "aggregator_state.h"
#include "memory.h"
#include "shares.h"
#include "timestamp.h"

/* ---- Curves of sub-meters ---- */

static const struct curve *curve_of(const void *context, meter_id meter)
{
    return &aggregator_look(context, meter)->timeline.curve;
}

static void bring_back(void *context, meter_id meter, int64_t ts_us)
{
    struct aggregator *aggregator = context;
    struct timeline *timeline = &aggregator_book(aggregator, meter)->timeline;
    if (!timeline_bring_back(timeline, ts_us)) {
        aggregator->detail = "taken, but it is divided by what a sub-meter showed more than 400 "
                             "days before its newest reading: as if it had moved evenly there";
    } else if (!timeline->more_follows) {
        timeline_expect(timeline, true);
        memory_grow(&aggregator->brought_back, aggregator->brought_count,
                    &aggregator->brought_capacity, sizeof *aggregator->brought_back);
        aggregator->brought_back[aggregator->brought_count++] = meter;
    }
}

/* Pins follow what is in memory: nothing may stay that was brought back for others. */
static void let_go(struct aggregator *aggregator)
{
    for (size_t i = 0; i < aggregator->brought_count; i++) {
        timeline_expect(&aggregator_book(aggregator, aggregator->brought_back[i])->timeline, false);
    }
    aggregator->brought_count = 0;
}

struct submeters_curves aggregator_curves(struct aggregator *aggregator)
{
    return (struct submeters_curves){
        .context = aggregator, .of = curve_of, .bring_back = bring_back};
}

/* ---- Cut again ---- */

static const char beyond_reach[] = "taken, but it reaches back more than 400 days: what was "
                                   "booked before them stays as it is";

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
    const struct meter *row = aggregator->meters[meter.index].meter;
    int64_t reach_us = shares_reach_us(&aggregator->attribution, row, station, from_us);
    submeters_recut(aggregator->attribution.submeters, &aggregator->attribution, meter, from_us);
    bool exact =
        aggregator_recut_meter(aggregator, meter, reach_us, to_us, cause) ||
        (reach_us < from_us && aggregator_recut_meter(aggregator, meter, from_us, to_us, cause));
    let_go(aggregator);
    return exact;
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
            aggregator->detail = beyond_reach;
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
        if (from_us != TIMESTAMP_NEVER_US &&
            !aggregator_recut_meter(aggregator, (meter_id){i}, from_us, TIMESTAMP_NEVER_US,
                                    POSTING_SHARES)) {
            aggregator->detail = beyond_reach;
        }
    }
}

/* Fits submeters_refresh. The cell that ends at the instant is another too: hence one before it. */
static void submeter_changed(void *context, meter_id shared, int64_t from_us)
{
    struct aggregator *aggregator = context;
    if (from_us == TIMESTAMP_NEVER_US) {
        aggregator_list_opened(aggregator, shared); /* its open use is divided by what grew */
    } else if (!aggregator_recut_meter(aggregator, shared, from_us - 1, TIMESTAMP_NEVER_US,
                                       POSTING_SHARES)) {
        aggregator->detail = beyond_reach;
    }
    let_go(aggregator);
}

void aggregator_share_again(struct aggregator *aggregator, const struct fact *fact)
{
    const struct attribution *attribution = &aggregator->attribution;
    let_go(aggregator);
    for (size_t i = 0; i < aggregator->heat_count; i++) {
        aggregator_shares_changed(aggregator, aggregator->changed_heats[i]);
    }
    let_go(aggregator);
    if (attribution->submeters == NULL) {
        return;
    }
    if (fact->kind == FACT_READING || fact->kind == FACT_METER) {
        meter_id meter = fact->kind == FACT_READING ? fact->as.reading.meter : fact->as.meter.meter;
        const struct meter_book *book = aggregator_look(aggregator, meter);
        const struct timeline *timeline = &book->timeline;
        if (aggregator_has_timeline(book->meter) && timeline->mark_count > 0) {
            submeters_reach(attribution->submeters, meter,
                            timeline->marks[timeline->mark_count - 1].ts_us,
                            curve_newest(&timeline->curve)->ts_us);
            let_go(aggregator);
        }
        submeters_refresh(attribution->submeters, attribution, meter, submeter_changed, aggregator);
    } else if (fact->kind == FACT_ENTRY) { /* a decision may be about any of them */
        for (uint32_t i = 0; i < aggregator->catalog->meter_count; i++) {
            submeters_refresh(attribution->submeters, attribution, (meter_id){i}, submeter_changed,
                              aggregator);
        }
    }
}
