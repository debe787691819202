/* The pipeline: journal → facts → postings → verdicts → ledger. It owns all state that follows from
 * the journal, and nothing else: state = f(journal).
 *
 * One thread. Opening an existing ledger reads the journal from its start and writes nothing until
 * the position that is committed, which brings back what was in memory. */
#ifndef HEATLEDGER_PIPELINE_H
#define HEATLEDGER_PIPELINE_H

#include "book.h"
#include "failure.h"
#include "journal.h"
#include "outcome.h"
#include "plant.h"
#include "skips.h"
#include "trouble_kind.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define PIPELINE_BATCH_RECORDS 8192

struct pipeline;
struct metrics;     /* metric.h */
struct alert_delay; /* alert_delay.h */

/* Who looks on while the pipeline works; all of it may be NULL, and outlives the pipeline. */
struct pipeline_watch {
    struct metrics *metrics;
    struct alert_delay *delay;   /* where the arrival of records is by our own clock */
    void (*turn)(void *context); /* between two batches of a long way, and when it is done */
    void *context;
};

/* `journal` and `book` must outlive the pipeline. */
struct pipeline *pipeline_create(struct journal *journal, struct book *book);
void pipeline_destroy(struct pipeline *pipeline);

/* Fills no outbox: what comes from a recording is nobody's news. */
void pipeline_mute(struct pipeline *pipeline);

/* The messages about what is taken from now on are of long ago: of those only what is retained at
 * the broker as it stands goes to the outbox, with the ids it had: open alerts, the latest
 * handover. Ends with pipeline_mute. */
void pipeline_settle(struct pipeline *pipeline);

/* For proving: takes no record at or behind `position`, leaves the journal, which may be open for
 * reading only, as it is, and fills no outbox. */
void pipeline_prove_until(struct pipeline *pipeline, uint64_t position);

/* Takes every record that is there, committing a batch at a time; stops early when `*stop` (may be
 * NULL) becomes true. */
bool pipeline_drain(struct pipeline *pipeline, const atomic_bool *stop, struct failure *failure);

/* Takes every record before `position`, and fills no outbox meanwhile: the messages about them have
 * gone out before, from a ledger that is made again now. */
bool pipeline_make_again(struct pipeline *pipeline, uint64_t position, struct failure *failure);

/* Commits what is open right now, so that reports show it. No effect where nothing came since. */
bool pipeline_show(struct pipeline *pipeline, struct failure *failure);

/* Whether something came that is not shown yet. */
bool pipeline_is_behind(const struct pipeline *pipeline);

/* The next record's position, and when the next timer is due (TIMESTAMP_NEVER_US: none). */
uint64_t pipeline_position(const struct pipeline *pipeline);
int64_t pipeline_due_us(const struct pipeline *pipeline);

/* The configuration in force, which the journal brought; NULL: none yet. It is the pipeline's and
 * becomes another when a record with another one is taken. */
const struct plant *pipeline_plant(const struct pipeline *pipeline);

/* The engine's time: the arrival of the newest record. */
int64_t pipeline_now_us(const struct pipeline *pipeline);

/* The highest session number of any record so far; 0: none. */
uint32_t pipeline_last_session(const struct pipeline *pipeline);

/* Whether a trouble that the journal has a note of stands, and since when. */
bool pipeline_trouble(const struct pipeline *pipeline, enum trouble_kind trouble,
                      int64_t *since_us);

/* Lets `watch` look on; copied. */
void pipeline_set_watch(struct pipeline *pipeline, const struct pipeline_watch *watch);

/* The records that are left out, and what a crash shall leave behind; before the first record is
 * taken. Must outlive the pipeline; NULL, as without the call: none. */
void pipeline_set_skips(struct pipeline *pipeline, struct skips *skips);

/* Where it counts; NULL: nowhere. */
struct metrics *pipeline_metrics(const struct pipeline *pipeline);

/* How many records this pipeline has taken, and what became of them and their parts, those before
 * it in the journal included. */
uint64_t pipeline_taken(const struct pipeline *pipeline);
/* … and how many were taken when it has last committed. */
uint64_t pipeline_committed(const struct pipeline *pipeline);
const struct outcome_counts *pipeline_outcomes(const struct pipeline *pipeline);

/* The journal does not reach back before `position` any more: what of stored curves is of use to
 * nobody since then goes with later commits. */
void pipeline_prune_before(struct pipeline *pipeline, uint64_t position);

/* The broker has taken the outbox up to this row: the next commit forgets it. */
void pipeline_outbox_sent(struct pipeline *pipeline, int64_t row);

#endif
