#include "crash_wire.h"

#include "failure.h"
#include "timestamp.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWER_MS 5000
#define KEEP_ALIVE_S 600
#define CONNACK 2
#define PUBACK 4

struct packet {
    size_t used;
    unsigned char bytes[CRASH_PACKET_MAX];
};

static void put_byte(struct packet *packet, unsigned byte)
{
    REQUIRE(packet->used < sizeof packet->bytes);
    packet->bytes[packet->used++] = (unsigned char)byte;
}

static void put_number(struct packet *packet, size_t number)
{
    put_byte(packet, (unsigned)(number >> 8) & 255);
    put_byte(packet, (unsigned)number & 255);
}

static void put_bytes(struct packet *packet, const void *bytes, size_t count)
{
    REQUIRE(count <= sizeof packet->bytes - packet->used);
    memcpy(packet->bytes + packet->used, bytes, count);
    packet->used += count;
}

static void put_text(struct packet *packet, const void *text, size_t length)
{
    put_number(packet, length);
    put_bytes(packet, text, length);
}

static void put_length(struct packet *packet, size_t length)
{
    do {
        put_byte(packet, (unsigned)(length & 127) | (length > 127 ? 128u : 0u));
        length >>= 7;
    } while (length > 0);
}

static bool send_all(struct crash_wire *wire, const struct packet *packet)
{
    for (size_t sent = 0; sent < packet->used;) {
        ssize_t count = send(wire->socket, packet->bytes + sent, packet->used - sent, MSG_NOSIGNAL);
        if (count <= 0) {
            crash_wire_close(wire);
            return false;
        }
        sent += (size_t)count;
    }
    return true;
}

/* The length of the packet at the beginning of what is received, its head included; 0: not all of
 * it is there. `*head` is where its body begins. */
static size_t packet_there(const struct crash_wire *wire, size_t *head)
{
    size_t length = 0;
    size_t at = 1;
    unsigned shift = 0;
    do {
        if (at >= wire->in_used) {
            return 0;
        }
        length |= (size_t)(wire->in[at] & 127) << shift;
        shift += 7;
    } while ((wire->in[at++] & 128) != 0);
    *head = at;
    REQUIRE(at + length <= sizeof wire->in);
    return wire->in_used >= at + length ? at + length : 0;
}

/* Waits for a packet of this type, which becomes the first of what is received; 1, 0 or -1 as
 * crash_wire_confirmed. */
static int wait_packet(struct crash_wire *wire, unsigned type, int timeout_ms, size_t *head,
                       size_t *length)
{
    for (;;) {
        while ((*length = packet_there(wire, head)) > 0) {
            if (wire->in[0] >> 4 == type) {
                return 1;
            }
            wire->in_used -= *length;
            memmove(wire->in, wire->in + *length, wire->in_used);
        }
        struct pollfd waiting = {.fd = wire->socket, .events = POLLIN};
        if (poll(&waiting, 1, timeout_ms) == 0) {
            return 0;
        }
        ssize_t count =
            recv(wire->socket, wire->in + wire->in_used, sizeof wire->in - wire->in_used, 0);
        if (count <= 0) {
            crash_wire_close(wire);
            return -1;
        }
        wire->in_used += (size_t)count;
    }
}

static bool log_in(struct crash_wire *wire, const char *client_id)
{
    struct packet packet = {0};
    size_t head = 0, length = 0;
    put_byte(&packet, 0x10);
    put_length(&packet, 6 + 1 + 1 + 2 + 6 + 2 + strlen(client_id));
    put_text(&packet, "MQTT", 4);
    put_byte(&packet, 5);
    put_byte(&packet, 0); /* no clean start */
    put_number(&packet, KEEP_ALIVE_S);
    put_byte(&packet, 5);
    put_bytes(&packet, "\x11\xff\xff\xff\xff", 5); /* the session never expires */
    put_text(&packet, client_id, strlen(client_id));
    if (!send_all(wire, &packet) || wait_packet(wire, CONNACK, ANSWER_MS, &head, &length) != 1 ||
        wire->in[head + 1] != 0) {
        return false;
    }
    wire->session_present = (wire->in[head] & 1) != 0;
    wire->in_used -= length;
    memmove(wire->in, wire->in + length, wire->in_used);
    return true;
}

bool crash_wire_open(struct crash_wire *wire, uint16_t port, const char *client_id)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    wire->in_used = 0;
    wire->session_present = false;
    wire->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    REQUIRE(wire->socket >= 0);
    setsockopt(wire->socket, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    if (connect(wire->socket, (struct sockaddr *)&address, sizeof address) != 0 ||
        !log_in(wire, client_id)) {
        crash_wire_close(wire);
        return false;
    }
    return true;
}

void crash_wire_close(struct crash_wire *wire)
{
    if (wire->socket >= 0) {
        close(wire->socket);
    }
    wire->socket = -1;
}

bool crash_wire_publish(struct crash_wire *wire, const struct journal_record *record,
                        uint16_t packet_id, bool again)
{
    struct packet packet = {0};
    char at[TIMESTAMP_TEXT_MAX];
    timestamp_format(record->arrival_us, 0, at);
    size_t properties = 1 + 2 + 2 + 2 + strlen(at);
    REQUIRE(properties < 128);
    put_byte(&packet, again ? 0x3a : 0x32);
    put_length(&packet, 2 + record->topic_length + 2 + 1 + properties + record->payload_length);
    put_text(&packet, record->topic, record->topic_length);
    put_number(&packet, packet_id);
    put_length(&packet, properties);
    put_byte(&packet, 0x26);
    put_text(&packet, "at", 2);
    put_text(&packet, at, strlen(at));
    put_bytes(&packet, record->payload, record->payload_length);
    return send_all(wire, &packet);
}

int crash_wire_confirmed(struct crash_wire *wire, int timeout_ms, uint16_t *packet,
                         unsigned *reason)
{
    size_t head = 0, length = 0;
    int got = wait_packet(wire, PUBACK, timeout_ms, &head, &length);
    if (got == 1) {
        *packet = (uint16_t)(wire->in[head] << 8 | wire->in[head + 1]);
        *reason = length > head + 2 ? wire->in[head + 2] : 0;
        wire->in_used -= length;
        memmove(wire->in, wire->in + length, wire->in_used);
    }
    return got;
}
