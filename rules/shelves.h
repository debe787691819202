/* The alerts that people put aside, by the time at which each comes back. */
#ifndef HEATLEDGER_RULES_SHELVES_H
#define HEATLEDGER_RULES_SHELVES_H

#include "verdict.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHELVES_MAX 10000 /* alerts on a shelf at one time */

struct shelves {
    struct alert_transition *alerts; /* as they were shelved, by until_us, then as they came */
    size_t count, capacity;
};

void shelves_clear(struct shelves *shelves);

/* Whether there is room for one more. */
bool shelves_have_room(const struct shelves *shelves);

/* Puts an alert on the shelf until `shelved->until_us`, and takes it from where it lay before. */
void shelves_put(struct shelves *shelves, const struct alert_transition *shelved);

/* When the next one comes back; INT64_MAX: none. */
int64_t shelves_due_us(const struct shelves *shelves);

/* Takes the next one that comes back at or before `now_us`; false: there is none. */
bool shelves_pop(struct shelves *shelves, int64_t now_us, struct alert_transition *shelved);

#endif
