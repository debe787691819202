/* What crews were given of a month beside what they earn in it: transfers, and what their months
 * before had left, of quotas that are carried on.
 *
 * At a month's close each crew's balance of such a quota, what it was allowed less what it used,
 * goes to its next month: none is left in the closed one. What becomes another in a closed month
 * later on, late use, a weight, a transfer, goes after it, as further entries. */
#ifndef HEATLEDGER_RULES_CARRIED_H
#define HEATLEDGER_RULES_CARRIED_H

#include "holders.h"
#include "quota_entry.h"
#include "snapshot.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct carried {
    struct carried_row { /* of one quota, crew and month */
        quota_id quota;
        crew_id crew;
        int32_t from_day;                       /* the month's first */
        int64_t left_base[QUOTA_JUDGED_LEVELS]; /* not earned, and not passed on yet */
        int64_t carried_base;                   /* by the limit: all that came from months before */
    } * rows;                                   /* by quota, crew, month */
    size_t count, capacity;
    struct carried_span { /* closed months of a quota: [from_day, until_day) */
        quota_id quota;
        int32_t from_day, until_day;
    } * spans;
    size_t span_count, span_capacity;
};

void carried_clear(struct carried *carried);

/* The month is over: what every crew has left of quotas that are carried on is passed on. */
void carried_close(struct carried *carried, struct holders *holders, struct period month,
                   int64_t now_us, quota_entry_emit *emit, void *context);

/* An account of a crew-shift may have changed: where its month is closed, the difference is passed
 * on. */
void carried_follow(struct carried *carried, struct account *account, int64_t now_us,
                    quota_entry_emit *emit, void *context);

/* A crew gives another so much of what is allowed in a period, by both levels, as the paper of that
 * id says. */
struct carried_transfer {
    quota_id quota;
    crew_id from, to;
    struct period period;
    int64_t amount_base; /* > 0 */
    const char *paper;
};
void carried_transfer(struct carried *carried, const struct carried_transfer *transfer,
                      int64_t now_us, quota_entry_emit *emit, void *context);

/* What came to a crew from the months before, by the limit; 0 of what is no month. */
int64_t carried_into_base(const struct carried *carried, quota_id quota, crew_id crew,
                          struct period period);

void carried_save(const struct carried *carried, struct snapshot_writer *writer);
void carried_load(struct carried *carried, const struct holders *holders,
                  struct snapshot_reader *reader);

#endif
