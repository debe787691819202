/* From a number back to what made it, as far as the ledger knows: the figure as the report has it,
 * the postings that stand and add up to it, and those that were taken back. */
#ifndef HEATLEDGER_EXPLAIN_H
#define HEATLEDGER_EXPLAIN_H

#include "failure.h"
#include "reader.h"
#include "report.h"
#include "table.h"

#include <stdbool.h>
#include <stdint.h>

/* What is asked for; NULL: not given. One of `heat`, `day` with `shift`, `meter` with `from` and
 * `to`, or `alert` must be. Times as in struct report_filters. */
struct explain_question {
    const char *heat;
    const char *day, *shift, *crew, *view; /* view: "clock" (NULL too) or "owner" */
    const char *meter, *from, *to;
    const char *alert; /* an alert's id: what was counted against it */
    const char *item, *station;
};

enum explain_kind { EXPLAIN_HEATS, EXPLAIN_CREWS, EXPLAIN_METER };

/* A posting that belongs to a figure; cells of a table. */
enum explain_column {
    EXPLAIN_FIGURE, /* number of the figure's row, from 0 */
    EXPLAIN_POSITION,
    EXPLAIN_ORDINAL, /* both null: still open, no posting yet */
    EXPLAIN_UNDONE,  /* position of the record that took it back; null: it stands */
    EXPLAIN_UNDONE_WHY,
    EXPLAIN_METER_ID,
    EXPLAIN_METER_ZH,
    EXPLAIN_METER_EN,
    EXPLAIN_STATION,
    EXPLAIN_ITEM,
    EXPLAIN_HEAT,
    EXPLAIN_DAY,
    EXPLAIN_SHIFT,
    EXPLAIN_CREW, /* on duty */
    EXPLAIN_START_US,
    EXPLAIN_END_US,
    EXPLAIN_START, /* the same in the plant's time */
    EXPLAIN_END,
    EXPLAIN_AMOUNT_BASE,
    EXPLAIN_AMOUNT,
    EXPLAIN_UNIT,
    EXPLAIN_QUALITY,
    EXPLAIN_METHOD,
    EXPLAIN_CAUSE,
    EXPLAIN_CONFIGURATION,
    EXPLAIN_SIGNED_AT, /* it came after its shift was handed over at that time; null: in time */
    EXPLAIN_BOOKED_US, /* the engine's time when it was booked */
    EXPLAIN_COLUMNS
};

struct explanation {
    enum explain_kind kind;
    struct report figures;  /* rows of `report heats` or `report crews`; of a meter: meter, item,
                               unit, amount */
    struct table *postings; /* enum explain_column, by figure, meter, start */
    struct table *alert;    /* its id, quota, level, state, raised_at, used, allowed, unit,
                               responsible; NULL: no alert was asked for */
    uint64_t position;      /* up to which the ledger is written */
    const char *station;    /* the figures are narrowed to it; NULL: they are not */
    const char *view;       /* of crews; NULL: clock */
    char *texts[8];         /* what an alert stands for */
};

/* Reads it from one state of the ledger. FAILURE_INPUT for a name that is not known,
 * FAILURE_CHECK where nothing matches, with a hint. The caller owns it: explanation_clear. */
bool explanation_read(struct reader *reader, const struct explain_question *question,
                      struct explanation *explanation, struct failure *failure);
void explanation_clear(struct explanation *explanation);

/* A cell as a number; `none` where it is null. */
int64_t explanation_number(const struct explanation *explanation, size_t row,
                           enum explain_column column, int64_t none);
const char *explanation_text(const struct explanation *explanation, size_t row,
                             enum explain_column column);

#endif
