/* The daemon looks after its own troubles: finds them, notes them in the journal, and tells them,
 * also while the ledger cannot say anything. Of the engine's thread. */
#ifndef HEATLEDGER_TROUBLE_WATCH_H
#define HEATLEDGER_TROUBLE_WATCH_H

#include "backlog.h"
#include "engine.h"
#include "metric.h"
#include "sender.h"
#include "subscriber.h"
#include "trouble.h"

#include <stdbool.h>
#include <stdint.h>

struct trouble_watch {
    struct troubles troubles;
    const struct engine *engine;
    struct subscriber *subscriber; /* NULL: none (yet) */
    struct sender *sender;         /* NULL: none (yet) */
    struct metrics *metrics;
    bool measured; /* the arrival of records is by our own clock */
    bool told_any;
    uint32_t told; /* of the changes */
    struct {
        bool stands;
        int64_t since_us;
    } told_of[TROUBLE_KINDS];
    struct backlog backlog;
    int64_t away_since_us; /* monotonic: since when there is no connection; 0: there is one */
};

/* `measured`: as in vitals_create. `engine` and `metrics` must outlive it. */
void trouble_watch_start(struct trouble_watch *watch, const struct engine *engine,
                         struct metrics *metrics, bool measured);

/* From now on there are these; NULL: not any more. */
void trouble_watch_connect(struct trouble_watch *watch, struct subscriber *subscriber,
                           struct sender *sender);

/* The engine has opened: what stands on record since an earlier run stands, or is over. */
void trouble_watch_adopt(struct trouble_watch *watch);

/* A turn of the engine's loop, or between two batches: looks, notes, tells. */
void trouble_watch_turn(struct trouble_watch *watch);

/* The status and the alerts of `plant`'s broker are what stands. */
void trouble_watch_tell(struct trouble_watch *watch, const struct plant *plant);

/* What is past its limit, for tests: begins at the limit and is over at half of it. */
bool trouble_is_past(bool stands, int64_t value, int64_t limit);

#endif
