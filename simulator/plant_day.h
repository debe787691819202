/* A plant at work: from a timetable to the messages of its meters and of its heat tracking, in
 * order of time. Pure and deterministic: the same timetable and configuration give the same
 * messages, byte for byte.
 *
 * Registers are sampled every five seconds, at every heat event, at both ends of a blow and at the
 * shift boundaries. Within an instant registers come first, then heat events (ends before starts),
 * then weighings. A message arrives at the instant of which it speaks. The record starts five
 * minutes before the first charge and ends five minutes after the last cast, rounded outwards to
 * whole five minutes. */
#ifndef HEATLEDGER_PLANT_DAY_H
#define HEATLEDGER_PLANT_DAY_H

#include "catalog.h"
#include "failure.h"
#include "timetable.h"
#include "zone.h"

#include <stdbool.h>
#include <stdint.h>

#define PLANT_DAY_COPIES_MAX 999

struct plant_day {
    const struct timetable *timetable;
    const struct catalog *catalog; /* gives topics, units and resolutions of the meters */
    const struct zone *zone;       /* gives the offsets of the times in payloads */
    const int64_t *boundaries_us;  /* shift boundaries, ascending; those outside are passed over */
    size_t boundary_count;
    unsigned copies; /* of the plant, 1..PLANT_DAY_COPIES_MAX: copy n > 1 has "-n" behind the ids
                        of its stations, meters and heats */
};

struct plant_message {
    int64_t at_us;       /* arrival = event time */
    const char *topic;   /* both are valid during the call only */
    const char *payload; /* JSON */
};

struct plant_day_sink {
    void *context;
    /* Takes a message; false with `failure` filled stops the day. */
    bool (*message)(void *context, const struct plant_message *message, struct failure *failure);
    /* Told once, before the messages, of each simulated meter that the configuration lacks. */
    void (*missing)(void *context, const char *meter);
};

/* First and last instant of the record; both are sampled. */
void plant_day_span(const struct timetable *timetable, int64_t *start_us, int64_t *end_us);

/* Sends the whole day into the sink. False with FAILURE_INPUT where the configuration does not fit
 * (a station is missing, a scale is declared a register, a copy's meters are missing), or with the
 * sink's failure. */
bool plant_day_run(const struct plant_day *day, const struct plant_day_sink *sink,
                   struct failure *failure);

#endif
