/* Papers that need others, and what became of them: proposals wait for two approvals by different
 * names, slips count what was drawn, and an id is taken once.
 *
 * A proposal (revise, transfer) is decided by the order in which papers come: by what is known when
 * its second approval does. One that is refused there stays proposed. Kept in the order of their
 * coming; where there are PAPERS_MAX, the oldest that nothing can refer to any more lets go. */
#ifndef HEATLEDGER_RULES_PAPERS_H
#define HEATLEDGER_RULES_PAPERS_H

#include "outcome.h"
#include "paper.h"
#include "posting.h"
#include "quota.h"
#include "verdict.h"
#include "zone.h"

#include <stdbool.h>
#include <stdint.h>
#include <uthash.h>

#define PAPERS_MAX 100000
#define PAPERS_DETAIL_MAX 360 /* bytes, NUL included */

/* A pick slip, in base units of its item. */
struct papers_slip {
    item_id item;
    int64_t limit_base, opening_base, issued_base, back_base;
};

struct kept_paper {
    char id[PAPER_ID_MAX + 1];
    enum paper_kind kind;
    enum paper_state state;
    uint64_t digest; /* of what it says */
    /* proposals */
    char *approver; /* who was the first to approve it; NULL: nobody yet */
    quota_id quota;
    crew_id crew, to_crew;
    struct period period;
    int64_t amount_base;           /* of a transfer */
    int64_t from_us;               /* of a revision, */
    int64_t rate_e9[QUOTA_LEVELS]; /* target and limit as in struct quota */
    struct papers_slip slip;
    UT_hash_handle hh;
};

struct papers {
    struct kept_paper *table; /* by id, in the order of their coming */
};

/* What became of a paper. */
struct paper_answer {
    enum outcome outcome;
    char id[PAPER_ID_MAX + 1]; /* its own: given, or made of the position */
    enum paper_state state;    /* of the paper that it is about: its `of`, or itself */
    quota_id quota;            /* that it, or the one that it is about, names; CATALOG_NONE: none */
    const struct kept_paper *in_force; /* came into force by it; NULL: none. Lives until the next */
    char detail[PAPERS_DETAIL_MAX];    /* why it was refused */
};

/* What papers are held against: the quotas of the rules, and what a crew has left of one over a
 * period (its limit minus its use, transfers left out); false: that is not known. */
struct papers_ground {
    const struct catalog *catalog;
    const struct zone *zone; /* of the times in refusals */
    const struct quota *quotas;
    uint32_t quota_count;
    bool (*left)(const void *context, quota_id quota, crew_id crew, struct period period,
                 int64_t *left_base);
    const void *context;
};

void papers_clear(struct papers *papers);

/* Takes a paper, whose effects have the identity `id`. What came into force is the caller's to put
 * into effect. */
void papers_take(struct papers *papers, const struct papers_ground *ground, struct effect_id id,
                 const struct paper *paper, struct paper_answer *answer);

/* NULL: there is none of that id. */
const struct kept_paper *papers_find(const struct papers *papers, const char *id);

/* What transfers in force brought a crew within a period, less what they took from it: all that
 * were taken of a period that overlaps it, those brought only where their period lies within. */
int64_t papers_transferred_base(const struct papers *papers, quota_id quota, crew_id crew,
                                struct period period);

#endif
