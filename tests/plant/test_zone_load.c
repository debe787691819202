#include "timestamp.h"
#include "zone_load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static int64_t at(const char *text)
{
    int64_t ts_us = 0;
    assert_true(timestamp_parse(text, strlen(text), &ts_us));
    return ts_us;
}

/* Offsets on both sides of an instant; by the published rules of each zone. */
static const struct {
    const char *zone, *instant;
    int32_t before_s, from_s;
} edges[] = {
    {"UTC", "2026-03-29T01:00:00Z", 0, 0},
    {"Asia/Shanghai", "2026-03-29T01:00:00Z", 28800, 28800},
    {"Asia/Shanghai", "2000-01-01T00:00:00Z", 28800, 28800},
    {"Asia/Seoul", "2018-01-01T00:00:00Z", 32400, 32400},
    {"Europe/Berlin", "2026-03-29T01:00:00Z", 3600, 7200},
    {"Europe/Berlin", "2026-10-25T01:00:00Z", 7200, 3600},
    {"Europe/Berlin", "2000-03-26T01:00:00Z", 3600, 7200},
    {"America/New_York", "2026-03-08T07:00:00Z", -18000, -14400},
    {"America/New_York", "2026-11-01T06:00:00Z", -14400, -18000},
    {"Asia/Kolkata", "2026-03-29T01:00:00Z", 19800, 19800},
    {"Australia/Lord_Howe", "2026-04-04T15:00:00Z", 39600, 37800},
    /* skipped the whole of 30 December 2011 */
    {"Pacific/Apia", "2011-12-30T10:00:00Z", -36000, 50400},
};

static void offsets_change_at_the_published_instants(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
        struct failure failure = {0};
        struct zone zone;
        if (!zone_load(edges[i].zone, &zone, &failure)) {
            fail_msg("%s: %s", edges[i].zone, failure.text);
        }
        int64_t instant_us = at(edges[i].instant);
        assert_string_equal(zone.name, edges[i].zone);
        assert_int_equal(zone_offset_s(&zone, instant_us - 1), edges[i].before_s);
        assert_int_equal(zone_offset_s(&zone, instant_us), edges[i].from_s);
    }
}

static void a_table_is_ascending_and_has_no_empty_steps(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint32_t least, most; /* transitions, the beginning included */
    } rows[] = {
        {"UTC", 1, 1},
        {"Asia/Shanghai", 1, 1},
        {"Europe/Berlin", 53, ZONE_TRANSITIONS_MAX},     /* two a year from 2000 to 2025 */
        {"Africa/Casablanca", 45, ZONE_TRANSITIONS_MAX}, /* up to four a year */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct failure failure = {0};
        struct zone zone;
        assert_true(zone_load(rows[i].name, &zone, &failure));
        assert_in_range(zone.transition_count, rows[i].least, rows[i].most);
        for (uint32_t j = 1; j < zone.transition_count; j++) {
            assert_true(zone.transitions[j - 1].at_us < zone.transitions[j].at_us);
            assert_int_not_equal(zone.transitions[j - 1].offset_s, zone.transitions[j].offset_s);
        }
    }
}

static void names_that_are_no_zone_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *name, *what;
    } rows[] = {
        {"", "is no name of a time zone"},
        {"../../etc/passwd", "is no name of a time zone"},
        {"Asia/../UTC", "is no name of a time zone"},
        {"/usr/share/zoneinfo/UTC", "is no name of a time zone"},
        {"CET-1CEST,M3.5.0", "is no name of a time zone"},
        {"right/Europe/Berlin", "is no name of a time zone"},
        {"Asia/Shangai", "tzdata"},
        {"Asia", "tzdata"},
        {"zone.tab", "is no name of a time zone"},
        {"leapseconds", "tzdata"},
        {"an-id-of-a-time-zone-that-is-longer-than-any-zone-of-the-world-has", "no name"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct failure failure = {0};
        struct zone zone;
        assert_false(zone_load(rows[i].name, &zone, &failure));
        assert_int_equal(failure.code, FAILURE_INPUT);
        if (strstr(failure.text, rows[i].what) == NULL) {
            fail_msg("\"%s\": %s", rows[i].name, failure.text);
        }
    }
}

static void utc_needs_no_database_other_zones_do(void **state)
{
    (void)state;
    struct failure failure = {0};
    struct zone zone;
    setenv("TZDIR", "/nonexistent", 1);
    bool utc = zone_load("UTC", &zone, &failure);
    bool berlin = zone_load("Europe/Berlin", &zone, &failure);
    unsetenv("TZDIR");
    assert_true(utc);
    assert_false(berlin);
}

static void the_zone_of_the_process_is_put_back(void **state)
{
    (void)state;
    struct failure failure = {0};
    struct zone zone;
    struct tm local;
    time_t instant = 1767225600; /* 2026-01-01T00:00:00Z */
    setenv("TZ", "XYZ-3", 1);
    tzset();
    assert_true(zone_load("Europe/Berlin", &zone, &failure));
    assert_string_equal(getenv("TZ"), "XYZ-3");
    localtime_r(&instant, &local);
    assert_int_equal(local.tm_gmtoff, 3 * 3600);
    unsetenv("TZ");
    tzset();
    assert_true(zone_load("Europe/Berlin", &zone, &failure));
    assert_null(getenv("TZ"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offsets_change_at_the_published_instants),
        cmocka_unit_test(a_table_is_ascending_and_has_no_empty_steps),
        cmocka_unit_test(names_that_are_no_zone_are_refused),
        cmocka_unit_test(utc_needs_no_database_other_zones_do),
        cmocka_unit_test(the_zone_of_the_process_is_put_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
