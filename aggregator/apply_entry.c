/* What a person enters: a row for each kind that the aggregator acts on. */
#include "aggregator_state.h"

enum outcome apply_entry(struct aggregator *aggregator, const struct fact *fact, int64_t arrival_us)
{
    static enum outcome (*const apply[ENTRY_KIND_COUNT])(struct aggregator *,
                                                         const struct entry *) = {
        [ENTRY_ACCEPT] = apply_decision,
        [ENTRY_REJECT] = apply_decision,
        [ENTRY_READING] = apply_decision,
        [ENTRY_ROSTER] = apply_roster,
    };
    (void)arrival_us;
    const struct entry *entry = &fact->as.entry;
    if (apply[entry->kind] == NULL) {
        aggregator->detail = "such an entry is journaled, and not yet acted on by this version";
        return OUTCOME_NOT_SUPPORTED;
    }
    return apply[entry->kind](aggregator, entry);
}
