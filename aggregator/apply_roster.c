/* A person corrects the roster. */
#include "aggregator_state.h"

enum outcome apply_roster(struct aggregator *aggregator, const struct entry *entry)
{
    (void)entry;
    aggregator->detail = "corrections of the roster are not booked by this version";
    return OUTCOME_NOT_SUPPORTED;
}
