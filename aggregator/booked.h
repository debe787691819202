/* What is booked of one curve, and how it is brought to what should be: everything that is booked
 * and should not be is reversed, everything that should be and is not is posted. */
#ifndef HEATLEDGER_BOOKED_H
#define HEATLEDGER_BOOKED_H

#include "attribution.h"
#include "posting.h"

#include <stddef.h>
#include <stdint.h>

struct booked_segment {
    struct segment segment;
    struct effect_id id;
};

struct booked {
    struct booked_segment *items; /* by start, heat, station */
    size_t count, capacity;
};

/* Where postings go: gives each its identity. */
struct posting_sink {
    uint64_t position;
    uint32_t next_ordinal;
    struct posting *items;
    size_t count, capacity;
};

void booked_clear(struct booked *booked);

/* Books one more segment, later than all others. */
void booked_append(struct booked *booked, const struct segment *segment, struct posting_sink *sink);

/* Makes what is booked equal to `wanted` (by start, heat, station), with as few postings as that
 * takes. */
void booked_replace(struct booked *booked, const struct segment_list *wanted,
                    enum posting_cause cause, struct posting_sink *sink);

/* Forgets what ended at or before an instant; it stays in the ledger. */
void booked_forget(struct booked *booked, int64_t until_us);

/* Moves what ends behind an instant to `later`, and puts it back behind the rest. */
void booked_split(struct booked *booked, int64_t at_us, struct booked *later);
void booked_join(struct booked *booked, struct booked *later);

/* By start, heat, station. */
void booked_sort(struct booked *booked);

#endif
