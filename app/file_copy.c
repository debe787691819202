#include "file_copy.h"

#include "memory.h"
#include "wall_clock.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>

#define MEBIBYTE (1u << 20)
#define PAUSE_MAX_US 1000000
#define TELL_EVERY_US 200000
#define LEVELS_MAX 3 /* DIR/restoring/journal */

static bool fail(struct failure *failure, const char *path, const char *what)
{
    return failure_set(failure, FAILURE_RESOURCE, "%s: cannot be %s: %s", path, what,
                       strerror(errno));
}

/* ---- How far, how fast ---- */

void file_copying_begin(struct file_copying *copying, const char *what, int share_percent)
{
    REQUIRE(share_percent >= 1 && share_percent <= 100);
    *copying = (struct file_copying){
        .what = what,
        .share_percent = share_percent,
        .to_terminal = isatty(STDERR_FILENO) == 1,
        .piece_us = steady_clock_us(),
    };
}

static void tell(struct file_copying *copying, int64_t now_us)
{
    if (!copying->to_terminal || copying->all_bytes == 0 ||
        now_us - copying->told_us < TELL_EVERY_US) {
        return;
    }
    uint64_t percent = copying->done_bytes / (copying->all_bytes / 100 + 1);
    fprintf(stderr, "\r%s: %d %% of %llu MiB", copying->what, percent < 100 ? (int)percent : 100,
            (unsigned long long)(copying->all_bytes / MEBIBYTE));
    copying->told = true;
    copying->told_us = now_us;
}

void file_copying_done(struct file_copying *copying, uint64_t bytes)
{
    int64_t now_us = steady_clock_us();
    int64_t took_us = now_us - copying->piece_us;
    int64_t pause_us = took_us * (100 - copying->share_percent) / copying->share_percent;
    copying->done_bytes += bytes;
    tell(copying, now_us);
    if (pause_us > 0) {
        pause_us = pause_us < PAUSE_MAX_US ? pause_us : PAUSE_MAX_US;
        const struct timespec pause = {.tv_nsec = (long)pause_us % 1000000 * 1000,
                                       .tv_sec = pause_us / 1000000};
        nanosleep(&pause, NULL);
    }
    copying->piece_us = steady_clock_us();
}

void file_copying_end(struct file_copying *copying)
{
    if (copying->told) {
        fputc('\n', stderr);
        copying->told = false;
    }
}

/* ---- Writing ---- */

bool file_out_open(struct file_out *out, const char *path, bool sparse, struct failure *failure)
{
    *out = (struct file_out){.sparse = sparse};
    if (snprintf(out->path, sizeof out->path, "%s", path) >= (int)sizeof out->path) {
        errno = ENAMETOOLONG;
        return fail(failure, path, "made");
    }
    out->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    if (out->fd < 0) {
        return fail(failure, path, "made");
    }
    out->state = XXH3_createState();
    REQUIRE(out->state != NULL && XXH3_64bits_reset(out->state) == XXH_OK);
    return true;
}

static bool is_zero(const unsigned char *bytes, size_t count)
{
    return count == 0 || (bytes[0] == 0 && memcmp(bytes, bytes + 1, count - 1) == 0);
}

bool file_out_write(struct file_out *out, const void *bytes, size_t count, struct failure *failure)
{
    const unsigned char *at = bytes;
    size_t left = count;
    XXH3_64bits_update(out->state, bytes, count);
    if (out->sparse && is_zero(bytes, count)) {
        out->bytes += count;
        return true;
    }
    while (left > 0) {
        ssize_t written = pwrite(out->fd, at, left, (off_t)out->bytes);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            errno = written == 0 ? ENOSPC : errno;
            return fail(failure, out->path, "written");
        }
        at += written;
        left -= (size_t)written;
        out->bytes += (uint64_t)written;
    }
    return true;
}

