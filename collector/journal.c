#include "journal.h"

#include "journal_packed.h"
#include "journal_state.h"
#include "memory.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define POLL_MS 10 /* how often a reader of another process looks for more */

static void prepare_early(struct journal *journal)
{
    if (journal_prepare(journal, 0, &journal->room)) {
        journal->room.code = FAILURE_NONE;
        return;
    }
    journal->prepare_at += journal_last_segment(journal)->size / 16;
}

/* Takes the record into the segment's map. */
static bool take(struct journal *journal, struct journal_record *record, struct failure *failure)
{
    size_t size = segment_record_size(record->topic_length, record->payload_length);
    pthread_mutex_lock(&journal->append_lock);
    if (journal->broken) {
        failure_set(failure, FAILURE_RESOURCE, "journal: closed to new records: %s",
                    journal->broken_failure.text);
        pthread_mutex_unlock(&journal->append_lock);
        return false;
    }
    if (!segment_fits(journal_last_segment(journal), journal->offset, size) &&
        !journal_roll(journal, size, failure)) {
        pthread_mutex_unlock(&journal->append_lock);
        return false;
    }
    struct segment *last = journal_last_segment(journal);
    segment_write(last, journal->offset, record);
    record->position = last->base + journal->offset;
    journal->offset += size;
    record->next = last->base + journal->offset;
    atomic_fetch_add(&journal->appended, 1);
    /* Sequentially consistent, as is the load behind it: either a waiter sees the new end, or it
     * is seen here. */
    atomic_store(&journal->end, record->next);
    if (journal->offset >= journal->prepare_at && journal->next == NULL) {
        prepare_early(journal);
    }
    pthread_mutex_unlock(&journal->append_lock);
    return true;
}

bool journal_append(struct journal *journal, struct journal_record *record, struct failure *failure)
{
    REQUIRE(journal->writable && record->topic_length <= JOURNAL_TOPIC_MAX &&
            record->payload_length <= JOURNAL_PAYLOAD_MAX);
    if (!take(journal, record, failure)) {
        return false;
    }
    if (atomic_load(&journal->waiters) > 0) {
        pthread_mutex_lock(&journal->wait_lock);
        pthread_cond_broadcast(&journal->waked);
        pthread_mutex_unlock(&journal->wait_lock);
    }
    return journal->settings.durability != JOURNAL_POWER ||
           journal_sync_before(journal, record->next, failure);
}

bool journal_has_room(struct journal *journal, struct failure *failure)
{
    pthread_mutex_lock(&journal->append_lock);
    bool room = journal->room.code == FAILURE_NONE;
    if (!room) {
        failure_set(failure, journal->room.code, "%s", journal->room.text);
    }
    pthread_mutex_unlock(&journal->append_lock);
    return room;
}

/* The segment in `segments` that holds `position`; NULL where there is none (yet). */
static struct segment *find(const struct journal *journal, uint64_t position)
{
    size_t low = 0, high = journal->segment_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct segment *segment = journal->segments[middle];
        if (segment->base + (uint64_t)segment->size <= position) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < journal->segment_count && journal->segments[low]->base <= position
               ? journal->segments[low]
               : NULL;
}

/* The reader has gone on far enough: what need not stay in memory does not. */
static void release(struct segment *segment)
{
    segment->held = false;
    if (segment->packed && segment->map != NULL) {
        munmap(segment->map, segment->size);
        segment->map = NULL;
    } else if (segment->map != NULL) {
        madvise(segment->map, segment->size, MADV_DONTNEED); /* comes back if touched */
    }
}

/* Puts the segment before the others where the reader was, of which the last one is released. */
static void hold(struct journal *journal, struct segment *segment)
{
    size_t at = 0;
    while (at < JOURNAL_HELD && journal->held[at] != segment) {
        at++;
    }
    if (at == JOURNAL_HELD) {
        at--;
        if (journal->held[at] != NULL) {
            release(journal->held[at]);
        }
    }
    memmove(&journal->held[1], &journal->held[0], at * sizeof journal->held[0]);
    journal->held[0] = segment;
    segment->held = true;
    pthread_cond_signal(&journal->packable);
}

enum place { PLACE_NONE, PLACE_FOUND, PLACE_FAILED };

/* Finds the segment that holds `position`, and brings it into memory. The reader keeps its place,
 * so that the lock is taken once a segment. */
static enum place locate(struct journal *journal, uint64_t position, struct segment **place,
                         struct failure *failure)
{
    struct segment *found = atomic_load_explicit(&journal->reading, memory_order_relaxed);
    if (found != NULL && position - found->base < found->size) {
        *place = found;
        return PLACE_FOUND;
    }
    pthread_mutex_lock(&journal->append_lock);
    found = find(journal, position);
    if (found != NULL) {
        hold(journal, found);
    }
    pthread_mutex_unlock(&journal->append_lock);
    if (found == NULL) {
        return PLACE_NONE;
    }
    if (found->map == NULL && !packed_load(journal->directory_fd, found, failure)) {
        journal_in_directory(journal, failure);
        return PLACE_FAILED;
    }
    atomic_store_explicit(&journal->reading, found, memory_order_release);
    *place = found;
    return PLACE_FOUND;
}

