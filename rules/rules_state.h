/* The rules' inside, shared by rules.c and rules_snapshot.c only. */
#ifndef HEATLEDGER_RULES_STATE_H
#define HEATLEDGER_RULES_STATE_H

#include "carried.h"
#include "headroom.h"
#include "holders.h"
#include "meter_alerts.h"
#include "papers.h"
#include "plant_alerts.h"
#include "shelves.h"

#include <stdbool.h>

struct rules {
    struct quota *quotas; /* of the configuration, with the revisions in force */
    struct papers papers;
    struct carried carried;
    struct holders holders;
    struct headroom headroom;
    struct meter_alerts meters;
    struct plant_alerts plant;
    struct shelves shelves;
    bool showing;
};

#endif
