/* The journal's part of an explanation: the readings behind a posting, and the record that made it.
 *
 * The readings that are asked for are found in one pass over the journal and put into a curve of
 * their own, so that what is said about a mark is what the aggregator makes of the same readings.
 */
#ifndef HEATLEDGER_EXPLAIN_JOURNAL_H
#define HEATLEDGER_EXPLAIN_JOURNAL_H

#include "curve.h"
#include "failure.h"
#include "plant.h"
#include "scales.h"

#include <stdbool.h>
#include <stdint.h>

struct explain_journal;

/* Opens DIR/journal for looking; records at or behind `until` are not taken. */
struct explain_journal *explain_journal_open(const char *directory, uint64_t until,
                                             struct failure *failure);
void explain_journal_close(struct explain_journal *journal);

/* The configuration in the journal. */
const struct plant *explain_journal_plant(const struct explain_journal *journal);

/* Whether the journal begins later than the ledger, as old files of it were let go of; its first
 * record arrived at `*begin_us`. */
bool explain_journal_begin_us(const struct explain_journal *journal, int64_t *begin_us);

/* Asks for a meter's readings in [from, to] and for those next to them; several windows become one
 * that holds all. Then explain_journal_read finds them. */
void explain_journal_want(struct explain_journal *journal, meter_id meter, int64_t from_us,
                          int64_t to_us);
bool explain_journal_read(struct explain_journal *journal, struct failure *failure);

/* How C at an instant was got. */
enum mark_basis {
    MARK_READ,       /* a reading stands there */
    MARK_BETWEEN,    /* interpolated between two readings */
    MARK_SPREAD,     /* the same, over a gap: estimated */
    MARK_FIRST,      /* before the first reading, which is the baseline */
    MARK_LAST,       /* behind the newest reading: up to that one */
    MARK_NO_READING, /* no reading was found */
    MARK_RETIRED     /* the readings it rests on were let go of with the journal's first files */
};

struct mark_story {
    enum mark_basis basis;
    int64_t c_base;                     /* relative: only differences of one meter mean something */
    const struct point *before, *after; /* those it rests on; NULL: none */
};

/* The mark of a register, level or rate at an instant. */
void explain_journal_mark(const struct explain_journal *journal, meter_id meter, int64_t ts_us,
                          struct mark_story *story);

/* The samples of the meter's curve in (from, to], `*count` of them. */
const struct point *explain_journal_samples(const struct explain_journal *journal, meter_id meter,
                                            int64_t from_us, int64_t to_us, size_t *count);

/* A reading as it came. */
struct told_reading {
    int64_t ts_us, from_us; /* from_us: INT64_MIN where not given */
    int64_t raw;
    uint64_t position;
    char *heat, *id; /* NULL: not given */
};

/* The reading of an increment or event meter that a segment [start, end] comes from: by heat
 * where it names one; NULL: none was found. */
const struct told_reading *explain_journal_piece(const struct explain_journal *journal,
                                                 meter_id meter, int64_t start_us, int64_t end_us,
                                                 const char *heat);

/* What a person decided about the reading of an instant, the latest word; NULL: nobody did. */
struct told_decision {
    int64_t at_us, raw; /* the reading; raw: INT64_MIN where not given */
    int64_t said_us;
    bool accepted;
    char *by, *reason; /* reason: NULL where not given */
};
const struct told_decision *explain_journal_decision(const struct explain_journal *journal,
                                                     meter_id meter, int64_t ts_us, int64_t raw);

/* What the meter's raw unit is in base units at an instant, messages about it included. */
struct scale explain_journal_scale(const struct explain_journal *journal, meter_id meter,
                                   int64_t ts_us);

/* A record: when it came, on which topic, and, of an entry, who entered it and why. Text lives
 * until the next call. */
struct told_record {
    bool retired;       /* it stood before the journal's beginning: nothing else is known */
    int64_t arrival_us; /* INT64_MIN: unknown */
    char topic[128];
    char by[72], reason[248]; /* empty: none */
};
bool explain_journal_record(struct explain_journal *journal, uint64_t position,
                            struct told_record *record, struct failure *failure);

#endif
