/* The document of a period: what a ten-day period (旬) or a month came to, as the ledger had it
 * when the period was closed. It never changes; what is another today stands beside it, with the
 * cause.
 *
 * It is made of parts, tables that are narrowed to the period: steel by crew, quotas, use and how
 * much of it was estimated, money, settlement, overruns and their causes (period_parts.h). */
#ifndef HEATLEDGER_PERIOD_DOCUMENT_H
#define HEATLEDGER_PERIOD_DOCUMENT_H

#include "failure.h"
#include "handover.h"
#include "period.h"
#include "reader.h"
#include "report.h"

#include <stdint.h>
#include <stdio.h>

struct period_document;

/* Reads a period's document as it was signed, and what is another today; where the period is not
 * closed, or of a kind that is not (a day, quarter, year), as the ledger has it now. NULL with
 * FAILURE_INPUT where the ledger has nothing of the period. The caller owns it. */
struct period_document *period_document_read(struct reader *reader,
                                             const struct report_plant *plant, struct period period,
                                             struct failure *failure);
void period_document_free(struct period_document *document);

/* For programs: docs/interfaces.md has the fields. */
void period_document_write_json(const struct period_document *document, FILE *out);

/* For people: on a terminal or paper, and for a browser or a printer. */
void period_document_write_text(const struct period_document *document,
                                enum handover_language language, FILE *out);
void period_document_write_html(const struct period_document *document,
                                enum handover_language language, FILE *out);

/* The document as it is now, closed at `at_us`: JSON without a line break at the end, to be freed;
 * NULL with a failure. For the pipeline, which makes it inside its transaction. */
char *period_document_json(struct reader *reader, const struct report_plant *plant,
                           struct period period, int64_t at_us, struct failure *failure);

#endif
