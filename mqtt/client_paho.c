#include "client_state.h"

#include "log.h"
#include "memory.h"
#include "mqtt_reason.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONNECT_TIMEOUT_S 10
#define STOP_TIMEOUT_MS 1000

/* Given to Paho with each message, and back with its confirmation. */
struct delivery {
    struct mqtt_client *client;
    uint64_t number;
    uint32_t connection;
};

bool client_is_v5(const struct mqtt_client *client)
{
    return client->broker.version == 5;
}

static void on_failure(void *context, MQTTAsync_failureData *data)
{
    client_failed(context, data == NULL ? MQTTASYNC_FAILURE : data->code,
                  data == NULL ? NULL : data->message);
}

static void on_failure5(void *context, MQTTAsync_failureData5 *data)
{
    int code = data == NULL               ? MQTTASYNC_FAILURE
               : data->reasonCode >= 0x80 ? (int)data->reasonCode
                                          : data->code;
    client_failed(context, code, data == NULL ? NULL : data->message);
}

static void on_lost(void *context, char *cause)
{
    struct mqtt_client *client = context;
    pthread_mutex_lock(&client->lock);
    bool known = client->link == LINK_DOWN;
    pthread_mutex_unlock(&client->lock);
    if (!known) {
        client_down(client, cause != NULL ? cause : "the connection was lost");
    }
}

/* MQTT 5: the broker says why it ends the connection. Paho ends it, too, and does not call on_lost
 * any more. */
static void on_disconnected(void *context, MQTTProperties *properties, enum MQTTReasonCodes code)
{
    struct mqtt_client *client = context;
    (void)properties;
    pthread_mutex_lock(&client->lock);
    client->taken_over = code == MQTTREASONCODE_SESSION_TAKEN_OVER;
    pthread_mutex_unlock(&client->lock);
    client_down(client, mqtt_reason((int)code));
}

static void link_up(struct mqtt_client *client)
{
    pthread_mutex_lock(&client->lock);
    bool session_present = client->session_present;
    client->link = LINK_UP;
    client->up_since = client_time_in(0);
    client->why[0] = '\0';
    client->said_why[0] = '\0';
    client->reason[0] = '\0';
    client->wait_ms = 0;
    uint32_t count = ++client->connections;
    bool back = client->said_away;
    client->said_away = false;
    pthread_cond_broadcast(&client->changed);
    pthread_mutex_unlock(&client->lock);
    if (!client->options.quiet) {
        log_line(LOG_LEVEL_INFO, back ? "broker_back" : "connected",
                 "broker=%s client=%s session=%s", client->broker.url, client->client_id,
                 session_present ? "kept" : "new");
    }
    if (client->options.connected != NULL) {
        client->options.connected(client->options.context, count, session_present);
    }
}

static void on_subscribed(void *context, MQTTAsync_successData *data)
{
    struct mqtt_client *client = context;
    for (uint32_t i = 0; i < client->options.filter_count; i++) {
        int granted = client->options.filter_count == 1 ? data->alt.qos : data->alt.qosList[i];
        if (granted > 2) {
            client_failed(client, 5, client->filters[i]);
            return;
        }
    }
    link_up(client);
}

static void on_subscribed5(void *context, MQTTAsync_successData5 *data)
{
    struct mqtt_client *client = context;
    for (uint32_t i = 0; i < client->options.filter_count; i++) {
        /* Paho fills the list only where there are several */
        int code = client->options.filter_count == 1 ? (int)data->reasonCode
                                                     : (int)data->alt.sub.reasonCodes[i];
        if (code >= 0x80) {
            client_failed(client, code, client->filters[i]);
            return;
        }
    }
    link_up(client);
}

static void subscribe(struct mqtt_client *client, bool session_present)
{
    pthread_mutex_lock(&client->lock);
    client->session_present = session_present;
    client->subscribing = true;
    pthread_mutex_unlock(&client->lock);
    if (client->options.begun != NULL) {
        client->options.begun(client->options.context, session_present);
    }
    if (client->options.filter_count == 0) {
        link_up(client);
        return;
    }
    MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
    response.context = client;
    if (client_is_v5(client)) {
        response.onSuccess5 = on_subscribed5;
        response.onFailure5 = on_failure5;
    } else {
        response.onSuccess = on_subscribed;
        response.onFailure = on_failure;
    }
    int result = MQTTAsync_subscribeMany(client->handle, (int)client->options.filter_count,
                                         client->filters, client->qos, &response);
    if (result != MQTTASYNC_SUCCESS) {
        client_failed(client, result, "subscribe");
    }
}

static void on_connected(void *context, MQTTAsync_successData *data)
{
    subscribe(context, data->alt.connect.sessionPresent != 0);
}

