/* An alert as the rules keep it: whether it stands, and what people did about it.
 *
 *   raised -> acked            somebody has seen it; it is still over
 *   raised, acked -> shelved   put aside with a reason until a time, then raised again
 *   any of these -> cleared    it is over; a shelf ends with it
 *   any of these -> closed     nothing more is expected of its scope */
#ifndef HEATLEDGER_RULES_ALERT_H
#define HEATLEDGER_RULES_ALERT_H

#include "verdict.h"

#include <stdbool.h>
#include <stdint.h>

struct alert {
    bool risen;                /* it stands (hysteresis) */
    bool unclosed;             /* a transition was emitted since the last close */
    bool known;                /* it rose once */
    enum alert_state handling; /* while it stands: ALERT_RAISED, ALERT_ACKED or ALERT_SHELVED */
    int64_t until_us;          /* ALERT_SHELVED: the end of the shelf */
};

typedef void alert_emit(void *context, const struct alert_transition *transition);

/* What became of what a person asked for. */
enum alert_answer {
    ALERT_DONE,
    ALERT_SAME,    /* it was so before: seen already, or on that very shelf */
    ALERT_OVER,    /* cleared or closed: there is nothing to see or to put aside */
    ALERT_UNKNOWN, /* there is, and was, no such alert */
    ALERT_PAST,    /* the shelf would end before it begins */
    ALERT_CROWDED, /* too many are on the shelf */
    ALERT_ANSWERS
};

/* Brings the alert to `risen`, and closes it where its scope has `ended`. `step` is the transition
 * with all but its state; each one made of it is handed to `emit`. */
void alert_judge(struct alert *alert, bool risen, bool ended, struct alert_transition step,
                 alert_emit *emit, void *context);

/* Whether alert_judge would emit anything. */
bool alert_pending(const struct alert *alert, bool risen, bool ended);

/* A person acknowledges or shelves it: `step.state` is ALERT_ACKED or ALERT_SHELVED, with who, why
 * and until when. Emits where the answer is ALERT_DONE. */
enum alert_answer alert_handle(struct alert *alert, const struct alert_transition *step,
                               alert_emit *emit, void *context);

/* Its shelf is over: raised again, where it still lies on it. */
void alert_unshelve(struct alert *alert, struct alert_transition step, alert_emit *emit,
                    void *context);

#endif
