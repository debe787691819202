/* The rates of a quota as plant.json says them: its levels, versions, grades and seasons. */
#ifndef HEATLEDGER_PLANT_RATES_H
#define HEATLEDGER_PLANT_RATES_H

#include "plant_field.h"
#include "quota.h"

#include <cjson/cJSON.h>

/* All of them, into a quota whose basis is known. */
void plant_read_rates(struct plant_reader *reader, const cJSON *row, struct quota *quota);

#endif
