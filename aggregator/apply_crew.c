/* Who is really on duty. */
#include "aggregator_state.h"

enum outcome apply_crew(struct aggregator *aggregator, const struct fact *fact, int64_t arrival_us)
{
    (void)arrival_us;
    int64_t from_us = 0;
    int64_t to_us = 0;
    enum outcome outcome = calendar_takeover(aggregator->calendar, fact->as.crew.ts_us,
                                             fact->as.crew.crew, &from_us, &to_us);
    return outcome == OUTCOME_ACCEPTED ? aggregator_duty_changed(aggregator, from_us, to_us)
                                       : outcome;
}
