/* Overruns: where a heat, a crew-shift or the shop used more than its quota allowed, what that
 * cost, and why it was, as far as somebody has said so (an entry `cause`; 5M1E, DOMAIN 4). Private
 * to outlets. */
#ifndef HEATLEDGER_OVERRUNS_H
#define HEATLEDGER_OVERRUNS_H

#include "report_kind.h"

#include <stdbool.h>
#include <stdint.h>

/* One of them. Texts belong to the row that is read: copy what is to stay. */
struct overrun {
    const char *alert; /* the id that its alert has, which a cause names */
    const char *scope; /* "heat" or "crew" */
    const char *level; /* "limit", or "target" where only that is exceeded */
    const char *quota, *period, *heat,
        *crew; /* heat NULL: of none; crew NULL: of the shop, or unknown */
    item_id item;
    int32_t day;
    int64_t used_base, allowed_base, over_base; /* over_base >= one scale division of the item */
    bool priced;                                /* by a standard price */
    int64_t loss_fen;                           /* over x standard price, half up */
    const char *code, *action, *by;             /* of the cause; NULL: nobody has said */
    const struct cause_code *cause;             /* NULL: none, or unknown to this configuration */
    bool provisional;
};

typedef bool overrun_take(void *context, const struct overrun *overrun);

/* Hands the overruns of crew-shifts to `take`, by day, crew-shift and quota, narrowed by the
 * report's day, period, crew, heat, quota and item. `all`: those of periods before, and those of
 * heats behind their crew-shift's, too. The cause of a heat's overrun is its own or that of its
 * crew-shift; one that was given for the target's alert counts for the limit's. */
bool overruns_ask(const struct report_source *source, bool all, overrun_take *take, void *context,
                  struct failure *failure);

/* "crew", "shop" (of a period), "instruments" or "nobody": whom the cause is charged to. Without a
 * cause the first two. */
const char *overrun_charged_to(const struct overrun *overrun);

#endif
