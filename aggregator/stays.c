#include "stays.h"

#include "failure.h"
#include "memory.h"
#include "timestamp.h"

#include <stdlib.h>
#include <string.h>

void stays_clear(struct stays *stays)
{
    free(stays->stays);
    free(stays->latest_end_us);
    free(stays->bounds_us);
    *stays = (struct stays){0};
}

size_t stays_first_after(const struct stays *stays, int64_t ts_us)
{
    size_t low = 0;
    size_t high = stays->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (stays->stays[middle].start_us <= ts_us) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

bool stays_goes_on(const struct stays *stays, size_t at)
{
    const struct heat_stay *stay = &stays->stays[at];
    for (size_t i = at; i > 0 && stays->latest_end_us[i - 1] >= stay->start_us; i--) {
        const struct heat_stay *before = &stays->stays[i - 1];
        if (before->heat.value == stay->heat.value && before->visit == stay->visit) {
            return true;
        }
    }
    return false;
}

static size_t first_bound_after(const struct stays *stays, int64_t ts_us)
{
    size_t low = 0;
    size_t high = stays->bound_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (stays->bounds_us[middle] <= ts_us) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void bound_add(struct stays *stays, int64_t ts_us)
{
    if (ts_us == TIMESTAMP_NEVER_US) {
        return;
    }
    memory_grow(&stays->bounds_us, stays->bound_count, &stays->bound_capacity, sizeof(int64_t));
    size_t at = first_bound_after(stays, ts_us);
    memmove(&stays->bounds_us[at + 1], &stays->bounds_us[at],
            (stays->bound_count - at) * sizeof(int64_t));
    stays->bounds_us[at] = ts_us;
    stays->bound_count++;
}

static void bound_remove(struct stays *stays, int64_t ts_us)
{
    if (ts_us == TIMESTAMP_NEVER_US) {
        return;
    }
    size_t at = first_bound_after(stays, ts_us - 1);
    REQUIRE(at < stays->bound_count && stays->bounds_us[at] == ts_us);
    stays->bound_count--;
    memmove(&stays->bounds_us[at], &stays->bounds_us[at + 1],
            (stays->bound_count - at) * sizeof(int64_t));
}

static void refresh_latest_end(struct stays *stays, size_t from)
{
    for (size_t i = from; i < stays->count; i++) {
        int64_t before_us = i > 0 ? stays->latest_end_us[i - 1] : INT64_MIN;
        int64_t end_us = stays->stays[i].end_us;
        stays->latest_end_us[i] = end_us > before_us ? end_us : before_us;
    }
}

void stays_add(struct stays *stays, const struct heat_stay *stay)
{
    memory_grow(&stays->stays, stays->count, &stays->capacity, sizeof *stays->stays);
    memory_grow(&stays->latest_end_us, stays->count, &stays->latest_capacity, sizeof(int64_t));
    size_t at = stays_first_after(stays, stay->start_us);
    memmove(&stays->stays[at + 1], &stays->stays[at], (stays->count - at) * sizeof *stays->stays);
    stays->stays[at] = *stay;
    stays->count++;
    refresh_latest_end(stays, at);
    bound_add(stays, stay->start_us);
    bound_add(stays, stay->end_us);
}

void stays_remove(struct stays *stays, const struct heat_stay *stay)
{
    size_t at = stays_first_after(stays, stay->start_us);
    while (at > 0 && !(stays->stays[at - 1].heat.value == stay->heat.value &&
                       stays->stays[at - 1].visit == stay->visit)) {
        at--;
    }
    REQUIRE(at > 0 && stays->stays[at - 1].start_us == stay->start_us);
    at--;
    bound_remove(stays, stays->stays[at].start_us);
    bound_remove(stays, stays->stays[at].end_us);
    stays->count--;
    memmove(&stays->stays[at], &stays->stays[at + 1], (stays->count - at) * sizeof *stays->stays);
    refresh_latest_end(stays, at);
}

int64_t stays_next_us(const struct stays *stays, int64_t after_us)
{
    size_t at = first_bound_after(stays, after_us);
    return at < stays->bound_count ? stays->bounds_us[at] : TIMESTAMP_NEVER_US;
}

size_t stays_alive(const struct stays *stays, int64_t ts_us, heat_no *heats, size_t max)
{
    size_t count = 0;
    for (size_t i = stays_first_after(stays, ts_us); i > 0 && stays->latest_end_us[i - 1] > ts_us;
         i--) {
        if (stays->stays[i - 1].end_us > ts_us && count < max) {
            heats[count++] = stays->stays[i - 1].heat;
        }
    }
    return count;
}
