/* A sample of a meter that is a curve: what came, and what was made of it. So it is handed over; a
 * curve keeps it in less room (point.h). */
#ifndef HEATLEDGER_SAMPLE_H
#define HEATLEDGER_SAMPLE_H

#include <stdbool.h>
#include <stdint.h>

enum sample_kind {
    SAMPLE_NORMAL,
    SAMPLE_ROLLOVER,
    SAMPLE_RESET,     /* fell, and counts on from there: declared, or a person says so */
    SAMPLE_MARK,      /* a message says: from here on the register shows this; no use by itself */
    SAMPLE_GLITCH,    /* held: fell, and no reset is declared, or the fall did not last */
    SAMPLE_SPIKE,     /* held: moved faster than the meter can */
    SAMPLE_CONFIRMED, /* a jump that the readings behind it bear out, or a person accepts */
    SAMPLE_FALL,      /* held: a reset if the readings to come stay low */
    SAMPLE_REJECTED,  /* held for good: a person says it is not true */
    SAMPLE_ECHO,      /* held: what the message of the same instant says counts */
    SAMPLE_ANEW,      /* behind more than REACH_US without a reading: what follows counts from it */
    /* What is said about a curve. It is entered like a sample and kept beside them. */
    SAMPLE_ACCEPT, /* the sample at ts is true; raw: only if it shows that, INT64_MIN: whatever it
                      shows. seq: when that was said, the latest word stands */
    SAMPLE_REJECT, /* it is not */
    SAMPLE_SCALE,  /* from ts on the meter's scale is multiplied by raw / reference_raw */
    SAMPLE_KIND_COUNT
};

struct sample {
    int64_t ts_us;
    int64_t raw;
    int64_t c_base;        /* C(ts), floored; held samples: of the one before */
    int64_t c_rest;        /* what the floor cut off, in 1/denominator of the scale at ts */
    int64_t reference_raw; /* levels: what falls and refills are counted from */
    int64_t seq;           /* -1: none */
    uint8_t kind;          /* enum sample_kind */
    bool uncertain;
    bool gap;     /* longer than max_gap since the sample before */
    bool loss;    /* reset to an unknown value: some use is missing */
    bool entered; /* read by a person */
    bool decided; /* part of the curve because a person accepts it */
    bool final;   /* the last reading of a register, as the message of its exchange says */
};

/* Held samples are no part of the curve. */
static inline bool sample_kind_is_held(unsigned kind)
{
    const unsigned held = 1u << SAMPLE_GLITCH | 1u << SAMPLE_SPIKE | 1u << SAMPLE_FALL |
                          1u << SAMPLE_REJECTED | 1u << SAMPLE_ECHO;
    return (held >> kind & 1u) != 0;
}

/* At one instant stand, in this order: a reading, the last one of the old register, the first one
 * of the new (a mark); at most one of each. */
static inline unsigned sample_rank(unsigned kind, bool final)
{
    return kind == SAMPLE_MARK ? 2 : final ? 1 : 0;
}

/* Something said about samples, not one itself. */
bool sample_is_said(const struct sample *sample);

#endif
