#include "roster.h"

#include "failure.h"
#include "timestamp.h"

static uint32_t floored_modulus(int32_t value, uint32_t modulus)
{
    int64_t remainder = (int64_t)value % (int64_t)modulus;
    return (uint32_t)(remainder < 0 ? remainder + (int64_t)modulus : remainder);
}

static const struct roster_override *find_override(const struct roster *roster, int32_t day,
                                                   shift_id shift)
{
    for (uint32_t i = 0; i < roster->override_count; i++) {
        const struct roster_override *row = &roster->overrides[i];
        if (row->day == day && row->shift.index == shift.index) {
            return row;
        }
    }
    return NULL;
}

shift_id roster_cycle_shift(const struct roster *roster, crew_id crew, int32_t day)
{
    int32_t offset_days = roster->offset_days[crew.index];
    if (offset_days == ROSTER_NO_OFFSET) {
        return (shift_id){CATALOG_NONE};
    }
    return roster
        ->cycle[floored_modulus(day - roster->epoch_day + offset_days, roster->cycle_length)];
}

crew_id roster_crew(const struct roster *roster, const struct catalog *catalog, int32_t day,
                    shift_id shift)
{
    const struct roster_override *override = find_override(roster, day, shift);
    if (override != NULL) {
        return override->crew;
    }
    for (uint16_t crew = 0; crew < catalog->crew_count; crew++) {
        if (roster_cycle_shift(roster, (crew_id){crew}, day).index == shift.index) {
            return (crew_id){crew};
        }
    }
    return (crew_id){CATALOG_NONE};
}

int64_t roster_shift_start_us(const struct roster *roster, const struct catalog *catalog,
                              int32_t day, shift_id shift)
{
    int32_t start_s = catalog->shifts[shift.index].start_s;
    int64_t date = start_s < roster->day_start_s ? (int64_t)day + 1 : day;
    return zone_instant_us(&roster->zone, date * TIMESTAMP_DAY_US + start_s * TIMESTAMP_SECOND_US,
                           NULL);
}

void roster_shift_at(const struct roster *roster, const struct catalog *catalog, int64_t ts_us,
                     int32_t *day, shift_id *shift)
{
    REQUIRE(catalog->shift_count > 0);
    int64_t local_us = ts_us + zone_offset_s(&roster->zone, ts_us) * TIMESTAMP_SECOND_US;
    int32_t date = (int32_t)(local_us / TIMESTAMP_DAY_US) - (local_us % TIMESTAMP_DAY_US < 0);
    /* From the day after backwards: clock changes may move a start across midnight. */
    for (int32_t candidate = date + 1;; candidate--) {
        for (uint16_t i = (uint16_t)catalog->shift_count; i-- > 0;) {
            if (roster_shift_start_us(roster, catalog, candidate, (shift_id){i}) <= ts_us) {
                *day = candidate;
                *shift = (shift_id){i};
                return;
            }
        }
    }
}
