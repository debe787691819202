/* Entries of the quota ledger: allowance that goes from one account to another.
 *
 * Double entry: what one account gains another loses, so that all accounts of a quota sum to zero.
 * The workshop issues: its account is minus what the others hold. Heats earn what is allowed by
 * their steel, crew-shifts what is allowed to a shift by itself, periods what is allowed to the
 * shop in them. What a crew-shift holds is its own and that of the heats that it owns; a crew's
 * period holds that of its crew-shifts, and what was transferred, carried or taken to the reserve
 * besides, which alone is entered on it. What was used is no entry: it is the postings.
 *
 * An entry is never changed; a correction is another entry, of the difference, with its cause. */
#ifndef HEATLEDGER_QUOTA_ENTRY_H
#define HEATLEDGER_QUOTA_ENTRY_H

#include "period.h"
#include "posting.h"
#include "verdict.h"

#include <stdbool.h>
#include <stdint.h>

enum quota_account_kind {
    QUOTA_ACCOUNT_WORKSHOP,    /* the issuer */
    QUOTA_ACCOUNT_HEAT,        /* `heat` */
    QUOTA_ACCOUNT_CREW,        /* `slot`: a crew-shift by itself */
    QUOTA_ACCOUNT_PERIOD,      /* `period`, of the shop */
    QUOTA_ACCOUNT_CREW_PERIOD, /* `period` and `slot.crew`: beside its crew-shifts */
    QUOTA_ACCOUNT_RESERVE,     /* `period`: planned, and not earned in it */
    QUOTA_ACCOUNT_KINDS
};

/* "workshop", "heat", "crew", "period", "crew_period", "reserve": in the ledger and in reports. */
const char *quota_account_kind_name(enum quota_account_kind kind);

/* What of it the kind does not need is zero. */
struct quota_account {
    enum quota_account_kind kind;
    heat_no heat;
    struct crew_slot slot;
    struct period period;
};

enum quota_entry_cause {
    QUOTA_ENTRY_EARNED,   /* for the first time, or anew after nothing was allowed */
    QUOTA_ENTRY_WEIGHT,   /* the heat weighs another thing than was said */
    QUOTA_ENTRY_STEEL,    /* steel came or went: a return, a split, a merge */
    QUOTA_ENTRY_REVISION, /* other rates apply: a revision, another start, grade or length */
    QUOTA_ENTRY_VOID, /* nothing is allowed any more: the heat is none, the shift was another's */
    QUOTA_ENTRY_TRANSFER, /* from a crew to another, with two approvals */
    QUOTA_ENTRY_CARRIED,  /* into the next period */
    QUOTA_ENTRY_RESERVE,  /* planned and not earned */
    QUOTA_ENTRY_CAUSES
};

/* "earned", "weight", "steel", "revision", "void", "transfer", "carried", "reserve". */
const char *quota_entry_cause_name(enum quota_entry_cause cause);

/* Amounts go from `from` to `to`; negative ones are taken back. Not both are 0. */
struct quota_entry {
    quota_id quota;
    struct quota_account from, to;
    int64_t target_base, limit_base; /* item base units */
    enum quota_entry_cause cause;
    int64_t at_us;     /* the engine's time */
    const char *paper; /* the id of the paper that it rests on; NULL: none */
};

typedef void quota_entry_emit(void *context, const struct quota_entry *entry);

/* The account that issues. */
struct quota_account quota_account_workshop(void);

/* A crew's account of a period. */
struct quota_account quota_account_of_crew(crew_id crew, struct period period);

#endif
