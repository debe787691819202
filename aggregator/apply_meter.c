/* What happens to a meter: exchanged, reset, another multiplier. */
#include "aggregator_state.h"

/* ---- Another multiplier ---- */

static const char *const multiplier_details[OUTCOME_COUNT] = {
    [OUTCOME_OUT_OF_RANGE] =
        "with such a multiplier the meter would count more than the books hold, "
        "or finer than 63 bits; is it right?",
    [OUTCOME_NOT_ALLOWED] = "the meter has had more changes of its multiplier than are kept",
    [OUTCOME_CONFLICT] = "another multiplier came for the same meter and time; the smaller stands",
    [OUTCOME_TOO_LATE] = "more than 400 days older than the meter's newest reading",
};

static int64_t largest_raw(const struct meter_book *book)
{
    if (!aggregator_has_timeline(book->meter)) {
        return pieces_largest_raw(book->pieces);
    }
    const struct curve *curve = &book->timeline.curve;
    int64_t largest = 0;
    for (size_t i = 0; i < curve->count; i++) {
        int64_t raw = curve->samples[i].raw;
        raw = raw < 0 ? -raw : raw;
        largest = raw > largest ? raw : largest;
    }
    return largest;
}

/* Whether what the meter showed so far can be counted with a multiplier. */
static bool is_bearable(const struct meter_book *book, const struct meter_event *event)
{
    struct scales alone = {0};
    bool changed = false;
    struct meter_book with = *book;
    struct meter meter = *book->meter;
    bool good = scales_add(&alone, &meter, event->ts_us, event->value_num, event->value_den,
                           &changed) == OUTCOME_ACCEPTED;
    if (good) {
        meter.scale_num = alone.items[0].scale.num;
        meter.scale_den = alone.items[0].scale.den;
        with.meter = &meter;
        good = aggregator_is_countable(&with, largest_raw(book));
    }
    scales_clear(&alone);
    return good;
}

static enum outcome apply_multiplier(struct aggregator *aggregator, const struct meter_event *event)
{
    struct meter_book *book = aggregator_book(aggregator, event->meter);
    enum outcome outcome = OUTCOME_OUT_OF_RANGE;
    if (!is_bearable(book, event)) {
        outcome = OUTCOME_OUT_OF_RANGE;
    } else if (aggregator_has_timeline(book->meter)) {
        struct sample said = {.ts_us = event->ts_us,
                              .raw = event->value_num,
                              .reference_raw = event->value_den,
                              .kind = SAMPLE_SCALE};
        outcome = aggregator_take_sample(aggregator, event->meter, &said, POSTING_MULTIPLIER);
    } else {
        outcome = pieces_rescale(book->pieces, &aggregator->attribution, event->ts_us,
                                 event->value_num, event->value_den, &aggregator->sink);
    }
    if (aggregator->detail == NULL) {
        aggregator->detail = multiplier_details[outcome];
    }
    return outcome;
}

/* ---- Exchanged or reset ---- */

/* What is wrong with the message; ACCEPTED: nothing. */
static enum outcome check_register(struct aggregator *aggregator, const struct meter_event *event)
{
    const struct meter_book *book = aggregator_book(aggregator, event->meter);
    if (book->meter->kind != METER_REGISTER) {
        aggregator->detail = "only a register can be exchanged or reset";
        return OUTCOME_NOT_ALLOWED;
    }
    if (event->initial_raw == INT64_MIN) {
        aggregator->detail = "needs \"initial\": what the register shows afterwards";
        return OUTCOME_BAD_FIELD;
    }
    if (!aggregator_is_countable(book, event->initial_raw) ||
        (event->final_raw != INT64_MIN && !aggregator_is_countable(book, event->final_raw))) {
        aggregator->detail = "a register counts from 0 to 2^53 smallest units of its item";
        return OUTCOME_OUT_OF_RANGE;
    }
    return OUTCOME_ACCEPTED;
}

static const char *const exchange_details[OUTCOME_COUNT] = {
    [OUTCOME_CONFLICT] = "another exchange or reset came for the same meter and time; the smallest "
                         "\"final\" and the smallest \"initial\" stand",
    [OUTCOME_TOO_LATE] = "more than 400 days older than the meter's newest reading",
};

/* What the old register showed last. Where it does not fit what was heard of it, it is held; the
 * new one counts from its first reading all the same, for whether the old one fits may turn out
 * later. */
static enum outcome take_final(struct aggregator *aggregator, const struct meter_event *event)
{
    const struct sample last = {
        .ts_us = event->ts_us, .seq = -1, .raw = event->final_raw, .final = true};
    enum outcome outcome =
        aggregator_take_sample(aggregator, event->meter, &last, POSTING_EXCHANGE);
    if (outcome == OUTCOME_CONFLICT || outcome == OUTCOME_TOO_LATE) {
        aggregator->detail = exchange_details[outcome];
        return outcome;
    }
    if (outcome_info(outcome)->held || outcome_info(outcome)->refused) {
        aggregator->detail =
            "the final reading of the old register does not fit its readings: what "
            "it would add is not booked until somebody accepts it; the new "
            "register counts from \"initial\"";
        return outcome;
    }
    return OUTCOME_ACCEPTED;
}

enum outcome apply_meter(struct aggregator *aggregator, const struct fact *fact, int64_t arrival_us)
{
    (void)arrival_us;
    const struct meter_event *event = &fact->as.meter;
    if (event->kind == METER_EVENT_MULTIPLIER) {
        return apply_multiplier(aggregator, event);
    }
    enum outcome outcome = check_register(aggregator, event);
    if (outcome != OUTCOME_ACCEPTED) {
        return outcome;
    }
    struct meter_book *book = aggregator_book(aggregator, event->meter);
    if (event->kind == METER_EVENT_EXCHANGE && event->final_raw != INT64_MIN) {
        timeline_expect(&book->timeline, true);
        outcome = take_final(aggregator, event);
    }
    const struct sample initial = {
        .ts_us = event->ts_us, .seq = -1, .kind = SAMPLE_MARK, .raw = event->initial_raw};
    enum outcome begun =
        aggregator_take_sample(aggregator, event->meter, &initial, POSTING_EXCHANGE);
    timeline_expect(&book->timeline, false);
    bool taken = begun != OUTCOME_DUPLICATE && !outcome_info(begun)->refused;
    book->outcomes[taken ? OUTCOME_RESET : begun]++;
    if (aggregator->detail == NULL) {
        aggregator->detail = exchange_details[begun];
    }
    if (outcome != OUTCOME_ACCEPTED) {
        return outcome;
    }
    return begun == OUTCOME_ACCEPTED ? OUTCOME_RESET : begun;
}
