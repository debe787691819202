/* Sharing keys: by what the use of a meter is divided over the heats that it serves. */
#include "plant_part.h"

#include "memory.h"
#include "sharing.h"
#include "timestamp.h"

#include <stdlib.h>
#include <string.h>

#define WEIGHT_DECIMALS 6

static const struct plant_key rule_key_list[] = {
    {"from", PLANT_TEXT, false},
    {"key", PLANT_TEXT, true},
    {"stations", PLANT_LIST | PLANT_OBJECT, false},
    {"meters", PLANT_LIST, false},
};
static const struct plant_keys rule_keys = {"a sharing key", rule_key_list,
                                            sizeof rule_key_list / sizeof rule_key_list[0]};

/* Which of the keys beside "key" each method has. */
enum rule_form { FORM_STATIONS, FORM_WEIGHTS, FORM_METERS };

static const char *const words[] = {"time", "heat_count", "tonnage", "ratio", "power", "submeter"};
static const struct {
    enum sharing_method method;
    enum rule_form form;
} methods[] = {
    {SHARING_TIME, FORM_STATIONS},    {SHARING_HEAT_COUNT, FORM_STATIONS},
    {SHARING_TONNAGE, FORM_STATIONS}, {SHARING_RATIO, FORM_WEIGHTS},
    {SHARING_POWER, FORM_WEIGHTS},    {SHARING_SUBMETER, FORM_METERS},
};
#define METHODS (sizeof methods / sizeof methods[0])

/* A station by its id; false after a mistake. */
static bool find_station(struct plant_reader *reader, const cJSON *value, const char *id,
                         const struct sharing_rule *rule, station_id *station)
{
    const struct catalog *catalog = &reader->plant->catalog;
    if (!catalog_find_station(catalog, id, station)) {
        return plant_mistake(reader, value, NULL,
                             "there is no station \"%.*s\"; name one of \"stations\"",
                             CATALOG_ID_MAX, id);
    }
    for (uint32_t i = 0; i < rule->part_count; i++) {
        if (rule->parts[i].station.index == station->index) {
            return plant_mistake(reader, value, NULL, "names station \"%s\" twice; once is enough",
                                 id);
        }
    }
    return true;
}

/* {"BOF": 5, "LF": 3} */
static void read_weights(struct plant_reader *reader, const cJSON *row, struct sharing_rule *rule)
{
    const cJSON *stations = cJSON_GetObjectItemCaseSensitive(row, "stations");
    const cJSON *value = NULL;
    int64_t any = 0;
    if (!cJSON_IsObject(stations)) {
        plant_mistake(reader, row, "stations",
                      "must be an object with a number for each station, like {\"BOF\": 5, "
                      "\"LF\": 3}: this key divides by them");
        return;
    }
    cJSON_ArrayForEach(value, stations)
    {
        struct sharing_part part = {.weight = 0};
        if (rule->part_count == SHARING_PARTS_MAX) {
            plant_mistake(reader, stations, NULL, "names more than %d stations; fewer are possible",
                          SHARING_PARTS_MAX);
            return;
        }
        if (!cJSON_IsString(value) && !cJSON_IsNumber(value)) {
            plant_mistake(reader, value, NULL, "must be a number that is not negative, like 5");
        } else if (find_station(reader, value, value->string, rule, &part.station) &&
                   plant_decimal_value(reader, value, WEIGHT_DECIMALS, 0, INT64_MAX,
                                       &part.weight)) {
            any |= part.weight;
            rule->parts[rule->part_count++] = part;
        } else {
            any = 1; /* one mistake is enough */
        }
    }
    if (any == 0) {
        plant_mistake(reader, stations, NULL,
                      "has no number above 0, so nothing could be divided; give one at least");
    }
}

/* ["BOF", "LF"], or nothing: the meter's own station. */
static void read_stations(struct plant_reader *reader, const cJSON *row, struct sharing_rule *rule)
{
    const cJSON *stations = cJSON_GetObjectItemCaseSensitive(row, "stations");
    const cJSON *value = NULL;
    if (stations == NULL) {
        return;
    }
    if (!cJSON_IsArray(stations) || cJSON_GetArraySize(stations) == 0) {
        plant_mistake(reader, stations, NULL,
                      "must be a list of the stations whose heats share, like [\"BOF\", \"LF\"]; "
                      "leave it out for the meter's own station");
        return;
    }
    if (plant_list_count(reader, stations, SHARING_PARTS_MAX) == 0) {
        return;
    }
    cJSON_ArrayForEach(value, stations)
    {
        struct sharing_part part = {.weight = 0};
        if (!cJSON_IsString(value)) {
            plant_mistake(reader, value, NULL, "must be the id of a station, like \"LF\"");
        } else if (find_station(reader, value, value->valuestring, rule, &part.station)) {
            rule->parts[rule->part_count++] = part;
        }
    }
}

