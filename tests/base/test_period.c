/* Periods of the books: where they begin and end, and how they are written. */
#include "period.h"
#include "timestamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof *(table))

static int32_t day(const char *text)
{
    int32_t number = 0;
    assert_true(timestamp_parse_day(text, strlen(text), &number));
    return number;
}

static void a_day_lies_in_one_period_of_each_kind(void **state)
{
    static const struct {
        const char *day;
        enum period_kind kind;
        const char *text, *from, *until;
    } rows[] = {
        {"2026-03-10", PERIOD_DAY, "2026-03-10", "2026-03-10", "2026-03-11"},
        {"2026-03-10", PERIOD_TEN_DAYS, "2026-03-X1", "2026-03-01", "2026-03-11"},
        {"2026-03-11", PERIOD_TEN_DAYS, "2026-03-X2", "2026-03-11", "2026-03-21"},
        {"2026-03-31", PERIOD_TEN_DAYS, "2026-03-X3", "2026-03-21", "2026-04-01"},
        /* DOMAIN 1: the third of February has 8 days, or 9 */
        {"2026-02-28", PERIOD_TEN_DAYS, "2026-02-X3", "2026-02-21", "2026-03-01"},
        {"2028-02-21", PERIOD_TEN_DAYS, "2028-02-X3", "2028-02-21", "2028-03-01"},
        {"2026-12-31", PERIOD_MONTH, "2026-12", "2026-12-01", "2027-01-01"},
        {"2026-12-31", PERIOD_QUARTER, "2026-Q4", "2026-10-01", "2027-01-01"},
        {"2026-02-28", PERIOD_QUARTER, "2026-Q1", "2026-01-01", "2026-04-01"},
        {"2028-02-29", PERIOD_YEAR, "2028", "2028-01-01", "2029-01-01"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct period period = period_of(rows[i].kind, day(rows[i].day));
        struct period parsed;
        char text[PERIOD_TEXT_MAX];
        assert_string_equal(period_format(period, text), rows[i].text);
        assert_int_equal(period.from_day, day(rows[i].from));
        assert_int_equal(period.until_day, day(rows[i].until));
        assert_true(period_parse(text, &parsed));
        assert_true(period_equal(parsed, period));
        assert_int_equal(parsed.until_day, period.until_day);
    }
}

/* Over forty years: each begins where the one before it ends, and holds the days between. */
static void periods_of_a_kind_cover_every_day_once(void **state)
{
    (void)state;
    for (int kind = 0; kind < PERIOD_KINDS; kind++) {
        struct period period = period_of((enum period_kind)kind, day("2000-01-01"));
        for (int32_t at = period.from_day; at < day("2040-01-01"); at++) {
            if (at == period.until_day) {
                struct period next = period_next(period);
                assert_int_equal(next.from_day, period.until_day);
                assert_true(period_equal(period_before(next), period));
                period = next;
            }
            assert_true(period_holds(period, at));
            assert_true(period_equal(period_of(period.kind, at), period));
        }
    }
}

static void what_is_no_period_is_not_read(void **state)
{
    static const char *const texts[] = {
        "",           "20",          "2026-",      "2026-3",     "2026-13",    "2026-00", "2026-Q0",
        "2026-Q5",    "2026-X1",     "2026-03-X0", "2026-03-X4", "2026-03-32", "1999",    "2100",
        "2026-03-x1", "2026-03-10 ", "2o26",       "2026-02-30", "2026/03"};
    (void)state;
    for (size_t i = 0; i < ROWS(texts); i++) {
        struct period period;
        if (period_parse(texts[i], &period)) {
            fail_msg("\"%s\" was read", texts[i]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_lies_in_one_period_of_each_kind),
        cmocka_unit_test(periods_of_a_kind_cover_every_day_once),
        cmocka_unit_test(what_is_no_period_is_not_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
