/* The ledger as canonical text, to be compared: two ledgers that say the same give the same bytes,
 * whatever the order in which their messages came. */
#ifndef HEATLEDGER_DUMP_H
#define HEATLEDGER_DUMP_H

#include "failure.h"
#include "reader.h"

#include <stdbool.h>
#include <stdio.h>

/* Writes the net ledger, a fact a line, fields separated by tabs; with `history` also every
 * posting, heat version, alert transition and refused message with its identity. */
bool dump_write(struct reader *reader, bool history, FILE *out, struct failure *failure);

#endif
