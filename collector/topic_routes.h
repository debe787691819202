/* What a topic says, decided once: which mapping reads its messages, and whose they are. Most
 * messages come again and again on the topic of one meter.
 *
 * A route holds until the mappings or the catalog change: then all are made anew. */
#ifndef HEATLEDGER_TOPIC_ROUTES_H
#define HEATLEDGER_TOPIC_ROUTES_H

#include "catalog.h"

#include <stddef.h>
#include <stdint.h>

struct mapping;

struct topic_route {
    const struct mapping *mapping;
    bool named;     /* the topic says whose they are … */
    meter_id meter; /* … which agrees with the catalog */
};

struct topic_routes;

/* Keeps at most `count_max` of them; topics beyond go without. */
struct topic_routes *topic_routes_create(uint32_t count_max);
void topic_routes_destroy(struct topic_routes *routes);

/* NULL: not decided yet. */
const struct topic_route *topic_routes_find(const struct topic_routes *routes, const char *topic,
                                            size_t length);

/* A topic that has no route yet, of at most 64 KiB; its text is copied. NULL: there are too many.
 * Routes that were found before may have moved. */
const struct topic_route *topic_routes_add(struct topic_routes *routes, const char *topic,
                                           size_t length, struct topic_route route);

#endif
