/* The aggregator's inside, shared by its own files only: one file for each kind of fact. */
#ifndef HEATLEDGER_AGGREGATOR_STATE_H
#define HEATLEDGER_AGGREGATOR_STATE_H

#include "aggregator.h"
#include "moves.h"
#include "pieces.h"
#include "submeters.h"
#include "timeline.h"
#include "tip.h"

/* What is kept of one meter. An increment or event meter has pieces, any other a timeline. */
struct meter_book {
    const struct meter *meter;
    struct timeline timeline;
    struct pieces *pieces;
    bool watched;
    int64_t wake_base; /* C at which its open use must be judged again */
    int64_t first_us;  /* earliest reading; TIMESTAMP_NEVER_US: none yet */
    int64_t last_alive_us;
    int64_t live_us, live_raw; /* newest reading that is no retained one; live_us: INT64_MIN */
    int64_t retained_us;       /* newest retained one that is newer than that; else INT64_MIN */
    uint64_t outcomes[OUTCOME_COUNT];
    uint64_t gaps, dips;
};

struct aggregator {
    const struct catalog *catalog;
    struct calendar *calendar;
    struct heats *heats;
    struct attribution attribution;
    struct meter_book *meters;
    struct tip *tips; /* by meter */
    struct moves moves;
    meter_id *brought_back; /* sub-meters whose past is in memory for the fact in hand */
    size_t brought_count, brought_capacity;
    /* Effects of the fact in hand. */
    struct posting_sink sink;
    heat_no *changed_heats;
    size_t heat_count, heat_capacity;
    meter_id *opened;
    size_t opened_count, opened_capacity;
    bool calendar_changed;
    int64_t calendar_from_us, calendar_to_us;
    const char *detail;
};

/* aggregator.c: what is kept of a meter, up to date. It may be changed: the tip of its curve is
 * blunt from here on. */
struct meter_book *aggregator_book(const struct aggregator *aggregator, meter_id meter);

/* aggregator.c: the same to look at only. */
const struct meter_book *aggregator_look(const struct aggregator *aggregator, meter_id meter);

/* tip.c: makes the tip of a meter's curve sharp where it can be; the book is as it is to stay.
 * Brings a book up to date. Lets the book be changed, once it is. */
void tip_sharpen(struct aggregator *aggregator, meter_id id);
void tip_settle(struct tip *tip, struct meter_book *book);
void tip_blunt(struct tip *tip);

/* aggregator.c: aggregator_apply without the short way through the tip of a curve. The effects are
 * the same. */
enum outcome aggregator_apply_in_full(struct aggregator *aggregator, const struct fact *fact,
                                      int64_t arrival_us, struct effects *effects);

/* aggregator.c: what a register whose scale has denominator 1 shows at most. */
int64_t aggregator_most_raw(const struct meter *meter);

/* aggregator.c: a register, level or rate; the others have pieces. */
bool aggregator_has_timeline(const struct meter *meter);

/* aggregator.c: whether a meter can show that, under each of its factors: see the limits there. */
bool aggregator_is_countable(const struct meter_book *book, int64_t raw);

/* aggregator.c: nothing is known of the meter yet. */
void aggregator_book_init(struct meter_book *book, meter_id id, const struct meter *meter);

/* recut.c: where submeters.h finds the curves. */
struct submeters_curves aggregator_curves(struct aggregator *aggregator);

/* aggregator.c: before and after everything that has effects. */
void aggregator_effects_begin(struct aggregator *aggregator);
void aggregator_effects_end(struct aggregator *aggregator, struct effects *effects);

/* aggregator.c: effects of the fact in hand. The first fits heats_reown. */
void aggregator_heat_changed(void *context, heat_no heat);
void aggregator_list_opened(struct aggregator *aggregator, meter_id meter);

/* recut.c: the heats at a station, or the crews everywhere (`station` NULL), are others in
 * [from, to): books what that changes. */
void aggregator_recut(struct aggregator *aggregator, const station_id *station, int64_t from_us,
                      int64_t to_us, enum posting_cause cause);

/* recut.c: cuts one meter again from an instant on. False where part of that is older than what is
 * kept. */
bool aggregator_recut_meter(struct aggregator *aggregator, meter_id meter, int64_t from_us,
                            int64_t to_us, enum posting_cause cause);

/* recut.c: what the use of shared meters is divided by may be another after a fact: books
 * what that changes. */
void aggregator_shares_changed(struct aggregator *aggregator, heat_no heat);
void aggregator_share_again(struct aggregator *aggregator, const struct fact *fact);

/* apply_reading.c: a sample of a meter with a timeline; `cause`: of what it corrects. */
enum outcome aggregator_take_sample(struct aggregator *aggregator, meter_id meter,
                                    const struct sample *sample, enum posting_cause cause);

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

/* apply_roster.c: other crews are on duty in [from, to) than were before: heats find their owners
 * again, and what is booked there goes to whom it belongs. */
enum outcome aggregator_duty_changed(struct aggregator *aggregator, int64_t from_us, int64_t to_us);

#endif
