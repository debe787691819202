/* A disk for the journal that counts what is done to it, and on which a chosen call fails, or ends
 * the process. It syncs nothing: the machine goes on. */
#ifndef DISK_FAULTS_H
#define DISK_FAULTS_H

#include "journal_disk.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum disk_operation {
    DISK_OPEN,
    DISK_ALLOCATE,
    DISK_MAP,
    DISK_SYNC_DATA,
    DISK_SYNC,
    DISK_RENAME,
    DISK_UNLINK,
    DISK_WRITE,
    DISK_OPERATIONS
};

struct disk_faults {
    enum disk_operation operation; /* which fails, */
    int at, span;                  /* from its call `at` (1 is the first) for `span` calls, */
    int code;                      /* with this errno; `span` 0: never */
    int exit_at;                   /* the call, of all operations, at which the process ends; 0 */
    bool exit_after;               /* when it is done, not before */
};

static struct disk_faults faults;
static _Atomic int disk_calls[DISK_OPERATIONS], disk_all_calls, disk_failures;

static inline void disk_plan(struct disk_faults plan)
{
    faults = plan;
    for (int i = 0; i < DISK_OPERATIONS; i++) {
        disk_calls[i] = 0;
    }
    disk_all_calls = 0;
    disk_failures = 0;
}

/* Counts a call. Whether it has to fail: errno is set then. */
static inline bool disk_fails(enum disk_operation operation, bool *exits)
{
    int call = atomic_fetch_add(&disk_calls[operation], 1) + 1;
    int all = atomic_fetch_add(&disk_all_calls, 1) + 1;
    *exits = all == faults.exit_at;
    if (*exits && !faults.exit_after) {
        _exit(9);
    }
    if (operation != faults.operation || call < faults.at || call >= faults.at + faults.span) {
        return false;
    }
    atomic_fetch_add(&disk_failures, 1);
    errno = faults.code;
    return true;
}

static inline void disk_ends(bool exits)
{
    if (exits) {
        _exit(9);
    }
}

static inline int faulty_open(int directory_fd, const char *name, int flags)
{
    bool exits;
    int fd =
        disk_fails(DISK_OPEN, &exits) ? -1 : journal_disk_system()->open(directory_fd, name, flags);
    disk_ends(exits);
    return fd;
}

static inline int faulty_allocate(int fd, off_t size)
{
    bool exits;
    int result = disk_fails(DISK_ALLOCATE, &exits) ? -1 : journal_disk_system()->allocate(fd, size);
    disk_ends(exits);
    return result;
}

static inline void *faulty_map(int fd, size_t size, int protection)
{
    bool exits;
    void *map = disk_fails(DISK_MAP, &exits) ? MAP_FAILED
                                             : journal_disk_system()->map(fd, size, protection);
    disk_ends(exits);
    return map;
}

static inline int faulty_sync_data(int fd)
{
    bool exits;
    int result = disk_fails(DISK_SYNC_DATA, &exits) ? -1 : 0;
    (void)fd;
    disk_ends(exits);
    return result;
}

static inline int faulty_sync(int fd)
{
    bool exits;
    int result = disk_fails(DISK_SYNC, &exits) ? -1 : 0;
    (void)fd;
    disk_ends(exits);
    return result;
}

static inline int faulty_rename(int directory_fd, const char *from, const char *to)
{
    bool exits;
    int result = disk_fails(DISK_RENAME, &exits)
                     ? -1
                     : journal_disk_system()->rename(directory_fd, from, to);
    disk_ends(exits);
    return result;
}

static inline int faulty_unlink(int directory_fd, const char *name)
{
    bool exits;
    int result =
        disk_fails(DISK_UNLINK, &exits) ? -1 : journal_disk_system()->unlink(directory_fd, name);
    disk_ends(exits);
    return result;
}

/* A write that fails has written half of it the call before, as on a disk that fills up. */
static inline ssize_t faulty_write(int fd, const void *bytes, size_t length)
{
    bool exits;
    if (disk_fails(DISK_WRITE, &exits)) {
        return -1;
    }
    bool half = faults.operation == DISK_WRITE && faults.span > 0 && length > 1;
    ssize_t written = journal_disk_system()->write(fd, bytes, half ? length / 2 : length);
    disk_ends(exits);
    return written;
}

static const struct journal_disk faulty_disk = {
    .open = faulty_open,
    .allocate = faulty_allocate,
    .map = faulty_map,
    .sync_data = faulty_sync_data,
    .sync = faulty_sync,
    .rename = faulty_rename,
    .unlink = faulty_unlink,
    .write = faulty_write,
};

#endif
