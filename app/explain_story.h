/* What there is to say about a figure and about each posting of it, for both writers. */
#ifndef HEATLEDGER_EXPLAIN_STORY_H
#define HEATLEDGER_EXPLAIN_STORY_H

#include "cause_words.h"
#include "explain.h"
#include "explain_journal.h"
#include "timestamp.h"

#include <stdio.h>

struct explain_story {
    const struct explanation *explanation;
    struct explain_journal *journal;
    const struct quota *quotas; /* of its plant, with the revisions in force */
    const char *station;        /* the figure is narrowed to it; NULL: it is not */
    const char *view;           /* of crews; NULL: clock */
    enum handover_language language;
    FILE *out;
    struct failure *failure;
};

/* Asks the journal for the readings behind every posting that stands. */
void explain_story_want(const struct explain_story *story);

/* A posting that stands. */
struct posting_story {
    size_t row; /* in the explanation's postings */
    meter_id meter;
    int64_t start_us, end_us, amount_base;
    bool open, moved;          /* moved: it came or went with steel, no reading stands behind it */
    struct told_record booked; /* nothing while it is open */
    bool retired;              /* of what it rests on not all is in the journal any more */
    bool has_marks;
    struct mark_story start, end;
    int64_t moved_base;               /* C(end) - C(start): what was divided */
    const struct told_reading *piece; /* NULL: none, or a meter with a curve */
};
bool posting_story_read(const struct explain_story *story, size_t row,
                        struct posting_story *posting);

/* The next posting of that figure that stands, from `row` on; SIZE_MAX: no more. */
size_t explain_story_standing(const struct explain_story *story, size_t figure, size_t row);

/* A record that took back or added what was not booked in its time. */
struct correction_story {
    uint64_t position;
    int64_t old_base, new_base; /* what was booked of this figure before it, and with it */
    const char *cause;
    struct told_record record;
};
/* The first correction of a figure at or behind `position`; false: there is none, or a failure. */
bool correction_story_next(const struct explain_story *story, size_t figure, uint64_t position,
                           struct correction_story *correction);

/* The quota from which the figure's target and limit come; NULL: none. */
const struct quota *explain_story_quota(const struct explain_story *story, size_t figure);

/* Item of a figure; amounts of it as text. */
const struct item *explain_story_item(const struct explain_story *story, size_t figure);

/* Sum of the figure's postings that stand. */
int64_t explain_story_sum(const struct explain_story *story, size_t figure);

/* What one unit of the meter's reading counts at an instant, in units of its item: "1", "0.5",
 * "1/3"; of a rate: of an hour. */
#define EXPLAIN_FACTOR_MAX 64
char *explain_story_factor(const struct explain_story *story, meter_id meter, int64_t ts_us,
                           char text[EXPLAIN_FACTOR_MAX]);

/* "2026-03-10T08:00:00+08:00"; "-" for INT64_MIN */
char *explain_story_time(const struct explain_story *story, int64_t ts_us,
                         char text[TIMESTAMP_TEXT_MAX]);

/* A cell of a figure's row; NULL where it is null or there is no such column. */
const char *explain_story_cell(const struct explain_story *story, size_t figure,
                               const char *column);

/* explain_text.c, explain_json.c; false with the story's failure. */
bool explain_write_text(const struct explain_story *story);
bool explain_write_json(const struct explain_story *story);

#endif
