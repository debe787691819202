/* Features that only a part of the plants has. Each draws from a stream of its own, so that a seed
 * keeps its plant when another feature is added. */
#ifndef HEATLEDGER_SIM_FEATURE_H
#define HEATLEDGER_SIM_FEATURE_H

#include "sim_fact.h"

#include <stdio.h>

/* Whether the seed is one of those that have it at all. */
bool sim_feature_chosen(uint64_t seed, enum sim_disturbance feature, uint64_t disabled);

/* Sharing keys, idle use for the next heat, two-way registers, a tariff. */
void sim_feature_make(struct sim_plant *plant, uint64_t seed, uint64_t disabled);

/* The members of a meter in plant.json that say so. */
void sim_feature_write(FILE *out, const struct sim_plant *plant, const struct sim_meter *meter);

/* The member of the plant with its tariff, where it has one. */
void sim_feature_write_tariff(FILE *out, const struct sim_plant *plant);

#endif
