#include "sharing.h"

#include "timestamp.h"

#include <stddef.h>

const struct sharing_rule *sharing_rule_at(const struct sharing *sharing, int64_t ts_us)
{
    const struct sharing_rule *rule = NULL;
    for (uint32_t i = 0; sharing != NULL && i < sharing->rule_count; i++) {
        if (sharing->rules[i].from_us <= ts_us) {
            rule = &sharing->rules[i];
        }
    }
    return rule;
}

int64_t sharing_next_us(const struct sharing *sharing, int64_t after_us)
{
    for (uint32_t i = 0; sharing != NULL && i < sharing->rule_count; i++) {
        if (sharing->rules[i].from_us > after_us) {
            return sharing->rules[i].from_us;
        }
    }
    return TIMESTAMP_NEVER_US;
}

bool sharing_serves(const struct meter *meter, station_id station)
{
    if (meter->station.index == station.index) {
        return true;
    }
    for (uint32_t i = 0; meter->sharing != NULL && i < meter->sharing->rule_count; i++) {
        const struct sharing_rule *rule = &meter->sharing->rules[i];
        for (uint32_t part = 0; part < rule->part_count; part++) {
            if (rule->parts[part].station.index == station.index) {
                return true;
            }
        }
    }
    return false;
}

bool sharing_uses(const struct meter *meter, enum sharing_method method)
{
    for (uint32_t i = 0; meter->sharing != NULL && i < meter->sharing->rule_count; i++) {
        if (meter->sharing->rules[i].method == method) {
            return true;
        }
    }
    return false;
}
