#include "journal_state.h"

#include "memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define NEXT_NAME "next.tmp" /* the segment in preparation, until it gets its name */
#define LOCK_NAME "lock"
#define PAGE 4096

bool journal_in_directory(const struct journal *journal, struct failure *failure)
{
    if (failure != NULL) {
        size_t used = strlen(failure->text);
        snprintf(failure->text + used, sizeof failure->text - used, " (in %s)", journal->path);
    }
    return false;
}

struct segment *journal_last_segment(const struct journal *journal)
{
    return journal->segment_count > 0 ? journal->segments[journal->segment_count - 1] : NULL;
}

static void add_segment(struct journal *journal, struct segment *segment)
{
    memory_grow(&journal->segments, journal->segment_count, &journal->segment_capacity,
                sizeof *journal->segments);
    journal->segments[journal->segment_count++] = segment;
}

static int compare_bases(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

/* The bases of all segments in the directory, ascending; the caller frees them. */
static uint64_t *list_bases(struct journal *journal, size_t *count, struct failure *failure)
{
    int copy = openat(journal->directory_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = copy < 0 ? NULL : fdopendir(copy);
    if (directory == NULL) {
        failure_set(failure, FAILURE_RESOURCE, "journal: cannot list %s: %s", journal->path,
                    strerror(errno));
        return NULL;
    }
    uint64_t *bases = NULL, base;
    size_t capacity = 0;
    *count = 0;
    memory_grow(&bases, 0, &capacity, sizeof *bases);
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        if (segment_name_parse(entry->d_name, &base)) {
            memory_grow(&bases, *count, &capacity, sizeof *bases);
            bases[(*count)++] = base;
        }
    }
    closedir(directory);
    qsort(bases, *count, sizeof *bases, compare_bases);
    return bases;
}

bool journal_load_segments(struct journal *journal, struct failure *failure)
{
    size_t count;
    uint64_t *bases = list_bases(journal, &count, failure);
    bool good = bases != NULL;
    for (size_t i = 0; good && i < count; i++) {
        struct segment *last = journal_last_segment(journal);
        if (last != NULL && bases[i] <= last->base) {
            continue;
        }
        char name[SEGMENT_NAME_MAX];
        segment_name(bases[i], name);
        if (last != NULL && bases[i] != last->base + last->size) {
            failure_set(failure, FAILURE_RESOURCE,
                        "journal: a segment is missing before %s: none starts at %016" PRIx64, name,
                        last->base + (uint64_t)last->size);
            good = journal_in_directory(journal, failure);
            break;
        }
        struct segment *segment = memory_zeroed(1, sizeof *segment);
        if (!segment_open(journal->directory_fd, name, bases[i], journal->writable, segment,
                          failure)) {
            free(segment);
            good = journal_in_directory(journal, failure);
            break;
        }
        add_segment(journal, segment);
    }
    free(bases);
    return good;
}

bool journal_prepare(struct journal *journal, size_t need, struct failure *failure)
{
    const struct segment *last = journal_last_segment(journal);
    uint64_t base = last == NULL ? 0 : last->base + last->size;
    size_t size = SEGMENT_HEADER + need + sizeof(uint64_t);
    size = size > journal->segment_bytes ? size : journal->segment_bytes;
    size = (size + PAGE - 1) / PAGE * PAGE;
    struct segment *next = memory_zeroed(1, sizeof *next);
    if (!segment_create(journal->directory_fd, NEXT_NAME, base, size, next, failure)) {
        free(next);
        return journal_in_directory(journal, failure);
    }
    journal->next = next;
    return true;
}

static void drop_next(struct journal *journal)
{
    if (journal->next != NULL) {
        segment_close(journal->next);
        free(journal->next);
        journal->next = NULL;
        unlinkat(journal->directory_fd, NEXT_NAME, 0);
    }
}

/* Gives the prepared segment its name and makes it the last one. */
static bool enter_next(struct journal *journal, struct failure *failure)
{
    char name[SEGMENT_NAME_MAX];
    segment_name(journal->next->base, name);
    if (renameat(journal->directory_fd, NEXT_NAME, journal->directory_fd, name) != 0) {
        failure_set(failure, FAILURE_RESOURCE, "journal: cannot name a segment %s: %s", name,
                    strerror(errno));
        return journal_in_directory(journal, failure);
    }
    struct segment *before = journal_last_segment(journal);
    size_t before_offset = journal->offset;
    add_segment(journal, journal->next);
    journal->offset = SEGMENT_HEADER;
    journal->prepare_at = journal->next->size / 2;
    journal->next = NULL;
    journal->directory_dirty = true;
    if (before != NULL) {
        segment_write_end(before, before_offset);
    }
    return true;
}

bool journal_roll(struct journal *journal, size_t need, struct failure *failure)
{
    if (journal->next != NULL && !segment_fits(journal->next, SEGMENT_HEADER, need)) {
        drop_next(journal);
    }
    if (journal->next == NULL && !journal_prepare(journal, need, failure)) {
        return false;
    }
    journal->room.code = FAILURE_NONE;
    return enter_next(journal, failure);
}

/* ---- Opening ---- */

/* Walks the segment's records to where they end. */
static enum segment_look walk(const struct segment *segment, size_t *offset)
{
    struct journal_record record;
    enum segment_look look;
    while ((look = segment_look_at(segment, *offset, &record)) == SEGMENT_RECORD) {
        *offset = (size_t)(record.next - segment->base);
    }
    return look;
}

/* Removes the segments behind `index`, of which nothing is known to be on the disk. */
static void remove_behind(struct journal *journal, size_t index, uint64_t *cut_bytes)
{
    while (journal->segment_count > index + 1) {
        struct segment *segment = journal->segments[--journal->segment_count];
        char name[SEGMENT_NAME_MAX];
        segment_name(segment->base, name);
        *cut_bytes += segment_cut(segment, SEGMENT_HEADER);
        segment_close(segment);
        free(segment);
        unlinkat(journal->directory_fd, name, 0);
    }
}

/* Finds the end of the journal, from the first segment that is not known to be complete on the
 * disk, and cuts what stands torn behind it. */
static bool recover(struct journal *journal, uint64_t *cut_bytes, struct failure *failure)
{
    *cut_bytes = 0;
    size_t i = 0;
    while (i + 1 < journal->segment_count &&
           segment_synced(journal->segments[i]) == journal->segments[i]->size) {
        i++;
    }
    journal->synced = journal->segments[i]->base;
    for (; i < journal->segment_count; i++) {
        struct segment *segment = journal->segments[i];
        journal->offset = SEGMENT_HEADER;
        enum segment_look look = walk(segment, &journal->offset);
        if (look == SEGMENT_END) {
            continue;
        }
        if (journal->offset < segment_synced(segment)) {
            failure_set(failure, FAILURE_RESOURCE,
                        "journal: the record at position %" PRIu64
                        " is damaged: its checksum does not hold, though it was complete on the "
                        "disk; restore the file from a copy",
                        segment->base + (uint64_t)journal->offset);
            return journal_in_directory(journal, failure);
        }
        *cut_bytes += segment_cut(segment, journal->offset);
        remove_behind(journal, i, cut_bytes);
        journal->prepare_at = segment->size / 2;
        return true;
    }
    return journal_prepare(journal, 0, failure) && enter_next(journal, failure);
}

static bool lock(struct journal *journal, struct failure *failure)
{
    char pid[32] = "";
    journal->lock_fd = openat(journal->directory_fd, LOCK_NAME, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (journal->lock_fd < 0) {
        return failure_set(failure, FAILURE_RESOURCE, "journal: cannot open %s/" LOCK_NAME ": %s",
                           journal->path, strerror(errno));
    }
    if (flock(journal->lock_fd, LOCK_EX | LOCK_NB) != 0) {
        ssize_t length = pread(journal->lock_fd, pid, sizeof pid - 1, 0);
        pid[length < 0 ? 0 : length] = '\0';
        return failure_set(failure, FAILURE_RESOURCE,
                           "journal: %s is in use by another process (pid %.*s holds " LOCK_NAME
                           "); stop it first",
                           journal->path, (int)strcspn(pid, "\n"), pid);
    }
    int length = snprintf(pid, sizeof pid, "%ld\n", (long)getpid());
    if (ftruncate(journal->lock_fd, 0) != 0 ||
        pwrite(journal->lock_fd, pid, (size_t)length, 0) < 0) {
        return failure_set(failure, FAILURE_RESOURCE, "journal: cannot write %s/" LOCK_NAME ": %s",
                           journal->path, strerror(errno));
    }
    return true;
}

static struct journal *create(const char *path, bool writable, struct failure *failure)
{
    if (writable && mkdir(path, 0750) != 0 && errno != EEXIST) {
        failure_set(failure, FAILURE_RESOURCE, "journal: cannot create the directory %s: %s", path,
                    strerror(errno));
        return NULL;
    }
    int directory_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory_fd < 0) {
        failure_set(failure, FAILURE_RESOURCE, "journal: cannot open the directory %s: %s", path,
                    strerror(errno));
        return NULL;
    }
    struct journal *journal = memory_zeroed(1, sizeof *journal);
    journal->path = memory_text(path);
    journal->directory_fd = directory_fd;
    journal->lock_fd = -1;
    journal->writable = writable;
    pthread_mutex_init(&journal->append_lock, NULL);
    pthread_mutex_init(&journal->sync_lock, NULL);
    pthread_mutex_init(&journal->wait_lock, NULL);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&journal->waked, &attributes);
    pthread_condattr_destroy(&attributes);
    return journal;
}

