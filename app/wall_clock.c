#include "wall_clock.h"

#include "timestamp.h"

#include <time.h>

static int64_t clock_us(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return now.tv_sec * TIMESTAMP_SECOND_US + now.tv_nsec / 1000;
}

int64_t wall_clock_us(void)
{
    return clock_us(CLOCK_REALTIME);
}

int64_t steady_clock_us(void)
{
    return clock_us(CLOCK_MONOTONIC);
}
