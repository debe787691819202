#include "quota.h"

#include "failure.h"
#include "quantity.h"

/* rate_e9 is in 10^-9 item units; a tonne is 10^6 g. */
#define RATE_DECIMALS 9
#define TONNE_DECIMALS 6

static bool counts_station(const struct quota *quota, station_id station)
{
    for (uint32_t i = 0; i < quota->station_count; i++) {
        if (quota->stations[i].index == station.index) {
            return true;
        }
    }
    return quota->station_count == 0;
}

static bool counts_meter(const struct quota *quota, meter_id meter)
{
    for (uint32_t i = 0; i < quota->meter_count; i++) {
        if (quota->meters[i].index == meter.index) {
            return true;
        }
    }
    return quota->meter_count == 0;
}

bool quota_counts(const struct quota *quota, const struct catalog *catalog, meter_id meter)
{
    REQUIRE(meter.index < catalog->meter_count);
    const struct meter *row = &catalog->meters[meter.index];
    return row->role == METER_BOOK && row->item.index == quota->item.index &&
           counts_station(quota, row->station) && counts_meter(quota, meter);
}

int64_t quota_allowed_base(const struct quota *quota, const struct catalog *catalog,
                           enum quota_level level, int64_t steel_g)
{
    REQUIRE(level < QUOTA_LEVELS && quota->item.index < catalog->item_count);
    const unsigned decimals = catalog->items[quota->item.index].decimals;
    quantity_wide allowed = quota->rate_e9[level];
    /* rate x 10^-9 item units = rate x 10^(decimals - 9) base units, where decimals <= 9 */
    unsigned places = RATE_DECIMALS - decimals;
    if (quota->basis == QUOTA_PER_TONNE) {
        REQUIRE(steel_g >= 0);
        allowed *= steel_g;
        places += TONNE_DECIMALS;
    }
    allowed = quantity_floor_divide(allowed, quantity_power_of_ten(places));
    return allowed > INT64_MAX ? INT64_MAX : (int64_t)allowed;
}
