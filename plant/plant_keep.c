#include "plant_keep.h"

#include "sharing.h"

#include <string.h>

/* The row of a list that has this id; NULL: none. */
static const cJSON *row_of(const cJSON *root, const char *list, const char *id)
{
    const cJSON *row = NULL;
    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(root, list))
    {
        const cJSON *own = cJSON_GetObjectItemCaseSensitive(row, "id");
        if (cJSON_IsString(own) && strcmp(own->valuestring, id) == 0) {
            return row;
        }
    }
    return NULL;
}

/* ---- The plant itself ---- */

static bool same_owner(const struct plant *a, const struct plant *b)
{
    if (a->heat_rules.owner_at_tap || b->heat_rules.owner_at_tap) {
        return a->heat_rules.owner_at_tap == b->heat_rules.owner_at_tap;
    }
    return strcmp(a->catalog.stations[a->heat_rules.owner_station.index].id,
                  b->catalog.stations[b->heat_rules.owner_station.index].id) == 0;
}

static void keep_plant(struct plant_reader *reader, const cJSON *root, const struct plant *former)
{
    const struct plant *plant = reader->plant;
    const cJSON *heats = cJSON_GetObjectItemCaseSensitive(root, "heats");
    const cJSON *zone = cJSON_GetObjectItemCaseSensitive(root, "zone");
    if (strcmp(former->catalog.shop, plant->catalog.shop) != 0) {
        plant_mistake(reader, root, "shop",
                      "was \"%s\" when this ledger began; put it back, or start a new directory "
                      "with -d for another shop",
                      former->catalog.shop);
    }
    if (cJSON_IsString(zone) && strcmp(former->roster.zone.name, zone->valuestring) != 0) {
        plant_mistake(reader, root, "zone",
                      "was \"%s\" when this ledger began, and its days and shifts are cut by it; "
                      "put it back",
                      former->roster.zone.name);
    }
    if (former->roster.day_start_s != plant->roster.day_start_s) {
        plant_mistake(reader, root, "production_day_start",
                      "was \"%02d:%02d\" when this ledger began, and its days are cut by it; put "
                      "it back",
                      (int)(former->roster.day_start_s / 3600),
                      (int)(former->roster.day_start_s / 60 % 60));
    }
    if (!same_owner(former, plant)) {
        plant_mistake(reader, root, "owner_at",
                      "was another when this ledger began, and its heats have their owners by it; "
                      "put it back");
    }
    if (former->heat_rules.stay_max_us != plant->heat_rules.stay_max_us) {
        plant_mistake(reader, heats != NULL ? heats : root, heats != NULL ? "stay_max_h" : "heats",
                      "was another when this ledger began, and stays ended by it; put it back");
    }
}

/* ---- Shifts and roster ---- */

static void keep_shifts(struct plant_reader *reader, const cJSON *root, const struct plant *former)
{
    const struct catalog *a = &former->catalog;
    const struct catalog *b = &reader->plant->catalog;
    bool same = a->shift_count == b->shift_count;
    for (uint32_t i = 0; same && i < a->shift_count; i++) {
        same = strcmp(a->shifts[i].id, b->shifts[i].id) == 0 &&
               a->shifts[i].start_s == b->shifts[i].start_s;
    }
    if (!same) {
        plant_mistake(reader, root, "shifts",
                      "are others than when this ledger began: what is booked was cut at their "
                      "starts. Put ids and starts back (names may change), or start a new "
                      "directory with -d");
    }
}

static bool same_cycle(const struct plant *former, const struct plant *plant)
{
    const struct roster *a = &former->roster;
    const struct roster *b = &plant->roster;
    bool same = a->cycle_length == b->cycle_length;
    for (uint32_t i = 0; same && i < a->cycle_length; i++) {
        same = a->cycle[i].index == b->cycle[i].index; /* the shifts are the same */
    }
    return same;
}

/* The offset of a crew that may not be there. */
static int32_t offset_days(const struct plant *plant, const char *crew)
{
    crew_id found = {0};
    return catalog_find_crew(&plant->catalog, crew, &found) ? plant->roster.offset_days[found.index]
                                                            : ROSTER_NO_OFFSET;
}

