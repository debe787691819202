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

/* Virtual meters and balances. */
void plant_read_balances(struct plant_reader *reader, const cJSON *root);

/* The sharing keys of all meters, which must be there. */
void plant_read_sharing(struct plant_reader *reader, const cJSON *list);

/* The key "idle" of a station or a meter: whether use without a heat goes to the next one. False
 * where the key is absent. */
bool plant_read_idle(struct plant_reader *reader, const cJSON *row, bool *to_next);

/* Shifts, crews, production day and roster. */
void plant_read_roster(struct plant_reader *reader, const cJSON *root);

void plant_read_quotas(struct plant_reader *reader, const cJSON *root);

/* Prices, energy factors, classes of cost, causes; time-of-use tariffs; planned steel and the
 * settlement. Items, crews and quotas must be there. */
void plant_read_costs(struct plant_reader *reader, const cJSON *root);
void plant_read_tariffs(struct plant_reader *reader, const cJSON *root);
void plant_read_settlement(struct plant_reader *reader, const cJSON *root);

/* What the use of energy is held against. Items and stations must be there. */
void plant_read_baselines(struct plant_reader *reader, const cJSON *root);

/* What quotas may use in longer periods, divided down: roster, quotas and planned steel must be
 * there. */
void plant_read_allocations(struct plant_reader *reader, const cJSON *root);

void plant_read_mappings(struct plant_reader *reader, const cJSON *root);
void plant_read_broker(struct plant_reader *reader, const cJSON *root);
void plant_read_journal(struct plant_reader *reader, const cJSON *root);
void plant_read_limits(struct plant_reader *reader, const cJSON *root);

/* plant_rejects.c: how many refused messages the ledger keeps. */
void plant_read_rejects(struct plant_reader *reader, const cJSON *root);

/* What makes sense by itself but not together: roster holes, double cover, rest, quotas that count
 * nothing. Only for a plant without mistakes so far. */
void plant_lint(struct plant_reader *reader, const cJSON *root);

/* Reads a text into a plant, whole or in part, with all that is wrong with it in `findings`; NULL
 * with one finding where it is no JSON. `zone` NULL: from the machine; `path` NULL: files that the
 * text names are not looked at. */
struct plant *plant_build(const char *name, const char *text, const struct zone *zone,
                          const char *path, struct plant_findings *findings);

/* As plant_check, and tells how many findings there were of each severity; a line about what the
 * plant holds is written to `out` where it is free of mistakes. False where the file cannot be
 * read. */
bool plant_check_counted(const char *path, FILE *out, uint32_t counts[PLANT_SEVERITY_COUNT],
                         struct failure *failure);

#endif
