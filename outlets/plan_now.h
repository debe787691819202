/* The plan as it stands now: what the configuration says, and what people planned after it (entries
 * `plan`). Private to outlets. */
#ifndef HEATLEDGER_PLAN_NOW_H
#define HEATLEDGER_PLAN_NOW_H

#include "allocation.h"
#include "report_kind.h"

struct plan_now {
    const struct catalog *catalog;
    struct planned_steel *changes; /* in the order in which they were entered */
    size_t change_count, change_capacity;
};

/* Reads the entries. To be cleared in any case. */
bool plan_now_read(struct plan_now *now, const struct report_source *source,
                   struct failure *failure);
void plan_now_clear(struct plan_now *now);

/* What was entered for exactly that period; -1: nothing was. */
int64_t plan_now_g(const struct plan_now *now, struct period period, crew_id crew);

/* An allocation with the steel that is planned now: a copy that shares all but its tree. To be
 * released with plan_now_release. */
struct allocation plan_now_allocation(const struct plan_now *now,
                                      const struct allocation *allocation);
void plan_now_release(struct allocation *copy);

#endif
