/* The bare subscriber: what it costs to receive with Paho alone. Connected as heatledger connects
 * (MQTT 5, QoS 1, a session, the same receive maximum), with a callback that drops each message.
 *
 *   bench_subscriber PORT MESSAGES
 *
 * Says "ready" once it has subscribed; ends after so many messages, and prints its processor time
 * since it was ready. */
#include "bench_clock.h"

#include <MQTTAsync.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#define USAGE "bench_subscriber PORT MESSAGES"
#define KEEP_ALIVE_S 30
#define SESSION_EXPIRY_S 604800
#define RECEIVE_MAXIMUM 1000
#define SILENCE_S 15

struct subscriber {
    MQTTAsync handle;
    uint64_t wanted;
    _Atomic uint64_t count;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool subscribed, complete;
};

static void set(struct subscriber *subscriber, bool *what)
{
    pthread_mutex_lock(&subscriber->lock);
    *what = true;
    pthread_cond_broadcast(&subscriber->changed);
    pthread_mutex_unlock(&subscriber->lock);
}

/* Ends the program where nothing comes for SILENCE_S. */
static void wait_until(struct subscriber *subscriber, const bool *what)
{
    uint64_t before = 0;
    pthread_mutex_lock(&subscriber->lock);
    while (!*what) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += SILENCE_S;
        int result = pthread_cond_timedwait(&subscriber->changed, &subscriber->lock, &until);
        uint64_t count = atomic_load(&subscriber->count);
        if (result != 0 && count == before) {
            fprintf(stderr, "bench_subscriber: nothing more after %" PRIu64 " of %" PRIu64 "\n",
                    count, subscriber->wanted);
            exit(3);
        }
        before = count;
    }
    pthread_mutex_unlock(&subscriber->lock);
}

static void on_failure(void *context, MQTTAsync_failureData5 *data)
{
    (void)context;
    fprintf(stderr, "bench_subscriber: %d %s\n", data->code, data->message ? data->message : "");
    exit(3);
}

static void on_subscribed(void *context, MQTTAsync_successData5 *data)
{
    (void)data;
    struct subscriber *subscriber = context;
    set(subscriber, &subscriber->subscribed);
}

static void on_connected(void *context, MQTTAsync_successData5 *data)
{
    (void)data;
    struct subscriber *subscriber = context;
    MQTTAsync_responseOptions response = MQTTAsync_responseOptions_initializer;
    response.context = subscriber;
    response.onSuccess5 = on_subscribed;
    response.onFailure5 = on_failure;
    if (MQTTAsync_subscribe(subscriber->handle, "plant/BENCH/#", 1, &response) !=
        MQTTASYNC_SUCCESS) {
        fprintf(stderr, "bench_subscriber: cannot subscribe\n");
        exit(3);
    }
}

static int on_message(void *context, char *topic, int topic_length, MQTTAsync_message *message)
{
    (void)topic_length;
    struct subscriber *subscriber = context;
    MQTTAsync_freeMessage(&message);
    MQTTAsync_free(topic);
    if (atomic_fetch_add_explicit(&subscriber->count, 1, memory_order_relaxed) + 1 ==
        subscriber->wanted) {
        set(subscriber, &subscriber->complete);
    }
    return 1;
}

static void start(struct subscriber *subscriber, const char *port)
{
    char url[64];
    snprintf(url, sizeof url, "tcp://127.0.0.1:%s", port);
    MQTTAsync_createOptions create = MQTTAsync_createOptions_initializer5;
    MQTTAsync_connectOptions options = MQTTAsync_connectOptions_initializer5;
    MQTTProperties properties = MQTTProperties_initializer;
    MQTTProperty expiry = {.identifier = MQTTPROPERTY_CODE_SESSION_EXPIRY_INTERVAL};
    MQTTProperty maximum = {.identifier = MQTTPROPERTY_CODE_RECEIVE_MAXIMUM};
    expiry.value.integer4 = SESSION_EXPIRY_S;
    maximum.value.integer2 = RECEIVE_MAXIMUM;
    MQTTProperties_add(&properties, &expiry);
    MQTTProperties_add(&properties, &maximum);
    options.keepAliveInterval = KEEP_ALIVE_S;
    options.maxInflight = RECEIVE_MAXIMUM;
    options.connectProperties = &properties;
    options.context = subscriber;
    options.onSuccess5 = on_connected;
    options.onFailure5 = on_failure;
    if (MQTTAsync_createWithOptions(&subscriber->handle, url, "bench-bare",
                                    MQTTCLIENT_PERSISTENCE_NONE, NULL,
                                    &create) != MQTTASYNC_SUCCESS ||
        MQTTAsync_setCallbacks(subscriber->handle, subscriber, NULL, on_message, NULL) !=
            MQTTASYNC_SUCCESS ||
        MQTTAsync_connect(subscriber->handle, &options) != MQTTASYNC_SUCCESS) {
        fprintf(stderr, "bench_subscriber: cannot connect to %s\n", url);
        exit(3);
    }
    MQTTProperties_free(&properties);
    wait_until(subscriber, &subscriber->subscribed);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: %s\n", USAGE);
        return 2;
    }
    struct subscriber subscriber = {.wanted = (uint64_t)bench_number(argv[2], 1, USAGE),
                                    .lock = PTHREAD_MUTEX_INITIALIZER,
                                    .changed = PTHREAD_COND_INITIALIZER};
    bench_number(argv[1], 1, USAGE);
    start(&subscriber, argv[1]);
    int64_t start_ns = bench_clock_ns(CLOCK_PROCESS_CPUTIME_ID);
    puts("ready");
    fflush(stdout);
    wait_until(&subscriber, &subscriber.complete);
    int64_t spent_ns = bench_clock_ns(CLOCK_PROCESS_CPUTIME_ID) - start_ns;
    printf("messages=%" PRIu64 " cpu_ns=%" PRId64 "\n", atomic_load(&subscriber.count), spent_ns);
    fflush(stdout);
    _exit(0);
}
