/* What the service manager hears, on a socket of our own in its place. */
#include "health.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#define SECOND_US INT64_C(1000000)
#define HEARD_MAX 1024

static char directory[] = "/tmp/heatledger-health-XXXXXX", socket_path[64];
static int manager = -1;
static char heard[HEARD_MAX];

static int setup(void **state)
{
    (void)state;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strcpy(directory + strlen(directory) - 6, "XXXXXX");
    assert_non_null(mkdtemp(directory));
    snprintf(socket_path, sizeof socket_path, "%s/notify", directory);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", socket_path);
    manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    assert_true(manager >= 0);
    assert_int_equal(bind(manager, (struct sockaddr *)&address, sizeof address), 0);
    setenv("NOTIFY_SOCKET", socket_path, 1);
    unsetenv("WATCHDOG_PID");
    setenv("WATCHDOG_USEC", "30000000", 1);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    close(manager);
    unlink(socket_path);
    rmdir(directory);
    return 0;
}

/* All that was said since the last call, one message behind the other with a blank line between. */
static const char *hear(void)
{
    size_t used = 0;
    ssize_t got;
    while ((got = recv(manager, heard + used, sizeof heard - used - 2, 0)) > 0) {
        used += (size_t)got;
        heard[used++] = '\n';
    }
    heard[used] = '\0';
    return heard;
}

static void turn(struct health *health, int64_t second, uint64_t position, uint64_t end,
                 bool connected)
{
    struct health_sight sight = {.position = position, .end = end, .connected = connected};
    health_turn(health, &sight, second * SECOND_US);
}

static struct health ready_at_0(void)
{
    struct health health;
    health_start(&health, 0);
    turn(&health, 0, 100, 100, true);
    hear();
    return health;
}

static void is_ready_when_connected_and_caught_up_and_not_before(void **state)
{
    (void)state;
    struct health health;
    health_start(&health, 0);
    turn(&health, 1, 1000, 1000, false);
    assert_null(strstr(hear(), "READY=1"));
    turn(&health, 2, 1000, 3000, true);
    turn(&health, 3, 2999, 9000, true);
    assert_null(strstr(hear(), "READY=1"));
    /* Others came meanwhile: under load it is never at the end. */
    turn(&health, 4, 3000, 9500, true);
    assert_non_null(strstr(hear(), "READY=1"));
    turn(&health, 60, 9500, 9500, true);
    assert_null(strstr(hear(), "READY=1"));
}

static void a_long_replay_extends_the_time_for_the_start(void **state)
{
    (void)state;
    struct health health;
    health_start(&health, 0);
    turn(&health, 0, 10, 1000, false);
    assert_non_null(strstr(hear(), "EXTEND_TIMEOUT_USEC=60000000"));
    turn(&health, 1, 20, 1000, false);
    assert_string_equal(hear(), "");
    turn(&health, 6, 30, 1000, false);
    assert_non_null(strstr(hear(), "EXTEND_TIMEOUT_USEC=60000000"));
    /* … but not where it hangs. */
    turn(&health, 12, 30, 1000, false);
    assert_null(strstr(hear(), "EXTEND_TIMEOUT_USEC"));
}

static void a_broker_that_is_away_at_the_start_is_said_and_waited_for(void **state)
{
    (void)state;
    struct health health;
    struct health_sight sight = {.position = 50, .end = 50, .why = "connection refused"};
    health_start(&health, 0);
    for (int64_t second = 0; second < 600; second += 10) {
        health_turn(&health, &sight, second * SECOND_US);
        hear();
        assert_non_null(strstr(heard, "EXTEND_TIMEOUT_USEC"));
        assert_non_null(
            strstr(heard, "STATUS=starting: position 50, 0 bytes wait, not connected: connection "
                          "refused\n"));
    }
}

static void the_status_tells_position_and_what_waits(void **state)
{
    (void)state;
    struct health health = ready_at_0();
    turn(&health, 7, 200, 250, true);
    assert_non_null(strstr(hear(), "STATUS=booking: position 200, 50 bytes wait, connected\n"));
    assert_null(strstr(heard, "EXTEND_TIMEOUT_USEC"));
}

static void an_engine_that_gets_on_or_has_nothing_to_do_beats(void **state)
{
    (void)state;
    struct health health = ready_at_0();
    turn(&health, 9, 200, 250, true);
    assert_null(strstr(hear(), "WATCHDOG=1"));
    turn(&health, 11, 200, 250, true);
    assert_non_null(strstr(hear(), "WATCHDOG=1"));
    turn(&health, 22, 250, 250, true);
    assert_non_null(strstr(hear(), "WATCHDOG=1"));
    turn(&health, 33, 250, 250, true);
    assert_non_null(strstr(hear(), "WATCHDOG=1"));
    turn(&health, 44, 250, 250, false); /* the broker's absence is not mended by a restart */
    assert_non_null(strstr(hear(), "WATCHDOG=1"));
}

static void an_engine_that_does_not_get_on_falls_silent(void **state)
{
    (void)state;
    struct health health = ready_at_0();
    turn(&health, 11, 200, 250, true);
    assert_non_null(strstr(hear(), "WATCHDOG=1"));
    for (int64_t second = 12; second < 100; second++) {
        turn(&health, second, 200, 300, true);
        assert_null(strstr(hear(), "WATCHDOG=1"));
    }
    turn(&health, 100, 201, 300, true);
    assert_non_null(strstr(hear(), "WATCHDOG=1"));
}

static void one_that_waits_for_room_on_the_disk_is_not_started_again(void **state)
{
    (void)state;
    struct health health = ready_at_0();
    struct health_sight sight = {
        .position = 200, .end = 300, .connected = true, .waits = "the disk is full"};
    for (int64_t second = 11; second < 100; second += 11) {
        health_turn(&health, &sight, second * SECOND_US);
        assert_non_null(strstr(hear(), "WATCHDOG=1"));
        assert_non_null(strstr(heard, "connected; waits: the disk is full\n"));
    }
}

static void an_end_in_order_is_said_and_given_time(void **state)
{
    (void)state;
    struct health health = ready_at_0();
    health_stop(&health);
    assert_non_null(strstr(hear(), "STOPPING=1"));
    turn(&health, 1, 200, 300, false);
    assert_non_null(strstr(hear(), "EXTEND_TIMEOUT_USEC"));
    assert_non_null(strstr(heard, "STATUS=stopping: position 200, 100 bytes wait"));
}

static void without_a_service_manager_nothing_happens(void **state)
{
    (void)state;
    unsetenv("NOTIFY_SOCKET");
    unsetenv("WATCHDOG_USEC");
    struct health health = ready_at_0();
    turn(&health, 100, 200, 300, true);
    health_stop(&health);
    assert_string_equal(hear(), "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(is_ready_when_connected_and_caught_up_and_not_before),
        TEST(a_long_replay_extends_the_time_for_the_start),
        TEST(a_broker_that_is_away_at_the_start_is_said_and_waited_for),
        TEST(the_status_tells_position_and_what_waits),
        TEST(an_engine_that_gets_on_or_has_nothing_to_do_beats),
        TEST(an_engine_that_does_not_get_on_falls_silent),
        TEST(one_that_waits_for_room_on_the_disk_is_not_started_again),
        TEST(an_end_in_order_is_said_and_given_time),
        TEST(without_a_service_manager_nothing_happens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
