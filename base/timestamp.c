#include "timestamp.h"

#include <stdio.h>

/* `count` decimal digits at text[*at]; false where there are fewer. */
static bool take_digits(const char *text, size_t length, size_t *at, unsigned count, int32_t *value)
{
    if (*at + count > length) {
        return false;
    }
    int32_t number = 0;
    for (unsigned i = 0; i < count; i++) {
        char digit = text[*at + i];
        if (digit < '0' || digit > '9') {
            return false;
        }
        number = number * 10 + (digit - '0');
    }
    *at += count;
    *value = number;
    return true;
}

static bool take_char(const char *text, size_t length, size_t *at, const char *allowed)
{
    if (*at >= length) {
        return false;
    }
    for (; *allowed != '\0'; allowed++) {
        if (text[*at] == *allowed) {
            (*at)++;
            return true;
        }
    }
    return false;
}

int32_t timestamp_day_from_civil(int32_t year, unsigned month, unsigned day_of_month)
{
    year -= month <= 2;
    int32_t era = (year >= 0 ? year : year - 399) / 400;
    unsigned year_of_era = (unsigned)(year - era * 400);
    unsigned day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day_of_month - 1;
    unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + (int32_t)day_of_era - 719468;
}

void timestamp_civil_from_day(int32_t day, int32_t *year, unsigned *month, unsigned *day_of_month)
{
    day += 719468;
    int32_t era = (day >= 0 ? day : day - 146096) / 146097;
    unsigned day_of_era = (unsigned)(day - era * 146097);
    unsigned year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    unsigned shifted_month = (5 * day_of_year + 2) / 153;
    *day_of_month = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    *month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    *year = (int32_t)year_of_era + era * 400 + (*month <= 2);
}

