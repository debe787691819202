/* The shift handover: what a crew leaves to the next, as the ledger has it at the shift's end.
 *
 * Use counts where its segment starts before the end (segments are split there), a heat has an
 * owner where its ownership event lies before the end, an alert stands as it stood. Allowances are
 * those the ledger knows now; verdicts are made again from use and allowance. */
#ifndef HEATLEDGER_HANDOVER_H
#define HEATLEDGER_HANDOVER_H

#include "failure.h"
#include "reader.h"

#include <stdint.h>
#include <stdio.h>

struct handover;

enum handover_language { HANDOVER_ENGLISH, HANDOVER_CHINESE };

/* Reads the summary of a production day's shift (its id). NULL with FAILURE_INPUT where the ledger
 * has no such shift. The caller owns it. */
struct handover *handover_read(struct reader *reader, int32_t day, const char *shift,
                               struct failure *failure);

/* Reads the summary as it was made when the shift ended, and what is another since then; where none
 * was made yet, as handover_read. What was signed stays as it is. */
struct handover *handover_read_signed(struct reader *reader, int32_t day, const char *shift,
                                      struct failure *failure);
void handover_free(struct handover *handover);

/* For programs: docs/interfaces.md has the fields. */
void handover_write_json(const struct handover *handover, FILE *out);

/* For people, on a terminal or on paper. */
void handover_write_text(const struct handover *handover, enum handover_language language,
                         FILE *out);

/* Reads it and returns it as JSON without a line break at the end, to be freed; NULL with a
 * failure. For the pipeline, which makes the summary inside its transaction. */
char *handover_json(struct reader *reader, int32_t day, const char *shift, struct failure *failure);

#endif
