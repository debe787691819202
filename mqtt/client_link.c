/* A connection that is not there: why, in words that help, and how long until the next attempt. */
#include "client_state.h"

#include "log.h"
#include "mqtt_reason.h"

#include <stdio.h>
#include <string.h>

/* Brokers before MQTT 5, and some of it, end a connection without a word when another client takes
 * its session: then all that shows is that connections are lost soon after they are made, one after
 * the other. */
#define SHORT_LIFE_MS 30000
#define SHORT_LIVES_FEW 2 /* which may be anything */

static int64_t ms_since(const struct timespec *then)
{
    struct timespec now = client_time_in(0);
    return (int64_t)(now.tv_sec - then->tv_sec) * 1000 + (now.tv_nsec - then->tv_nsec) / 1000000;
}

static int within(int wait_ms, int first_ms, int last_ms)
{
    return wait_ms < first_ms ? first_ms : wait_ms > last_ms ? last_ms : wait_ms;
}

/* Counts connections that did not hold. A session that was lost to somebody else is safe again when
 * it has held for much longer than the other one may wait for it. */
static void count_lives(struct mqtt_client *client)
{
    int64_t held_ms = client->link == LINK_UP ? ms_since(&client->up_since) : -1;
    if (held_ms > 2 * (int64_t)client->taken_wait_ms + SHORT_LIFE_MS) {
        client->short_lives = 0;
        client->taken_wait_ms = 0;
    } else if (held_ms >= 0) {
        client->short_lives++;
    }
}

/* How long to wait for the next attempt. */
static int next_wait(struct mqtt_client *client, bool taken)
{
    if (taken) {
        client->taken_wait_ms =
            within(client->taken_wait_ms * 2, MQTT_WAIT_TAKEN_MS,
                   client->taken_over ? MQTT_WAIT_TAKEN_LAST_MS : MQTT_WAIT_SUSPECT_LAST_MS);
        return client->taken_wait_ms;
    }
    client->wait_ms = within(client->link == LINK_UP ? 0 : client->wait_ms * 2, MQTT_WAIT_FIRST_MS,
                             MQTT_WAIT_LAST_MS);
    return client->wait_ms;
}

static void say_why(struct mqtt_client *client, const char *why, bool taken)
{
    if (client->taken_over) {
        snprintf(
            client->why, sizeof client->why,
            "another client has connected with client_id \"%.100s\" and taken over the session "
            "and its messages: a client_id is one program's; end the other one, or give one "
            "of them another client_id in its plant.json; trying again in %d s",
            client->client_id, client->taken_wait_ms / 1000);
    } else if (taken) {
        snprintf(
            client->why, sizeof client->why,
            "%.120s, %u times soon after connecting: another client with client_id \"%.100s\" is "
            "probably taking the session and its messages; a client_id is one program's; "
            "trying again in %d s",
            why == NULL ? client->reason : why, (unsigned)client->short_lives, client->client_id,
            client->taken_wait_ms / 1000);
    } else {
        snprintf(client->why, sizeof client->why, "%s", why == NULL ? client->reason : why);
    }
}

void client_down(struct mqtt_client *client, const char *why)
{
    pthread_mutex_lock(&client->lock);
    bool was_up = client->link == LINK_UP;
    count_lives(client);
    bool taken = client->taken_over || (was_up && client->short_lives > SHORT_LIVES_FEW);
    client->next_attempt = client_time_in(next_wait(client, taken));
    client->link = LINK_DOWN;
    say_why(client, why, taken);
    for (char *at = client->why; *at != '\0'; at++) {
        *at = *at == '"' ? '\'' : *at; /* the log puts it in quotes */
    }
    bool told = client->taken_over;
    client->taken_over = false;
    client->reason[0] = '\0';
    outbound_rewind(&client->outbound);
    bool other = strcmp(client->why, client->said_why) != 0;
    bool say = (!client->said_away || other) && !client->stopping && !client->options.quiet;
    client->said_away = true;
    snprintf(client->said_why, sizeof client->said_why, "%s", client->why);
    char text[CLIENT_WHY_MAX];
    snprintf(text, sizeof text, "%s", client->why);
    pthread_cond_broadcast(&client->changed);
    pthread_mutex_unlock(&client->lock);
    if (say) {
        log_line(taken ? LOG_LEVEL_ERROR : LOG_LEVEL_WARNING,
                 told ? "session_taken_over" : "broker_away", "broker=%s client=%s why=\"%s\"",
                 client->broker.url, client->client_id, text);
    }
}

/* Whether the broker refuses user or password. */
static bool is_of_user(int code)
{
    return code == 4 || code == 5 || code == 0x86 || code == 0x87;
}

static void describe_failure(const struct mqtt_client *client, int code, const char *message,
                             char *why, size_t size)
{
    const char *user = client->broker.user;
    if (is_of_user(code) && !client->subscribing && user[0] != '\0') {
        snprintf(why, size,
                 "%s: the broker refuses user \"%.64s\" with this password; check mqtt.user and "
                 "mqtt.password or password_file",
                 mqtt_reason(code), user);
    } else if (is_of_user(code) && !client->subscribing) {
        snprintf(why, size,
                 "%s: the broker asks who we are; mqtt.user and mqtt.password_file are missing",
                 mqtt_reason(code));
    } else {
        snprintf(why, size, "%s%s%s", mqtt_reason(code), message == NULL ? "" : ": ",
                 message == NULL ? "" : message);
    }
}

void client_failed(struct mqtt_client *client, int code, const char *message)
{
    char why[CLIENT_WHY_MAX];
    pthread_mutex_lock(&client->lock);
    describe_failure(client, code, message, why, sizeof why);
    bool unclear = code == MQTTASYNC_FAILURE && !client->subscribing;
    if (unclear) {
        snprintf(client->reason, sizeof client->reason, "%s", why);
        client->link = LINK_FAILED;
        pthread_cond_broadcast(&client->changed);
    }
    pthread_mutex_unlock(&client->lock);
    if (!unclear) {
        client_down(client, why);
    }
}
