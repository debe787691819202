/* Time-of-use tariffs: every month, and every minute of its days, has one price. */
#include "memory.h"
#include "plant_part.h"
#include "tariff.h"
#include "timestamp.h"

#include <stdlib.h>
#include <string.h>

#define PRICE_DECIMALS 6
#define DAY_S 86400
#define ALL_MONTHS 0xFFFu
#define TARIFFS_MAX (CATALOG_ITEMS_MAX * TARIFF_VERSIONS_MAX)

static const struct plant_key tariff_key_list[] = {
    {"item", PLANT_TEXT, true},
    {"from", PLANT_TEXT, false},
    {"seasons", PLANT_LIST, true},
};
static const struct plant_keys tariff_keys = {"a tariff", tariff_key_list,
                                              sizeof tariff_key_list / sizeof tariff_key_list[0]};
static const struct plant_key season_key_list[] = {
    {"months", PLANT_LIST, false},
    {"bands", PLANT_LIST, true},
};
static const struct plant_keys season_keys = {"a season of a tariff", season_key_list,
                                              sizeof season_key_list / sizeof season_key_list[0]};
static const struct plant_key band_key_list[] = {
    {"id", PLANT_TEXT, true},
    {"name", PLANT_LABEL, false},
    {"price", PLANT_DECIMAL, true},
    {"hours", PLANT_LIST, true},
};
static const struct plant_keys band_keys = {"a band of a tariff", band_key_list,
                                            sizeof band_key_list / sizeof band_key_list[0]};

/* [start, end) of a day in which a band is in force. */
struct stretch {
    int32_t start_s, end_s;
    uint32_t band;
};

struct stretches {
    struct stretch items[TARIFF_WINDOWS_MAX];
    uint32_t count;
};

static int compare_stretches(const void *a, const void *b)
{
    const struct stretch *one = a, *other = b;
    return one->start_s < other->start_s ? -1 : one->start_s > other->start_s;
}

static void format_time(int32_t second, char text[6])
{
    snprintf(text, 6, "%02u:%02u", (unsigned)second / 3600 % 100, (unsigned)second % 3600 / 60);
}

static bool add_stretch(struct plant_reader *reader, const cJSON *value, struct stretches *all,
                        struct stretch stretch)
{
    if (all->count == TARIFF_WINDOWS_MAX) {
        return plant_mistake(reader, value, NULL, "the day has more than %d stretches; use fewer",
                             TARIFF_WINDOWS_MAX);
    }
    all->items[all->count++] = stretch;
    return true;
}

/* "23:00-07:00" goes over midnight; "00:00-24:00" is all day. */
static void read_hours(struct plant_reader *reader, const cJSON *value, uint32_t band,
                       struct stretches *all)
{
    int32_t start_s = 0, end_s = 0;
    const char *text = cJSON_IsString(value) ? value->valuestring : "";
    bool good =
        strlen(text) == 11 && text[5] == '-' && timestamp_parse_time_of_day(text, 5, &start_s);
    if (good && strcmp(text + 6, "24:00") == 0) {
        end_s = DAY_S;
    } else {
        good = good && timestamp_parse_time_of_day(text + 6, 5, &end_s);
    }
    if (!good || start_s == end_s) {
        plant_mistake(reader, value, NULL,
                      "must be hours of the day like \"08:00-11:00\", until 24:00 at most");
        return;
    }
    if (end_s > start_s) {
        add_stretch(reader, value, all, (struct stretch){start_s, end_s, band});
        return;
    }
    if (add_stretch(reader, value, all, (struct stretch){start_s, DAY_S, band}) && end_s > 0) {
        add_stretch(reader, value, all, (struct stretch){0, end_s, band});
    }
}

/* The stretches as windows without a hole and without overlap. */
static void make_windows(struct plant_reader *reader, const cJSON *bands, struct stretches *all,
                         struct tariff_season *season)
{
    int32_t covered_s = 0;
    char from[6], until[6];
    qsort(all->items, all->count, sizeof *all->items, compare_stretches);
    for (uint32_t i = 0; i <= all->count; i++) {
        int32_t start_s = i < all->count ? all->items[i].start_s : DAY_S;
        format_time(start_s < covered_s ? start_s : covered_s, from);
        format_time(start_s < covered_s ? covered_s : start_s, until);
        if (start_s > covered_s) {
            plant_mistake(reader, bands, NULL,
                          "leave a hole in the day from %s to %s: every minute needs a price; add "
                          "the hours to a band",
                          from, until);
        } else if (start_s < covered_s) {
            plant_mistake(reader, bands, NULL,
                          "cover %s to %s twice: every minute has one price; take the hours from "
                          "one of the bands",
                          from, until);
        }
        if (i < all->count) {
            season->windows[season->window_count++] =
                (struct tariff_window){start_s, all->items[i].band};
            covered_s = all->items[i].end_s > covered_s ? all->items[i].end_s : covered_s;
        }
    }
}

static void read_bands(struct plant_reader *reader, const cJSON *row, struct tariff_season *season)
{
    const cJSON *bands = plant_member(row, "bands", PLANT_LIST);
    const cJSON *band_row = NULL, *value = NULL;
    struct stretches all = {.count = 0};
    uint32_t before = reader->findings->counts[PLANT_MISTAKE];
    if (plant_list_count(reader, bands, TARIFF_BANDS_MAX) == 0) {
        plant_mistake(reader, row, "bands", "is empty; a season has one band at least");
        return;
    }
    cJSON_ArrayForEach(band_row, bands)
    {
        struct tariff_band *band = &season->bands[season->band_count];
        plant_object(reader, band_row, &band_keys);
        plant_id(reader, band_row, "id", band->id);
        plant_label(reader, band_row, "name", band->id, &band->name);
        plant_decimal(reader, band_row, "price", PRICE_DECIMALS, 0, INT64_MAX, &band->price_e6);
        cJSON_ArrayForEach(value, plant_member(band_row, "hours", PLANT_LIST))
        {
            read_hours(reader, value, season->band_count, &all);
        }
        season->band_count++;
    }
    plant_unique_ids(reader, bands);
    if (reader->findings->counts[PLANT_MISTAKE] == before) { /* a hole would be no news then */
        make_windows(reader, bands, &all, season);
    }
}

