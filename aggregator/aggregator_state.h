/* The aggregator's inside, shared by its own files only: one file for each kind of fact. */
#ifndef HEATLEDGER_AGGREGATOR_STATE_H
#define HEATLEDGER_AGGREGATOR_STATE_H

#include "aggregator.h"
#include "pieces.h"
#include "timeline.h"

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

/* aggregator.c: what is kept of a meter. */
struct meter_book *aggregator_book(const struct aggregator *aggregator, meter_id meter);

/* aggregator.c: a register, level or rate; the others have pieces. */
bool aggregator_has_timeline(const struct meter *meter);

/* aggregator.c: whether a meter can show that: see the limits there. */
bool aggregator_is_countable(const struct meter *meter, int64_t raw);

/* aggregator.c: effects of the fact in hand. The first fits heats_reown. */
void aggregator_heat_changed(void *context, heat_no heat);
void aggregator_list_opened(struct aggregator *aggregator, meter_id meter);

/* aggregator.c: the heats at a station, or the crews everywhere (`station` NULL), are others in
 * [from, to): books what that changes. */
void aggregator_recut(struct aggregator *aggregator, const station_id *station, int64_t from_us,
                      int64_t to_us, enum posting_cause cause);

/* apply_reading.c: a sample of a meter with a timeline. */
enum outcome aggregator_take_sample(struct aggregator *aggregator, meter_id meter,
                                    const struct sample *sample);

/* apply_*.c: what each kind of fact does. They set `detail` where a person should be told why. */
enum outcome apply_reading(struct aggregator *aggregator, const struct fact *fact,
                           int64_t arrival_us);
enum outcome apply_heat(struct aggregator *aggregator, const struct fact *fact, int64_t arrival_us);
enum outcome apply_crew(struct aggregator *aggregator, const struct fact *fact, int64_t arrival_us);
enum outcome apply_meter(struct aggregator *aggregator, const struct fact *fact,
                         int64_t arrival_us);
enum outcome apply_entry(struct aggregator *aggregator, const struct fact *fact,
                         int64_t arrival_us);

/* apply_decision.c, apply_roster.c: what each kind of entry does. */
enum outcome apply_decision(struct aggregator *aggregator, const struct entry *entry);
enum outcome apply_roster(struct aggregator *aggregator, const struct entry *entry);

#endif
