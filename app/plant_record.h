/* The configuration as the journal keeps it: the zone's offsets and the text of plant.json, so that
 * a replay needs neither the file nor the tz database. */
#ifndef HEATLEDGER_PLANT_RECORD_H
#define HEATLEDGER_PLANT_RECORD_H

#include "failure.h"
#include "journal.h"
#include "plant.h"

#include <stdbool.h>

/* Reads a JOURNAL_CONFIG record. `*text` ends with NUL and lives as long as the record. */
bool plant_record_decode(const struct journal_record *record, struct zone *zone, const char **text,
                         struct failure *failure);

/* Appends a configuration: from this record on it is in force. */
bool plant_record_append(struct journal *journal, const struct zone *zone, const char *text,
                         int64_t now_us, struct failure *failure);

/* Makes sure that the journal begins with a configuration: appends this one to an empty journal. */
bool plant_record_ensure(struct journal *journal, const struct plant *plant, int64_t now_us,
                         struct failure *failure);

/* Whether the books are the same by both texts of plant.json: they differ in comments and blanks,
 * in how the broker is reached and the journal kept, at most. */
bool plant_record_same(const char *a, const char *b);

#endif
