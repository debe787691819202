/* The sender of the benchmarks: MQTT 3.1.1 by hand, as little of it as is needed, so that who sends
 * takes hardly any of the two cores from who is measured. Everything is QoS 1; one thread. Errors
 * end the program with a line that says what is wrong. */
#ifndef HEATLEDGER_BENCH_WIRE_H
#define HEATLEDGER_BENCH_WIRE_H

#include <stddef.h>
#include <stdint.h>

struct bench_wire;

typedef void bench_wire_received(void *context, const char *topic, size_t topic_length,
                                 const char *payload, size_t payload_length);

/* A clean session at the broker on this port of the loopback. At most `window` messages are not
 * acknowledged at a time. */
struct bench_wire *bench_wire_open(uint16_t port, const char *client_id, uint32_t window);

/* After everything is acknowledged. */
void bench_wire_close(struct bench_wire *wire);

/* What is received for `filter` is handed to `received` from within the other functions. */
void bench_wire_subscribe(struct bench_wire *wire, const char *filter,
                          bench_wire_received *received, void *context);

/* Buffers the message; sends, and waits for acknowledgements, where the window is full. */
void bench_wire_publish(struct bench_wire *wire, const char *topic, size_t topic_length,
                        const char *payload, size_t payload_length);

/* Sends what is buffered and takes what comes; waits for something up to `timeout_us`. */
void bench_wire_turn(struct bench_wire *wire, int64_t timeout_us);

/* Sends everything and waits until the broker has acknowledged it. */
void bench_wire_drain(struct bench_wire *wire);

#endif