bool file_out_close(struct file_out *out, bool good, uint64_t *sum, struct failure *failure)
{
    if (good && (ftruncate(out->fd, (off_t)out->bytes) != 0 || fsync(out->fd) != 0)) {
        good = fail(failure, out->path, "written");
    }
    if (close(out->fd) != 0 && good) {
        good = fail(failure, out->path, "written");
    }
    *sum = XXH3_64bits_digest(out->state);
    XXH3_freeState(out->state);
    return good;
}

/* ---- Reading ---- */

/* Hands all pieces of a file to `out`, or only sums them up where that is NULL. */
static bool pass_on(int fd, const char *path, struct file_out *out, XXH3_state_t *state,
                    struct file_copying *copying, uint64_t *bytes, struct failure *failure)
{
    void *room = memory_zeroed(FILE_COPY_PIECE, 1);
    bool good = true;
    ssize_t got = 0;
    *bytes = 0;
    while (good && (got = read(fd, room, FILE_COPY_PIECE)) != 0) {
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            good = fail(failure, path, "read");
            break;
        }
        *bytes += (uint64_t)got;
        if (out != NULL) {
            good = file_out_write(out, room, (size_t)got, failure);
        } else {
            XXH3_64bits_update(state, room, (size_t)got);
        }
        file_copying_done(copying, (uint64_t)got);
    }
    free(room);
    return good;
}

bool file_copy(const char *from, const char *to, struct file_copying *copying, uint64_t *bytes,
               uint64_t *sum, struct failure *failure)
{
    struct file_out out;
    int fd = open(from, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return fail(failure, from, "read");
    }
    if (!file_out_open(&out, to, false, failure)) {
        close(fd);
        return false;
    }
    bool good = pass_on(fd, from, &out, NULL, copying, bytes, failure);
    close(fd);
    return file_out_close(&out, good, sum, failure);
}

bool file_sum(const char *path, bool sync, struct file_copying *copying, uint64_t *bytes,
              uint64_t *sum, struct failure *failure)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return fail(failure, path, "read");
    }
    if (sync && fsync(fd) != 0) {
        close(fd);
        return fail(failure, path, "written");
    }
    XXH3_state_t *state = XXH3_createState();
    REQUIRE(state != NULL && XXH3_64bits_reset(state) == XXH_OK);
    bool good = pass_on(fd, path, NULL, state, copying, bytes, failure);
    *sum = XXH3_64bits_digest(state);
    XXH3_freeState(state);
    close(fd);
    return good;
}

/* ---- Directories ---- */

bool file_sync_directory(const char *path, struct failure *failure)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0;
    if (!good) {
        fail(failure, path, "written");
    }
    if (fd >= 0) {
        close(fd);
    }
    return good;
}

static bool is_empty(const char *path, struct failure *failure)
{
    DIR *directory = opendir(path);
    bool empty = true;
    if (directory == NULL) {
        return fail(failure, path, "opened");
    }
    for (const struct dirent *entry; empty && (entry = readdir(directory)) != NULL;) {
        empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
    }
    closedir(directory);
    return empty || failure_set(failure, FAILURE_INPUT,
                                "%s: is not empty; name a directory that is, or one that is not "
                                "there yet",
                                path);
}

bool file_make_empty_directory(const char *path, bool *made, struct failure *failure)
{
    *made = mkdir(path, 0750) == 0;
    if (!*made && errno != EEXIST) {
        return fail(failure, path, "made");
    }
    return *made || is_empty(path, failure);
}

/* Removes the files of a directory, and those of its folders where `levels` is above 1. */
static void remove_in(int directory_fd, int levels)
{
    DIR *directory = fdopendir(directory_fd);
    if (directory == NULL) {
        close(directory_fd);
        return;
    }
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
            unlinkat(dirfd(directory), name, 0) == 0 || levels < 2) {
            continue;
        }
        int folder =
            openat(dirfd(directory), name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (folder >= 0) {
            remove_in(folder, levels - 1);
            unlinkat(dirfd(directory), name, AT_REMOVEDIR);
        }
    }
    closedir(directory);
}

void file_remove_all(const char *path, bool whole)
{
    int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory >= 0) {
        remove_in(directory, LEVELS_MAX);
    }
    if (whole) {
        rmdir(path);
    }
}
