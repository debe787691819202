/* What the use of energy is held against. */
#include "costing_rules.h"
#include "memory.h"
#include "plant_part.h"

#include <stdlib.h>

#define ROWS_MAX 65536
#define E6 6

static const struct plant_key baseline_key_list[] = {
    {"item", PLANT_TEXT, true},          {"station", PLANT_TEXT, false},
    {"from", PLANT_TEXT, false},         {"fixed", PLANT_DECIMAL, false},
    {"per_tonne", PLANT_DECIMAL, false}, {"fit_from", PLANT_TEXT, false},
    {"fit_to", PLANT_TEXT, false},
};
static const struct plant_keys baseline_keys = {
    "a baseline", baseline_key_list, sizeof baseline_key_list / sizeof baseline_key_list[0]};

static bool read_names(struct plant_reader *reader, const cJSON *row,
                       struct energy_baseline *baseline)
{
    const struct catalog *catalog = &reader->plant->catalog;
    const cJSON *item = plant_member(row, "item", PLANT_TEXT);
    const cJSON *station = plant_member(row, "station", PLANT_TEXT);
    uint32_t found = 0;
    bool good =
        item != NULL && plant_reference(reader, item, "item", catalog->items, catalog->item_count,
                                        sizeof *catalog->items, &found);
    baseline->item.index = (uint16_t)found;
    found = CATALOG_NONE;
    good = (station == NULL ||
            plant_reference(reader, station, "station", catalog->stations, catalog->station_count,
                            sizeof *catalog->stations, &found)) &&
           good;
    baseline->station.index = (uint16_t)found;
    return good;
}

static bool read_given(struct plant_reader *reader, const cJSON *row,
                       struct energy_baseline *baseline)
{
    static const char *const needed[] = {"fixed", "per_tonne"};
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        if (plant_member(row, needed[i], PLANT_DECIMAL) == NULL) {
            return plant_mistake(reader, row, needed[i],
                                 "is missing; give \"fixed\" and \"per_tonne\", or the days "
                                 "\"fit_from\" and \"fit_to\" to which they are fitted");
        }
    }
    bool good = plant_decimal(reader, row, "fixed", E6, 0, INT64_MAX, &baseline->fixed_e6);
    return plant_decimal(reader, row, "per_tonne", E6, 0, INT64_MAX, &baseline->per_tonne_e6) &&
           good;
}

static bool read_fit(struct plant_reader *reader, const cJSON *row,
                     struct energy_baseline *baseline)
{
    static const char *const days[] = {"fit_from", "fit_to"};
    static const char *const given[] = {"fixed", "per_tonne"};
    int32_t last_day = 0;
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        if (plant_member(row, days[i], PLANT_TEXT) == NULL) {
            return plant_mistake(reader, row, days[i],
                                 "is missing; a line is fitted to the production days from "
                                 "\"fit_from\" up to \"fit_to\"");
        }
        if (plant_member(row, given[i], PLANT_DECIMAL) != NULL) {
            return plant_mistake(reader, row, given[i],
                                 "is given, and so are days to which it is fitted; leave one out");
        }
    }
    baseline->fitted = true;
    if (!plant_day(reader, row, "fit_from", &baseline->fit_from_day) ||
        !plant_day(reader, row, "fit_to", &last_day)) {
        return false;
    }
    baseline->fit_until_day = last_day + 1;
    return last_day >= baseline->fit_from_day ||
           plant_mistake(reader, row, "fit_to",
                         "lies before \"fit_from\"; it is the last of the days");
}

static bool read_baseline(struct plant_reader *reader, const cJSON *row,
                          struct energy_baseline *baseline)
{
    *baseline = (struct energy_baseline){.from_day = INT32_MIN};
    plant_object(reader, row, &baseline_keys);
    bool good = read_names(reader, row, baseline);
    bool fitted = plant_member(row, "fit_from", PLANT_TEXT) != NULL ||
                  plant_member(row, "fit_to", PLANT_TEXT) != NULL;
    if (plant_member(row, "from", PLANT_TEXT) != NULL) {
        good = plant_day(reader, row, "from", &baseline->from_day) && good;
    }
    return (fitted ? read_fit(reader, row, baseline) : read_given(reader, row, baseline)) && good;
}

static int compare(const void *a, const void *b)
{
    const struct energy_baseline *one = a, *other = b;
    if (one->item.index != other->item.index) {
        return one->item.index < other->item.index ? -1 : 1;
    }
    if (one->station.index != other->station.index) {
        return one->station.index < other->station.index ? -1 : 1;
    }
    return one->from_day < other->from_day ? -1 : one->from_day > other->from_day;
}

void plant_read_baselines(struct plant_reader *reader, const cJSON *root)
{
    struct costing_rules *rules = &reader->plant->costing;
    const cJSON *list = plant_member(root, "baselines", PLANT_LIST);
    const cJSON *row = NULL;
    uint32_t rows = plant_list_count(reader, list, ROWS_MAX), read = 0;
    rules->baselines = memory_zeroed((size_t)rows + 1, sizeof *rules->baselines);
    cJSON_ArrayForEach(row, list)
    {
        if (read++ == rows) {
            break; /* there are more than ROWS_MAX, which was said */
        }
        rules->baseline_count +=
            read_baseline(reader, row, &rules->baselines[rules->baseline_count]) ? 1 : 0;
    }
    qsort(rules->baselines, rules->baseline_count, sizeof *rules->baselines, compare);
    for (uint32_t i = 1; i < rules->baseline_count; i++) {
        if (compare(&rules->baselines[i - 1], &rules->baselines[i]) == 0) {
            plant_mistake(reader, list, NULL,
                          "item \"%s\" has two rows for one place with the same \"from\", so that "
                          "both would be in force; keep one of them",
                          reader->plant->catalog.items[rules->baselines[i].item.index].id);
        }
    }
}
