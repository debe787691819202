#include "aggregator.h"

#include "failure.h"
#include "memory.h"
#include "pieces.h"
#include "quantity.h"
#include "timeline.h"
#include "timestamp.h"

#include <stdlib.h>

/* What is kept of one meter. An increment or event meter has pieces, any other a timeline. */
struct meter_book {
    const struct meter *meter;
    struct timeline timeline;
    struct pieces *pieces;
    bool watched;
    int64_t wake_base; /* C at which its open use must be judged again */
    int64_t last_alive_us;
    uint64_t outcomes[OUTCOME_COUNT];
    uint64_t gaps, dips;
};

struct aggregator {
    const struct catalog *catalog;
    struct calendar *calendar;
    struct heats *heats;
    struct attribution attribution;
    struct meter_book *meters;
    /* Effects of the fact in hand. */
    struct posting_sink sink;
    heat_no *changed_heats;
    size_t heat_count, heat_capacity;
    meter_id *opened;
    size_t opened_count, opened_capacity;
    bool calendar_changed;
    const char *detail;
};

/* More than any meter shows: a sum of what is below stays within 63 bits for a century, so that a
 * meter that lies cannot break the books. In item base units; of a rate, an hour. */
#define REGISTER_MAX_BASE (INT64_C(1) << 53)
#define USE_MAX_BASE (INT64_C(1) << 43)

/* An increment is cut at every change of shift: a year's is more than any meter sends. */
#define INCREMENT_MAX_US (400 * TIMESTAMP_DAY_US)

static bool is_countable(const struct meter *meter, int64_t raw)
{
    int64_t max_base = meter->kind == METER_REGISTER ? REGISTER_MAX_BASE : USE_MAX_BASE;
    int64_t base = 0;
    return raw >= 0 && quantity_multiply_divide(raw, meter->scale_num, meter->scale_den, &base) &&
           base <= max_base;
}

