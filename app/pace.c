#include "pace.h"

#include "quantity.h"
#include "timestamp.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#define SPEED_MAX_E3 INT64_C(1000000000)

bool pace_parse(const char *text, struct pace *pace, struct failure *failure)
{
    *pace = (struct pace){0};
    if (strcmp(text, "max") == 0) {
        return true;
    }
    if (quantity_from_text_exact(text, strlen(text), 3, &pace->speed_e3) != QUANTITY_OK ||
        pace->speed_e3 <= 0 || pace->speed_e3 > SPEED_MAX_E3) {
        return failure_set(failure, FAILURE_INPUT,
                           "--speed: \"%s\" is no speed; \"max\" or how many times faster than "
                           "real time, 0.001 to 1000000, would be right",
                           text);
    }
    return true;
}

static int64_t monotonic_us(void)
{
    struct timespec now;

    REQUIRE(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return now.tv_sec * TIMESTAMP_SECOND_US + now.tv_nsec / 1000;
}

void pace_wait(struct pace *pace, int64_t at_us)
{
    int64_t ahead_us = 0;

    if (pace->speed_e3 == 0) {
        return;
    }
    if (pace->first_wall_us == 0) {
        pace->first_at_us = at_us;
        pace->first_wall_us = monotonic_us();
        return;
    }
    if (!quantity_multiply_divide(at_us - pace->first_at_us, 1000, pace->speed_e3, &ahead_us)) {
        return;
    }
    int64_t due_us = pace->first_wall_us + ahead_us;
    struct timespec due = {
        .tv_sec = (time_t)(due_us / TIMESTAMP_SECOND_US),
        .tv_nsec = (long)(due_us % TIMESTAMP_SECOND_US) * 1000,
    };
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL) == EINTR) {
    }
}
