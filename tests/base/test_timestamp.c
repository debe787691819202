/* Times: RFC 3339 in and out, civil dates. */
#include "timestamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof *(table))
#define SECOND TIMESTAMP_SECOND_US

static void rfc_3339_is_read_with_offsets_and_fractions(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ts_us;
    } cases[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"1970-01-01t00:00:00z", 0},
        {"1970-01-01 00:00:00Z", 0},
        {"1970-01-01T00:00:00+00:00", 0},
        {"1970-01-01T00:00:00-00:00", 0},
        {"1969-12-31T23:59:59Z", -SECOND},
        {"1970-01-01T08:00:00+08:00", 0},
        {"1969-12-31T18:30:00-05:30", 0},
        {"1970-01-01T23:59:00+23:59", 0},
        {"2026-03-10T08:00:00+08:00", INT64_C(1773100800) * SECOND},
        {"2026-03-10T00:00:00Z", INT64_C(1773100800) * SECOND},
        {"2000-01-01T00:00:00Z", TIMESTAMP_MIN_US},
        {"2100-01-01T00:00:00Z", TIMESTAMP_MAX_US},
        {"2000-02-29T00:00:00Z", INT64_C(951782400) * SECOND},
        {"2024-02-29T12:00:00Z", INT64_C(1709208000) * SECOND},
        {"1970-01-01T00:00:00.5Z", 500000},
        {"1970-01-01T00:00:00.123456Z", 123456},
        {"1970-01-01T00:00:00.123456999Z", 123456},
        {"1970-01-01T00:00:00.000000999Z", 0},
        {"1970-01-01T00:00:00.001+00:00", 1000},
        {"1970-01-01T00:00:60Z", 60 * SECOND},
        {"2016-12-31T23:59:60Z", INT64_C(1483228800) * SECOND},
    };
    for (size_t i = 0; i < ROWS(cases); i++) {
        int64_t ts_us = 0;
        if (!timestamp_parse(cases[i].text, strlen(cases[i].text), &ts_us) ||
            ts_us != cases[i].ts_us) {
            fail_msg("%s: %lld", cases[i].text, (long long)ts_us);
        }
    }
}

static void what_is_no_time_is_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",
        "2026-03-10",
        "2026-03-10T08:00:00",
        "2026-03-10T08:00Z",
        "2026-03-10T08:00:00 Z",
        "2026-03-10T08:00:00Zx",
        " 2026-03-10T08:00:00Z",
        "2026-3-10T08:00:00Z",
        "26-03-10T08:00:00Z",
        "2026-00-10T08:00:00Z",
        "2026-13-10T08:00:00Z",
        "2026-03-00T08:00:00Z",
        "2026-03-32T08:00:00Z",
        "2026-04-31T08:00:00Z",
        "2026-02-29T08:00:00Z",
        "2100-02-29T08:00:00Z",
        "2000-02-30T08:00:00Z",
        "2026-12-32T08:00:00Z",
        "2026-03-10X08:00:00Z",
        "2026-03-10T24:00:00Z",
        "2026-03-10T08:60:00Z",
        "2026-03-10T08:00:61Z",
        "2026-03-10T08:00:00.Z",
        "2026-03-10T08:00:00.1234567890Z",
        "2026-03-10T08:00:00,5Z",
        "2026-03-10T08:00:00+08",
        "2026-03-10T08:00:00+0800",
        "2026-03-10T08:00:00+08:60",
        "2026-03-10T08:00:00+24:00",
        "2026-03-10T08:00:00+8:00",
        "2026-03-10T08:00:00+08:00Z",
        "2026/03/10T08:00:00Z",
        "+2026-03-10T08:00:00Z",
        "-026-03-10T08:00:00Z",
        "1773100800",
    };
    for (size_t i = 0; i < ROWS(cases); i++) {
        int64_t ts_us = 0;
        if (timestamp_parse(cases[i], strlen(cases[i]), &ts_us)) {
            fail_msg("\"%s\" was read as %lld", cases[i], (long long)ts_us);
        }
    }
}

static void reading_never_looks_behind_the_given_length(void **state)
{
    (void)state;
    static const char text[] = "2026-03-10T08:00:00.25+08:00";
    for (size_t length = 0; length < strlen(text); length++) {
        int64_t ts_us = 0;
        char *copy = test_malloc(length + 1);
        memcpy(copy, text, length);
        assert_false(timestamp_parse(copy, length, &ts_us));
        test_free(copy);
    }
}

static void local_times_have_no_offset(void **state)
{
    (void)state;
    int64_t local_us = 0;
    assert_true(timestamp_parse_local("1970-01-02T00:00:01.5", 21, &local_us));
    assert_int_equal(local_us, TIMESTAMP_DAY_US + 1500000);
    assert_false(timestamp_parse_local("1970-01-02T00:00:01Z", 20, &local_us));
    assert_false(timestamp_parse_local("1970-01-02T00:00:01+00:00", 25, &local_us));
}