static bool has_timeline(const struct meter *meter)
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
        if (has_timeline(book->meter)) {
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

static struct meter_book *book_of(const struct aggregator *aggregator, meter_id meter)
{
    REQUIRE(meter.index < aggregator->catalog->meter_count);
    return &aggregator->meters[meter.index];
}

static void heat_changed(void *context, heat_no heat)
{
    struct aggregator *aggregator = context;
    memory_grow(&aggregator->changed_heats, aggregator->heat_count, &aggregator->heat_capacity,
                sizeof *aggregator->changed_heats);
    aggregator->changed_heats[aggregator->heat_count++] = heat;
}

static void list_opened(struct aggregator *aggregator, meter_id meter)
{
    if (book_of(aggregator, meter)->watched) {
        memory_grow(&aggregator->opened, aggregator->opened_count, &aggregator->opened_capacity,
                    sizeof *aggregator->opened);
        aggregator->opened[aggregator->opened_count++] = meter;
    }
}

/* The heat a reading names, made if need be. */
static heat_no named_heat(struct aggregator *aggregator, const struct reading *reading)
{
    if (reading->heat == NULL) {
        return (heat_no){0};
    }
    bool made = false;
    heat_no heat = heats_name(aggregator->heats, reading->heat, reading->ts_us, &made);
    if (made) {
        heat_changed(aggregator, heat);
    }
    return heat;
}

static enum outcome take_sample(struct aggregator *aggregator, meter_id meter,
                                const struct sample *sample)
{
    struct meter_book *book = book_of(aggregator, meter);
    size_t postings_before = aggregator->sink.count;
    size_t marks_before = book->timeline.mark_count;
    enum outcome outcome =
        timeline_insert(&book->timeline, &aggregator->attribution, sample, &aggregator->sink);
    const struct sample *newest = curve_newest(&book->timeline.curve);
    bool begun_anew = aggregator->sink.count != postings_before ||
                      book->timeline.mark_count != marks_before || outcome == OUTCOME_CONFLICT;
    if (newest != NULL && (begun_anew || newest->c_base >= book->wake_base)) {
        list_opened(aggregator, meter);
    }
    bool taken = outcome != OUTCOME_DUPLICATE && outcome != OUTCOME_CONFLICT;
    if (taken && newest != NULL && newest->ts_us == sample->ts_us && newest->gap) {
        book->gaps++;
    }
    if (outcome == OUTCOME_GLITCH && curve_begins_dip(&book->timeline.curve, sample->ts_us)) {
        book->dips++;
    }
    return outcome;
}

static const char *const details[OUTCOME_COUNT] = {
    [OUTCOME_GLITCH] = "lower than the reading before and no reset is declared",
    [OUTCOME_SPIKE] = "rises faster than max_rate_per_hour of the meter",
    [OUTCOME_CONFLICT] = "another value came for the same meter and time, or the same id; best "
                         "quality, highest seq, smallest value stands (an id keeps its first)",
    [OUTCOME_TOO_LATE] = "older than the readings that are kept in memory for this meter",
};

static enum outcome apply_reading(struct aggregator *aggregator, const struct fact *fact,
                                  int64_t arrival_us)
{
    const struct reading *reading = &fact->as.reading;
    struct meter_book *book = book_of(aggregator, reading->meter);
    if (!reading->retained) {
        book->last_alive_us = arrival_us;
    }
    enum outcome outcome = OUTCOME_ACCEPTED;
    if (reading->void_id == NULL && !is_countable(book->meter, reading->value_raw)) {
        aggregator->detail = "a meter counts from 0 upwards, a register to 2^53 smallest units of "
                             "its item, anything else to 2^43 a reading";
        outcome = OUTCOME_OUT_OF_RANGE;
    } else if (reading->from_us != INT64_MIN &&
               reading->ts_us - reading->from_us > INCREMENT_MAX_US) {
        aggregator->detail = "an increment reaches back 400 days at most; is \"from\" right?";
        outcome = OUTCOME_OUT_OF_RANGE;
    } else if (has_timeline(book->meter)) {
        struct sample sample = {
            .ts_us = reading->ts_us,
            .raw = reading->value_raw,
            .seq = reading->seq,
            .kind = SAMPLE_NORMAL,
            .uncertain = reading->quality == READING_UNCERTAIN || reading->ts_assumed,
        };
        outcome = take_sample(aggregator, reading->meter, &sample);
    } else {
        heat_no heat = named_heat(aggregator, reading);
        outcome =
            pieces_insert(book->pieces, &aggregator->attribution, reading, heat, &aggregator->sink);
    }
    if (aggregator->detail == NULL) {
        aggregator->detail = details[outcome];
    }
    book->outcomes[outcome]++;
    return outcome;
}

/* The heats at a station, or the crews everywhere (`station` NULL), are others in [from, to). */
static void recut(struct aggregator *aggregator, const station_id *station, int64_t from_us,
                  int64_t to_us, enum posting_cause cause)
{
    for (uint32_t i = 0; i < aggregator->catalog->meter_count; i++) {
        struct meter_book *book = &aggregator->meters[i];
        if (station != NULL && book->meter->station.index != station->index) {
            continue;
        }
        if (has_timeline(book->meter)) {
            if (!timeline_recut(&book->timeline, &aggregator->attribution, from_us, cause,
                                &aggregator->sink)) {
                aggregator->detail = "taken, but it reaches back further than the readings that "
                                     "are kept: what was booked before them stays as it is";
            }
            list_opened(aggregator, (meter_id){i});
        } else {
            pieces_recut(book->pieces, &aggregator->attribution, from_us, to_us, cause,
                         &aggregator->sink);
        }
    }
}

static enum outcome apply_heat(struct aggregator *aggregator, const struct fact *fact,
                               int64_t arrival_us)
{
    (void)arrival_us;
    struct heat_change change = {0};
    enum outcome outcome =
        heats_event(aggregator->heats, &fact->as.heat, &change, &aggregator->detail);
    if (outcome != OUTCOME_ACCEPTED) {
        return outcome;
    }
    heat_changed(aggregator, change.heat);
    if (change.stays_changed) {
        recut(aggregator, &change.station, change.from_us, TIMESTAMP_NEVER_US, POSTING_LATE_EVENT);
    }
    return aggregator->detail == NULL ? OUTCOME_ACCEPTED : OUTCOME_TOO_LATE;
}

static enum outcome apply_crew(struct aggregator *aggregator, const struct fact *fact,
                               int64_t arrival_us)
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
    heats_reown(aggregator->heats, from_us, to_us, heat_changed, aggregator);
    recut(aggregator, NULL, from_us, to_us, POSTING_ROSTER);
    return aggregator->detail == NULL ? OUTCOME_ACCEPTED : OUTCOME_TOO_LATE;
}

