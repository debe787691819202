#include "timetable.h"

#include "memory.h"
#include "quantity.h"
#include "timestamp.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS_MAX 64 /* of a line; a timetable has 21 */

enum column_kind { COLUMN_HEAT, COLUMN_TIME, COLUMN_AMOUNT };

static const struct column {
    const char *name;
    enum column_kind kind;
    unsigned index; /* of enum timetable_time or timetable_amount */
    int64_t most;   /* amounts: more is a unit mixed up */
} columns[] = {
    {"heat_id", COLUMN_HEAT, 0, 0},
    {"charge", COLUMN_TIME, TIMETABLE_CHARGE, 0},
    {"blow_s", COLUMN_TIME, TIMETABLE_BLOW_START, 0},
    {"blow_e", COLUMN_TIME, TIMETABLE_BLOW_END, 0},
    {"tap_s", COLUMN_TIME, TIMETABLE_TAP_START, 0},
    {"tap_e", COLUMN_TIME, TIMETABLE_TAP_END, 0},
    {"lf_s", COLUMN_TIME, TIMETABLE_LF_START, 0},
    {"lf_e", COLUMN_TIME, TIMETABLE_LF_END, 0},
    {"cc_s", COLUMN_TIME, TIMETABLE_CAST_START, 0},
    {"cc_e", COLUMN_TIME, TIMETABLE_CAST_END, 0},
    {"steel_kg", COLUMN_AMOUNT, TIMETABLE_STEEL_KG, TIMETABLE_AMOUNT_MAX},
    {"hot_metal_kg", COLUMN_AMOUNT, TIMETABLE_HOT_METAL_KG, TIMETABLE_AMOUNT_MAX},
    {"femn_kg", COLUMN_AMOUNT, TIMETABLE_FEMN_KG, TIMETABLE_AMOUNT_MAX},
    {"fesi_kg", COLUMN_AMOUNT, TIMETABLE_FESI_KG, TIMETABLE_AMOUNT_MAX},
    {"al_kg", COLUMN_AMOUNT, TIMETABLE_AL_KG, TIMETABLE_AMOUNT_MAX},
    {"sial_kg", COLUMN_AMOUNT, TIMETABLE_SIAL_KG, TIMETABLE_AMOUNT_MAX},
    {"tc_pcs", COLUMN_AMOUNT, TIMETABLE_THERMOCOUPLE_PCS, TIMETABLE_PIECES_MAX},
    {"o2_nm3", COLUMN_AMOUNT, TIMETABLE_O2_NM3, TIMETABLE_AMOUNT_MAX},
    {"lf_kwh", COLUMN_AMOUNT, TIMETABLE_LF_KWH, TIMETABLE_AMOUNT_MAX},
};
#define COLUMN_COUNT (sizeof columns / sizeof columns[0])

/* Two instants of a heat that must not come in the other order. */
static const struct order {
    enum timetable_time earlier, later;
    bool may_be_equal;
} orders[] = {
    {TIMETABLE_CHARGE, TIMETABLE_BLOW_START, true},
    {TIMETABLE_BLOW_START, TIMETABLE_BLOW_END, false},
    {TIMETABLE_BLOW_END, TIMETABLE_TAP_START, true},
    {TIMETABLE_TAP_START, TIMETABLE_TAP_END, false},
    {TIMETABLE_TAP_END, TIMETABLE_LF_START, true},
    {TIMETABLE_LF_START, TIMETABLE_LF_END, false},
    {TIMETABLE_LF_END, TIMETABLE_CAST_START, true},
    {TIMETABLE_CAST_START, TIMETABLE_CAST_END, false},
};

struct field {
    const char *text;
    size_t length;
};

/* Where the reading is, for messages. */
struct place {
    const char *name;
    unsigned line;
};

/* Which field of a line holds which column. */
struct layout {
    size_t field_count;
    size_t field_of[COLUMN_COUNT];
};

static const char *time_column(enum timetable_time time)
{
    size_t c = 0;

    while (columns[c].kind != COLUMN_TIME || columns[c].index != (unsigned)time) {
        c++;
        REQUIRE(c < COLUMN_COUNT);
    }
    return columns[c].name;
}

/* Splits a line at commas. Quotes are refused: no value of a timetable needs them. */
static bool split(const struct place *place, const char *line, size_t length,
                  struct field fields[COLUMNS_MAX], size_t *count, struct failure *failure)
{
    const char *start = line, *end = line + length;

