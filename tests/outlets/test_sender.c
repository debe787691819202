/* What the book committed reaches the broker, in order, at least once, and live values the latest.
 */
#include "sender.h"

#include "book.h"
#include "client.h"
#include "log.h"
#include "memory.h"
#include "mosquitto.h"
#include "scratch.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define PATIENCE_MS 30000
#define SEEN_MAX 256

static char directory[SCRATCH_PATH_MAX];
static struct mosquitto server;
static struct broker broker;
static struct book *book;
static uint64_t position;
static struct mqtt_client *listener;

/* What the listener has received, "topic payload" with a star where it is retained. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char seen[SEEN_MAX][200];
static int seen_count;
static char wanted[200]; /* whether it was received is noted, also where there is no more room */
static bool wanted_came;

static void on_message(void *context, const struct mqtt_message *message)
{
    (void)context;
    pthread_mutex_lock(&lock);
    char text[200];
    snprintf(text, sizeof text, "%.*s %.*s", (int)message->topic_length, message->topic,
             (int)message->payload_length, (const char *)message->payload);
    wanted_came = wanted_came || strcmp(text, wanted) == 0;
    if (seen_count < SEEN_MAX) {
        snprintf(seen[seen_count++], sizeof seen[0], "%.*s %.*s%s", (int)message->topic_length,
                 message->topic, (int)message->payload_length, (const char *)message->payload,
                 message->retain ? " *" : "");
    }
    pthread_mutex_unlock(&lock);
}

/* Waits until `text` was received; its place among all that was. */
static int await(const char *text)
{
    for (int i = 0; i < PATIENCE_MS / 10; i++) {
        pthread_mutex_lock(&lock);
        for (int j = 0; j < seen_count; j++) {
            if (strcmp(seen[j], text) == 0) {
                pthread_mutex_unlock(&lock);
                return j;
            }
        }
        pthread_mutex_unlock(&lock);
        usleep(10000);
    }
    fail_msg("\"%s\" did not come", text);
    return -1;
}

/* Waits until what `wanted` says was received. */
static void await_wanted(void)
{
    bool came = false;
    for (int i = 0; i < PATIENCE_MS / 10 && !came; i++) {
        pthread_mutex_lock(&lock);
        came = wanted_came;
        pthread_mutex_unlock(&lock);
        usleep(10000);
    }
    assert_true(came);
}

static int count_of(const char *text)
{
    int count = 0;
    pthread_mutex_lock(&lock);
    for (int j = 0; j < seen_count; j++) {
        count += strcmp(seen[j], text) == 0 ? 1 : 0;
    }
    pthread_mutex_unlock(&lock);
    return count;
}

static void listen_to_all(void)
{
    static char filter[] = "out/#";
    static char *filters[] = {filter};
    struct failure failure = {0};
    struct mqtt_client_options options = {.broker = &broker,
                                          .id_suffix = "-listener",
                                          .clean = true,
                                          .filters = filters,
                                          .filter_count = 1,
                                          .quiet = true,
                                          .message = on_message};
    listener = mqtt_client_start(&options, &failure);
    if (listener == NULL || !mqtt_client_wait_connected(listener, PATIENCE_MS, &failure)) {
        fail_msg("%s", failure.text);
    }
}

static int setup(void **state)
{
    (void)state;
    char path[SCRATCH_PATH_MAX + 16];
    struct failure failure = {0};
    if (mosquitto_program() == NULL) {
        return 0;
    }
    log_set_level(LOG_LEVEL_ERROR);
    scratch_make(directory);
    seen_count = 0;
    position = 0;
    server = (struct mosquitto){0};
    snprintf(server.directory, sizeof server.directory, "%s", directory);
    assert_true(mosquitto_start(&server));
    broker = (struct broker){.client_id = "ledger-test",
                             .version = 5,
                             .keep_alive_s = 20,
                             .receive_maximum = 100,
                             .root = "out"};
    snprintf(broker.url, sizeof broker.url, "mqtt://127.0.0.1:%d", server.port);
    snprintf(path, sizeof path, "%s/ledger.db", directory);
    book = book_open(path, &failure);
    if (book == NULL) {
        fail_msg("%s", failure.text);
    }
    listen_to_all();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    if (mosquitto_program() != NULL) {
        mqtt_client_stop(listener);
        book_close(book);
        mosquitto_stop(&server, SIGTERM);
        scratch_remove(directory);
    }
    return 0;
}

/* Commits messages numbered [first, first + count). */
static void commit(int first, int count)
{
    struct failure failure = {0};
    char topic[32], payload[32];
    position += 100;
    book_begin(book);
    for (int i = first; i < first + count; i++) {
        snprintf(topic, sizeof topic, "out/%d", i);
        snprintf(payload, sizeof payload, "{\"n\":%d}", i);
        book_outbox(book, (struct effect_id){position, (uint32_t)i}, topic, payload, false);
    }
    if (!book_commit(book, position, 0, &failure)) {
        fail_msg("%s", failure.text);
    }
}

static struct sender *start(void)
{
    struct failure failure = {0};
    struct sender *sender = sender_start(&broker, directory, "1.2", 7, &failure);
    if (sender == NULL) {
        fail_msg("%s", failure.text);
    }
    return sender;
}

static void await_sent(struct sender *sender, int64_t row)
{
    for (int i = 0; i < PATIENCE_MS / 10 && sender_sent_through(sender) < row; i++) {
        usleep(10000);
    }
    assert_int_equal(sender_sent_through(sender), row);
}

