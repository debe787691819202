/* Cells of a document as it was signed, held against those of now. Private to handover_since.c and
 * period_since.c. */
#ifndef HEATLEDGER_SIGNED_CELL_H
#define HEATLEDGER_SIGNED_CELL_H

#include "quantity.h"

#include <cjson/cJSON.h>
#include <stdbool.h>

#define SIGNED_CELL_NUMBER_MAX 32

/* A JSON value as the text that a row of a query has: a string as it is, a boolean as "1" or "0", a
 * whole number in `number`; NULL for anything else. Lives as long as both. */
const char *signed_cell_text(const cJSON *value, char number[SIGNED_CELL_NUMBER_MAX]);

/* Whether both are null, or the same text. */
bool signed_cell_same(const char *a, const char *b);

/* now - then, in `text`; NULL where one of them is null or no number. */
const char *signed_cell_difference(const char *then, const char *now, char text[QUANTITY_TEXT_MAX]);

#endif
