/* A curve: its samples with all that stands beside them, and what is said about it. How many
 * samples there is memory for is state, too: letting go of old ones goes by it. */
#include "nouns_snapshot.h"

#include "curve.h"
#include "failure.h"
#include "memory.h"

/* Samples of one meter in memory: more than 4,000 a second for the exact window. */
#define CAPACITY_MAX ((size_t)1 << 22)

enum point_flag {
    FLAG_KIND = 15, /* enum sample_kind */
    FLAG_UNCERTAIN = 16,
    FLAG_GAP = 32,
    FLAG_LOSS = 64,
    FLAG_ENTERED = 128,
    FLAG_DECIDED = 256,
    FLAG_FINAL = 512,
    FLAGS_ALL = 1023,
};

static unsigned flags_of(const struct point *point)
{
    return point->kind | (point->uncertain ? FLAG_UNCERTAIN : 0) | (point->gap ? FLAG_GAP : 0) |
           (point->loss ? FLAG_LOSS : 0) | (point->entered ? FLAG_ENTERED : 0) |
           (point->decided ? FLAG_DECIDED : 0) | (point->final ? FLAG_FINAL : 0);
}

static int64_t minus(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a - (uint64_t)b);
}

/* A meter that is read evenly has equal steps of time, and C steps as the register does where a raw
 * unit is a base unit. */
static void points_save(const struct curve *curve, struct snapshot_writer *writer)
{
    int64_t ts_us = 0;
    int64_t step_us = 0;
    int64_t raw = 0;
    int64_t c_base = 0;
    for (size_t i = 0; i < curve->count; i++) {
        const struct point *point = &curve->samples[i];
        int64_t step_raw = minus(point->raw, raw);
        snapshot_put_number(writer, flags_of(point));
        snapshot_put_from(writer, point->ts_us - ts_us, step_us);
        snapshot_put_signed(writer, step_raw);
        snapshot_put_from(writer, minus(curve_c_base(curve, point), c_base), step_raw);
        step_us = point->ts_us - ts_us;
        ts_us = point->ts_us;
        raw = point->raw;
        c_base = curve_c_base(curve, point);
    }
}

static void points_load(struct curve *curve, size_t count, struct snapshot_reader *reader)
{
    int64_t ts_us = 0;
    int64_t step_us = 0;
    int64_t raw = 0;
    int64_t c_base = 0;
    for (size_t i = 0; i < count && snapshot_is_good(reader); i++) {
        unsigned flags = (unsigned)snapshot_get_number(reader, FLAGS_ALL);
        step_us = snapshot_get_from(reader, step_us);
        int64_t step_raw = snapshot_get_signed(reader);
        raw = minus(raw, minus(0, step_raw));
        c_base = minus(c_base, minus(0, snapshot_get_from(reader, step_raw)));
        if (step_us < 0 || step_us > POINT_TS_MAX_US - ts_us) {
            snapshot_refuse(reader, "samples of a curve are not in order of time");
            return;
        }
        if ((flags & FLAG_KIND) >= SAMPLE_ACCEPT) {
            snapshot_refuse(reader, "no such kind of sample");
            return;
        }
        ts_us += step_us;
        curve->samples[i] = (struct point){
            .ts_us = ts_us & POINT_TS_MAX_US,
            .kind = flags & 15u,
            .uncertain = (flags & FLAG_UNCERTAIN) != 0,
            .gap = (flags & FLAG_GAP) != 0,
            .loss = (flags & FLAG_LOSS) != 0,
            .entered = (flags & FLAG_ENTERED) != 0,
            .decided = (flags & FLAG_DECIDED) != 0,
            .final = (flags & FLAG_FINAL) != 0,
            .raw = raw,
        };
        curve->count = i + 1;
        curve_set_c_base(curve, &curve->samples[i], c_base);
    }
}

/* Which columns there are is state as well: a curve without them takes the short way. That of C is
 * none of them: C is written with the points. */
#define COLUMNS_SAVED COLUMN_C

