#include "mapping.h"

#include "failure.h"
#include "mapping_source.h"
#include "memory.h"

#include <stdio.h>
#include <string.h>

#define NATIVE_FIELDS_MAX 13

struct native_field {
    enum mapping_field field;
    const char *sources[MAPPING_SOURCES_MAX];
};

/* A row of "Messages in" (INTERFACES): its topic is plant/SHOP/ and `levels`. */
struct native_row {
    const char *levels;
    const char *rows;
    enum mapping_yield yield;
    int field_count;
    struct native_field fields[NATIVE_FIELDS_MAX];
};

static const struct native_row native_rows[] = {
    /* first, for most messages are of this kind */
    {"{station}/{item}/{meter}",
     "$",
     MAPPING_READING,
     12,
     {{FIELD_METER, {"{meter}"}},
      {FIELD_STATION, {"{station}"}},
      {FIELD_ITEM, {"{item}"}},
      {FIELD_UNIT, {"/unit"}},
      {FIELD_TS, {"/ts"}},
      {FIELD_VALUE, {"/value"}},
      {FIELD_FROM, {"/from"}},
      {FIELD_QUALITY, {"/quality"}},
      {FIELD_SEQ, {"/seq"}},
      {FIELD_HEAT, {"/heat"}},
      {FIELD_ID, {"/id"}},
      {FIELD_VOID, {"/void"}}}},
    {"readings",
     "$/readings",
     MAPPING_READING,
     10,
     {{FIELD_METER, {"/meter"}},
      {FIELD_UNIT, {"/unit"}},
      {FIELD_TS, {"/ts", "$/ts"}},
      {FIELD_VALUE, {"/value"}},
      {FIELD_FROM, {"/from"}},
      {FIELD_QUALITY, {"/quality"}},
      {FIELD_SEQ, {"/seq"}},
      {FIELD_HEAT, {"/heat"}},
      {FIELD_ID, {"/id"}},
      {FIELD_VOID, {"/void"}}}},
    {"heat",
     "$",
     MAPPING_HEAT,
     11,
     {{FIELD_HEAT, {"/heat"}},
      {FIELD_EVENT, {"/event"}},
      {FIELD_TS, {"/ts"}},
      {FIELD_ID, {"/id"}},
      {FIELD_STATION, {"/station"}},
      {FIELD_STEEL_KG, {"/steel_kg"}},
      {FIELD_PLANNED_KG, {"/planned_kg"}},
      {FIELD_GRADE, {"/grade"}},
      {FIELD_TO, {"/to"}},
      {FIELD_KG, {"/kg"}},
      {FIELD_OF, {"/of"}}}},
    {"crew",
     "$",
     MAPPING_CREW,
     3,
     {{FIELD_EVENT, {"/event"}}, {FIELD_CREW, {"/crew"}}, {FIELD_TS, {"/ts"}}}},
    {"meter",
     "$",
     MAPPING_METER,
     6,
     {{FIELD_METER, {"/meter"}},
      {FIELD_EVENT, {"/event"}},
      {FIELD_TS, {"/ts"}},
      {FIELD_FINAL, {"/final"}},
      {FIELD_INITIAL, {"/initial"}},
      {FIELD_VALUE, {"/value"}}}},
    {"entry",
     "$",
     MAPPING_ENTRY,
     12,
     {{FIELD_BY, {"/by"}},
      {FIELD_EVENT, {"/event"}},
      {FIELD_TS, {"/ts"}},
      {FIELD_METER, {"/meter"}},
      {FIELD_AT, {"/at"}},
      {FIELD_VALUE, {"/value"}},
      {FIELD_REASON, {"/reason"}},
      {FIELD_DAY, {"/day"}},
      {FIELD_SHIFT, {"/shift"}},
      {FIELD_CREW, {"/crew"}},
      {FIELD_ALERT, {"/alert"}},
      {FIELD_UNTIL, {"/until"}}}},
};

#define NATIVE_COUNT (sizeof native_rows / sizeof native_rows[0])

static void build_topic(const char *shop, const char *levels, struct topic_pattern *topic)
{
    REQUIRE(topic_pattern_parse("plant", topic) == NULL);
    REQUIRE(topic_pattern_append_literal(topic, shop));
    struct topic_pattern tail;
    REQUIRE(topic_pattern_parse(levels, &tail) == NULL);
    size_t shift = strlen(topic->text) + 1;
    REQUIRE(shift + strlen(levels) <= TOPIC_PATTERN_TEXT_MAX);
    topic->text[shift - 1] = '/';
    strcpy(topic->text + shift, levels);
    for (uint32_t i = 0; i < tail.segment_count; i++) {
        struct topic_segment segment = tail.segments[i];
        segment.start = (uint16_t)(segment.start + shift);
        topic->segments[topic->segment_count++] = segment;
    }
    topic->many = topic->segment_count;
}

/* Fills all but topic and subscription; `mapping` is zeroed. */
static void fill_fields(struct mapping *mapping, const struct native_row *row)
{
    mapping->yield = row->yield;
    mapping->codec = MAPPING_JSON;
    mapping->time = MAPPING_RFC3339;
    REQUIRE(mapping_source_parse(row->rows, &mapping->topic, &mapping->rows) == NULL);
    for (int f = 0; f < row->field_count; f++) {
        const struct native_field *field = &row->fields[f];
        for (int s = 0; s < MAPPING_SOURCES_MAX && field->sources[s] != NULL; s++) {
            REQUIRE(mapping_source_parse(field->sources[s], &mapping->topic,
                                         &mapping->fields[field->field][s]) == NULL);
        }
    }
    mapping_complete(mapping);
}

void mapping_native_entry(struct mapping *mapping)
{
    *mapping = (struct mapping){.name = "entry"};
    for (size_t i = 0; i < NATIVE_COUNT; i++) {
        if (native_rows[i].yield == MAPPING_ENTRY) {
            fill_fields(mapping, &native_rows[i]);
        }
    }
}

struct mapping *mapping_native(const char *shop, uint32_t *count)
{
    REQUIRE(shop[0] != '\0' && strpbrk(shop, "/+#") == NULL);
    struct mapping *mappings = memory_zeroed(NATIVE_COUNT, sizeof *mappings);
    for (size_t i = 0; i < NATIVE_COUNT; i++) {
        const struct native_row *row = &native_rows[i];
        struct mapping *mapping = &mappings[i];
        snprintf(mapping->name, sizeof mapping->name, "native %s", mapping_yield_name(row->yield));
        build_topic(shop, row->levels, &mapping->topic);
        snprintf(mapping->subscription, sizeof mapping->subscription, "plant/%s/#", shop);
        fill_fields(mapping, row);
    }
    *count = NATIVE_COUNT;
    return mappings;
}