static int damaged(const struct journal *journal, uint64_t position, struct failure *failure)
{
    failure_set(failure, FAILURE_RESOURCE,
                "journal: the record at position %" PRIu64
                " is damaged: its checksum does not hold (in %s); restore the file from a copy",
                position, journal->path);
    return -1;
}

/* What a reader of another process sees where the writer was interrupted by a power cut. */
static bool torn(const struct journal *journal, const struct segment *segment, size_t offset)
{
    return !journal->writable && offset >= segment_synced(segment);
}

int journal_read(struct journal *journal, uint64_t position, struct journal_record *record,
                 struct failure *failure)
{
    uint64_t begin = journal_begin(journal);
    if (position < begin && position != begin - SEGMENT_HEADER) {
        failure_set(failure, FAILURE_RESOURCE,
                    "journal: position %" PRIu64 " is no longer kept; %s begins at %" PRIu64,
                    position, journal->path, begin);
        return -1;
    }
    for (bool loaded = false;;) {
        struct segment *segment = NULL;
        enum place place = locate(journal, position, &segment, failure);
        if (place == PLACE_NONE && !journal->writable && !loaded) {
            pthread_mutex_lock(&journal->append_lock);
            bool good = journal_load_segments(journal, failure);
            pthread_mutex_unlock(&journal->append_lock);
            if (!good) {
                return -1;
            }
            loaded = true;
            continue;
        }
        if (place != PLACE_FOUND) {
            return place == PLACE_NONE ? 0 : -1;
        }
        size_t offset = (size_t)(position - segment->base);
        offset = offset == 0 ? SEGMENT_HEADER : offset;
        size_t synced = segment_synced(segment); /* before looking: it only grows */
        switch (segment_look_at(segment, offset, record)) {
        case SEGMENT_RECORD:
            if (!journal->writable && record->next > atomic_load(&journal->end)) {
                atomic_store(&journal->end, record->next);
            }
            return 1;
        case SEGMENT_NOTHING: /* but not where a record stood: blank pages are damage, no end */
            return offset < synced ? damaged(journal, segment->base + offset, failure) : 0;
        case SEGMENT_END:
            position = segment->base + segment->size;
            break;
        case SEGMENT_BAD:
            return torn(journal, segment, offset)
                       ? 0
                       : damaged(journal, segment->base + offset, failure);
        }
    }
}

uint64_t journal_begin(const struct journal *journal)
{
    return atomic_load_explicit(&journal->begin, memory_order_relaxed);
}

bool journal_is_shortened(const struct journal *journal)
{
    return journal_begin(journal) > SEGMENT_HEADER;
}

uint32_t journal_keep_days(const struct journal *journal)
{
    return journal->settings.keep_days;
}

uint64_t journal_end(const struct journal *journal)
{
    return atomic_load(&journal->end);
}

uint64_t journal_appended(const struct journal *journal)
{
    return atomic_load(&journal->appended);
}

uint64_t journal_synced(const struct journal *journal)
{
    return atomic_load(&journal->synced);
}

struct timespec journal_deadline_in(uint32_t timeout_ms)
{
    struct timespec deadline;
    clock_gettime(CLOCK_MONOTONIC, &deadline);
    deadline.tv_sec += (time_t)(timeout_ms / 1000);
    deadline.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
    if (deadline.tv_nsec >= 1000000000) {
        deadline.tv_sec++;
        deadline.tv_nsec -= 1000000000;
    }
    return deadline;
}

int64_t journal_clock_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static bool earlier(struct timespec a, struct timespec b)
{
    return a.tv_sec < b.tv_sec || (a.tv_sec == b.tv_sec && a.tv_nsec < b.tv_nsec);
}

/* Whether a record stands at `position`: asked of the file where another process writes it. */
static bool arrived(struct journal *journal, uint64_t position)
{
    if (journal->writable) {
        uint64_t begin = journal_begin(journal);
        return atomic_load(&journal->end) > (position > begin ? position : begin);
    }
    struct journal_record record;
    return journal_read(journal, position, &record, NULL) != 0;
}

bool journal_wait(struct journal *journal, uint64_t position, int timeout_ms)
{
    struct timespec deadline = journal_deadline_in((uint32_t)timeout_ms);
    int result = 0;
    pthread_mutex_lock(&journal->wait_lock);
    atomic_fetch_add(&journal->waiters, 1);
    bool here = arrived(journal, position);
    while (!here && !journal->wake && result != ETIMEDOUT) {
        struct timespec until = deadline;
        if (!journal->writable) {
            struct timespec soon = journal_deadline_in(POLL_MS);
            until = earlier(soon, deadline) ? soon : deadline;
        }
        result = pthread_cond_timedwait(&journal->waked, &journal->wait_lock, &until);
        if (result == ETIMEDOUT && earlier(until, deadline)) {
            result = 0;
        }
        here = arrived(journal, position);
    }
    journal->wake = false;
    atomic_fetch_sub(&journal->waiters, 1);
    pthread_mutex_unlock(&journal->wait_lock);
    return here;
}

void journal_wake(struct journal *journal)
{
    pthread_mutex_lock(&journal->wait_lock);
    journal->wake = true;
    pthread_cond_broadcast(&journal->waked);
    pthread_mutex_unlock(&journal->wait_lock);
}
