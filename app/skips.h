/* Records that crash the engine, and how the daemon gets past them.
 *
 * A crash of the engine (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT in its thread) leaves in
 * DIR/trying which records were in hand and not committed: one, or those of a commit. The handler
 * writes that, so a record costs nothing but two stores in memory, and a power cut or kill -9,
 * which say nothing about a record, never put one under suspicion. At the next start each of them
 * is taken alone: committed before, and behind. One that crashes the engine alone, too, is put on
 * the list of skips at the start after that: the journal gets a record of kind JOURNAL_SKIP,
 *
 *   {"position":4711,"why":"crashed twice"}
 *
 * and the message counts as the outcome `skipped`, listed by `report rejects`. Only messages and
 * entries are ever skipped, and only before they have been booked.
 *
 * State is a function of the journal, yet a skip stands behind the record that it is about: so all
 * skips are known before the first record is taken. DIR/skips holds their positions, so that a
 * start need not read the whole journal; it is made again from the journal where it is missing. The
 * journal's record is synced before DIR/skips names it, and DIR/trying is cleared last: whatever a
 * crash in between leaves is done again, and a second skip of the same record says nothing new. */
#ifndef HEATLEDGER_SKIPS_H
#define HEATLEDGER_SKIPS_H

#include "failure.h"
#include "journal.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SKIPS_MAX 1000 /* a journal with more is not the matter of single records */

/* Records from `from` to before `to`; none where both are the same. */
struct skips_range {
    uint64_t from, to;
};

struct skips {
    uint64_t positions[SKIPS_MAX]; /* ascending */
    size_t count;
    struct skips_range suspects; /* to be taken one by one */
    /* What the handler writes. */
    volatile struct skips_range in_hand;
    volatile bool alone;
    bool watched; /* the handler is in place */
};

/* The skips of the journal in the ledger directory, for a journal that is open for appending: puts
 * what crashed alone on the list, and suspects what crashed otherwise. `now_us`: arrival of the
 * record that is appended. */
bool skips_open(struct skips *skips, const char *directory, struct journal *journal, int64_t now_us,
                struct failure *failure);

/* The same for looking only: changes nothing, suspects nobody. */
bool skips_look(struct skips *skips, const char *directory, struct journal *journal,
                struct failure *failure);

/* From now on a crash of the calling thread leaves what was in hand. One ledger a process; ends
 * with skips_unwatch. */
bool skips_watch(struct skips *skips, const char *directory, struct failure *failure);
void skips_unwatch(struct skips *skips);

/* NULL knows of no skips, here and below. */
bool skips_has(const struct skips *skips, uint64_t position);
bool skips_suspects(const struct skips *skips, uint64_t position);

/* The records from `from` to before `to` are in hand; `alone`: nothing else is uncommitted. */
void skips_take(struct skips *skips, uint64_t from, uint64_t to, bool alone);

/* Called with each record before it is taken, where a test has a function of this name. */
void skips_test_hook(const struct journal_record *record) __attribute__((weak));

#endif
