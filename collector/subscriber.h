/* The collector's way in: every message the broker sends is in the journal before the broker hears
 * that we have it. While the journal cannot take a message nothing is acknowledged. */
#ifndef HEATLEDGER_SUBSCRIBER_H
#define HEATLEDGER_SUBSCRIBER_H

#include "broker.h"
#include "failure.h"
#include "journal.h"

#define SUBSCRIBER_OVERSIZE_KEPT 1024 /* bytes kept of a message beyond the payload limit */

enum clock_mode {
    CLOCK_WALL,    /* arrival is when the message arrives */
    CLOCK_MESSAGE, /* arrival is what the MQTT 5 user property `at` says, where there is one */
};

struct subscriber;

/* Connects in the background, subscribes to the filters on each connection and appends to the
 * journal, which must outlive the subscriber. `first_session` numbers its first connection: one
 * more than the last one in the journal, so that sessions differ over restarts. */
struct subscriber *subscriber_start(const struct broker *broker, char *const *filters,
                                    uint32_t filter_count, struct journal *journal,
                                    enum clock_mode clock, uint32_t first_session,
                                    struct failure *failure);

/* Waits until it is connected and subscribed; fails with why it is not. */
bool subscriber_wait_connected(struct subscriber *subscriber, int timeout_ms,
                               struct failure *failure);

bool subscriber_connected(struct subscriber *subscriber);

/* Why it is not connected, as one line without double quotes; "" where it is. */
void subscriber_why(struct subscriber *subscriber, char *why, size_t size);

/* True while the journal refuses: a message waits, unacknowledged. */
bool subscriber_blocked(struct subscriber *subscriber);

/* Messages journalled so far, and how many of them the broker had sent before. */
uint64_t subscriber_count(const struct subscriber *subscriber);
uint64_t subscriber_redelivered(const struct subscriber *subscriber);

/* How many connections there were. */
uint32_t subscriber_connections(const struct subscriber *subscriber);

/* Disconnects and releases. Returns false where a message still waits for the journal: it must stay
 * unacknowledged, so the connection is left to end with the process, and the journal may be closed
 * but the subscriber stays. */
bool subscriber_stop(struct subscriber *subscriber);

#endif
