/* Why a broker cannot be reached. Paho tells no more than that it failed; this tries the same way
 * again, step by step, and tells the first that does not hold: the host's name, the way to it, the
 * port, and with TLS the certificates of both sides. */
#ifndef HEATLEDGER_REACH_H
#define HEATLEDGER_REACH_H

#include "broker.h"

#include <stdbool.h>
#include <stddef.h>

#define REACH_WAIT_MS 3000 /* for an answer of the other side, at each step */
#define REACH_HOST_MAX 255 /* bytes */

/* Where a broker's URL leads. */
struct reach_place {
    char host[REACH_HOST_MAX + 1];
    char port[6];
    bool tls;
};

/* Takes mqtt[s]://HOST[:PORT] apart; the port is 1883, 8883 with TLS, where none is given. False:
 * it is no such URL. */
bool reach_place_of(const char *url, struct reach_place *place);

/* Tries to reach the broker and writes into `why` what does not hold and what would be right; false
 * where every step holds, or where it cannot be told. Blocks: REACH_WAIT_MS a step, and as long as
 * name servers take. */
bool reach_explain(const struct broker *broker, char *why, size_t size);

/* The part of it behind the connection `fd`, with TLS (reach_tls.c). */
bool reach_explain_tls(const struct broker *broker, const struct reach_place *place, int fd,
                       char *why, size_t size);

/* Whether the other side of the connection `fd` speaks TLS, whoever it is (reach_tls.c). */
bool reach_speaks_tls(int fd);

#endif
