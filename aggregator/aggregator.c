#include "aggregator_state.h"

#include "failure.h"
#include "large.h"
#include "memory.h"
#include "quantity.h"
#include "timestamp.h"

#include <stdlib.h>

/* More than any meter shows: a sum of what is below stays within 63 bits for a century, so that a
 * meter that lies cannot break the books. In item base units; of a rate, an hour. */
#define REGISTER_MAX_BASE (INT64_C(1) << 53)
#define USE_MAX_BASE (INT64_C(1) << 43)

static const struct scales *scales_of(const struct meter_book *book)
{
    static const struct scales as_configured = {0};
    if (!aggregator_has_timeline(book->meter)) {
        return pieces_scales(book->pieces);
    }
    const struct said *said = book->timeline.curve.said;
    return said != NULL ? &said->scales : &as_configured;
}

const struct scales *aggregator_scales(const struct aggregator *aggregator, meter_id meter)
{
    return scales_of(aggregator_look(aggregator, meter));
}

bool aggregator_is_countable(const struct meter_book *book, int64_t raw)
{
    const struct meter *meter = book->meter;
    int64_t max_base = meter->kind == METER_REGISTER ? REGISTER_MAX_BASE : USE_MAX_BASE;
    const struct scales *scales = scales_of(book);
    return (raw >= 0 || meter->two_way) && scales_fit(scales, meter, raw, max_base);
}

int64_t aggregator_most_raw(const struct meter *meter)
{
    return REGISTER_MAX_BASE / meter->scale_num;
}

bool aggregator_has_timeline(const struct meter *meter)
{
    return meter->kind != METER_INCREMENT && meter->kind != METER_EVENT;
}

void aggregator_book_init(struct meter_book *book, meter_id id, const struct meter *meter)
{
    *book = (struct meter_book){
        .meter = meter,
        .wake_base = INT64_MAX,
        .first_us = TIMESTAMP_NEVER_US,
        .last_alive_us = TIMESTAMP_NEVER_US,
        .live_us = INT64_MIN,
        .retained_us = INT64_MIN,
    };
    if (aggregator_has_timeline(meter)) {
        timeline_init(&book->timeline, id, meter);
    } else {
        book->pieces = pieces_create(id, meter);
    }
}

struct aggregator *aggregator_create(const struct catalog *catalog, const struct roster *roster,
                                     const struct heat_rules *rules)
{
    struct aggregator *aggregator = memory_zeroed(1, sizeof *aggregator);
    const struct submeters_curves curves = aggregator_curves(aggregator);
    aggregator->catalog = catalog;
    aggregator->calendar = calendar_create(roster, catalog);
    aggregator->heats = heats_create(catalog, rules, aggregator->calendar);
    aggregator->attribution = (struct attribution){
        .calendar = aggregator->calendar,
        .heats = aggregator->heats,
        .catalog = catalog,
        .zone = &roster->zone,
        .submeters = submeters_create(catalog, &curves),
    };
    moves_init(&aggregator->moves, catalog);
    aggregator->meters =
        large_zeroed(catalog->meter_count, sizeof *aggregator->meters, _Alignof(struct meter_book));
    aggregator->tips = large_zeroed(catalog->meter_count, sizeof *aggregator->tips, TIP_BYTES);
    for (uint32_t i = 0; i < catalog->meter_count; i++) {
        aggregator_book_init(&aggregator->meters[i], (meter_id){i}, &catalog->meters[i]);
    }
    return aggregator;
}

void aggregator_set_history(struct aggregator *aggregator, const struct history *history)
{
    for (uint32_t i = 0; i < aggregator->catalog->meter_count; i++) {
        aggregator->meters[i].timeline.history = history;
    }
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
    free(aggregator->tips);
    submeters_destroy(aggregator->attribution.submeters);
    moves_clear(&aggregator->moves);
    heats_destroy(aggregator->heats);
    calendar_destroy(aggregator->calendar);
    free(aggregator->sink.items);
    free(aggregator->changed_heats);
    free(aggregator->brought_back);
    free(aggregator->opened);
    free(aggregator);
}

struct meter_book *aggregator_book(const struct aggregator *aggregator, meter_id meter)
{
    struct meter_book *book = &aggregator->meters[meter.index];
    (void)aggregator_look(aggregator, meter);
    tip_blunt(&aggregator->tips[meter.index]);
    return book;
}

const struct meter_book *aggregator_look(const struct aggregator *aggregator, meter_id meter)
{
    REQUIRE(meter.index < aggregator->catalog->meter_count);
    struct meter_book *book = &aggregator->meters[meter.index];
    tip_settle(&aggregator->tips[meter.index], book);
    return book;
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
    if (aggregator_look(aggregator, meter)->watched) {
        memory_grow(&aggregator->opened, aggregator->opened_count, &aggregator->opened_capacity,
                    sizeof *aggregator->opened);
        aggregator->opened[aggregator->opened_count++] = meter;
    }
}

void aggregator_begin(struct aggregator *aggregator, uint64_t position)
{
    aggregator->sink.position = position;
    aggregator->sink.next_ordinal = 0;
}

void aggregator_effects_begin(struct aggregator *aggregator)
{
    aggregator->sink.count = 0;
    aggregator->heat_count = 0;
    aggregator->opened_count = 0;
    aggregator->calendar_changed = false;
    aggregator->detail = NULL;
}

