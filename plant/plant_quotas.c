/* Quotas. */
#include "memory.h"
#include "plant_part.h"
#include "timestamp.h"
#include "verdict.h"

#include <string.h>

#define QUOTAS_MAX 4096
#define RATE_DECIMALS 9 /* struct quota: rate_e9 */

static const struct plant_key quota_key_list[] = {
    {"id", PLANT_TEXT, true},         {"name", PLANT_LABEL, false},
    {"item", PLANT_TEXT, true},       {"basis", PLANT_TEXT, true},
    {"target", PLANT_DECIMAL, false}, {"limit", PLANT_DECIMAL, true},
    {"scopes", PLANT_LIST, false},    {"view", PLANT_TEXT, false},
    {"stations", PLANT_LIST, false},  {"meters", PLANT_LIST, false},
    {"posts", PLANT_LIST, false},     {"versions", PLANT_LIST, false},
};
static const struct plant_keys quota_keys = {"a quota", quota_key_list,
                                             sizeof quota_key_list / sizeof quota_key_list[0]};

static const struct plant_key version_key_list[] = {
    {"from", PLANT_TEXT, true},
    {"target", PLANT_DECIMAL, false},
    {"limit", PLANT_DECIMAL, true},
};
static const struct plant_keys version_keys = {
    "a version of a quota", version_key_list, sizeof version_key_list / sizeof version_key_list[0]};

static const char *const basis_words[] = {[QUOTA_PER_TONNE] = "per_tonne",
                                          [QUOTA_PER_HEAT] = "per_heat",
                                          [QUOTA_PER_SHIFT] = "per_shift"};
static const char *const view_words[] = {
    [QUOTA_VIEW_OWNER] = "owner", [QUOTA_VIEW_CLOCK] = "clock"};
#define WORDS(list) (list), sizeof(list) / sizeof((list)[0])

/* An element of a list of texts; a mistake for others. */
static bool text_element(struct plant_reader *reader, const cJSON *value, const char *what)
{
    return cJSON_IsString(value) ||
           plant_mistake(reader, value, NULL, "must be %s in quotes", what);
}

/* The rates of a quota, or of one of its versions. */
static void read_rates(struct plant_reader *reader, const cJSON *row, int64_t rate_e9[QUOTA_LEVELS])
{
    int64_t *target = &rate_e9[QUOTA_TARGET], *limit = &rate_e9[QUOTA_LIMIT];
    bool known = plant_decimal(reader, row, "limit", RATE_DECIMALS, 0, INT64_MAX, limit);
    if (plant_member(row, "target", PLANT_DECIMAL) == NULL) {
        *target = *limit;
    } else if (plant_decimal(reader, row, "target", RATE_DECIMALS, 0, INT64_MAX, target) && known &&
               *target > *limit) {
        plant_mistake(reader, row, "target",
                      "is greater than \"limit\"; the team's target is at most the workshop's "
                      "limit");
    }
}

/* From when on a version is in force, the one before it (NULL: it is the first) being older. */
static void read_from(struct plant_reader *reader, const cJSON *row,
                      const struct quota_version *before, struct quota_version *version)
{
    const cJSON *member = plant_member(row, "from", PLANT_TEXT);
    version->from_us = before != NULL ? before->from_us : INT64_MIN;
    if (member == NULL) {
        return; /* plant_object has said so */
    }
    int64_t from_us = 0;
    if (!timestamp_parse(member->valuestring, strlen(member->valuestring), &from_us)) {
        plant_mistake(reader, row, "from",
                      "\"%.40s\" is no time; write it with its offset, like "
                      "\"2026-03-10T08:00:00+08:00\"",
                      member->valuestring);
    } else if (before != NULL && from_us <= before->from_us) {
        plant_mistake(reader, row, "from",
                      "is not later than that of the version before it; list the versions by time, "
                      "one for each time");
    } else {
        version->from_us = from_us;
    }
}

/* Other rates from some time on; what began before is judged by the old ones. */
static void read_versions(struct plant_reader *reader, const cJSON *row, struct quota *quota)
{
    const cJSON *list = plant_member(row, "versions", PLANT_LIST);
    const cJSON *value = NULL;
    if (plant_list_count(reader, list, QUOTA_VERSIONS_MAX) == 0) {
        return;
    }
    cJSON_ArrayForEach(value, list)
    {
        struct quota_version *version = &quota->versions[quota->version_count];
        const struct quota_version *before = quota->version_count > 0 ? version - 1 : NULL;
        plant_object(reader, value, &version_keys);
        read_from(reader, value, before, version);
        read_rates(reader, value, version->rate_e9);
        quota->version_count++;
    }
}

static void read_scopes(struct plant_reader *reader, const cJSON *row, struct quota *quota)
{
    const cJSON *list = plant_member(row, "scopes", PLANT_LIST);
    const cJSON *value = NULL;
    quota->of_crews = list == NULL;
    quota->of_heats = list == NULL && quota->basis != QUOTA_PER_SHIFT;
    if (list == NULL) {
        return;
    }
    cJSON_ArrayForEach(value, list)
    {
        bool heat = cJSON_IsString(value) && strcmp(value->valuestring, "heat") == 0;
        bool crew = cJSON_IsString(value) && strcmp(value->valuestring, "crew") == 0;
        quota->of_heats = quota->of_heats || heat;
        quota->of_crews = quota->of_crews || crew;
        if (!heat && !crew) {
            plant_mistake(reader, value, NULL, "must be \"heat\" or \"crew\"");
        } else if (heat && quota->basis == QUOTA_PER_SHIFT) {
            plant_mistake(reader, value, NULL,
                          "a quota per shift is not judged for each heat; use [\"crew\"]");
        }
    }
    if (cJSON_GetArraySize(list) == 0) {
        plant_mistake(reader, list, NULL,
                      "is empty, so the quota is never judged; use \"heat\", \"crew\" or both");
    }
}