static enum outcome apply_meter(struct aggregator *aggregator, const struct fact *fact,
                                int64_t arrival_us)
{
    (void)arrival_us;
    const struct meter_event *event = &fact->as.meter;
    if (event->kind == METER_EVENT_MULTIPLIER) {
        aggregator->detail = "a multiplier that changes is not booked by this version";
        return OUTCOME_NOT_SUPPORTED;
    }
    if (book_of(aggregator, event->meter)->meter->kind != METER_REGISTER) {
        aggregator->detail = "only a register can be exchanged or reset";
        return OUTCOME_NOT_ALLOWED;
    }
    if (event->initial_raw == INT64_MIN) {
        aggregator->detail = "needs \"initial\": what the register shows afterwards";
        return OUTCOME_BAD_FIELD;
    }
    const struct meter *meter = book_of(aggregator, event->meter)->meter;
    if (!is_countable(meter, event->initial_raw) ||
        (event->final_raw != INT64_MIN && !is_countable(meter, event->final_raw))) {
        aggregator->detail = "a register counts from 0 to 2^53 smallest units of its item";
        return OUTCOME_OUT_OF_RANGE;
    }
    struct sample sample = {.ts_us = event->ts_us, .seq = -1};
    if (event->kind == METER_EVENT_EXCHANGE && event->final_raw != INT64_MIN) {
        sample.raw = event->final_raw;
        enum outcome outcome = take_sample(aggregator, event->meter, &sample);
        if (outcome_info(outcome)->held || outcome_info(outcome)->refused) {
            aggregator->detail = "the final reading of the old register does not fit its readings";
            return outcome;
        }
    }
    sample.kind = SAMPLE_MARK;
    sample.raw = event->initial_raw;
    enum outcome outcome = take_sample(aggregator, event->meter, &sample);
    bool taken = outcome != OUTCOME_DUPLICATE && !outcome_info(outcome)->refused;
    book_of(aggregator, event->meter)->outcomes[taken ? OUTCOME_RESET : outcome]++;
    return outcome == OUTCOME_ACCEPTED ? OUTCOME_RESET : outcome;
}

static enum outcome apply_entry(struct aggregator *aggregator, const struct fact *fact,
                                int64_t arrival_us)
{
    (void)fact;
    (void)arrival_us;
    aggregator->detail = "entries are journaled, and not yet acted on by this version";
    return OUTCOME_NOT_SUPPORTED;
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
    const struct meter_book *book = book_of(aggregator, meter);
    if (has_timeline(book->meter)) {
        timeline_open(&book->timeline, &aggregator->attribution, open);
    }
}

void aggregator_watch(struct aggregator *aggregator, meter_id meter, int64_t headroom_base)
{
    struct meter_book *book = book_of(aggregator, meter);
    const struct sample *newest =
        has_timeline(book->meter) ? curve_newest(&book->timeline.curve) : NULL;
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
    if (!has_timeline(book->meter)) {
        return pieces_total_base(book->pieces);
    }
    const struct sample *newest = curve_newest(&book->timeline.curve);
    return newest != NULL ? newest->c_base : 0;
}

void aggregator_meter(const struct aggregator *aggregator, meter_id meter,
                      struct meter_state *state)
{
    const struct meter_book *book = book_of(aggregator, meter);
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
    if (has_timeline(book->meter)) {
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
    book_of(aggregator, meter)->outcomes[outcome]++;
}

const struct heats *aggregator_heats(const struct aggregator *aggregator)
{
    return aggregator->heats;
}

struct calendar *aggregator_calendar(struct aggregator *aggregator)
{
    return aggregator->calendar;
}
