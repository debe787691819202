/* Papers: what people hand in about quotas, plans and money, read by the table of their forms
 * (base/paper.h). Their fields stand in the entry's own object under the names of the forms; what
 * else stands there is kept in the text and means nothing, as with every entry. */
#include "decode_row.h"

#include "failure.h"
#include "json_number.h"
#include "timestamp.h"

#include <stdio.h>
#include <string.h>

/* What a field that is not right is refused as. */
static bool refuse(const struct row *row, const struct paper_field *field,
                   const struct field *found, enum outcome outcome)
{
    return row_refuse(row, outcome, "\"%s\" is %s, must be %s", field->key, row_shown(row, found),
                      paper_type_right(field->type));
}

/* Nine decimals of what a double can say are 9 million units; an investment may be more, and then
 * has fewer decimals. */
static enum json_number_result read_json_number(const struct field *found, int64_t *value_e9)
{
    static const struct {
        unsigned decimals;
        int64_t factor;
    } tries[] = {{PAPER_DECIMALS, 1}, {6, 1000}, {3, 1000000}, {0, 1000000000}};
    enum json_number_result result = JSON_NUMBER_NONE;
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        int64_t units = 0;
        result = json_number_units(found->json->start, found->json->length, tries[i].decimals, true,
                                   &units);
        if (result == JSON_NUMBER_OK) {
            return __builtin_mul_overflow(units, tries[i].factor, value_e9) ? JSON_NUMBER_RANGE
                                                                            : JSON_NUMBER_OK;
        }
        if (result != JSON_NUMBER_UNCERTAIN) {
            break;
        }
    }
    return result;
}

static bool read_number(const struct row *row, const struct paper_field *field,
                        const struct field *found, void *value)
{
    int64_t *value_e9 = value;
    const char *text;
    size_t length;
    enum json_number_result result = JSON_NUMBER_NONE;
    if (found->json->kind == JSON_NUMBER) {
        result = read_json_number(found, value_e9);
    } else if (row_plain(row, found, &text, &length)) {
        result = json_number_text_units(text, length, PAPER_DECIMALS, true, value_e9);
    }
    bool fits = result == JSON_NUMBER_OK || result == JSON_NUMBER_NONE;
    if (result == JSON_NUMBER_OK && *value_e9 >= 0) {
        return true;
    }
    return refuse(row, field, found, fits ? OUTCOME_BAD_FIELD : OUTCOME_OUT_OF_RANGE);
}

static bool read_count(const struct row *row, const struct paper_field *field,
                       const struct field *found, void *value)
{
    int64_t *count = value;
    bool whole = found->json->kind == JSON_NUMBER &&
                 json_number_whole(found->json->start, found->json->length, count);
    return (whole && *count >= 1) || refuse(row, field, found, OUTCOME_BAD_FIELD);
}

static bool read_text(const struct row *row, const struct paper_field *field,
                      const struct field *found, void *value)
{
    return row_text_at(row, found, field->key, PAPER_TEXT_MAX, value);
}

static bool read_id(const struct row *row, const struct paper_field *field,
                    const struct field *found, void *value)
{
    return row_text_at(row, found, field->key, PAPER_ID_MAX, value);
}

/* May lie ahead of its arrival: a quota is revised from tomorrow on. */
static bool read_time(const struct row *row, const struct paper_field *field,
                      const struct field *found, void *value)
{
    int64_t *ts_us = value;
    const char *text;
    size_t length;
    return (row_plain(row, found, &text, &length) && timestamp_parse(text, length, ts_us) &&
            *ts_us >= TIMESTAMP_MIN_US && *ts_us < TIMESTAMP_MAX_US) ||
           refuse(row, field, found, OUTCOME_BAD_TIME);
}

static bool read_period(const struct row *row, const struct paper_field *field,
                        const struct field *found, void *value)
{
    const char *text = NULL;
    return row_text_at(row, found, field->key, PERIOD_TEXT_MAX, &text) &&
           (period_parse(text, value) || refuse(row, field, found, OUTCOME_BAD_TIME));
}

static bool read_crew(const struct row *row, const struct paper_field *field,
                      const struct field *found, void *value)
{
    const char *id = NULL;
    return row_text_at(row, found, field->key, DECODE_TEXT_MAX, &id) && row_crew_id(row, id, value);
}

static bool read_item(const struct row *row, const struct paper_field *field,
                      const struct field *found, void *value)
{
    const char *id = NULL;
    return row_text_at(row, found, field->key, DECODE_TEXT_MAX, &id) &&
           (catalog_find_item(row->catalog, id, value) ||
            refuse(row, field, found, OUTCOME_BAD_FIELD));
}

/* A list of meters, or one; kept as a text. */
static bool read_meters(const struct row *row, const struct paper_field *field,
                        const struct field *found, void *value)
{
    const char **joined = value;
    char text[PAPER_TEXT_MAX + 1] = "";
    size_t length = 0;
    bool list = found->json->kind == JSON_ARRAY;
    const struct json_value *at = list ? json_first(found->json) : found->json;
    const struct json_value *behind = json_behind(found->json);
    for (; at < behind; at = json_behind(at)) {
        const struct field one = {.json = at};
        const char *id = NULL;
        meter_id meter;
        if (!row_text_at(row, &one, field->key, CATALOG_ID_MAX, &id)) {
            return false;
        }
        size_t more = strlen(id) + 1;
        if (!catalog_find_meter(row->catalog, id, &meter) || length + more > PAPER_TEXT_MAX) {
            return refuse(row, field, &one, OUTCOME_BAD_FIELD);
        }
        length += (size_t)snprintf(text + length, sizeof text - length, "%s%s",
                                   length > 0 ? ";" : "", id);
    }
    *joined = text_arena_copy(row->arena, text, length);
    return length > 0 || refuse(row, field, found, OUTCOME_BAD_FIELD);
}

static bool read_field(const struct row *row, const struct paper_field *field, struct paper *paper)
{
    static bool (*const reads[PAPER_TYPES])(const struct row *, const struct paper_field *,
                                            const struct field *, void *) = {
        [PAPER_TEXT] = read_text,   [PAPER_ID] = read_id,     [PAPER_NUMBER] = read_number,
        [PAPER_COUNT] = read_count, [PAPER_TIME] = read_time, [PAPER_PERIOD] = read_period,
        [PAPER_CREW] = read_crew,   [PAPER_ITEM] = read_item, [PAPER_METERS] = read_meters,
    };
    struct field found = {.json = json_member(row->json, field->key, strlen(field->key))};
    if (found.json == NULL || found.json->kind == JSON_NULL) {
        return !field->required ||
               row_refuse(row, OUTCOME_BAD_FIELD, "\"%s\" is missing, must be %s", field->key,
                          paper_type_right(field->type));
    }
    return reads[field->type](row, field, &found, paper_at(paper, field));
}

void row_paper(struct row *row, enum paper_kind kind, const char *by, int64_t ts_us)
{
    const struct paper_form *form = paper_form(kind);
    struct paper *paper = text_arena_take(row->arena, sizeof *paper);
    *paper = paper_empty(kind);
    paper->by = by;
    paper->ts_us = ts_us;
    for (size_t i = 0; i < form->field_count; i++) {
        if (!read_field(row, &form->fields[i], paper)) {
            return;
        }
    }
    paper->text = text_arena_copy(row->arena, row->record->payload, row->record->payload_length);
    struct fact fact = {.kind = FACT_PAPER, .as.paper = paper};
    row->sink->fact(row->sink->context, &fact);
}
