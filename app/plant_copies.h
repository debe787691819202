/* A configuration for load tests: the same plant several times over in one. */
#ifndef HEATLEDGER_PLANT_COPIES_H
#define HEATLEDGER_PLANT_COPIES_H

#include "plant.h"

/* Writes to `path` the plant's configuration with `copies` - 1 more of each station and meter,
 * which have "-2", "-3" … behind their ids; a quota of certain stations or meters counts the
 * copies too. Comments are lost. False with FAILURE_INPUT where an id becomes too long or the file
 * cannot be written. */
bool plant_copies_write(const struct plant *plant, unsigned copies, const char *path,
                        struct failure *failure);

#endif
