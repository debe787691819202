/* Mappings: the native rows, then those of the configuration. */
#include "memory.h"
#include "plant_part.h"
#include "plant_suggest.h"

#include <stdlib.h>
#include <string.h>

/* Duplicate keys below `value`; the collector, which reads the rest, takes the first of two. */
static void find_duplicates(struct plant_reader *reader, const cJSON *value)
{
    const cJSON *child = NULL;
    cJSON_ArrayForEach(child, value)
    {
        const cJSON *earlier = config_text_duplicate(reader->config, child);
        if (earlier != NULL) {
            plant_mistake(reader, child, NULL, "is given twice, first in line %u; keep one of them",
                          (unsigned)config_text_line(reader->config, earlier));
        }
        find_duplicates(reader, child);
    }
}

/* Reports at the deepest value that the path "fields.value" leads to; what is missing of it stands
 * behind the key. */
static void report_fault(struct plant_reader *reader, const cJSON *row,
                         const struct mapping_fault *fault)
{
    const cJSON *at = row;
    const char *rest = fault->key;
    while (*rest != '\0') {
        char step[sizeof fault->key];
        size_t length = strcspn(rest, ".");
        snprintf(step, sizeof step, "%.*s", (int)length, rest);
        const cJSON *next = cJSON_IsObject(at) ? cJSON_GetObjectItemCaseSensitive(at, step) : NULL;
        if (next == NULL) {
            break;
        }
        at = next;
        rest += length + (rest[length] == '.');
    }
    plant_mistake(reader, at, *rest == '\0' ? NULL : rest, "%s", fault->text);
}

/* Local times are of the plant: the offsets of its zone are kept in the journal, of no other's. */
static void check_zone(struct plant_reader *reader, const cJSON *row)
{
    const cJSON *zone = cJSON_GetObjectItemCaseSensitive(row, "zone");
    const char *ours = reader->plant->roster.zone.name;
    if (zone != NULL && (!cJSON_IsString(zone) || strcmp(zone->valuestring, ours) != 0)) {
        plant_mistake(
            reader, zone, NULL,
            "must be the plant's own zone, \"%s\", or be left out: local times of another "
            "zone cannot be read; let the sender add its offset",
            ours);
    }
}

/* A table of the configuration in which the constants of a field must be found. */
struct constant_rows {
    const char *what;
    const void *rows;
    uint32_t count;
    size_t row_size;
};

static bool constant_rows_of(const struct catalog *catalog, enum mapping_field field,
                             struct constant_rows *rows)
{
    static const char qualities[][10] = {"good", "uncertain", "bad"};
    const struct {
        enum mapping_field field;
        struct constant_rows rows;
    } tables[] = {
        {FIELD_METER, {"meter", catalog->meters, catalog->meter_count, sizeof *catalog->meters}},
        {FIELD_STATION,
         {"station", catalog->stations, catalog->station_count, sizeof *catalog->stations}},
        {FIELD_ITEM, {"item", catalog->items, catalog->item_count, sizeof *catalog->items}},
        {FIELD_CREW, {"crew", catalog->crews, catalog->crew_count, sizeof *catalog->crews}},
        {FIELD_SHIFT, {"shift", catalog->shifts, catalog->shift_count, sizeof *catalog->shifts}},
        {FIELD_QUALITY, {"quality", qualities, 3, sizeof qualities[0]}},
    };
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        if (tables[i].field == field) {
            *rows = tables[i].rows;
            return true;
        }
    }
    return false;
}

static void check_constant(struct plant_reader *reader, const cJSON *value,
                           enum mapping_field field, const char *text)
{
    struct constant_rows rows;
    if (!constant_rows_of(&reader->plant->catalog, field, &rows)) {
        return;
    }
    for (uint32_t i = 0; i < rows.count; i++) {
        if (strcmp((const char *)rows.rows + i * rows.row_size, text) == 0) {
            return;
        }
    }
    const char *near = plant_suggest(text, rows.rows, rows.count, rows.row_size);
    plant_mistake(reader, value, NULL, "there is no %s \"%s\"%s%s%s", rows.what, text,
                  near == NULL ? "" : "; did you mean \"=", near == NULL ? "" : near,
                  near == NULL ? "" : "\"?");
}

