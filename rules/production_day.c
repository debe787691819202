#include "production_day.h"

#include "quantity.h"
#include "timestamp.h"

static int64_t start_s(const struct catalog *catalog)
{
    return catalog->shift_count > 0 ? catalog->shifts[0].start_s : 0;
}

int64_t production_day_start_us(const struct zone *zone, const struct catalog *catalog, int32_t day)
{
    int64_t local_us = day * TIMESTAMP_DAY_US + start_s(catalog) * TIMESTAMP_SECOND_US;
    return zone_instant_us(zone, local_us, NULL);
}

int32_t production_day_at(const struct zone *zone, const struct catalog *catalog, int64_t at_us)
{
    int64_t local_us = at_us + zone_offset_s(zone, at_us) * TIMESTAMP_SECOND_US;
    int32_t day = (int32_t)quantity_floor_divide(
        (quantity_wide)local_us - start_s(catalog) * TIMESTAMP_SECOND_US, TIMESTAMP_DAY_US);
    /* Where the clocks change at that very hour the day begins an hour off the wall clock's. */
    while (production_day_start_us(zone, catalog, day) > at_us) {
        day--;
    }
    while (production_day_start_us(zone, catalog, day + 1) <= at_us) {
        day++;
    }
    return day;
}
