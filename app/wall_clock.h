/* The clock on the wall: only commands that face the outside world ask it. */
#ifndef HEATLEDGER_WALL_CLOCK_H
#define HEATLEDGER_WALL_CLOCK_H

#include <stdint.h>

/* Microseconds since 1970-01-01T00:00:00Z. */
int64_t wall_clock_us(void);

/* Microseconds since some moment; never set, so for the time between two things. */
int64_t steady_clock_us(void);

#endif
