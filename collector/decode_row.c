#include "decode_row.h"

#include "failure.h"
#include "json_number.h"
#include "json_scan.h"
#include "local_time.h"
#include "timestamp.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INDEX_DIGITS_MAX 9 /* of an element in a pointer */

/* More than any heat weighs: what a million of them add up to stays within 63 bits, so that a scale
 * that lies cannot break the books. */
#define WEIGHT_MAX_G INT64_C(1000000000000)

/* Cuts to DECODE_DETAIL_MAX bytes between characters, and writes '?' for what is not printable. */
static void clean(char *text)
{
    size_t length = strlen(text), at = 0;
    while (at < length) {
        size_t size = json_scan_character(text + at, text + length);
        if (at + (size > 0 ? size : 1) > DECODE_DETAIL_MAX) {
            break;
        }
        unsigned char byte = (unsigned char)text[at];
        bool c1 = size == 2 && byte == 0xc2 && (unsigned char)text[at + 1] < 0xa0;
        if (size == 0 || byte < 0x20 || byte == 0x7f || c1) {
            memset(text + at, '?', size > 0 ? size : 1);
        }
        at += size > 0 ? size : 1;
    }
    text[at] = '\0';
}

bool row_refuse(const struct row *row, enum outcome outcome, const char *format, ...)
{
    char detail[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    clean(detail);
    row->sink->refused(row->sink->context, row->meter, outcome, detail);
    return false;
}

/* Goes on from `json` by the pointer's keys from `first` on. */
static const struct json_value *follow(const struct json_value *json,
                                       const struct mapping_source *pointer, unsigned first)
{
    const char *key = pointer->text;
    for (unsigned i = 0; i < first; i++) {
        key += strlen(key) + 1;
    }
    for (unsigned i = first; i < pointer->count && json != NULL; i++) {
        size_t length = strlen(key);
        if (json->kind == JSON_ARRAY) {
            bool number =
                length > 0 && length <= INDEX_DIGITS_MAX && strspn(key, "0123456789") == length;
            json = number ? json_element(json, strtoul(key, NULL, 10)) : NULL;
        } else {
            json = json_member(json, key, length);
        }
        key += length + 1;
    }
    return json;
}

static const struct json_value *find_in_row(const struct row *row,
                                            const struct mapping_source *pointer)
{
    if (pointer->count == 0 || row->members == NULL) {
        return follow(row->json, pointer, 0);
    }
    const struct json_value *member = row->members->of[pointer->member];
    return pointer->count == 1 ? member : follow(member, pointer, 1);
}

/* A level of the topic, which is taken apart when the first one is asked for. */
static void capture(const struct row *row, uint8_t index, struct field *found)
{
    const struct journal_record *record = row->record;
    if (!row->match->matched) {
        REQUIRE(topic_pattern_match(&row->mapping->topic, record->topic, record->topic_length,
                                    &row->match->levels));
        row->match->matched = true;
    }
    const struct topic_slice *level = &row->match->levels.captures[index];
    found->text = level->start;
    found->length = level->length;
}

static const struct json_value *find_at_root(const struct row *row,
                                             const struct mapping_source *pointer)
{
    struct row_match *match = row->match;
    if (match->asked != pointer) {
        match->asked = pointer;
        match->answer = follow(row->root, pointer, 0);
    }
    return match->answer;
}

bool row_look(const struct row *row, enum mapping_field field, struct field *found)
{
    const struct mapping_source *source = row->mapping->fields[field];
    *found = (struct field){0};
    for (int i = 0; i < MAPPING_SOURCES_MAX; i++, source++) {
        switch (source->kind) {
        case SOURCE_NONE:
            return false;
        case SOURCE_ROW:
            found->json = find_in_row(row, source);
            break;
        case SOURCE_ROOT:
            found->json = find_at_root(row, source);
            break;
        case SOURCE_TOPIC:
            capture(row, source->capture, found);
            break;
        case SOURCE_CONSTANT:
            found->text = source->text;
            found->length = strlen(source->text);
            break;
        }
        if (found->json != NULL || found->text != NULL) {
            return true;
        }
    }
    return false;
}

bool row_plain(const struct row *row, const struct field *found, const char **text, size_t *length)
{
    const struct json_value *json = found->json;
    if (json == NULL) {
        *text = found->text;
        *length = found->length;
        return true;
    }
    if (json->kind != JSON_TEXT) {
        return false;
    }
    *text = json->start;
    *length = json->length;
    if (json->escaped) {
        char *plain = text_arena_take(row->arena, json->length);
        *length = json_text_plain(json->start, json->length, plain);
        *text = plain;
    }
    return true;
}

bool row_says(const struct row *row, enum mapping_field field, const char *text)
{
    struct field found;
    const char *said;
    size_t length;
    return row_find(row, field, &found) && row_plain(row, &found, &said, &length) &&
           strlen(text) == length && memcmp(said, text, length) == 0;
}

const char *row_where(const struct row *row, enum mapping_field field)
{
    const struct mapping_source *source = &row->mapping->fields[field][0];
    bool pointer = source->kind == SOURCE_ROW || source->kind == SOURCE_ROOT;
    return pointer && source->count == 1 ? source->text : mapping_field_name(field);
}

static bool missing(const struct row *row, enum mapping_field field)
{
    return row_refuse(row, OUTCOME_BAD_FIELD, "\"%s\" is missing", row_where(row, field));
}

const char *row_shown(const struct row *row, const struct field *field)
{
    static const char *const kinds[] = {
        [JSON_NULL] = "null", [JSON_FALSE] = "false",    [JSON_TRUE] = "true",
        [JSON_NUMBER] = "",   [JSON_ARRAY] = "an array", [JSON_OBJECT] = "an object"};
    const char *text;
    size_t length;
    char *shown = text_arena_take(row->arena, 48);
    if (row_plain(row, field, &text, &length)) {
        snprintf(shown, 48, "\"%.*s\"", (int)(length < 40 ? length : 40), text);
    } else if (field->json->kind == JSON_NUMBER) {
        snprintf(shown, 48, "%.*s", (int)(field->json->length < 40 ? field->json->length : 40),
                 field->json->start);
    } else {
        return kinds[field->json->kind];
    }
    return shown;
}

static bool printable(const char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        unsigned char byte = (unsigned char)text[at];
        if (byte >= 0x20 && byte < 0x7f) {
            at++;
            continue;
        }
        size_t size = json_scan_character(text + at, text + length);
        bool c1 = size == 2 && byte == 0xc2 && (unsigned char)text[at + 1] < 0xa0;
        if (size == 0 || byte < 0x20 || byte == 0x7f || c1) {
            return false;
        }
        at += size;
    }
    return true;
}

