#include "journal_copy.h"

#include "journal_packed.h"
#include "journal_segment.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TRIES 10 /* a listed file may be packed or let go of before it is opened */

_Static_assert(JOURNAL_COPY_NAME_MAX == SEGMENT_NAME_MAX, "the names of segments fit");
_Static_assert(JOURNAL_COPY_HEAD == SEGMENT_HEADER, "the head is a segment's header");

/* A segment's file, as the directory lists it; unpacked where both forms are there. */
struct listed {
    uint64_t base;
    bool packed;
    bool found;
};

static bool fail(struct failure *failure, const char *what, const char *name)
{
    return failure_set(failure, FAILURE_RESOURCE, "journal: cannot %s %s: %s", what, name,
                       strerror(errno));
}

static DIR *list_open(int directory_fd)
{
    int again = openat(directory_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = again < 0 ? NULL : fdopendir(again);
    if (directory == NULL && again >= 0) {
        close(again);
    }
    return directory;
}

/* The first segment that begins at `from` or behind it. */
static bool find_first(int directory_fd, uint64_t from, struct listed *first)
{
    DIR *directory = list_open(directory_fd);
    *first = (struct listed){.found = false};
    if (directory == NULL) {
        return false;
    }
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        struct listed one = {.found = true};
        one.packed = packed_name_parse(entry->d_name, &one.base);
        if ((!one.packed && !segment_name_parse(entry->d_name, &one.base)) || one.base < from) {
            continue;
        }
        if (!first->found || one.base < first->base || (one.base == first->base && first->packed)) {
            *first = one;
        }
    }
    closedir(directory);
    return true;
}

/* The segment that begins just there: a long journal is not listed for each of its files. */
static bool find_at(int directory_fd, uint64_t base, struct listed *at)
{
    char plain[SEGMENT_NAME_MAX], packed[SEGMENT_NAME_MAX];
    segment_name(base, plain);
    packed_name(base, packed);
    *at = (struct listed){.base = base};
    at->packed = faccessat(directory_fd, plain, F_OK, 0) != 0;
    at->found = !at->packed || faccessat(directory_fd, packed, F_OK, 0) == 0;
    return at->found;
}

/* The size of the file in hand; false where it cannot be told. */
static bool size_of(struct journal_copy *copy)
{
    struct stat status;
    if (fstat(copy->fd, &status) != 0) {
        return false;
    }
    copy->size = (uint64_t)status.st_size;
    return true;
}

static bool take_packed(struct journal_copy *copy, uint64_t base, struct failure *failure)
{
    struct segment segment;
    if (!packed_open(journal_disk_system(), copy->directory_fd, base, &segment, failure)) {
        return false;
    }
    packed_name(base, copy->name);
    copy->fd = openat(copy->directory_fd, copy->name, O_RDONLY | O_CLOEXEC);
    if (copy->fd < 0 || !size_of(copy)) {
        return fail(failure, "open", copy->name);
    }
    copy->begin = base;
    copy->used = copy->size;
    copy->has_head = false;
    copy->next = base + segment.size;
    return true;
}

static bool take_plain(struct journal_copy *copy, uint64_t base, struct failure *failure)
{
    segment_name(base, copy->name);
    copy->fd = openat(copy->directory_fd, copy->name, O_RDONLY | O_CLOEXEC);
    if (copy->fd < 0 || !size_of(copy)) {
        return fail(failure, "open", copy->name);
    }
    struct segment segment = {
        .base = base, .size = (size_t)copy->size, .fd = -1, .map = copy->head};
    if (pread(copy->fd, copy->head, SEGMENT_HEADER, 0) != SEGMENT_HEADER ||
        !segment_header_holds(&segment)) {
        return failure_set(failure, FAILURE_RESOURCE,
                           "journal: %s is damaged: its header is not that of a segment of this "
                           "name, machine and size",
                           copy->name);
    }
    copy->begin = base;
    copy->next = base + copy->size;
    copy->used = copy->next <= copy->end ? copy->size : copy->end - base;
    copy->has_head = true;
    segment_set_synced(&segment, (size_t)copy->used);
    return true;
}

static void put_down(struct journal_copy *copy)
{
    if (copy->fd >= 0) {
        close(copy->fd);
        copy->fd = -1;
    }
}

bool journal_copy_open(struct journal_copy *copy, const char *path, uint64_t end,
                       struct failure *failure)
{
    *copy = (struct journal_copy){.end = end, .fd = -1};
    copy->directory_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return copy->directory_fd >= 0 || fail(failure, "open", path);
}

int journal_copy_next(struct journal_copy *copy, struct failure *failure)
{
    put_down(copy);
    for (int tries = TRIES;; tries--) {
        struct listed listed;
        if (!(copy->begun && find_at(copy->directory_fd, copy->next, &listed)) &&
            !find_first(copy->directory_fd, copy->next, &listed)) {
            fail(failure, "list", "its directory");
            return -1;
        }
        if (!listed.found || listed.base >= copy->end) {
            return 0;
        }
        if (copy->begun && listed.base != copy->next) {
            failure_set(failure, FAILURE_RESOURCE,
                        "journal: a segment is missing before %016" PRIx64
                        ".journal: none starts at %016" PRIx64,
                        listed.base, copy->next);
            return -1;
        }
        if ((listed.packed ? take_packed : take_plain)(copy, listed.base, failure)) {
            copy->begun = true;
            return 1;
        }
        put_down(copy);
        if (tries == 1) {
            return -1;
        }
    }
}

ssize_t journal_copy_read(const struct journal_copy *copy, uint64_t offset, void *bytes,
                          size_t count)
{
    if (offset >= copy->size) {
        return 0;
    }
    if (offset >= copy->used) {
        size_t rest = copy->size - offset < count ? (size_t)(copy->size - offset) : count;
        memset(bytes, 0, rest);
        return (ssize_t)rest;
    }
    size_t wanted = copy->used - offset < count ? (size_t)(copy->used - offset) : count;
    ssize_t got = pread(copy->fd, bytes, wanted, (off_t)offset);
    if (got == 0) {
        errno = EIO; /* it was longer when it was opened */
        return -1;
    }
    if (got > 0 && copy->has_head && offset < JOURNAL_COPY_HEAD) {
        size_t head = JOURNAL_COPY_HEAD - (size_t)offset;
        memcpy(bytes, copy->head + offset, head < (size_t)got ? head : (size_t)got);
    }
    return got;
}

void journal_copy_close(struct journal_copy *copy)
{
    put_down(copy);
    if (copy->directory_fd >= 0) {
        close(copy->directory_fd);
        copy->directory_fd = -1;
    }
}

uint64_t journal_copy_size(const char *path, uint64_t end)
{
    uint64_t sum = 0;
    DIR *directory = opendir(path);
    if (directory == NULL) {
        return 0;
    }
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        struct stat status;
        uint64_t base;
        bool segment =
            packed_name_parse(entry->d_name, &base) || segment_name_parse(entry->d_name, &base);
        if (segment && base < end && fstatat(dirfd(directory), entry->d_name, &status, 0) == 0) {
            sum += (uint64_t)status.st_size;
        }
    }
    closedir(directory);
    return sum;
}
