/* A connection that others want too, or that cannot be had: what the client says, and how patient
 * it becomes. Against a real broker. */
#include "client_state.h"

#include "log.h"
#include "mosquitto.h"
#include "reach.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define PATIENCE_MS 30000

static char directory[SCRATCH_PATH_MAX];
static struct mosquitto server;
static struct broker broker;

static int setup(void **state)
{
    (void)state;
    if (mosquitto_program() == NULL) {
        return 0;
    }
    log_set_level(LOG_LEVEL_ERROR);
    scratch_make(directory);
    server = (struct mosquitto){0};
    snprintf(server.directory, sizeof server.directory, "%s", directory);
    assert_true(mosquitto_start(&server));
    broker = (struct broker){.client_id = "twin",
                             .version = 5,
                             .keep_alive_s = 20,
                             .receive_maximum = 100,
                             .session_expiry_s = 3600,
                             .payload_max = 1000};
    snprintf(broker.url, sizeof broker.url, "mqtt://127.0.0.1:%d", server.port);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    if (mosquitto_program() != NULL) {
        mosquitto_stop(&server, SIGTERM);
        scratch_remove(directory);
    }
    return 0;
}

static struct mqtt_client *start(void)
{
    struct failure failure = {0};
    const struct mqtt_client_options options = {.broker = &broker, .id_suffix = "", .quiet = true};
    struct mqtt_client *client = mqtt_client_start(&options, &failure);
    if (client == NULL) {
        fail_msg("%s", failure.text);
    }
    return client;
}

static struct mqtt_client *connected(void)
{
    struct failure failure = {0};
    struct mqtt_client *client = start();
    if (!mqtt_client_wait_connected(client, PATIENCE_MS, &failure)) {
        fail_msg("%s", failure.text);
    }
    return client;
}

/* Waits until the client, or the other one (may be NULL), says why it is not connected, in words
 * with `part` in them. */
static void expect_why(struct mqtt_client *client, struct mqtt_client *other, const char *part)
{
    char why[CLIENT_WHY_MAX] = "", others[CLIENT_WHY_MAX] = "";
    for (int i = 0; i < PATIENCE_MS / 20; i++) {
        mqtt_client_why(client, why, sizeof why);
        if (other != NULL) {
            mqtt_client_why(other, others, sizeof others);
        }
        if (strstr(why, part) != NULL || strstr(others, part) != NULL) {
            return;
        }
        usleep(20000);
    }
    fail_msg("\"%s\" and \"%s\", not: %s", why, others, part);
}

static int taken_wait_ms(struct mqtt_client *client)
{
    pthread_mutex_lock(&client->lock);
    int wait_ms = client->taken_wait_ms;
    pthread_mutex_unlock(&client->lock);
    return wait_ms;
}

/* A broker of MQTT 5 that ends the first connection at once, and says why: CONNACK, then DISCONNECT
 * with the reason (0x8E: another client has the session), leaving it to the client to close. Some
 * brokers do, Mosquitto 2.0 ends the connection silently. */
static pid_t start_telling_broker(unsigned char reason)
{
    const unsigned char answers[] = {0x20, 3, 0, 0, 0, 0xe0, 1, reason};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, length), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &length), 0);
    assert_int_equal(listen(listener, 1), 0);
    snprintf(broker.url, sizeof broker.url, "mqtt://127.0.0.1:%d", ntohs(address.sin_port));
    pid_t child = fork();
    if (child == 0) {
        unsigned char connect_packet[256];
        int fd = accept(listener, NULL, NULL);
        bool good = read(fd, connect_packet, sizeof connect_packet) > 0 &&
                    write(fd, answers, sizeof answers) == (ssize_t)sizeof answers;
        while (good && read(fd, connect_packet, sizeof connect_packet) > 0) {
        }
        _exit(0);
    }
    close(listener);
    return child;
}

static void who_is_told_of_a_lost_session_names_the_client_id_and_waits(void **state)
{
    (void)state;
    mosquitto_needed();
    pid_t child = start_telling_broker(0x8e);
    struct mqtt_client *client = start();
    expect_why(client, NULL, "another client has connected with client_id 'twin'");
    expect_why(client, NULL, "trying again in 60 s");
    mqtt_client_stop(client);
    waitpid(child, NULL, 0);
}