    *count = 0;
    if (memchr(line, '"', length) != NULL || memchr(line, '\0', length) != NULL) {
        return failure_set(failure, FAILURE_INPUT,
                           "%s:%u: a quote or a zero byte in the line; a timetable holds plain "
                           "values without quotes, separated by commas",
                           place->name, place->line);
    }
    for (;;) {
        const char *comma = memchr(start, ',', (size_t)(end - start));
        const char *stop = comma != NULL ? comma : end;

        if (*count == COLUMNS_MAX) {
            return failure_set(failure, FAILURE_INPUT, "%s:%u: more than %d columns", place->name,
                               place->line, COLUMNS_MAX);
        }
        fields[(*count)++] = (struct field){start, (size_t)(stop - start)};
        if (comma == NULL) {
            return true;
        }
        start = comma + 1;
    }
}

static bool read_header(const struct place *place, const struct field *fields, size_t count,
                        struct layout *layout, struct failure *failure)
{
    layout->field_count = count;
    for (size_t c = 0; c < COLUMN_COUNT; c++) {
        size_t found = count;

        for (size_t f = 0; f < count; f++) {
            if (fields[f].length != strlen(columns[c].name) ||
                memcmp(fields[f].text, columns[c].name, fields[f].length) != 0) {
                continue;
            }
            if (found != count) {
                return failure_set(failure, FAILURE_INPUT,
                                   "%s:%u: column %s stands twice in the header; once is right",
                                   place->name, place->line, columns[c].name);
            }
            found = f;
        }
        if (found == count) {
            return failure_set(failure, FAILURE_INPUT,
                               "%s:%u: column %s is missing in the header; the first line names "
                               "the columns, as \"k,heat_id,owner,charge,blow_s,...\"",
                               place->name, place->line, columns[c].name);
        }
        layout->field_of[c] = found;
    }
    return true;
}

static bool read_heat_id(const struct place *place, struct field field, struct timetable_heat *heat,
                         struct failure *failure)
{
    bool good = field.length >= 1 && field.length <= TIMETABLE_HEAT_ID_MAX;

    for (size_t i = 0; good && i < field.length; i++) {
        good = field.text[i] > ' ' && field.text[i] != '\\' && field.text[i] != '\x7f';
    }
    if (!good) {
        return failure_set(failure, FAILURE_INPUT,
                           "%s:%u: heat_id: \"%.*s\" is no heat id; 1 to %d printable ASCII "
                           "characters without spaces and backslashes would be right",
                           place->name, place->line, (int)field.length, field.text,
                           TIMETABLE_HEAT_ID_MAX);
    }
    memcpy(heat->id, field.text, field.length);
    heat->id[field.length] = '\0';
    return true;
}

static bool read_amount(struct field field, int64_t most, int64_t *amount)
{
    return quantity_from_text_exact(field.text, field.length, 0, amount) == QUANTITY_OK &&
           *amount >= 0 && *amount <= most;
}

static bool read_field(const struct place *place, const struct column *column, struct field field,
                       struct timetable_heat *heat, struct failure *failure)
{
    if (column->kind == COLUMN_HEAT) {
        return read_heat_id(place, field, heat, failure);
    }
    if (column->kind == COLUMN_TIME) {
        int64_t *time_us = &heat->time_us[column->index];

        if (timestamp_parse(field.text, field.length, time_us) && *time_us >= TIMESTAMP_MIN_US &&
            *time_us < TIMESTAMP_MAX_US) {
            return true;
        }
        return failure_set(failure, FAILURE_INPUT,
                           "%s:%u: %s: \"%.*s\" is no time; RFC 3339 with an offset would be "
                           "right, as 2026-03-10T07:45:00+08:00",
                           place->name, place->line, column->name, (int)field.length, field.text);
    }
    if (read_amount(field, column->most, &heat->amount[column->index])) {
        return true;
    }
    return failure_set(failure, FAILURE_INPUT,
                       "%s:%u: %s: \"%.*s\" is no amount; a whole number from 0 to %lld would be "
                       "right",
                       place->name, place->line, column->name, (int)field.length, field.text,
                       (long long)column->most);
}

static bool check_order(const struct place *place, const struct timetable_heat *heat,
                        struct failure *failure)
{
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        int64_t earlier = heat->time_us[orders[i].earlier];
        int64_t later = heat->time_us[orders[i].later];

        if (later > earlier || (later == earlier && orders[i].may_be_equal)) {
            continue;
        }
        return failure_set(
            failure, FAILURE_INPUT, "%s:%u: %s: heat %s has its %s %s its %s; %s would be right",
            place->name, place->line, time_column(orders[i].later), heat->id,
            time_column(orders[i].later), later == earlier ? "at" : "before",
            time_column(orders[i].earlier), orders[i].may_be_equal ? "not before it" : "after it");
    }
    return true;
}