static void read_months(struct plant_reader *reader, const cJSON *row, uint32_t *taken,
                        struct tariff_season *season)
{
    const cJSON *months = plant_member(row, "months", PLANT_LIST);
    const cJSON *value = NULL;
    if (months == NULL) {
        season->months = ALL_MONTHS & ~*taken; /* all that no season before it has */
    }
    cJSON_ArrayForEach(value, months)
    {
        int64_t month = 0;
        if (!cJSON_IsNumber(value)) {
            plant_mistake(reader, value, NULL, "must be the number of a month, 1 to 12");
        } else if (plant_decimal_value(reader, value, 0, 1, 12, &month)) {
            season->months |= 1u << (month - 1);
        }
    }
    if (season->months == 0) {
        plant_mistake(reader, row, months != NULL ? "months" : NULL,
                      "has no month: the seasons before it have them all, or the list is empty; "
                      "leave the season out, or name its months");
    } else if ((season->months & *taken) != 0) {
        plant_mistake(reader, row, "months",
                      "names a month that another season of this tariff has, too; a month has one");
    }
    *taken |= season->months;
}

static void read_seasons(struct plant_reader *reader, const cJSON *row,
                         struct tariff_version *version)
{
    const cJSON *seasons = plant_member(row, "seasons", PLANT_LIST);
    const cJSON *value = NULL;
    uint32_t taken = 0;
    uint32_t count = plant_list_count(reader, seasons, TARIFF_SEASONS_MAX);
    if (count == 0) {
        if (seasons != NULL && cJSON_GetArraySize(seasons) == 0) {
            plant_mistake(reader, seasons, NULL,
                          "is empty: every minute of the year needs a price");
        }
        return;
    }
    cJSON_ArrayForEach(value, seasons)
    {
        struct tariff_season *season = &version->seasons[version->season_count++];
        plant_object(reader, value, &season_keys);
        read_months(reader, value, &taken, season);
        read_bands(reader, value, season);
    }
    for (int month = 1; month <= 12; month++) {
        if ((taken >> (month - 1) & 1) == 0) {
            plant_mistake(reader, seasons, NULL,
                          "leave out month %d: every month needs a price; add it to \"months\" of "
                          "a season, or a season without \"months\" for all others",
                          month);
            return;
        }
    }
}

/* From when on; the first tariff of an item is in force since ever. */
static int64_t read_from(struct plant_reader *reader, const cJSON *row, const struct tariff *tariff,
                         const struct item *item)
{
    const cJSON *from = plant_member(row, "from", PLANT_TEXT);
    int64_t from_us = INT64_MIN;
    if (tariff->version_count == 0) {
        if (from != NULL) {
            plant_mistake(
                reader, row, "from",
                "stands at the first tariff of item \"%s\"; leave it out there: something "
                "must be the price before",
                item->id);
        }
        return from_us;
    }
    if (from == NULL) {
        plant_mistake(reader, row, "from",
                      "is missing: item \"%s\" has a tariff already; say from when on this one is "
                      "in force, like \"2026-07-01T00:00:00+08:00\"",
                      item->id);
    } else if (!timestamp_parse(from->valuestring, strlen(from->valuestring), &from_us)) {
        plant_mistake(reader, row, "from",
                      "\"%.40s\" is no time; write it with its offset, like "
                      "\"2026-07-01T00:00:00+08:00\"",
                      from->valuestring);
    } else if (from_us <= tariff->versions[tariff->version_count - 1].from_us) {
        plant_mistake(reader, row, "from",
                      "is not later than that of the tariff before it; list the tariffs of item "
                      "\"%s\" by time",
                      item->id);
    }
    return from_us;
}

void plant_read_tariffs(struct plant_reader *reader, const cJSON *root)
{
    struct catalog *catalog = &reader->plant->catalog;
    const cJSON *list = plant_member(root, "tariffs", PLANT_LIST);
    const cJSON *row = NULL;
    uint32_t found = 0;
    if (plant_list_count(reader, list, TARIFFS_MAX) == 0) {
        return;
    }
    cJSON_ArrayForEach(row, list)
    {
        const cJSON *item_name = plant_member(row, "item", PLANT_TEXT);
        plant_object(reader, row, &tariff_keys);
        if (item_name == NULL ||
            !plant_reference(reader, item_name, "item", catalog->items, catalog->item_count,
                             sizeof *catalog->items, &found)) {
            continue;
        }
        struct item *item = &catalog->items[found];
        if (item->tariff == NULL) {
            item->tariff = memory_zeroed(1, sizeof *item->tariff);
        }
        if (item->tariff->version_count == TARIFF_VERSIONS_MAX) {
            plant_mistake(reader, row, NULL, "item \"%s\" has more than %d tariffs", item->id,
                          TARIFF_VERSIONS_MAX);
            continue;
        }
        int64_t from_us = read_from(reader, row, item->tariff, item);
        struct tariff_version *version = &item->tariff->versions[item->tariff->version_count++];
        version->from_us = from_us;
        read_seasons(reader, row, version);
    }
}
