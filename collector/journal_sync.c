/* Syncing: by whoever needs it, and, at JOURNAL_GROUP, by a thread of the journal's own. */
#include "journal_state.h"

#include "memory.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* What a sync works on, gathered under the append lock. */
struct sync_job {
    uint64_t end;
    struct segment **segments; /* that reach beyond what is synced */
    size_t count;
    bool directory_dirty, broken;
};

static struct sync_job gather(struct journal *journal)
{
    pthread_mutex_lock(&journal->append_lock);
    uint64_t synced = atomic_load(&journal->synced);
    struct sync_job job = {.end = atomic_load(&journal->end),
                           .directory_dirty = journal->directory_dirty,
                           .broken = journal->broken};
    size_t first = journal->segment_count;
    while (first > 0 &&
           journal->segments[first - 1]->base + (uint64_t)journal->segments[first - 1]->size >
               synced) {
        first--;
    }
    job.count = journal->segment_count - first;
    job.segments = memory_zeroed(job.count + 1, sizeof *job.segments);
    memcpy(job.segments, journal->segments + first, job.count * sizeof *job.segments);
    journal->directory_dirty = false;
    pthread_mutex_unlock(&journal->append_lock);
    return job;
}

static bool sync_segments(struct journal *journal, const struct sync_job *job,
                          struct failure *failure)
{
    for (size_t i = 0; i < job->count; i++) {
        struct segment *segment = job->segments[i];
        uint64_t behind = segment->base + segment->size;
        size_t offset = behind <= job->end ? segment->size : (size_t)(job->end - segment->base);
        if (!segment_sync(segment, offset, failure)) {
            return journal_in_directory(journal, failure);
        }
    }
    return true;
}

/* After a failure what the disk holds is unknown: nothing is tried again, and nothing more taken.
 */
static void break_off(struct journal *journal, const struct failure *why)
{
    pthread_mutex_lock(&journal->append_lock);
    if (!journal->broken) {
        journal->broken = true;
        journal->broken_failure = *why;
    }
    pthread_mutex_unlock(&journal->append_lock);
}

/* Under the sync lock. */
static bool sync_all(struct journal *journal, struct failure *failure)
{
    struct failure why = {0};
    int64_t begun_us = journal_clock_us();
    struct sync_job job = gather(journal);
    bool good = !job.broken;
    if (job.broken) { /* set for ever, and under this lock: it may be read without the other one */
        why = journal->broken_failure;
    }
    if (good && job.end > atomic_load(&journal->synced)) {
        good = sync_segments(journal, &job, &why);
    }
    if (good && job.directory_dirty && journal->disk->sync(journal->directory_fd) != 0) {
        good = failure_set(&why, FAILURE_RESOURCE,
                           "journal: cannot sync the directory %s: %s; nothing more is taken, for "
                           "what the disk holds is unknown",
                           journal->path, strerror(errno));
    }
    free(job.segments);
    if (good) {
        atomic_store(&journal->synced, job.end);
        atomic_store(&journal->synced_us, begun_us);
        return true;
    }
    break_off(journal, &why);
    return failure_set(failure, FAILURE_RESOURCE, "%s", why.text);
}

bool journal_sync_before(struct journal *journal, uint64_t position, struct failure *failure)
{
    REQUIRE(journal->writable);
    if (atomic_load(&journal->synced) >= position) {
        return true;
    }
    pthread_mutex_lock(&journal->sync_lock);
    /* Whoever had the lock before may have done it, for all who waited. */
    bool good = atomic_load(&journal->synced) >= position || sync_all(journal, failure);
    pthread_mutex_unlock(&journal->sync_lock);
    return good;
}

bool journal_sync(struct journal *journal, struct failure *failure)
{
    REQUIRE(journal->writable);
    pthread_mutex_lock(&journal->sync_lock);
    bool good = sync_all(journal, failure);
    pthread_mutex_unlock(&journal->sync_lock);
    return good;
}

/* ---- The thread ---- */

/* How much later the group is due because somebody else has synced while it gathered: what waits
 * now came after that. */
static uint32_t put_off_ms(const struct journal *journal)
{
    int64_t past_us = journal_clock_us() - atomic_load(&journal->synced_us);
    int64_t group_us = (int64_t)journal->settings.sync_ms * 1000;
    return past_us < group_us ? (uint32_t)((group_us - past_us + 999) / 1000) : 0;
}

/* Waits, without waking up for nothing, until there is something to sync; then for the rest of the
 * group. Under the wait lock. False where there is nothing left and the journal is closed. */
static bool wait_for_group(struct journal *journal)
{
    /* Counted before the end is looked at: an append that is not seen here sees this waiter. */
    atomic_fetch_add(&journal->waiters, 1);
    while (!journal->stopping && atomic_load(&journal->end) <= atomic_load(&journal->synced)) {
        pthread_cond_wait(&journal->waked, &journal->wait_lock);
    }
    atomic_fetch_sub(&journal->waiters, 1);
    for (uint32_t rest_ms = journal->settings.sync_ms; rest_ms > 0 && !journal->stopping;
         rest_ms = put_off_ms(journal)) {
        struct timespec until = journal_deadline_in(rest_ms);
        while (!journal->stopping && pthread_cond_timedwait(&journal->stopped, &journal->wait_lock,
                                                            &until) != ETIMEDOUT) {
        }
    }
    return atomic_load(&journal->end) > atomic_load(&journal->synced);
}

static void *sync_groups(void *argument)
{
    struct journal *journal = argument;
    bool good = true;
    pthread_mutex_lock(&journal->wait_lock);
    while (good && (wait_for_group(journal) || !journal->stopping)) {
        pthread_mutex_unlock(&journal->wait_lock);
        good = journal_sync_before(journal, atomic_load(&journal->end), NULL);
        pthread_mutex_lock(&journal->wait_lock);
    }
    pthread_mutex_unlock(&journal->wait_lock);
    return NULL; /* after a failure the next append says why it is refused */
}

pthread_t journal_thread(void *(*work)(void *journal), struct journal *journal)
{
    pthread_t thread;
    sigset_t all, former;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &former);
    REQUIRE(pthread_create(&thread, NULL, work, journal) == 0);
    pthread_sigmask(SIG_SETMASK, &former, NULL);
    return thread;
}

void journal_sync_start(struct journal *journal)
{
    if (journal->settings.durability == JOURNAL_GROUP) {
        REQUIRE(journal->settings.sync_ms > 0);
        journal->sync_thread = journal_thread(sync_groups, journal);
        journal->has_sync_thread = true;
    }
}

void journal_sync_stop(struct journal *journal)
{
    if (!journal->has_sync_thread) {
        return;
    }
    pthread_mutex_lock(&journal->wait_lock);
    journal->stopping = true;
    pthread_cond_broadcast(&journal->waked);
    pthread_cond_broadcast(&journal->stopped);
    pthread_mutex_unlock(&journal->wait_lock);
    pthread_join(journal->sync_thread, NULL);
    journal->has_sync_thread = false;
}
