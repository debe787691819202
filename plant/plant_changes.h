/* What a configuration has changed, told by its text. */
#ifndef HEATLEDGER_PLANT_CHANGES_H
#define HEATLEDGER_PLANT_CHANGES_H

#include <stdio.h>

struct cJSON;

/* Writes a line for each row that is new ("meter W09: new"), gone ("meter W02: taken out") or
 * another ("meter E02: max_rate_per_hour, name"), and for every other key of the configuration
 * that is another ("skew_s: changed"), in the order of `now`. Returns how many lines. */
unsigned plant_changes_print(const struct cJSON *was, const struct cJSON *now, FILE *out);

#endif
