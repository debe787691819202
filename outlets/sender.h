/* The way out: a thread-safe queue in front of a client of its own, which publishes what the book
 * has committed, in order, at QoS 1, and the live values, of which only the latest counts.
 *
 * The sender reads the outbox itself, through its own read-only connection: view
 * outbox(row INTEGER, topic TEXT, payload TEXT, retain INTEGER), rows ascending. Who commits calls
 * sender_wake, and forgets (book_outbox_sent) what sender_sent_through tells. */
#ifndef HEATLEDGER_SENDER_H
#define HEATLEDGER_SENDER_H

#include "alert_delay.h"
#include "broker.h"
#include "failure.h"

#include <stdbool.h>
#include <stdint.h>

#define SENDER_LIVE_MAX 2048 /* live topics: one a station, and those of the daemon's troubles */
#define SENDER_LIVE_MS 1000  /* between two values of one of them */
#define SENDER_COUNT_MS 5000 /* how often it is counted what waits */
#define SENDER_PAYLOAD_MAX (4u << 20) /* bytes of a live value */

struct sender;

/* `directory` holds ledger.db; `started_us` is when this run of the program began and part of
 * the status' id. Status {"id":…,"online":true,"version":…} is published retained under
 * ROOT/status on each connection, and {"online":false,…} is the will. */
struct sender *sender_start(const struct broker *broker, const char *directory, const char *version,
                            int64_t started_us, struct failure *failure);

/* From now on the status has these members more (",…", copied; "": none), and is published again at
 * once: also while the ledger cannot be written. */
void sender_trouble(struct sender *sender, const char *members);

/* Tells `delay`, which must outlive the sender, of each row and when the broker has it. */
void sender_measure(struct sender *sender, struct alert_delay *delay);

/* There may be new rows. */
void sender_wake(struct sender *sender);

/* All rows up to this one are with the broker; 0: none yet. */
int64_t sender_sent_through(const struct sender *sender);

/* How many rows the broker has not taken, as of the last SENDER_COUNT_MS; -1: not known. */
int64_t sender_waiting(const struct sender *sender);

/* How many connections there were, and whether there is one now. */
uint32_t sender_connections(const struct sender *sender);
bool sender_connected(struct sender *sender);

/* Publishes a live value, retained: at most one a second and topic, the latest. Copies both. False,
 * said once in the log, where there are SENDER_LIVE_MAX other topics already, or the value has more
 * than SENDER_PAYLOAD_MAX bytes: the topic keeps the value that it has. */
bool sender_live(struct sender *sender, const char *topic, const char *payload);

/* Sends what is in the outbox, if there is a connection and for at most `timeout_ms`, says goodbye
 * ({"online":false}), and ends. */
void sender_stop(struct sender *sender, int timeout_ms);

#endif
