#include "explain_journal.h"

#include "decode.h"
#include "journal.h"
#include "memory.h"
#include "plant_history.h"
#include "timestamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_LENGTH_MAX 4096
#define MARGIN_US (2 * TIMESTAMP_HOUR_US) /* readings around a window that classify those in it */
#define PROGRESS_RECORDS 2000000
#define REGISTER_MAX_BASE (INT64_C(1) << 53) /* as the aggregator has them */
#define USE_MAX_BASE (INT64_C(1) << 43)

/* What is known of a wanted meter. */
struct wanted {
    bool is;
    int64_t from_us, to_us;
    struct told_reading *readings; /* of an increment or event meter, in order of arrival */
    size_t reading_count, reading_capacity;
    struct sample *samples; /* of any other */
    size_t sample_count, sample_capacity;
    struct sample before, after; /* nearest outside the window and its margin */
    bool has_before, has_after;
    struct scales scales;
    struct told_decision *decisions;
    size_t decision_count, decision_capacity;
    struct curve curve;
    bool has_curve;
};

struct explain_journal {
    struct journal *journal;
    struct plant_history history;
    const struct plant *plant; /* the newest of them */
    struct decoder *decoder;
    struct wanted *meters; /* by index in the catalog */
    uint64_t until;
    uint64_t position; /* of the record being decoded */
};

/* ---- Opening ---- */

/* Records are decoded as the configuration in force said; the rows of its tables stand in the same
 * places in the newest one, which is the one that is shown. */
static void decode_by(struct explain_journal *explain, const struct plant *plant)
{
    const struct decode_limits limits = {.skew_us = plant->skew_us,
                                         .payload_max = plant->broker.payload_max,
                                         .zone = &plant->roster.zone};
    decoder_destroy(explain->decoder);
    explain->decoder =
        decoder_create(&plant->catalog, plant->mappings, plant->mapping_count, &limits);
}

/* Whose configuration was in force when the record at a position was taken. */
static const struct plant *plant_at(const struct explain_journal *explain, uint64_t position)
{
    size_t at = explain->history.count - 1;
    while (at > 0 && explain->history.items[at].position > position) {
        at--;
    }
    return explain->history.items[at].plant;
}

struct explain_journal *explain_journal_open(const char *directory, uint64_t until,
                                             struct failure *failure)
{
    char path[PATH_LENGTH_MAX];
    struct explain_journal *explain = memory_zeroed(1, sizeof *explain);

    snprintf(path, sizeof path, "%s/journal", directory);
    explain->until = until;
    explain->journal = journal_open_reading(path, failure);
    if (explain->journal == NULL ||
        !plant_history_read(&explain->history, explain->journal, until, failure)) {
        explain_journal_close(explain);
        return NULL;
    }
    explain->plant = plant_history_newest(&explain->history);
    decode_by(explain, explain->history.items[0].plant);
    explain->meters = memory_zeroed(explain->plant->catalog.meter_count, sizeof *explain->meters);
    return explain;
}

static void wanted_clear(struct wanted *wanted)
{
    for (size_t i = 0; i < wanted->reading_count; i++) {
        free(wanted->readings[i].heat);
        free(wanted->readings[i].id);
    }
    for (size_t i = 0; i < wanted->decision_count; i++) {
        free(wanted->decisions[i].by);
        free(wanted->decisions[i].reason);
    }
    free(wanted->decisions);
    scales_clear(&wanted->scales);
    free(wanted->readings);
    free(wanted->samples);
    if (wanted->has_curve) {
        curve_clear(&wanted->curve);
    }
}

void explain_journal_close(struct explain_journal *explain)
{
    if (explain == NULL) {
        return;
    }
    for (uint32_t i = 0; explain->meters != NULL && i < explain->plant->catalog.meter_count; i++) {
        wanted_clear(&explain->meters[i]);
    }
    free(explain->meters);
    decoder_destroy(explain->decoder);
    plant_history_clear(&explain->history);
    if (explain->journal != NULL) {
        journal_close(explain->journal);
    }
    free(explain);
}

const struct plant *explain_journal_plant(const struct explain_journal *explain)
{
    return explain->plant;
}

/* ---- Reading ---- */

void explain_journal_want(struct explain_journal *explain, meter_id meter, int64_t from_us,
                          int64_t to_us)
{
    struct wanted *wanted = &explain->meters[meter.index];
    wanted->from_us = !wanted->is || from_us < wanted->from_us ? from_us : wanted->from_us;
    wanted->to_us = !wanted->is || to_us > wanted->to_us ? to_us : wanted->to_us;
    wanted->is = true;
}

static bool has_curve(const struct explain_journal *explain, meter_id meter)
{
    enum meter_kind kind = explain->plant->catalog.meters[meter.index].kind;
    return kind != METER_INCREMENT && kind != METER_EVENT;
}

