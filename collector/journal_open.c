#include "journal_state.h"

#include "journal_packed.h"
#include "memory.h"

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

#define LOCK_NAME "lock"

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
        journal->disk->unlink(journal->directory_fd, name);
    }
}

/* Whether all of the segment is known to be on the disk. */
static bool complete(const struct segment *segment)
{
    return segment->packed || segment_synced(segment) == segment->size;
}

/* Finds the end of the journal, from the first segment that is not known to be complete on the
 * disk, and cuts what stands torn behind it. */
static bool recover(struct journal *journal, uint64_t *cut_bytes, struct failure *failure)
{
    *cut_bytes = 0;
    size_t i = 0;
    while (i + 1 < journal->segment_count && complete(journal->segments[i])) {
        i++;
    }
    if (journal->segments[i]->packed) { /* the last one: those behind it are gone */
        i++;
    }
    journal->synced = i < journal->segment_count ? journal->segments[i]->base : 0;
    for (size_t behind = i; behind < journal->segment_count; behind++) {
        if (journal->segments[behind]->packed) { /* they are packed from the first one on */
            failure_set(failure, FAILURE_RESOURCE,
                        "journal: the segment at %016" PRIx64 " is damaged: it is not complete, "
                        "though one behind it is; restore the file from a copy",
                        journal->segments[i]->base);
            return journal_in_directory(journal, failure);
        }
    }
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
    return journal_prepare(journal, 0, failure) && journal_enter_next(journal, failure);
}

static bool lock(struct journal *journal, struct failure *failure)
{
    char pid[32] = "";
    journal->lock_fd = journal->disk->open(journal->directory_fd, LOCK_NAME, O_RDWR | O_CREAT);
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

/* The directory once more, with errors of its own. */
static bool open_again(struct journal *journal, struct failure *failure)
{
    journal->keep_fd = journal->disk->open(journal->directory_fd, ".", O_RDONLY | O_DIRECTORY);
    return journal->keep_fd >= 0 ||
           failure_set(failure, FAILURE_RESOURCE, "journal: cannot open the directory %s: %s",
                       journal->path, strerror(errno));
}

/* ---- Making and closing ---- */

static struct journal *create(const char *path, const struct journal_settings *settings,
                              bool writable, struct failure *failure)
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
    journal->keep_fd = -1;
    journal->writable = writable;
    journal->settings = *settings;
    journal->disk = settings->disk != NULL ? settings->disk : journal_disk_system();
    if (journal->settings.segment_bytes < JOURNAL_SEGMENT_MIN) {
        journal->settings.segment_bytes = JOURNAL_SEGMENT_MIN;
    }
    pthread_mutex_init(&journal->append_lock, NULL);
    pthread_mutex_init(&journal->sync_lock, NULL);
    pthread_mutex_init(&journal->wait_lock, NULL);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&journal->waked, &attributes);
    pthread_cond_init(&journal->stopped, &attributes);
    pthread_cond_init(&journal->packable, &attributes);
    pthread_condattr_destroy(&attributes);
    return journal;
}

static void publish_end(struct journal *journal)
{
    const struct segment *last = journal_last_segment(journal);
    atomic_store(&journal->end, last->base + (uint64_t)journal->offset);
    atomic_store(&journal->begin, journal->segments[0]->base + SEGMENT_HEADER);
}

struct journal *journal_open_with(const char *path, const struct journal_settings *settings,
                                  uint64_t *cut_bytes, struct failure *failure)
{
    struct journal *journal = create(path, settings, true, failure);
    if (journal == NULL) {
        return NULL;
    }
    bool good = lock(journal, failure) && open_again(journal, failure);
    if (good) {
        journal->disk->unlink(journal->directory_fd, NEXT_NAME);
        journal->disk->unlink(journal->directory_fd, PACKED_TEMPORARY);
        good = journal_load_segments(journal, failure);
    }
    if (good && journal->segment_count == 0) {
        good = journal_prepare(journal, 0, failure) && journal_enter_next(journal, failure);
    }
    if (!good || !recover(journal, cut_bytes, failure)) {
        journal_close(journal);
        return NULL;
    }
    publish_end(journal);
    journal_sync_start(journal);
    journal_packer_start(journal);
    return journal;
}

struct journal *journal_open(const char *path, size_t segment_bytes, uint64_t *cut_bytes,
                             struct failure *failure)
{
    const struct journal_settings settings = {.segment_bytes = segment_bytes,
                                              .durability = JOURNAL_PROCESS,
                                              .keep_days = JOURNAL_KEEP_DEFAULT_DAYS};
    return journal_open_with(path, &settings, cut_bytes, failure);
}

struct journal *journal_open_reading(const char *path, struct failure *failure)
{
    const struct journal_settings settings = {.segment_bytes = JOURNAL_SEGMENT_DEFAULT};
    struct journal *journal = create(path, &settings, false, failure);
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
    const struct segment *last = journal_last_segment(journal);
    journal->offset = SEGMENT_HEADER;
    if (last->packed) { /* the one behind it was not there when the directory was listed */
        journal->offset = last->size;
    } else {
        walk(last, &journal->offset);
    }
    publish_end(journal);
    return journal;
}

void journal_close(struct journal *journal)
{
    if (journal == NULL) {
        return;
    }
    journal_sync_stop(journal);
    journal_packer_stop(journal);
    journal_drop_next(journal);
    for (size_t i = 0; i < journal->segment_count; i++) {
        segment_close(journal->segments[i]);
        free(journal->segments[i]);
    }
    free(journal->segments);
    if (journal->lock_fd >= 0) {
        close(journal->lock_fd);
    }
    if (journal->keep_fd >= 0) {
        close(journal->keep_fd);
    }
    close(journal->directory_fd);
    pthread_mutex_destroy(&journal->append_lock);
    pthread_mutex_destroy(&journal->sync_lock);
    pthread_mutex_destroy(&journal->wait_lock);
    pthread_cond_destroy(&journal->waked);
    pthread_cond_destroy(&journal->stopped);
    pthread_cond_destroy(&journal->packable);
    free(journal->path);
    free(journal);
}