static void a_broker_that_says_good_bye_is_away_until_it_is_back(void **state)
{
    (void)state;
    mosquitto_needed();
    pid_t child = start_telling_broker(0x8b);
    struct mqtt_client *client = start();
    expect_why(client, NULL, "the broker is shutting down");
    assert_int_equal(taken_wait_ms(client), 0);
    expect_why(client, NULL, "nobody listens there"); /* it has tried again */
    mqtt_client_stop(client);
    waitpid(child, NULL, 0);
}

static void each_session_lost_so_makes_the_next_wait_longer_up_to_an_hour(void **state)
{
    static const struct {
        int before_ms;
        const char *said;
    } rows[] = {{MQTT_WAIT_TAKEN_MS, "trying again in 120 s"},
                {MQTT_WAIT_TAKEN_LAST_MS, "trying again in 3600 s"}};
    (void)state;
    mosquitto_needed();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        pid_t child = start_telling_broker(0x8e);
        struct mqtt_client *client = start();
        pthread_mutex_lock(&client->lock);
        client->taken_wait_ms = rows[i].before_ms;
        pthread_mutex_unlock(&client->lock);
        expect_why(client, NULL, rows[i].said);
        mqtt_client_stop(client);
        waitpid(child, NULL, 0);
    }
}

/* Without a word of the broker's it shows after a few times: one of the two draws back, and the
 * other one keeps the session. */
static void two_that_take_the_session_from_each_other_come_to_an_end(void **state)
{
    (void)state;
    mosquitto_needed();
    for (int version = 4; version <= 5; version++) {
        broker.version = (uint8_t)version;
        struct mqtt_client *first = connected();
        struct mqtt_client *second = connected();
        expect_why(first, second, "another client with client_id 'twin' is probably taking");
        bool first_waits = taken_wait_ms(first) > 0;
        struct failure failure = {0};
        assert_int_equal(taken_wait_ms(first_waits ? first : second), MQTT_WAIT_TAKEN_MS);
        assert_true(
            mqtt_client_wait_connected(first_waits ? second : first, PATIENCE_MS, &failure));
        mqtt_client_stop(first);
        mqtt_client_stop(second);
    }
}

static void a_port_at_which_nobody_listens_is_told(void **state)
{
    (void)state;
    mosquitto_needed();
    snprintf(broker.url, sizeof broker.url, "mqtt://127.0.0.1:%d", mosquitto_free_port());
    struct mqtt_client *client = start();
    expect_why(client, NULL, "nobody listens there (connection refused)");
    mqtt_client_stop(client);
}

static void a_url_is_taken_apart(void **state)
{
    static const struct {
        const char *url, *host, *port;
        bool good, tls;
    } rows[] = {
        {"mqtt://broker", "broker", "1883", true, false},
        {"mqtts://broker.example", "broker.example", "8883", true, true},
        {"mqtts://10.0.0.7:1", "10.0.0.7", "1", true, true},
        {"mqtt://[::1]:18", "::1", "18", true, false},
        {"mqtt://[::1]", "::1", "1883", true, false},
        {"mqtt://", "", "", false, false},
        {"http://broker", "", "", false, false},
        {"mqtt://[::1", "", "", false, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct reach_place place;
        assert_int_equal(reach_place_of(rows[i].url, &place), rows[i].good);
        if (rows[i].good) {
            assert_string_equal(place.host, rows[i].host);
            assert_string_equal(place.port, rows[i].port);
            assert_int_equal(place.tls, rows[i].tls);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(who_is_told_of_a_lost_session_names_the_client_id_and_waits,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_broker_that_says_good_bye_is_away_until_it_is_back, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(
            each_session_lost_so_makes_the_next_wait_longer_up_to_an_hour, setup, teardown),
        cmocka_unit_test_setup_teardown(two_that_take_the_session_from_each_other_come_to_an_end,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_port_at_which_nobody_listens_is_told, setup, teardown),
        cmocka_unit_test(a_url_is_taken_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
