/* What happens to the heats of a timetable besides the registers' movement: heat events,
 * weighings and pieces, in the order in which they are sent. */
#ifndef HEATLEDGER_HEAT_SCHEDULE_H
#define HEATLEDGER_HEAT_SCHEDULE_H

#include "timetable.h"

#include <stddef.h>
#include <stdint.h>

enum scheduled_station { SCHEDULED_BOF, SCHEDULED_LF, SCHEDULED_CCM, SCHEDULED_STATION_COUNT };

enum scheduled_kind { SCHEDULED_HEAT_EVENT, SCHEDULED_WEIGHING };

struct scheduled {
    int64_t at_us;
    enum scheduled_kind kind;
    unsigned rank;     /* order within an instant: ends before starts, then weighings */
    size_t heat;       /* index into the timetable */
    const char *event; /* heat events: "start", "tap", "end" */
    enum scheduled_station station; /* heat events */
    bool with_steel;                /* heat events: carries the heat's steel weight */
    size_t profile;                 /* weighings: index into meter_profiles */
    int64_t amount;                 /* weighings: whole units */
    unsigned piece;                 /* weighings: 1, 2 … of this heat on this meter */
};

struct heat_schedule {
    size_t count;
    struct scheduled *rows; /* by (at_us, rank, heat, piece) */
};

/* The caller releases it with heat_schedule_clear. */
struct heat_schedule heat_schedule_make(const struct timetable *timetable);
void heat_schedule_clear(struct heat_schedule *schedule);

/* Name of a station in plant.json: "BOF", "LF", "CCM". */
const char *heat_schedule_station(enum scheduled_station station);

#endif