static void keep_crew(struct plant_reader *reader, const cJSON *roster, const struct plant *former,
                      const char *crew)
{
    int32_t was_days = offset_days(former, crew);
    if (was_days == offset_days(reader->plant, crew)) {
        return;
    }
    if (was_days == ROSTER_NO_OFFSET) {
        plant_mistake(reader, roster, "offsets",
                      "give crew \"%s\" a place in the cycle, which would change days that are "
                      "booked; leave it out and use \"overrides\", or give the new crew plan a new "
                      "ledger",
                      crew);
    } else {
        plant_mistake(reader, roster, "offsets",
                      "had crew \"%s\" at %d when this ledger began; put it back and use "
                      "\"overrides\", or give the new crew plan a new ledger",
                      crew, (int)was_days);
    }
}

static void keep_roster(struct plant_reader *reader, const cJSON *root, const struct plant *former)
{
    const cJSON *roster = cJSON_GetObjectItemCaseSensitive(root, "roster");
    if (former->roster.epoch_day != reader->plant->roster.epoch_day) {
        plant_mistake(reader, roster, "epoch",
                      "is another than when this ledger began; put it back and use \"overrides\", "
                      "or give the new crew plan a new ledger");
    }
    if (!same_cycle(former, reader->plant)) {
        plant_mistake(reader, roster, "cycle",
                      "is another than when this ledger began; put it back and use \"overrides\", "
                      "or give the new crew plan a new ledger");
    }
    for (uint32_t i = 0; i < former->catalog.crew_count; i++) {
        keep_crew(reader, roster, former, former->catalog.crews[i].id);
    }
    for (uint32_t i = 0; i < reader->plant->catalog.crew_count; i++) {
        crew_id known = {0};
        const char *crew = reader->plant->catalog.crews[i].id;
        if (!catalog_find_crew(&former->catalog, crew, &known)) {
            keep_crew(reader, roster, former, crew);
        }
    }
}

/* ---- Items and stations ---- */

static void keep_items(struct plant_reader *reader, const cJSON *root, const struct plant *former)
{
    const struct catalog *catalog = &reader->plant->catalog;
    for (uint32_t i = 0; i < former->catalog.item_count; i++) {
        const struct item *was = &former->catalog.items[i];
        item_id now = {0};
        if (!catalog_find_item(catalog, was->id, &now)) {
            continue;
        }
        const struct item *item = &catalog->items[now.index];
        const cJSON *row = row_of(root, "items", was->id);
        if (strcmp(was->unit, item->unit) != 0) {
            plant_mistake(reader, row, "unit",
                          "was \"%s\" when this item was booked first; put it back, or declare "
                          "another item",
                          was->unit);
        }
        if (was->decimals != item->decimals) {
            plant_mistake(reader, row, "resolution",
                          "had %d decimals when this item was booked first; put it back, or "
                          "declare another item",
                          (int)was->decimals);
        }
    }
}

static bool any_last(const struct plant *plant)
{
    for (uint32_t i = 0; i < plant->catalog.station_count; i++) {
        if (plant->catalog.stations[i].last) {
            return true;
        }
    }
    return false;
}

static void keep_stations(struct plant_reader *reader, const cJSON *root,
                          const struct plant *former)
{
    const struct catalog *catalog = &reader->plant->catalog;
    bool had_last = any_last(former);
    for (uint32_t i = 0; i < catalog->station_count; i++) {
        const struct station *station = &catalog->stations[i];
        const cJSON *row = row_of(root, "stations", station->id);
        station_id known = {0};
        if (!catalog_find_station(&former->catalog, station->id, &known)) {
            if (station->last && !had_last) {
                plant_mistake(reader, row, "last",
                              "would be the first last station of this ledger, whose heats ended "
                              "without one; leave it out");
            }
            continue;
        }
        const struct station *was = &former->catalog.stations[known.index];
        if (was->last != station->last) {
            plant_mistake(reader, row, "last",
                          "was %s before, and heats ended by it; put it back, or declare another "
                          "station",
                          was->last ? "true" : "false");
        }
        if (was->idle_to_next != station->idle_to_next) {
            plant_mistake(reader, row, "idle",
                          "was \"%s\" before, and use was booked by it; put it back, or declare "
                          "another station",
                          was->idle_to_next ? "next_heat" : "idle");
        }
    }
}

/* ---- Meters ---- */

/* A meter and the words that its indices stand for. */
struct seen {
    const struct meter *meter;
    const struct catalog *catalog;
};

