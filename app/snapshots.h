/* The snapshots of a ledger directory, DIR/snapshots (snapshot_list.h names the files), and what
 * the journal keeps behind them.
 *
 * One is made every few minutes while the daemon works, and when it stops; a restart goes on from
 * the newest one that is good and that the ledger has reached. The newest two stay. Beside them one
 * a month, or so, stays as a base for as long as the journal behind it does: from a base `verify`
 * proves what came since.
 *
 * The journal is let go of here, and never else: once a base is older than what the journal is to
 * keep (keep_days), and has been read and found whole, what stands before it goes, snapshots and
 * segments. While there is no such base nothing goes. So wherever the journal does not begin with
 * its first record there is a base, and nothing before the base is needed to go on: it holds every
 * configuration, with its zone offsets. */
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
#define SNAPSHOTS_BASE_DAYS 30   /* between two bases, or … */
#define SNAPSHOTS_BASE_PARTS 16  /* … so small a part of keep_days, where that is more */

struct snapshots {
    char directory[SNAPSHOTS_PATH_MAX];
    struct journal *journal; /* what snapshots_resume was given */
    uint64_t position;       /* of the newest one; meaningful where there is one */
    bool has_one;
    uint64_t whole_base; /* position of the base that was found whole last; 0: none was */
    int64_t due_us;      /* wall time before which none is made */
};

/* Looks into the ledger directory. FAILURE_INPUT: its path is too long. */
bool snapshots_open(struct snapshots *snapshots, const char *ledger_directory,
                    struct failure *failure);

/* Makes a pipeline and loads the newest snapshot that is good and that the ledger has reached;
 * those that are not good are named in the log. Without one the pipeline begins at the journal's
 * start, which must then be kept: NULL with a failure where it is not. `journal` must outlive the
 * snapshots. */
struct pipeline *snapshots_resume(struct snapshots *snapshots, struct journal *journal,
                                  struct book *book, struct failure *failure);

/* Commits what is open, makes a snapshot, lets go of older ones, and of the journal before the base
 * that the kept time begins with. Does nothing where nothing came since the last one. That a file
 * cannot be written or removed is told in the log and no failure. */
bool snapshots_take(struct snapshots *snapshots, struct pipeline *pipeline,
                    struct failure *failure);

/* The same where one is due; the next one is `every_us` later, or so much later that a hundredth
 * of the time at most goes into them. */
bool snapshots_take_if_due(struct snapshots *snapshots, struct pipeline *pipeline, int64_t every_us,
                           struct failure *failure);

/* The position of the oldest snapshot that is kept: what the ledger holds must still suffice to go
 * on from there (the version of each page that was in force there, say). False: there is none, and
 * going on means to read the journal from its start. */
bool snapshots_oldest_position(const struct snapshots *snapshots, uint64_t *position);

/* Makes a pipeline over `book`, whose position is one of a kept snapshot, and loads that one: for
 * proofs. Changes nothing on the disk. NULL with a failure. */
struct pipeline *snapshots_load_at(const struct snapshots *snapshots, uint64_t position,
                                   struct journal *journal, struct book *book,
                                   struct failure *failure);

#endif
