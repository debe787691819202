/* The plant as a ledger knows it: read from the newest configuration that it keeps, for whoever has
 * a directory and no plant.json. */
#ifndef HEATLEDGER_LEDGER_PLANT_H
#define HEATLEDGER_LEDGER_PLANT_H

#include "plant.h"
#include "reader.h"

/* NULL with a failure where the ledger has no configuration yet. To be freed: plant_free. */
struct plant *ledger_plant(struct reader *reader, struct failure *failure);

#endif
