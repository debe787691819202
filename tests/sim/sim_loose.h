/* Use that went along with steel: of each item a floor is moved, but on which meter and crew-shift
 * a unit that is left over stays is nobody's business. So sums are compared. */
#ifndef HEATLEDGER_SIM_LOOSE_H
#define HEATLEDGER_SIM_LOOSE_H

#include "sim_oracle.h"

#include <stdbool.h>
#include <stddef.h>

struct sim_amount {
    char item[16], meter[16], heat[SIM_MIX_ID], slot[80];
    int64_t amount_base; /* the product's: negated */
};

/* Reads "item\tmeter\theat\tday\tshift\tcrew\tamount". */
void sim_amount_read(const struct sim_plant *plant, const char *line, bool product,
                     struct sim_amount *amount);

/* How often steel went from or to the heat; a row may be off by so many units. */
int sim_loose_moves(const struct sim_ledger *ledger, const char *heat);

/* The first sum that is off: by item and heat, by meter and crew-shift, or a row by more than its
 * heat's moves. False with a story; sorts the amounts. */
bool sim_loose_agrees(const struct sim_ledger *ledger, struct sim_amount *amounts, size_t count,
                      char *story, size_t size);

#endif
