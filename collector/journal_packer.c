/* What becomes of full segments: a thread of low priority packs them, and old ones are let go of.
 */
#include "journal_packed.h"
#include "journal_state.h"

#include "log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define LOWEST_PRIORITY 19
#define RETRY_MS (60 * 1000)
#define DAY_US (INT64_C(86400) * 1000000)

/* The first segment that is not packed, where it is full and the reader is through with it. They
 * are packed in order, so that a packed one never stands behind one that may be torn. Under the
 * append lock. */
static struct segment *to_pack(const struct journal *journal)
{
    const struct segment *reading = atomic_load(&journal->reading);
    size_t i = 0;
    while (i < journal->segment_count && journal->segments[i]->packed) {
        i++;
    }
    if (reading == NULL || i + 1 >= journal->segment_count) {
        return NULL;
    }
    struct segment *first = journal->segments[i];
    return first->base < reading->base && !first->held && !first->busy ? first : NULL;
}

/* Says once that packing fails, and once that it goes on. */
static void say(bool good, bool *failing, const struct failure *why)
{
    if (!good && !*failing) {
        log_line(LOG_LEVEL_WARNING, "journal_unpacked",
                 "why=\"%s\" next=\"full segments stay as they are; tried again each minute\"",
                 why->text);
    } else if (good && *failing) {
        log_line(LOG_LEVEL_INFO, "journal_packed", "why=\"packing goes on\"");
    }
    *failing = !good;
}

/* Packs one segment, without the append lock, which is held before and after. */
static bool pack_one(struct journal *journal, struct segment *segment, struct failure *failure)
{
    segment->busy = true;
    pthread_mutex_unlock(&journal->append_lock);
    bool good = journal_sync_before(journal, segment->base + segment->size, failure) &&
                packed_write(journal->keep_fd, segment, &journal->packer_stop, failure);
    pthread_mutex_lock(&journal->append_lock);
    segment->busy = false;
    segment->packed = good;
    if (good && !segment->held) {
        munmap(segment->map, segment->size);
        segment->map = NULL;
    }
    return good || journal_in_directory(journal, failure);
}

static void *pack_segments(void *argument)
{
    struct journal *journal = argument;
    bool failing = false;
    setpriority(PRIO_PROCESS, (id_t)gettid(), LOWEST_PRIORITY); /* of this thread alone */
    pthread_mutex_lock(&journal->append_lock);
    while (!atomic_load(&journal->packer_stop)) {
        struct failure failure = {0};
        struct segment *segment = to_pack(journal);
        if (segment == NULL) {
            pthread_cond_wait(&journal->packable, &journal->append_lock);
            continue;
        }
        bool good = pack_one(journal, segment, &failure);
        if (atomic_load(&journal->packer_stop)) {
            break;
        }
        say(good, &failing, &failure);
        struct timespec until = journal_deadline_in(RETRY_MS);
        while (!good && !atomic_load(&journal->packer_stop) &&
               pthread_cond_timedwait(&journal->packable, &journal->append_lock, &until) !=
                   ETIMEDOUT) {
        }
    }
    pthread_mutex_unlock(&journal->append_lock);
    return NULL;
}

void journal_packer_start(struct journal *journal)
{
    if (journal->settings.compress) {
        journal->packer_thread = journal_thread(pack_segments, journal);
        journal->has_packer_thread = true;
    }
}

void journal_packer_stop(struct journal *journal)
{
    if (!journal->has_packer_thread) {
        return;
    }
    pthread_mutex_lock(&journal->append_lock);
    atomic_store(&journal->packer_stop, true);
    pthread_cond_broadcast(&journal->packable);
    pthread_mutex_unlock(&journal->append_lock);
    pthread_join(journal->packer_thread, NULL);
    journal->has_packer_thread = false;
}

/* ---- Letting go ---- */

/* Takes the first segment under the lock, so that the packer leaves it alone, where it ends before
 * `position` and nobody is in it. `*next` is the one behind it. */
static struct segment *take_first(struct journal *journal, uint64_t position,
                                  const struct segment **next)
{
    pthread_mutex_lock(&journal->append_lock);
    struct segment *first = journal->segment_count > 1 ? journal->segments[0] : NULL;
    if (first != NULL && (first->base + first->size > position || first->held || first->busy)) {
        first = NULL;
    }
    if (first != NULL) {
        first->busy = true;
        *next = journal->segments[1];
    }
    pthread_mutex_unlock(&journal->append_lock);
    return first;
}

/* All of a segment arrived before the first record of the next one. 1: that was before `before_us`;
 * 0: it was not; -1: it cannot be told. */
static int arrived_before(const struct journal *journal, const struct segment *next,
                          int64_t before_us, struct failure *failure)
{
    int64_t arrival_us = 0;
    if (!next->packed) {
        return segment_first_arrival(next->map, next->size, &arrival_us) && arrival_us < before_us;
    }
    if (!packed_first_arrival(journal->directory_fd, next, &arrival_us, failure)) {
        return -1;
    }
    return arrival_us < before_us;
}

/* Removes the file, durably: were one behind it gone and this one back after a power cut, a segment
 * would be missing. */
static bool remove_file(const struct journal *journal, const struct segment *segment,
                        struct failure *failure)
{
    char name[SEGMENT_NAME_MAX];
    (segment->packed ? packed_name : segment_name)(segment->base, name);
    if ((journal->disk->unlink(journal->directory_fd, name) != 0 && errno != ENOENT) ||
        journal->disk->sync(journal->keep_fd) != 0) {
        return failure_set(failure, FAILURE_RESOURCE, "journal: cannot remove %s: %s (in %s)", name,
                           strerror(errno), journal->path);
    }
    return true;
}

/* Gives the segment back, or forgets it. */
static void end_taking(struct journal *journal, struct segment *first, bool removed)
{
    pthread_mutex_lock(&journal->append_lock);
    first->busy = false;
    if (removed) {
        journal->segment_count--;
        memmove(journal->segments, journal->segments + 1,
                journal->segment_count * sizeof *journal->segments);
        atomic_store(&journal->begin, journal->segments[0]->base + SEGMENT_HEADER);
    }
    pthread_cond_signal(&journal->packable);
    pthread_mutex_unlock(&journal->append_lock);
    if (removed) {
        segment_close(first);
        free(first);
    }
}

bool journal_retire(struct journal *journal, uint64_t position, int64_t now_us,
                    struct failure *failure)
{
    REQUIRE(journal->writable && journal->settings.keep_days > 0);
    int64_t before_us = now_us - (int64_t)journal->settings.keep_days * DAY_US;
    const struct segment *next = NULL;
    struct segment *first;
    while ((first = take_first(journal, position, &next)) != NULL) {
        int old = arrived_before(journal, next, before_us, failure);
        bool removed = old == 1 && remove_file(journal, first, failure);
        end_taking(journal, first, removed);
        if (!removed) {
            return old == 0;
        }
    }
    return true;
}
