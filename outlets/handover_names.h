/* The plant's names for the ids that stand in a summary, for people. Private to handover*.c. */
#ifndef HEATLEDGER_HANDOVER_NAMES_H
#define HEATLEDGER_HANDOVER_NAMES_H

#include "failure.h"
#include "handover.h"
#include "reader.h"
#include "table.h"

#include <stdbool.h>

/* Reads the names of crews, items, stations, meters, quotas. NULL with a failure; the caller frees
 * the table. */
struct table *handover_names_read(struct reader *reader, struct failure *failure);

/* The name of what a column of a summary holds ("crew", "item" …) in the language; the id itself
 * where it has no name, or where the column holds no ids. The text belongs to `names` or is `id`.
 */
const char *handover_names_find(const struct table *names, const char *column, const char *id,
                                enum handover_language language);

#endif