bool row_text_at(const struct row *row, const struct field *found, const char *where, size_t max,
                 const char **value)
{
    const char *text;
    size_t length;
    char digits[24];
    if (!row_plain(row, found, &text, &length)) {
        int64_t whole;
        if (found->json->kind != JSON_NUMBER ||
            !json_number_whole(found->json->start, found->json->length, &whole)) {
            return row_refuse(row, OUTCOME_BAD_FIELD, "\"%s\" is %s, must be a text", where,
                              row_shown(row, found));
        }
        length = (size_t)snprintf(digits, sizeof digits, "%" PRId64, whole);
        text = digits;
    }
    if (length == 0 || length > max || !printable(text, length)) {
        return row_refuse(row, OUTCOME_BAD_FIELD,
                          "\"%s\" is %s of %zu bytes, must be 1 to %zu bytes of printable UTF-8",
                          where, row_shown(row, found), length, max);
    }
    *value = text_arena_copy(row->arena, text, length);
    return true;
}

bool row_text(const struct row *row, enum mapping_field field, enum row_need need, size_t max,
              const char **value)
{
    struct field found;
    if (!row_find(row, field, &found)) {
        return need == ROW_OPTIONAL || missing(row, field);
    }
    return row_text_at(row, &found, row_where(row, field), max, value);
}

