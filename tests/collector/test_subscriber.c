/* From a real broker into the journal, also when the broker dies and comes back. */
#include "subscriber.h"

#include "client.h"
#include "log.h"
#include "mosquitto.h"
#include "scratch.h"
#include "timestamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

#include <cmocka.h>

#define PATIENCE_MS 30000
#define TRIES_US 700000 /* in which what is blocked has tried again, and again */

static char directory[SCRATCH_PATH_MAX];
static struct mosquitto server;
static struct broker broker;
static struct journal *journal;
static uint64_t read_position;
static char filter_text[] = "plant/X/#";
static char *filters[] = {filter_text};

static int setup(void **state)
{
    (void)state;
    char path[SCRATCH_PATH_MAX + 16];
    uint64_t cut;
    if (mosquitto_program() == NULL) {
        return 0;
    }
    log_set_level(LOG_LEVEL_ERROR);
    scratch_make(directory);
    server = (struct mosquitto){0};
    snprintf(server.directory, sizeof server.directory, "%s", directory);
    assert_true(mosquitto_start(&server));
    broker = (struct broker){.client_id = "collector-test",
                             .version = 5,
                             .keep_alive_s = 20,
                             .receive_maximum = 100,
                             .session_expiry_s = 3600,
                             .payload_max = 1000};
    snprintf(broker.url, sizeof broker.url, "mqtt://127.0.0.1:%d", server.port);
    snprintf(path, sizeof path, "%s/journal", directory);
    journal = journal_open(path, JOURNAL_SEGMENT_MIN, &cut, NULL);
    read_position = 0;
    return journal == NULL ? -1 : 0;
}

static int teardown(void **state)
{
    (void)state;
    if (mosquitto_program() != NULL) {
        journal_close(journal);
        mosquitto_stop(&server, SIGTERM);
        scratch_remove(directory);
    }
    return 0;
}

static struct subscriber *subscribe(enum clock_mode clock)
{
    struct failure failure = {0};
    struct subscriber *subscriber =
        subscriber_start(&broker, filters, 1, journal, clock, 7, &failure);
    if (subscriber == NULL || !subscriber_wait_connected(subscriber, PATIENCE_MS, &failure)) {
        fail_msg("%s", failure.text);
    }
    return subscriber;
}

static struct mqtt_client *publisher(void)
{
    struct failure failure = {0};
    struct mqtt_client_options options = {
        .broker = &broker, .id_suffix = "-publisher", .clean = true, .quiet = true};
    struct mqtt_client *client = mqtt_client_start(&options, &failure);
    if (client == NULL || !mqtt_client_wait_connected(client, PATIENCE_MS, &failure)) {
        fail_msg("%s", failure.text);
    }
    return client;
}

static void publish(struct mqtt_client *client, const char *topic, const char *payload,
                    const char *at, int64_t tag)
{
    struct mqtt_message message = {
        .topic = topic, .payload = payload, .payload_length = strlen(payload), .qos = 1, .at = at};
    assert_true(mqtt_client_publish(client, &message, tag, PATIENCE_MS));
}

static struct journal_record next_record(void)
{
    struct journal_record record;
    for (int i = 0; i < 300 && !journal_wait(journal, read_position, 100); i++) {
    }
    assert_int_equal(journal_read(journal, read_position, &record, NULL), 1);
    read_position = record.next;
    return record;
}

static void expect(const struct journal_record *record, const char *topic, const char *payload)
{
    assert_int_equal(record->topic_length, strlen(topic));
    assert_memory_equal(record->topic, topic, record->topic_length);
    assert_int_equal(record->payload_length, strlen(payload));
    assert_memory_equal(record->payload, payload, record->payload_length);
}

static void a_message_comes_into_the_journal(void **state)
{
    (void)state;
    mosquitto_needed();
    for (int version = 4; version <= 5; version++) {
        broker.version = (uint8_t)version;
        struct subscriber *subscriber = subscribe(CLOCK_WALL);
        struct mqtt_client *client = publisher();
        publish(client, "plant/X/heat", "{\"a\":1}", NULL, 1);
        publish(client, "elsewhere", "{}", NULL, 2);
        publish(client, "plant/X/unknown", "", NULL, 3);
        struct journal_record record = next_record();
        expect(&record, "plant/X/heat", "{\"a\":1}");
        assert_int_equal(record.kind, JOURNAL_MESSAGE);
        assert_int_equal(record.qos, 1);
        assert_int_equal(record.session, 7);
        assert_true(record.packet_id > 0);
        assert_true(record.arrival_us > TIMESTAMP_MIN_US);
        record = next_record();
        expect(&record, "plant/X/unknown", "");
        assert_true(mqtt_client_drain(client, PATIENCE_MS));
        assert_int_equal(mqtt_client_taken(client, NULL), 3);
        mqtt_client_stop(client);
        assert_true(subscriber_stop(subscriber));
    }
}

