#include "zone_load.h"

#include "memory.h"
#include "timestamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ZONE_DIRECTORY "/usr/share/zoneinfo"
#define ZONE_FILE_MAX 4096
/* Shorter than the time between any two changes of offset from 2000 to 2100: that is a week, in the
 * zone Asia/Gaza, where summer time stops for Ramadan. */
#define ZONE_STEP_S INT64_C(259200)

static bool zone_name_good(const char *name)
{
    size_t length = strlen(name);
    return length > 0 && length <= ZONE_NAME_MAX && name[0] != '/' && name[0] != '.' &&
           strstr(name, "..") == NULL &&
           strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") ==
               length &&
           /* these count leap seconds, which no clock of a plant does */
           strncmp(name, "right/", 6) != 0;
}

/* Whether the database has a file of that name which is one of its tables. */
static bool zone_file_exists(const char *name)
{
    char path[ZONE_FILE_MAX], magic[4] = "";
    const char *directory = getenv("TZDIR");
    if (directory == NULL || directory[0] == '\0') {
        directory = ZONE_DIRECTORY;
    }
    int length = snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = length < (int)sizeof path ? fopen(path, "rb") : NULL;
    if (file == NULL) {
        return false;
    }
    size_t got = fread(magic, 1, sizeof magic, file);
    fclose(file);
    return got == sizeof magic && memcmp(magic, "TZif", sizeof magic) == 0;
}

static int32_t zone_process_offset_s(int64_t ts_s)
{
    time_t instant = (time_t)ts_s;
    struct tm local;
    REQUIRE(localtime_r(&instant, &local) != NULL);
    return (int32_t)local.tm_gmtoff;
}

/* The first second in (low, high] with the offset of `high`. */
static int64_t zone_bisect(int64_t low, int64_t high)
{
    int32_t after = zone_process_offset_s(high);
    while (high - low > 1) {
        int64_t middle = low + (high - low) / 2;
        if (zone_process_offset_s(middle) == after) {
            high = middle;
        } else {
            low = middle;
        }
    }
    return high;
}

static bool zone_scan(struct zone *zone)
{
    const int64_t first = TIMESTAMP_MIN_US / TIMESTAMP_SECOND_US;
    const int64_t last = TIMESTAMP_MAX_US / TIMESTAMP_SECOND_US;
    int32_t offset_s = zone_process_offset_s(first);
    zone->transitions[0] =
        (struct zone_transition){.at_us = TIMESTAMP_MIN_US, .offset_s = offset_s};
    zone->transition_count = 1;
    for (int64_t at = first; at < last; at += ZONE_STEP_S) {
        int64_t next = at + ZONE_STEP_S < last ? at + ZONE_STEP_S : last;
        int32_t next_offset_s = zone_process_offset_s(next);
        if (next_offset_s == offset_s) {
            continue;
        }
        if (zone->transition_count == ZONE_TRANSITIONS_MAX) {
            return false;
        }
        offset_s = next_offset_s;
        zone->transitions[zone->transition_count++] = (struct zone_transition){
            .at_us = zone_bisect(at, next) * TIMESTAMP_SECOND_US, .offset_s = offset_s};
    }
    return true;
}

/* Makes `value` the zone of the process; NULL: none set. */
static void zone_set_process(const char *value)
{
    if (value == NULL) {
        unsetenv("TZ");
    } else {
        REQUIRE(setenv("TZ", value, 1) == 0);
    }
    tzset();
}

bool zone_load(const char *name, struct zone *zone, struct failure *failure)
{
    char value[ZONE_NAME_MAX + 2];
    if (strcmp(name, "UTC") == 0) {
        *zone = zone_fixed("UTC", 0);
        return true;
    }
    if (!zone_name_good(name)) {
        return failure_set(failure, FAILURE_INPUT,
                           "\"%.64s\" is no name of a time zone; write it like \"Asia/Shanghai\", "
                           "\"Europe/Berlin\" or \"UTC\"",
                           name);
    }
    if (!zone_file_exists(name)) {
        return failure_set(failure, FAILURE_INPUT,
                           "this machine knows no time zone \"%s\"; check the spelling (like "
                           "\"Asia/Shanghai\"), and that the package tzdata is installed",
                           name);
    }
    const char *current = getenv("TZ");
    char *saved = current == NULL ? NULL : memory_text(current);
    snprintf(value, sizeof value, ":%s", name);
    memset(zone, 0, sizeof *zone);
    snprintf(zone->name, sizeof zone->name, "%s", name);
    zone_set_process(value);
    bool fits = zone_scan(zone);
    zone_set_process(saved);
    free(saved);
    return fits || failure_set(failure, FAILURE_INPUT,
                               "time zone \"%s\" changes its offset more than %d times from 2000 "
                               "to 2100; use one with a constant offset, like \"Etc/GMT-1\"",
                               name, ZONE_TRANSITIONS_MAX);
}