static bool number_refused(const struct row *row, enum mapping_field field,
                           const struct field *found, enum json_number_result result)
{
    const char *where = row_where(row, field), *is = row_shown(row, found);
    enum outcome outcome = field == FIELD_VALUE ? OUTCOME_BAD_VALUE : OUTCOME_BAD_FIELD;
    switch (result) {
    case JSON_NUMBER_RANGE:
        return row_refuse(row, OUTCOME_OUT_OF_RANGE,
                          "\"%s\" is %s, more than 63 bits of the smallest unit hold", where, is);
    case JSON_NUMBER_UNCERTAIN:
        return row_refuse(row, OUTCOME_OUT_OF_RANGE,
                          "\"%s\" is %s: from 2^53 of the smallest unit up a JSON number is not "
                          "exact; a decimal string is needed",
                          where, is);
    case JSON_NUMBER_FINER:
        return row_refuse(row, outcome, "\"%s\" is %s, finer than its smallest unit", where, is);
    case JSON_NUMBER_OK:
    case JSON_NUMBER_NONE:
        break;
    }
    return row_refuse(row, outcome, "\"%s\" is %s, must be a number or a decimal string", where,
                      is);
}

/* A JSON number, or a decimal string. */
static enum json_number_result read_number(const struct row *row, const struct field *found,
                                           unsigned decimals, bool exact, int64_t *units)
{
    const char *text;
    size_t length;
    if (found->json != NULL && found->json->kind == JSON_NUMBER) {
        return json_number_units(found->json->start, found->json->length, decimals, exact, units);
    }
    return row_plain(row, found, &text, &length)
               ? json_number_text_units(text, length, decimals, exact, units)
               : JSON_NUMBER_NONE;
}

bool row_number(const struct row *row, enum mapping_field field, enum row_need need,
                unsigned decimals, bool exact, int64_t *value)
{
    struct field found;
    if (!row_find(row, field, &found)) {
        return need == ROW_OPTIONAL || missing(row, field);
    }
    enum json_number_result result = read_number(row, &found, decimals, exact, value);
    return result == JSON_NUMBER_OK || number_refused(row, field, &found, result);
}

bool row_kilograms(const struct row *row, enum mapping_field field, enum row_need need,
                   int64_t *grams)
{
    int64_t read = INT64_MAX;
    if (!row_number(row, field, need, 3, false, &read)) {
        return false;
    }
    if (read == INT64_MAX) {
        return true;
    }
    if (read < 0) {
        return row_refuse(row, OUTCOME_OUT_OF_RANGE, "\"%s\" must not be less than 0 kg",
                          row_where(row, field));
    }
    if (read > WEIGHT_MAX_G) {
        return row_refuse(row, OUTCOME_OUT_OF_RANGE, "\"%s\" must not be more than 1000000 t",
                          row_where(row, field));
    }
    *grams = read; /* 0 says as little as no weight at all */
    return true;
}

static bool is_local(enum mapping_time format)
{
    return format == MAPPING_LOCAL || format == MAPPING_LOCAL_COMPACT;
}

/* A wall clock's time; of a meter's `ts` the newest one is kept. */
static enum json_number_result read_local(const struct row *row, enum mapping_field field,
                                          const struct field *found, int64_t *ts_us)
{
    bool compact = row->mapping->time == MAPPING_LOCAL_COMPACT;
    char digits[24];
    const char *text = digits;
    size_t length;
    int64_t local_us = 0;
    if (!row_plain(row, found, &text, &length)) {
        if (!compact || read_number(row, found, 0, true, &local_us) != JSON_NUMBER_OK) {
            return JSON_NUMBER_NONE;
        }
        length = (size_t)snprintf(digits, sizeof digits, "%" PRId64, local_us);
    }
    if (!local_time_parse(text, length, compact, &local_us)) {
        return JSON_NUMBER_NONE;
    }
    REQUIRE(row->limits->zone != NULL);
    int64_t unheard_us = INT64_MIN;
    int64_t *newest_us = &unheard_us;
    if (row->meter != NULL && field == FIELD_TS) {
        newest_us = &row->clock->newest_us[row->meter->index];
    }
    int64_t skew_us = row->limits->skew_us, arrival_us = row->record->arrival_us;
    int64_t latest_us = skew_us > INT64_MAX - arrival_us ? INT64_MAX : arrival_us + skew_us;
    *ts_us = local_time_instant(row->limits->zone, local_us, *newest_us, latest_us,
                                &row->clock->uncertain);
    if (*ts_us > *newest_us && *ts_us <= latest_us) {
        *newest_us = *ts_us;
    }
    return JSON_NUMBER_OK;
}

