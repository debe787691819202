/* The SQL functions of reader.h: amounts, ratios and times as texts. */
#include "reader_private.h"

#include "failure.h"
#include "period.h"
#include "quantity.h"
#include "timestamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether one of the arguments is null: the result is left null then. */
static bool any_null(int count, sqlite3_value **arguments)
{
    for (int i = 0; i < count; i++) {
        if (sqlite3_value_type(arguments[i]) == SQLITE_NULL) {
            return true;
        }
    }
    return false;
}

static void result_text(sqlite3_context *context, const char *text)
{
    sqlite3_result_text(context, text, -1, SQLITE_TRANSIENT);
}

static void decimal(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    char text[QUANTITY_TEXT_MAX];

    if (any_null(count, arguments)) {
        return;
    }
    result_text(context, quantity_to_text(sqlite3_value_int64(arguments[0]),
                                          (unsigned)sqlite3_value_int(arguments[1]), text));
}

static void ratio(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    char text[QUANTITY_TEXT_MAX];

    if (any_null(count, arguments) || sqlite3_value_int64(arguments[1]) <= 0) {
        return;
    }
    result_text(context, quantity_ratio_to_text(sqlite3_value_int64(arguments[0]),
                                                sqlite3_value_int64(arguments[1]),
                                                (unsigned)sqlite3_value_int(arguments[2]), text));
}

static void per_tonne(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    char text[QUANTITY_TEXT_MAX];

    if (any_null(count, arguments) || sqlite3_value_int64(arguments[2]) <= 0) {
        return;
    }
    /* (base / 10^decimals) / (grams / 10^6) */
    quantity_wide numerator = (quantity_wide)sqlite3_value_int64(arguments[0]) * 1000000;
    quantity_wide denominator = (quantity_wide)sqlite3_value_int64(arguments[2]) *
                                quantity_power_of_ten((unsigned)sqlite3_value_int(arguments[1]));
    result_text(context, quantity_ratio_to_text(numerator, denominator, 6, text));
}

static void percent(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    char text[QUANTITY_TEXT_MAX];

    if (any_null(count, arguments)) {
        return;
    }
    quantity_wide part = sqlite3_value_int64(arguments[0]),
                  whole = sqlite3_value_int64(arguments[1]);
    if (part == 0) {
        result_text(context, "0");
    } else if (whole != 0) {
        if (whole < 0) {
            part = -part;
            whole = -whole;
        }
        result_text(context, quantity_ratio_to_text(part * 100, whole, 2, text));
    }
}

/* |part| <= band x |whole|, where the band is in 10^-4 per cent. */
static void within(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    if (any_null(count, arguments)) {
        return;
    }
    quantity_wide part = sqlite3_value_int64(arguments[0]),
                  whole = sqlite3_value_int64(arguments[1]);
    part = part < 0 ? -part : part;
    whole = whole < 0 ? -whole : whole;
    sqlite3_result_int(context, part * 1000000 <= sqlite3_value_int64(arguments[2]) * whole);
}

static void local_time(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    const struct reader *reader = sqlite3_user_data(context);
    char text[TIMESTAMP_TEXT_MAX];

    if (any_null(count, arguments)) {
        return;
    }
    int64_t ts_us = sqlite3_value_int64(arguments[0]);
    result_text(context, timestamp_format(ts_us, zone_offset_s(&reader->zone, ts_us), text));
}

static void civil_day(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    char text[TIMESTAMP_TEXT_MAX];

    if (!any_null(count, arguments)) {
        result_text(context, timestamp_format_day(sqlite3_value_int(arguments[0]), text));
    }
}

static void day_number(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    int32_t day = 0;

    if (any_null(count, arguments)) {
        return;
    }
    const char *text = (const char *)sqlite3_value_text(arguments[0]);
    if (timestamp_parse_day(text, strlen(text), &day)) {
        sqlite3_result_int(context, day);
    }
}

static void period_of_day(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    char text[PERIOD_TEXT_MAX];

    if (any_null(count, arguments)) {
        return;
    }
    const char *name = (const char *)sqlite3_value_text(arguments[0]);
    for (int kind = 0; kind < PERIOD_KINDS; kind++) {
        if (strcmp(period_kind_name((enum period_kind)kind), name) == 0) {
            struct period period =
                period_of((enum period_kind)kind, sqlite3_value_int(arguments[1]));
            result_text(context, period_format(period, text));
        }
    }
}

