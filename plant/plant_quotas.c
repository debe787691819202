/* Quotas. */
#include "memory.h"
#include "plant_part.h"
#include "plant_rates.h"
#include "verdict.h"

#include <string.h>

#define QUOTAS_MAX 4096

static const struct plant_key quota_key_list[] = {
    {"id", PLANT_TEXT, true},
    {"name", PLANT_LABEL, false},
    {"item", PLANT_TEXT, true},
    {"basis", PLANT_TEXT, true},
    {"target", PLANT_DECIMAL, false},
    {"limit", PLANT_DECIMAL, true},
    {"scopes", PLANT_LIST, false},
    {"view", PLANT_TEXT, false},
    {"stations", PLANT_LIST, false},
    {"meters", PLANT_LIST, false},
    {"posts", PLANT_LIST, false},
    {"versions", PLANT_LIST, false},
    {"stretch", PLANT_DECIMAL, false},
    {"fixed", PLANT_DECIMAL, false},
    {"fixed_target", PLANT_DECIMAL, false},
    {"grades", PLANT_OBJECT, false},
    {"seasons", PLANT_LIST, false},
    {"tonnes", PLANT_TEXT, false},
    {"hard", PLANT_BOOL, false},
    {"kind", PLANT_TEXT, false},
    {"kept_by", PLANT_TEXT, false},
    {"carry", PLANT_BOOL, false},
};
static const struct plant_keys quota_keys = {"a quota", quota_key_list,
                                             sizeof quota_key_list / sizeof quota_key_list[0]};

static const char *const basis_words[] = {
    [QUOTA_PER_TONNE] = "per_tonne", [QUOTA_PER_HEAT] = "per_heat",
    [QUOTA_PER_SHIFT] = "per_shift", [QUOTA_LINEAR] = "linear",
    [QUOTA_PER_DAY] = "per_day",     [QUOTA_PER_TEN_DAYS] = "per_ten_days",
    [QUOTA_PER_MONTH] = "per_month"};
static const char *const tonnes_words[] = {
    [QUOTA_TONNES_GOOD] = "good", [QUOTA_TONNES_TAPPED] = "tapped", [QUOTA_TONNES_CAST] = "cast"};
static const char *const kind_words[] = {"result", "process"};
static const char *const scope_words[] = {"heat", "crew", "period"};
static const char *const view_words[] = {
    [QUOTA_VIEW_OWNER] = "owner", [QUOTA_VIEW_CLOCK] = "clock"};
#define WORDS(list) (list), sizeof(list) / sizeof((list)[0])
enum quota_scope { SCOPE_HEAT, SCOPE_CREW, SCOPE_PERIOD, SCOPES };

/* An element of a list of texts; a mistake for others. */
static bool text_element(struct plant_reader *reader, const cJSON *value, const char *what)
{
    return cJSON_IsString(value) ||
           plant_mistake(reader, value, NULL, "must be %s in quotes", what);
}

/* Which scopes a quota of that basis can have. */
static bool has_scope(const struct quota *quota, enum quota_scope scope)
{
    enum period_kind kind = PERIOD_DAY;
    bool of_period = quota_of_period(quota, &kind);
    const bool has[SCOPES] = {[SCOPE_HEAT] = !quota_takes_all(quota),
                              [SCOPE_CREW] = !of_period,
                              [SCOPE_PERIOD] = of_period};
    return has[scope];
}

static void read_scope(struct plant_reader *reader, const cJSON *value, struct quota *quota)
{
    static const char *const why_not[SCOPES] = {
        [SCOPE_HEAT] = "a quota that counts more than heats is not judged for each heat",
        [SCOPE_CREW] = "a quota of the shop in a period is not judged for each crew-shift",
        [SCOPE_PERIOD] = "only per_day, per_ten_days and per_month are judged for periods"};
    int scope = 0;
    while (scope < SCOPES &&
           !(cJSON_IsString(value) && strcmp(value->valuestring, scope_words[scope]) == 0)) {
        scope++;
    }
    if (scope == SCOPES) {
        plant_mistake(reader, value, NULL, "must be \"heat\" or \"crew\"");
        return;
    }
    quota->of_heats = quota->of_heats || scope == SCOPE_HEAT;
    quota->of_crews = quota->of_crews || scope == SCOPE_CREW;
    if (!has_scope(quota, (enum quota_scope)scope)) {
        plant_mistake(reader, value, NULL, "%s; use [\"%s\"]", why_not[scope],
                      scope_words[has_scope(quota, SCOPE_PERIOD) ? SCOPE_PERIOD : SCOPE_CREW]);
    }
}

static void read_scopes(struct plant_reader *reader, const cJSON *row, struct quota *quota)
{
    const cJSON *list = plant_member(row, "scopes", PLANT_LIST);
    const cJSON *value = NULL;
    quota->of_crews = list == NULL && has_scope(quota, SCOPE_CREW);
    quota->of_heats = list == NULL && has_scope(quota, SCOPE_HEAT);
    cJSON_ArrayForEach(value, list)
    {
        read_scope(reader, value, quota);
    }
    if (list != NULL && cJSON_GetArraySize(list) == 0) {
        plant_mistake(reader, list, NULL,
                      "is empty, so the quota is never judged; use \"heat\", \"crew\" or both");
    }
}

/* Whether what a crew has left of a month goes to its next one. */
static void read_carry(struct plant_reader *reader, const cJSON *row, struct quota *quota)
{
    plant_bool(row, "carry", &quota->carry);
    if (quota->carry && !quota->of_crews) {
        plant_mistake(reader, row, "carry",
                      "is for quotas that are held against crews; what a heat or the shop has left "
                      "is nobody's to carry on: leave it out");
    }
}

/* What kind of target it is, who keeps it, and which steel it counts. */
static void read_kind(struct plant_reader *reader, const cJSON *row, struct quota *quota)
{
    size_t chosen = QUOTA_TONNES_GOOD;
    bool hard = true;
    if (plant_choice(reader, row, "tonnes", WORDS(tonnes_words), &chosen) &&
        plant_member(row, "tonnes", PLANT_TEXT) != NULL && quota->basis != QUOTA_PER_TONNE &&
        quota->basis != QUOTA_LINEAR) {
        plant_mistake(reader, row, "tonnes",
                      "is for quotas that count tonnes (per_tonne, linear); leave it out");
    }
    quota->tonnes = (enum quota_tonnes)chosen;
    plant_bool(row, "hard", &hard);
    quota->soft = !hard;
    chosen = 0;
    plant_choice(reader, row, "kind", WORDS(kind_words), &chosen);
    quota->of_process = chosen == 1;
    plant_text(reader, row, "kept_by", quota->owner, CATALOG_NAME_MAX);
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
    chosen = quota_takes_all(quota) ? QUOTA_VIEW_CLOCK : QUOTA_VIEW_OWNER;
    plant_choice(reader, row, "view", WORDS(view_words), &chosen);
    quota->view = (enum quota_view)chosen;
    plant_read_rates(reader, row, quota);
    read_kind(reader, row, quota);
    read_scopes(reader, row, quota);
    read_carry(reader, row, quota);
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
