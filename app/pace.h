/* The pace of a recording or of a simulation: its time against the clock on the wall. */
#ifndef HEATLEDGER_PACE_H
#define HEATLEDGER_PACE_H

#include "failure.h"

#include <stdint.h>

struct pace {
    int64_t speed_e3; /* 1000: real time; 60000: an hour in a minute; 0: as fast as it goes */
    int64_t first_at_us;
    int64_t first_wall_us; /* of the monotonic clock; 0: not begun */
};

/* Reads "max", or how many times faster than real time ("1", "60", "0.5"), 0.001 to 1,000,000.
 * False with FAILURE_INPUT. */
bool pace_parse(const char *text, struct pace *pace, struct failure *failure);

/* Waits until what happened at `at_us` is due; the first call begins the pace and does not wait. */
void pace_wait(struct pace *pace, int64_t at_us);

#endif
