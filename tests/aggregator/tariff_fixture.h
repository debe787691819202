/* Time-of-use tariffs for tests of the aggregator: a price for each part of the day, in the plant's
 * zone. */
#ifndef HEATLEDGER_TESTS_TARIFF_FIXTURE_H
#define HEATLEDGER_TESTS_TARIFF_FIXTURE_H

#include "memory.h"
#include "tariff.h"

/* One version, the same every day of the year; window i starts at minutes[i] and has band i % 3.
 * The first one is 0. To be freed. */
static inline struct tariff *tariff_by_minutes(const int32_t *minutes, uint32_t count)
{
    struct tariff *tariff = memory_zeroed(1, sizeof *tariff);
    struct tariff_season *season = &tariff->versions[0].seasons[0];
    tariff->version_count = 1;
    tariff->versions[0].from_us = INT64_MIN;
    tariff->versions[0].season_count = 1;
    season->months = 0xFFF;
    season->band_count = 3;
    for (uint32_t i = 0; i < 3; i++) {
        season->bands[i].price_e6 = 310000 * (1 + i);
    }
    for (uint32_t i = 0; i < count; i++) {
        season->windows[season->window_count++] =
            (struct tariff_window){.start_s = 60 * minutes[i], .band = i % 3};
    }
    return tariff;
}

/* Up to eight windows, by a number. */
static inline struct tariff *tariff_any(uint64_t number)
{
    int32_t minutes[8] = {0};
    uint32_t count = 1;
    while (count < 8 && minutes[count - 1] < 1380) {
        number = number * 6364136223846793005U + 1442695040888963407U;
        minutes[count] = minutes[count - 1] + 5 + (int32_t)(number >> 33) % 300;
        minutes[count] -= minutes[count] % 5;
        if (minutes[count] >= 1440) {
            break;
        }
        count++;
    }
    return tariff_by_minutes(minutes, count);
}

#endif