static bool read_heat(const struct place *place, const struct field *fields, size_t count,
                      const struct layout *layout, struct timetable_heat *heat,
                      struct failure *failure)
{
    if (count != layout->field_count) {
        return failure_set(failure, FAILURE_INPUT,
                           "%s:%u: %zu columns; %zu as in the header would be right", place->name,
                           place->line, count, layout->field_count);
    }
    for (size_t c = 0; c < COLUMN_COUNT; c++) {
        if (!read_field(place, &columns[c], fields[layout->field_of[c]], heat, failure)) {
            return false;
        }
    }
    return check_order(place, heat, failure);
}

static int compare_id(const void *left, const void *right)
{
    const struct timetable_heat *a = left, *b = right;

    return strcmp(a->id, b->id);
}

static int compare_charge(const void *left, const void *right)
{
    const struct timetable_heat *a = left, *b = right;
    int64_t a_us = a->time_us[TIMETABLE_CHARGE], b_us = b->time_us[TIMETABLE_CHARGE];

    return a_us != b_us ? (a_us > b_us) - (a_us < b_us) : compare_id(left, right);
}

/* Puts the heats in order; two with the same id are refused. */
static bool sort_heats(const char *name, struct timetable *timetable, struct failure *failure)
{
    struct timetable_heat *heats = timetable->heats;
    size_t count = timetable->heat_count;

    if (count == 0) {
        return failure_set(failure, FAILURE_INPUT,
                           "%s: no heats; a line a heat below the header would be right", name);
    }
    qsort(heats, count, sizeof *heats, compare_id);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(heats[i - 1].id, heats[i].id) == 0) {
            return failure_set(failure, FAILURE_INPUT,
                               "%s: heat_id: heat %s stands in two lines; a heat has one line",
                               name, heats[i].id);
        }
    }
    qsort(heats, count, sizeof *heats, compare_charge);
    return true;
}

static bool read_lines(const char *name, const char *text, size_t length,
                       struct timetable *timetable, struct failure *failure)
{
    struct place place = {name, 0};
    struct layout layout = {0};
    size_t capacity = 0;

    for (size_t at = 0; at < length;) {
        const char *line = text + at;
        const char *newline = memchr(line, '\n', length - at);
        size_t line_length = newline != NULL ? (size_t)(newline - line) : length - at;
        struct field fields[COLUMNS_MAX];
        size_t count;

        at += line_length + 1;
        place.line++;
        if (line_length > 0 && line[line_length - 1] == '\r') {
            line_length--;
        }
        if (line_length == 0) {
            continue;
        }
        if (!split(&place, line, line_length, fields, &count, failure)) {
            return false;
        }
        if (layout.field_count == 0) {
            if (!read_header(&place, fields, count, &layout, failure)) {
                return false;
            }
            continue;
        }
        if (timetable->heat_count == TIMETABLE_HEATS_MAX) {
            return failure_set(failure, FAILURE_INPUT, "%s:%u: more than %d heats", name,
                               place.line, TIMETABLE_HEATS_MAX);
        }
        memory_grow(&timetable->heats, timetable->heat_count, &capacity, sizeof *timetable->heats);
        if (!read_heat(&place, fields, count, &layout, &timetable->heats[timetable->heat_count],
                       failure)) {
            return false;
        }
        timetable->heat_count++;
    }
    return sort_heats(name, timetable, failure);
}

bool timetable_read(const char *name, const char *text, size_t length, struct timetable *timetable,
                    struct failure *failure)
{
    *timetable = (struct timetable){0};
    if (read_lines(name, text, length, timetable, failure)) {
        return true;
    }
    timetable_clear(timetable);
    return false;
}

bool timetable_load(const char *path, struct timetable *timetable, struct failure *failure)
{
    FILE *file = fopen(path, "rb");
    size_t used = 0, capacity = 0;
    char *text = NULL;
    int error;
    bool good;

    *timetable = (struct timetable){0};
    if (file == NULL) {
        return failure_set(failure, FAILURE_INPUT, "%s: cannot be read: %s", path, strerror(errno));
    }
    errno = 0;
    do {
        if (used == capacity) {
            capacity = capacity == 0 ? (size_t)64 << 10 : 2 * capacity;
            text = realloc(text, capacity);
            REQUIRE(text != NULL);
        }
        used += fread(text + used, 1, capacity - used, file);
    } while (used == capacity && used <= TIMETABLE_BYTES_MAX);
    error = ferror(file) ? errno : 0;
    fclose(file);
    if (error != 0) {
        good = failure_set(failure, FAILURE_INPUT, "%s: cannot be read: %s", path, strerror(error));
    } else if (used > TIMETABLE_BYTES_MAX) {
        good = failure_set(failure, FAILURE_INPUT, "%s: larger than %u MiB", path,
                           TIMETABLE_BYTES_MAX >> 20);
    } else {
        good = timetable_read(path, text, used, timetable, failure);
    }
    free(text);
    return good;
}

void timetable_clear(struct timetable *timetable)
{
    free(timetable->heats);
    *timetable = (struct timetable){0};
}
