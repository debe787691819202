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

/* Makes sure that the journal begins with this plant: appends it to an empty one, and compares it
 * with what a journal began with. FAILURE_INPUT where what the books rest on differs (everything
 * but mqtt and journal); `path` is plant.json's name for the message. */
bool plant_record_ensure(struct journal *journal, const struct plant *plant, const char *path,
                         int64_t now_us, struct failure *failure);

#endif
