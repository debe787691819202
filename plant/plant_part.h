/* The parts of plant.json, a function each, in the order in which they are read: a part may look up
 * what the parts before it made. Each fills its part of reader->plant and goes on after a mistake.
 */
#ifndef HEATLEDGER_PLANT_PART_H
#define HEATLEDGER_PLANT_PART_H

#include "plant_field.h"

#include <cjson/cJSON.h>

void plant_read_items(struct plant_reader *reader, const cJSON *root);
void plant_read_stations(struct plant_reader *reader, const cJSON *root);
void plant_read_meters(struct plant_reader *reader, const cJSON *root);

/* Shifts, crews, production day and roster. */
void plant_read_roster(struct plant_reader *reader, const cJSON *root);

void plant_read_quotas(struct plant_reader *reader, const cJSON *root);
void plant_read_mappings(struct plant_reader *reader, const cJSON *root);
void plant_read_broker(struct plant_reader *reader, const cJSON *root);

/* What makes sense by itself but not together: roster holes, double cover, rest, quotas that count
 * nothing. Only for a plant without mistakes so far. */
void plant_lint(struct plant_reader *reader, const cJSON *root);

/* As plant_check, and tells how many findings there were of each severity; a line about what the
 * plant holds is written to `out` where it is free of mistakes. False where the file cannot be
 * read. */
bool plant_check_counted(const char *path, FILE *out, uint32_t counts[PLANT_SEVERITY_COUNT],
                         struct failure *failure);

#endif
