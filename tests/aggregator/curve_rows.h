/* Samples of one meter as rows: seconds and raw values. */
#ifndef HEATLEDGER_TESTS_CURVE_ROWS_H
#define HEATLEDGER_TESTS_CURVE_ROWS_H

#include "curve.h"
#include "plant_fixture.h"

static inline struct meter meter_of(enum meter_kind kind)
{
    return (struct meter){.kind = kind, .scale_num = 1, .scale_den = 1};
}

/* A sample as rows of tests give it: seconds, raw value, and what is not usual about it. */
struct row {
    int64_t s, raw;
    int64_t seq;
    bool mark, uncertain;
};

static inline struct sample sample_of(const struct row *row)
{
    return (struct sample){
        .ts_us = row->s * TIMESTAMP_SECOND_US,
        .raw = row->raw,
        .seq = row->seq,
        .kind = row->mark ? SAMPLE_MARK : SAMPLE_NORMAL,
        .uncertain = row->uncertain,
    };
}

static inline enum outcome put(struct curve *curve, struct row row)
{
    struct sample sample = sample_of(&row);
    int64_t changed_us = 0;
    return curve_insert(curve, &sample, &changed_us);
}

static inline enum outcome put_at(struct curve *curve, int64_t s, int64_t raw)
{
    return put(curve, (struct row){.s = s, .raw = raw});
}

static inline int64_t c_at(const struct curve *curve, int64_t s)
{
    enum quality quality = QUALITY_MEASURED;
    return curve_at(curve, s * TIMESTAMP_SECOND_US, &quality);
}

#endif