static void on_connected5(void *context, MQTTAsync_successData5 *data)
{
    subscribe(context, data->alt.connect.sessionPresent != 0);
}

static int on_message(void *context, char *topic, int topic_length, MQTTAsync_message *arrived)
{
    struct mqtt_client *client = context;
    struct mqtt_message message = {
        .topic = topic,
        .topic_length = topic_length > 0 ? (size_t)topic_length : strlen(topic),
        .payload = arrived->payload,
        .payload_length = (size_t)arrived->payloadlen,
        .qos = (uint8_t)arrived->qos,
        .retain = arrived->retained != 0,
        .dup = arrived->dup != 0,
        .packet_id = (uint16_t)arrived->msgid,
    };
    for (int i = 0; i < arrived->properties.count; i++) {
        const MQTTProperty *property = &arrived->properties.array[i];
        if (property->identifier == MQTTPROPERTY_CODE_USER_PROPERTY &&
            property->value.data.len == 2 && memcmp(property->value.data.data, "at", 2) == 0) {
            message.at = property->value.value.data;
            message.at_length = (size_t)property->value.value.len;
        }
    }
    if (client->options.message != NULL) {
        client->options.message(client->options.context, &message);
    }
    MQTTAsync_freeMessage(&arrived);
    MQTTAsync_free(topic);
    return 1;
}

static void delivered(struct delivery *delivery, bool taken, int code)
{
    struct mqtt_client *client = delivery->client;
    pthread_mutex_lock(&client->lock);
    struct outbound_message *message = outbound_at(&client->outbound, delivery->number);
    bool present = delivery->number >= client->outbound.taken &&
                   delivery->number < client->outbound.added && message->state == OUTBOUND_SENT &&
                   message->connection == delivery->connection;
    bool refused = present && !taken && code >= 0x80;
    bool done = present && (taken || refused);
    if (done) {
        outbound_done(&client->outbound, delivery->number);
        client->refused += refused ? 1 : 0;
        pthread_cond_broadcast(&client->changed);
    }
    int64_t tag = client->outbound.taken_tag;
    pthread_mutex_unlock(&client->lock);
    if (done && client->options.taken != NULL) {
        client->options.taken(client->options.context, tag);
    }
    if (refused && !client->options.quiet) {
        log_line(LOG_LEVEL_ERROR, "publish_refused", "broker=%s client=%s why=\"%s\"",
                 client->broker.url, client->client_id, mqtt_reason(code));
    }
    free(delivery);
}

static void on_sent(void *context, MQTTAsync_successData *data)
{
    (void)data;
    delivered(context, true, 0);
}

static void on_sent5(void *context, MQTTAsync_successData5 *data)
{
    /* PUBACK may carry a refusal; "no subscribers" (0x10) is none. */
    int code = data == NULL ? 0 : (int)data->reasonCode;
    delivered(context, code < 0x80, code);
}

static void on_not_sent(void *context, MQTTAsync_failureData *data)
{
    delivered(context, false, data == NULL ? 0 : data->code);
}

static void on_not_sent5(void *context, MQTTAsync_failureData5 *data)
{
    delivered(context, false, data == NULL ? 0 : (int)data->reasonCode);
}

int client_send(struct mqtt_client *client, struct outbound_message *message, uint64_t number,
                uint32_t connection)
{
    MQTTAsync_message sent = MQTTAsync_message_initializer;
    MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
    struct delivery *delivery = memory_zeroed(1, sizeof *delivery);
    *delivery = (struct delivery){client, number, connection};
    sent.payload = message->payload;
    sent.payloadlen = (int)message->payload_length;
    sent.qos = message->qos;
    sent.retained = message->retain;
    response.context = delivery;
    if (client_is_v5(client)) {
        response.onSuccess5 = on_sent5;
        response.onFailure5 = on_not_sent5;
    } else {
        response.onSuccess = on_sent;
        response.onFailure = on_not_sent;
    }
    if (client_is_v5(client) && message->at != NULL) {
        MQTTProperty property = {.identifier = MQTTPROPERTY_CODE_USER_PROPERTY};
        char name[] = "at";
        property.value.data = (MQTTLenString){2, name};
        property.value.value = (MQTTLenString){(int)strlen(message->at), message->at};
        MQTTProperties_add(&sent.properties, &property);
    }
    int result = MQTTAsync_sendMessage(client->handle, message->topic, &sent, &response);
    MQTTProperties_free(&sent.properties);
    if (result != MQTTASYNC_SUCCESS) {
        free(delivery);
    }
    return result;
}

