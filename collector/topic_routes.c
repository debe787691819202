#include "topic_routes.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

/* For texts of some dozen bytes much faster than uthash's own. */
#define HASH_FUNCTION(key, length, hash) ((hash) = (unsigned)XXH3_64bits(key, length))
#include <uthash.h>

struct entry {
    struct topic_route route;
    UT_hash_handle hh;
    char topic[];
};

struct topic_routes {
    struct entry *entries;
    uint32_t count_max;
};

struct topic_routes *topic_routes_create(uint32_t count_max)
{
    struct topic_routes *routes = memory_zeroed(1, sizeof *routes);
    routes->count_max = count_max;
    return routes;
}

void topic_routes_destroy(struct topic_routes *routes)
{
    struct entry *entry;
    struct entry *next;
    HASH_ITER(hh, routes->entries, entry, next)
    {
        HASH_DEL(routes->entries, entry);
        free(entry);
    }
    free(routes);
}

const struct topic_route *topic_routes_find(const struct topic_routes *routes, const char *topic,
                                            size_t length)
{
    struct entry *entry = NULL;
    HASH_FIND(hh, routes->entries, topic, length, entry);
    return entry != NULL ? &entry->route : NULL;
}

const struct topic_route *topic_routes_add(struct topic_routes *routes, const char *topic,
                                           size_t length, struct topic_route route)
{
    if (HASH_COUNT(routes->entries) >= routes->count_max) {
        return NULL;
    }
    struct entry *entry = memory_zeroed(1, sizeof *entry + length);
    entry->route = route;
    memcpy(entry->topic, topic, length);
    HASH_ADD_KEYPTR(hh, routes->entries, entry->topic, length, entry);
    return &entry->route;
}