static void read_quota_stations(struct plant_reader *reader, const cJSON *row, struct quota *quota)
{
    const struct catalog *catalog = &reader->plant->catalog;
    const cJSON *list = plant_member(row, "stations", PLANT_LIST);
    const cJSON *value = NULL;
    uint32_t found = 0;
    if (plant_list_count(reader, list, QUOTA_STATIONS_MAX) == 0) {
        return;
    }
    cJSON_ArrayForEach(value, list)
    {
        if (text_element(reader, value, "the id of a station") &&
            plant_reference(reader, value, "station", catalog->stations, catalog->station_count,
                            sizeof *catalog->stations, &found)) {
            quota->stations[quota->station_count++].index = (uint16_t)found;
        }
    }
}

static void read_quota_meters(struct plant_reader *reader, const cJSON *row, bool item_known,
                              struct quota *quota)
{
    const struct catalog *catalog = &reader->plant->catalog;
    const cJSON *list = plant_member(row, "meters", PLANT_LIST);
    const cJSON *value = NULL;
    uint32_t found = 0;
    if (plant_list_count(reader, list, QUOTA_METERS_MAX) == 0) {
        return;
    }
    cJSON_ArrayForEach(value, list)
    {
        if (!text_element(reader, value, "the id of a meter") ||
            !plant_reference(reader, value, "meter", catalog->meters, catalog->meter_count,
                             sizeof *catalog->meters, &found)) {
            continue;
        }
        const struct meter *meter = &catalog->meters[found];
        if (item_known && meter->item.index != quota->item.index) {
            plant_mistake(reader, value, NULL,
                          "meter \"%s\" measures \"%s\", the quota is on \"%s\"; name a meter of "
                          "that item",
                          meter->id, catalog->items[meter->item.index].id,
                          catalog->items[quota->item.index].id);
        } else if (meter->role == METER_CHECK) {
            plant_mistake(
                reader, value, NULL,
                "meter \"%s\" has the role \"check\" and counts in no quota; name a meter "
                "that books",
                meter->id);
        }
        quota->meters[quota->meter_count++].index = found;
    }
}

static void read_posts(struct plant_reader *reader, const cJSON *row, struct quota *quota)
{
    const cJSON *list = plant_member(row, "posts", PLANT_LIST);
    const cJSON *value = NULL;
    if (plant_list_count(reader, list, QUOTA_POSTS_MAX) == 0) {
        return;
    }
    cJSON_ArrayForEach(value, list)
    {
        if (!text_element(reader, value, "the name of a post")) {
            continue;
        }
        size_t length = strlen(value->valuestring);
        if (length == 0 || length > CATALOG_NAME_MAX ||
            strpbrk(value->valuestring, ";\n") != NULL) {
            plant_mistake(reader, value, NULL,
                          "a post has 1 to %d bytes and no ';' (which parts the posts in reports)",
                          CATALOG_NAME_MAX);
            continue;
        }
        memcpy(quota->posts[quota->post_count++], value->valuestring, length + 1);
    }
}

static void read_quota(struct plant_reader *reader, const cJSON *row, struct quota *quota)
{
    const struct catalog *catalog = &reader->plant->catalog;
    const cJSON *item = plant_member(row, "item", PLANT_TEXT);
    uint32_t found = 0;
    bool item_known = false;
    size_t chosen = QUOTA_PER_TONNE;
    plant_object(reader, row, &quota_keys);
    if (plant_id(reader, row, "id", quota->id) && alert_matter_reserved(quota->id)) {
        plant_mistake(reader, row, "id",
                      "\"%s\" is the name of alerts about meters (held, stale, balance); give the "
                      "quota another id",
                      quota->id);
    }
    plant_label(reader, row, "name", quota->id, &quota->name);
    if (item != NULL) {
        item_known = plant_reference(reader, item, "item", catalog->items, catalog->item_count,
                                     sizeof *catalog->items, &found);
        quota->item.index = (uint16_t)found;
    }
    plant_choice(reader, row, "basis", WORDS(basis_words), &chosen);
    quota->basis = (enum quota_basis)chosen;
    chosen = quota->basis == QUOTA_PER_SHIFT ? QUOTA_VIEW_CLOCK : QUOTA_VIEW_OWNER;
    plant_choice(reader, row, "view", WORDS(view_words), &chosen);
    quota->view = (enum quota_view)chosen;
    read_rates(reader, row, quota->rate_e9);
    read_versions(reader, row, quota);
    read_scopes(reader, row, quota);
    read_quota_stations(reader, row, quota);
    read_quota_meters(reader, row, item_known, quota);
    read_posts(reader, row, quota);
}

void plant_read_quotas(struct plant_reader *reader, const cJSON *root)
{
    struct plant *plant = reader->plant;
    const cJSON *list = plant_member(root, "quotas", PLANT_LIST);
    const cJSON *row = NULL;
    plant->quota_count = plant_list_count(reader, list, QUOTAS_MAX);
    plant->quotas = memory_zeroed(plant->quota_count, sizeof *plant->quotas);
    if (plant->quota_count == 0) {
        return;
    }
    struct quota *quota = plant->quotas;
    cJSON_ArrayForEach(row, list)
    {
        read_quota(reader, row, quota++);
    }
    plant_unique_ids(reader, list);
}