int client_connect(struct mqtt_client *client)
{
    const struct broker *broker = &client->broker;
    MQTTAsync_connectOptions plain = MQTTAsync_connectOptions_initializer;
    MQTTAsync_connectOptions modern = MQTTAsync_connectOptions_initializer5;
    MQTTAsync_connectOptions options = client_is_v5(client) ? modern : plain;
    MQTTAsync_willOptions will = MQTTAsync_willOptions_initializer;
    MQTTAsync_SSLOptions tls = MQTTAsync_SSLOptions_initializer;
    MQTTProperties properties = MQTTProperties_initializer;
    options.context = client;
    options.keepAliveInterval = broker->keep_alive_s;
    options.connectTimeout = CONNECT_TIMEOUT_S;
    options.maxInflight = (int)client->outbound.window;
    options.username = broker->user[0] != '\0' ? broker->user : NULL;
    options.password = broker->password[0] != '\0' ? broker->password : NULL;
    if (client_is_v5(client)) {
        MQTTProperty expiry = {.identifier = MQTTPROPERTY_CODE_SESSION_EXPIRY_INTERVAL};
        MQTTProperty maximum = {.identifier = MQTTPROPERTY_CODE_RECEIVE_MAXIMUM};
        expiry.value.integer4 = client->options.clean ? 0 : broker->session_expiry_s;
        maximum.value.integer2 = broker->receive_maximum;
        MQTTProperties_add(&properties, &expiry);
        if (broker->receive_maximum > 0) {
            MQTTProperties_add(&properties, &maximum);
        }
        options.cleanstart = client->options.clean;
        options.connectProperties = &properties;
        options.onSuccess5 = on_connected5;
        options.onFailure5 = on_failure5;
    } else {
        options.MQTTVersion = MQTTVERSION_3_1_1;
        options.cleansession = client->options.clean;
        options.onSuccess = on_connected;
        options.onFailure = on_failure;
    }
    if (client->options.will_topic != NULL) {
        will.topicName = client->options.will_topic;
        will.message = client->options.will_payload;
        will.retained = 1;
        will.qos = 1;
        options.will = &will;
    }
    if (strncmp(client->url, "ssl://", 6) == 0) {
        tls.trustStore = broker->ca_file[0] != '\0' ? broker->ca_file : NULL;
        tls.keyStore = broker->cert_file[0] != '\0' ? broker->cert_file : NULL;
        tls.privateKey = broker->key_file[0] != '\0' ? broker->key_file : NULL;
        tls.enableServerCertAuth = 1;
        tls.verify = 1; /* the host's name too: off by default */
        options.ssl = &tls;
    }
    int result = MQTTAsync_connect(client->handle, &options);
    MQTTProperties_free(&properties);
    return result;
}

int client_create_handle(struct mqtt_client *client)
{
    MQTTAsync_createOptions plain = MQTTAsync_createOptions_initializer;
    MQTTAsync_createOptions modern = MQTTAsync_createOptions_initializer5;
    plain.MQTTVersion = MQTTVERSION_3_1_1;
    int result = MQTTAsync_createWithOptions(&client->handle, client->url, client->client_id,
                                             MQTTCLIENT_PERSISTENCE_NONE, NULL,
                                             client_is_v5(client) ? &modern : &plain);
    if (result == MQTTASYNC_SUCCESS) {
        MQTTAsync_setCallbacks(client->handle, client, on_lost, on_message, NULL);
        MQTTAsync_setDisconnected(client->handle, client, on_disconnected);
    }
    return result;
}

static void set_disconnected(struct mqtt_client *client)
{
    pthread_mutex_lock(&client->lock);
    client->disconnected = true;
    pthread_cond_broadcast(&client->changed);
    pthread_mutex_unlock(&client->lock);
}

static void on_end(void *context, MQTTAsync_successData *data)
{
    (void)data;
    set_disconnected(context);
}

static void on_end5(void *context, MQTTAsync_successData5 *data)
{
    (void)data;
    set_disconnected(context);
}

void client_destroy_handle(struct mqtt_client *client)
{
    MQTTAsync_disconnectOptions options = MQTTAsync_disconnectOptions_initializer;
    options.timeout = STOP_TIMEOUT_MS;
    options.context = client;
    if (client_is_v5(client)) {
        options.onSuccess5 = on_end5;
    } else {
        options.onSuccess = on_end;
    }
    if (MQTTAsync_disconnect(client->handle, &options) == MQTTASYNC_SUCCESS) {
        struct timespec until = client_time_in(2 * STOP_TIMEOUT_MS);
        int result = 0;
        pthread_mutex_lock(&client->lock);
        while (!client->disconnected && result == 0) {
            result = pthread_cond_timedwait(&client->changed, &client->lock, &until);
        }
        pthread_mutex_unlock(&client->lock);
    }
    MQTTAsync_destroy(&client->handle);
}
