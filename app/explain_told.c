/* What the journal tells of an explanation's postings, once it has been read. */
#include "explain_journal_state.h"

#include <stdio.h>
#include <string.h>

bool explain_journal_begin_us(const struct explain_journal *explain, int64_t *begin_us)
{
    *begin_us = explain->begin_us;
    return explain->begin_us != INT64_MIN;
}

void explain_journal_mark(const struct explain_journal *explain, meter_id meter, int64_t ts_us,
                          struct mark_story *story)
{
    const struct wanted *wanted = &explain->meters[meter.index];
    enum quality quality = QUALITY_MEASURED;

    bool retired = ts_us < explain->begin_us;
    *story = (struct mark_story){.basis = retired ? MARK_RETIRED : MARK_NO_READING};
    if (retired || !wanted->has_curve || wanted->curve.count == 0) {
        return;
    }
    const struct curve *curve = &wanted->curve;
    size_t at = curve_first_after(curve, ts_us);
    story->before = curve_part_before(curve, at);
    story->after = curve_part_from(curve, at);
    story->c_base = curve_at(curve, ts_us, &quality);
    if (story->before == NULL && explain->begin_us != INT64_MIN) {
        *story = (struct mark_story){.basis = MARK_RETIRED}; /* it was before the journal begins */
    } else if (story->before == NULL) {
        story->basis = story->after == NULL ? MARK_NO_READING : MARK_FIRST;
    } else if (story->before->ts_us == ts_us) {
        story->basis = MARK_READ;
    } else if (story->after == NULL) {
        story->basis = MARK_LAST;
    } else {
        story->basis = story->after->gap ? MARK_SPREAD : MARK_BETWEEN;
    }
}

const struct point *explain_journal_samples(const struct explain_journal *explain, meter_id meter,
                                            int64_t from_us, int64_t to_us, size_t *count)
{
    const struct wanted *wanted = &explain->meters[meter.index];
    *count = 0;
    if (!wanted->has_curve || wanted->curve.count == 0) {
        return NULL;
    }
    size_t first = curve_first_after(&wanted->curve, from_us);
    *count = curve_first_after(&wanted->curve, to_us) - first;
    return wanted->curve.samples + first;
}

const struct told_reading *explain_journal_piece(const struct explain_journal *explain,
                                                 meter_id meter, int64_t start_us, int64_t end_us,
                                                 const char *heat)
{
    const struct wanted *wanted = &explain->meters[meter.index];
    const struct told_reading *best = NULL, *other = NULL;
    size_t others = 0;

    for (size_t i = 0; i < wanted->reading_count; i++) {
        const struct told_reading *reading = &wanted->readings[i];
        bool fits = start_us == end_us
                        ? reading->ts_us == end_us
                        : reading->ts_us >= end_us &&
                              (reading->from_us == INT64_MIN || reading->from_us <= start_us);
        bool named = reading->heat == NULL || heat == NULL || strcmp(reading->heat, heat) == 0;
        if (fits && named && (best == NULL || reading->ts_us < best->ts_us)) {
            best = reading;
        } else if (fits && !named) {
            other = reading; /* the heat may have had another number then */
            others++;
        }
    }
    return best != NULL || others != 1 ? best : other;
}

const struct told_decision *explain_journal_decision(const struct explain_journal *explain,
                                                     meter_id meter, int64_t ts_us, int64_t raw)
{
    const struct wanted *wanted = &explain->meters[meter.index];
    const struct told_decision *latest = NULL;

    for (size_t i = 0; i < wanted->decision_count; i++) {
        const struct told_decision *decision = &wanted->decisions[i];
        if (decision->at_us == ts_us && (decision->raw == INT64_MIN || decision->raw == raw) &&
            (latest == NULL || decision->said_us >= latest->said_us)) {
            latest = decision;
        }
    }
    return latest;
}

struct scale explain_journal_scale(const struct explain_journal *explain, meter_id meter,
                                   int64_t ts_us)
{
    return scales_at(&explain->meters[meter.index].scales,
                     &explain->plant->catalog.meters[meter.index], ts_us);
}

static void tell_fact(void *context, const struct fact *fact)
{
    struct told_record *record = context;
    if (fact->kind == FACT_ENTRY) {
        snprintf(record->by, sizeof record->by, "%s", fact->as.entry.by);
        snprintf(record->reason, sizeof record->reason, "%s",
                 fact->as.entry.reason == NULL ? "" : fact->as.entry.reason);
    }
}

bool explain_journal_record(struct explain_journal *explain, uint64_t position,
                            struct told_record *told, struct failure *failure)
{
    const struct decode_sink sink = {told, tell_fact, explain_journal_refuse};
    struct journal_record record;

    *told = (struct told_record){.by = "", .arrival_us = INT64_MIN};
    if (position < journal_begin(explain->journal)) {
        told->retired = true;
        return true;
    }
    int got = journal_read(explain->journal, position, &record, failure);
    if (got != 1) {
        return got == 0 ? failure_set(failure, FAILURE_RESOURCE,
                                      "the journal ends before position %llu, which the ledger "
                                      "names: do the two belong together?",
                                      (unsigned long long)position)
                        : false;
    }
    told->arrival_us = record.arrival_us;
    snprintf(told->topic, sizeof told->topic, "%.*s",
             (int)(record.topic_length < sizeof told->topic ? record.topic_length
                                                            : sizeof told->topic - 1),
             record.topic);
    explain_journal_decode_by(explain, explain_journal_plant_at(explain, position));
    decode(explain->decoder, &record, &sink);
    return true;
}
