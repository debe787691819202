/* Readings → postings. The aggregator knows every meter's curve, every heat and who is on duty, and
 * turns each fact into what it books. Pure: facts and the position in, effects out. */
#ifndef HEATLEDGER_AGGREGATOR_H
#define HEATLEDGER_AGGREGATOR_H

#include "attribution.h"
#include "booked.h"
#include "fact.h"
#include "heat_rules.h"
#include "history.h"
#include "outcome.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct aggregator;

/* The arguments must outlive the aggregator. */
struct aggregator *aggregator_create(const struct catalog *catalog, const struct roster *roster,
                                     const struct heat_rules *rules);
void aggregator_destroy(struct aggregator *aggregator);

/* Where what falls out of memory is kept and found again; must outlive the aggregator. Before the
 * first fact; without it nothing falls out of memory. */
void aggregator_set_history(struct aggregator *aggregator, const struct history *history);

/* What a fact, or another configuration, did. The lists belong to the aggregator and live until the
 * next call of aggregator_apply, aggregator_follow or aggregator_begin. */
struct effects {
    bool plain; /* a reading that only made its curve longer: there are no effects */
    const struct posting *postings;
    size_t posting_count;
    const heat_no *heats; /* new or changed; given before any posting that names them */
    size_t heat_count;
    const meter_id *opened; /* watched meters whose open use must be judged now */
    size_t opened_count;
    bool calendar_changed;                    /* others are on duty than before … */
    int64_t calendar_from_us, calendar_to_us; /* … in [from, to) */
    const char *detail;                       /* why it was refused or held; NULL: nothing to say */
};

/* A new journal record begins: effects are named (position, 0), (position, 1), … */
void aggregator_begin(struct aggregator *aggregator, uint64_t position);

/* Readings of these meters come next, as those of a message do. What they will need is fetched
 * from memory together; best for some 16 at a time. Nothing but speed depends on it. */
void aggregator_prefetch(const struct aggregator *aggregator, const meter_id *meters, size_t count);

/* Applies a fact that arrived at `arrival_us`. */
enum outcome aggregator_apply(struct aggregator *aggregator, const struct fact *fact,
                              int64_t arrival_us, struct effects *effects);

/* The catalog and the roster with which it was made hold another configuration now, in which every
 * row of `former` and of `former_roster` has kept its place (plant_adopt.h): goes on with it, and
 * with what is new in it. The lists of `effects` are as after aggregator_apply; aggregator_begin
 * comes before. A new meter is not watched, and has no history until aggregator_set_history. */
void aggregator_follow(struct aggregator *aggregator, const struct catalog *former,
                       const struct roster *former_roster, struct effects *effects);

/* The open use of a meter, divided, with what steel that moved takes along of it, parts of 0
 * included; appended to `open`. */
void aggregator_open(const struct aggregator *aggregator, meter_id meter,
                     struct segment_list *open);

/* Asks to have the meter listed in effects.opened whenever its open segment begins anew, and once
 * its use has grown by `headroom_base` (INT64_MAX: only the former). */
void aggregator_watch(struct aggregator *aggregator, meter_id meter, int64_t headroom_base);

/* Counters and last values of a meter, for showing. */
struct meter_state {
    int64_t first_ts_us;   /* earliest reading; TIMESTAMP_NEVER_US: none */
    int64_t last_ts_us;    /* newest reading, retained ones left out; TIMESTAMP_NEVER_US: none */
    int64_t last_alive_us; /* arrival of the last message that is a sign of life */
    int64_t last_raw;
    int64_t booked_base; /* what the meter's postings and its open segment add up to */
    uint64_t outcomes[OUTCOME_COUNT];
    uint64_t gaps;
    uint64_t dips; /* glitches that follow each other are one */
};
void aggregator_meter(const struct aggregator *aggregator, meter_id meter,
                      struct meter_state *state);

/* The meter's factors over time: the aggregator's, until the next fact. */
const struct scales *aggregator_scales(const struct aggregator *aggregator, meter_id meter);

/* Counts a reading of this meter that was refused before it came here. */
void aggregator_count(struct aggregator *aggregator, meter_id meter, enum outcome outcome);

const struct heats *aggregator_heats(const struct aggregator *aggregator);
struct calendar *aggregator_calendar(struct aggregator *aggregator);

#endif
