/* Alerts about the plant's books themselves: what keeps, or kept, them from being kept. One for
 * each kind of trouble; it is over when the trouble is, and closed at once. */
#ifndef HEATLEDGER_RULES_PLANT_ALERTS_H
#define HEATLEDGER_RULES_PLANT_ALERTS_H

#include "alert.h"

struct plant_alerts {
    struct plant_watch {
        struct alert alert;
        int64_t since_us; /* while it stands */
    } of[TROUBLE_KINDS];  /* that of TROUBLE_NONE is not used */
};

/* The trouble began, or was over, at `at_us`; emits what that brings about. `text` says why it
 * began; NULL: nobody knows. */
void plant_alerts_set(struct plant_alerts *alerts, enum trouble_kind trouble, bool stands,
                      int64_t at_us, const char *text, alert_emit *emit, void *context);

/* Whether the trouble stands, and since when. */
bool plant_alerts_stand(const struct plant_alerts *alerts, enum trouble_kind trouble,
                        int64_t *since_us);

/* NULL for TROUBLE_NONE. */
struct alert *plant_alerts_find(struct plant_alerts *alerts, enum trouble_kind trouble);

/* A step of one of them at `now_us`, all but its state. */
struct alert_transition plant_alerts_step(enum trouble_kind trouble, int64_t now_us);

#endif
