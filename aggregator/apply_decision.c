/* A person decides about a reading, or enters one. */
#include "aggregator_state.h"

static const char *const details[OUTCOME_COUNT] = {
    [OUTCOME_TOO_LATE] = "older than the readings that are kept in memory for this meter",
    [OUTCOME_NOT_ALLOWED] = "more was decided about this meter's readings than is kept",
    [OUTCOME_GLITCH] = "lower than the reading before: accept it if the register was reset",
    [OUTCOME_SPIKE] = "moves faster than max_rate_per_hour of the meter: accept it if it is true",
    [OUTCOME_CONFLICT] = "another value came for the same meter and time: best quality, highest "
                         "seq, smallest value stands",
};

/* Why a decision changed nothing, for whoever entered it. */
static const char *why_nothing(const struct curve *curve, const struct entry *entry)
{
    const struct point *about = curve_sample_at(curve, entry->at_us, entry->value_raw);
    if (about == NULL) {
        return "no reading of this meter at \"at\" is in memory: the decision waits for it; if it "
               "came long ago, give its \"value\" as well";
    }
    if (entry->value_raw != INT64_MIN && entry->value_raw != about->raw) {
        return "the reading at \"at\" shows another value: the decision waits for one that shows "
               "\"value\"; give what `report held` lists";
    }
    return about == curve->samples ? "it is the first reading kept, from which everything counts"
                                   : "the reading is not held, it counts already";
}

/* What is wrong with the entry; ACCEPTED: nothing. */
static enum outcome check_entry(struct aggregator *aggregator, const struct entry *entry)
{
    const struct meter_book *book = aggregator_book(aggregator, entry->meter);
    if (!aggregator_has_timeline(book->meter)) {
        aggregator->detail = "only readings of a register, rate or level can be held or entered; "
                             "an event is cancelled by a message with \"void\"";
        return OUTCOME_NOT_ALLOWED;
    }
    if (entry->at_us == INT64_MIN) {
        aggregator->detail = "needs \"at\": the time of the reading that is meant";
        return OUTCOME_BAD_FIELD;
    }
    if (entry->kind == ENTRY_READING && entry->value_raw == INT64_MIN) {
        aggregator->detail = "needs \"value\": what the meter shows";
        return OUTCOME_BAD_FIELD;
    }
    if (entry->value_raw != INT64_MIN && !aggregator_is_countable(book, entry->value_raw)) {
        aggregator->detail = "a register counts from 0 to 2^53 smallest units of its item";
        return OUTCOME_OUT_OF_RANGE;
    }
    return OUTCOME_ACCEPTED;
}

/* The value a person gives is a reading like any other, by whatever came for that time before. */
static enum outcome enter_value(struct aggregator *aggregator, const struct entry *entry)
{
    struct sample sample = {.ts_us = entry->at_us,
                            .raw = entry->value_raw,
                            .seq = -1,
                            .kind = SAMPLE_NORMAL,
                            .entered = true};
    return aggregator_take_sample(aggregator, entry->meter, &sample, POSTING_DECISION);
}

static enum outcome decide(struct aggregator *aggregator, const struct entry *entry)
{
    struct sample said = {.ts_us = entry->at_us,
                          .raw = entry->value_raw,
                          .seq = entry->ts_us,
                          .kind = entry->kind == ENTRY_ACCEPT ? SAMPLE_ACCEPT : SAMPLE_REJECT};
    enum outcome outcome =
        aggregator_take_sample(aggregator, entry->meter, &said, POSTING_DECISION);
    if (outcome == OUTCOME_NO_EFFECT) {
        const struct meter_book *book = aggregator_book(aggregator, entry->meter);
        aggregator->detail = why_nothing(&book->timeline.curve, entry);
    }
    return outcome;
}

enum outcome apply_decision(struct aggregator *aggregator, const struct entry *entry)
{
    enum outcome outcome = check_entry(aggregator, entry);
    if (outcome != OUTCOME_ACCEPTED) {
        return outcome;
    }
    if (entry->kind == ENTRY_READING) {
        outcome = enter_value(aggregator, entry);
        aggregator_book(aggregator, entry->meter)->outcomes[outcome]++;
    } else {
        bool entered = false; /* an accepted value that had to be entered first */
        if (entry->kind == ENTRY_ACCEPT && entry->value_raw != INT64_MIN) {
            outcome = enter_value(aggregator, entry);
            if (outcome == OUTCOME_TOO_LATE) {
                aggregator->detail = details[outcome];
                return outcome;
            }
            entered = outcome != OUTCOME_DUPLICATE && outcome != OUTCOME_CONFLICT &&
                      !outcome_info(outcome)->held;
        }
        outcome = decide(aggregator, entry);
        if (outcome == OUTCOME_NO_EFFECT && entered) {
            outcome = OUTCOME_ACCEPTED;
            aggregator->detail = NULL; /* nothing was left to decide */
        }
    }
    if (aggregator->detail == NULL) {
        aggregator->detail = details[outcome];
    }
    return outcome;
}
