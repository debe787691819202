/* A time zone as a table of offsets: what the pure rooms know of local time.
 *
 * The table is made once from the machine's tz database (plant/zone_load.h) and travels in the
 * journal with the configuration, so that a replay on another machine, with newer tz rules, gives
 * the same shifts. */
#ifndef HEATLEDGER_ZONE_H
#define HEATLEDGER_ZONE_H

#include <stdint.h>

#define ZONE_NAME_MAX 63
#define ZONE_TRANSITIONS_MAX 512

struct zone_transition {
    int64_t at_us;    /* from this instant on … */
    int32_t offset_s; /* … local = UTC + offset, -86,400 < offset < 86,400 */
};

struct zone {
    char name[ZONE_NAME_MAX + 1];                             /* IANA, for people */
    uint32_t transition_count;                                /* >= 1 */
    struct zone_transition transitions[ZONE_TRANSITIONS_MAX]; /* ascending; the first also covers
                                                                 all time before it */
};

/* A zone of one constant offset. */
struct zone zone_fixed(const char *name, int32_t offset_s);

/* Seconds to add to UTC at that instant. */
int32_t zone_offset_s(const struct zone *zone, int64_t ts_us);

/* The first instant after another at which the clocks change; INT64_MAX: they do not any more. */
int64_t zone_next_us(const struct zone *zone, int64_t after_us);

/* The instant at which the wall clock shows `local_us` (timestamp_parse_local). A local time that
 * comes twice in autumn is the earlier instant; one that is skipped in spring is the instant at
 * which the clocks jump. `*ambiguous` (may be NULL) tells the first case. */
int64_t zone_instant_us(const struct zone *zone, int64_t local_us, int *ambiguous);

#endif
