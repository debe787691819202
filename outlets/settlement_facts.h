/* What a settlement rests on beside the quotas: vetoes, steel made and planned, by crew and period.
 * Private to outlets. */
#ifndef HEATLEDGER_SETTLEMENT_FACTS_H
#define HEATLEDGER_SETTLEMENT_FACTS_H

#include "period.h"
#include "report_kind.h"

#define SETTLEMENT_VETO_MAX 1200 /* bytes of a cell; vetoes that do not fit are left out */

struct settlement_facts;

/* Reads them for settlements of periods of that kind. NULL with a failure. */
struct settlement_facts *settlement_facts_read(const struct report_source *source,
                                               enum period_kind kind, struct failure *failure);
void settlement_facts_free(struct settlement_facts *facts);

/* "safety: reason" of each veto of the crew whose period has a day in common with this one, joined
 * by "; ", in `text`; NULL: there is none. */
const char *settlement_veto(const struct settlement_facts *facts, const char *crew,
                            struct period period, char text[SETTLEMENT_VETO_MAX]);

/* By how many hundredths of a percent, rounded down, the crew's steel of the period is more than
 * was planned for it; false: nothing was planned, or not all of its heats are weighed. */
bool settlement_over_plan_e2(const struct settlement_facts *facts,
                             const struct report_source *source, const char *crew,
                             struct period period, int64_t *over_e2);

#endif