static void the_arrival_is_taken_from_the_message_if_so_told(void **state)
{
    (void)state;
    mosquitto_needed();
    struct subscriber *subscriber = subscribe(CLOCK_MESSAGE);
    struct mqtt_client *client = publisher();
    publish(client, "plant/X/heat", "1", "2019-05-03T11:02:14.000250+00:00", 1);
    publish(client, "plant/X/heat", "2", NULL, 2);
    struct journal_record record = next_record();
    assert_int_equal(record.arrival_us, INT64_C(1556881334000250));
    record = next_record();
    assert_true(record.arrival_us > INT64_C(1600000000000000));
    mqtt_client_stop(client);
    subscriber_stop(subscriber);
}

static void a_message_beyond_the_limit_is_kept_in_part(void **state)
{
    (void)state;
    mosquitto_needed();
    char payload[3001];
    memset(payload, 'x', sizeof payload - 1);
    payload[sizeof payload - 1] = '\0';
    struct subscriber *subscriber = subscribe(CLOCK_WALL);
    struct mqtt_client *client = publisher();
    publish(client, "plant/X/heat", payload, NULL, 1);
    struct journal_record record = next_record();
    assert_int_equal(record.kind, JOURNAL_OVERSIZE);
    assert_int_equal(record.payload_length, SUBSCRIBER_OVERSIZE_KEPT);
    mqtt_client_stop(client);
    subscriber_stop(subscriber);
}

static void nothing_is_lost_while_the_collector_is_away(void **state)
{
    (void)state;
    mosquitto_needed();
    subscriber_stop(subscribe(CLOCK_WALL));
    struct mqtt_client *client = publisher();
    char number[16];
    for (int i = 0; i < 2000; i++) {
        snprintf(number, sizeof number, "%d", i);
        publish(client, "plant/X/heat", number, NULL, i);
    }
    assert_true(mqtt_client_drain(client, PATIENCE_MS));
    mqtt_client_stop(client);
    struct subscriber *subscriber = subscribe(CLOCK_WALL);
    for (int i = 0; i < 2000; i++) {
        struct journal_record record = next_record();
        snprintf(number, sizeof number, "%d", i);
        expect(&record, "plant/X/heat", number);
    }
    /* It counts a message after it has written it. */
    for (int i = 0; i < 300 && subscriber_count(subscriber) < 2000; i++) {
        journal_wait(journal, read_position, 10);
    }
    assert_int_equal(subscriber_count(subscriber), 2000);
    subscriber_stop(subscriber);
}

static void it_subscribes_again_after_the_broker_lost_everything(void **state)
{
    (void)state;
    mosquitto_needed();
    struct failure failure = {0};
    struct subscriber *subscriber = subscribe(CLOCK_WALL);
    mosquitto_stop(&server, SIGKILL);
    char database[SCRATCH_PATH_MAX + 32];
    snprintf(database, sizeof database, "%s/mosquitto.db", directory);
    unlink(database); /* no session, no subscription */
    for (int i = 0; i < 3000 && subscriber_connected(subscriber); i++) {
        usleep(10000);
    }
    assert_false(subscriber_connected(subscriber));
    assert_true(mosquitto_start(&server));
    if (!subscriber_wait_connected(subscriber, PATIENCE_MS, &failure)) {
        fail_msg("%s", failure.text);
    }
    struct mqtt_client *client = publisher();
    publish(client, "plant/X/heat", "again", NULL, 1);
    struct journal_record record = next_record();
    expect(&record, "plant/X/heat", "again");
    assert_int_equal(record.session, 8);
    mqtt_client_stop(client);
    subscriber_stop(subscriber);
}

#define HANDED_OVER 100

static void hand_over(struct mqtt_client *client)
{
    char number[16];
    for (int i = 0; i < HANDED_OVER; i++) {
        snprintf(number, sizeof number, "%d", i);
        publish(client, "plant/X/heat", number, NULL, i);
    }
}

/* At least once: some may come twice. */
static void expect_handed_over(struct mqtt_client *client)
{
    bool seen[HANDED_OVER] = {false};
    for (int found = 0; found < HANDED_OVER;) {
        struct journal_record record = next_record();
        char number[16];
        snprintf(number, sizeof number, "%.*s", (int)record.payload_length,
                 (const char *)record.payload);
        int value = (int)strtol(number, NULL, 10);
        assert_in_range(value, 0, HANDED_OVER - 1);
        found += seen[value] ? 0 : 1;
        seen[value] = true;
    }
    assert_true(mqtt_client_drain(client, PATIENCE_MS));
    assert_int_equal(mqtt_client_taken(client, NULL), HANDED_OVER - 1);
}