/* ["W02", "W03"]: each at its own station. */
static void read_submeters(struct plant_reader *reader, const cJSON *row, uint32_t own,
                           struct sharing_rule *rule)
{
    const struct catalog *catalog = &reader->plant->catalog;
    const cJSON *meters = plant_member(row, "meters", PLANT_LIST);
    const cJSON *value = NULL;
    uint32_t found = 0;
    if (meters == NULL || cJSON_GetArraySize(meters) == 0) {
        plant_mistake(reader, row, "meters",
                      "is missing: the list of the sub-meters by which it is divided, like "
                      "[\"W02\", \"W03\"]");
        return;
    }
    if (plant_list_count(reader, meters, SHARING_PARTS_MAX) == 0) {
        return;
    }
    cJSON_ArrayForEach(value, meters)
    {
        if (!cJSON_IsString(value)) {
            plant_mistake(reader, value, NULL, "must be the id of a meter, like \"W02\"");
            continue;
        }
        if (!plant_reference(reader, value, "meter", catalog->meters, catalog->meter_count,
                             sizeof *catalog->meters, &found)) {
            continue;
        }
        const struct meter *meter = &catalog->meters[found];
        bool twice = false;
        for (uint32_t i = 0; i < rule->part_count; i++) {
            twice = twice || rule->parts[i].meter.index == found;
        }
        if (found == own) {
            plant_mistake(reader, value, NULL, "is the meter itself; name the meters below it");
        } else if (twice) {
            plant_mistake(reader, value, NULL, "names \"%s\" twice; once is enough", meter->id);
        } else if (meter->kind == METER_INCREMENT || meter->kind == METER_EVENT) {
            plant_mistake(reader, value, NULL,
                          "\"%s\" is of kind \"%s\"; a sub-meter must be a register, a rate or a "
                          "level, whose use at every instant is known",
                          meter->id, meter_kind_name(meter->kind));
        } else {
            rule->parts[rule->part_count++] =
                (struct sharing_part){.station = meter->station, .meter = {found}};
        }
    }
}

static bool part_after(const struct catalog *catalog, const struct sharing_part *a,
                       const struct sharing_part *b)
{
    int order =
        strcmp(catalog->stations[a->station.index].id, catalog->stations[b->station.index].id);
    return order > 0 || (order == 0 && a->meter.index > b->meter.index);
}

/* By the stations' ids: the lowest wins a tie. */
static void sort_parts(const struct catalog *catalog, struct sharing_rule *rule)
{
    for (uint32_t i = 1; i < rule->part_count; i++) {
        struct sharing_part moving = rule->parts[i];
        uint32_t at = i;
        for (; at > 0 && part_after(catalog, &rule->parts[at - 1], &moving); at--) {
            rule->parts[at] = rule->parts[at - 1];
        }
        rule->parts[at] = moving;
    }
}

/* Since when a rule is in force, the one before it (NULL: it is the first) being older. */
static void read_from(struct plant_reader *reader, const cJSON *row,
                      const struct sharing_rule *before, struct sharing_rule *rule)
{
    const cJSON *member = plant_member(row, "from", PLANT_TEXT);
    rule->from_us = INT64_MIN;
    if (member == NULL) {
        if (before != NULL) {
            plant_mistake(reader, row, "from",
                          "is missing: only the first of several keys may be without it");
        }
        return;
    }
    if (!timestamp_parse(member->valuestring, strlen(member->valuestring), &rule->from_us)) {
        plant_mistake(reader, member, NULL,
                      "\"%.40s\" is no time; write it with its offset, like "
                      "\"2026-03-10T08:00:00+08:00\"",
                      member->valuestring);
    } else if (before != NULL && rule->from_us <= before->from_us) {
        plant_mistake(reader, member, NULL,
                      "is not later than that of the key before it; list the keys by time");
    }
}

static void read_rule(struct plant_reader *reader, const cJSON *row, uint32_t own,
                      const struct sharing_rule *before, struct sharing_rule *rule)
{
    size_t chosen = 0;
    plant_object(reader, row, &rule_keys);
    read_from(reader, row, before, rule);
    if (!plant_choice(reader, row, "key", words, METHODS, &chosen)) {
        return;
    }
    rule->method = methods[chosen].method;
    const char *stray = methods[chosen].form == FORM_METERS ? "stations" : "meters";
    if (cJSON_GetObjectItemCaseSensitive(row, stray) != NULL) {
        plant_mistake(reader, row, stray, "means nothing for the key \"%s\"; remove it",
                      words[chosen]);
    }
    if (methods[chosen].form == FORM_WEIGHTS) {
        read_weights(reader, row, rule);
    } else if (methods[chosen].form == FORM_METERS) {
        read_submeters(reader, row, own, rule);
    } else {
        read_stations(reader, row, rule);
    }
    sort_parts(&reader->plant->catalog, rule);
}

