/* What each meter last said of its open segment, and how far it may grow before it is heard again.
 *
 * A meter has a stake in every account on which its open use counts. With one meter at stake, it
 * is granted all that is left to the account's nearest threshold. Several share half of what is
 * left, so that one of them can speak, and take more of it, without every other having to be
 * asked. When something (another meter, a posting, a weight) has used up what was granted to the
 * others, these are asked: before the judging, their unheard use must be known. So is everybody
 * with a stake in an account whose state is about to change, for the change is told with figures.
 */
#ifndef HEATLEDGER_RULES_HEADROOM_H
#define HEATLEDGER_RULES_HEADROOM_H

#include "holders.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct statement;

struct headroom {
    struct statement *statements; /* by meter */
    struct statement **asked;
    size_t asked_count, asked_capacity;
    uint64_t round; /* judgings so far */
};

void headroom_clear(struct headroom *headroom);

/* Forgets what every meter said: as if each had said that it has no open use. */
void headroom_silence(struct headroom *headroom, struct holders *holders);

/* rules_open of rules.h. */
int64_t headroom_state(struct headroom *headroom, struct holders *holders, meter_id meter,
                       const struct segment *open, size_t count);

/* The heat's accounts were moved or its allowance changed: whoever has a stake in it is asked. */
void headroom_recall(struct headroom *headroom, const struct holder *heat);

/* Everything was judged: what was said up to now will be old when something changes again. */
void headroom_next_round(struct headroom *headroom);

/* rules_ask of rules.h. */
bool headroom_ask(struct headroom *headroom, const struct holders *holders, meter_id *meter);

#endif
