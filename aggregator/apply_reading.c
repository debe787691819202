/* A reading: of a register, level or rate it is a sample of a curve, of any other meter a piece. */
#include "aggregator_state.h"

/* The heat a reading names, made if need be. */
static heat_no named_heat(struct aggregator *aggregator, const struct reading *reading)
{
    if (reading->heat == NULL) {
        return (heat_no){0};
    }
    bool made = false;
    heat_no heat = heats_name(aggregator->heats, reading->heat, reading->ts_us, &made);
    if (made) {
        aggregator_heat_changed(aggregator, heat);
    }
    return heat;
}

/* Since when there is anything of the meter: a balance is complete from then on only. */
static void note_first(struct meter_book *book, enum outcome outcome, int64_t ts_us)
{
    if (!outcome_info(outcome)->refused && ts_us < book->first_us) {
        book->first_us = ts_us;
    }
}

/* Enters it. Where the past of a sub-meter comes back for it, what rests on that past follows
 * before memory lets go of it again. */
static enum outcome insert(struct aggregator *aggregator, struct meter_book *book, meter_id meter,
                           const struct sample *sample, enum posting_cause cause)
{
    struct submeters *submeters = aggregator->attribution.submeters;
    struct timeline *timeline = &book->timeline;
    bool rests =
        submeters_concern(submeters, meter) && timeline_bring_back(timeline, sample->ts_us);
    if (!rests) {
        return timeline_insert(timeline, &aggregator->attribution, sample, cause,
                               &aggregator->sink);
    }
    bool more_follows = timeline->more_follows;
    timeline_expect(timeline, true);
    submeters_note(submeters, meter);
    enum outcome outcome =
        timeline_insert(timeline, &aggregator->attribution, sample, cause, &aggregator->sink);
    submeters_move(submeters, meter);
    timeline_expect(timeline, more_follows);
    return outcome;
}

enum outcome aggregator_take_sample(struct aggregator *aggregator, meter_id meter,
                                    const struct sample *sample, enum posting_cause cause)
{
    struct meter_book *book = aggregator_book(aggregator, meter);
    size_t postings_before = aggregator->sink.count;
    size_t marks_before = book->timeline.mark_count;
    enum outcome outcome = insert(aggregator, book, meter, sample, cause);
    bool said = sample_is_said(sample);
    const struct point *newest = curve_newest(&book->timeline.curve);
    bool begun_anew = aggregator->sink.count != postings_before ||
                      book->timeline.mark_count != marks_before || outcome == OUTCOME_CONFLICT ||
                      said;
    if (newest != NULL &&
        (begun_anew || curve_c_base(&book->timeline.curve, newest) >= book->wake_base)) {
        aggregator_list_opened(aggregator, meter);
    }
    if (said) {
        return outcome;
    }
    note_first(book, outcome, sample->ts_us);
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
    [OUTCOME_GLITCH] = "lower than the reading before and no reset is declared, or it did not last "
                       "yet",
    [OUTCOME_SPIKE] = "moves faster than max_rate_per_hour of the meter",
    [OUTCOME_NO_EFFECT] = "a person rejected this reading before it came",
    [OUTCOME_CONFLICT] = "another value came for the same meter and time, or the same id; best "
                         "quality, highest seq, smallest value stands (an id keeps its first)",
    [OUTCOME_TOO_LATE] = "more than 400 days older than the meter's newest reading",
};

/* What the broker kept says what was, not what is: it is no value to show. */
static void note_live(struct meter_book *book, const struct reading *reading, enum outcome outcome)
{
    const struct outcome_info *info = outcome_info(outcome);
    if (info->held || info->refused || reading->value_raw == INT64_MIN) {
        return;
    }
    if (!reading->retained && reading->ts_us >= book->live_us) {
        book->live_us = reading->ts_us;
        book->live_raw = reading->value_raw;
    } else if (reading->retained && reading->ts_us > book->live_us &&
               reading->ts_us > book->retained_us) {
        book->retained_us = reading->ts_us;
    }
}

enum outcome apply_reading(struct aggregator *aggregator, const struct fact *fact,
                           int64_t arrival_us)
{
    const struct reading *reading = &fact->as.reading;
    struct meter_book *book = aggregator_book(aggregator, reading->meter);
    if (!reading->retained) {
        book->last_alive_us = arrival_us;
    }
    enum outcome outcome = OUTCOME_ACCEPTED;
    bool only_cancels = reading->void_id != NULL && reading->value_raw == INT64_MIN;
    if (!only_cancels && !aggregator_is_countable(book, reading->value_raw)) {
        aggregator->detail = "a meter counts from 0 upwards (a two-way register either way), a "
                             "register to 2^53 smallest units of its item, anything else to 2^43 a "
                             "reading";
        outcome = OUTCOME_OUT_OF_RANGE;
    } else if (reading->from_us != INT64_MIN && reading->ts_us - reading->from_us > REACH_US) {
        aggregator->detail = "an increment reaches back 400 days at most; is \"from\" right?";
        outcome = OUTCOME_OUT_OF_RANGE;
    } else if (aggregator_has_timeline(book->meter)) {
        struct sample sample = {
            .ts_us = reading->ts_us,
            .raw = reading->value_raw,
            .seq = reading->seq,
            .kind = SAMPLE_NORMAL,
            .uncertain = reading->quality == READING_UNCERTAIN || reading->ts_assumed,
        };
        outcome = aggregator_take_sample(aggregator, reading->meter, &sample, POSTING_LATE_READING);
    } else {
        heat_no heat = named_heat(aggregator, reading);
        outcome =
            pieces_insert(book->pieces, &aggregator->attribution, reading, heat, &aggregator->sink);
        if (!only_cancels) {
            note_first(book, outcome,
                       reading->from_us != INT64_MIN ? reading->from_us : reading->ts_us);
        }
    }
    if (aggregator->detail == NULL) {
        aggregator->detail = details[outcome];
    }
    book->outcomes[outcome]++;
    note_live(book, reading, outcome);
    tip_sharpen(aggregator, reading->meter);
    return outcome;
}
