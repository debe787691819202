/* A person decides about a reading, or enters one. */
#include "aggregator_state.h"

enum outcome apply_decision(struct aggregator *aggregator, const struct entry *entry)
{
    (void)entry;
    aggregator->detail = "decisions about readings are not booked by this version";
    return OUTCOME_NOT_SUPPORTED;
}
