/* What makes a crew the owner of a heat: `owner_at` in the configuration. */
#ifndef HEATLEDGER_HEAT_RULES_H
#define HEATLEDGER_HEAT_RULES_H

#include "catalog.h"

#include <stdbool.h>
#include <stdint.h>

struct heat_rules {
    bool owner_at_tap;        /* the crew on duty at tap end … */
    station_id owner_station; /* … or, if false, at the first `end` at this station */
    int64_t stay_max_us;      /* a stay that nothing ends, ends by itself then; 0: never */
};

#endif
