/* A trouble of the program as the journal keeps it, in a record of kind JOURNAL_NOTE:
 *
 *   {"trouble":"ledger_full","from":"2026-03-10T09:02:00+00:00","to":null,"text":"…"}
 *
 * One is appended when a trouble begins, or as soon after that as the journal takes it, and one
 * when it is over (`to`). The second says all that the first said, for that may be missing. */
#ifndef HEATLEDGER_TROUBLE_NOTE_H
#define HEATLEDGER_TROUBLE_NOTE_H

#include "failure.h"
#include "journal.h"
#include "trouble_kind.h"

#include <stdbool.h>
#include <stdint.h>

struct trouble_note {
    enum trouble_kind trouble; /* TROUBLE_NONE: one that this version does not know */
    int64_t from_us, to_us;    /* UTC; to_us is TIMESTAMP_NEVER_US while it stands */
    char text[FAILURE_TEXT_MAX];
};

/* Appends it; `arrival_us` as of any record. False where the journal cannot take it now. */
bool trouble_note_append(const struct trouble_note *note, struct journal *journal,
                         int64_t arrival_us, struct failure *failure);

/* Reads the payload of such a record; false with what is wrong with it. */
bool trouble_note_read(const struct journal_record *record, struct trouble_note *note,
                       struct failure *failure);

#endif
