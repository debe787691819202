#include "decode.h"

#include "decode_row.h"
#include "failure.h"
#include "json_number.h"
#include "json_scan.h"
#include "memory.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEYS_COMPARED 16 /* up to so many keys all pairs are compared, beyond they are sorted */

struct decoder {
    const struct catalog *catalog;
    const struct mapping *mappings;
    uint32_t mapping_count;
    struct decode_limits limits;
    struct json_arena *arena;
    struct topic_routes *routes;
    struct row_clock clock;
};

/* A plant sends of each meter on one topic, in few more cases on two. */
#define ROUTES_PER_METER 2
#define ROUTES_MORE 256

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
    decoder->arena = json_arena_create();
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
    decoder->mappings = mappings;
    decoder->mapping_count = mapping_count;
    decoder->limits = *limits;
}

void decoder_destroy(struct decoder *decoder)
{
    if (decoder != NULL) {
        json_arena_destroy(decoder->arena);
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

/* ---- What cJSON lets pass ---- */

static int compare_keys(const void *a, const void *b)
{
    const char *const *left = a;
    const char *const *right = b;
    return strcmp(*left, *right);
}

/* A key that stands twice in the object, or NULL. */
static const char *repeated_key(struct json_arena *arena, const cJSON *object)
{
    size_t count = 0;
    for (const cJSON *item = object->child; item != NULL; item = item->next, count++) {
        if (count >= KEYS_COMPARED) {
            continue;
        }
        for (const cJSON *before = object->child; before != item; before = before->next) {
            if (before->string[0] == item->string[0] && strcmp(before->string, item->string) == 0) {
                return item->string;
            }
        }
    }
    if (count <= KEYS_COMPARED) {
        return NULL;
    }
    const char **keys = json_arena_take(arena, count * sizeof *keys);
    size_t i = 0;
    for (const cJSON *item = object->child; item != NULL; item = item->next) {
        keys[i++] = item->string;
    }
    qsort(keys, count, sizeof *keys, compare_keys);
    for (i = 1; i < count; i++) {
        if (strcmp(keys[i - 1], keys[i]) == 0) {
            return keys[i];
        }
    }
    return NULL;
}

/* Refuses what is valid to cJSON and has no one meaning. Depth is bounded by the scan before. */
static bool unambiguous(const struct row *row, const cJSON *json)
{
    if (json_number_overflows(json)) {
        return row_refuse(row, OUTCOME_UNDECODABLE, "a number%s%.40s is beyond all numbers (1e400)",
                          json->string != NULL ? " at key " : "",
                          json->string != NULL ? json->string : "");
    }
    const char *key = cJSON_IsObject(json) ? repeated_key(row->arena, json) : NULL;
    if (key != NULL) {
        return row_refuse(row, OUTCOME_UNDECODABLE, "the key \"%.60s\" stands twice in an object",
                          key);
    }
    for (const cJSON *child = json->child; child != NULL; child = child->next) {
        if (!unambiguous(row, child)) {
            return false;
        }
    }
    return true;
}

static const cJSON *parse(const struct row *row)
{
    const char *text = row->record->payload;
    size_t length = row->record->payload_length;
    struct json_fault fault;
    if (length == 0) {
        row_refuse(row, OUTCOME_UNDECODABLE, "the payload is empty, JSON is expected");
        return NULL;
    }
    if (!json_scan_all(text, length, DECODE_NESTING_MAX, false, &fault)) {
        row_refuse(row, OUTCOME_UNDECODABLE, "no valid JSON at byte %td: %s", fault.at - text + 1,
                   fault.what);
        return NULL;
    }
    json_arena_enter(row->arena); /* and not around the sink, which may use cJSON for itself */
    const cJSON *root = cJSON_ParseWithLengthOpts(text, length, NULL, false);
    json_arena_leave();
    if (root == NULL) {
        row_refuse(row, OUTCOME_UNDECODABLE, "the JSON cannot be read: a number is too long");
        return NULL;
    }
    return unambiguous(row, root) ? root : NULL;
}

/* ---- Rows ---- */

static void (*const row_decoders[MAPPING_YIELD_COUNT])(const struct row *row) = {
    [MAPPING_READING] = row_reading,   [MAPPING_HEAT] = row_heat,   [MAPPING_CREW] = row_crew,
    [MAPPING_METER] = row_meter_event, [MAPPING_ENTRY] = row_entry,
};

static const cJSON *find_rows(const struct row *row)
{
    const struct mapping_source *pointer = &row->mapping->rows;
    const cJSON *rows = row->root;
    const char *key = pointer->text;
    for (unsigned i = 0; i < pointer->count; i++) {
        rows = cJSON_GetObjectItemCaseSensitive(rows, key);
        if (rows == NULL) {
            row_refuse(row, OUTCOME_BAD_FIELD, "\"%s\" is missing, must be an array", key);
            return NULL;
        }
        key += strlen(key) + 1;
    }
    if (pointer->count > 0 && !cJSON_IsArray(rows)) {
        row_refuse(row, OUTCOME_BAD_FIELD, "\"%s\" must be an array", pointer->text);
        return NULL;
    }
    if (cJSON_IsArray(rows) && rows->child == NULL) {
        row_refuse(row, OUTCOME_BAD_FIELD, "the array of rows is empty: the message says nothing");
        return NULL;
    }
    return rows;
}

static void decode_one(struct row *row, const cJSON *json, struct row_members *members)
{
    row->json = json;
    row->members = NULL;
    if (cJSON_IsObject(json)) {
        row_members_find(members, json);
        row->members = members;
    }
    row_decoders[row->mapping->yield](row);
}

static void decode_rows(struct row *row)
{
    struct row_members members;
    row->root = parse(row);
    const cJSON *rows = row->root == NULL ? NULL : find_rows(row);
    if (rows == NULL) {
        return;
    }
    row_members_begin(&members, row->mapping);
    if (!cJSON_IsArray(rows) || row->mapping->yield == MAPPING_ENTRY) {
        decode_one(row, rows, &members);
        return;
    }
    const cJSON *json;
    cJSON_ArrayForEach(json, rows)
    {
        decode_one(row, json, &members);
    }
}

static const struct mapping *find_mapping(const struct decoder *decoder,
                                          const struct journal_record *record,
                                          struct row_match *match)
{
    for (uint32_t i = 0; i < decoder->mapping_count; i++) {
        if (topic_pattern_match(&decoder->mappings[i].topic, record->topic, record->topic_length,
                                &match->levels)) {
            match->matched = true;
            return &decoder->mappings[i];
        }
    }
    return NULL;
}

/* `row` is a copy: what is found for this message lives no longer than the call. */
static void decode_message(struct decoder *decoder, struct row row)
{
    const struct journal_record *record = row.record;
    struct row_match match;
    match.route = topic_routes_find(decoder->routes, record->topic, record->topic_length);
    match.matched = false;
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
        decode_rows(&row);
        return;
    }
    row.mapping =
        match.route != NULL ? match.route->mapping : find_mapping(decoder, record, &match);
    if (row.mapping == NULL) {
        row_refuse(&row, OUTCOME_UNKNOWN_TOPIC, "no mapping has a topic that matches \"%.*s\"",
                   (int)(record->topic_length < 120 ? record->topic_length : 120), record->topic);
        return;
    }
    decode_rows(&row);
}

void decode(struct decoder *decoder, const struct journal_record *record,
            const struct decode_sink *sink)
{
    if (record->kind != JOURNAL_MESSAGE && record->kind != JOURNAL_ENTRY &&
        record->kind != JOURNAL_OVERSIZE) {
        return;
    }
    struct row row = {.catalog = decoder->catalog,
                      .limits = &decoder->limits,
                      .arena = decoder->arena,
                      .clock = &decoder->clock,
                      .routes = decoder->routes,
                      .record = record,
                      .sink = sink};
    json_arena_reset(decoder->arena);
    decode_message(decoder, row);
}
