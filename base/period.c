#include "period.h"

#include "failure.h"
#include "timestamp.h"

#include <stdio.h>
#include <string.h>

/* The first day of the month that lies so many months behind the one of `day`. */
static int32_t month_start(int32_t day, int months_on)
{
    int32_t year = 0;
    unsigned month = 0, of_month = 0;
    timestamp_civil_from_day(day, &year, &month, &of_month);
    int32_t months = year * 12 + (int32_t)month - 1 + months_on;
    return timestamp_day_from_civil(months / 12, (unsigned)(months % 12) + 1, 1);
}

static unsigned month_of(int32_t day)
{
    int32_t year = 0;
    unsigned month = 0, of_month = 0;
    timestamp_civil_from_day(day, &year, &month, &of_month);
    return month;
}

static struct period ten_days_of(int32_t day)
{
    int32_t month = month_start(day, 0);
    int32_t third = (day - month) / 10 > 2 ? 2 : (day - month) / 10;
    return (struct period){.kind = PERIOD_TEN_DAYS,
                           .from_day = month + 10 * third,
                           .until_day = third == 2 ? month_start(day, 1) : month + 10 * third + 10};
}

/* A period of so many months in a row of such in the year. */
static struct period months_of(enum period_kind kind, int months, int32_t day)
{
    int since = (int)(month_of(day) - 1) % months;
    return (struct period){.kind = kind,
                           .from_day = month_start(day, -since),
                           .until_day = month_start(day, months - since)};
}

struct period period_of(enum period_kind kind, int32_t day)
{
    static const int months[PERIOD_KINDS] = {
        [PERIOD_MONTH] = 1, [PERIOD_QUARTER] = 3, [PERIOD_YEAR] = 12};
    REQUIRE(kind < PERIOD_KINDS);
    if (kind == PERIOD_TEN_DAYS) {
        return ten_days_of(day);
    }
    if (kind == PERIOD_DAY) {
        return (struct period){.kind = kind, .from_day = day, .until_day = day + 1};
    }
    return months_of(kind, months[kind], day);
}

struct period period_next(struct period period)
{
    return period_of(period.kind, period.until_day);
}

struct period period_before(struct period period)
{
    return period_of(period.kind, period.from_day - 1);
}

bool period_holds(struct period period, int32_t day)
{
    return day >= period.from_day && day < period.until_day;
}

bool period_equal(struct period a, struct period b)
{
    return a.kind == b.kind && a.from_day == b.from_day;
}

/* Digits of the text's end as a number; -1 where they are none. */
static int number(const char *text, size_t length)
{
    int value = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return -1;
        }
        value = 10 * value + text[i] - '0';
    }
    return value;
}

/* "2026-03" as its first day; the year between those of timestamp.h. */
static bool parse_month(const char *text, int32_t *day)
{
    int year = number(text, 4), month = number(text + 5, 2);
    if (year < 2000 || year > 2099 || text[4] != '-' || month < 1 || month > 12) {
        return false;
    }
    *day = timestamp_day_from_civil(year, (unsigned)month, 1);
    return true;
}

bool period_parse(const char *text, struct period *period)
{
    enum { YEAR = 4, MONTH = 7, TEN_DAYS = 10 };
    size_t length = strlen(text);
    int32_t day = 0;
    if (length == TEN_DAYS && text[MONTH] == '-' && text[MONTH + 1] == 'X') {
        int third = number(text + MONTH + 2, 1);
        bool good = third >= 1 && third <= 3 && parse_month(text, &day);
        *period = period_of(PERIOD_TEN_DAYS, good ? day + 10 * (third - 1) : 0);
        return good;
    }
    if (length == TEN_DAYS && timestamp_parse_day(text, length, &day)) {
        *period = period_of(PERIOD_DAY, day);
        return true;
    }
    if (length == MONTH && text[YEAR + 1] == 'Q') {
        char month[] = "2000-01";
        int quarter = number(text + YEAR + 2, 1);
        memcpy(month, text, YEAR + 1);
        bool good = quarter >= 1 && quarter <= 4 && parse_month(month, &day);
        *period = period_of(PERIOD_QUARTER, good ? month_start(day, 3 * (quarter - 1)) : 0);
        return good;
    }
    if (length == MONTH && parse_month(text, &day)) {
        *period = period_of(PERIOD_MONTH, day);
        return true;
    }
    char january[] = "2000-01";
    if (length != YEAR) {
        return false;
    }
    memcpy(january, text, YEAR);
    bool good = parse_month(january, &day);
    *period = period_of(PERIOD_YEAR, good ? day : 0);
    return good;
}

char *period_format(struct period period, char text[PERIOD_TEXT_MAX])
{
    int32_t year = 0;
    unsigned month = 0, of_month = 0;
    timestamp_civil_from_day(period.from_day, &year, &month, &of_month);
    REQUIRE(year >= 0 && year <= 9999);
    switch (period.kind) {
    case PERIOD_DAY:
        snprintf(text, PERIOD_TEXT_MAX, "%04d-%02u-%02u", year, month, of_month);
        break;
    case PERIOD_TEN_DAYS:
        snprintf(text, PERIOD_TEXT_MAX, "%04d-%02u-X%u", year, month, of_month / 10 + 1);
        break;
    case PERIOD_MONTH:
        snprintf(text, PERIOD_TEXT_MAX, "%04d-%02u", year, month);
        break;
    case PERIOD_QUARTER:
        snprintf(text, PERIOD_TEXT_MAX, "%04d-Q%u", year, (month - 1) / 3 + 1);
        break;
    case PERIOD_YEAR:
    case PERIOD_KINDS:
        snprintf(text, PERIOD_TEXT_MAX, "%04d", year);
        break;
    }
    return text;
}

const char *period_kind_name(enum period_kind kind)
{
    static const char *const names[PERIOD_KINDS] = {[PERIOD_DAY] = "day",
                                                    [PERIOD_TEN_DAYS] = "ten_days",
                                                    [PERIOD_MONTH] = "month",
                                                    [PERIOD_QUARTER] = "quarter",
                                                    [PERIOD_YEAR] = "year"};
    REQUIRE(kind < PERIOD_KINDS);
    return names[kind];
}
