#include "aggregator_state.h"

#include "failure.h"
#include "memory.h"
#include "quantity.h"
#include "timestamp.h"

#include <stdlib.h>

/* More than any meter shows: a sum of what is below stays within 63 bits for a century, so that a
 * meter that lies cannot break the books. In item base units; of a rate, an hour. */
#define REGISTER_MAX_BASE (INT64_C(1) << 53)
#define USE_MAX_BASE (INT64_C(1) << 43)

bool aggregator_is_countable(const struct meter *meter, int64_t raw)
{
    int64_t max_base = meter->kind == METER_REGISTER ? REGISTER_MAX_BASE : USE_MAX_BASE;
    int64_t base = 0;
    return raw >= 0 && quantity_multiply_divide(raw, meter->scale_num, meter->scale_den, &base) &&
           base <= max_base;
}

bool aggregator_has_timeline(const struct meter *meter)
{
    return meter->kind != METER_INCREMENT && meter->kind != METER_EVENT;
}

struct aggregator *aggregator_create(const struct catalog *catalog, const struct roster *roster,
                                     const struct heat_rules *rules)
{
    struct aggregator *aggregator = memory_zeroed(1, sizeof *aggregator);
    aggregator->catalog = catalog;
    aggregator->calendar = calendar_create(roster, catalog);
    aggregator->heats = heats_create(catalog, rules, aggregator->calendar);
    aggregator->attribution = (struct attribution){aggregator->calendar, aggregator->heats};
    aggregator->meters = memory_zeroed(catalog->meter_count, sizeof *aggregator->meters);
    for (uint32_t i = 0; i < catalog->meter_count; i++) {
        struct meter_book *book = &aggregator->meters[i];
        book->meter = &catalog->meters[i];
        book->wake_base = INT64_MAX;
        book->last_alive_us = TIMESTAMP_NEVER_US;
        if (aggregator_has_timeline(book->meter)) {
            timeline_init(&book->timeline, (meter_id){i}, book->meter);
        } else {
            book->pieces = pieces_create((meter_id){i}, book->meter);
        }
    }
    return aggregator;
}

void aggregator_destroy(struct aggregator *aggregator)
{
    if (aggregator == NULL) {
        return;
    }
    for (uint32_t i = 0; i < aggregator->catalog->meter_count; i++) {
        timeline_clear(&aggregator->meters[i].timeline);
        pieces_destroy(aggregator->meters[i].pieces);
    }
    free(aggregator->meters);
    heats_destroy(aggregator->heats);
    calendar_destroy(aggregator->calendar);
    free(aggregator->sink.items);
    free(aggregator->changed_heats);
    free(aggregator->opened);
    free(aggregator);
}

struct meter_book *aggregator_book(const struct aggregator *aggregator, meter_id meter)
{
    REQUIRE(meter.index < aggregator->catalog->meter_count);
    return &aggregator->meters[meter.index];
}

void aggregator_heat_changed(void *context, heat_no heat)
{
    struct aggregator *aggregator = context;
    memory_grow(&aggregator->changed_heats, aggregator->heat_count, &aggregator->heat_capacity,
                sizeof *aggregator->changed_heats);
    aggregator->changed_heats[aggregator->heat_count++] = heat;
}

void aggregator_list_opened(struct aggregator *aggregator, meter_id meter)
{
    if (aggregator_book(aggregator, meter)->watched) {
        memory_grow(&aggregator->opened, aggregator->opened_count, &aggregator->opened_capacity,
                    sizeof *aggregator->opened);
        aggregator->opened[aggregator->opened_count++] = meter;
    }
}

/* The heats at a station, or the crews everywhere (`station` NULL), are others in [from, to). */
void aggregator_recut(struct aggregator *aggregator, const station_id *station, int64_t from_us,
                      int64_t to_us, enum posting_cause cause)
{
    for (uint32_t i = 0; i < aggregator->catalog->meter_count; i++) {
        struct meter_book *book = &aggregator->meters[i];
        if (station != NULL && book->meter->station.index != station->index) {
            continue;
        }
        if (aggregator_has_timeline(book->meter)) {
            if (!timeline_recut(&book->timeline, &aggregator->attribution, from_us, cause,
                                &aggregator->sink)) {
                aggregator->detail = "taken, but it reaches back further than the readings that "
                                     "are kept: what was booked before them stays as it is";
            }
            aggregator_list_opened(aggregator, (meter_id){i});
        } else {
            pieces_recut(book->pieces, &aggregator->attribution, from_us, to_us, cause,
                         &aggregator->sink);
        }
    }
}

