#include "heat.h"

#include "timestamp.h"

bool heat_owned(const struct heat *heat)
{
    return heat->owner_at_us != TIMESTAMP_NEVER_US;
}

bool heat_ended(const struct heat *heat)
{
    return heat->ended_us != TIMESTAMP_NEVER_US;
}

const char *heat_review_reason_name(enum heat_review_reason reason)
{
    static const char *const names[HEAT_REVIEW_REASONS] = {
        [HEAT_REVIEW_TIMED_OUT] = "timed_out",
        [HEAT_REVIEW_PROVISIONAL] = "provisional",
        [HEAT_REVIEW_MOVE_PENDING] = "move_pending",
        [HEAT_REVIEW_NO_OWNER] = "no_owner",
    };
    return names[reason];
}
