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

struct snapshot_file {
    int file;
    int why; /* errno of the first piece that could not be written; 0: none */
    char path[PATH_MAX], fresh[PATH_MAX];
};

struct snapshot_file *snapshot_file_begin(const char *path, struct failure *failure)
{
    struct snapshot_file *file = memory_zeroed(1, sizeof *file);
    int length = snprintf(file->fresh, sizeof file->fresh, "%s.new", path);
    if (length < 0 || (size_t)length >= sizeof file->fresh) {
        errno = ENAMETOOLONG;
        fail(failure, "write", path);
        free(file);
        return NULL;
    }
    memcpy(file->path, path, strlen(path) + 1);
    file->file = open(file->fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    if (file->file < 0) {
        fail(failure, "create", file->fresh);
        free(file);
        return NULL;
    }
    return file;
}

void snapshot_file_add(void *context, const void *bytes, size_t count)
{
    struct snapshot_file *file = context;
    if (file->why == 0 && !write_all(file->file, bytes, count)) {
        file->why = errno;
    }
}

void snapshot_file_drop(struct snapshot_file *file)
{
    close(file->file);
    unlink(file->fresh);
    free(file);
}

static bool finish(struct snapshot_file *file, struct failure *failure)
{
    if (file->why == 0 && fsync(file->file) != 0) {
        file->why = errno;
    }
    if (close(file->file) != 0 && file->why == 0) {
        file->why = errno;
    }
    bool written = file->why == 0;
    bool renamed = written && rename(file->fresh, file->path) == 0;
    if (!renamed) {
        int why = written ? errno : file->why;
        unlink(file->fresh);
        errno = why;
        return fail(failure, written ? "rename to its name" : "write", file->fresh);
    }
    return sync_folder_of(file->path) || fail(failure, "sync the folder of", file->path);
}

bool snapshot_file_end(struct snapshot_file *file, struct failure *failure)
{
    bool good = finish(file, failure);
    free(file);
    return good;
}

bool snapshot_file_write(const char *path, const void *bytes, size_t count, struct failure *failure)
{
    struct snapshot_file *file = snapshot_file_begin(path, failure);
    if (file == NULL) {
        return false;
    }
    snapshot_file_add(file, bytes, count);
    return snapshot_file_end(file, failure);
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
