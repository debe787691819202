/* Zones: offsets at instants, instants of wall times, the hours that are skipped or come twice. */
#include "timestamp.h"
#include "zone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof *(table))

static int64_t instant(const char *text)
{
    int64_t ts_us = 0;
    assert_true(timestamp_parse(text, strlen(text), &ts_us));
    return ts_us;
}

static int64_t wall(const char *text)
{
    int64_t local_us = 0;
    assert_true(timestamp_parse_local(text, strlen(text), &local_us));
    return local_us;
}

/* Summer time of one year, as in Madrid: +01:00, from 29 March +02:00, from 25 October +01:00. */
static struct zone madrid(void)
{
    return (struct zone){
        .name = "Madrid",
        .transition_count = 3,
        .transitions = {{INT64_MIN, 3600},
                        {instant("2026-03-29T01:00:00Z"), 7200},
                        {instant("2026-10-25T01:00:00Z"), 3600}},
    };
}

/* West of Greenwich, as in Chicago. */
static struct zone chicago(void)
{
    return (struct zone){
        .name = "Chicago",
        .transition_count = 3,
        .transitions = {{INT64_MIN, -21600},
                        {instant("2026-03-08T08:00:00Z"), -18000},
                        {instant("2026-11-01T07:00:00Z"), -21600}},
    };
}

static void a_fixed_zone_has_one_offset_for_all_time(void **state)
{
    (void)state;
    struct zone zone = zone_fixed("Asia/Shanghai", 28800);
    int ambiguous = 7;
    assert_string_equal(zone.name, "Asia/Shanghai");
    assert_int_equal(zone_offset_s(&zone, TIMESTAMP_MIN_US), 28800);
    assert_int_equal(zone_offset_s(&zone, -TIMESTAMP_DAY_US), 28800);
    assert_int_equal(zone_offset_s(&zone, TIMESTAMP_MAX_US), 28800);
    assert_true(zone_instant_us(&zone, wall("2026-03-10T08:00:00"), &ambiguous) ==
                instant("2026-03-10T00:00:00Z"));
    assert_int_equal(ambiguous, 0);
}

static void a_name_that_is_too_long_is_cut(void **state)
{
    (void)state;
    char name[2 * ZONE_NAME_MAX];
    memset(name, 'x', sizeof name);
    name[sizeof name - 1] = '\0';
    struct zone zone = zone_fixed(name, 0);
    assert_int_equal(strlen(zone.name), ZONE_NAME_MAX);
}

static void an_offset_holds_from_the_instant_of_its_transition(void **state)
{
    (void)state;
    struct zone zone = madrid();
    int64_t spring_us = instant("2026-03-29T01:00:00Z");
    int64_t autumn_us = instant("2026-10-25T01:00:00Z");
    assert_int_equal(zone_offset_s(&zone, instant("1990-01-01T00:00:00Z")), 3600);
    assert_int_equal(zone_offset_s(&zone, spring_us - 1), 3600);
    assert_int_equal(zone_offset_s(&zone, spring_us), 7200);
    assert_int_equal(zone_offset_s(&zone, autumn_us - 1), 7200);
    assert_int_equal(zone_offset_s(&zone, autumn_us), 3600);
    assert_int_equal(zone_offset_s(&zone, instant("2090-07-01T00:00:00Z")), 3600);
}

struct wall_case {
    const char *wall, *instant;
    int ambiguous;
};

static void check_walls(const struct zone *zone, const struct wall_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int ambiguous = 7;
        int64_t got_us = zone_instant_us(zone, wall(cases[i].wall), &ambiguous);
        if (got_us != instant(cases[i].instant) || ambiguous != cases[i].ambiguous) {
            char text[TIMESTAMP_TEXT_MAX];
            fail_msg("%s in %s: %s, ambiguous %d", cases[i].wall, zone->name,
                     timestamp_format(got_us, 0, text), ambiguous);
        }
        assert_true(zone_instant_us(zone, wall(cases[i].wall), NULL) == got_us);
    }
}

