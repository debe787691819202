#include "topic_routes.h"

#include "memory.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>
#define XXH_INLINE_ALL /* topics are short: a call would cost as much as the hash */
#include <xxhash.h>

#define SLOTS_LEAST 64
#define BYTES_LEAST ((size_t)4 << 10)

/* In the block of routes, each behind the other, so that a look-up touches few lines of memory. */
struct entry {
    struct topic_route route;
    uint32_t length;
    char topic[];
};

struct slot {
    uint32_t hash;
    uint32_t place; /* 1 + the entry's offset in units of its alignment; 0: none */
};

struct topic_routes {
    struct slot *slots; /* open addressing, at most half full */
    uint32_t mask;      /* slots - 1, a power of two */
    uint32_t count, count_max;
    unsigned char *bytes;
    size_t used, capacity;
};

struct topic_routes *topic_routes_create(uint32_t count_max)
{
    struct topic_routes *routes = memory_zeroed(1, sizeof *routes);
    routes->slots = memory_zeroed(SLOTS_LEAST, sizeof *routes->slots);
    routes->mask = SLOTS_LEAST - 1;
    routes->count_max = count_max;
    return routes;
}

void topic_routes_destroy(struct topic_routes *routes)
{
    free(routes->slots);
    free(routes->bytes);
    free(routes);
}

static struct entry *entry_of(const struct topic_routes *routes, struct slot slot)
{
    return (struct entry *)(void *)(routes->bytes + (slot.place - 1) * alignof(struct entry));
}

const struct topic_route *topic_routes_find(const struct topic_routes *routes, const char *topic,
                                            size_t length)
{
    uint32_t hash = (uint32_t)XXH3_64bits(topic, length);
    for (uint32_t at = hash & routes->mask; routes->slots[at].place != 0;
         at = (at + 1) & routes->mask) {
        if (routes->slots[at].hash != hash) {
            continue;
        }
        const struct entry *entry = entry_of(routes, routes->slots[at]);
        if (entry->length == length && memcmp(entry->topic, topic, length) == 0) {
            return &entry->route;
        }
    }
    return NULL;
}

static void put_slot(struct topic_routes *routes, struct slot slot)
{
    uint32_t at = slot.hash & routes->mask;
    while (routes->slots[at].place != 0) {
        at = (at + 1) & routes->mask;
    }
    routes->slots[at] = slot;
}

static void grow_slots(struct topic_routes *routes)
{
    struct slot *former = routes->slots;
    uint32_t former_count = routes->mask + 1;
    routes->slots = memory_zeroed((size_t)former_count * 2, sizeof *routes->slots);
    routes->mask = former_count * 2 - 1;
    for (uint32_t i = 0; i < former_count; i++) {
        if (former[i].place != 0) {
            put_slot(routes, former[i]);
        }
    }
    free(former);
}

/* Room for an entry; returns its offset. */
static size_t grow_bytes(struct topic_routes *routes, size_t size)
{
    size_t start = routes->used;
    size = (size + alignof(struct entry) - 1) & ~(alignof(struct entry) - 1);
    if (routes->capacity - start < size) {
        size_t capacity = routes->capacity * 2 + size + BYTES_LEAST;
        unsigned char *bytes = memory_zeroed(1, capacity);
        if (start > 0) {
            memcpy(bytes, routes->bytes, start);
        }
        free(routes->bytes);
        routes->bytes = bytes;
        routes->capacity = capacity;
    }
    routes->used += size;
    return start;
}

const struct topic_route *topic_routes_add(struct topic_routes *routes, const char *topic,
                                           size_t length, struct topic_route route)
{
    if (routes->count >= routes->count_max) {
        return NULL;
    }
    if (++routes->count * 2 > routes->mask) {
        grow_slots(routes);
    }
    size_t offset = grow_bytes(routes, sizeof(struct entry) + length);
    struct slot slot = {.hash = (uint32_t)XXH3_64bits(topic, length),
                        .place = (uint32_t)(offset / alignof(struct entry)) + 1};
    put_slot(routes, slot);
    struct entry *entry = entry_of(routes, slot);
    entry->route = route;
    entry->length = (uint32_t)length;
    memcpy(entry->topic, topic, length);
    return &entry->route;
}
