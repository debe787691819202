#include "reach.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define CONNACK 0x20

bool reach_place_of(const char *url, struct reach_place *place)
{
    *place = (struct reach_place){.tls = strncmp(url, "mqtts://", 8) == 0};
    if (!place->tls && strncmp(url, "mqtt://", 7) != 0) {
        return false;
    }
    const char *host = url + (place->tls ? 8 : 7);
    bool bracketed = host[0] == '[';
    host += bracketed;
    size_t length = strcspn(host, bracketed ? "]" : ":/");
    if (length == 0 || length > REACH_HOST_MAX || (bracketed && host[length] != ']')) {
        return false;
    }
    memcpy(place->host, host, length);
    const char *port = host + length + bracketed;
    snprintf(place->port, sizeof place->port, "%s",
             *port == ':' ? port + 1
             : place->tls ? "8883"
                          : "1883");
    return true;
}

/* Connects within the wait; an errno of connect, 0: it holds. */
static int connect_within(int fd, const struct addrinfo *address)
{
    if (fcntl(fd, F_SETFL, O_NONBLOCK) != 0) {
        return errno;
    }
    if (connect(fd, address->ai_addr, address->ai_addrlen) != 0) {
        struct pollfd answer = {.fd = fd, .events = POLLOUT};
        int result = errno;
        socklen_t length = sizeof result;
        if (result != EINPROGRESS) {
            return result;
        }
        if (poll(&answer, 1, REACH_WAIT_MS) != 1) {
            return ETIMEDOUT;
        }
        if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &result, &length) != 0 || result != 0) {
            return result;
        }
    }
    return fcntl(fd, F_SETFL, 0) == 0 ? 0 : errno;
}

static void explain_connect(const struct reach_place *place, int result, char *why, size_t size)
{
    static const struct {
        int result;
        const char *text;
    } reasons[] = {
        {ECONNREFUSED, "nobody listens there (connection refused): is the broker running, and is "
                       "the port of mqtt.url right?"},
        {ETIMEDOUT, "it does not answer: is the machine on, and does a firewall let us through?"},
        {EHOSTUNREACH, "there is no way to it (no route to host)"},
        {ENETUNREACH, "there is no way to it (network is unreachable)"},
    };
    const char *text = strerror(result);
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        text = reasons[i].result == result ? reasons[i].text : text;
    }
    snprintf(why, size, "host %s port %s: %s", place->host, place->port, text);
}

/* A connection to the first address that takes one; -1, and why, where none does. */
static int open_connection(const struct reach_place *place, char *why, size_t size)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    int first = 0;
    int result = getaddrinfo(place->host, place->port, &hints, &found);
    if (result != 0) {
        snprintf(why, size, "host \"%s\" of mqtt.url cannot be found: %s", place->host,
                 result == EAI_SYSTEM ? strerror(errno) : gai_strerror(result));
        return -1;
    }
    int fd = -1;
    for (const struct addrinfo *at = found; at != NULL && fd < 0; at = at->ai_next) {
        fd = socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC, at->ai_protocol);
        result = fd < 0 ? errno : connect_within(fd, at);
        first = first == 0 ? result : first;
        if (fd >= 0 && result != 0) {
            close(fd);
            fd = -1;
        }
    }
    freeaddrinfo(found);
    if (fd < 0) {
        explain_connect(place, first, why, size);
    }
    return fd;
}

/* The same, which gives up waiting for the other side in time. */
static int open_patient(const struct reach_place *place, char *why, size_t size)
{
    const struct timeval wait = {.tv_sec = REACH_WAIT_MS / 1000};
    int fd = open_connection(place, why, size);
    if (fd >= 0) {
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
    }
    return fd;
}

/* Whether the other side answers MQTT in the clear. What is said to it is what every broker answers
 * and says nothing of us: CONNECT of MQTT 3.1.1, clean session, no client id, keep alive 5 s. */
static bool speaks_clear(int fd)
{
    static const unsigned char hello[] = {0x10, 12, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 5, 0, 0};
    unsigned char answer = 0;
    return send(fd, hello, sizeof hello, MSG_NOSIGNAL) == (ssize_t)sizeof hello &&
           recv(fd, &answer, 1, 0) == 1 && answer == CONNACK;
}

/* Asks on a connection of its own. */
static bool ask(const struct reach_place *place, bool (*question)(int fd))
{
    char why[REACH_HOST_MAX + 200];
    int fd = open_patient(place, why, sizeof why);
    bool answer = fd >= 0 && question(fd);
    if (fd >= 0) {
        close(fd);
    }
    return answer;
}

static bool explain_clear(const struct reach_place *place, char *why, size_t size)
{
    if (ask(place, speaks_clear) || !ask(place, reach_speaks_tls)) {
        return false;
    }
    snprintf(why, size,
             "host %s speaks TLS on port %s: mqtts:// would be right in mqtt.url, with its "
             "authority in \"ca_file\"",
             place->host, place->port);
    return true;
}

bool reach_explain(const struct broker *broker, char *why, size_t size)
{
    struct reach_place place;
    if (!reach_place_of(broker->url, &place)) {
        return false;
    }
    int fd = open_patient(&place, why, size);
    if (fd < 0) {
        return true;
    }
    bool told = place.tls ? reach_explain_tls(broker, &place, fd, why, size)
                          : explain_clear(&place, why, size);
    close(fd);
    if (told && place.tls && ask(&place, speaks_clear)) {
        snprintf(why, size,
                 "host %s does not speak TLS on port %s: mqtt:// would be right in mqtt.url, or "
                 "the port on which the broker does (often 8883)",
                 place.host, place.port);
    }
    return told;
}
