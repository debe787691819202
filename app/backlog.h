/* How far the ledger is behind the journal. */
#ifndef HEATLEDGER_BACKLOG_H
#define HEATLEDGER_BACKLOG_H

#include "journal.h"
#include "pipeline.h"

#include <stdbool.h>
#include <stdint.h>

/* Nobody counts what stands in a journal; but from a moment at which the engine was at its end both
 * count the same records. Zeroed: there was no such moment. */
struct backlog {
    const struct pipeline *of; /* who counts with us; while it is closed its count stands */
    uint64_t taken, appended;  /* at that moment */
    uint64_t booked;           /* of those that were appended */
    bool counted;
};

struct backlog_sight {
    uint64_t bytes, records; /* records: 0 while nobody knows */
    int64_t age_us;          /* since the oldest that waits came, by `now_us`; 0: none waits */
};

/* `pipeline` is NULL while the ledger is closed, and `position` what is booked. To be called by the
 * thread that reads the journal. */
struct backlog_sight backlog_look(struct backlog *backlog, struct journal *journal,
                                  const struct pipeline *pipeline, uint64_t position,
                                  int64_t now_us);

#endif
