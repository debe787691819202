/* A fact as the text of a message. */
#ifndef HEATLEDGER_SIM_PAYLOAD_H
#define HEATLEDGER_SIM_PAYLOAD_H

#include "sim_fact.h"
#include "sim_random.h"

#include <stdio.h>

/* RFC 3339 with one of several offsets. */
void sim_payload_time(FILE *out, struct sim_random *random, int64_t ts_us);

/* A JSON object: a reading, or an event of a heat, crew or meter. `with_meter`: a reading that
 * names its meter. */
void sim_payload_fact(FILE *out, const struct sim_plant *plant, struct sim_random *random,
                      const struct sim_fact *fact, int64_t ts_us, bool with_meter);

/* The topic of a message that holds this fact. */
void sim_payload_topic(char topic[96], const struct sim_plant *plant, const struct sim_fact *fact);

#endif
