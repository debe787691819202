#include "local_time.h"

#include "failure.h"
#include "timestamp.h"

#include <stdio.h>
#include <string.h>

#define COMPACT_DAY 8   /* YYYYMMDD */
#define COMPACT_TIME 14 /* YYYYMMDDhhmmss */
#define PERIOD_DIGITS_MAX 8

/* Spells a compact time out. */
static bool parse_compact(const char *text, size_t length, int64_t *local_us)
{
    char full[TIMESTAMP_TEXT_MAX];
    const char *clock = length == COMPACT_TIME ? text + COMPACT_DAY : "000000";

    if ((length != COMPACT_DAY && length != COMPACT_TIME) || strspn(text, "0123456789") < length) {
        return false;
    }
    snprintf(full, sizeof full, "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s", text, text + 4, text + 6, clock,
             clock + 2, clock + 4);
    return timestamp_parse_local(full, strlen(full), local_us);
}

bool local_time_parse(const char *text, size_t length, bool compact, int64_t *local_us)
{
    int32_t day = 0;

    if (compact) {
        return parse_compact(text, length, local_us);
    }
    if (timestamp_parse_day(text, length, &day)) {
        *local_us = day * TIMESTAMP_DAY_US;
        return true;
    }
    return timestamp_parse_local(text, length, local_us);
}

static int64_t to_local_us(const struct zone *zone, int64_t ts_us)
{
    return ts_us + zone_offset_s(zone, ts_us) * TIMESTAMP_SECOND_US;
}

int64_t local_time_instant(const struct zone *zone, int64_t local_us, int64_t newest_us,
                           int64_t latest_us, bool *uncertain)
{
    int twice = 0;
    int64_t earlier_us = zone_instant_us(zone, local_us, &twice);

    if (!twice) {
        *uncertain = *uncertain || to_local_us(zone, earlier_us) != local_us;
        return earlier_us;
    }
    *uncertain = true;
    int32_t winter_s = zone_offset_s(zone, earlier_us + TIMESTAMP_DAY_US);
    int64_t later_us = local_us - winter_s * TIMESTAMP_SECOND_US;
    bool forbidden = earlier_us < newest_us && later_us > earlier_us && later_us <= latest_us &&
                     to_local_us(zone, later_us) == local_us;
    return forbidden ? later_us : earlier_us;
}

bool local_time_parse_period(const char *text, struct mapping_period *period)
{
    static const struct {
        const char *name;
        int64_t unit_us;
    } units[] = {
        {"s", TIMESTAMP_SECOND_US},
        {"min", TIMESTAMP_MINUTE_US},
        {"h", TIMESTAMP_HOUR_US},
        {"d", TIMESTAMP_DAY_US},
    };
    size_t digits = strspn(text, "0123456789");
    int64_t number = 0;

    for (size_t i = 0; i < digits && digits <= PERIOD_DIGITS_MAX; i++) {
        number = number * 10 + (text[i] - '0');
    }
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (number > 0 && strcmp(text + digits, units[i].name) == 0 &&
            number <= LOCAL_TIME_PERIOD_MAX_US / units[i].unit_us) {
            *period = (struct mapping_period){.length_us = number * units[i].unit_us,
                                              .of_days = units[i].unit_us == TIMESTAMP_DAY_US};
            return true;
        }
    }
    return false;
}

/* `sign` periods after an instant. */
static int64_t period_after(const struct zone *zone, const struct mapping_period *period,
                            int64_t ts_us, int sign)
{
    if (!period->of_days) {
        return ts_us + sign * period->length_us;
    }
    return zone_instant_us(zone, to_local_us(zone, ts_us) + sign * period->length_us, NULL);
}

void local_time_period(const struct zone *zone, enum mapping_label label,
                       const struct mapping_period *period, int64_t label_us, int64_t *from_us,
                       int64_t *ts_us)
{
    const struct mapping_period day = {.length_us = TIMESTAMP_DAY_US, .of_days = true};
    bool midnight = to_local_us(zone, label_us) % TIMESTAMP_DAY_US == 0;

    REQUIRE(label != MAPPING_LABEL_NONE && period->length_us > 0);
    if (label == MAPPING_LABEL_START) {
        *from_us = label_us;
        *ts_us = period_after(zone, period, label_us, 1);
        return;
    }
    if (label == MAPPING_LABEL_END_SAME_DATE && midnight) {
        label_us = period_after(zone, &day, label_us, 1);
    }
    *ts_us = label_us;
    *from_us = period_after(zone, period, label_us, -1);
}
