#include "plant.h"

#include "config_text.h"
#include "memory.h"
#include "plant_part.h"
#include "timestamp.h"
#include "zone_load.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define PLANT_FILE_MAX (1u << 30) /* bytes of a configuration */
#define SKEW_DEFAULT_US (300 * TIMESTAMP_SECOND_US)
#define SKEW_MAX_US TIMESTAMP_DAY_US
#define HANDOVER_DELAY_DEFAULT_US (60 * TIMESTAMP_SECOND_US)
#define HANDOVER_DELAY_MAX_US (8 * TIMESTAMP_HOUR_US)
#define PERIOD_DELAY_DEFAULT_US TIMESTAMP_HOUR_US
#define PERIOD_DELAY_MAX_US (7 * TIMESTAMP_DAY_US)
#define METRICS_DEFAULT_S 15
#define METRICS_MAX_S 3600
#define STAY_DEFAULT_H 24
#define STAY_MAX_H (366 * 24)

static const struct plant_key plant_key_list[] = {
    {"shop", PLANT_TEXT, true},
    {"name", PLANT_LABEL, false},
    {"zone", PLANT_TEXT, true},
    {"production_day_start", PLANT_TEXT, true},
    {"owner_at", PLANT_TEXT | PLANT_OBJECT, false},
    {"heats", PLANT_OBJECT, false},
    {"mqtt", PLANT_OBJECT, false},
    {"journal", PLANT_OBJECT, false},
    {"limits", PLANT_OBJECT, false},
    {"rejects", PLANT_OBJECT, false},
    {"skew_s", PLANT_DECIMAL, false},
    {"handover_delay_s", PLANT_DECIMAL, false},
    {"period_delay_s", PLANT_DECIMAL, false},
    {"metrics_s", PLANT_NUMBER, false},
    {"items", PLANT_LIST, true},
    {"stations", PLANT_LIST, true},
    {"meters", PLANT_LIST, true},
    {"virtual", PLANT_LIST, false},
    {"balances", PLANT_LIST, false},
    {"shifts", PLANT_LIST, true},
    {"crews", PLANT_LIST, true},
    {"roster", PLANT_OBJECT, true},
    {"quotas", PLANT_LIST, false},
    {"prices", PLANT_LIST, false},
    {"tariffs", PLANT_LIST, false},
    {"energy_factors", PLANT_LIST, false},
    {"cost_classes", PLANT_LIST, false},
    {"causes", PLANT_LIST, false},
    {"plan", PLANT_LIST, false},
    {"allocations", PLANT_LIST, false},
    {"baselines", PLANT_LIST, false},
    {"settlement", PLANT_OBJECT, false},
    {"mappings", PLANT_LIST, false},
};
static const struct plant_keys plant_keys = {"the configuration", plant_key_list,
                                             sizeof plant_key_list / sizeof plant_key_list[0]};
static const struct plant_key owner_key_list[] = {
    {"event", PLANT_TEXT, true},
    {"station", PLANT_TEXT, true},
};
static const struct plant_keys owner_keys = {"\"owner_at\"", owner_key_list,
                                             sizeof owner_key_list / sizeof owner_key_list[0]};
static const struct plant_key heats_key_list[] = {{"stay_max_h", PLANT_NUMBER, false}};
static const struct plant_keys heats_keys = {"\"heats\"", heats_key_list, 1};

static void read_owner(struct plant_reader *reader, const cJSON *root)
{
    static const char *const events[] = {"end"};
    struct plant *plant = reader->plant;
    const cJSON *value = plant_member(root, "owner_at", PLANT_TEXT | PLANT_OBJECT);
    uint32_t found = 0;
    size_t chosen = 0;
    plant->heat_rules.owner_at_tap = true;
    plant->heat_rules.owner_station.index = CATALOG_NONE;
    if (value == NULL || (cJSON_IsString(value) && strcmp(value->valuestring, "tap") == 0)) {
        return;
    }
    if (cJSON_IsString(value)) {
        plant_mistake(reader, value, NULL,
                      "\"%.32s\" must be \"tap\" or {\"event\": \"end\", \"station\": \"LF\"}",
                      value->valuestring);
        return;
    }
    plant_object(reader, value, &owner_keys);
    plant_choice(reader, value, "event", events, 1, &chosen);
    const cJSON *station = plant_member(value, "station", PLANT_TEXT);
    if (station != NULL &&
        plant_reference(reader, station, "station", plant->catalog.stations,
                        plant->catalog.station_count, sizeof *plant->catalog.stations, &found)) {
        plant->heat_rules.owner_at_tap = false;
        plant->heat_rules.owner_station.index = (uint16_t)found;
    }
}

