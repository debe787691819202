/* What the two halves of the journal share: its files (journal_files.c) and the work on them
 * (journal.c). */
#ifndef HEATLEDGER_JOURNAL_STATE_H
#define HEATLEDGER_JOURNAL_STATE_H

#include "journal_segment.h"

#include <pthread.h>
#include <stdatomic.h>

struct journal {
    char *path;
    int directory_fd, lock_fd;
    bool writable;
    size_t segment_bytes;
    uint64_t begin; /* position of the first record kept */
    _Atomic uint64_t end;
    _Atomic(struct segment *) reading; /* where the reader is: spares it the lock */

    pthread_mutex_t append_lock; /* all from here to the next lock */
    struct segment **segments;   /* ascending; never freed before the journal is closed */
    size_t segment_count, segment_capacity;
    size_t offset; /* in the last segment: where the next record goes */
    struct segment *next;
    size_t prepare_at; /* offset at which the next segment is prepared, or tried again */
    struct failure room;
    bool broken, directory_dirty;

    pthread_mutex_t sync_lock;
    uint64_t synced;
    struct failure broken_failure;

    pthread_mutex_t wait_lock;
    pthread_cond_t waked;
    _Atomic uint32_t waiters;
    bool wake; /* ends the present wait, or the next one */
};

struct segment *journal_last_segment(const struct journal *journal);

/* Maps the segments that are there and not mapped yet. Under the append lock, once there are
 * several threads. */
bool journal_load_segments(struct journal *journal, struct failure *failure);

/* Allocates the segment that will follow the last one, with room for a record of `need` bytes. */
bool journal_prepare(struct journal *journal, size_t need, struct failure *failure);

/* Goes on in a new segment, with room for a record of `need` bytes. */
bool journal_roll(struct journal *journal, size_t need, struct failure *failure);

/* Adds the directory to the failure's text; returns false. */
bool journal_in_directory(const struct journal *journal, struct failure *failure);

#endif
