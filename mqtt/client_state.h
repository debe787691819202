/* What the parts of the client share: its own thread and callers (client.c), Paho, which calls back
 * in threads of its own (client_paho.c), and what becomes of a lost connection (client_link.c). */
#ifndef HEATLEDGER_CLIENT_STATE_H
#define HEATLEDGER_CLIENT_STATE_H

#include "client.h"
#include "outbound.h"

#include <MQTTAsync.h>
#include <pthread.h>
#include <time.h>

#define CLIENT_WHY_MAX 512

enum link {
    LINK_DOWN,
    LINK_CONNECTING,
    LINK_FAILED, /* Paho could not connect; the client's thread finds out why */
    LINK_UP
};

struct mqtt_client {
    struct mqtt_client_options options;
    struct broker broker;
    char client_id[BROKER_TEXT_MAX + 64], url[BROKER_TEXT_MAX + 16];
    char **filters;
    int *qos;
    MQTTAsync handle;
    pthread_t thread;

    pthread_mutex_t lock; /* never held while Paho is called: Paho has a lock of its own, which it
                             holds while it calls us */
    pthread_cond_t changed;
    enum link link;
    bool stopping, disconnected, said_away, session_present;
    uint32_t connections;
    int wait_ms;
    struct timespec next_attempt, up_since;
    bool subscribing;            /* this attempt has come so far */
    bool taken_over;             /* MQTT 5: the broker said that another client has our session */
    uint32_t short_lives;        /* connections one after the other that were lost at once */
    int taken_wait_ms;           /* the last wait after another client took the session; 0: none */
    char reason[CLIENT_WHY_MAX]; /* what Paho or the broker said of this attempt or connection */
    char said_why[CLIENT_WHY_MAX]; /* what the log has said last, while there is no connection */
    char why[CLIENT_WHY_MAX]; /* there is no connection; empty: none was tried, or there is one */
    struct outbound outbound;
    uint64_t refused;
};

bool client_is_v5(const struct mqtt_client *client);

/* The monotonic clock's time in so many milliseconds. */
struct timespec client_time_in(int ms);

/* Creates Paho's handle with our callbacks, or returns Paho's error. */
int client_create_handle(struct mqtt_client *client);

/* Begins to connect; how it went is told by the link's state, unless Paho refuses at once. */
int client_connect(struct mqtt_client *client);

/* The connection was not made. */
void client_failed(struct mqtt_client *client, int code, const char *message);

/* The connection is gone, or was not made; `why` NULL: known already. The next attempt follows
 * after a wait. */
void client_down(struct mqtt_client *client, const char *why);

/* Hands one message to Paho; the lock is not held, and the slot stays where it is meanwhile. */
int client_send(struct mqtt_client *client, struct outbound_message *message, uint64_t number,
                uint32_t connection);

/* Disconnects and releases Paho's handle. */
void client_destroy_handle(struct mqtt_client *client);

#endif
