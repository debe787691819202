/* Messages on their way to the broker, in order: a ring in which each stays until it was taken. */
#ifndef HEATLEDGER_OUTBOUND_H
#define HEATLEDGER_OUTBOUND_H

#include "client.h"

enum outbound_state { OUTBOUND_WAITING, OUTBOUND_SENT, OUTBOUND_DONE };

struct outbound_message {
    enum outbound_state state;
    int64_t tag;
    uint32_t connection; /* on which it was sent */
    uint8_t qos;
    bool retain;
    char *topic, *at; /* `at` NULL: none */
    unsigned char *payload;
    size_t payload_length;
};

/* Slots [taken, added) are in use; a slot's number modulo the window is its place. */
struct outbound {
    struct outbound_message *slots;
    uint32_t window;
    uint64_t taken, sent, added;
    int64_t taken_tag;
};

void outbound_create(struct outbound *outbound, uint32_t window);
void outbound_clear(struct outbound *outbound);

bool outbound_full(const struct outbound *outbound);
void outbound_add(struct outbound *outbound, const struct mqtt_message *message, int64_t tag);

struct outbound_message *outbound_at(const struct outbound *outbound, uint64_t number);

/* Marks one as done and lets go of all that are done at the front. */
void outbound_done(struct outbound *outbound, uint64_t number);

/* Everything that was sent and not taken has to be sent again. */
void outbound_rewind(struct outbound *outbound);

#endif
