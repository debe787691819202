/* An account: one quota held against one holder: a heat, a crew-shift or a period.
 *
 * It is a sum and nothing else: what was used, and what the heats that count on it allow. Its
 * holder keeps it; alert_life.h judges it; headroom.h asks how far it is from its thresholds. */
#ifndef HEATLEDGER_RULES_ACCOUNT_H
#define HEATLEDGER_RULES_ACCOUNT_H

#include "alert.h"
#include "earned.h"
#include "quantity.h"
#include "quota.h"
#include "verdict.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct holder;
struct stake;

/* The parts of what was used. Booked and open are judged; shown is for the eye only. */
enum account_part { ACCOUNT_BOOKED, ACCOUNT_OPEN, ACCOUNT_SHOWN, ACCOUNT_PARTS };

#define ACCOUNT_DISTANCE_NEVER INT64_MAX

struct account {
    const struct quota *quota;
    struct holder *holder;
    int64_t division_base; /* of the quota's item, > 0 */
    quantity_wide allowed_base[QUOTA_LEVELS];
    int64_t counted_heats; /* whose allowance is in the line above; a heat counts itself */
    int64_t unknown_heats; /* linear: whose tonnes are not known, so that nothing is judged */
    int64_t two_levels;    /* how many of those, or shifts, have a target below their limit */
    int64_t used_base[ACCOUNT_PARTS];
    struct earned earned; /* what was entered of what is allowed */

    quantity_wide granted_base; /* by how much those at stake may grow unheard, together */
    struct stake *stakes;       /* of the meters whose open use grows here */
    int64_t stake_count;

    struct balance last_shown;
    quota_id id;
    bool was_shown;
    bool counts; /* its quota counts the holder: what is summed here is judged and shown */
    bool kept;   /* something counted or allows: judged and shown. Else a mere place for sums, shown
                    as long as something stands open on it */
    bool to_judge, to_show; /* stands on the list of that name */
    struct alert alerts[ALERT_LEVELS];
};

/* Used - allowed where the allowance is known: at least one division is over, at most minus one
 * division clears. */
bool account_allowed_known(const struct account *account);
quantity_wide account_excess_base(const struct account *account, enum quota_level level);
int64_t account_allowed_base(const struct account *account, enum quota_level level); /* saturates */
int64_t account_judged_base(const struct account *account); /* used: booked and open */

/* Whether its quota is held against that kind of holder: else it is only summed. */
bool account_is_judged(const struct account *account);

/* The least growth of use, >= 1, that changes the state; ACCOUNT_DISTANCE_NEVER where none can. */
int64_t account_distance_base(const struct account *account);

/* As the book and the outlets see it: used = booked + shown, the verdict of that. */
struct balance account_balance(const struct account *account);

/* Order of emission: quota, scope, then heat or slot. For qsort over `struct account *`. */
int account_compare(const void *a, const void *b);

#endif
