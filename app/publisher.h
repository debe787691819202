/* Sends messages of a recording or a simulation to the broker and knows when all have arrived.
 *
 * Each message carries its arrival time as the MQTT 5 user property `at`, for a daemon that runs
 * with `--clock message`. A bounded number is under way at a time; publisher_send waits for room.
 */
#ifndef HEATLEDGER_PUBLISHER_H
#define HEATLEDGER_PUBLISHER_H

#include "broker.h"
#include "failure.h"

#include <stddef.h>
#include <stdint.h>

struct publisher;

/* Connects as a client of its own: the configuration's client id and "-SUFFIX". NULL with
 * FAILURE_RESOURCE where the broker cannot be reached or refuses us. */
struct publisher *publisher_open(const struct broker *broker, const char *suffix,
                                 struct failure *failure);

/* Hands a message over. `at_us`: arrival time. qos 0 or 1. Nothing is kept of topic and payload.
 * False with FAILURE_RESOURCE where the client refuses it or the broker stays away too long. */
bool publisher_send(struct publisher *publisher, int64_t at_us, const char *topic,
                    const void *payload, size_t length, int qos, bool retain,
                    struct failure *failure);

/* Waits until the broker has confirmed everything. False where it does not. */
bool publisher_finish(struct publisher *publisher, struct failure *failure);

/* Disconnects and releases; NULL is allowed. */
void publisher_close(struct publisher *publisher);

#endif
