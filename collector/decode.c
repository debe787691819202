#include "decode.h"

#include "decode_ambiguity.h"
#include "decode_row.h"
#include "failure.h"
#include "json_scan.h"
#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct decoder {
    const struct catalog *catalog;
    const struct mapping *mappings;
    uint32_t mapping_count;
    struct decode_limits limits;
    struct text_arena *arena;
    struct json_tape tape;
    struct topic_routes *routes;
    uint32_t unnamed; /* routes of topics that name no meter */
    struct row_clock clock;
};

/* A plant sends of each meter on one topic, in few more cases on two. Topics that name no meter are
 * few, unless somebody makes them up: those must not take the meters' places. */
#define ROUTES_PER_METER 2
#define ROUTES_MORE 512
#define ROUTES_UNNAMED 256

static struct topic_routes *create_routes(const struct catalog *catalog)
{
    return topic_routes_create(catalog->meter_count * ROUTES_PER_METER + ROUTES_MORE);
}

struct decoder *decoder_create(const struct catalog *catalog, const struct mapping *mappings,
                               uint32_t mapping_count, const struct decode_limits *limits)
{
    struct decoder *decoder = memory_zeroed(1, sizeof *decoder);
    decoder->catalog = catalog;
    decoder->mappings = mappings;
    decoder->mapping_count = mapping_count;
    decoder->limits = *limits;
    decoder->arena = text_arena_create();
    decoder->routes = create_routes(catalog);
    decoder->clock.newest_us = memory_zeroed(catalog->meter_count, sizeof(int64_t));
    for (uint32_t i = 0; i < catalog->meter_count; i++) {
        decoder->clock.newest_us[i] = INT64_MIN;
    }
    return decoder;
}

void decoder_follow(struct decoder *decoder, uint32_t former_meters, const struct mapping *mappings,
                    uint32_t mapping_count, const struct decode_limits *limits)
{
    uint32_t meter_count = decoder->catalog->meter_count;
    int64_t *newest_us = memory_zeroed(meter_count, sizeof *newest_us);
    for (uint32_t i = 0; i < meter_count; i++) {
        newest_us[i] = i < former_meters ? decoder->clock.newest_us[i] : INT64_MIN;
    }
    free(decoder->clock.newest_us);
    decoder->clock.newest_us = newest_us;
    topic_routes_destroy(decoder->routes);
    decoder->routes = create_routes(decoder->catalog);
    decoder->unnamed = 0;
    decoder->mappings = mappings;
    decoder->mapping_count = mapping_count;
    decoder->limits = *limits;
}

void decoder_destroy(struct decoder *decoder)
{
    if (decoder != NULL) {
        text_arena_destroy(decoder->arena);
        json_tape_clear(&decoder->tape);
        topic_routes_destroy(decoder->routes);
        free(decoder->clock.newest_us);
        free(decoder);
    }
}

#define SNAPSHOT_SECTION "decoder"
#define SNAPSHOT_VERSION 1

void decoder_save(const struct decoder *decoder, struct snapshot_writer *writer)
{
    snapshot_put_section(writer, SNAPSHOT_SECTION, SNAPSHOT_VERSION);
    snapshot_put_number(writer, decoder->catalog->meter_count);
    for (uint32_t i = 0; i < decoder->catalog->meter_count; i++) {
        snapshot_put_moment(writer, decoder->clock.newest_us[i], 0);
    }
}

void decoder_load(struct decoder *decoder, struct snapshot_reader *reader)
{
    snapshot_get_section(reader, SNAPSHOT_SECTION, SNAPSHOT_VERSION);
    if (snapshot_get_number(reader, UINT32_MAX) != decoder->catalog->meter_count) {
        snapshot_refuse(reader, "the configuration has another number of meters");
        return;
    }
    for (uint32_t i = 0; i < decoder->catalog->meter_count; i++) {
        decoder->clock.newest_us[i] = snapshot_get_moment(reader, 0);
    }
}

static bool parse(const struct row *row, struct json_tape *tape)
{
    const char *text = row->record->payload;
    size_t length = row->record->payload_length;
    struct json_fault fault;
    if (length == 0) {
        return row_refuse(row, OUTCOME_UNDECODABLE, "the payload is empty, JSON is expected");
    }
    if (!json_scan_all(text, length, DECODE_NESTING_MAX, tape, &fault)) {
        return row_refuse(row, OUTCOME_UNDECODABLE, "no valid JSON at byte %td: %s",
                          fault.at - text + 1, fault.what);
    }
    return !tape->odd || row_unambiguous(row, tape);
}

/* ---- Rows ---- */

static void (*const row_decoders[MAPPING_YIELD_COUNT])(struct row *row) = {
    [MAPPING_READING] = row_reading,   [MAPPING_HEAT] = row_heat,   [MAPPING_CREW] = row_crew,
    [MAPPING_METER] = row_meter_event, [MAPPING_ENTRY] = row_entry,
};

