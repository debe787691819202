/* A configuration that follows another within the life of a ledger.
 *
 * What is booked names rows of the tables by their index, so a row keeps its place for ever: those
 * of the former configuration come first, in their order, then what is new. A row that the new text
 * has no more is retired. What booked amounts rest on may not change (plant_keep.h); other rates of
 * a quota are in force from the change on, a new quota counts from the start of the next shift on,
 * one that is taken out until then.
 *
 * A pure function of the former plant, the text and the time: a replay comes to the same tables. */
#ifndef HEATLEDGER_PLANT_ADOPT_H
#define HEATLEDGER_PLANT_ADOPT_H

#include "failure.h"
#include "plant.h"

#include <stdint.h>
#include <stdio.h>

/* Reads `text` as what follows `former` at `at_us`, the engine's time; the zone is the former's.
 * `name` is used in messages in place of a file name; files that the text names are not looked at.
 * `out` (may be NULL) gets a line for each thing that changes, or for each mistake. NULL with
 * FAILURE_INPUT where the text has mistakes, or changes what may not change. */
struct plant *plant_adopt(const struct plant *former, const char *name, const char *text,
                          int64_t at_us, FILE *out, struct failure *failure);

/* Exchanges the contents of two plants: whoever has a pointer to `plant` has the other one now,
 * pointers to rows of its tables lead into `other`. */
void plant_exchange(struct plant *plant, struct plant *other);

#endif
