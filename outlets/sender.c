#include "sender.h"

#include "client.h"
#include "log.h"
#include "memory.h"
#include "reader.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define IDLE_MS 1000  /* longest sleep: rows are looked for that often even without a wake */
#define BUSY_MS 20    /* while messages are on their way, their confirmations are looked for */
#define RETRY_MS 5000 /* after the ledger could not be read */
#define WINDOW 256

/* Tags of messages that are no rows; rows count from 1, and tags must grow: a live value gets the
 * tag of the last row that went before it. */

struct live {
    char *topic, *payload; /* payload NULL: nothing new */
    struct timespec due;
};

struct sender {
    struct mqtt_client *client;
    char *directory, *status_topic, *online, *offline;
    struct reader *reader; /* the thread's own; opened when the ledger can be read */
    pthread_t thread;
    _Atomic int64_t sent_through, waiting;
    _Atomic uint32_t connections;
    _Atomic(struct alert_delay *) delay; /* NULL: nobody measures */
    struct timespec count_due;           /* thread only */
    int64_t handed_over;                 /* the last row given to the client; thread only */
    bool full, failed_said;              /* thread only */
    bool live_held;                      /* thread only: live values cannot go now */
    _Atomic bool status_due;

    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool wake, stopping;
    int stop_ms;
    char *version;
    int64_t started_us;
    uint32_t online_count; /* how often `online` has become another */
    struct live *live;
    size_t live_count, live_capacity;
    bool live_refused; /* said */
};

static struct timespec time_in(int ms)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += ms / 1000;
    at.tv_nsec += (long)(ms % 1000) * 1000000;
    if (at.tv_nsec >= 1000000000) {
        at.tv_sec++;
        at.tv_nsec -= 1000000000;
    }
    return at;
}

static bool reached(struct timespec at)
{
    struct timespec now = time_in(0);
    return now.tv_sec > at.tv_sec || (now.tv_sec == at.tv_sec && now.tv_nsec >= at.tv_nsec);
}

static int64_t time_of_day_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static bool publish(struct sender *sender, const char *topic, const char *payload, bool retain,
                    int64_t tag)
{
    struct mqtt_message message = {.topic = topic,
                                   .payload = payload,
                                   .payload_length = strlen(payload),
                                   .qos = 1,
                                   .retain = retain};
    return mqtt_client_publish(sender->client, &message, tag, 0);
}

/* ---- The outbox ---- */

static bool hand_over(void *context, const struct reader_row *row)
{
    struct sender *sender = context;
    int64_t number = strtoll(row->values[0], NULL, 10);
    const char *payload = row->values[2] == NULL ? "" : row->values[2];
    bool retain = row->values[3] != NULL && strcmp(row->values[3], "0") != 0;
    struct alert_delay *delay = atomic_load(&sender->delay);
    if (delay != NULL) { /* before the broker can have it; a second time is no harm */
        alert_delay_row(delay, row->values[4], number);
    }
    if (!publish(sender, row->values[1], payload, retain, number)) {
        sender->full = true;
        return false;
    }
    sender->handed_over = number;
    return true;
}

/* Hands new rows to the client, as many as its window takes. False where the ledger could not be
 * read; said once. */
static bool read_outbox(struct sender *sender)
{
    struct failure failure = {0};
    char after[24];
    snprintf(after, sizeof after, "%" PRId64, sender->handed_over);
    struct reader_parameter parameter = {":after", after};
    sender->full = false;
    if (sender->reader == NULL) {
        sender->reader = reader_open(sender->directory, &failure);
    }
    bool good = sender->reader != NULL &&
                reader_query(sender->reader,
                             "SELECT row, topic, payload, retain, id FROM outbox"
                             " WHERE row > CAST(:after AS INTEGER) ORDER BY row LIMIT 256",
                             &parameter, 1, hand_over, sender, &failure);
    if (!good && !sender->failed_said) {
        log_line(LOG_LEVEL_WARNING, "outbox_unreadable", "why=\"%s\"", failure.text);
    }
    if (!good && sender->reader != NULL) {
        reader_close(sender->reader);
        sender->reader = NULL;
    }
    sender->failed_said = !good;
    return good;
}

static bool take_count(void *context, const struct reader_row *row)
{
    *(int64_t *)context = strtoll(row->values[0], NULL, 10);
    return true;
}

/* Now and then: a broker that is away for long leaves many rows to count. */
static void count_waiting(struct sender *sender)
{
    if (!reached(sender->count_due)) {
        return;
    }
    int64_t waiting = -1;
    struct failure failure = {0};
    char after[24];
    snprintf(after, sizeof after, "%" PRId64, atomic_load(&sender->sent_through));
    struct reader_parameter parameter = {":after", after};
    if (sender->reader == NULL) {
        sender->reader = reader_open(sender->directory, &failure);
    }
    if (sender->reader != NULL &&
        !reader_query(sender->reader,
                      "SELECT COUNT(*) FROM outbox WHERE row > CAST(:after AS INTEGER)", &parameter,
                      1, take_count, &waiting, &failure)) {
        reader_close(sender->reader);
        sender->reader = NULL;
        waiting = -1;
    }
    atomic_store(&sender->waiting, waiting);
    sender->count_due = time_in(SENDER_COUNT_MS);
}

