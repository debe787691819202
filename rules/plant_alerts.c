#include "plant_alerts.h"

#include "failure.h"

#include <stddef.h>

void plant_alerts_set(struct plant_alerts *alerts, enum trouble_kind trouble, bool stands,
                      int64_t at_us, const char *text, alert_emit *emit, void *context)
{
    REQUIRE(trouble > TROUBLE_NONE && trouble < TROUBLE_KINDS);
    struct plant_watch *watch = &alerts->of[trouble];
    struct alert_transition step = plant_alerts_step(trouble, at_us);
    step.reason = stands ? text : NULL;
    if (stands && !watch->alert.risen) {
        watch->since_us = at_us;
    }
    alert_judge(&watch->alert, stands, !stands, step, emit, context);
}

bool plant_alerts_stand(const struct plant_alerts *alerts, enum trouble_kind trouble,
                        int64_t *since_us)
{
    REQUIRE(trouble < TROUBLE_KINDS);
    *since_us = alerts->of[trouble].since_us;
    return alerts->of[trouble].alert.risen;
}

struct alert *plant_alerts_find(struct plant_alerts *alerts, enum trouble_kind trouble)
{
    REQUIRE(trouble < TROUBLE_KINDS);
    return trouble == TROUBLE_NONE ? NULL : &alerts->of[trouble].alert;
}

struct alert_transition plant_alerts_step(enum trouble_kind trouble, int64_t now_us)
{
    return (struct alert_transition){
        .matter = ALERT_SYSTEM,
        .scope = BALANCE_PLANT,
        .trouble = trouble,
        .level = ALERT_LIMIT,
        .at_us = now_us,
    };
}