static void columns_save(const struct curve *curve, struct snapshot_writer *writer)
{
    unsigned there = 0;
    for (unsigned i = 0; i < COLUMNS_SAVED; i++) {
        there |= curve->columns.of[i] != NULL ? 1u << i : 0;
    }
    snapshot_put_number(writer, there);
    for (unsigned i = 0; i < COLUMNS_SAVED; i++) {
        int64_t last = 0;
        for (size_t at = 0; (there & 1u << i) != 0 && at < curve->count; at++) {
            int64_t number = columns_get(&curve->columns, (enum column)i, at);
            snapshot_put_from(writer, number, last);
            last = number;
        }
    }
}

static void columns_load(struct curve *curve, struct snapshot_reader *reader)
{
    unsigned there = (unsigned)snapshot_get_number(reader, (1u << COLUMNS_SAVED) - 1);
    if (there != 0 && curve->capacity == 0) {
        snapshot_refuse(reader, "a column without samples");
        return;
    }
    for (unsigned i = 0; i < COLUMNS_SAVED; i++) {
        if ((there & 1u << i) == 0) {
            continue;
        }
        int64_t last = 0;
        columns_make(&curve->columns, (enum column)i, curve->capacity);
        for (size_t at = 0; at < curve->count; at++) {
            last = snapshot_get_from(reader, last);
            columns_set(&curve->columns, (enum column)i, at, last, curve->capacity);
        }
    }
}

static void decisions_save(const struct decisions *decisions, struct snapshot_writer *writer)
{
    snapshot_put_number(writer, decisions->count);
    for (size_t i = 0; i < decisions->count; i++) {
        const struct decision *decision = &decisions->items[i];
        snapshot_put_signed(writer, decision->at_us);
        snapshot_put_moment(writer, decision->raw, 0);
        snapshot_put_signed(writer, decision->said_us);
        snapshot_put_flag(writer, decision->accepted);
    }
}

static void decisions_load(struct decisions *decisions, struct snapshot_reader *reader)
{
    size_t count = snapshot_get_count(reader, DECISIONS_MAX);
    for (size_t i = 0; i < count && snapshot_is_good(reader); i++) {
        struct decision decision = {.at_us = snapshot_get_signed(reader)};
        decision.raw = snapshot_get_moment(reader, 0);
        decision.said_us = snapshot_get_signed(reader);
        decision.accepted = snapshot_get_flag(reader);
        memory_grow(&decisions->items, decisions->count, &decisions->capacity,
                    sizeof *decisions->items);
        decisions->items[decisions->count++] = decision;
    }
}

void curve_save(const struct curve *curve, struct snapshot_writer *writer)
{
    snapshot_put_number(writer, curve->count);
    snapshot_put_number(writer, curve->capacity);
    points_save(curve, writer);
    columns_save(curve, writer);
    snapshot_put_flag(writer, curve->trimmed);
    snapshot_put_number(writer, curve->trimmed_quality);
    snapshot_put_flag(writer, curve->said != NULL);
    if (curve->said != NULL) {
        decisions_save(&curve->said->decisions, writer);
        scales_save(&curve->said->scales, writer);
    }
}

void curve_load(struct curve *curve, struct snapshot_reader *reader)
{
    REQUIRE(curve->count == 0 && curve->capacity == 0 && curve->said == NULL);
    size_t count = snapshot_get_count(reader, CAPACITY_MAX);
    size_t capacity = (size_t)snapshot_get_number(reader, CAPACITY_MAX);
    if (capacity < count) {
        snapshot_refuse(reader, "more samples than there is memory for");
        return;
    }
    if (snapshot_is_good(reader) && capacity > 0) {
        curve_resize(curve, capacity);
        points_load(curve, count, reader);
    }
    columns_load(curve, reader);
    curve->trimmed = snapshot_get_flag(reader);
    curve->trimmed_quality = quality_load(reader);
    if (snapshot_get_flag(reader)) {
        curve->said = memory_zeroed(1, sizeof *curve->said);
        decisions_load(&curve->said->decisions, reader);
        scales_load(&curve->said->scales, reader);
    }
}
