/* A publisher that loses nothing: a gateway that keeps what was not acknowledged, over the death of
 * the broker and over its own.
 *
 *   crash_publisher PORT LIST STATE UNTIL SPREAD_MS
 *
 * Publishes the messages of the journal LIST, in its order, as far as message UNTIL (counted from
 * 0, itself not), over SPREAD_MS, and ends when the broker has acknowledged them. How far it has
 * come stands in the file STATE, which outlives kill -9; the next call goes on there. On every
 * connection what was sent and not acknowledged is sent again: with DUP and the same packet id
 * where the broker has kept the session, as a new message where it has not. Prints how many were
 * sent again. */
#include "crash_wire.h"

#include "failure.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define CLIENT_ID "crash-publisher"
#define WINDOW 200
#define AGAIN_MS 20
#define PATIENCE_MS 60000

/* How far it has come, in numbers of messages. */
struct progress {
    uint64_t acknowledged;
    uint64_t position; /* in LIST, of the first one that is not acknowledged */
};

/* Both parts of the progress change at once, whenever we are killed: in the one that is not in
 * force, which then comes into force. */
struct state {
    uint64_t sent;
    _Atomic uint64_t in_force; /* 0 or 1 */
    struct progress of[2];
};

struct publisher {
    struct crash_wire wire;
    struct journal *list;
    struct state *state;
    uint64_t next, position; /* the next message on this connection */
    uint64_t repeated;       /* sent again */
};

static void give_up(const char *what)
{
    fprintf(stderr, "crash_publisher: %s\n", what);
    exit(3);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct state *open_state(const char *path)
{
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || ftruncate(file, sizeof(struct state)) != 0) {
        give_up("STATE cannot be opened");
    }
    void *map = mmap(NULL, sizeof(struct state), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    REQUIRE(map != MAP_FAILED);
    close(file);
    return map;
}

/* The message at or behind `position`; other records are not sent. */
static void read_message(struct publisher *publisher, uint64_t position,
                         struct journal_record *record)
{
    struct failure failure = {0};
    do {
        if (journal_read(publisher->list, position, record, &failure) != 1) {
            give_up(failure.code != FAILURE_NONE ? failure.text : "LIST has no more messages");
        }
        position = record->next;
    } while (record->kind != JOURNAL_MESSAGE);
}

static uint16_t packet_of(uint64_t number)
{
    return (uint16_t)(number % UINT16_MAX + 1);
}

static struct progress progress_of(const struct state *state)
{
    return state->of[atomic_load(&state->in_force)];
}

/* Goes back to what is not acknowledged. */
static void come_back(struct publisher *publisher, uint16_t port)
{
    int64_t until_ms = now_ms() + PATIENCE_MS;
    while (!crash_wire_open(&publisher->wire, port, CLIENT_ID)) {
        if (now_ms() > until_ms) {
            give_up("the broker stays away");
        }
        usleep(AGAIN_MS * 1000);
    }
    struct progress progress = progress_of(publisher->state);
    publisher->next = progress.acknowledged;
    publisher->position = progress.position;
}

static void send_next(struct publisher *publisher)
{
    struct journal_record record;
    struct state *state = publisher->state;
    bool again = publisher->next < state->sent;
    read_message(publisher, publisher->position, &record);
    if (!again) {
        state->sent = publisher->next + 1; /* before it is sent: who is killed in between … */
    }
    publisher->repeated += again ? 1 : 0;
    if (crash_wire_publish(&publisher->wire, &record, packet_of(publisher->next),
                           again && publisher->wire.session_present)) {
        publisher->next++; /* … has sent it again, which does no harm */
        publisher->position = record.next;
    }
}

static void take_confirmation(struct publisher *publisher, int timeout_ms)
{
    uint16_t packet;
    unsigned reason;
    struct state *state = publisher->state;
    struct progress progress = progress_of(state);
    struct journal_record record;
    if (crash_wire_confirmed(&publisher->wire, timeout_ms, &packet, &reason) != 1) {
        return;
    }
    if (reason >= 0x80 || packet != packet_of(progress.acknowledged)) {
        give_up("the broker refuses a message, or confirms out of order");
    }
    read_message(publisher, progress.position, &record);
    uint64_t other = 1 - atomic_load(&state->in_force);
    state->of[other] = (struct progress){progress.acknowledged + 1, record.next};
    atomic_store(&state->in_force, other);
}

/* How many may be sent by now, so that all are once SPREAD_MS has passed. */
static uint64_t due_by_now(uint64_t first, uint64_t until, int64_t gone_ms, int64_t spread_ms)
{
    return gone_ms >= spread_ms
               ? until
               : first + (until - first) * (uint64_t)gone_ms / (uint64_t)spread_ms + 1;
}

static void publish(struct publisher *publisher, uint16_t port, uint64_t until, int64_t spread_ms)
{
    uint64_t first = progress_of(publisher->state).acknowledged;
    uint64_t acknowledged = first;
    int64_t start_ms = now_ms();
    int64_t heard_ms = start_ms;
    while (acknowledged < until) {
        if (publisher->wire.socket < 0) {
            come_back(publisher, port);
        }
        bool may_send =
            publisher->next < due_by_now(first, until, now_ms() - start_ms, spread_ms) &&
            publisher->next < until && publisher->next < acknowledged + WINDOW;
        if (may_send) {
            send_next(publisher);
        }
        if (publisher->wire.socket >= 0) {
            take_confirmation(publisher, may_send ? 0 : 1);
        }
        uint64_t now_acknowledged = progress_of(publisher->state).acknowledged;
        heard_ms = now_acknowledged > acknowledged ? now_ms() : heard_ms;
        acknowledged = now_acknowledged;
        if (now_ms() > heard_ms + spread_ms + PATIENCE_MS) {
            give_up("the broker confirms nothing");
        }
    }
}

int main(int argc, char **argv)
{
    static struct publisher publisher;
    struct failure failure = {0};
    if (argc != 6) {
        fputs("usage: crash_publisher PORT LIST STATE UNTIL SPREAD_MS\n", stderr);
        return 2;
    }
    publisher.list = journal_open_reading(argv[2], &failure);
    if (publisher.list == NULL) {
        give_up(failure.text);
    }
    publisher.state = open_state(argv[3]);
    publisher.wire.socket = -1;
    publish(&publisher, (uint16_t)atoi(argv[1]), strtoull(argv[4], NULL, 10), atoi(argv[5]));
    crash_wire_close(&publisher.wire);
    printf("%" PRIu64 "\n", publisher.repeated);
    journal_close(publisher.list);
    return 0;
}
