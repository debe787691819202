/* The calendar's inside, shared by calendar*.c only. */
#ifndef HEATLEDGER_CALENDAR_STATE_H
#define HEATLEDGER_CALENDAR_STATE_H

#include "calendar.h"

#include <stddef.h>

struct takeover {
    int64_t ts_us;
    crew_id crew;
};

/* One a shift at most, and shifts lie between 2000 and 2100: so many there can be. */
struct correction {
    int32_t day;
    shift_id shift;
    crew_id crew;
    int64_t ts_us;
    char *by;
};

struct calendar {
    const struct roster *roster;
    const struct catalog *catalog;
    struct takeover *takeovers; /* by (ts, crew) */
    size_t takeover_count, takeover_capacity;
    struct correction *corrections; /* by (day, shift), unique */
    size_t correction_count, correction_capacity;
    struct duty last; /* what was asked last is mostly asked again */
};

#endif
