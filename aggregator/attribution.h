/* Attribution: whose use it is. Cuts time where the crew on duty or the heats at a station change,
 * and divides the use of each piece over the heats that were there. */
#ifndef HEATLEDGER_ATTRIBUTION_H
#define HEATLEDGER_ATTRIBUTION_H

#include "calendar.h"
#include "heats.h"
#include "posting.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct submeters;

struct attribution {
    struct calendar *calendar;
    struct heats *heats;
    const struct catalog *catalog;
    const struct zone *zone;     /* of tariffs; NULL: no item has one */
    struct submeters *submeters; /* NULL: no meter shares by sub-meters */
    bool shown_only;             /* what is worked out is shown, not booked */
};

/* A growing list of segments; zeroed: empty. Owned by whoever declared it. */
struct segment_list {
    struct segment *items;
    size_t count, capacity;
};
void segment_list_add(struct segment_list *list, const struct segment *segment);
void segment_list_drop_empty(struct segment_list *list); /* those with an amount of 0 */
void segment_list_clear(struct segment_list *list);

/* The first instant after `after_us` at which the use of a meter may become somebody else's: crew
 * changes, and, unless a heat is named, heats coming to and leaving the stations it serves, and
 * another sharing key; or at which it may have another price. */
int64_t attribution_next_us(const struct attribution *attribution, const struct meter *meter,
                            bool named, int64_t after_us);

/* Divides an amount over [start, end), in which nothing changes, or at the instant start = end,
 * over the heats at the meter's stations: see shares.h. `named` (value 0: none) takes it all
 * whatever a station's clock says. Parts of 0 are listed too: they say where use would go. The
 * parts' station is the one where they were used, the meter's own where nothing says another. */
void attribution_divide(const struct attribution *attribution, const struct segment *whole,
                        const struct meter *meter, heat_no named, struct segment_list *list);

#endif
