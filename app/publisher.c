#include "publisher.h"

#include "client.h"
#include "memory.h"
#include "timestamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONNECT_QUIET_MS 2000 /* then the user is told that we wait */
#define CONNECT_TIMEOUT_MS 30000
#define STALL_TIMEOUT_MS (5 * 60 * 1000) /* without room, or without the last confirmations */

struct publisher {
    struct mqtt_client *client;
    char url[BROKER_TEXT_MAX + 1];
    bool with_at; /* MQTT 5 has user properties */
    int64_t tag;
};

struct publisher *publisher_open(const struct broker *broker, const char *suffix,
                                 struct failure *failure)
{
    struct publisher *publisher = memory_zeroed(1, sizeof *publisher);
    char id_suffix[32];
    const struct mqtt_client_options options = {
        .broker = broker,
        .id_suffix = id_suffix,
        .clean = true,
        .quiet = true,
    };

    snprintf(id_suffix, sizeof id_suffix, "-%s", suffix);
    snprintf(publisher->url, sizeof publisher->url, "%s", broker->url);
    publisher->with_at = broker->version >= 5;
    if (!publisher->with_at) {
        fprintf(stderr, "heatledger: warning: mqtt.version is 4, and `at` needs MQTT 5: a daemon "
                        "with --clock message will not know when these messages arrived\n");
    }
    publisher->client = mqtt_client_start(&options, failure);
    if (publisher->client != NULL &&
        !mqtt_client_wait_connected(publisher->client, CONNECT_QUIET_MS, failure)) {
        fprintf(stderr, "%s does not answer yet (%s); trying for %d s\n", publisher->url,
                failure->text, CONNECT_TIMEOUT_MS / 1000);
    }
    if (publisher->client == NULL ||
        !mqtt_client_wait_connected(publisher->client, CONNECT_TIMEOUT_MS, failure)) {
        publisher_close(publisher);
        return NULL;
    }
    return publisher;
}

bool publisher_send(struct publisher *publisher, int64_t at_us, const char *topic,
                    const void *payload, size_t length, int qos, bool retain,
                    struct failure *failure)
{
    char at[TIMESTAMP_TEXT_MAX];
    const struct mqtt_message message = {
        .topic = topic,
        .topic_length = strlen(topic),
        .payload = payload,
        .payload_length = length,
        .qos = (uint8_t)qos,
        .retain = retain,
        .at = publisher->with_at ? timestamp_format(at_us, 0, at) : NULL,
        .at_length = publisher->with_at ? strlen(at) : 0,
    };

    REQUIRE(qos == 0 || qos == 1);
    if (mqtt_client_publish(publisher->client, &message, ++publisher->tag, STALL_TIMEOUT_MS)) {
        return true;
    }
    return failure_set(failure, FAILURE_RESOURCE,
                       "%s: the broker has taken nothing for %d minutes; message %lld to %s was "
                       "not sent",
                       publisher->url, STALL_TIMEOUT_MS / 60000, (long long)publisher->tag, topic);
}

bool publisher_finish(struct publisher *publisher, struct failure *failure)
{
    uint64_t refused = 0;

    if (!mqtt_client_drain(publisher->client, STALL_TIMEOUT_MS)) {
        return failure_set(failure, FAILURE_RESOURCE,
                           "%s: the broker has not confirmed all of %lld messages within %d "
                           "minutes",
                           publisher->url, (long long)publisher->tag, STALL_TIMEOUT_MS / 60000);
    }
    mqtt_client_taken(publisher->client, &refused);
    if (refused > 0) {
        return failure_set(failure, FAILURE_RESOURCE,
                           "%s: the broker refused %llu of %lld messages; its log says why, as a "
                           "rule its access list or a size limit",
                           publisher->url, (unsigned long long)refused, (long long)publisher->tag);
    }
    return true;
}

void publisher_close(struct publisher *publisher)
{
    if (publisher == NULL) {
        return;
    }
    if (publisher->client != NULL) {
        mqtt_client_stop(publisher->client);
    }
    free(publisher);
}
