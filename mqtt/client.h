/* One MQTT client, on top of Paho's MQTTAsync: subscribes, publishes, has a will, and comes back.
 *
 * A thread of its own connects, again and again with growing waits (1 s to 60 s; 1 min to 1 h where
 * another client with our client id has taken the session), subscribes on every connection, and
 * sends what was handed over for publishing; a message stays here until the broker has taken it and
 * is sent again on the next connection. Where there is no connection it finds out why.
 *
 * The client logs when the broker goes away (once) and when it is back; everything else comes by
 * the callbacks, which run in Paho's threads and must not call this module but for
 * mqtt_client_publish with a timeout of 0. */
#ifndef HEATLEDGER_CLIENT_H
#define HEATLEDGER_CLIENT_H

#include "broker.h"
#include "failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MQTT_WINDOW_MAX 1000 /* messages handed over and not yet taken by the broker */
#define MQTT_WAIT_FIRST_MS 1000
#define MQTT_WAIT_LAST_MS 60000
/* Another client has taken our session: two that come back at once would take it from each other
 * for ever, each with a part of the messages. */
#define MQTT_WAIT_TAKEN_MS 60000
#define MQTT_WAIT_TAKEN_LAST_MS 3600000
#define MQTT_WAIT_SUSPECT_LAST_MS 600000 /* where the broker does not say that it is so */

struct mqtt_message {
    const char *topic;
    size_t topic_length; /* received; a topic to publish ends with NUL */
    const void *payload;
    size_t payload_length;
    uint8_t qos;
    bool retain, dup;
    uint16_t packet_id;
    const char *at; /* MQTT 5 user property "at"; NULL: none. Not ended with NUL when received */
    size_t at_length;
};

struct mqtt_client_options {
    const struct broker *broker; /* copied */
    const char *id_suffix;       /* behind the broker's client id: "", "-out" */
    bool clean;                  /* no session is kept by the broker */
    char *const *filters;        /* to subscribe to at QoS 1 on every connection; copied */
    uint32_t filter_count;
    const char *will_topic; /* NULL: no will. Retained, QoS 1; must outlive the client */
    const char *will_payload;
    uint32_t window; /* 0: MQTT_WINDOW_MAX */
    bool quiet;      /* says nothing in the log: a command tells its user itself */

    void *context;
    /* The broker hears that the message was received when this returns. May be NULL. */
    void (*message)(void *context, const struct mqtt_message *message);
    /* The broker has taken every message up to this tag, since now. May be NULL. */
    void (*taken)(void *context, int64_t tag);
    /* Connected, and not subscribed yet: before any message of this connection. May be NULL. */
    void (*begun)(void *context, bool session_present);
    /* Connected, and subscribed: `count` connections so far, this one included. May be NULL. */
    void (*connected)(void *context, uint32_t count, bool session_present);
};

struct mqtt_client;

/* Starts connecting and returns at once; false only for what will never work: an URL that is none.
 * Ends with mqtt_client_stop. */
struct mqtt_client *mqtt_client_start(const struct mqtt_client_options *options,
                                      struct failure *failure);

/* Disconnects (after at most a second) and releases the client. What is not published stays so. */
void mqtt_client_stop(struct mqtt_client *client);

/* Waits until there is a connection; fails with why there is none. */
bool mqtt_client_wait_connected(struct mqtt_client *client, int timeout_ms,
                                struct failure *failure);

bool mqtt_client_connected(struct mqtt_client *client);

/* Why there is no connection, as one line without double quotes; "" where there is one, or none was
 * tried yet. */
void mqtt_client_why(struct mqtt_client *client, char *why, size_t size);

/* Copies the message into the window and sees to it that it is sent; waits for room up to
 * `timeout_ms`. False where there was none. `tag` grows from message to message. */
bool mqtt_client_publish(struct mqtt_client *client, const struct mqtt_message *message,
                         int64_t tag, int timeout_ms);

/* The largest tag up to which the broker has taken (or for good refused) every message; INT64_MIN:
 * none yet. `*refused` (may be NULL) counts the refused ones. */
int64_t mqtt_client_taken(struct mqtt_client *client, uint64_t *refused);

/* Waits until the window is empty: true where it is. */
bool mqtt_client_drain(struct mqtt_client *client, int timeout_ms);

#endif