static bool period_argument(int count, sqlite3_value **arguments, struct period *period)
{
    return !any_null(count, arguments) &&
           period_parse((const char *)sqlite3_value_text(arguments[0]), period);
}

static void period_from(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct period period;

    if (period_argument(count, arguments, &period)) {
        sqlite3_result_int(context, period.from_day);
    }
}

static void period_until(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    struct period period;

    if (period_argument(count, arguments, &period)) {
        sqlite3_result_int(context, period.until_day);
    }
}

static void instant(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    const struct reader *reader = sqlite3_user_data(context);
    int64_t ts_us = 0, local_us = 0;
    int32_t day = 0;

    if (any_null(count, arguments)) {
        return;
    }
    const char *text = (const char *)sqlite3_value_text(arguments[0]);
    size_t length = strlen(text);
    if (timestamp_parse(text, length, &ts_us)) {
        sqlite3_result_int64(context, ts_us);
    } else if (timestamp_parse_local(text, length, &local_us)) {
        sqlite3_result_int64(context, zone_instant_us(&reader->zone, local_us, NULL));
    } else if (timestamp_parse_day(text, length, &day)) {
        sqlite3_result_int64(context, zone_instant_us(&reader->zone, day * TIMESTAMP_DAY_US, NULL));
    }
}

/* The length in bytes of the UTF-8 character at `bytes`, 0 where it is none: RFC 3629. */
static size_t character_length(const unsigned char *bytes, size_t length)
{
    static const struct {
        unsigned char first_min, first_max, second_min, second_max;
        size_t length;
    } forms[] = {
        {0x20, 0x7e, 0x00, 0xff, 1}, {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (bytes[0] < forms[i].first_min || bytes[0] > forms[i].first_max) {
            continue;
        }
        if (forms[i].length > length || (forms[i].length > 1 && (bytes[1] < forms[i].second_min ||
                                                                 bytes[1] > forms[i].second_max))) {
            return 0;
        }
        for (size_t j = 2; j < forms[i].length; j++) {
            if ((bytes[j] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return forms[i].length;
    }
    return 0;
}

static void printable(sqlite3_context *context, int count, sqlite3_value **arguments)
{
    if (any_null(count, arguments)) {
        return;
    }
    const unsigned char *bytes = sqlite3_value_blob(arguments[0]);
    size_t length = (size_t)sqlite3_value_bytes(arguments[0]), used = 0;
    char *text = sqlite3_malloc64(4 * length + 1);
    if (text == NULL) {
        sqlite3_result_error_nomem(context);
        return;
    }
    for (size_t i = 0; i < length;) {
        size_t size = character_length(bytes + i, length - i);
        if (size == 0) {
            used += (size_t)snprintf(text + used, 5, "\\x%02x", bytes[i]);
            i++;
        } else {
            memcpy(text + used, bytes + i, size);
            used += size;
            i += size;
        }
    }
    sqlite3_result_text64(context, text, used, sqlite3_free, SQLITE_UTF8);
}

static const struct function {
    const char *name;
    int argument_count;
    void (*run)(sqlite3_context *context, int count, sqlite3_value **arguments);
} functions[] = {
    {"decimal", 2, decimal},           {"ratio", 3, ratio},
    {"per_tonne", 3, per_tonne},       {"percent", 2, percent},
    {"local_time", 1, local_time},     {"civil_day", 1, civil_day},
    {"day_number", 1, day_number},     {"instant", 1, instant},
    {"printable", 1, printable},       {"within", 3, within},
    {"period_of", 2, period_of_day},   {"period_from", 1, period_from},
    {"period_until", 1, period_until},
};

void reader_functions_add(struct reader *reader)
{
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        int result = sqlite3_create_function_v2(
            reader->database, functions[i].name, functions[i].argument_count,
            SQLITE_UTF8 | SQLITE_DETERMINISTIC, reader, functions[i].run, NULL, NULL, NULL);
        REQUIRE(result == SQLITE_OK);
    }
}
