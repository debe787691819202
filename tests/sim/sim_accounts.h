/* What heats earned, against what the oracle's steel allows. */
#ifndef HEATLEDGER_SIM_ACCOUNTS_H
#define HEATLEDGER_SIM_ACCOUNTS_H

#include "sim_oracle.h"

#include <stdbool.h>
#include <stddef.h>

/* Asks for lines "heat\tHEAT\tTARGET\tLIMIT" and "crew\tDAY\tSHIFT\tCREW\tTARGET\tLIMIT" of the
 * quota per tonne (sim_plant.c), in base units, as its accounts hold them, without zeros. */
extern const char sim_accounts_sql[];

/* Whether every heat earned by its steel, floored, and every crew-shift holds what the heats that
 * it owns earned, and nothing else was earned. False with a story. `lines`: each begins with '\n'.
 */
bool sim_accounts_agree(const struct sim_plant *plant, const struct sim_ledger *ledger,
                        const char *lines, char *story, size_t size);

#endif
