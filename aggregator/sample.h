/* A sample of a meter that is a curve: what came, and what was made of it. */
#ifndef HEATLEDGER_SAMPLE_H
#define HEATLEDGER_SAMPLE_H

#include "posting.h"

#include <stdbool.h>
#include <stdint.h>

enum sample_kind {
    SAMPLE_NORMAL,
    SAMPLE_ROLLOVER,
    SAMPLE_RESET,
    SAMPLE_MARK, /* a message says: from here on the register shows this; no use by itself */
    SAMPLE_GLITCH,
    SAMPLE_SPIKE,
};

struct sample {
    int64_t ts_us;
    int64_t raw;
    int64_t c_base;        /* C(ts), floored; held samples: of the one before */
    int64_t c_rest;        /* rates: what the floor cut off, in 1/denominator */
    int64_t reference_raw; /* levels: what falls and refills are counted from */
    int64_t seq;           /* -1: none */
    uint8_t kind;          /* enum sample_kind */
    bool uncertain;
    bool gap;  /* longer than max_gap since the sample before */
    bool loss; /* reset to an unknown value: some use is missing */
};

/* Held samples are no part of the curve. */
bool sample_is_held(const struct sample *sample);

/* What the use that ends with this sample rests on: MEASURED, UNCERTAIN or ESTIMATED. */
enum quality sample_quality(const struct sample *sample);

#endif