static bool same_item(const struct seen *a, const struct seen *b)
{
    return strcmp(a->catalog->items[a->meter->item.index].id,
                  b->catalog->items[b->meter->item.index].id) == 0;
}

static bool same_station(const struct seen *a, const struct seen *b)
{
    return strcmp(a->catalog->stations[a->meter->station.index].id,
                  b->catalog->stations[b->meter->station.index].id) == 0;
}

static bool same_kind(const struct seen *a, const struct seen *b)
{
    return a->meter->kind == b->meter->kind;
}

static bool same_role(const struct seen *a, const struct seen *b)
{
    return a->meter->role == b->meter->role;
}

static bool same_resolution(const struct seen *a, const struct seen *b)
{
    return a->meter->decimals == b->meter->decimals;
}

static bool same_scale(const struct seen *a, const struct seen *b)
{
    return !same_resolution(a, b) || (a->meter->scale_num == b->meter->scale_num &&
                                      a->meter->scale_den == b->meter->scale_den);
}

static bool same_width(const struct seen *a, const struct seen *b)
{
    return a->meter->width_raw == b->meter->width_raw || !same_resolution(a, b);
}

static bool same_two_way(const struct seen *a, const struct seen *b)
{
    return a->meter->two_way == b->meter->two_way;
}

static bool same_integration(const struct seen *a, const struct seen *b)
{
    return a->meter->integration == b->meter->integration;
}

static bool same_hold(const struct seen *a, const struct seen *b)
{
    return a->meter->max_hold_us == b->meter->max_hold_us;
}

static bool same_idle(const struct seen *a, const struct seen *b)
{
    return a->meter->idle == b->meter->idle;
}

/* What a meter's curve, or whose its use is, rests on. */
static const struct {
    const char *key;
    bool (*same)(const struct seen *a, const struct seen *b);
} kept_keys[] = {
    {"item", same_item},
    {"station", same_station},
    {"kind", same_kind},
    {"role", same_role},
    {"resolution", same_resolution},
    {"multiplier", same_scale},
    {"width", same_width},
    {"two_way", same_two_way},
    {"integration", same_integration},
    {"max_hold_s", same_hold},
    {"idle", same_idle},
};

static bool same_rule(const struct sharing_rule *a, const struct seen *of_a,
                      const struct sharing_rule *b, const struct seen *of_b)
{
    bool same =
        a->from_us == b->from_us && a->method == b->method && a->part_count == b->part_count;
    for (uint32_t i = 0; same && i < a->part_count; i++) {
        const struct sharing_part *left = &a->parts[i];
        const struct sharing_part *right = &b->parts[i];
        same = left->weight == right->weight &&
               strcmp(of_a->catalog->stations[left->station.index].id,
                      of_b->catalog->stations[right->station.index].id) == 0 &&
               (a->method != SHARING_SUBMETER ||
                strcmp(of_a->catalog->meters[left->meter.index].id,
                       of_b->catalog->meters[right->meter.index].id) == 0);
    }
    return same;
}

/* Keys that are in force stay; later ones may be added behind them. */
static void keep_sharing(struct plant_reader *reader, const cJSON *row, const struct seen *was,
                         const struct seen *now, int64_t border_us)
{
    uint32_t before = was->meter->sharing != NULL ? was->meter->sharing->rule_count : 0;
    uint32_t after = now->meter->sharing != NULL ? now->meter->sharing->rule_count : 0;
    bool same = before <= after;
    for (uint32_t i = 0; same && i < before; i++) {
        same = same_rule(&was->meter->sharing->rules[i], was, &now->meter->sharing->rules[i], now);
    }
    if (!same) {
        plant_mistake(reader, row, "sharing",
                      "has not the keys by which this meter is shared; keep them and add a later "
                      "one: [{…}, {\"from\": \"2026-04-01T08:00:00+08:00\", \"key\": …}]");
    } else if (after > before && now->meter->sharing->rules[before].from_us <= border_us) {
        plant_mistake(reader, row, "sharing",
                      "gets a key for a time that is booked already; give it a \"from\" that is "
                      "still to come");
    }
}

