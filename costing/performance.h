/* Key figures of a station or a shop, in the forms of ISO 22400-2 (DOMAIN 5). Times in one unit
 * (minutes), quantities in one unit (heats or tonnes). A figure that would divide by 0 is NULL. */
#ifndef HEATLEDGER_PERFORMANCE_H
#define HEATLEDGER_PERFORMANCE_H

#include "fraction.h"

struct performance_input {
    const struct fraction *planned_busy;    /* PBT */
    const struct fraction *production;      /* APT: actual production time */
    const struct fraction *unit_run;        /* PRU: planned run time of one unit */
    const struct fraction *produced, *good; /* PQ, GQ */
};

struct performance {
    const struct fraction *availability;  /* APT / PBT */
    const struct fraction *effectiveness; /* PRU x PQ / APT */
    const struct fraction *quality;       /* GQ / PQ */
    const struct fraction *oee;           /* their product */
};

struct performance performance_of(struct sheet *sheet, const struct performance_input *input);

#endif
