#include "wall_clock.h"

#include "timestamp.h"

#include <time.h>

int64_t wall_clock_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * TIMESTAMP_SECOND_US + now.tv_nsec / 1000;
}
