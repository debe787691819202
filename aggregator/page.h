/* A page: a run of a meter's past as bytes. Samples, marks and booked segments stand in it in the
 * order in which they were written, each as the difference from the one of its sort before it, in
 * varints (7 bits a byte, the lowest first; signed numbers zigzag).
 *
 *   head = difference << 3 | tag          the difference of a sample is that of its steps in time
 *   tags 0-2   a sample as one expects it, time in s, ms, us: head, raw
 *   tags 3-5   any other sample: head, flags, kind, raw and what the flags say
 *   tag  6     a mark: head, quality and reason
 *   tag  7     a booked segment: head, length, amount, whose it is, its effect id
 *
 * C is not written: it follows from the samples (curve.h), as the marks' does. A register read
 * once a minute takes 3 to 4 bytes a sample. */
#ifndef HEATLEDGER_PAGE_H
#define HEATLEDGER_PAGE_H

#include "booked.h"
#include "mark.h"
#include "sample.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The page that is being written; zeroed: empty. */
struct page_writer {
    uint8_t *bytes;
    uint32_t count, capacity;
    /* What the next one is the difference from. */
    struct page_state {
        int64_t sample_us, step_us, raw, seq, seq_step;
        int64_t mark_us, booked_us;
        uint64_t position;
        int32_t day;
    } last;
};

void page_add_sample(struct page_writer *writer, const struct sample *sample);
void page_add_mark(struct page_writer *writer, const struct mark *mark);
void page_add_booked(struct page_writer *writer, const struct booked_segment *booked);

/* Empties it and keeps its memory; frees it. */
void page_restart(struct page_writer *writer);
void page_clear(struct page_writer *writer);

/* What pages say, in their order; zeroed: empty. C is 0 in it. */
struct past {
    struct sample *samples;
    size_t sample_count, sample_capacity;
    struct mark *marks;
    size_t mark_count, mark_capacity;
    struct booked booked;
};

/* Adds what a page of that meter says; false: it is damaged, `past` may hold a part of it. */
bool page_read(const void *bytes, size_t count, meter_id meter, struct past *past);
void past_clear(struct past *past);

#endif