static void committed_messages_are_sent_in_order(void **state)
{
    (void)state;
    mosquitto_needed();
    commit(1, 30);
    struct sender *sender = start();
    int first = await("out/1 {\"n\":1}");
    assert_int_equal(await("out/30 {\"n\":30}"), first + 29);
    await_sent(sender, 30);
    commit(31, 1);
    sender_wake(sender);
    await("out/31 {\"n\":31}");
    await_sent(sender, 31);
    assert_int_equal(count_of("out/1 {\"n\":1}"), 1);
    sender_stop(sender, 1000);
}

static void what_is_not_forgotten_is_sent_again_by_the_next_one(void **state)
{
    (void)state;
    mosquitto_needed();
    commit(1, 3);
    struct sender *sender = start();
    await_sent(sender, 3);
    book_begin(book);
    book_outbox_sent(book, 2);
    position += 100;
    assert_true(book_commit(book, position, 0, NULL));
    sender_stop(sender, 1000);
    sender = start();
    await_sent(sender, 3);
    sender_stop(sender, 1000);
    await("out/3 {\"n\":3}");
    assert_int_equal(count_of("out/1 {\"n\":1}"), 1);
    assert_int_equal(count_of("out/3 {\"n\":3}"), 2);
}

static void status_says_online_and_offline(void **state)
{
    (void)state;
    mosquitto_needed();
    struct sender *sender = start();
    int online = await("out/status {\"id\":\"online-7\",\"online\":true,\"version\":\"1.2\"}");
    sender_stop(sender, 1000);
    assert_true(await("out/status {\"id\":\"offline-7\",\"online\":false,\"version\":\"1.2\"}") >
                online);
}

static void of_live_values_the_latest_counts(void **state)
{
    (void)state;
    mosquitto_needed();
    struct sender *sender = start();
    await("out/status {\"id\":\"online-7\",\"online\":true,\"version\":\"1.2\"}");
    char payload[16];
    for (int i = 0; i <= 500; i++) {
        snprintf(payload, sizeof payload, "%d", i);
        assert_true(sender_live(sender, "out/live/LF", payload));
    }
    await("out/live/LF 500");
    pthread_mutex_lock(&lock);
    int live = 0;
    for (int i = 0; i < seen_count; i++) {
        live += strncmp(seen[i], "out/live/LF ", 12) == 0 ? 1 : 0;
    }
    pthread_mutex_unlock(&lock);
    assert_true(live < 100);
    sender_stop(sender, 1000);
}

static void a_broker_that_was_away_gets_what_it_missed(void **state)
{
    (void)state;
    mosquitto_needed();
    commit(1, 1);
    struct sender *sender = start();
    await_sent(sender, 1);
    mosquitto_stop(&server, SIGTERM);
    commit(2, 400); /* more than are handed over at once */
    sender_wake(sender);
    assert_true(mosquitto_start(&server));
    await_sent(sender, 401);
    sender_stop(sender, 1000);
}

static int64_t processor_time_us(void)
{
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (int64_t)used.tv_sec * 1000000 + used.tv_nsec / 1000;
}

static void live_values_wait_for_a_broker_without_work(void **state)
{
    (void)state;
    mosquitto_needed();
    struct sender *sender = start();
    await("out/status {\"id\":\"online-7\",\"online\":true,\"version\":\"1.2\"}");
    mosquitto_stop(&server, SIGTERM);
    while (sender_connected(sender)) {
        usleep(1000);
    }
    assert_true(sender_live(sender, "out/live/LF", "while it was away"));
    int64_t before_us = processor_time_us();
    usleep(1000000);
    assert_true(processor_time_us() - before_us < 300000);
    assert_true(mosquitto_start(&server));
    await("out/live/LF while it was away");
    sender_stop(sender, 1000);
}

static void every_station_has_room_for_its_live_value(void **state)
{
    (void)state;
    mosquitto_needed();
    struct sender *sender = start();
    char topic[64];
    pthread_mutex_lock(&lock);
    wanted_came = false;
    snprintf(wanted, sizeof wanted, "out/live/S%04d 1", SENDER_LIVE_MAX - 1);
    pthread_mutex_unlock(&lock);
    for (int i = 0; i < SENDER_LIVE_MAX; i++) {
        snprintf(topic, sizeof topic, "out/live/S%04d", i);
        assert_true(sender_live(sender, topic, "1"));
    }
    assert_false(sender_live(sender, "out/live/one-more", "1"));
    assert_true(sender_live(sender, "out/live/S0000", "2"));
    await_wanted();
    sender_stop(sender, 1000);
}

static void a_live_value_that_is_too_large_stays_away(void **state)
{
    (void)state;
    mosquitto_needed();
    struct sender *sender = start();
    char *payload = memory_zeroed(1, SENDER_PAYLOAD_MAX + 2);
    memset(payload, 'x', SENDER_PAYLOAD_MAX + 1);
    assert_false(sender_live(sender, "out/live/LF", payload));
    free(payload);
    assert_true(sender_live(sender, "out/live/LF", "1"));
    await("out/live/LF 1");
    sender_stop(sender, 1000);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(committed_messages_are_sent_in_order),
        TEST(what_is_not_forgotten_is_sent_again_by_the_next_one),
        TEST(status_says_online_and_offline),
        TEST(of_live_values_the_latest_counts),
        TEST(live_values_wait_for_a_broker_without_work),
        TEST(every_station_has_room_for_its_live_value),
        TEST(a_live_value_that_is_too_large_stays_away),
        TEST(a_broker_that_was_away_gets_what_it_missed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
