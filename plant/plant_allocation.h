/* One allocation while it is read, in two files: what it is about, how much, down to which periods
 * (plant_allocations.c), and who has which part of them (plant_allocation_parts.c). */
#ifndef HEATLEDGER_PLANT_ALLOCATION_H
#define HEATLEDGER_PLANT_ALLOCATION_H

#include "allocation.h"
#include "plant_field.h"

#define PLANT_WEIGHT_DECIMALS 3
#define PLANT_WEIGHT_MAX_E3 INT64_C(1000000000000)
#define PLANT_AMOUNT_MAX_BASE (INT64_MAX / 4)

struct plant_allocation {
    struct plant_reader *reader;
    const cJSON *json;
    struct allocation *allocation;
    unsigned decimals; /* of the item's base unit */
};

const struct catalog *plant_allocation_catalog(const struct plant_allocation *row);

/* Parts, fixed periods, floors and proposals; period and levels must be there. */
bool plant_allocation_read_parts(struct plant_allocation *row);

/* The keys of the same, alone: of a configuration with mistakes before it. */
void plant_allocation_check_keys(struct plant_reader *reader, const cJSON *json);

#endif
