/* What the refusals of papers share; for papers.c and slips.c. */
#ifndef HEATLEDGER_RULES_PAPERS_REFUSE_H
#define HEATLEDGER_RULES_PAPERS_REFUSE_H

#include "papers.h"

/* Sums of amounts stay below this, so that they can be added and taken off. */
#define PAPERS_AMOUNT_MAX (INT64_MAX / 4)

/* Fills in the answer; returns false. */
bool papers_refuse(struct paper_answer *answer, enum outcome outcome, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* An amount of an item in base units; refused where it is finer than the item is counted. */
bool papers_base(const struct item *item, int64_t amount_e9, const char *key, int64_t *base,
                 struct paper_answer *answer);

#endif
