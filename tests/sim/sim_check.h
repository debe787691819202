/* One seed: the plant, its facts, both ledgers, and whether they agree. */
#ifndef HEATLEDGER_SIM_CHECK_H
#define HEATLEDGER_SIM_CHECK_H

#include "sim_delivery.h"
#include "sim_fact.h"
#include "sim_plant.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define SIM_STORY_MAX 1024

struct sim_case {
    uint64_t seed;
    struct sim_plant plant;
    struct sim_facts facts;
};

struct sim_verdict {
    bool good, ambiguous;
    char rule[32];             /* which check failed */
    char story[SIM_STORY_MAX]; /* the first difference */
    uint64_t messages;
};

/* Makes the plant and the facts of a seed, without the disturbances of `disabled`; `late`: with
 * some that come hours late, whether the seed says so or not. */
void sim_case_make(struct sim_case *one, uint64_t seed, uint64_t disabled, bool late);
void sim_case_clear(struct sim_case *one);

/* Delivers the facts, books them twice and compares. `thorough`: also a second delivery in another
 * order. */
void sim_case_check(struct sim_case *one, bool thorough, struct sim_verdict *verdict);

/* Writes plant.json and messages.jsonl (a recording) into a directory, and both ledgers to `out`.
 */
bool sim_case_write(struct sim_case *one, const char *directory, FILE *out);

#endif
