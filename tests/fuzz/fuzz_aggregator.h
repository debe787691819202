/* A plant of four meters, two stations and four crews for the fuzz target, and facts of any time
 * and value for it. */
#ifndef HEATLEDGER_TESTS_FUZZ_AGGREGATOR_H
#define HEATLEDGER_TESTS_FUZZ_AGGREGATOR_H

#include "aggregator.h"
#include "fuzz_input.h"
#include "roster.h"
#include "timestamp.h"

#define SHOP_METERS 4
#define SHOP_STATIONS 2
#define SHOP_FACTS_MAX 512

/* Its address must not change: the catalog points into it. */
struct shop {
    struct item items[1];
    struct station stations[SHOP_STATIONS];
    struct meter meters[SHOP_METERS]; /* register, rate, increment, event */
    struct shift shifts[3];
    struct crew crews[4];
    struct catalog catalog;
    struct roster roster;
    struct heat_rules rules;
};

/* Day, middle and night shifts of four crews, and what the input wants of the meters: scale, width,
 * limits, resets, gaps. */
void shop_fill(struct shop *shop, struct fuzz_input *input);

/* Facts as the input tells them, at most SHOP_FACTS_MAX; returns how many. Their texts are
 * constant. `*moderate` is true where all stay within what a plant can measure and within two days,
 * and no id stands for two contents. */
size_t shop_facts(struct fuzz_input *input, struct fact facts[SHOP_FACTS_MAX], bool *moderate);

/* Writes the facts to standard error, a line each, with times in ms from the plant's start. */
void shop_print(const struct fact *facts, size_t count);

#endif