void aggregator_begin(struct aggregator *aggregator, uint64_t position)
{
    aggregator->sink.position = position;
    aggregator->sink.next_ordinal = 0;
}

enum outcome aggregator_apply(struct aggregator *aggregator, const struct fact *fact,
                              int64_t arrival_us, struct effects *effects)
{
    static enum outcome (*const apply[])(struct aggregator *, const struct fact *, int64_t) = {
        [FACT_READING] = apply_reading, [FACT_HEAT] = apply_heat,   [FACT_CREW] = apply_crew,
        [FACT_METER] = apply_meter,     [FACT_ENTRY] = apply_entry,
    };
    aggregator->sink.count = 0;
    aggregator->heat_count = 0;
    aggregator->opened_count = 0;
    aggregator->calendar_changed = false;
    aggregator->detail = NULL;
    enum outcome outcome = apply[fact->kind](aggregator, fact, arrival_us);
    *effects = (struct effects){
        .postings = aggregator->sink.items,
        .posting_count = aggregator->sink.count,
        .heats = aggregator->changed_heats,
        .heat_count = aggregator->heat_count,
        .opened = aggregator->opened,
        .opened_count = aggregator->opened_count,
        .calendar_changed = aggregator->calendar_changed,
        .detail = aggregator->detail,
    };
    return outcome;
}

void aggregator_open(const struct aggregator *aggregator, meter_id meter, struct segment_list *open)
{
    const struct meter_book *book = aggregator_book(aggregator, meter);
    if (aggregator_has_timeline(book->meter)) {
        timeline_open(&book->timeline, &aggregator->attribution, open);
    }
}

void aggregator_watch(struct aggregator *aggregator, meter_id meter, int64_t headroom_base)
{
    struct meter_book *book = aggregator_book(aggregator, meter);
    const struct sample *newest =
        aggregator_has_timeline(book->meter) ? curve_newest(&book->timeline.curve) : NULL;
    book->watched = true;
    if (newest == NULL || headroom_base > INT64_MAX - newest->c_base) {
        book->wake_base = INT64_MAX;
    } else {
        book->wake_base = newest->c_base + headroom_base;
    }
}

static int64_t booked_base(const struct meter_book *book)
{
    if (book->meter->role != METER_BOOK) {
        return 0;
    }
    if (!aggregator_has_timeline(book->meter)) {
        return pieces_total_base(book->pieces);
    }
    const struct sample *newest = curve_newest(&book->timeline.curve);
    return newest != NULL ? newest->c_base : 0;
}

void aggregator_meter(const struct aggregator *aggregator, meter_id meter,
                      struct meter_state *state)
{
    const struct meter_book *book = aggregator_book(aggregator, meter);
    *state = (struct meter_state){
        .last_ts_us = TIMESTAMP_NEVER_US,
        .last_alive_us = book->last_alive_us,
        .booked_base = booked_base(book),
        .gaps = book->gaps,
        .dips = book->dips,
    };
    for (int i = 0; i < OUTCOME_COUNT; i++) {
        state->outcomes[i] = book->outcomes[i];
    }
    if (aggregator_has_timeline(book->meter)) {
        const struct sample *newest = curve_newest(&book->timeline.curve);
        if (newest != NULL) {
            state->last_ts_us = newest->ts_us;
            state->last_raw = newest->raw;
        }
    } else {
        pieces_newest(book->pieces, &state->last_ts_us, &state->last_raw);
    }
}

void aggregator_count(struct aggregator *aggregator, meter_id meter, enum outcome outcome)
{
    aggregator_book(aggregator, meter)->outcomes[outcome]++;
}

const struct heats *aggregator_heats(const struct aggregator *aggregator)
{
    return aggregator->heats;
}

struct calendar *aggregator_calendar(struct aggregator *aggregator)
{
    return aggregator->calendar;
}
