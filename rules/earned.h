/* What was entered on an account: where it is another than what is allowed there now, the
 * difference is one entry more.
 *
 * Heats enter what their steel earns, of quotas that are held against heats, or against the crew or
 * the period that owns them. Crew-shifts and periods enter what is allowed to them by themselves,
 * from when they are first heard of. What is not known yet is not entered: the account waits. What
 * was entered is part of the state, so that a restart enters nothing twice. */
#ifndef HEATLEDGER_RULES_EARNED_H
#define HEATLEDGER_RULES_EARNED_H

#include "quota.h"
#include "quota_entry.h"
#include "snapshot.h"

#include <stdbool.h>
#include <stdint.h>

struct account;
struct holders;

/* Zeroed: nothing was entered yet. */
struct earned {
    bool known;  /* something was allowed when it was entered last */
    bool absent; /* a crew-shift's: that crew was not there after all */
    int64_t entered_base[QUOTA_JUDGED_LEVELS]; /* the sum of all entries */
    int64_t steel_g, moved_g;                  /* of the heat then, and what had left it */
    int64_t carried_base[QUOTA_JUDGED_LEVELS]; /* of a crew-shift in a closed month: its balance as
                                                  it was passed on (carried.h) */
};

/* A shift was first heard of: the accounts of quotas that allow something to it, or to its periods,
 * by itself. */
void earned_begin_shift(struct holders *holders, struct crew_slot slot);

/* Nobody of that crew was on duty in that shift after all, or somebody was again: without use it is
 * allowed nothing. */
void earned_set_absent(struct holders *holders, struct crew_slot slot, bool absent);

/* What is due counts as entered: of an account whose entries nobody kept. */
void earned_assume(const struct holders *holders, struct account *account);

/* Tells the entry that is due on an account to `emit`, if one is. */
void earned_enter(const struct holders *holders, struct account *account, int64_t now_us,
                  quota_entry_emit *emit, void *context);

void earned_save(const struct earned *earned, struct snapshot_writer *writer);
void earned_load(struct earned *earned, struct snapshot_reader *reader);

#endif
