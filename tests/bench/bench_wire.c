#include "bench_wire.h"

#include "memory.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define OUT_SEND 16384 /* sent when so much is buffered */
#define OUT_MAX (1u << 20)
#define IN_MAX (1u << 20)
#define WAIT_US INT64_C(30000000) /* a broker that is silent for so long is not there */
#define KEEP_ALIVE_S 600

struct bench_wire {
    int socket;
    uint32_t window, open; /* sent, not acknowledged */
    uint16_t packet;
    size_t out_used, in_used;
    bool answered; /* CONNACK or SUBACK */
    bench_wire_received *received;
    void *context;
    char *out, *in;
};

static void give_up(const char *what)
{
    fprintf(stderr, "bench: broker: %s: %s\n", what, errno != 0 ? strerror(errno) : "not MQTT");
    exit(3);
}

static void put_byte(struct bench_wire *wire, unsigned byte)
{
    wire->out[wire->out_used++] = (char)byte;
}

static void put_number(struct bench_wire *wire, size_t number)
{
    put_byte(wire, (unsigned)(number >> 8) & 255);
    put_byte(wire, (unsigned)number & 255);
}

static void put_bytes(struct bench_wire *wire, const void *bytes, size_t count)
{
    memcpy(wire->out + wire->out_used, bytes, count);
    wire->out_used += count;
}

static void put_head(struct bench_wire *wire, unsigned type, size_t length)
{
    put_byte(wire, type);
    do {
        put_byte(wire, (unsigned)(length & 127) | (length > 127 ? 128u : 0u));
        length >>= 7;
    } while (length > 0);
}

/* Writes what the socket takes. */
static void send_some(struct bench_wire *wire)
{
    size_t sent = 0;
    while (sent < wire->out_used) {
        ssize_t count = send(wire->socket, wire->out + sent, wire->out_used - sent,
                             MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
            break;
        }
        if (count <= 0) {
            give_up("sending");
        }
        sent += (size_t)count;
    }
    memmove(wire->out, wire->out + sent, wire->out_used - sent);
    wire->out_used -= sent;
}

static void take_published(struct bench_wire *wire, const char *body, size_t length, unsigned flags)
{
    size_t topic_length = (size_t)(unsigned char)body[0] << 8 | (unsigned char)body[1];
    size_t head = 2 + topic_length + ((flags & 6) != 0 ? 2 : 0);
    if (head > length) {
        errno = 0;
        give_up("receiving");
    }
    if ((flags & 6) != 0) {
        put_head(wire, 0x40, 2);
        put_bytes(wire, body + 2 + topic_length, 2);
    }
    wire->received(wire->context, body + 2, topic_length, body + head, length - head);
}

/* Takes one packet from `bytes`; returns its length, or 0 where it is not all there. */
static size_t take_packet(struct bench_wire *wire, const char *bytes, size_t count)
{
    size_t length = 0;
    size_t head = 1;
    unsigned shift = 0;
    do {
        if (head >= count) {
            return 0;
        }
        length |= (size_t)((unsigned char)bytes[head] & 127) << shift;
        shift += 7;
    } while (((unsigned char)bytes[head++] & 128) != 0);
    if (count - head < length) {
        return 0;
    }
    unsigned type = (unsigned char)bytes[0];
    if (type >> 4 == 4) {
        wire->open--;
    } else if (type >> 4 == 3) {
        take_published(wire, bytes + head, length, type & 15);
    } else {
        if (type >> 4 == 2 && bytes[head + 1] != 0) {
            errno = ECONNREFUSED;
            give_up("connecting");
        }
        wire->answered = true;
    }
    return head + length;
}

static void receive_some(struct bench_wire *wire)
{
    ssize_t count =
        recv(wire->socket, wire->in + wire->in_used, IN_MAX - wire->in_used, MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
        return;
    }
    if (count <= 0) {
        give_up("receiving");
    }
    wire->in_used += (size_t)count;
    size_t taken = 0;
    size_t packet;
    while (taken < wire->in_used &&
           (packet = take_packet(wire, wire->in + taken, wire->in_used - taken)) > 0) {
        taken += packet;
    }
    memmove(wire->in, wire->in + taken, wire->in_used - taken);
    wire->in_used -= taken;
}