/* ---- Live values ---- */

bool sender_live(struct sender *sender, const char *topic, const char *payload)
{
    size_t length = strlen(payload), i = 0;
    pthread_mutex_lock(&sender->lock);
    while (i < sender->live_count && strcmp(sender->live[i].topic, topic) != 0) {
        i++;
    }
    bool room = i < SENDER_LIVE_MAX && length <= SENDER_PAYLOAD_MAX;
    if (!room && !sender->live_refused) {
        sender->live_refused = true;
        log_line(LOG_LEVEL_WARNING, "live_unsent",
                 "topic=%s bytes=%zu most_bytes=%u most_topics=%d", topic, length,
                 SENDER_PAYLOAD_MAX, SENDER_LIVE_MAX);
    }
    if (room) {
        if (i == sender->live_count) {
            memory_grow(&sender->live, i, &sender->live_capacity, sizeof *sender->live);
            sender->live[i] = (struct live){.topic = memory_text(topic), .due = time_in(0)};
            sender->live_count++;
        }
        struct live *live = &sender->live[i];
        free(live->payload);
        live->payload = memory_text(payload);
        pthread_cond_broadcast(&sender->changed);
    }
    pthread_mutex_unlock(&sender->lock);
    return room;
}

/* Publishes the live values whose time has come; false where the client's window has no room for
 * all of them. Under the lock. */
static bool send_live(struct sender *sender)
{
    for (size_t i = 0; i < sender->live_count; i++) {
        struct live *live = &sender->live[i];
        if (live->payload == NULL || !reached(live->due)) {
            continue;
        }
        if (!publish(sender, live->topic, live->payload, true, sender->handed_over)) {
            return false;
        }
        free(live->payload);
        live->payload = NULL;
        live->due = time_in(SENDER_LIVE_MS);
    }
    return true;
}

/* When the next live value is due, but no later than `until`; under the lock. Those that are due
 * and cannot go end no sleep: a connection does, or room. */
static struct timespec next_due(const struct sender *sender, struct timespec until)
{
    for (size_t i = 0; i < sender->live_count && !sender->live_held; i++) {
        struct timespec due = sender->live[i].due;
        if (sender->live[i].payload != NULL &&
            (due.tv_sec < until.tv_sec ||
             (due.tv_sec == until.tv_sec && due.tv_nsec < until.tv_nsec))) {
            until = due;
        }
    }
    return until;
}

/* ---- The thread ---- */

static void note_sent(struct sender *sender)
{
    int64_t taken = mqtt_client_taken(sender->client, NULL);
    if (taken > atomic_load(&sender->sent_through)) {
        atomic_store(&sender->sent_through, taken);
    }
}

static bool publish_online(struct sender *sender)
{
    pthread_mutex_lock(&sender->lock);
    char *online = memory_text(sender->online);
    pthread_mutex_unlock(&sender->lock);
    bool good = publish(sender, sender->status_topic, online, true, sender->handed_over);
    free(online);
    return good;
}

/* One round of work; returns how long the thread may sleep. */
static int work(struct sender *sender)
{
    bool connected = mqtt_client_connected(sender->client);
    int sleep_ms = IDLE_MS;
    if (connected && atomic_exchange(&sender->status_due, false) && !publish_online(sender)) {
        atomic_store(&sender->status_due, true);
    }
    if (connected && !read_outbox(sender)) {
        sleep_ms = RETRY_MS;
    }
    note_sent(sender);
    count_waiting(sender);
    sender->live_held = !connected;
    if (connected) {
        pthread_mutex_lock(&sender->lock);
        sender->live_held = !send_live(sender);
        pthread_mutex_unlock(&sender->lock);
    }
    bool busy = atomic_load(&sender->sent_through) < sender->handed_over || sender->full;
    return busy || (connected && sender->live_held) ? BUSY_MS : sleep_ms;
}

static void sleep_until_due(struct sender *sender, int sleep_ms)
{
    pthread_mutex_lock(&sender->lock);
    struct timespec until = time_in(sleep_ms);
    int result = 0;
    while (!sender->wake && !sender->stopping && result == 0) {
        struct timespec due = next_due(sender, until);
        if (reached(due)) {
            break;
        }
        result = pthread_cond_timedwait(&sender->changed, &sender->lock, &due);
    }
    sender->wake = false;
    pthread_mutex_unlock(&sender->lock);
}

static void *sender_thread(void *argument)
{
    struct sender *sender = argument;
    bool stopping = false;
    while (!stopping) {
        sleep_until_due(sender, work(sender));
        pthread_mutex_lock(&sender->lock);
        stopping = sender->stopping;
        pthread_mutex_unlock(&sender->lock);
    }
    struct timespec until = time_in(sender->stop_ms);
    do {
        work(sender);
    } while (mqtt_client_connected(sender->client) && !reached(until) &&
             (sender->full || !mqtt_client_drain(sender->client, BUSY_MS)));
    note_sent(sender);
    return NULL;
}