static void read_heats(struct plant_reader *reader, const cJSON *root)
{
    const cJSON *heats = plant_member(root, "heats", PLANT_OBJECT);
    int64_t stay_max_h = STAY_DEFAULT_H;
    if (heats != NULL) {
        plant_object(reader, heats, &heats_keys);
        plant_decimal(reader, heats, "stay_max_h", 0, 0, STAY_MAX_H, &stay_max_h);
    }
    reader->plant->heat_rules.stay_max_us = stay_max_h * TIMESTAMP_HOUR_US;
}

static void read_zone(struct plant_reader *reader, const cJSON *root, const struct zone *kept)
{
    struct roster *roster = &reader->plant->roster;
    struct failure failure = {0};
    const cJSON *value = plant_member(root, "zone", PLANT_TEXT);
    roster->zone = zone_fixed("UTC", 0);
    if (kept != NULL) {
        roster->zone = *kept;
    } else if (value != NULL && !zone_load(value->valuestring, &roster->zone, &failure)) {
        plant_mistake(reader, value, NULL, "%s", failure.text);
    }
}

static void read_numbers(struct plant_reader *reader, const cJSON *root)
{
    struct plant *plant = reader->plant;
    plant->skew_us = SKEW_DEFAULT_US;
    plant->handover_delay_us = HANDOVER_DELAY_DEFAULT_US;
    plant_decimal(reader, root, "skew_s", 6, 0, SKEW_MAX_US, &plant->skew_us);
    plant_decimal(reader, root, "handover_delay_s", 6, 0, HANDOVER_DELAY_MAX_US,
                  &plant->handover_delay_us);
    plant->period_delay_us = PERIOD_DELAY_DEFAULT_US;
    plant_decimal(reader, root, "period_delay_s", 6, 0, PERIOD_DELAY_MAX_US,
                  &plant->period_delay_us);
    int64_t metrics_s = METRICS_DEFAULT_S;
    plant_decimal(reader, root, "metrics_s", 0, 1, METRICS_MAX_S, &metrics_s);
    plant->metrics_us = metrics_s * TIMESTAMP_SECOND_US;
}

static void read_parts(struct plant_reader *reader, const struct zone *zone)
{
    struct plant *plant = reader->plant;
    const cJSON *root = config_text_root(reader->config);
    plant_object(reader, root, &plant_keys);
    plant_id(reader, root, "shop", plant->catalog.shop);
    plant_label(reader, root, "name", plant->catalog.shop, &plant->catalog.shop_name);
    read_zone(reader, root, zone);
    read_numbers(reader, root);
    plant_read_journal(reader, root);
    plant_read_limits(reader, root);
    plant_read_rejects(reader, root);
    plant_read_broker(reader, root);
    plant_read_items(reader, root);
    plant_read_stations(reader, root);
    plant_read_meters(reader, root);
    plant_read_balances(reader, root);
    read_owner(reader, root);
    read_heats(reader, root);
    plant_read_roster(reader, root);
    plant_read_quotas(reader, root);
    plant_read_costs(reader, root);
    plant_read_tariffs(reader, root);
    plant_read_baselines(reader, root);
    plant_read_settlement(reader, root);
    plant_read_allocations(reader, root);
    plant_read_mappings(reader, root);
    if (reader->findings->counts[PLANT_MISTAKE] == 0) {
        catalog_index_build(&plant->catalog);
        plant_lint(reader, root);
    }
}

struct plant *plant_build(const char *name, const char *text, const struct zone *zone,
                          const char *path, struct plant_findings *findings)
{
    struct failure failure = {0};
    struct config_text *config = config_text_parse(name, text, &failure);
    if (config == NULL) {
        plant_findings_add(findings, PLANT_MISTAKE, 0, failure.text);
        return NULL;
    }
    struct plant *plant = memory_zeroed(1, sizeof *plant);
    struct plant_reader reader = {.name = name,
                                  .config = config,
                                  .plant = plant,
                                  .findings = findings,
                                  .files = path != NULL};
    const char *slash = path == NULL ? NULL : strrchr(path, '/');
    if (slash != NULL) {
        snprintf(reader.directory, sizeof reader.directory, "%.*s", (int)(slash - path + 1), path);
    }
    plant->text = memory_text(text);
    read_parts(&reader, zone);
    config_text_free(config);
    plant_findings_sort(findings);
    return plant;
}