void bench_wire_turn(struct bench_wire *wire, int64_t timeout_us)
{
    send_some(wire);
    struct pollfd poll_one = {.fd = wire->socket, .events = POLLIN};
    poll_one.events |= wire->out_used > 0 ? POLLOUT : 0;
    struct timespec wait = {.tv_sec = timeout_us / 1000000, .tv_nsec = timeout_us % 1000000 * 1000};
    if (ppoll(&poll_one, 1, &wait, NULL) > 0 && (poll_one.revents & ~POLLOUT) != 0) {
        receive_some(wire);
    }
    if (wire->out_used > 0) {
        send_some(wire);
    }
}

static void wait_answer(struct bench_wire *wire, const char *what)
{
    wire->answered = false;
    for (int i = 0; !wire->answered && i < 1000; i++) {
        bench_wire_turn(wire, WAIT_US / 1000);
    }
    if (!wire->answered) {
        errno = ETIMEDOUT;
        give_up(what);
    }
}

struct bench_wire *bench_wire_open(uint16_t port, const char *client_id, uint32_t window)
{
    struct bench_wire *wire = memory_zeroed(1, sizeof *wire);
    wire->out = memory_zeroed(OUT_MAX, 1);
    wire->in = memory_zeroed(IN_MAX, 1);
    wire->window = window;
    wire->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(wire->socket, (struct sockaddr *)&address, sizeof address) != 0) {
        give_up("connecting");
    }
    setsockopt(wire->socket, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    put_head(wire, 0x10, 12 + strlen(client_id));
    put_number(wire, 4);
    put_bytes(wire, "MQTT\4\2", 6); /* version 3.1.1, clean session */
    put_number(wire, KEEP_ALIVE_S);
    put_number(wire, strlen(client_id));
    put_bytes(wire, client_id, strlen(client_id));
    wait_answer(wire, "connecting");
    return wire;
}

void bench_wire_close(struct bench_wire *wire)
{
    bench_wire_drain(wire);
    put_head(wire, 0xe0, 0);
    send_some(wire);
    close(wire->socket);
    free(wire->out);
    free(wire->in);
    free(wire);
}

void bench_wire_subscribe(struct bench_wire *wire, const char *filter,
                          bench_wire_received *received, void *context)
{
    wire->received = received;
    wire->context = context;
    put_head(wire, 0x82, 5 + strlen(filter));
    put_number(wire, 1);
    put_number(wire, strlen(filter));
    put_bytes(wire, filter, strlen(filter));
    put_byte(wire, 1);
    wait_answer(wire, "subscribing");
}

void bench_wire_publish(struct bench_wire *wire, const char *topic, size_t topic_length,
                        const char *payload, size_t payload_length)
{
    size_t length = 4 + topic_length + payload_length;
    while (wire->open >= wire->window || wire->out_used + length + 8 > OUT_MAX / 2) {
        bench_wire_turn(wire, 100000);
    }
    wire->packet = (uint16_t)(wire->packet == UINT16_MAX ? 1 : wire->packet + 1);
    put_head(wire, 0x32, length);
    put_number(wire, topic_length);
    put_bytes(wire, topic, topic_length);
    put_number(wire, wire->packet);
    put_bytes(wire, payload, payload_length);
    wire->open++;
    if (wire->out_used > OUT_SEND) {
        send_some(wire);
    }
}

void bench_wire_drain(struct bench_wire *wire)
{
    for (int64_t idle = 0; wire->open > 0 || wire->out_used > 0; idle++) {
        uint32_t before = wire->open;
        bench_wire_turn(wire, 100000);
        idle = wire->open != before ? 0 : idle;
        if (idle * 100000 > WAIT_US) {
            errno = ETIMEDOUT;
            give_up("waiting for acknowledgements");
        }
    }
}
