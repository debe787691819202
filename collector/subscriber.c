#include "subscriber.h"

#include "client.h"
#include "memory.h"
#include "timestamp.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define RETRY_MS 200

struct subscriber {
    struct mqtt_client *client;
    struct journal *journal;
    uint32_t payload_max, first_session;
    enum clock_mode clock;
    _Atomic uint32_t begun, session; /* connections; the number of this one */
    _Atomic bool fresh;              /* it, or one before it, is a new session at the broker */
    _Atomic uint64_t count, redelivered;
    _Atomic uint32_t connections;
    pthread_mutex_t lock; /* the two below: who blocks does not touch the journal once stopping */
    pthread_cond_t changed;
    bool blocked, stopping;
};

static int64_t wall_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * TIMESTAMP_SECOND_US + now.tv_nsec / 1000;
}

static int64_t arrival_of(const struct subscriber *subscriber, const struct mqtt_message *message)
{
    int64_t at_us;
    if (subscriber->clock == CLOCK_MESSAGE && message->at != NULL &&
        timestamp_parse(message->at, message->at_length, &at_us)) {
        return at_us;
    }
    return wall_us();
}

/* Waits a moment before the next try; never returns once the subscriber is to stop, for returning
 * would acknowledge a message that is nowhere. */
static void wait_for_journal(struct subscriber *subscriber)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += RETRY_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    subscriber->blocked = true;
    int result = 0;
    while (result != ETIMEDOUT) {
        result = pthread_cond_timedwait(&subscriber->changed, &subscriber->lock, &until);
        while (subscriber->stopping) {
            pthread_mutex_unlock(&subscriber->lock);
            for (;;) {
                pause();
            }
        }
    }
}

static void keep(struct subscriber *subscriber, struct journal_record *record)
{
    struct failure failure = {0};
    if (journal_append(subscriber->journal, record, &failure)) {
        return;
    }
    pthread_mutex_lock(&subscriber->lock);
    do {
        wait_for_journal(subscriber);
    } while (!journal_append(subscriber->journal, record, &failure));
    subscriber->blocked = false;
    pthread_mutex_unlock(&subscriber->lock);
}

/* Of the first message only that says so; in one thread with on_begun. */
static bool take_fresh(struct subscriber *subscriber)
{
    bool fresh = atomic_load_explicit(&subscriber->fresh, memory_order_relaxed);
    if (fresh) {
        atomic_store_explicit(&subscriber->fresh, false, memory_order_relaxed);
    }
    return fresh;
}

static void on_message(void *context, const struct mqtt_message *message)
{
    struct subscriber *subscriber = context;
    bool oversize = message->payload_length > subscriber->payload_max;
    struct journal_record record = {
        .kind = oversize ? JOURNAL_OVERSIZE : JOURNAL_MESSAGE,
        .qos = message->qos,
        .retain = message->retain,
        .dup = message->dup,
        .packet_id = message->packet_id,
        .fresh = take_fresh(subscriber),
        .session = atomic_load_explicit(&subscriber->session, memory_order_relaxed),
        .arrival_us = arrival_of(subscriber, message),
        .topic = message->topic,
        .topic_length = message->topic_length,
        .payload = message->payload,
        .payload_length = message->payload_length,
    };
    if (oversize && record.payload_length > SUBSCRIBER_OVERSIZE_KEPT) {
        record.payload_length = SUBSCRIBER_OVERSIZE_KEPT;
    }
    keep(subscriber, &record);
    atomic_fetch_add_explicit(&subscriber->count, 1, memory_order_relaxed);
    if (message->dup) {
        atomic_fetch_add_explicit(&subscriber->redelivered, 1, memory_order_relaxed);
    }
}

/* The broker sends again what it has to before we have subscribed. */
static void on_begun(void *context, bool session_present)
{
    struct subscriber *subscriber = context;
    uint32_t before = atomic_fetch_add(&subscriber->begun, 1);
    atomic_store(&subscriber->session, subscriber->first_session + before);
    if (!session_present) {
        atomic_store(&subscriber->fresh, true);
    }
}

static void on_connected(void *context, uint32_t count, bool session_present)
{
    struct subscriber *subscriber = context;
    (void)session_present;
    atomic_store(&subscriber->connections, count);
}

struct subscriber *subscriber_start(const struct broker *broker, char *const *filters,
                                    uint32_t filter_count, struct journal *journal,
                                    enum clock_mode clock, uint32_t first_session,
                                    struct failure *failure)
{
    struct subscriber *subscriber = memory_zeroed(1, sizeof *subscriber);
    subscriber->journal = journal;
    subscriber->payload_max =
        broker->payload_max < JOURNAL_PAYLOAD_MAX ? broker->payload_max : JOURNAL_PAYLOAD_MAX;
    subscriber->clock = clock;
    subscriber->first_session = first_session;
    atomic_init(&subscriber->session, first_session);
    pthread_mutex_init(&subscriber->lock, NULL);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC); /* a clock that is set ends no wait */
    pthread_cond_init(&subscriber->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    struct mqtt_client_options options = {
        .broker = broker,
        .id_suffix = "",
        .filters = filters,
        .filter_count = filter_count,
        .window = 1,
        .context = subscriber,
        .message = on_message,
        .begun = on_begun,
        .connected = on_connected,
    };
    subscriber->client = mqtt_client_start(&options, failure);
    if (subscriber->client == NULL) {
        free(subscriber);
        return NULL;
    }
    return subscriber;
}

bool subscriber_wait_connected(struct subscriber *subscriber, int timeout_ms,
                               struct failure *failure)
{
    return mqtt_client_wait_connected(subscriber->client, timeout_ms, failure);
}

bool subscriber_connected(struct subscriber *subscriber)
{
    return mqtt_client_connected(subscriber->client);
}

void subscriber_why(struct subscriber *subscriber, char *why, size_t size)
{
    mqtt_client_why(subscriber->client, why, size);
}

bool subscriber_blocked(struct subscriber *subscriber)
{
    /* While it is blocked the lock is held but for the waits between two tries. */
    pthread_mutex_lock(&subscriber->lock);
    bool blocked = subscriber->blocked;
    pthread_mutex_unlock(&subscriber->lock);
    return blocked;
}

uint64_t subscriber_count(const struct subscriber *subscriber)
{
    return atomic_load_explicit(&subscriber->count, memory_order_relaxed);
}

uint64_t subscriber_redelivered(const struct subscriber *subscriber)
{
    return atomic_load_explicit(&subscriber->redelivered, memory_order_relaxed);
}

uint32_t subscriber_connections(const struct subscriber *subscriber)
{
    return atomic_load(&subscriber->connections);
}

bool subscriber_stop(struct subscriber *subscriber)
{
    if (subscriber == NULL) {
        return true;
    }
    pthread_mutex_lock(&subscriber->lock);
    subscriber->stopping = true;
    bool blocked = subscriber->blocked;
    pthread_cond_broadcast(&subscriber->changed);
    pthread_mutex_unlock(&subscriber->lock);
    if (blocked) {
        return false;
    }
    mqtt_client_stop(subscriber->client);
    pthread_mutex_destroy(&subscriber->lock);
    pthread_cond_destroy(&subscriber->changed);
    free(subscriber);
    return true;
}