static void push_sample(struct wanted *wanted, struct sample sample)
{
    memory_grow(&wanted->samples, wanted->sample_count, &wanted->sample_capacity,
                sizeof *wanted->samples);
    wanted->samples[wanted->sample_count++] = sample;
}

/* What is said about the curve holds however long before, and makes no room for a reading. */
static void add_sample(struct wanted *wanted, struct sample sample)
{
    bool said = sample_is_said(&sample);
    if (!said && sample.ts_us < wanted->from_us - MARGIN_US) {
        if (!wanted->has_before || sample.ts_us > wanted->before.ts_us) {
            wanted->before = sample;
            wanted->has_before = true;
        }
        return;
    }
    if (!said && sample.ts_us > wanted->to_us + MARGIN_US) {
        if (!wanted->has_after || sample.ts_us < wanted->after.ts_us) {
            wanted->after = sample;
            wanted->has_after = true;
        }
        return;
    }
    push_sample(wanted, sample);
}

static char *copy(const char *text)
{
    return text == NULL ? NULL : memory_text(text);
}

/* Whether the books take such a value (aggregator_is_countable): one that was refused is no
 * reading, and may not be drawn. */
static bool is_countable(const struct explain_journal *explain, meter_id id, int64_t raw)
{
    const struct meter *meter = &explain->plant->catalog.meters[id.index];
    int64_t max_base = meter->kind == METER_REGISTER ? REGISTER_MAX_BASE : USE_MAX_BASE;

    return (raw >= 0 || meter->two_way) &&
           scales_fit(&explain->meters[id.index].scales, meter, raw, max_base);
}

static void add_reading(struct explain_journal *explain, const struct reading *reading)
{
    struct wanted *wanted = &explain->meters[reading->meter.index];
    if (!wanted->is || (reading->value_raw != INT64_MIN &&
                        !is_countable(explain, reading->meter, reading->value_raw))) {
        return;
    }
    if (has_curve(explain, reading->meter)) {
        bool uncertain = reading->quality == READING_UNCERTAIN || reading->ts_assumed;
        add_sample(wanted, (struct sample){.ts_us = reading->ts_us,
                                           .raw = reading->value_raw,
                                           .seq = reading->seq,
                                           .kind = SAMPLE_NORMAL,
                                           .uncertain = uncertain});
        return;
    }
    if (reading->value_raw == INT64_MIN || reading->ts_us < wanted->from_us ||
        (reading->from_us == INT64_MIN ? reading->ts_us : reading->from_us) >
            wanted->to_us + MARGIN_US) {
        return;
    }
    memory_grow(&wanted->readings, wanted->reading_count, &wanted->reading_capacity,
                sizeof *wanted->readings);
    wanted->readings[wanted->reading_count++] = (struct told_reading){.ts_us = reading->ts_us,
                                                                      .from_us = reading->from_us,
                                                                      .raw = reading->value_raw,
                                                                      .position = explain->position,
                                                                      .heat = copy(reading->heat),
                                                                      .id = copy(reading->id)};
}

/* An exchange, a reset or another multiplier, as the aggregator enters them. */
static void add_meter_event(struct explain_journal *explain, const struct meter_event *event)
{
    struct wanted *wanted = &explain->meters[event->meter.index];
    if (!wanted->is) {
        return;
    }
    if (event->kind == METER_EVENT_MULTIPLIER) {
        bool changed = false;
        (void)scales_add(&wanted->scales, &explain->plant->catalog.meters[event->meter.index],
                         event->ts_us, event->value_num, event->value_den, &changed);
    }
    if (!has_curve(explain, event->meter)) {
        return;
    }
    struct sample sample = {.ts_us = event->ts_us, .seq = -1};
    if (event->kind == METER_EVENT_MULTIPLIER) {
        sample.kind = SAMPLE_SCALE;
        sample.raw = event->value_num;
        sample.reference_raw = event->value_den;
        add_sample(wanted, sample);
        return;
    }
    if (event->kind == METER_EVENT_EXCHANGE && event->final_raw != INT64_MIN) {
        sample.raw = event->final_raw;
        sample.final = true;
        add_sample(wanted, sample);
        sample.final = false;
    }
    if (event->initial_raw != INT64_MIN) {
        sample.kind = SAMPLE_MARK;
        sample.raw = event->initial_raw;
        add_sample(wanted, sample);
    }
}