/* What a mapping says by itself, for every message, must be there. */
static void check_constants(struct plant_reader *reader, const cJSON *row,
                            const struct mapping *mapping)
{
    const cJSON *fields = cJSON_GetObjectItemCaseSensitive(row, "fields");
    for (int f = 0; f < FIELD_COUNT; f++) {
        const cJSON *given =
            cJSON_GetObjectItemCaseSensitive(fields, mapping_field_name((enum mapping_field)f));
        for (int s = 0; s < MAPPING_SOURCES_MAX; s++) {
            const struct mapping_source *source = &mapping->fields[f][s];
            if (source->kind == SOURCE_CONSTANT) {
                check_constant(reader, cJSON_IsArray(given) ? cJSON_GetArrayItem(given, s) : given,
                               (enum mapping_field)f, source->text);
            }
        }
    }
}

/* Whether a topic can match both MQTT filters. */
static bool filters_meet(const char *a, const char *b)
{
    while (*a != '#' && *b != '#') {
        size_t a_length = strcspn(a, "/");
        size_t b_length = strcspn(b, "/");
        bool same = a_length == b_length && strncmp(a, b, a_length) == 0;
        if (*a != '+' && *b != '+' && !same) {
            return false;
        }
        if (a[a_length] == '\0' || b[b_length] == '\0') {
            return a[a_length] == b[b_length] || strcmp(a + a_length, "/#") == 0 ||
                   strcmp(b + b_length, "/#") == 0;
        }
        a += a_length + 1;
        b += b_length + 1;
    }
    return true;
}

/* What we publish must not come back to us as a message of the plant. */
static void check_own_topics(struct plant_reader *reader, const cJSON *root)
{
    static const char *const published[] = {"alerts/+/+/+/+", "heats/+", "handover/+/+", "live/+",
                                            "status"};
    const struct plant *plant = reader->plant;
    const cJSON *broker = plant_member(root, "mqtt", PLANT_OBJECT);
    for (uint32_t i = 0; i < plant->mapping_count; i++) {
        for (size_t k = 0; k < sizeof published / sizeof published[0]; k++) {
            char filter[BROKER_TEXT_MAX + 32];
            snprintf(filter, sizeof filter, "%s/%s", plant->broker.root, published[k]);
            if (filters_meet(plant->mappings[i].subscription, filter)) {
                plant_mistake(reader, broker == NULL ? root : broker,
                              broker == NULL ? "mqtt.root" : "root",
                              "\"%s\": what is published below it (%s) would come back by the "
                              "subscription \"%s\" of mapping \"%s\"; a topic that no mapping "
                              "listens to would be right, such as \"heatledger/%s\"",
                              plant->broker.root, filter, plant->mappings[i].subscription,
                              plant->mappings[i].name, plant->catalog.shop);
                return;
            }
        }
    }
}

void plant_read_mappings(struct plant_reader *reader, const cJSON *root)
{
    struct plant *plant = reader->plant;
    const cJSON *list = plant_member(root, "mappings", PLANT_LIST);
    const cJSON *row = NULL;
    uint32_t native = 0;
    uint32_t count = plant_list_count(reader, list, MAPPING_COUNT_MAX);
    struct mapping *own =
        plant->catalog.shop[0] == '\0' ? NULL : mapping_native(plant->catalog.shop, &native);
    plant->mappings = memory_zeroed((size_t)native + count, sizeof *plant->mappings);
    if (native > 0) {
        memcpy(plant->mappings, own, native * sizeof *own);
    }
    free(own);
    plant->mapping_count = native;
    if (count > 0) {
        find_duplicates(reader, list);
    }
    cJSON_ArrayForEach(row, list)
    {
        struct mapping_fault fault = {.key = "", .text = ""};
        if (!cJSON_IsObject(row)) {
            plant_mistake(reader, row, NULL, "a mapping is an object {...}");
        } else if (!mapping_from_json(row, &plant->mappings[plant->mapping_count++], &fault)) {
            report_fault(reader, row, &fault);
        } else {
            check_zone(reader, row);
            if (reader->files) { /* a text of the journal is read as it was */
                check_constants(reader, row, &plant->mappings[plant->mapping_count - 1]);
            }
        }
    }
    if (reader->files) {
        check_own_topics(reader, root);
    }
}
