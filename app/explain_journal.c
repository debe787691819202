#include "explain_journal_state.h"

#include "memory.h"
#include "timestamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_LENGTH_MAX 4096
#define MARGIN_US (2 * TIMESTAMP_HOUR_US) /* readings around a window that classify those in it */
#define PROGRESS_RECORDS 2000000
#define REGISTER_MAX_BASE (INT64_C(1) << 53) /* as the aggregator has them */
#define USE_MAX_BASE (INT64_C(1) << 43)

/* ---- Opening ---- */

void explain_journal_decode_by(struct explain_journal *explain, const struct plant *plant)
{
    const struct decode_limits limits = {.skew_us = plant->skew_us,
                                         .payload_max = plant->broker.payload_max,
                                         .zone = &plant->roster.zone};
    decoder_destroy(explain->decoder);
    explain->decoder =
        decoder_create(&plant->catalog, plant->mappings, plant->mapping_count, &limits);
}

const struct plant *explain_journal_plant_at(const struct explain_journal *explain,
                                             uint64_t position)
{
    size_t at = explain->history.count - 1;
    while (at > 0 && explain->history.items[at].position > position) {
        at--;
    }
    return explain->history.items[at].plant;
}

/* The journal may begin later than the ledger. */
static bool find_begin(struct explain_journal *explain, struct failure *failure)
{
    struct journal_record first;
    if (!journal_is_shortened(explain->journal)) {
        return true;
    }
    int got = journal_read(explain->journal, journal_begin(explain->journal), &first, failure);
    explain->begin_us = got == 1 ? first.arrival_us : INT64_MAX;
    return got >= 0;
}

struct explain_journal *explain_journal_open(const char *directory, uint64_t until,
                                             struct failure *failure)
{
    char path[PATH_LENGTH_MAX];
    struct explain_journal *explain = memory_zeroed(1, sizeof *explain);

    snprintf(path, sizeof path, "%s/journal", directory);
    explain->until = until;
    explain->begin_us = INT64_MIN;
    explain->directory = memory_text(directory);
    explain->journal = journal_open_reading(path, failure);
    if (explain->journal == NULL || !find_begin(explain, failure) ||
        !plant_history_read(&explain->history, directory, explain->journal, until, failure)) {
        explain_journal_close(explain);
        return NULL;
    }
    explain->plant = plant_history_newest(&explain->history);
    explain_journal_decode_by(explain, explain->history.items[0].plant);
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
    free(explain->directory);
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

bool explain_journal_has_curve(const struct explain_journal *explain, meter_id meter)
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
    if (explain_journal_has_curve(explain, reading->meter)) {
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

void explain_journal_scaled(struct explain_journal *explain, meter_id meter, int64_t ts_us,
                            int64_t num, int64_t den)
{
    struct wanted *wanted = &explain->meters[meter.index];
    bool changed = false;
    (void)scales_add(&wanted->scales, &explain->plant->catalog.meters[meter.index], ts_us, num, den,
                     &changed);
    if (explain_journal_has_curve(explain, meter)) {
        add_sample(
            wanted,
            (struct sample){
                .ts_us = ts_us, .seq = -1, .kind = SAMPLE_SCALE, .raw = num, .reference_raw = den});
    }
}

/* An exchange, a reset or another multiplier, as the aggregator enters them. */
static void add_meter_event(struct explain_journal *explain, const struct meter_event *event)
{
    struct wanted *wanted = &explain->meters[event->meter.index];
    if (!wanted->is) {
        return;
    }
    if (event->kind == METER_EVENT_MULTIPLIER) {
        explain_journal_scaled(explain, event->meter, event->ts_us, event->value_num,
                               event->value_den);
        return;
    }
    if (!explain_journal_has_curve(explain, event->meter)) {
        return;
    }
    struct sample sample = {.ts_us = event->ts_us, .seq = -1};
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
        !explain_journal_has_curve(explain, entry->meter)) {
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

void explain_journal_refuse(void *context, const meter_id *meter, enum outcome outcome,
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
    const struct decode_sink sink = {explain, take_fact, explain_journal_refuse};
    struct journal_record record;
    uint64_t position = journal_begin(explain->journal), count = 0;
    int got = 0;

    if (explain->begin_us != INT64_MIN && !explain_journal_former(explain, failure)) {
        return false;
    }
    while (position < explain->until &&
           (got = journal_read(explain->journal, position, &record, failure)) == 1 &&
           record.position < explain->until) {
        explain->position = record.position;
        if (record.kind == JOURNAL_CONFIG) {
            explain_journal_decode_by(explain, explain_journal_plant_at(explain, record.position));
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
        if (explain->meters[i].is && explain_journal_has_curve(explain, (meter_id){i})) {
            draw_curve(&explain->meters[i], &explain->plant->catalog.meters[i]);
        }
    }
    return true;
}
