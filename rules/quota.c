#include "quota.h"

#include "failure.h"
#include "quantity.h"
#include "sharing.h"

/* rate_e9 is in 10^-9 item units; a tonne is 10^6 g. */
#define RATE_DECIMALS 9
#define TONNE_DECIMALS 6

/* Whether a crew-shift begins before a bound. */
static bool is_before(struct crew_slot slot, struct quota_bound bound)
{
    return slot.day < bound.day || (slot.day == bound.day && slot.shift.index < bound.shift.index);
}

bool quota_counts_slot(const struct quota *quota, struct crew_slot slot)
{
    return (quota->from.day == 0 || !is_before(slot, quota->from)) &&
           (quota->until.day == 0 || is_before(slot, quota->until));
}

bool quota_counts_station(const struct quota *quota, station_id station)
{
    for (uint32_t i = 0; i < quota->station_count; i++) {
        if (quota->stations[i].index == station.index) {
            return true;
        }
    }
    return quota->station_count == 0;
}

/* Whether any of the stations that a meter serves is counted. */
static bool counts_some_station(const struct quota *quota, const struct meter *meter)
{
    bool counts = quota->station_count == 0;
    for (uint32_t i = 0; i < quota->station_count; i++) {
        counts = counts || sharing_serves(meter, quota->stations[i]);
    }
    return counts;
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
           counts_some_station(quota, row) && counts_meter(quota, meter);
}

const int64_t *quota_rates_e9(const struct quota *quota, int64_t at_us)
{
    const int64_t *rates_e9 = quota->rate_e9;
    for (uint32_t i = 0; i < quota->version_count && quota->versions[i].from_us <= at_us; i++) {
        rates_e9 = quota->versions[i].rate_e9;
    }
    return rates_e9;
}

int64_t quota_allowed_base(const struct quota *quota, const struct catalog *catalog,
                           enum quota_level level, int64_t at_us, int64_t steel_g)
{
    REQUIRE(level < QUOTA_LEVELS && quota->item.index < catalog->item_count);
    const unsigned decimals = catalog->items[quota->item.index].decimals;
    quantity_wide allowed = quota_rates_e9(quota, at_us)[level];
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

int64_t quota_allowed_shift_base(const struct quota *quota, const struct catalog *catalog,
                                 enum quota_level level, int64_t at_us, int64_t actual_us,
                                 int64_t nominal_us)
{
    REQUIRE(quota->basis == QUOTA_PER_SHIFT && level < QUOTA_LEVELS);
    REQUIRE(actual_us > 0 && nominal_us > 0);
    const unsigned decimals = catalog->items[quota->item.index].decimals;
    quantity_wide allowed = (quantity_wide)quota_rates_e9(quota, at_us)[level] * actual_us;
    quantity_wide divisor =
        (quantity_wide)quantity_power_of_ten(RATE_DECIMALS - decimals) * nominal_us;
    allowed /= divisor; /* neither is negative */
    return allowed > INT64_MAX ? INT64_MAX : (int64_t)allowed;
}
