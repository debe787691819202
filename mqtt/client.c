#include "client_state.h"

#include "memory.h"
#include "mqtt_reason.h"
#include "reach.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct timespec client_time_in(int ms)
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

/* Sends the next message, if there is one; under the lock, which is let go meanwhile. */
static bool pump(struct mqtt_client *client)
{
    struct outbound *outbound = &client->outbound;
    if (client->link != LINK_UP || outbound->sent == outbound->added) {
        return false;
    }
    uint64_t number = outbound->sent++;
    struct outbound_message *message = outbound_at(outbound, number);
    if (message->state == OUTBOUND_DONE) {
        return true;
    }
    uint32_t connection = client->connections;
    message->state = OUTBOUND_SENT;
    message->connection = connection;
    pthread_mutex_unlock(&client->lock);
    int result = client_send(client, message, number, connection);
    pthread_mutex_lock(&client->lock);
    bool same = client->connections == connection && client->link == LINK_UP;
    if (result == MQTTASYNC_SUCCESS || !same) {
        return true;
    }
    if (result == MQTTASYNC_BAD_UTF8_STRING || result == MQTTASYNC_BAD_QOS) {
        client->refused++;
        outbound_done(outbound, number);
        pthread_cond_broadcast(&client->changed);
        return true;
    }
    /* Not connected any more, or Paho is full: what was taken or lost meanwhile is told by its
     * callbacks, so wait for one of them, or for a moment. */
    outbound->sent = number;
    message->state = OUTBOUND_WAITING;
    struct timespec soon = client_time_in(20);
    pthread_cond_timedwait(&client->changed, &client->lock, &soon);
    return true;
}

/* Paho says no more than that it failed: tries again what it tried, and says what does not hold. */
static void find_out(struct mqtt_client *client)
{
    char why[CLIENT_WHY_MAX] = "";
    client_down(client, reach_explain(&client->broker, why, sizeof why) ? why : NULL);
}

static void *client_thread(void *argument)
{
    struct mqtt_client *client = argument;
    pthread_mutex_lock(&client->lock);
    while (!client->stopping) {
        if (pump(client)) {
            continue;
        }
        if (client->link == LINK_FAILED) {
            pthread_mutex_unlock(&client->lock);
            find_out(client);
            pthread_mutex_lock(&client->lock);
            continue;
        }
        if (client->link != LINK_DOWN) {
            pthread_cond_wait(&client->changed, &client->lock);
            continue;
        }
        struct timespec now = client_time_in(0), at = client->next_attempt;
        if (now.tv_sec < at.tv_sec || (now.tv_sec == at.tv_sec && now.tv_nsec < at.tv_nsec)) {
            pthread_cond_timedwait(&client->changed, &client->lock, &at);
            continue;
        }
        client->link = LINK_CONNECTING;
        client->subscribing = false;
        pthread_mutex_unlock(&client->lock);
        int result = client_connect(client);
        if (result != MQTTASYNC_SUCCESS) {
            client_failed(client, result, NULL);
        }
        pthread_mutex_lock(&client->lock);
    }
    pthread_mutex_unlock(&client->lock);
    return NULL;
}

/* Paho's own schemes for the two we have. */
static bool translate_url(const char *url, char *paho, size_t size)
{
    static const struct {
        const char *ours, *theirs;
    } schemes[] = {{"mqtt://", "tcp://"}, {"mqtts://", "ssl://"}};
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        size_t length = strlen(schemes[i].ours);
        if (strncmp(url, schemes[i].ours, length) == 0 && url[length] != '\0') {
            snprintf(paho, size, "%s%s", schemes[i].theirs, url + length);
            return true;
        }
    }
    return false;
}

static void release(struct mqtt_client *client)
{
    for (uint32_t i = 0; i < client->options.filter_count; i++) {
        free(client->filters[i]);
    }
    free(client->filters);
    free(client->qos);
    outbound_clear(&client->outbound);
    pthread_mutex_destroy(&client->lock);
    pthread_cond_destroy(&client->changed);
    free(client);
}

