/* Configurations: any text is a plant or a failure that names its line; a plant that was read can
 * be worked with. */
#include "calendar.h"
#include "fuzz_input.h"
#include "plant.h"
#include "timestamp.h"

#include <stdlib.h>

#define NAME "plant.json"

static bool ends(const char *text, size_t size)
{
    return memchr(text, '\0', size) != NULL;
}

static void check_catalog(const struct catalog *catalog)
{
    REQUIRE(catalog->item_count >= 1 && catalog->station_count >= 1 && catalog->shift_count >= 1 &&
            catalog->crew_count >= 1 && catalog->crew_count <= CATALOG_CREWS_MAX);
    for (uint32_t i = 0; i < catalog->item_count; i++) {
        const struct item *item = &catalog->items[i];
        REQUIRE(item->division_base > 0 && item->decimals <= 9);
        REQUIRE(ends(item->id, sizeof item->id) && ends(item->unit, sizeof item->unit));
    }
    for (uint32_t i = 0; i < catalog->meter_count; i++) {
        const struct meter *meter = &catalog->meters[i];
        meter_id found;
        REQUIRE(meter->item.index < catalog->item_count);
        REQUIRE(meter->station.index < catalog->station_count);
        REQUIRE(meter->scale_num > 0 && meter->scale_den > 0 && meter->min_raw <= meter->max_raw);
        REQUIRE(meter->width_raw >= 0 && meter->max_rate_raw_hour >= 0 && meter->max_gap_us >= 0);
        REQUIRE(catalog_find_meter(catalog, meter->id, &found) && found.index == i);
    }
}

/* Shifts follow one another without a hole, at any time. */
static void check_calendar(const struct plant *plant)
{
    static const int64_t starts_us[] = {INT64_C(1773129600000000), TIMESTAMP_MIN_US,
                                        TIMESTAMP_MAX_US, INT64_C(1774746000000000)};
    const struct catalog *catalog = &plant->catalog;
    struct calendar *calendar = calendar_create(&plant->roster, catalog);
    for (size_t i = 0; i < sizeof starts_us / sizeof starts_us[0]; i++) {
        int64_t now_us = starts_us[i];
        for (int step = 0; step < 8; step++) {
            struct duty duty = calendar_duty_at(calendar, now_us);
            REQUIRE(duty.start_us <= now_us && now_us < duty.end_us);
            REQUIRE(duty.slot.shift.index < catalog->shift_count);
            REQUIRE(duty.slot.crew.index < catalog->crew_count ||
                    duty.slot.crew.index == CATALOG_NONE);
            now_us = duty.end_us;
        }
    }
    calendar_destroy(calendar);
}

static void check_plant(const struct plant *plant, const char *text)
{
    const struct zone utc = zone_fixed("UTC", 0);
    struct failure failure = {0};
    REQUIRE(strcmp(plant->text, text) == 0);
    check_catalog(&plant->catalog);
    check_calendar(plant);
    for (uint32_t i = 0; i < plant->quota_count; i++) {
        REQUIRE(plant->quotas[i].item.index < plant->catalog.item_count);
    }
    uint32_t count = 0;
    char **filters = mapping_subscriptions(plant->mappings, plant->mapping_count, &count);
    REQUIRE(count >= 1 && count <= plant->mapping_count);
    for (uint32_t i = 0; i < count; i++) {
        REQUIRE(filters[i][0] != '\0' && strlen(filters[i]) <= TOPIC_FILTER_MAX);
    }
    free(filters);
    /* Its own text is the same plant: so it is kept in the journal. */
    struct plant *again = plant_read(NAME, plant->text, &utc, &failure);
    REQUIRE(again != NULL && again->catalog.meter_count == plant->catalog.meter_count);
    plant_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct zone utc = zone_fixed("UTC", 0);
    struct failure failure = {0};
    char *text = malloc(size + 1);
    REQUIRE(text != NULL);
    if (size > 0) {
        memcpy(text, data, size);
    }
    text[size] = '\0';
    struct plant *plant = plant_read(NAME, text, &utc, &failure);
    if (plant != NULL) {
        check_plant(plant, text);
        plant_free(plant);
    } else {
        REQUIRE(failure.code == FAILURE_INPUT && ends(failure.text, sizeof failure.text));
        REQUIRE(strncmp(failure.text, NAME ":", sizeof NAME) == 0);
        REQUIRE(strtoul(failure.text + sizeof NAME, NULL, 10) >= 1);
    }
    free(text);
    return 0;
}