static void publish_end(struct journal *journal)
{
    const struct segment *last = journal_last_segment(journal);
    atomic_store(&journal->end, last->base + (uint64_t)journal->offset);
    journal->begin = journal->segments[0]->base + SEGMENT_HEADER;
}

struct journal *journal_open(const char *path, size_t segment_bytes, uint64_t *cut_bytes,
                             struct failure *failure)
{
    struct journal *journal = create(path, true, failure);
    if (journal == NULL) {
        return NULL;
    }
    journal->segment_bytes =
        segment_bytes < JOURNAL_SEGMENT_MIN ? JOURNAL_SEGMENT_MIN : segment_bytes;
    bool good = lock(journal, failure);
    if (good) {
        unlinkat(journal->directory_fd, NEXT_NAME, 0);
        good = journal_load_segments(journal, failure);
    }
    if (good && journal->segment_count == 0) {
        good = journal_prepare(journal, 0, failure) && enter_next(journal, failure);
    }
    if (!good || !recover(journal, cut_bytes, failure)) {
        journal_close(journal);
        return NULL;
    }
    publish_end(journal);
    return journal;
}

struct journal *journal_open_reading(const char *path, struct failure *failure)
{
    struct journal *journal = create(path, false, failure);
    if (journal == NULL) {
        return NULL;
    }
    bool good = journal_load_segments(journal, failure);
    if (good && journal->segment_count == 0) {
        good = failure_set(failure, FAILURE_INPUT, "journal: %s holds no journal", path);
    }
    if (!good) {
        journal_close(journal);
        return NULL;
    }
    journal->offset = SEGMENT_HEADER;
    walk(journal_last_segment(journal), &journal->offset);
    publish_end(journal);
    return journal;
}

void journal_close(struct journal *journal)
{
    if (journal == NULL) {
        return;
    }
    drop_next(journal);
    for (size_t i = 0; i < journal->segment_count; i++) {
        segment_close(journal->segments[i]);
        free(journal->segments[i]);
    }
    free(journal->segments);
    if (journal->lock_fd >= 0) {
        close(journal->lock_fd);
    }
    close(journal->directory_fd);
    pthread_mutex_destroy(&journal->append_lock);
    pthread_mutex_destroy(&journal->sync_lock);
    pthread_mutex_destroy(&journal->wait_lock);
    pthread_cond_destroy(&journal->waked);
    free(journal->path);
    free(journal);
}
