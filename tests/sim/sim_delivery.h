/* How facts come: as messages, in some order, through a network that delays, repeats and breaks. */
#ifndef HEATLEDGER_SIM_DELIVERY_H
#define HEATLEDGER_SIM_DELIVERY_H

#include "sim_fact.h"

struct sim_message {
    char topic[96];
    char *payload;
    int64_t arrival_us;
    bool retain, dup, tick;
    bool restart, reopen; /* of the program, before this message */
    bool kill;            /* before it has committed what came since it looked last */
    uint16_t packet_id;
    uint32_t session;
    unsigned outcomes_least, outcomes_most; /* what it must be counted as */
    uint64_t order;
};

struct sim_messages {
    struct sim_message *list;
    size_t count, capacity;
    bool kills; /* some of them find the program killed */
};

/* Sends the facts. `seed` decides about all that happens on the way, so another one gives another
 * delivery of the same facts. Counts what happens in `facts`. The caller clears the messages. */
void sim_delivery_make(const struct sim_plant *plant, struct sim_facts *facts, uint64_t seed,
                       struct sim_messages *messages);
void sim_messages_clear(struct sim_messages *messages);

#endif
