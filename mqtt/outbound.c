#include "outbound.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>

void outbound_create(struct outbound *outbound, uint32_t window)
{
    *outbound = (struct outbound){.window = window, .taken_tag = INT64_MIN};
    outbound->slots = memory_zeroed(window, sizeof *outbound->slots);
}

struct outbound_message *outbound_at(const struct outbound *outbound, uint64_t number)
{
    return &outbound->slots[number % outbound->window];
}

static void release(struct outbound_message *message)
{
    free(message->topic);
    free(message->at);
    free(message->payload);
    *message = (struct outbound_message){0};
}

void outbound_clear(struct outbound *outbound)
{
    for (uint64_t i = outbound->taken; i < outbound->added; i++) {
        release(outbound_at(outbound, i));
    }
    free(outbound->slots);
}

bool outbound_full(const struct outbound *outbound)
{
    return outbound->added - outbound->taken == outbound->window;
}

void outbound_add(struct outbound *outbound, const struct mqtt_message *message, int64_t tag)
{
    REQUIRE(!outbound_full(outbound));
    struct outbound_message *slot = outbound_at(outbound, outbound->added++);
    slot->state = OUTBOUND_WAITING;
    slot->tag = tag;
    slot->qos = message->qos;
    slot->retain = message->retain;
    slot->topic = memory_text(message->topic);
    slot->at = message->at == NULL ? NULL : memory_text(message->at);
    slot->payload = memory_zeroed(1, message->payload_length + 1);
    if (message->payload_length > 0) {
        memcpy(slot->payload, message->payload, message->payload_length);
    }
    slot->payload_length = message->payload_length;
}

void outbound_done(struct outbound *outbound, uint64_t number)
{
    outbound_at(outbound, number)->state = OUTBOUND_DONE;
    while (outbound->taken < outbound->sent) {
        struct outbound_message *front = outbound_at(outbound, outbound->taken);
        if (front->state != OUTBOUND_DONE) {
            break;
        }
        outbound->taken_tag = front->tag;
        release(front);
        outbound->taken++;
    }
}

void outbound_rewind(struct outbound *outbound)
{
    outbound->sent = outbound->taken;
}
