/* Mappings: the native rows, then those of the configuration. */
#include "memory.h"
#include "plant_part.h"

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
    if (count == 0) {
        return;
    }
    find_duplicates(reader, list);
    cJSON_ArrayForEach(row, list)
    {
        struct mapping_fault fault = {.key = "", .text = ""};
        if (!cJSON_IsObject(row)) {
            plant_mistake(reader, row, NULL, "a mapping is an object {...}");
        } else if (!mapping_from_json(row, &plant->mappings[plant->mapping_count++], &fault)) {
            report_fault(reader, row, &fault);
        } else {
            check_zone(reader, row);
        }
    }
}
