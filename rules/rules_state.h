/* The rules' inside, shared by rules.c and rules_snapshot.c only. */
#ifndef HEATLEDGER_RULES_STATE_H
#define HEATLEDGER_RULES_STATE_H

#include "headroom.h"
#include "holders.h"
#include "meter_alerts.h"
#include "plant_alerts.h"
#include "shelves.h"

#include <stdbool.h>

struct rules {
    struct holders holders;
    struct headroom headroom;
    struct meter_alerts meters;
    struct plant_alerts plant;
    struct shelves shelves;
    bool showing;
};

#endif
