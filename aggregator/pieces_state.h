/* The pieces' inside, shared by pieces*.c only. */
#ifndef HEATLEDGER_PIECES_STATE_H
#define HEATLEDGER_PIECES_STATE_H

#include "pieces.h"

#include <stddef.h>
#include <uthash.h>

struct piece {
    char *key; /* what makes two readings the same one */
    int64_t ts_us;
    int64_t from_us; /* as given; INT64_MIN: reaches back to the reading before */
    int64_t raw;
    int64_t seq;
    heat_no heat; /* named; value 0: whoever is there */
    bool uncertain;
    bool voided;
    bool known; /* false: only its cancellation has come so far */
    struct booked booked;
    UT_hash_handle hh;
};

struct pieces {
    meter_id id;
    const struct meter *meter;
    struct scales scales;
    struct piece **items; /* known ones, by (ts, key) */
    size_t count, capacity;
    struct piece *by_key;
    int64_t longest_us; /* longest stretch of any piece: how far ahead a change reaches */
    int64_t total_base;
};

#endif