static void list_effects(const struct aggregator *aggregator, struct effects *effects)
{
    *effects = (struct effects){
        .postings = aggregator->sink.items,
        .posting_count = aggregator->sink.count,
        .heats = aggregator->changed_heats,
        .heat_count = aggregator->heat_count,
        .opened = aggregator->opened,
        .opened_count = aggregator->opened_count,
        .calendar_changed = aggregator->calendar_changed,
        .calendar_from_us = aggregator->calendar_from_us,
        .calendar_to_us = aggregator->calendar_to_us,
        .detail = aggregator->detail,
    };
}

void aggregator_effects_end(struct aggregator *aggregator, struct effects *effects)
{
    moves_settle(&aggregator->moves, heats_moves(aggregator->heats), 0, &aggregator->sink);
    heats_moves_taken(aggregator->heats);
    list_effects(aggregator, effects);
}

/* A reading that the tip of its curve takes has no effects but itself. */
static bool is_taken_by_tip(struct aggregator *aggregator, const struct fact *fact,
                            int64_t arrival_us)
{
    if (fact->kind != FACT_READING) {
        return false;
    }
    const struct reading *reading = &fact->as.reading;
    REQUIRE(reading->meter.index < aggregator->catalog->meter_count);
    return tip_take(&aggregator->tips[reading->meter.index], reading, arrival_us);
}

enum outcome aggregator_apply(struct aggregator *aggregator, const struct fact *fact,
                              int64_t arrival_us, struct effects *effects)
{
    if (is_taken_by_tip(aggregator, fact, arrival_us)) {
        *effects = (struct effects){.plain = true};
        return OUTCOME_ACCEPTED;
    }
    return aggregator_apply_in_full(aggregator, fact, arrival_us, effects);
}

enum outcome aggregator_apply_in_full(struct aggregator *aggregator, const struct fact *fact,
                                      int64_t arrival_us, struct effects *effects)
{
    static enum outcome (*const apply[])(struct aggregator *, const struct fact *, int64_t) = {
        [FACT_READING] = apply_reading, [FACT_HEAT] = apply_heat,   [FACT_CREW] = apply_crew,
        [FACT_METER] = apply_meter,     [FACT_ENTRY] = apply_entry,
    };
    REQUIRE(fact->kind < sizeof apply / sizeof apply[0]); /* papers are the rules' */
    aggregator_effects_begin(aggregator);
    enum outcome outcome = apply[fact->kind](aggregator, fact, arrival_us);
    aggregator_share_again(aggregator, fact);
    aggregator_effects_end(aggregator, effects);
    return outcome;
}

void aggregator_open(const struct aggregator *aggregator, meter_id meter, struct segment_list *open)
{
    const struct meter_book *book = aggregator_look(aggregator, meter);
    if (aggregator_has_timeline(book->meter)) {
        struct attribution shown = aggregator->attribution;
        shown.shown_only = true;
        size_t first = open->count;
        timeline_open(&book->timeline, &shown, open);
        moves_open(heats_moves(aggregator->heats), first, open);
    }
}

void aggregator_watch(struct aggregator *aggregator, meter_id meter, int64_t headroom_base)
{
    struct meter_book *book = aggregator_book(aggregator, meter);
    const struct point *newest =
        aggregator_has_timeline(book->meter) ? curve_newest(&book->timeline.curve) : NULL;
    int64_t newest_base = newest != NULL ? curve_c_base(&book->timeline.curve, newest) : 0;
    book->watched = true;
    if (newest == NULL || (quantity_wide)newest_base + headroom_base > INT64_MAX) {
        book->wake_base = INT64_MAX;
    } else {
        book->wake_base = newest_base + headroom_base;
    }
    tip_sharpen(aggregator, meter);
}

static int64_t booked_base(const struct meter_book *book)
{
    if (!aggregator_has_timeline(book->meter)) {
        return pieces_total_base(book->pieces);
    }
    const struct point *newest = curve_newest(&book->timeline.curve);
    return newest != NULL ? curve_c_base(&book->timeline.curve, newest) : 0;
}

void aggregator_meter(const struct aggregator *aggregator, meter_id meter,
                      struct meter_state *state)
{
    const struct meter_book *book = aggregator_look(aggregator, meter);
    *state = (struct meter_state){
        .first_ts_us = book->first_us,
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
        const struct point *newest = curve_newest(&book->timeline.curve);
        if (newest != NULL) {
            state->last_ts_us = newest->ts_us;
            state->last_raw = newest->raw;
        }
    } else {
        pieces_newest(book->pieces, &state->last_ts_us, &state->last_raw);
    }
    if (state->last_ts_us == book->retained_us && book->live_us < book->retained_us) {
        state->last_ts_us = book->live_us != INT64_MIN ? book->live_us : TIMESTAMP_NEVER_US;
        state->last_raw = book->live_raw;
    }
}

void aggregator_count(struct aggregator *aggregator, meter_id meter, enum outcome outcome)
{
    aggregator_book(aggregator, meter)->outcomes[outcome]++;
    tip_sharpen(aggregator, meter);
}

const struct heats *aggregator_heats(const struct aggregator *aggregator)
{
    return aggregator->heats;
}

struct calendar *aggregator_calendar(struct aggregator *aggregator)
{
    return aggregator->calendar;
}