static void keep_meters(struct plant_reader *reader, const cJSON *root, const struct plant *former,
                        int64_t border_us)
{
    const cJSON *row = NULL;
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(root, "meters");
    const struct catalog *catalog = &reader->plant->catalog;
    uint32_t index = 0;
    cJSON_ArrayForEach(row, list)
    {
        struct seen now = {&catalog->meters[index++], catalog};
        meter_id known = {0};
        if (!catalog_find_meter(&former->catalog, now.meter->id, &known)) {
            continue;
        }
        struct seen was = {&former->catalog.meters[known.index], &former->catalog};
        for (size_t i = 0; i < sizeof kept_keys / sizeof kept_keys[0]; i++) {
            if (!kept_keys[i].same(&was, &now)) {
                plant_mistake(reader, row, kept_keys[i].key,
                              "was another before, and what is booked of this meter rests on it; "
                              "put it back, or declare a meter of another id");
            }
        }
        keep_sharing(reader, row, &was, &now, border_us);
    }
}

/* ---- Quotas ---- */

static bool same_stations(const struct quota *a, const struct catalog *of_a, const struct quota *b,
                          const struct catalog *of_b)
{
    bool same = a->station_count == b->station_count;
    for (uint32_t i = 0; same && i < a->station_count; i++) {
        same = strcmp(of_a->stations[a->stations[i].index].id,
                      of_b->stations[b->stations[i].index].id) == 0;
    }
    return same;
}

static bool same_meters(const struct quota *a, const struct catalog *of_a, const struct quota *b,
                        const struct catalog *of_b)
{
    bool same = a->meter_count == b->meter_count;
    for (uint32_t i = 0; same && i < a->meter_count; i++) {
        same =
            strcmp(of_a->meters[a->meters[i].index].id, of_b->meters[b->meters[i].index].id) == 0;
    }
    return same;
}

static bool same_seasons(const struct quota *a, const struct quota *b)
{
    bool same = a->season_count == b->season_count;
    for (uint32_t i = 0; same && i < a->season_count; i++) {
        same = a->seasons[i].months == b->seasons[i].months &&
               a->seasons[i].factor_e9 == b->seasons[i].factor_e9;
    }
    return same;
}

static void keep_quota(struct plant_reader *reader, const cJSON *row, const struct plant *former,
                       const struct quota *was, const struct quota *now)
{
    const struct catalog *of_was = &former->catalog;
    const struct catalog *of_now = &reader->plant->catalog;
    const struct {
        const char *key;
        bool same;
    } kept[] = {
        {"item", strcmp(of_was->items[was->item.index].id, of_now->items[now->item.index].id) == 0},
        {"basis", was->basis == now->basis},
        {"view", was->view == now->view},
        {"tonnes", was->tonnes == now->tonnes},
        {"seasons", same_seasons(was, now)},
        {"stretch", was->has_stretch == now->has_stretch},
        {"scopes", was->of_heats == now->of_heats && was->of_crews == now->of_crews},
        {"stations", same_stations(was, of_was, now, of_now)},
        {"meters", same_meters(was, of_was, now, of_now)},
    };
    if (was->retired) {
        plant_mistake(
            reader, row, "id",
            "\"%s\" was taken out before, and what it counted then stands; give the quota "
            "another id",
            was->id);
        return;
    }
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        if (!kept[i].same) {
            plant_mistake(reader, row, kept[i].key,
                          "was another before, and what this quota counted rests on it; put it "
                          "back, or take the quota out and declare one of another id");
        }
    }
}

static void keep_quotas(struct plant_reader *reader, const cJSON *root, const struct plant *former)
{
    const cJSON *row = NULL;
    uint32_t index = 0;
    cJSON_ArrayForEach(row, cJSON_GetObjectItemCaseSensitive(root, "quotas"))
    {
        const struct quota *now = &reader->plant->quotas[index++];
        for (uint32_t i = 0; i < former->quota_count; i++) {
            if (strcmp(former->quotas[i].id, now->id) == 0) {
                keep_quota(reader, row, former, &former->quotas[i], now);
            }
        }
    }
}

void plant_keep_check(struct plant_reader *reader, const struct plant *former, int64_t border_us)
{
    const cJSON *root = config_text_root(reader->config);
    keep_plant(reader, root, former);
    keep_shifts(reader, root, former);
    keep_roster(reader, root, former);
    keep_items(reader, root, former);
    keep_stations(reader, root, former);
    keep_meters(reader, root, former, border_us);
    keep_quotas(reader, root, former);
}