struct mqtt_client *mqtt_client_start(const struct mqtt_client_options *options,
                                      struct failure *failure)
{
    struct mqtt_client *client = memory_zeroed(1, sizeof *client);
    client->options = *options;
    client->broker = *options->broker;
    snprintf(client->client_id, sizeof client->client_id, "%s%s", client->broker.client_id,
             options->id_suffix);
    client->filters = memory_zeroed(options->filter_count + 1, sizeof *client->filters);
    client->qos = memory_zeroed(options->filter_count + 1, sizeof *client->qos);
    for (uint32_t i = 0; i < options->filter_count; i++) {
        client->filters[i] = memory_text(options->filters[i]);
        client->qos[i] = 1;
    }
    outbound_create(&client->outbound, options->window > 0 ? options->window : MQTT_WINDOW_MAX);
    pthread_mutex_init(&client->lock, NULL);
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&client->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    client->next_attempt = client_time_in(0);
    int result = MQTTASYNC_BAD_PROTOCOL;
    if (translate_url(client->broker.url, client->url, sizeof client->url)) {
        result = client_create_handle(client);
    }
    if (result != MQTTASYNC_SUCCESS) {
        failure_set(failure, FAILURE_INPUT, "mqtt.url \"%s\" cannot be used: %s",
                    client->broker.url, mqtt_reason(result));
        release(client);
        return NULL;
    }
    REQUIRE(pthread_create(&client->thread, NULL, client_thread, client) == 0);
    return client;
}

void mqtt_client_stop(struct mqtt_client *client)
{
    if (client == NULL) {
        return;
    }
    pthread_mutex_lock(&client->lock);
    client->stopping = true;
    pthread_cond_broadcast(&client->changed);
    pthread_mutex_unlock(&client->lock);
    pthread_join(client->thread, NULL);
    client_destroy_handle(client);
    release(client);
}

bool mqtt_client_connected(struct mqtt_client *client)
{
    pthread_mutex_lock(&client->lock);
    bool up = client->link == LINK_UP;
    pthread_mutex_unlock(&client->lock);
    return up;
}

void mqtt_client_why(struct mqtt_client *client, char *why, size_t size)
{
    pthread_mutex_lock(&client->lock);
    snprintf(why, size, "%s", client->link == LINK_UP ? "" : client->why);
    pthread_mutex_unlock(&client->lock);
}

bool mqtt_client_wait_connected(struct mqtt_client *client, int timeout_ms, struct failure *failure)
{
    struct timespec until = client_time_in(timeout_ms);
    int result = 0;
    pthread_mutex_lock(&client->lock);
    while (client->link != LINK_UP && result == 0) {
        result = pthread_cond_timedwait(&client->changed, &client->lock, &until);
    }
    bool up = client->link == LINK_UP;
    if (!up) {
        failure_set(failure, FAILURE_RESOURCE, "broker %s cannot be reached: %s",
                    client->broker.url,
                    client->why[0] != '\0' ? client->why : "it does not answer");
    }
    pthread_mutex_unlock(&client->lock);
    return up;
}

bool mqtt_client_publish(struct mqtt_client *client, const struct mqtt_message *message,
                         int64_t tag, int timeout_ms)
{
    struct timespec until = client_time_in(timeout_ms);
    int result = 0;
    pthread_mutex_lock(&client->lock);
    while (outbound_full(&client->outbound) && result == 0 && timeout_ms > 0) {
        result = pthread_cond_timedwait(&client->changed, &client->lock, &until);
    }
    bool room = !outbound_full(&client->outbound);
    if (room) {
        outbound_add(&client->outbound, message, tag);
        pthread_cond_broadcast(&client->changed);
    }
    pthread_mutex_unlock(&client->lock);
    return room;
}

int64_t mqtt_client_taken(struct mqtt_client *client, uint64_t *refused)
{
    pthread_mutex_lock(&client->lock);
    int64_t tag = client->outbound.taken_tag;
    if (refused != NULL) {
        *refused = client->refused;
    }
    pthread_mutex_unlock(&client->lock);
    return tag;
}

bool mqtt_client_drain(struct mqtt_client *client, int timeout_ms)
{
    struct timespec until = client_time_in(timeout_ms);
    int result = 0;
    pthread_mutex_lock(&client->lock);
    while (client->outbound.taken < client->outbound.added && result == 0) {
        result = pthread_cond_timedwait(&client->changed, &client->lock, &until);
    }
    bool empty = client->outbound.taken == client->outbound.added;
    pthread_mutex_unlock(&client->lock);
    return empty;
}
