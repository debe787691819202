#include "meter_alerts.h"

#include "failure.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

void meter_alerts_init(struct meter_alerts *alerts, uint32_t meter_count)
{
    *alerts = (struct meter_alerts){.meter_count = meter_count};
    alerts->meters = memory_zeroed(meter_count, sizeof *alerts->meters);
}

void meter_alerts_clear(struct meter_alerts *alerts)
{
    free(alerts->meters);
    free(alerts->changed);
    *alerts = (struct meter_alerts){0};
}

void meter_alerts_follow(struct meter_alerts *alerts, uint32_t meter_count)
{
    REQUIRE(meter_count >= alerts->meter_count);
    struct meter_watch *meters = memory_zeroed(meter_count, sizeof *meters);
    memcpy(meters, alerts->meters, alerts->meter_count * sizeof *meters);
    free(alerts->meters);
    alerts->meters = meters;
    alerts->meter_count = meter_count;
}

static struct meter_watch *watch_of(const struct meter_alerts *alerts, meter_id meter)
{
    REQUIRE(meter.index < alerts->meter_count);
    return &alerts->meters[meter.index];
}

void meter_alerts_set(struct meter_alerts *alerts, meter_id meter, enum alert_matter matter,
                      bool holds, int64_t used_base)
{
    REQUIRE(matter == ALERT_HELD || matter == ALERT_STALE);
    struct meter_watch *watch = watch_of(alerts, meter);
    watch->holds[matter] = holds;
    if (matter == ALERT_HELD) {
        watch->held_base = used_base;
    }
    if (holds != watch->alerts[matter].risen && !watch->to_judge) {
        watch->to_judge = true;
        memory_grow(&alerts->changed, alerts->changed_count, &alerts->changed_capacity,
                    sizeof *alerts->changed);
        alerts->changed[alerts->changed_count++] = meter.index;
    }
}

static int compare_meters(const void *a, const void *b)
{
    uint32_t one = *(const uint32_t *)a;
    uint32_t other = *(const uint32_t *)b;
    return (one > other) - (one < other);
}

void meter_alerts_judge(struct meter_alerts *alerts, int64_t now_us, alert_emit *emit,
                        void *context)
{
    if (alerts->changed_count > 1) {
        qsort(alerts->changed, alerts->changed_count, sizeof *alerts->changed, compare_meters);
    }
    for (size_t i = 0; i < alerts->changed_count; i++) {
        meter_id meter = {alerts->changed[i]};
        struct meter_watch *watch = watch_of(alerts, meter);
        watch->to_judge = false;
        for (int matter = ALERT_QUOTA + 1; matter < ALERT_METER_MATTERS; matter++) {
            bool holds = watch->holds[matter];
            alert_judge(&watch->alerts[matter], holds, !holds,
                        meter_alerts_step(alerts, meter, (enum alert_matter)matter, now_us), emit,
                        context);
        }
    }
    alerts->changed_count = 0;
}

struct alert *meter_alerts_find(struct meter_alerts *alerts, meter_id meter,
                                enum alert_matter matter)
{
    bool of_meter = matter != ALERT_QUOTA && matter < ALERT_METER_MATTERS;
    return of_meter ? &watch_of(alerts, meter)->alerts[matter] : NULL;
}

struct alert_transition meter_alerts_step(const struct meter_alerts *alerts, meter_id meter,
                                          enum alert_matter matter, int64_t now_us)
{
    return (struct alert_transition){
        .matter = matter,
        .scope = BALANCE_METER,
        .meter = meter,
        .level = ALERT_LIMIT,
        .at_us = now_us,
        .used_base = matter == ALERT_HELD ? watch_of(alerts, meter)->held_base : 0,
    };
}
