/* A time-of-use tariff (尖峰平谷): what a unit of an item costs at which time of the day, in which
 * months, since when. The clock is the plant's. Every instant has one price: check refuses a tariff
 * with a hole.
 *
 * Use is cut where the price may change, as it is cut where the crew changes, so that each posting
 * has one price and money is as exact as amounts are. */
#ifndef HEATLEDGER_TARIFF_H
#define HEATLEDGER_TARIFF_H

#include "catalog.h"
#include "zone.h"

#include <stdbool.h>
#include <stdint.h>

#define TARIFF_VERSIONS_MAX 16
#define TARIFF_SEASONS_MAX 12
#define TARIFF_BANDS_MAX 8
#define TARIFF_WINDOWS_MAX 48

struct tariff_band {
    char id[CATALOG_ID_MAX + 1];
    struct label name;
    int64_t price_e6; /* 10^-6 yuan a unit */
};

struct tariff_window {
    int32_t start_s; /* local seconds after midnight; until the next one, or midnight */
    uint32_t band;
};

struct tariff_season {
    uint32_t months; /* bit 0: January */
    uint32_t band_count;
    struct tariff_band bands[TARIFF_BANDS_MAX];
    uint32_t window_count;                            /* >= 1; the first starts at 0 */
    struct tariff_window windows[TARIFF_WINDOWS_MAX]; /* by start */
};

struct tariff_version {
    int64_t from_us; /* of the first one INT64_MIN: since ever */
    uint32_t season_count;
    struct tariff_season seasons[TARIFF_SEASONS_MAX]; /* each month in one of them */
};

struct tariff {
    uint32_t version_count;                              /* >= 1 */
    struct tariff_version versions[TARIFF_VERSIONS_MAX]; /* by from_us */
};

/* The band in force at an instant. Lives as long as the tariff. */
const struct tariff_band *tariff_at(const struct tariff *tariff, const struct zone *zone,
                                    int64_t ts_us);

/* The first instant after another at which another window, day or version begins: the band may be
 * another from there on, and is the same up to there. */
int64_t tariff_next_us(const struct tariff *tariff, const struct zone *zone, int64_t after_us);

#endif
