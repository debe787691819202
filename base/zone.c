#include "zone.h"

#include "failure.h"
#include "timestamp.h"

#include <stdio.h>

struct zone zone_fixed(const char *name, int32_t offset_s)
{
    struct zone zone = {.transition_count = 1, .transitions = {{INT64_MIN, offset_s}}};
    snprintf(zone.name, sizeof zone.name, "%s", name);
    return zone;
}

/* Index of the transition in force at an instant. */
static uint32_t zone_find(const struct zone *zone, int64_t ts_us)
{
    REQUIRE(zone->transition_count >= 1);
    uint32_t low = 0;
    uint32_t high = zone->transition_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (zone->transitions[middle].at_us <= ts_us) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

int32_t zone_offset_s(const struct zone *zone, int64_t ts_us)
{
    return zone->transitions[zone_find(zone, ts_us)].offset_s;
}

int64_t zone_next_us(const struct zone *zone, int64_t after_us)
{
    uint32_t next = zone_find(zone, after_us) + 1;
    return next < zone->transition_count ? zone->transitions[next].at_us : INT64_MAX;
}

int64_t zone_instant_us(const struct zone *zone, int64_t local_us, int *ambiguous)
{
    /* Offsets lie within a day, so the instant lies within a day of the wall time read as UTC. */
    uint32_t first = zone_find(zone, local_us - TIMESTAMP_DAY_US);
    uint32_t last = zone_find(zone, local_us + TIMESTAMP_DAY_US);
    int matches = 0;
    int64_t earliest_us = 0;
    int64_t gap_us = 0;
    for (uint32_t i = first; i <= last; i++) {
        int64_t instant_us = local_us - zone->transitions[i].offset_s * TIMESTAMP_SECOND_US;
        uint32_t at = zone_find(zone, instant_us);
        if (at == i && matches++ == 0) {
            earliest_us = instant_us;
        } else if (at < i && i > first) {
            gap_us = zone->transitions[i].at_us; /* the clocks jumped over this wall time here */
        }
    }
    if (ambiguous != NULL) {
        *ambiguous = matches > 1;
    }
    return matches > 0 ? earliest_us : gap_us;
}
