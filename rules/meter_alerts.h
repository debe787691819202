/* Alerts about meters: that their newest readings are held, and that they are silent. They are over
 * when the cause is, and closed at once: a meter has no end. */
#ifndef HEATLEDGER_RULES_METER_ALERTS_H
#define HEATLEDGER_RULES_METER_ALERTS_H

#include "alert.h"

#include <stddef.h>

struct meter_alerts {
    struct meter_watch {
        struct alert alerts[ALERT_METER_MATTERS]; /* that of ALERT_QUOTA is not used */
        bool holds[ALERT_METER_MATTERS];          /* the cause is there */
        int64_t held_base;
        bool to_judge;
    } * meters;
    uint32_t meter_count;
    uint32_t *changed; /* meters to judge */
    size_t changed_count, changed_capacity;
};

void meter_alerts_init(struct meter_alerts *alerts, uint32_t meter_count);
void meter_alerts_clear(struct meter_alerts *alerts);

/* There are more meters than before, behind those that there were. */
void meter_alerts_follow(struct meter_alerts *alerts, uint32_t meter_count);

/* The cause of `matter` is there, or is not any more; `used_base`: of ALERT_HELD. */
void meter_alerts_set(struct meter_alerts *alerts, meter_id meter, enum alert_matter matter,
                      bool holds, int64_t used_base);

/* Judges what changed, in the order of the meters. */
void meter_alerts_judge(struct meter_alerts *alerts, int64_t now_us, alert_emit *emit,
                        void *context);

/* NULL: there is no such alert of a meter. */
struct alert *meter_alerts_find(struct meter_alerts *alerts, meter_id meter,
                                enum alert_matter matter);

/* A step of one of them with the figures of now, all but its state. */
struct alert_transition meter_alerts_step(const struct meter_alerts *alerts, meter_id meter,
                                          enum alert_matter matter, int64_t now_us);

#endif
