#include "redelivery.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#define SECTION "redelivery"
#define VERSION 1
#define PACKET_IDS 65536

struct redelivery {
    uint64_t count;         /* messages so far: a message's order is the count with it */
    uint64_t session_first; /* order of the first message of this connection */
    uint64_t fence;         /* messages before this one were acknowledged */
    uint32_t session;
    struct sent {
        uint64_t order; /* 0: none */
        uint64_t position, digest;
    } by_packet_id[PACKET_IDS];
};

struct redelivery *redelivery_create(void)
{
    return memory_zeroed(1, sizeof(struct redelivery));
}

void redelivery_destroy(struct redelivery *redelivery)
{
    free(redelivery);
}

static bool is_acknowledged(const struct redelivery *redelivery, const struct sent *sent)
{
    return sent->order == 0 || sent->order < redelivery->fence ||
           redelivery->count - sent->order >= REDELIVERY_WINDOW;
}

static uint64_t digest_of(const struct journal_record *record)
{
    uint64_t topic = XXH3_64bits(record->topic, record->topic_length);
    return XXH3_64bits_withSeed(record->payload, record->payload_length, topic);
}

/* What the record says about those before it. */
static void follow_connection(struct redelivery *redelivery, const struct journal_record *record)
{
    redelivery->count++;
    if (record->session != redelivery->session) {
        redelivery->session = record->session;
        redelivery->session_first = redelivery->count;
    }
    if (record->fresh) {
        redelivery->fence = redelivery->count;
    } else if (!record->dup && redelivery->fence < redelivery->session_first) {
        redelivery->fence = redelivery->session_first;
    }
}

bool redelivery_take(struct redelivery *redelivery, const struct journal_record *record,
                     uint64_t *position)
{
    bool of_broker = record->kind == JOURNAL_MESSAGE || record->kind == JOURNAL_OVERSIZE;
    if (!of_broker || record->qos == 0 || record->packet_id == 0) {
        return false;
    }
    follow_connection(redelivery, record);
    struct sent *sent = &redelivery->by_packet_id[record->packet_id];
    uint64_t digest = digest_of(record);
    if (record->dup && !is_acknowledged(redelivery, sent) && sent->digest == digest) {
        sent->order = redelivery->count; /* may come once more */
        *position = sent->position;
        return true;
    }
    *sent = (struct sent){redelivery->count, record->position, digest};
    return false;
}

/* ---- Snapshot ---- */

void redelivery_save(const struct redelivery *redelivery, struct snapshot_writer *writer)
{
    uint32_t kept = 0;
    for (uint32_t id = 0; id < PACKET_IDS; id++) {
        kept += is_acknowledged(redelivery, &redelivery->by_packet_id[id]) ? 0 : 1;
    }
    snapshot_put_section(writer, SECTION, VERSION);
    snapshot_put_number(writer, redelivery->count);
    snapshot_put_number(writer, redelivery->session_first);
    snapshot_put_number(writer, redelivery->fence);
    snapshot_put_number(writer, redelivery->session);
    snapshot_put_number(writer, kept);
    for (uint32_t id = 0; id < PACKET_IDS; id++) {
        const struct sent *sent = &redelivery->by_packet_id[id];
        if (!is_acknowledged(redelivery, sent)) {
            snapshot_put_number(writer, id);
            snapshot_put_number(writer, sent->order);
            snapshot_put_number(writer, sent->position);
            snapshot_put_bytes(writer, &sent->digest, sizeof sent->digest);
        }
    }
}

static void load_sent(struct redelivery *redelivery, struct snapshot_reader *reader)
{
    uint64_t id = snapshot_get_number(reader, PACKET_IDS - 1);
    struct sent sent = {0};
    sent.order = snapshot_get_number(reader, redelivery->count);
    sent.position = snapshot_get_number(reader, UINT64_MAX);
    const void *digest = snapshot_get_bytes(reader, sizeof sent.digest);
    if (!snapshot_is_good(reader)) {
        return;
    }
    memcpy(&sent.digest, digest, sizeof sent.digest);
    if (redelivery->by_packet_id[id].order != 0 || is_acknowledged(redelivery, &sent)) {
        snapshot_refuse(reader, "it has a message twice, or one that was acknowledged");
        return;
    }
    redelivery->by_packet_id[id] = sent;
}

void redelivery_load(struct redelivery *redelivery, struct snapshot_reader *reader)
{
    snapshot_get_section(reader, SECTION, VERSION);
    redelivery->count = snapshot_get_number(reader, UINT64_MAX);
    redelivery->session_first = snapshot_get_number(reader, redelivery->count);
    redelivery->fence = snapshot_get_number(reader, redelivery->count);
    redelivery->session = (uint32_t)snapshot_get_number(reader, UINT32_MAX);
    size_t kept = snapshot_get_count(reader, PACKET_IDS);
    for (size_t i = 0; i < kept && snapshot_is_good(reader); i++) {
        load_sent(redelivery, reader);
    }
}