static const struct json_value *find_rows(const struct row *row)
{
    const struct mapping_source *pointer = &row->mapping->rows;
    const struct json_value *rows = row->root;
    const char *key = pointer->text;
    for (unsigned i = 0; i < pointer->count; i++) {
        rows = json_member(rows, key, strlen(key));
        if (rows == NULL) {
            row_refuse(row, OUTCOME_BAD_FIELD, "\"%s\" is missing, must be an array", key);
            return NULL;
        }
        key += strlen(key) + 1;
    }
    if (pointer->count > 0 && rows->kind != JSON_ARRAY) {
        row_refuse(row, OUTCOME_BAD_FIELD, "\"%s\" must be an array", pointer->text);
        return NULL;
    }
    if (rows->kind == JSON_ARRAY && rows->span == 1) {
        row_refuse(row, OUTCOME_BAD_FIELD, "the array of rows is empty: the message says nothing");
        return NULL;
    }
    return rows;
}

static void decode_one(struct row *row, const struct json_value *json, struct row_members *members)
{
    row->json = json;
    row->meter = NULL;
    row->members = NULL;
    row->fields = UINT64_MAX;
    if (json->kind == JSON_OBJECT) {
        row->fields = row_members_find(members, row->mapping, json);
        row->members = members;
    }
    row_decoders[row->mapping->yield](row);
}

static void decode_rows(struct row *row, struct json_tape *tape)
{
    struct row_members members;
    if (!parse(row, tape)) {
        return;
    }
    row->root = tape->values;
    const struct json_value *rows = find_rows(row);
    if (rows == NULL) {
        return;
    }
    if (rows->kind != JSON_ARRAY || row->mapping->yield == MAPPING_ENTRY) {
        decode_one(row, rows, &members);
        return;
    }
    const struct json_value *end = json_behind(rows);
    for (const struct json_value *v = json_first(rows); v < end; v = json_behind(v)) {
        decode_one(row, v, &members);
    }
}

/* A topic that names its meter is remembered once that meter is known: decode_reading.c. */
static void remember(struct decoder *decoder, const struct journal_record *record,
                     const struct mapping *mapping)
{
    if (!mapping->named_by_topic && decoder->unnamed < ROUTES_UNNAMED &&
        topic_routes_add(decoder->routes, record->topic, record->topic_length,
                         (struct topic_route){.mapping = mapping}) != NULL) {
        decoder->unnamed++;
    }
}

static const struct mapping *
find_mapping(struct decoder *decoder, const struct journal_record *record, struct row_match *match)
{
    for (uint32_t i = 0; i < decoder->mapping_count; i++) {
        if (topic_pattern_match(&decoder->mappings[i].topic, record->topic, record->topic_length,
                                &match->levels)) {
            match->matched = true;
            remember(decoder, record, &decoder->mappings[i]);
            return &decoder->mappings[i];
        }
    }
    return NULL;
}

static void decode_message(struct decoder *decoder, const struct journal_record *record,
                           const struct decode_sink *sink)
{
    struct row_match match;
    struct row row = {.catalog = decoder->catalog,
                      .limits = &decoder->limits,
                      .arena = decoder->arena,
                      .clock = &decoder->clock,
                      .routes = decoder->routes,
                      .record = record,
                      .sink = sink};
    match.route = topic_routes_find(decoder->routes, record->topic, record->topic_length);
    match.matched = false;
    match.asked = NULL;
    row.match = &match;
    row.clock->read = NULL;
    if (record->kind == JOURNAL_OVERSIZE ||
        (record->kind == JOURNAL_MESSAGE && record->payload_length > row.limits->payload_max)) {
        row_refuse(&row, OUTCOME_TOO_LARGE,
                   "the payload is larger than the limit of %u bytes (mqtt.payload_max in "
                   "plant.json)",
                   row.limits->payload_max);
        return;
    }
    if (record->kind == JOURNAL_ENTRY) {
        struct mapping mapping;
        mapping_native_entry(&mapping);
        row.mapping = &mapping;
        decode_rows(&row, &decoder->tape);
        return;
    }
    row.mapping =
        match.route != NULL ? match.route->mapping : find_mapping(decoder, record, &match);
    if (row.mapping == NULL) {
        row_refuse(&row, OUTCOME_UNKNOWN_TOPIC, "no mapping has a topic that matches \"%.*s\"",
                   (int)(record->topic_length < 120 ? record->topic_length : 120), record->topic);
        return;
    }
    decode_rows(&row, &decoder->tape);
}

void decode(struct decoder *decoder, const struct journal_record *record,
            const struct decode_sink *sink)
{
    if (record->kind != JOURNAL_MESSAGE && record->kind != JOURNAL_ENTRY &&
        record->kind != JOURNAL_OVERSIZE) {
        return;
    }
    text_arena_reset(decoder->arena);
    decode_message(decoder, record, sink);
}
