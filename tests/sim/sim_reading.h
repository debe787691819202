/* Readings of every kind of meter, and what goes wrong with any of them. */
#ifndef HEATLEDGER_SIM_READING_H
#define HEATLEDGER_SIM_READING_H

#include "sim_fact.h"
#include "sim_random.h"

/* Appends a good reading; NULL beyond the limit. */
struct sim_fact *sim_reading_add(struct sim_facts *facts, int meter, int64_t ts_us,
                                 int64_t value_raw);

/* Now and then makes it an uncertain one. */
void sim_reading_blur(struct sim_facts *facts, struct sim_random *random, struct sim_fact *fact);

/* Appends another reading of the same instant; `seq` is that of the first one, -1: it has none. */
void sim_reading_conflict(struct sim_facts *facts, struct sim_random *random, int meter,
                          int64_t ts_us, int64_t value_raw, int64_t seq);

/* Now and then appends, between two instants, one that must be refused: no number, declared bad, a
 * sentinel, out of range. */
void sim_reading_refused(const struct sim_plant *plant, struct sim_facts *facts,
                         struct sim_random *random, int meter, int64_t after_us, int64_t before_us);

#endif
