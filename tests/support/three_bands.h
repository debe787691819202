/* A tariff for tests: valley 0.31 until 10:00, peak 0.95 until 15:00, flat 0.62 behind it. */
#ifndef HEATLEDGER_TESTS_THREE_BANDS_H
#define HEATLEDGER_TESTS_THREE_BANDS_H

#include "memory.h"
#include "tariff.h"

/* To be freed. */
static inline struct tariff *three_bands(void)
{
    struct tariff *tariff = memory_zeroed(1, sizeof *tariff);
    tariff->version_count = 1;
    tariff->versions[0].from_us = INT64_MIN;
    tariff->versions[0].season_count = 1;
    tariff->versions[0].seasons[0] =
        (struct tariff_season){.months = 0xFFF,
                               .band_count = 3,
                               .bands = {{"valley", {"", ""}, 310000},
                                         {"peak", {"", ""}, 950000},
                                         {"flat", {"", ""}, 620000}},
                               .window_count = 3,
                               .windows = {{0, 0}, {10 * 3600, 1}, {15 * 3600, 2}}};
    return tariff;
}

#endif