static void times_are_written_with_as_many_digits_as_needed(void **state)
{
    (void)state;
    static const struct {
        int64_t ts_us;
        int32_t offset_s;
        const char *text;
    } cases[] = {
        {0, 0, "1970-01-01T00:00:00+00:00"},
        {0, 28800, "1970-01-01T08:00:00+08:00"},
        {0, -19800, "1969-12-31T18:30:00-05:30"},
        {0, -1800, "1969-12-31T23:30:00-00:30"},
        {500000, 0, "1970-01-01T00:00:00.500+00:00"},
        {123456, 0, "1970-01-01T00:00:00.123456+00:00"},
        {1, 0, "1970-01-01T00:00:00.000001+00:00"},
        {-1, 0, "1969-12-31T23:59:59.999999+00:00"},
        {INT64_C(1773100200) * SECOND, 28800, "2026-03-10T07:50:00+08:00"},
        {TIMESTAMP_MAX_US, 0, "2100-01-01T00:00:00+00:00"},
    };
    for (size_t i = 0; i < ROWS(cases); i++) {
        char text[TIMESTAMP_TEXT_MAX];
        assert_ptr_equal(timestamp_format(cases[i].ts_us, cases[i].offset_s, text), text);
        assert_string_equal(text, cases[i].text);
    }
}

static void what_is_written_reads_back_the_same(void **state)
{
    (void)state;
    uint64_t seed = 20260310;
    for (int i = 0; i < 20000; i++) {
        seed = seed * 6364136223846793005U + 1442695040888963407U;
        int64_t span_us = TIMESTAMP_MAX_US - TIMESTAMP_MIN_US;
        int64_t ts_us = TIMESTAMP_MIN_US + (int64_t)((seed >> 1) % (uint64_t)span_us);
        ts_us -= i % 3 == 0 ? ts_us % SECOND : 0;
        int32_t offset_s = (int32_t)((seed >> 40) % (2 * 1439 + 1)) * 60 - 1439 * 60;
        char text[TIMESTAMP_TEXT_MAX];
        int64_t again_us = 0;
        timestamp_format(ts_us, offset_s, text);
        assert_true(timestamp_parse(text, strlen(text), &again_us));
        assert_true(again_us == ts_us);
    }
}

static void days_are_read_and_written(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int32_t day;
    } good[] = {
        {"1970-01-01", 0},     {"1969-12-31", -1},      {"2000-02-29", 11016},
        {"2000-03-01", 11017}, {"2026-03-10", 20522},   {"2100-02-28", 47540},
        {"2100-03-01", 47541}, {"1600-02-29", -135081},
    };
    for (size_t i = 0; i < ROWS(good); i++) {
        int32_t day = 0;
        char text[TIMESTAMP_TEXT_MAX];
        assert_true(timestamp_parse_day(good[i].text, 10, &day));
        assert_int_equal(day, good[i].day);
        assert_string_equal(timestamp_format_day(day, text), good[i].text);
    }
    static const char *const bad[] = {
        "2026-02-30", "2026-3-10", "2026-03-10 ", "2026-03-1", "20260310", "2026-13-01", "",
    };
    for (size_t i = 0; i < ROWS(bad); i++) {
        int32_t day = 0;
        assert_false(timestamp_parse_day(bad[i], strlen(bad[i]), &day));
    }
}

static void every_day_of_eight_centuries_follows_the_day_before(void **state)
{
    (void)state;
    static const unsigned lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int32_t day = timestamp_day_from_civil(1600, 1, 1);
    for (int32_t year = 1600; year < 2400; year++) {
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        for (unsigned month = 1; month <= 12; month++) {
            unsigned length = lengths[month - 1] + (leap && month == 2 ? 1 : 0);
            for (unsigned day_of_month = 1; day_of_month <= length; day_of_month++, day++) {
                int32_t got_year = 0;
                unsigned got_month = 0;
                unsigned got_day = 0;
                timestamp_civil_from_day(day, &got_year, &got_month, &got_day);
                if (timestamp_day_from_civil(year, month, day_of_month) != day ||
                    got_year != year || got_month != month || got_day != day_of_month) {
                    fail_msg("%d-%u-%u is day %d", year, month, day_of_month, day);
                }
            }
        }
    }
}

static void times_of_day_reach_from_midnight_to_a_second_before(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
        int32_t seconds;
    } cases[] = {
        {"00:00", true, 0},        {"08:00", true, 28800},    {"23:59", true, 86340},
        {"23:59:59", true, 86399}, {"06:30:15", true, 23415}, {"24:00", false, 0},
        {"08:60", false, 0},       {"08:00:60", false, 0},    {"8:00", false, 0},
        {"08:0", false, 0},        {"08:00:", false, 0},      {"08:00:0", false, 0},
        {"08:00Z", false, 0},      {"08:00:00 ", false, 0},   {"", false, 0},
        {"0800", false, 0},
    };
    for (size_t i = 0; i < ROWS(cases); i++) {
        int32_t seconds = -1;
        bool good = timestamp_parse_time_of_day(cases[i].text, strlen(cases[i].text), &seconds);
        if (good != cases[i].good || (good && seconds != cases[i].seconds)) {
            fail_msg("\"%s\": %d, %d s", cases[i].text, good, seconds);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc_3339_is_read_with_offsets_and_fractions),
        cmocka_unit_test(what_is_no_time_is_refused),
        cmocka_unit_test(reading_never_looks_behind_the_given_length),
        cmocka_unit_test(local_times_have_no_offset),
        cmocka_unit_test(times_are_written_with_as_many_digits_as_needed),
        cmocka_unit_test(what_is_written_reads_back_the_same),
        cmocka_unit_test(days_are_read_and_written),
        cmocka_unit_test(every_day_of_eight_centuries_follows_the_day_before),
        cmocka_unit_test(times_of_day_reach_from_midnight_to_a_second_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
