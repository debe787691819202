#include "snapshot_file.h"

#include "memory.h"
#include "snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail(struct failure *failure, const char *what, const char *path)
{
    return failure_set(failure, FAILURE_RESOURCE, "%s: cannot %s: %s", path, what, strerror(errno));
}

static bool write_all(int file, const uint8_t *bytes, size_t count)
{
    while (count > 0) {
        ssize_t written = write(file, bytes, count);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            errno = written == 0 ? ENOSPC : errno;
            return false;
        }
        bytes += written;
        count -= (size_t)written;
    }
    return true;
}

/* So that the name of a new file survives a power failure. */
static bool sync_folder_of(const char *path)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    size_t length = slash != NULL ? (size_t)(slash - path) : 0;
    snprintf(folder, sizeof folder, "%.*s", (int)length, path);
    const char *name = slash == NULL ? "." : length == 0 ? "/" : folder;
    int file = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0) {
        return false;
    }
    bool synced = fsync(file) == 0;
    int why = errno;
    close(file);
    errno = why;
    return synced;
}

bool snapshot_file_write(const char *path, const void *bytes, size_t count, struct failure *failure)
{
    char fresh[PATH_MAX];
    int length = snprintf(fresh, sizeof fresh, "%s.new", path);
    if (length < 0 || (size_t)length >= sizeof fresh) {
        errno = ENAMETOOLONG;
        return fail(failure, "write", path);
    }
    int file = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    if (file < 0) {
        return fail(failure, "create", fresh);
    }
    bool good = write_all(file, bytes, count) && fsync(file) == 0;
    int why = errno;
    good = close(file) == 0 && good;
    if (!good) {
        unlink(fresh);
        errno = why;
        return fail(failure, "write", fresh);
    }
    if (rename(fresh, path) != 0) {
        why = errno;
        unlink(fresh);
        errno = why;
        return fail(failure, "rename to its name", fresh);
    }
    return sync_folder_of(path) || fail(failure, "sync the folder of", path);
}

static bool read_all(int file, uint8_t *bytes, size_t count)
{
    while (count > 0) {
        ssize_t got = read(file, bytes, count);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            errno = got == 0 ? EIO : errno;
            return false;
        }
        bytes += got;
        count -= (size_t)got;
    }
    return true;
}

bool snapshot_file_read(const char *path, uint8_t **bytes, size_t *count, struct failure *failure)
{
    struct stat stat = {0};
    int file = open(path, O_RDONLY | O_CLOEXEC);
    *bytes = NULL;
    *count = 0;
    if (file < 0) {
        return fail(failure, "open", path);
    }
    if (fstat(file, &stat) != 0 || stat.st_size < 0 || stat.st_size > SNAPSHOT_BYTES_MAX) {
        errno = EFBIG;
        close(file);
        return fail(failure, "read", path);
    }
    *count = (size_t)stat.st_size;
    *bytes = memory_zeroed(*count + 1, 1);
    bool good = read_all(file, *bytes, *count);
    int why = errno;
    close(file);
    if (!good) {
        free(*bytes);
        *bytes = NULL;
        *count = 0;
        errno = why;
        return fail(failure, "read", path);
    }
    return true;
}
