#include "quota.h"

#include "failure.h"
#include "quantity.h"
#include "sharing.h"
#include "timestamp.h"

#include <string.h>

/* rate_e9 is in 10^-9 item units; a tonne is 10^6 g. */
#define RATE_DECIMALS 9
#define TONNE_DECIMALS 6
#define FACTOR_ONE_E9 1000000000

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

bool quota_counts_period(const struct quota *quota, struct period period)
{
    return quota_counts_slot(quota, (struct crew_slot){.day = period.from_day});
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

bool quota_of_period(const struct quota *quota, enum period_kind *kind)
{
    static const enum period_kind kinds[QUOTA_BASES] = {
        [QUOTA_PER_DAY] = PERIOD_DAY,
        [QUOTA_PER_TEN_DAYS] = PERIOD_TEN_DAYS,
        [QUOTA_PER_MONTH] = PERIOD_MONTH,
    };
    *kind = kinds[quota->basis];
    return quota->basis >= QUOTA_PER_DAY;
}

bool quota_sums_heats(const struct quota *quota)
{
    return quota->basis == QUOTA_PER_TONNE || quota->basis == QUOTA_PER_HEAT ||
           quota->basis == QUOTA_LINEAR;
}

bool quota_takes_all(const struct quota *quota)
{
    return quota->basis != QUOTA_PER_TONNE && quota->basis != QUOTA_PER_HEAT;
}

int64_t quota_steel_g(const struct quota *quota, const struct heat *heat)
{
    const int64_t steel_g[QUOTA_TONNES_KINDS] = {
        [QUOTA_TONNES_GOOD] = heat->steel_g,
        [QUOTA_TONNES_TAPPED] = heat->tapped_g,
        [QUOTA_TONNES_CAST] = heat->cast_g,
    };
    return steel_g[quota->tonnes];
}

static const struct quota_version *version_at(const struct quota *quota, int64_t at_us)
{
    const struct quota_version *version = NULL;
    for (uint32_t i = 0; i < quota->version_count && quota->versions[i].from_us <= at_us; i++) {
        version = &quota->versions[i];
    }
    return version;
}

const int64_t *quota_rates_e9(const struct quota *quota, int64_t at_us)
{
    const struct quota_version *version = version_at(quota, at_us);
    return version != NULL ? version->rate_e9 : quota->rate_e9;
}

const int64_t *quota_fixed_e9(const struct quota *quota, int64_t at_us)
{
    const struct quota_version *version = version_at(quota, at_us);
    return version != NULL ? version->fixed_e9 : quota->fixed_e9;
}

const int64_t *quota_grade_rates_e9(const struct quota *quota, int64_t at_us, const char *grade)
{
    const struct quota_grade *found = NULL;
    for (uint32_t i = 0; i < quota->grade_count && quota->grades[i].from_us <= at_us; i++) {
        if (strcmp(quota->grades[i].grade, grade) == 0) {
            found = &quota->grades[i];
        }
    }
    return found != NULL && found->rate_e9[QUOTA_LIMIT] != QUOTA_NO_RATE
               ? found->rate_e9
               : quota_rates_e9(quota, at_us);
}

int64_t quota_factor_e9(const struct quota *quota, int32_t day)
{
    int32_t year = 0;
    unsigned month = 0, of_month = 0;
    timestamp_civil_from_day(day, &year, &month, &of_month);
    for (uint32_t i = 0; i < quota->season_count; i++) {
        if ((quota->seasons[i].months >> (month - 1) & 1) != 0) {
            return quota->seasons[i].factor_e9;
        }
    }
    return FACTOR_ONE_E9;
}

/* The rates of a case, of no season. */
static const int64_t *rates_e9(const struct quota *quota, const struct quota_case *of)
{
    if (of->grade != NULL) {
        return quota_grade_rates_e9(quota, of->at_us, of->grade);
    }
    return quota->basis == QUOTA_LINEAR ? quota_fixed_e9(quota, of->at_us)
                                        : quota_rates_e9(quota, of->at_us);
}

bool quota_two_levels(const struct quota *quota, const struct quota_case *of)
{
    const int64_t *of_levels_e9 = rates_e9(quota, of);
    return of_levels_e9[QUOTA_TARGET] != of_levels_e9[QUOTA_LIMIT];
}

/* The rate of a case, its season's factor in it. */
static quantity_wide rate_e9(const struct quota *quota, enum quota_level level,
                             const struct quota_case *of)
{
    quantity_wide rate = quantity_floor_divide(
        (quantity_wide)rates_e9(quota, of)[level] * quota_factor_e9(quota, of->day), FACTOR_ONE_E9);
    return rate > INT64_MAX ? INT64_MAX : rate;
}

int64_t quota_allowed_base(const struct quota *quota, const struct catalog *catalog,
                           enum quota_level level, const struct quota_case *of)
{
    REQUIRE(level < QUOTA_LEVELS && quota->item.index < catalog->item_count);
    REQUIRE((of->actual_us > 0) == (of->nominal_us > 0));
    const unsigned decimals = catalog->items[quota->item.index].decimals;
    const bool by_length = quota->basis == QUOTA_PER_SHIFT || quota->basis == QUOTA_LINEAR;
    quantity_wide allowed = rate_e9(quota, level, of);
    /* rate x 10^-9 item units = rate x 10^(decimals - 9) base units, where decimals <= 9 */
    quantity_wide divisor = quantity_power_of_ten(RATE_DECIMALS - decimals);
    if (of->grade != NULL && quota->basis != QUOTA_PER_HEAT) {
        REQUIRE(of->steel_g >= 0);
        allowed *= of->steel_g;
        divisor *= quantity_power_of_ten(TONNE_DECIMALS);
    } else if (of->grade == NULL && by_length && of->nominal_us > 0) {
        allowed *= of->actual_us;
        divisor *= of->nominal_us;
    }
    allowed = quantity_floor_divide(allowed, divisor);
    return allowed > INT64_MAX ? INT64_MAX : (int64_t)allowed;
}
