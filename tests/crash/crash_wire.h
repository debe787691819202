/* As much of MQTT 5 as the crash tests need, by hand: Paho hides when a message is sent again, and
 * keeps no messages over the death of its own process. One thread; an error of the connection ends
 * the connection alone, as the broker is killed in these tests. */
#ifndef HEATLEDGER_CRASH_WIRE_H
#define HEATLEDGER_CRASH_WIRE_H

#include "journal.h"

#include <stdbool.h>
#include <stdint.h>

#define CRASH_PACKET_MAX 65536 /* bytes of a packet in or out */

struct crash_wire {
    int socket; /* -1: no connection */
    bool session_present;
    size_t in_used;
    unsigned char in[2 * CRASH_PACKET_MAX];
};

/* Connects to the broker on this port of the loopback, to a session that the broker keeps for
 * good, and waits for the answer. False where the broker is away or refuses us. */
bool crash_wire_open(struct crash_wire *wire, uint16_t port, const char *client_id);
void crash_wire_close(struct crash_wire *wire);

/* Sends the record as QoS 1, with its arrival as the user property `at`; `again`: with DUP. False,
 * and the connection is closed, where the broker has gone away. */
bool crash_wire_publish(struct crash_wire *wire, const struct journal_record *record,
                        uint16_t packet, bool again);

/* Waits up to `timeout_ms` for a confirmation: 1, and its packet id and reason (0x80 and above: the
 * broker refuses the message); 0: none came; -1: the broker has gone away, the connection is
 * closed. What else the broker sends is thrown away, unacknowledged. */
int crash_wire_confirmed(struct crash_wire *wire, int timeout_ms, uint16_t *packet,
                         unsigned *reason);

#endif