/* What a person decided about a reading, or read. */
static void add_entry(struct explain_journal *explain, const struct entry *entry)
{
    if (entry->kind > ENTRY_READING || !explain->meters[entry->meter.index].is ||
        !has_curve(explain, entry->meter)) {
        return;
    }
    struct wanted *wanted = &explain->meters[entry->meter.index];
    struct sample sample = {.ts_us = entry->at_us, .raw = entry->value_raw, .seq = -1};
    if (entry->value_raw != INT64_MIN && entry->kind != ENTRY_REJECT) {
        sample.entered = true;
        add_sample(wanted, sample);
    }
    if (entry->kind != ENTRY_READING) {
        memory_grow(&wanted->decisions, wanted->decision_count, &wanted->decision_capacity,
                    sizeof *wanted->decisions);
        wanted->decisions[wanted->decision_count++] =
            (struct told_decision){.at_us = entry->at_us,
                                   .raw = entry->value_raw,
                                   .said_us = entry->ts_us,
                                   .accepted = entry->kind == ENTRY_ACCEPT,
                                   .by = copy(entry->by),
                                   .reason = copy(entry->reason)};
        sample.entered = false;
        sample.seq = entry->ts_us;
        sample.kind = entry->kind == ENTRY_ACCEPT ? SAMPLE_ACCEPT : SAMPLE_REJECT;
        add_sample(wanted, sample);
    }
}

static void take_fact(void *context, const struct fact *fact)
{
    struct explain_journal *explain = context;
    if (fact->kind == FACT_READING) {
        add_reading(explain, &fact->as.reading);
    } else if (fact->kind == FACT_METER) {
        add_meter_event(explain, &fact->as.meter);
    } else if (fact->kind == FACT_ENTRY) {
        add_entry(explain, &fact->as.entry);
    }
}

static void take_refusal(void *context, const meter_id *meter, enum outcome outcome,
                         const char *detail)
{
    (void)context;
    (void)meter;
    (void)outcome;
    (void)detail;
}

/* By time; those of one instant by rank, what is said behind everything. */
static int compare_samples(const void *a, const void *b)
{
    const struct sample *left = a, *right = b;
    bool left_said = sample_is_said(left), right_said = sample_is_said(right);
    if (left_said != right_said) {
        return left_said ? 1 : -1;
    }
    if (left->ts_us != right->ts_us) {
        return left->ts_us < right->ts_us ? -1 : 1;
    }
    return (int)sample_rank(left->kind, left->final) - (int)sample_rank(right->kind, right->final);
}

static void draw_curve(struct wanted *wanted, const struct meter *meter)
{
    int64_t changed_us = 0;
    if (wanted->has_before) {
        push_sample(wanted, wanted->before);
    }
    if (wanted->has_after) {
        push_sample(wanted, wanted->after);
    }
    if (wanted->sample_count > 0) {
        qsort(wanted->samples, wanted->sample_count, sizeof *wanted->samples, compare_samples);
    }
    curve_init(&wanted->curve, meter);
    wanted->has_curve = true;
    for (size_t i = 0; i < wanted->sample_count; i++) {
        curve_insert(&wanted->curve, &wanted->samples[i], &changed_us);
    }
}

bool explain_journal_read(struct explain_journal *explain, struct failure *failure)
{
    const struct decode_sink sink = {explain, take_fact, take_refusal};
    struct journal_record record;
    uint64_t position = 0, count = 0;
    int got = 0;

    while (position < explain->until &&
           (got = journal_read(explain->journal, position, &record, failure)) == 1 &&
           record.position < explain->until) {
        explain->position = record.position;
        if (record.kind == JOURNAL_CONFIG) {
            decode_by(explain, plant_at(explain, record.position));
        }
        decode(explain->decoder, &record, &sink);
        position = record.next;
        if (++count % PROGRESS_RECORDS == 0) {
            fprintf(stderr, "explain: %llu messages of the journal read\n",
                    (unsigned long long)count);
        }
    }
    if (got < 0) {
        return false;
    }
    for (uint32_t i = 0; i < explain->plant->catalog.meter_count; i++) {
        if (explain->meters[i].is && has_curve(explain, (meter_id){i})) {
            draw_curve(&explain->meters[i], &explain->plant->catalog.meters[i]);
        }
    }
    return true;
}

/* ---- Telling ---- */

void explain_journal_mark(const struct explain_journal *explain, meter_id meter, int64_t ts_us,
                          struct mark_story *story)
{
    const struct wanted *wanted = &explain->meters[meter.index];
    enum quality quality = QUALITY_MEASURED;

    *story = (struct mark_story){.basis = MARK_NO_READING};
    if (!wanted->has_curve || wanted->curve.count == 0) {
        return;
    }
    const struct curve *curve = &wanted->curve;
    size_t at = curve_first_after(curve, ts_us);
    story->before = curve_part_before(curve, at);
    story->after = curve_part_from(curve, at);
    story->c_base = curve_at(curve, ts_us, &quality);
    if (story->before == NULL) {
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
    const struct decode_sink sink = {told, tell_fact, take_refusal};
    struct journal_record record;

    *told = (struct told_record){.by = ""};
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
    decode_by(explain, plant_at(explain, position));
    decode(explain->decoder, &record, &sink);
    return true;
}
