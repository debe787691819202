/* The submeters' inside, shared by submeters*.c only. */
#ifndef HEATLEDGER_SUBMETERS_STATE_H
#define HEATLEDGER_SUBMETERS_STATE_H

#include "sharing.h"
#include "submeters.h"

#include <stddef.h>

/* A pin, and C there before the curve was another. */
struct noted {
    int64_t ts_us, c_base;
    bool tip;
};

/* One meter that shares by sub-meters. */
struct gauge {
    meter_id shared;
    const struct meter *meter;
    meter_id subs[SHARING_METERS_MAX];
    size_t sub_count;
    int64_t *pins_us; /* ascending */
    int64_t *c_base;  /* pin i, sub-meter k: [i * sub_count + k] */
    size_t pin_count, pin_capacity, c_capacity;
    int64_t walked_us; /* boundaries up to here are pinned; INT64_MIN: none yet */
    int64_t tip_us;    /* where its open use ends: a pin that moves */
    int64_t tip_base[SHARING_METERS_MAX];
    int64_t forgotten_us; /* pins up to here were forgotten; INT64_MIN: none was */
    struct noted *noted;  /* of the sub-meter that is about to change */
    size_t noted_count, noted_capacity;
    int64_t moved_us; /* the first pin that moved with the stored curve, and nobody heard of it */
};

struct submeters {
    bool *concerned; /* by meter: it shares by others, or another by it */
    struct gauge *gauges;
    size_t count, capacity;
    struct submeters_curves curves;
};

#endif