static void what_was_handed_over_is_sent_when_the_broker_is_back(void **state)
{
    (void)state;
    mosquitto_needed();
    struct mqtt_client *client = publisher();
    struct subscriber *subscriber = subscribe(CLOCK_WALL);
    mosquitto_stop(&server, SIGTERM);
    hand_over(client);
    assert_true(mosquitto_start(&server));
    expect_handed_over(client);
    mqtt_client_stop(client);
    subscriber_stop(subscriber);
}

/* The broker writes down who has subscribed: one that is killed before knows nobody any more, and
 * what comes to it then reaches nobody. It does so between two messages. */
static void let_the_broker_save(struct mqtt_client *client)
{
    kill(server.pid, SIGUSR1);
    for (int i = 0; i < 2; i++) {
        publish(client, "plant/X/heat", "saved", NULL, i);
        struct journal_record record = next_record();
        expect(&record, "plant/X/heat", "saved");
    }
}

static void what_a_broker_that_died_has_not_confirmed_is_sent_again(void **state)
{
    (void)state;
    mosquitto_needed();
    struct mqtt_client *client = publisher();
    struct subscriber *subscriber = subscribe(CLOCK_WALL);
    let_the_broker_save(client);
    kill(server.pid, SIGSTOP); /* its socket takes the messages, it reads none */
    hand_over(client);
    usleep(TRIES_US);
    mosquitto_stop(&server, SIGKILL);
    assert_true(mosquitto_start(&server));
    expect_handed_over(client);
    mqtt_client_stop(client);
    subscriber_stop(subscriber);
}

static void nothing_is_acknowledged_while_the_disk_is_full(void **state)
{
    (void)state;
    mosquitto_needed();
    signal(SIGXFSZ, SIG_IGN);
    struct subscriber *subscriber = subscribe(CLOCK_WALL);
    struct mqtt_client *client = publisher();
    struct rlimit before, none;
    getrlimit(RLIMIT_FSIZE, &before);
    none = (struct rlimit){.rlim_cur = 1000, .rlim_max = before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &none);
    char payload[900];
    memset(payload, 'y', sizeof payload - 1);
    payload[sizeof payload - 1] = '\0';
    for (int i = 0; i < 200; i++) {
        publish(client, "plant/X/heat", payload, NULL, i);
    }
    for (int i = 0; i < 3000 && !subscriber_blocked(subscriber); i++) {
        usleep(10000);
    }
    assert_true(subscriber_blocked(subscriber));
    uint64_t count = subscriber_count(subscriber);
    assert_true(count < 200);
    usleep(TRIES_US);
    assert_true(subscriber_blocked(subscriber));
    assert_int_equal(subscriber_count(subscriber), count);
    setrlimit(RLIMIT_FSIZE, &before);
    for (int i = 0; i < 200; i++) {
        struct journal_record record = next_record();
        expect(&record, "plant/X/heat", payload);
    }
    assert_false(subscriber_blocked(subscriber));
    mqtt_client_stop(client);
    assert_true(subscriber_stop(subscriber));
}

static void a_broker_that_is_not_there_is_a_failure_with_a_reason(void **state)
{
    (void)state;
    mosquitto_needed();
    struct failure failure = {0};
    mosquitto_stop(&server, SIGTERM);
    struct subscriber *subscriber =
        subscriber_start(&broker, filters, 1, journal, CLOCK_WALL, 1, &failure);
    assert_non_null(subscriber);
    assert_false(subscriber_wait_connected(subscriber, 300, &failure));
    assert_non_null(strstr(failure.text, broker.url));
    subscriber_stop(subscriber);
    snprintf(broker.url, sizeof broker.url, "http://127.0.0.1");
    assert_null(subscriber_start(&broker, filters, 1, journal, CLOCK_WALL, 1, &failure));
    assert_int_equal(failure.code, FAILURE_INPUT);
    assert_non_null(strstr(failure.text, "mqtt://"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_message_comes_into_the_journal),
        TEST(the_arrival_is_taken_from_the_message_if_so_told),
        TEST(a_message_beyond_the_limit_is_kept_in_part),
        TEST(nothing_is_lost_while_the_collector_is_away),
        TEST(it_subscribes_again_after_the_broker_lost_everything),
        TEST(what_was_handed_over_is_sent_when_the_broker_is_back),
        TEST(what_a_broker_that_died_has_not_confirmed_is_sent_again),
        TEST(nothing_is_acknowledged_while_the_disk_is_full),
        TEST(a_broker_that_is_not_there_is_a_failure_with_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
