/* Chance from one seed: SplitMix64, public domain by Sebastiano Vigna (prng.di.unimi.it). A stream
 * of its own for every decision keeps the others as they are when one is taken away. */
#ifndef HEATLEDGER_SIM_RANDOM_H
#define HEATLEDGER_SIM_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct sim_random {
    uint64_t state;
};

static inline uint64_t sim_random_next(struct sim_random *random)
{
    uint64_t z = (random->state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* The stream of `purpose` and `serial` under a seed. */
static inline struct sim_random sim_random_stream(uint64_t seed, uint64_t purpose, uint64_t serial)
{
    struct sim_random random = {seed * UINT64_C(0xd1342543de82ef95) + purpose};
    random.state = sim_random_next(&random) + serial * UINT64_C(0xda942042e4dd58b5);
    random.state = sim_random_next(&random);
    return random;
}

/* low to high, both included. */
static inline int64_t sim_random_between(struct sim_random *random, int64_t low, int64_t high)
{
    return low + (int64_t)(sim_random_next(random) % (uint64_t)(high - low + 1));
}

static inline bool sim_random_chance(struct sim_random *random, int per_mille)
{
    return sim_random_between(random, 0, 999) < per_mille;
}

#endif