/* The file's text, ended with NUL; the caller's. */
static char *read_file(const char *path, struct failure *failure)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    size_t length = 0, capacity = 0;
    if (file == NULL) {
        failure_set(failure, FAILURE_INPUT, "cannot read the configuration %s: %s", path,
                    strerror(errno));
        return NULL;
    }
    do {
        capacity = capacity == 0 ? 65536 : capacity * 2;
        text = realloc(text, capacity + 1);
        REQUIRE(text != NULL);
        length += fread(text + length, 1, capacity - length, file);
    } while (length == capacity && capacity < PLANT_FILE_MAX);
    bool failed = ferror(file) != 0;
    int reason = errno;
    fclose(file);
    text[length] = '\0';
    if (failed || length >= PLANT_FILE_MAX || strlen(text) != length) {
        failure_set(failure, FAILURE_INPUT, "cannot read the configuration %s: %s", path,
                    failed                     ? strerror(reason)
                    : length >= PLANT_FILE_MAX ? "it is larger than 1 GiB"
                                               : "it holds a NUL byte and is no text");
        free(text);
        return NULL;
    }
    return text;
}

static struct plant *plant_verdict(struct plant *plant, struct plant_findings *findings,
                                   struct failure *failure)
{
    if (!plant_findings_verdict(findings, failure)) {
        plant_free(plant);
        plant = NULL;
    }
    plant_findings_clear(findings);
    free(findings);
    return plant;
}

struct plant *plant_load(const char *path, struct failure *failure)
{
    char *text = read_file(path, failure);
    if (text == NULL) {
        return NULL;
    }
    struct plant_findings *findings = memory_zeroed(1, sizeof *findings);
    struct plant *plant = plant_build(path, text, NULL, path, findings);
    free(text);
    return plant_verdict(plant, findings, failure);
}

struct plant *plant_read(const char *name, const char *text, const struct zone *zone,
                         struct failure *failure)
{
    struct plant_findings *findings = memory_zeroed(1, sizeof *findings);
    struct plant *plant = plant_build(name, text, zone, NULL, findings);
    return plant_verdict(plant, findings, failure);
}

void plant_forget_tables(struct plant *plant)
{
    catalog_clear(&plant->catalog);
    free(plant->quotas);
    for (uint32_t i = 0; i < plant->balance_count; i++) {
        meter_balance_clear(&plant->balances[i]);
    }
    free(plant->balances);
    costing_rules_clear(&plant->costing);
    plant->quotas = NULL;
    plant->balances = NULL;
    plant->quota_count = plant->balance_count = 0;
}

void plant_free(struct plant *plant)
{
    if (plant == NULL) {
        return;
    }
    plant_forget_tables(plant);
    free(plant->roster.overrides);
    free(plant->mappings);
    free(plant->text);
    free(plant->whole_text);
    free(plant);
}

bool plant_check_counted(const char *path, FILE *out, uint32_t counts[PLANT_SEVERITY_COUNT],
                         struct failure *failure)
{
    char *text = read_file(path, failure);
    if (text == NULL) {
        return false;
    }
    struct plant_findings *findings = memory_zeroed(1, sizeof *findings);
    struct plant *plant = plant_build(path, text, NULL, path, findings);
    plant_findings_print(findings, out);
    memcpy(counts, findings->counts, sizeof findings->counts);
    if (counts[PLANT_MISTAKE] == 0) {
        const struct catalog *catalog = &plant->catalog;
        fprintf(out,
                "%s: shop %s, %u items, %u meters, %u stations, %u shifts, %u crews, %u quotas, "
                "zone %s: %s\n",
                path, catalog->shop, (unsigned)catalog->item_count, (unsigned)catalog->meter_count,
                (unsigned)catalog->station_count, (unsigned)catalog->shift_count,
                (unsigned)catalog->crew_count, (unsigned)plant->quota_count,
                plant->roster.zone.name,
                counts[PLANT_WARNING] == 0 ? "ok" : "usable, but see the warnings");
    }
    plant_free(plant);
    plant_findings_clear(findings);
    free(findings);
    free(text);
    return true;
}

struct plant *plant_load_with_broker(const char *path, const char *url, struct failure *failure)
{
    struct plant *plant = plant_load(path, failure);
    if (plant != NULL && url != NULL) {
        snprintf(plant->broker.url, sizeof plant->broker.url, "%s", url);
    }
    return plant;
}

int plant_check(const char *path, FILE *out)
{
    uint32_t counts[PLANT_SEVERITY_COUNT] = {0};
    struct failure failure = {0};
    return plant_check_counted(path, out, counts, &failure) ? (int)counts[PLANT_MISTAKE] : -1;
}
