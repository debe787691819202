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
