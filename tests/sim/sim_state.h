/* What the ledger shows beside its dump: state that is replaced and not appended. It follows from
 * the journal as the postings do; when it was shown in between, and whether the program was
 * restarted, leaves no trace in it. */
#ifndef HEATLEDGER_SIM_STATE_H
#define HEATLEDGER_SIM_STATE_H

#include "failure.h"
#include "reader.h"

#include <stdbool.h>
#include <stdio.h>

/* Writes it, a row a line. */
bool sim_state_write(struct reader *reader, FILE *out, struct failure *failure);

#endif
