/* Items and stations. */
#include "memory.h"
#include "plant_part.h"
#include "quantity.h"
#include "timestamp.h"

#define FACTOR_DECIMALS 6 /* of prices and factors: struct item */

static const struct plant_key item_key_list[] = {
    {"id", PLANT_TEXT, true},
    {"name", PLANT_LABEL, false},
    {"unit", PLANT_TEXT, true},
    {"resolution", PLANT_DECIMAL, false},
    {"division", PLANT_DECIMAL, false},
    {"price", PLANT_DECIMAL, false},
    {"coal_kgce", PLANT_DECIMAL, false},
    {"co2_kg", PLANT_DECIMAL, false},
    {"recovered", PLANT_BOOL, false},
};
static const struct plant_keys item_keys = {"an item", item_key_list,
                                            sizeof item_key_list / sizeof item_key_list[0]};

static void read_item(struct plant_reader *reader, const cJSON *row, struct item *item)
{
    plant_object(reader, row, &item_keys);
    plant_id(reader, row, "id", item->id);
    plant_label(reader, row, "name", item->id, &item->name);
    if (plant_text(reader, row, "unit", item->unit, CATALOG_UNIT_MAX) && item->unit[0] == '\0') {
        plant_mistake(reader, row, "unit",
                      "is empty; name what is counted, like \"kWh\" or \"kg\"");
    }
    plant_resolution(reader, row, "resolution", &item->decimals);
    /* Without a division of its own, the resolution is the division: one base unit. */
    item->division_base = 1;
    plant_decimal(reader, row, "division", item->decimals, 1, INT64_MAX, &item->division_base);
    item->price_e6 = item->coal_gce_e6 = item->co2_kg_e6 = -1;
    plant_decimal(reader, row, "price", FACTOR_DECIMALS, 0, INT64_MAX, &item->price_e6);
    plant_decimal(reader, row, "coal_kgce", FACTOR_DECIMALS, 0, INT64_MAX, &item->coal_gce_e6);
    plant_decimal(reader, row, "co2_kg", FACTOR_DECIMALS, 0, INT64_MAX, &item->co2_kg_e6);
    plant_bool(row, "recovered", &item->recovered);
}

void plant_read_items(struct plant_reader *reader, const cJSON *root)
{
    struct catalog *catalog = &reader->plant->catalog;
    const cJSON *list = plant_member(root, "items", PLANT_LIST);
    const cJSON *row = NULL;
    catalog->item_count = plant_list_count(reader, list, CATALOG_ITEMS_MAX);
    catalog->items = memory_zeroed(catalog->item_count, sizeof *catalog->items);
    if (catalog->item_count == 0) {
        return;
    }
    struct item *item = catalog->items;
    cJSON_ArrayForEach(row, list)
    {
        read_item(reader, row, item++);
    }
    plant_unique_ids(reader, list);
}

#define MINUTE_DECIMALS 6 /* of which 60 are a microsecond each */
#define RUN_MAX_US (7 * TIMESTAMP_DAY_US)

static const struct plant_key station_key_list[] = {
    {"id", PLANT_TEXT, true},    {"name", PLANT_LABEL, false},      {"last", PLANT_BOOL, false},
    {"idle", PLANT_TEXT, false}, {"run_min", PLANT_DECIMAL, false},
};
static const struct plant_keys station_keys = {
    "a station", station_key_list, sizeof station_key_list / sizeof station_key_list[0]};

void plant_read_stations(struct plant_reader *reader, const cJSON *root)
{
    struct catalog *catalog = &reader->plant->catalog;
    const cJSON *list = plant_member(root, "stations", PLANT_LIST);
    const cJSON *row = NULL;
    catalog->station_count = plant_list_count(reader, list, CATALOG_STATIONS_MAX);
    catalog->stations = memory_zeroed(catalog->station_count, sizeof *catalog->stations);
    if (catalog->station_count == 0) {
        return;
    }
    struct costing_rules *rules = &reader->plant->costing;
    rules->station_run_us = memory_zeroed(catalog->station_count, sizeof *rules->station_run_us);
    struct station *station = catalog->stations;
    cJSON_ArrayForEach(row, list)
    {
        int64_t *run_us = &rules->station_run_us[rules->station_count++];
        plant_object(reader, row, &station_keys);
        plant_id(reader, row, "id", station->id);
        plant_label(reader, row, "name", station->id, &station->name);
        plant_bool(row, "last", &station->last);
        plant_read_idle(reader, row, &station->idle_to_next);
        if (plant_decimal(reader, row, "run_min", MINUTE_DECIMALS, 1, RUN_MAX_US / 60, run_us)) {
            *run_us *= 60;
        }
        station++;
    }
    plant_unique_ids(reader, list);
}