static void a_skipped_hour_is_the_jump_and_a_repeated_one_its_first_pass(void **state)
{
    (void)state;
    static const struct wall_case in_madrid[] = {
        {"2026-03-29T01:59:59", "2026-03-29T00:59:59Z", 0},
        {"2026-03-29T02:00:00", "2026-03-29T01:00:00Z", 0},
        {"2026-03-29T02:30:00", "2026-03-29T01:00:00Z", 0},
        {"2026-03-29T02:59:59.999999", "2026-03-29T01:00:00Z", 0},
        {"2026-03-29T03:00:00", "2026-03-29T01:00:00Z", 0},
        {"2026-03-29T03:00:01", "2026-03-29T01:00:01Z", 0},
        {"2026-10-25T01:59:59", "2026-10-24T23:59:59Z", 0},
        {"2026-10-25T02:00:00", "2026-10-25T00:00:00Z", 1},
        {"2026-10-25T02:30:00", "2026-10-25T00:30:00Z", 1},
        {"2026-10-25T02:59:59.999999", "2026-10-25T00:59:59.999999Z", 1},
        {"2026-10-25T03:00:00", "2026-10-25T02:00:00Z", 0},
        {"2026-07-01T12:00:00", "2026-07-01T10:00:00Z", 0},
        {"2026-01-01T12:00:00", "2026-01-01T11:00:00Z", 0},
    };
    static const struct wall_case in_chicago[] = {
        {"2026-03-08T01:59:59", "2026-03-08T07:59:59Z", 0},
        {"2026-03-08T02:00:00", "2026-03-08T08:00:00Z", 0},
        {"2026-03-08T02:59:59", "2026-03-08T08:00:00Z", 0},
        {"2026-03-08T03:00:00", "2026-03-08T08:00:00Z", 0},
        {"2026-11-01T00:59:59", "2026-11-01T05:59:59Z", 0},
        {"2026-11-01T01:00:00", "2026-11-01T06:00:00Z", 1},
        {"2026-11-01T01:59:59", "2026-11-01T06:59:59Z", 1},
        {"2026-11-01T02:00:00", "2026-11-01T08:00:00Z", 0},
    };
    struct zone east = madrid();
    struct zone west = chicago();
    check_walls(&east, in_madrid, ROWS(in_madrid));
    check_walls(&west, in_chicago, ROWS(in_chicago));
}

static void every_instant_comes_back_from_its_wall_time_or_is_the_second_pass(void **state)
{
    (void)state;
    struct zone zones[] = {madrid(), chicago(), zone_fixed("x", 50400), zone_fixed("y", -43200)};
    for (size_t z = 0; z < ROWS(zones); z++) {
        int64_t ts_us = instant("2026-01-01T00:00:00Z");
        int64_t end_us = instant("2027-01-01T00:00:00Z");
        int repeated = 0;
        for (; ts_us < end_us; ts_us += 20 * TIMESTAMP_MINUTE_US) {
            int ambiguous = 7;
            int64_t local_us = ts_us + zone_offset_s(&zones[z], ts_us) * TIMESTAMP_SECOND_US;
            int64_t back_us = zone_instant_us(&zones[z], local_us, &ambiguous);
            if (back_us != ts_us) {
                assert_int_equal(ambiguous, 1);
                assert_int_equal(ts_us - back_us, TIMESTAMP_HOUR_US);
                repeated++;
            }
        }
        assert_int_equal(repeated, zones[z].transition_count == 3 ? 3 : 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fixed_zone_has_one_offset_for_all_time),
        cmocka_unit_test(a_name_that_is_too_long_is_cut),
        cmocka_unit_test(an_offset_holds_from_the_instant_of_its_transition),
        cmocka_unit_test(a_skipped_hour_is_the_jump_and_a_repeated_one_its_first_pass),
        cmocka_unit_test(every_instant_comes_back_from_its_wall_time_or_is_the_second_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
