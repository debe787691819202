#include "tariff.h"

#include "failure.h"
#include "quantity.h"
#include "timestamp.h"

/* A moment on the wall clock. */
struct wall {
    int32_t day;
    int32_t second; /* of the day */
};

static struct wall wall_at(const struct zone *zone, int64_t ts_us)
{
    int64_t local_us = ts_us + zone_offset_s(zone, ts_us) * TIMESTAMP_SECOND_US;
    int64_t day = (int64_t)quantity_floor_divide(local_us, TIMESTAMP_DAY_US);
    return (struct wall){.day = (int32_t)day,
                         .second =
                             (int32_t)((local_us - day * TIMESTAMP_DAY_US) / TIMESTAMP_SECOND_US)};
}

static const struct tariff_version *version_at(const struct tariff *tariff, int64_t ts_us)
{
    const struct tariff_version *version = &tariff->versions[0];
    for (uint32_t i = 1; i < tariff->version_count && tariff->versions[i].from_us <= ts_us; i++) {
        version = &tariff->versions[i];
    }
    return version;
}

static const struct tariff_season *season_on(const struct tariff_version *version, int32_t day)
{
    int32_t year = 0;
    unsigned month = 0, of_month = 0;
    timestamp_civil_from_day(day, &year, &month, &of_month);
    for (uint32_t i = 0; i < version->season_count; i++) {
        if ((version->seasons[i].months >> (month - 1) & 1) != 0) {
            return &version->seasons[i];
        }
    }
    REQUIRE(false); /* a month without a price: refused where the tariff is read */
    return NULL;
}

/* The window in force, as its place. */
static uint32_t window_at(const struct tariff_season *season, int32_t second)
{
    uint32_t window = 0;
    while (window + 1 < season->window_count && season->windows[window + 1].start_s <= second) {
        window++;
    }
    return window;
}

const struct tariff_band *tariff_at(const struct tariff *tariff, const struct zone *zone,
                                    int64_t ts_us)
{
    struct wall wall = wall_at(zone, ts_us);
    const struct tariff_season *season = season_on(version_at(tariff, ts_us), wall.day);
    return &season->bands[season->windows[window_at(season, wall.second)].band];
}

/* The next version's beginning; TIMESTAMP_NEVER_US: there is none. */
static int64_t next_version_us(const struct tariff *tariff, int64_t after_us)
{
    for (uint32_t i = 1; i < tariff->version_count; i++) {
        if (tariff->versions[i].from_us > after_us) {
            return tariff->versions[i].from_us;
        }
    }
    return TIMESTAMP_NEVER_US;
}

static int64_t earlier(int64_t a_us, int64_t b_us)
{
    return a_us < b_us ? a_us : b_us;
}

int64_t tariff_next_us(const struct tariff *tariff, const struct zone *zone, int64_t after_us)
{
    struct wall wall = wall_at(zone, after_us);
    const struct tariff_season *season = season_on(version_at(tariff, after_us), wall.day);
    uint32_t window = window_at(season, wall.second) + 1;
    int32_t start_s = window < season->window_count
                          ? season->windows[window].start_s
                          : (int32_t)(TIMESTAMP_DAY_US / TIMESTAMP_SECOND_US);
    /* By the clock as it goes now: where it is changed, one looks again. */
    int64_t window_us = wall.day * TIMESTAMP_DAY_US +
                        (start_s - zone_offset_s(zone, after_us)) * TIMESTAMP_SECOND_US;
    return earlier(window_us,
                   earlier(next_version_us(tariff, after_us), zone_next_us(zone, after_us)));
}
