#include "alert.h"

#include "failure.h"

bool alert_pending(const struct alert *alert, bool risen, bool ended)
{
    return risen != alert->risen || (alert->unclosed && ended);
}

void alert_judge(struct alert *alert, bool risen, bool ended, struct alert_transition step,
                 alert_emit *emit, void *context)
{
    if (risen != alert->risen) {
        alert->risen = risen;
        alert->unclosed = true;
        alert->known = true;
        alert->handling = ALERT_RAISED;
        step.state = risen ? ALERT_RAISED : ALERT_CLEARED;
        emit(context, &step);
    }
    if (alert->unclosed && ended) {
        alert->unclosed = false;
        alert->handling = ALERT_RAISED;
        step.state = ALERT_CLOSED;
        emit(context, &step);
    }
}

enum alert_answer alert_handle(struct alert *alert, const struct alert_transition *step,
                               alert_emit *emit, void *context)
{
    REQUIRE(step->state == ALERT_ACKED || step->state == ALERT_SHELVED);
    bool shelves = step->state == ALERT_SHELVED;
    if (!alert->known) {
        return ALERT_UNKNOWN;
    }
    if (!alert->risen || !alert->unclosed) {
        return ALERT_OVER;
    }
    if (shelves && step->until_us <= step->at_us) {
        return ALERT_PAST;
    }
    if (alert->handling == step->state && (!shelves || alert->until_us == step->until_us)) {
        return ALERT_SAME;
    }
    alert->handling = step->state;
    alert->until_us = shelves ? step->until_us : 0;
    emit(context, step);
    return ALERT_DONE;
}

void alert_unshelve(struct alert *alert, struct alert_transition step, alert_emit *emit,
                    void *context)
{
    if (!alert->risen || alert->handling != ALERT_SHELVED) {
        return; /* cleared or seen meanwhile */
    }
    alert->handling = ALERT_RAISED;
    step.state = ALERT_RAISED;
    step.again = true;
    emit(context, &step);
}
