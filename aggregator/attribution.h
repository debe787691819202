/* Attribution: whose use it is. Cuts time where the crew on duty or the heats at a station change,
 * and divides the use of each piece over the heats that were there. */
#ifndef HEATLEDGER_ATTRIBUTION_H
#define HEATLEDGER_ATTRIBUTION_H

#include "calendar.h"
#include "heats.h"
#include "posting.h"

#include <stddef.h>
#include <stdint.h>

#define ATTRIBUTION_HEATS_MAX 256 /* at one station at once; the lowest ids share */

struct attribution {
    struct calendar *calendar;
    struct heats *heats;
};

/* A growing list of segments; zeroed: empty. Owned by whoever declared it. */
struct segment_list {
    struct segment *items;
    size_t count, capacity;
};
void segment_list_add(struct segment_list *list, const struct segment *segment);
void segment_list_drop_empty(struct segment_list *list); /* those with an amount of 0 */
void segment_list_clear(struct segment_list *list);

/* The first instant after `after_us` at which the use of a meter at that station may become
 * somebody else's: crew changes, and, unless a heat is named, heats coming and going. */
int64_t attribution_next_us(const struct attribution *attribution, const struct meter *meter,
                            bool named, int64_t after_us);

/* Divides an amount over [start, end), in which nothing changes, or at the instant start = end:
 * equal shares for the heats at the meter's station, what is left over one base unit each to the
 * lowest ids; without a heat it is idle. `named` (value 0: none) takes it all whatever the
 * station's clock says. Parts of 0 are listed too: they say where use would go. */
void attribution_divide(const struct attribution *attribution, const struct segment *whole,
                        const struct meter *meter, heat_no named, struct segment_list *list);

#endif