/* Microseconds since 1970 from a field in the mapping's format. */
static enum json_number_result read_time(const struct row *row, enum mapping_field field,
                                         const struct field *found, int64_t *ts_us)
{
    static const unsigned decimals[MAPPING_TIME_COUNT] = {
        [MAPPING_EPOCH_S] = 6, [MAPPING_EPOCH_MS] = 3};
    enum mapping_time format = row->mapping->time;
    const char *text;
    size_t length;
    if (format == MAPPING_RFC3339) {
        bool good = row_plain(row, found, &text, &length) && timestamp_parse(text, length, ts_us);
        return good ? JSON_NUMBER_OK : JSON_NUMBER_NONE;
    }
    if (is_local(format)) {
        return read_local(row, field, found, ts_us);
    }
    if (format != MAPPING_EPOCH_NS) {
        return read_number(row, found, decimals[format], false, ts_us);
    }
    if (found->json != NULL && found->json->kind == JSON_NUMBER) {
        return json_number_ns_to_us(found->json->start, found->json->length, ts_us);
    }
    int64_t ns = 0;
    enum json_number_result result = read_number(row, found, 0, false, &ns);
    *ts_us = ns / 1000 - (ns % 1000 < 0 ? 1 : 0);
    return result;
}

/* What a text in the mapping's format looks like. */
static const char *time_example(const struct mapping *mapping)
{
    static const char *const examples[MAPPING_TIME_COUNT] = {
        [MAPPING_RFC3339] = "RFC 3339 with an offset: \"2026-03-10T07:50:00+08:00\"",
        [MAPPING_LOCAL] = "local, without an offset: \"2026-03-10T07:50:00\"",
        [MAPPING_LOCAL_COMPACT] = "local_compact: \"20260310075000\"",
    };
    const char *example = examples[mapping->time];
    return example != NULL ? example : mapping_time_name(mapping->time);
}

bool row_time(const struct row *row, enum mapping_field field, int64_t *ts_us, bool *given)
{
    struct field found;
    *given = row_find(row, field, &found);
    if (!*given) {
        return true;
    }
    if (found.json != NULL && found.json == row->clock->read) {
        *ts_us = row->clock->read_us;
        return true;
    }
    const char *where = row_where(row, field);
    if (read_time(row, field, &found, ts_us) != JSON_NUMBER_OK) {
        return row_refuse(row, OUTCOME_BAD_TIME,
                          "\"%s\" is %s, must be a time in the mapping's format, %s", where,
                          row_shown(row, &found), time_example(row->mapping));
    }
    if (*ts_us < TIMESTAMP_MIN_US || *ts_us >= TIMESTAMP_MAX_US) {
        return row_refuse(row, OUTCOME_BAD_TIME,
                          "\"%s\" is %s, outside 2000 to 2100: are seconds and milliseconds mixed "
                          "up?",
                          where, row_shown(row, &found));
    }
    int64_t skew_us = row->limits->skew_us, ahead_us = *ts_us - row->record->arrival_us;
    if (ahead_us > skew_us) {
        return row_refuse(row, OUTCOME_FUTURE,
                          "\"%s\" is %s, %" PRId64 " s ahead of its arrival; at most %" PRId64
                          " s are allowed",
                          where, row_shown(row, &found), ahead_us / TIMESTAMP_SECOND_US,
                          skew_us / TIMESTAMP_SECOND_US);
    }
    if (!is_local(row->mapping->time)) {
        row->clock->read = found.json;
        row->clock->read_us = *ts_us;
    }
    return true;
}

bool row_ts(const struct row *row, int64_t *ts_us, bool *assumed)
{
    bool given;
    if (!row_time(row, FIELD_TS, ts_us, &given)) {
        return false;
    }
    if (!given) {
        *ts_us = row->record->arrival_us;
    }
    *assumed = !given;
    return true;
}
