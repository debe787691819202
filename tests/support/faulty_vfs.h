/* A disk for SQLite on which chosen calls fail and then work again: a layer over its own file
 * system, made the default one. It counts the calls of each kind; it sleeps for nobody. */
#ifndef HEATLEDGER_TESTS_FAULTY_VFS_H
#define HEATLEDGER_TESTS_FAULTY_VFS_H

#include <assert.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum vfs_call {
    VFS_OPEN,
    VFS_READ,
    VFS_WRITE,
    VFS_SYNC,
    VFS_TRUNCATE,
    VFS_LOCK,
    VFS_SHM_MAP,
    VFS_SHM_LOCK,
    VFS_CALLS
};

struct vfs_faults {
    enum vfs_call call; /* which fails, */
    int at, span;       /* from its call `at` (1 is the first) for `span` calls, */
    int code;           /* with this result */
};

static struct vfs_faults vfs_plan_now;
static int vfs_counts[VFS_CALLS], vfs_failures;
static sqlite3_vfs *vfs_below;

struct vfs_file {
    sqlite3_file base;
    sqlite3_file *below; /* behind this struct */
};

static inline void vfs_plan(struct vfs_faults plan)
{
    vfs_plan_now = plan;
    memset(vfs_counts, 0, sizeof vfs_counts);
    vfs_failures = 0;
}

/* The result that the call must fail with; SQLITE_OK: it is to work. */
static inline int vfs_fails(enum vfs_call call)
{
    int count = ++vfs_counts[call];
    if (call != vfs_plan_now.call || count < vfs_plan_now.at ||
        count >= vfs_plan_now.at + vfs_plan_now.span) {
        return SQLITE_OK;
    }
    vfs_failures++;
    return vfs_plan_now.code;
}

#define VFS_BELOW(file) (((struct vfs_file *)(void *)(file))->below)
/* Fails, or does it below. */
#define VFS_DO(call, method, file, ...)                                                            \
    int failed = vfs_fails(call);                                                                  \
    return failed != SQLITE_OK ? failed                                                            \
                               : VFS_BELOW(file)->pMethods->method(VFS_BELOW(file), __VA_ARGS__)

static inline int vfs_close(sqlite3_file *file)
{
    return VFS_BELOW(file)->pMethods->xClose(VFS_BELOW(file));
}

static inline int vfs_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset)
{
    VFS_DO(VFS_READ, xRead, file, bytes, count, offset);
}

static inline int vfs_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset)
{
    VFS_DO(VFS_WRITE, xWrite, file, bytes, count, offset);
}

static inline int vfs_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    VFS_DO(VFS_TRUNCATE, xTruncate, file, size);
}

/* The machine goes on: nothing is synced. */
static inline int vfs_sync(sqlite3_file *file, int flags)
{
    (void)file;
    (void)flags;
    return vfs_fails(VFS_SYNC);
}

static inline int vfs_file_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return VFS_BELOW(file)->pMethods->xFileSize(VFS_BELOW(file), size);
}

static inline int vfs_lock(sqlite3_file *file, int level)
{
    VFS_DO(VFS_LOCK, xLock, file, level);
}

static inline int vfs_unlock(sqlite3_file *file, int level)
{
    return VFS_BELOW(file)->pMethods->xUnlock(VFS_BELOW(file), level);
}

static inline int vfs_reserved(sqlite3_file *file, int *reserved)
{
    return VFS_BELOW(file)->pMethods->xCheckReservedLock(VFS_BELOW(file), reserved);
}

static inline int vfs_control(sqlite3_file *file, int operation, void *argument)
{
    return VFS_BELOW(file)->pMethods->xFileControl(VFS_BELOW(file), operation, argument);
}

static inline int vfs_sector_size(sqlite3_file *file)
{
    return VFS_BELOW(file)->pMethods->xSectorSize(VFS_BELOW(file));
}

static inline int vfs_characteristics(sqlite3_file *file)
{
    return VFS_BELOW(file)->pMethods->xDeviceCharacteristics(VFS_BELOW(file));
}

static inline int vfs_shm_map(sqlite3_file *file, int page, int size, int extend,
                              void volatile **map)
{
    VFS_DO(VFS_SHM_MAP, xShmMap, file, page, size, extend, map);
}

static inline int vfs_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    int failed = (flags & SQLITE_SHM_UNLOCK) == 0 ? vfs_fails(VFS_SHM_LOCK) : SQLITE_OK;
    return failed != SQLITE_OK
               ? failed
               : VFS_BELOW(file)->pMethods->xShmLock(VFS_BELOW(file), offset, count, flags);
}

static inline void vfs_shm_barrier(sqlite3_file *file)
{
    VFS_BELOW(file)->pMethods->xShmBarrier(VFS_BELOW(file));
}

static inline int vfs_shm_unmap(sqlite3_file *file, int remove)
{
    return VFS_BELOW(file)->pMethods->xShmUnmap(VFS_BELOW(file), remove);
}

static const sqlite3_io_methods vfs_methods = {
    .iVersion = 2,
    .xClose = vfs_close,
    .xRead = vfs_read,
    .xWrite = vfs_write,
    .xTruncate = vfs_truncate,
    .xSync = vfs_sync,
    .xFileSize = vfs_file_size,
    .xLock = vfs_lock,
    .xUnlock = vfs_unlock,
    .xCheckReservedLock = vfs_reserved,
    .xFileControl = vfs_control,
    .xSectorSize = vfs_sector_size,
    .xDeviceCharacteristics = vfs_characteristics,
    .xShmMap = vfs_shm_map,
    .xShmLock = vfs_shm_lock,
    .xShmBarrier = vfs_shm_barrier,
    .xShmUnmap = vfs_shm_unmap,
};

static inline int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                           int *flags_out)
{
    struct vfs_file *own = (struct vfs_file *)(void *)file;
    int result = vfs_fails(VFS_OPEN);
    (void)vfs;
    own->base.pMethods = NULL;
    own->below = (sqlite3_file *)(void *)(own + 1);
    if (result == SQLITE_OK) {
        result = vfs_below->xOpen(vfs_below, name, own->below, flags, flags_out);
    }
    if (result == SQLITE_OK) {
        own->base.pMethods = &vfs_methods;
    }
    return result;
}

/* What waits for a lock need not wait. */
static inline int vfs_sleep(sqlite3_vfs *vfs, int microseconds)
{
    (void)vfs;
    return microseconds;
}

static inline void vfs_install(void)
{
    static sqlite3_vfs faulty;
    vfs_below = sqlite3_vfs_find(NULL);
    faulty = *vfs_below;
    faulty.zName = "faulty";
    faulty.szOsFile = (int)sizeof(struct vfs_file) + vfs_below->szOsFile;
    faulty.xOpen = vfs_open;
    faulty.xSleep = vfs_sleep;
    assert(sqlite3_vfs_register(&faulty, 1) == SQLITE_OK);
}

#endif
