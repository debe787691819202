/* What the parts of an explanation's journal share: finding what was asked for (explain_journal.c),
 * what a snapshot knows where the journal does not reach (explain_former.c), and telling
 * (explain_told.c). */
#ifndef HEATLEDGER_EXPLAIN_JOURNAL_STATE_H
#define HEATLEDGER_EXPLAIN_JOURNAL_STATE_H

#include "decode.h"
#include "explain_journal.h"
#include "journal.h"
#include "plant_history.h"

/* What is known of a wanted meter. */
struct wanted {
    bool is;
    int64_t from_us, to_us;
    struct told_reading *readings; /* of an increment or event meter, in order of arrival */
    size_t reading_count, reading_capacity;
    struct sample *samples; /* of any other */
    size_t sample_count, sample_capacity;
    struct sample before, after; /* nearest outside the window and its margin */
    bool has_before, has_after;
    struct scales scales;
    struct told_decision *decisions;
    size_t decision_count, decision_capacity;
    struct curve curve;
    bool has_curve;
};

struct explain_journal {
    struct journal *journal;
    struct plant_history history;
    const struct plant *plant; /* the newest of them */
    struct decoder *decoder;
    struct wanted *meters; /* by index in the catalog */
    char *directory;       /* the ledger's */
    uint64_t until;
    uint64_t position; /* of the record being decoded */
    int64_t begin_us;  /* arrival of the first record kept, where those before were let go of */
};

/* Records are decoded as the configuration in force said; the rows of its tables stand in the same
 * places in the newest one, which is the one that is shown. */
void explain_journal_decode_by(struct explain_journal *explain, const struct plant *plant);

/* Whose configuration was in force when the record at a position was taken. */
const struct plant *explain_journal_plant_at(const struct explain_journal *explain,
                                             uint64_t position);

/* Takes no part of what is decoded as a refusal. Fits decode_sink. */
void explain_journal_refuse(void *context, const meter_id *meter, enum outcome outcome,
                            const char *detail);

bool explain_journal_has_curve(const struct explain_journal *explain, meter_id meter);

/* From `ts_us` on the configured factor of a wanted meter is multiplied by num / den. */
void explain_journal_scaled(struct explain_journal *explain, meter_id meter, int64_t ts_us,
                            int64_t num, int64_t den);

/* Of each wanted meter the factors that messages had given it before the journal begins, from a
 * snapshot. */
bool explain_journal_former(struct explain_journal *explain, struct failure *failure);

#endif
