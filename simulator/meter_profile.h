/* How each meter of the simulated plant behaves: the demo plant's meters as a table.
 *
 * A profile knows a meter by its id; item, station, unit and resolution come from plant.json.
 * Registers either follow the heats (oxygen in the blow, energy in the ladle furnace), run
 * steadily, or show the total of the others; scales and counters weigh the heats. */
#ifndef HEATLEDGER_METER_PROFILE_H
#define HEATLEDGER_METER_PROFILE_H

#include "timetable.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define METER_PROFILE_ID_MAX 3 /* bytes: "E02" */

enum profile_behaviour {
    PROFILE_BLOW,    /* register: moves by the heat's oxygen, evenly over the blow */
    PROFILE_LF,      /* register: moves by the heat's energy, evenly over its stay at the LF */
    PROFILE_STEADY,  /* register: moves evenly, always */
    PROFILE_TOTAL,   /* register of a main: the sum of all registers whose ids begin alike, and a
                        steady loss */
    PROFILE_WEIGHED, /* one event a heat */
    PROFILE_PIECES,  /* one event a piece, spread evenly inside the stay at the LF */
};

struct meter_profile {
    const char *id;
    enum profile_behaviour behaviour;
    int64_t initial;            /* registers: shown at the start of the record, whole units */
    int64_t per_hour;           /* PROFILE_STEADY, and the loss of PROFILE_TOTAL, whole units */
    int64_t constant;           /* PROFILE_WEIGHED: whole units for every heat; 0: see `amount` */
    enum timetable_time when;   /* PROFILE_WEIGHED */
    enum timetable_amount what; /* PROFILE_WEIGHED */
};

/* The table, in the order of the meters' ids within an instant. */
const struct meter_profile *meter_profiles(size_t *count);

bool meter_profile_is_register(const struct meter_profile *profile);

#endif
