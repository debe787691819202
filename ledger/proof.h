/* The proof of the ledger: sums that must be equal, told apart so that each can be checked.
 *
 * For every item the heats and idle use, the crews on duty, the owners and the entries of the
 * booking meters add up to the same; for every meter, check meters too, its entries and its open
 * use are its curve; every
 * reversal takes back one posting, exactly; every balance is the sum of what its quota counts. The
 * accounts of every quota sum to zero, and what was entered on a heat, a crew-shift and its heats,
 * or a period is what its balance allows. */
#ifndef HEATLEDGER_PROOF_H
#define HEATLEDGER_PROOF_H

#include "failure.h"
#include "reader.h"

#include <stdbool.h>

struct proof_row {
    const char *what;         /* "electricity: heats and idle = crews on duty" */
    const char *left, *right; /* "43600 kWh" */
    bool holds;
};

typedef void proof_row_function(void *context, const struct proof_row *row);

/* Hands every check to `row`, whether it holds or not. Returns false where the ledger cannot be
 * read; a check that does not hold is no failure here. */
bool proof_run(struct reader *reader, proof_row_function *row, void *context,
               struct failure *failure);

#endif