/* The keys of one meter: a word, an object, or a list of objects. */
static void read_sharing(struct plant_reader *reader, const cJSON *value, uint32_t own)
{
    struct meter *meter = &reader->plant->catalog.meters[own];
    struct sharing *sharing = memory_zeroed(1, sizeof *sharing);
    meter->sharing = sharing;
    const struct sharing_rule *before = NULL;
    if (meter->role == METER_CHECK) {
        plant_mistake(
            reader, value, NULL,
            "is for meters of role \"book\": what a check meter shows belongs to no heat");
    }
    if (cJSON_IsString(value)) {
        for (size_t i = 0; i < METHODS && sharing->rule_count == 0; i++) {
            if (strcmp(value->valuestring, words[i]) == 0 && methods[i].form == FORM_STATIONS) {
                sharing->rules[sharing->rule_count++] =
                    (struct sharing_rule){.from_us = INT64_MIN, .method = methods[i].method};
            }
        }
        if (sharing->rule_count == 0) {
            plant_mistake(reader, value, NULL,
                          "\"%.32s\" must be \"time\", \"heat_count\" or \"tonnage\", or an object "
                          "like {\"key\": \"ratio\", \"stations\": {\"BOF\": 5, \"LF\": 3}}",
                          value->valuestring);
        }
        return;
    }
    if (cJSON_IsObject(value)) {
        read_rule(reader, value, own, NULL, &sharing->rules[sharing->rule_count++]);
        return;
    }
    const cJSON *row = NULL;
    if (cJSON_GetArraySize(value) == 0) {
        plant_mistake(reader, value, NULL, "is empty; leave it out for equal shares");
    }
    if (plant_list_count(reader, value, SHARING_RULES_MAX) == 0) {
        return;
    }
    cJSON_ArrayForEach(row, value)
    {
        struct sharing_rule *rule = &sharing->rules[sharing->rule_count++];
        read_rule(reader, row, own, before, rule);
        before = rule;
    }
}

/* Mistakes where a meter has too many different sub-meters. */
static void count_submeters(struct plant_reader *reader, const cJSON *value,
                            const struct sharing *sharing)
{
    uint32_t seen[SHARING_METERS_MAX];
    uint32_t count = 0;
    for (uint32_t i = 0; i < sharing->rule_count; i++) {
        const struct sharing_rule *rule = &sharing->rules[i];
        for (uint32_t k = 0; rule->method == SHARING_SUBMETER && k < rule->part_count; k++) {
            uint32_t at = 0;
            while (at < count && seen[at] != rule->parts[k].meter.index) {
                at++;
            }
            if (at == SHARING_METERS_MAX) {
                plant_mistake(reader, value, NULL,
                              "names more than %d different sub-meters over time; fewer are "
                              "possible",
                              SHARING_METERS_MAX);
                return;
            }
            if (at == count) {
                seen[count++] = rule->parts[k].meter.index;
            }
        }
    }
}

/* Whether all sub-meters of a meter are known to end in meters that share by none. */
static bool is_settled(const struct meter *meter, const bool *settled)
{
    for (uint32_t i = 0; meter->sharing != NULL && i < meter->sharing->rule_count; i++) {
        const struct sharing_rule *rule = &meter->sharing->rules[i];
        for (uint32_t k = 0; rule->method == SHARING_SUBMETER && k < rule->part_count; k++) {
            if (!settled[rule->parts[k].meter.index]) {
                return false;
            }
        }
    }
    return true;
}

/* Settles meter by meter; those that are left share by each other. */
static void refuse_circles(struct plant_reader *reader, const cJSON *list)
{
    const struct catalog *catalog = &reader->plant->catalog;
    bool *settled = memory_zeroed(catalog->meter_count, sizeof *settled);
    bool any = true;
    while (any) {
        any = false;
        for (uint32_t i = 0; i < catalog->meter_count; i++) {
            if (!settled[i] && is_settled(&catalog->meters[i], settled)) {
                settled[i] = any = true;
            }
        }
    }
    const cJSON *row = NULL;
    uint32_t i = 0;
    cJSON_ArrayForEach(row, list)
    {
        if (!settled[i++]) {
            plant_mistake(reader, row, "sharing",
                          "is a circle, or leads into one: its sub-meters share by meters that in "
                          "the end share by each other");
        }
    }
    free(settled);
}

void plant_read_sharing(struct plant_reader *reader, const cJSON *list)
{
    const struct catalog *catalog = &reader->plant->catalog;
    const cJSON *row = NULL;
    uint32_t own = 0;
    bool any = false;
    cJSON_ArrayForEach(row, list)
    {
        const cJSON *value = plant_member(row, "sharing", PLANT_TEXT | PLANT_OBJECT | PLANT_LIST);
        if (value != NULL) {
            read_sharing(reader, value, own);
            count_submeters(reader, value, catalog->meters[own].sharing);
            any = true;
        }
        own++;
    }
    if (any) {
        refuse_circles(reader, list);
    }
}

bool plant_read_idle(struct plant_reader *reader, const cJSON *row, bool *to_next)
{
    static const char *const idle_words[] = {"idle", "next_heat"};
    size_t chosen = 0;
    bool given = plant_choice(reader, row, "idle", idle_words, 2, &chosen);
    *to_next = chosen == 1;
    return given;
}
