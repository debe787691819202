/* What the parts of the journal share: its opening (journal_open.c), its files (journal_files.c),
 * the work on them (journal.c), and its two threads (journal_sync.c, journal_packer.c). */
#ifndef HEATLEDGER_JOURNAL_STATE_H
#define HEATLEDGER_JOURNAL_STATE_H

#include "journal_segment.h"

#include <pthread.h>
#include <stdatomic.h>

#define NEXT_NAME "next.tmp" /* the segment in preparation, until it gets its name */

struct journal {
    char *path;
    int directory_fd, lock_fd;
    int keep_fd; /* the directory, for packing and letting go: the system tells an error of a sync
                    once to each descriptor, and journal_sync must not miss one */
    bool writable;
    struct journal_settings settings;
    const struct journal_disk *disk;
    _Atomic uint64_t begin; /* position of the first record kept */
    _Atomic uint64_t end;
    _Atomic uint64_t appended;         /* records; tells one before `end` does */
    _Atomic(struct segment *) reading; /* where the reader is: spares it the lock */

    pthread_mutex_t append_lock; /* all from here to the next lock */
    struct segment **segments;   /* ascending; freed when the journal is closed, or retired */
    size_t segment_count, segment_capacity;
    struct segment *held[JOURNAL_HELD]; /* where the reader was, the latest first */
    size_t offset;                      /* in the last segment: where the next record goes */
    struct segment *next;
    size_t prepare_at; /* offset at which the next segment is prepared, or tried again */
    struct failure room;
    bool broken, directory_dirty;
    struct failure broken_failure;
    pthread_cond_t packable; /* waits under the append lock */

    pthread_mutex_t sync_lock; /* held while syncing; taken before the append lock */
    _Atomic uint64_t synced;   /* everything before is on the disk, and so is its directory */
    _Atomic int64_t synced_us; /* monotonic: what was appended before is on the disk; 0: no sync */

    pthread_mutex_t wait_lock;
    pthread_cond_t waked;
    pthread_cond_t stopped; /* for the sync thread alone */
    _Atomic uint32_t waiters;
    bool wake; /* ends the present wait, or the next one */
    bool stopping;

    pthread_t sync_thread, packer_thread;
    bool has_sync_thread, has_packer_thread;
    atomic_bool packer_stop;
};

struct segment *journal_last_segment(const struct journal *journal);

/* Opens the segments that are there and not open yet. Under the append lock, once there are
 * several threads. */
bool journal_load_segments(struct journal *journal, struct failure *failure);

/* Allocates the segment that will follow the last one, with room for a record of `need` bytes;
 * journal_drop_next lets go of it again, where there is one. */
bool journal_prepare(struct journal *journal, size_t need, struct failure *failure);
void journal_drop_next(struct journal *journal);

/* Gives the prepared segment its name and makes it the last one. */
bool journal_enter_next(struct journal *journal, struct failure *failure);

/* Goes on in a new segment, with room for a record of `need` bytes. */
bool journal_roll(struct journal *journal, size_t need, struct failure *failure);

/* Adds the directory to the failure's text; returns false. */
bool journal_in_directory(const struct journal *journal, struct failure *failure);

/* The thread that syncs at JOURNAL_GROUP, and the one that packs; none where there is nothing to
 * do. Stopping the first one syncs what is left. */
void journal_sync_start(struct journal *journal);
void journal_sync_stop(struct journal *journal);
void journal_packer_start(struct journal *journal);
void journal_packer_stop(struct journal *journal);

/* Starts a thread that takes no signals: they are for the program's own, which may not have blocked
 * them yet. */
pthread_t journal_thread(void *(*work)(void *journal), struct journal *journal);

/* So many milliseconds from now, of the monotonic clock. */
struct timespec journal_deadline_in(uint32_t timeout_ms);

/* Microseconds of the same clock, now. */
int64_t journal_clock_us(void);

#endif