static int32_t days_of_month(int32_t year, int32_t month)
{
    static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

static bool take_day(const char *text, size_t length, size_t *at, int32_t *day)
{
    int32_t year = 0;
    int32_t month = 0;
    int32_t day_of_month = 0;
    if (!take_digits(text, length, at, 4, &year) || !take_char(text, length, at, "-") ||
        !take_digits(text, length, at, 2, &month) || !take_char(text, length, at, "-") ||
        !take_digits(text, length, at, 2, &day_of_month)) {
        return false;
    }
    if (month < 1 || month > 12 || day_of_month < 1 || day_of_month > days_of_month(year, month)) {
        return false;
    }
    *day = timestamp_day_from_civil(year, (unsigned)month, (unsigned)day_of_month);
    return true;
}

static bool take_clock(const char *text, size_t length, size_t *at, int64_t *clock_us)
{
    int32_t hour = 0;
    int32_t minute = 0;
    int32_t second = 0;
    if (!take_digits(text, length, at, 2, &hour) || !take_char(text, length, at, ":") ||
        !take_digits(text, length, at, 2, &minute) || !take_char(text, length, at, ":") ||
        !take_digits(text, length, at, 2, &second)) {
        return false;
    }
    if (hour > 23 || minute > 59 || second > 60) {
        return false;
    }
    int64_t fraction_us = 0;
    if (take_char(text, length, at, ".")) {
        int64_t digit_us = TIMESTAMP_SECOND_US / 10;
        unsigned digits = 0;
        int32_t digit = 0;
        while (take_digits(text, length, at, 1, &digit)) {
            fraction_us += digit * digit_us;
            digit_us /= 10;
            digits++;
        }
        if (digits == 0 || digits > 9) {
            return false;
        }
    }
    *clock_us = ((int64_t)hour * 3600 + minute * 60 + second) * TIMESTAMP_SECOND_US + fraction_us;
    return true;
}

static bool take_offset(const char *text, size_t length, size_t *at, int64_t *offset_us)
{
    *offset_us = 0;
    if (take_char(text, length, at, "Zz")) {
        return true;
    }
    int64_t sign = take_char(text, length, at, "-") ? -1 : 1;
    if (sign > 0 && !take_char(text, length, at, "+")) {
        return false;
    }
    int32_t hour = 0;
    int32_t minute = 0;
    if (!take_digits(text, length, at, 2, &hour) || !take_char(text, length, at, ":") ||
        !take_digits(text, length, at, 2, &minute) || hour > 23 || minute > 59) {
        return false;
    }
    *offset_us = sign * ((int64_t)hour * 3600 + minute * 60) * TIMESTAMP_SECOND_US;
    return true;
}

static bool take_local(const char *text, size_t length, size_t *at, int64_t *local_us)
{
    int32_t day = 0;
    int64_t clock_us = 0;
    if (!take_day(text, length, at, &day) || !take_char(text, length, at, "Tt ") ||
        !take_clock(text, length, at, &clock_us)) {
        return false;
    }
    *local_us = day * TIMESTAMP_DAY_US + clock_us;
    return true;
}

bool timestamp_parse(const char *text, size_t length, int64_t *ts_us)
{
    size_t at = 0;
    int64_t local_us = 0;
    int64_t offset_us = 0;
    if (!take_local(text, length, &at, &local_us) || !take_offset(text, length, &at, &offset_us) ||
        at != length) {
        return false;
    }
    *ts_us = local_us - offset_us;
    return true;
}

bool timestamp_parse_local(const char *text, size_t length, int64_t *local_us)
{
    size_t at = 0;
    return take_local(text, length, &at, local_us) && at == length;
}

bool timestamp_parse_day(const char *text, size_t length, int32_t *day)
{
    size_t at = 0;
    return take_day(text, length, &at, day) && at == length;
}

bool timestamp_parse_time_of_day(const char *text, size_t length, int32_t *seconds)
{
    size_t at = 0;
    int32_t hour = 0;
    int32_t minute = 0;
    int32_t second = 0;
    if (!take_digits(text, length, &at, 2, &hour) || !take_char(text, length, &at, ":") ||
        !take_digits(text, length, &at, 2, &minute)) {
        return false;
    }
    if (at < length &&
        (!take_char(text, length, &at, ":") || !take_digits(text, length, &at, 2, &second))) {
        return false;
    }
    if (at != length || hour > 23 || minute > 59 || second > 59) {
        return false;
    }
    *seconds = hour * 3600 + minute * 60 + second;
    return true;
}

/* floor(a / b) and the remainder, b > 0. */
static int64_t floor_divide(int64_t a, int64_t b, int64_t *remainder)
{
    int64_t quotient = a / b;
    *remainder = a % b;
    if (*remainder < 0) {
        *remainder += b;
        quotient--;
    }
    return quotient;
}

char *timestamp_format(int64_t ts_us, int32_t offset_s, char text[TIMESTAMP_TEXT_MAX])
{
    int64_t clock_us = 0;
    int32_t day =
        (int32_t)floor_divide(ts_us + offset_s * TIMESTAMP_SECOND_US, TIMESTAMP_DAY_US, &clock_us);
    int32_t year = 0;
    unsigned month = 0;
    unsigned day_of_month = 0;
    timestamp_civil_from_day(day, &year, &month, &day_of_month);
    int second = (int)(clock_us / TIMESTAMP_SECOND_US);
    int fraction_us = (int)(clock_us % TIMESTAMP_SECOND_US);
    int used =
        snprintf(text, TIMESTAMP_TEXT_MAX, "%04d-%02u-%02uT%02d:%02d:%02d", year % 10000,
                 month % 100, day_of_month % 100, second / 3600, second / 60 % 60, second % 60);
    if (fraction_us % 1000 != 0) {
        used += snprintf(text + used, TIMESTAMP_TEXT_MAX - (size_t)used, ".%06d", fraction_us);
    } else if (fraction_us != 0) {
        used +=
            snprintf(text + used, TIMESTAMP_TEXT_MAX - (size_t)used, ".%03d", fraction_us / 1000);
    }
    int minutes = offset_s / 60;
    int magnitude = minutes < 0 ? -minutes : minutes;
    snprintf(text + used, TIMESTAMP_TEXT_MAX - (size_t)used, "%c%02d:%02d", minutes < 0 ? '-' : '+',
             magnitude / 60 % 100, magnitude % 60);
    return text;
}

char *timestamp_format_day(int32_t day, char text[TIMESTAMP_TEXT_MAX])
{
    int32_t year = 0;
    unsigned month = 0;
    unsigned day_of_month = 0;
    timestamp_civil_from_day(day, &year, &month, &day_of_month);
    snprintf(text, TIMESTAMP_TEXT_MAX, "%04d-%02u-%02u", year % 10000, month % 100,
             day_of_month % 100);
    return text;
}