/* In one of Paho's threads. */
static void on_taken(void *context, int64_t row)
{
    struct sender *sender = context;
    struct alert_delay *delay = atomic_load(&sender->delay);
    if (delay != NULL) {
        alert_delay_taken(delay, row, time_of_day_us());
    }
}

static void on_connected(void *context, uint32_t count, bool session_present)
{
    struct sender *sender = context;
    atomic_store(&sender->connections, count);
    (void)session_present;
    atomic_store(&sender->status_due, true);
    sender_wake(sender);
}

/* The id tells this run of the program from others: an online or offline that comes again with the
 * same id is the same fact. */
static char *status_text(const char *version, bool online, int64_t started_us)
{
    size_t size = strlen(version) + 128;
    char *text = memory_zeroed(1, size);
    snprintf(text, size, "{\"id\":\"%s-%lld\",\"online\":%s,\"version\":\"%s\"}",
             online ? "online" : "offline", (long long)started_us, online ? "true" : "false",
             version);
    return text;
}

/* As status_text tells it, with more members; the id counts what it says, so that another text is
 * another fact. */
static char *troubled_text(const struct sender *sender, const char *members)
{
    size_t size = strlen(sender->version) + strlen(members) + 128;
    char *text = memory_zeroed(1, size);
    snprintf(text, size, "{\"id\":\"online-%lld-%u\",\"online\":true,\"version\":\"%s\"%s}",
             (long long)sender->started_us, sender->online_count, sender->version, members);
    return text;
}

void sender_trouble(struct sender *sender, const char *members)
{
    pthread_mutex_lock(&sender->lock);
    sender->online_count++;
    free(sender->online);
    sender->online = troubled_text(sender, members);
    atomic_store(&sender->status_due, true);
    sender->wake = true;
    pthread_cond_broadcast(&sender->changed);
    pthread_mutex_unlock(&sender->lock);
}

static void release(struct sender *sender)
{
    for (size_t i = 0; i < sender->live_count; i++) {
        free(sender->live[i].topic);
        free(sender->live[i].payload);
    }
    free(sender->live);
    if (sender->reader != NULL) {
        reader_close(sender->reader);
    }
    pthread_mutex_destroy(&sender->lock);
    pthread_cond_destroy(&sender->changed);
    free(sender->directory);
    free(sender->status_topic);
    free(sender->version);
    free(sender->online);
    free(sender->offline);
    free(sender);
}

struct sender *sender_start(const struct broker *broker, const char *directory, const char *version,
                            int64_t started_us, struct failure *failure)
{
    struct sender *sender = memory_zeroed(1, sizeof *sender);
    atomic_init(&sender->waiting, -1);
    size_t size = strlen(broker->root) + sizeof "/status";
    sender->directory = memory_text(directory);
    sender->status_topic = memory_zeroed(1, size);
    snprintf(sender->status_topic, size, "%s/status", broker->root);
    sender->version = memory_text(version);
    sender->started_us = started_us;
    sender->online = status_text(version, true, started_us);
    sender->offline = status_text(version, false, started_us);
    pthread_mutex_init(&sender->lock, NULL);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&sender->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    struct mqtt_client_options options = {
        .broker = broker,
        .id_suffix = "-out",
        .clean = true,
        .will_topic = sender->status_topic,
        .will_payload = sender->offline,
        .window = WINDOW,
        .context = sender,
        .taken = on_taken,
        .connected = on_connected,
    };
    sender->client = mqtt_client_start(&options, failure);
    if (sender->client == NULL) {
        release(sender);
        return NULL;
    }
    REQUIRE(pthread_create(&sender->thread, NULL, sender_thread, sender) == 0);
    return sender;
}

void sender_wake(struct sender *sender)
{
    pthread_mutex_lock(&sender->lock);
    sender->wake = true;
    pthread_cond_broadcast(&sender->changed);
    pthread_mutex_unlock(&sender->lock);
}

int64_t sender_sent_through(const struct sender *sender)
{
    return atomic_load(&sender->sent_through);
}

void sender_measure(struct sender *sender, struct alert_delay *delay)
{
    atomic_store(&sender->delay, delay);
}

int64_t sender_waiting(const struct sender *sender)
{
    return atomic_load(&sender->waiting);
}

uint32_t sender_connections(const struct sender *sender)
{
    return atomic_load(&sender->connections);
}

bool sender_connected(struct sender *sender)
{
    return mqtt_client_connected(sender->client);
}

void sender_stop(struct sender *sender, int timeout_ms)
{
    if (sender == NULL) {
        return;
    }
    pthread_mutex_lock(&sender->lock);
    sender->stopping = true;
    sender->stop_ms = timeout_ms;
    pthread_cond_broadcast(&sender->changed);
    pthread_mutex_unlock(&sender->lock);
    pthread_join(sender->thread, NULL);
    if (mqtt_client_connected(sender->client)) {
        /* A clean end sends no will. */
        publish(sender, sender->status_topic, sender->offline, true, sender->handed_over);
        mqtt_client_drain(sender->client, timeout_ms < IDLE_MS ? timeout_ms : IDLE_MS);
    }
    mqtt_client_stop(sender->client);
    release(sender);
}
