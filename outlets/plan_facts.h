/* What an allocation is held against: what its quota used, and the steel made, by production day,
 * shift and crew. Private to outlets. */
#ifndef HEATLEDGER_PLAN_FACTS_H
#define HEATLEDGER_PLAN_FACTS_H

#include "allocation.h"
#include "reallocation.h"
#include "report_kind.h"

/* Of one crew-shift, or of a station in it. */
struct plan_fact {
    int32_t day;
    shift_id shift;
    crew_id crew;       /* CATALOG_NONE: nobody on duty */
    station_id station; /* CATALOG_NONE: not of a station */
    int64_t used_base;
    int64_t steel_g;
    bool unweighed; /* a heat's weight is not known yet */
};

struct plan_facts {
    const struct catalog *catalog;
    struct plan_fact *facts;
    size_t count, capacity;
    bool judged;                   /* the quota is judged for crew-shifts, so its use is known */
    int32_t today;                 /* the production day of the ledger's time; INT32_MIN: none */
    struct reallocation_rate best; /* the least used for its steel by any crew-shift that is over,
                                      all of its heats weighed; steel_g 0: none */
};

/* Reads them for an allocation's quota. To be cleared in any case. */
bool plan_facts_read(struct plan_facts *facts, const struct report_source *source,
                     const struct allocation *allocation, struct failure *failure);
void plan_facts_clear(struct plan_facts *facts);

struct plan_sum {
    int64_t used_base, steel_g;
    bool unweighed;
};

/* What a line's holder used, and the steel made meanwhile: of a station, the shop's (or its
 * crew's). A post has no meters of its own: nobody knows what it used. */
struct plan_sum plan_facts_sum(const struct plan_facts *facts, const struct allocation *allocation,
                               const struct allocation_line *line);

#endif
