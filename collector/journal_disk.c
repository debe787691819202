#include "journal_disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#define FILE_MODE 0640

static int open_file(int directory_fd, const char *name, int flags)
{
    return openat(directory_fd, name, flags | O_CLOEXEC, FILE_MODE);
}

static int allocate(int fd, off_t size)
{
    int error = posix_fallocate(fd, 0, size);
    errno = error;
    return error == 0 ? 0 : -1;
}

static void *map(int fd, size_t size, int protection)
{
    return mmap(NULL, size, protection, MAP_SHARED, fd, 0);
}

static int rename_file(int directory_fd, const char *from, const char *to)
{
    return renameat(directory_fd, from, directory_fd, to);
}

static int unlink_file(int directory_fd, const char *name)
{
    return unlinkat(directory_fd, name, 0);
}

const struct journal_disk *journal_disk_system(void)
{
    static const struct journal_disk system = {
        .open = open_file,
        .allocate = allocate,
        .map = map,
        .sync_data = fdatasync,
        .sync = fsync,
        .rename = rename_file,
        .unlink = unlink_file,
        .write = write,
    };
    return &system;
}

int journal_disk_write_all(const struct journal_disk *disk, int fd, const void *bytes,
                           size_t length)
{
    const char *at = bytes;
    while (length > 0) {
        ssize_t written = disk->write(fd, at, length);
        if (written == 0) {
            errno = EIO;
        }
        if (written == 0 || (written < 0 && errno != EINTR)) {
            return -1;
        }
        at += written > 0 ? written : 0;
        length -= written > 0 ? (size_t)written : 0;
    }
    return 0;
}
