/* The snapshots of a ledger directory: DIR/snapshots/POSITION.snap.
 *
 * One is made every few minutes while the daemon works, and when it stops; a restart goes on from
 * the newest one that is good and that the ledger has reached. They only save time: whoever removes
 * them makes the next start read the whole journal. */
#ifndef HEATLEDGER_SNAPSHOTS_H
#define HEATLEDGER_SNAPSHOTS_H

#include "failure.h"
#include "pipeline.h"

#include <stdbool.h>
#include <stdint.h>

#define SNAPSHOTS_PATH_MAX 4096
#define SNAPSHOTS_KEPT 2         /* the newest ones */
#define SNAPSHOTS_EVERY_MIN 10   /* minutes between two, by default */
#define SNAPSHOTS_COST_PARTS 100 /* at most so small a part of the time goes into them */

struct snapshots {
    char directory[SNAPSHOTS_PATH_MAX];
    uint64_t position; /* of the newest one; meaningful where there is one */
    bool has_one;
    int64_t due_us; /* wall time before which none is made */
};

/* Looks into the ledger directory. FAILURE_INPUT: its path is too long. */
bool snapshots_open(struct snapshots *snapshots, const char *ledger_directory,
                    struct failure *failure);

/* Makes a pipeline and loads the newest snapshot that is good and that the ledger has reached;
 * those that are not good are named in the log. Without one the pipeline begins at the journal's
 * start, which must then be kept: NULL with a failure where it is not. */
struct pipeline *snapshots_resume(struct snapshots *snapshots, struct journal *journal,
                                  struct book *book, struct failure *failure);

/* Commits what is open, makes a snapshot, and lets go of older ones. Does nothing where nothing
 * came since the last one. That the file cannot be written is told in the log and no failure. */
bool snapshots_take(struct snapshots *snapshots, struct pipeline *pipeline,
                    struct failure *failure);

/* The same where one is due; the next one is `every_us` later, or so much later that a hundredth
 * of the time at most goes into them. */
bool snapshots_take_if_due(struct snapshots *snapshots, struct pipeline *pipeline, int64_t every_us,
                           struct failure *failure);

#endif
