/* A zone table from the machine's tz database. */
#ifndef HEATLEDGER_ZONE_LOAD_H
#define HEATLEDGER_ZONE_LOAD_H

#include "failure.h"
#include "zone.h"

#include <stdbool.h>

/* Fills `zone` with the offsets of the years 2000 to 2100 of the zone `name` ("Asia/Shanghai"),
 * which must stand in the tz database ($TZDIR, or /usr/share/zoneinfo); "UTC" needs none. False
 * with FAILURE_INPUT where there is no such zone.
 *
 * Uses the C library's zone of the process for a moment and puts it back: call it while no other
 * thread asks for local time. */
bool zone_load(const char *name, struct zone *zone, struct failure *failure);

#endif
