/* A holder of accounts: a heat, a crew-shift or a period, with one account a quota at most.
 *
 * Heats hold what they use and what their weight allows. Crew-shifts hold the sums over the heats
 * they own, and in the clock view what was used on their watch. Periods (a day, ten days, a month
 * of the shop) hold the same of all their crew-shifts, nobody's included. holders.c keeps the two
 * in step: a heat is taken off its owner before anything about it changes, and put on its owner
 * again. */
#ifndef HEATLEDGER_RULES_HOLDER_H
#define HEATLEDGER_RULES_HOLDER_H

#include "account.h"
#include "heat.h"
#include "used.h"

#include <stdbool.h>
#include <stdint.h>
#include <uthash.h>

/* No padding: hashed and compared as bytes. */
struct holder_key {
    uint32_t scope;       /* enum balance_scope */
    uint32_t heat_or_day; /* a heat's number; a crew-shift's production day or a period's first
                             one, two's complement */
    uint16_t shift, crew; /* 0 for heats; of a period its kind, and 0 */
};

struct holder {
    struct holder_key key;
    struct heat heat;      /* heats; no = 0 for a crew-shift */
    struct crew_slot slot; /* crew-shifts */
    struct period period;  /* periods */
    bool shift_ended;      /* or the period has */
    int64_t rated_us;   /* whose rates apply: those in force then; INT64_MIN: from the beginning */
    struct used booked; /* of a heat */
    struct used open;   /* of a heat, while any quota has a bound: segments instead of amounts */
    int64_t actual_us, nominal_us; /* of a crew-shift of unusual length; else 0 */
    int64_t heats_unended; /* of the heats that a crew-shift owns, or the crews of a period */
    bool had_ended;        /* as it stood at the end of the last judging: retro */
    bool to_settle;        /* stands on the list of holders whose end may have changed */
    uint32_t quota_count;
    struct account **accounts; /* by quota; NULL where there is none */
    UT_hash_handle hh;
};

/* A heat; its number is that of `heat`. The owner of the table frees it. */
struct holder *holder_create(struct holder_key key, uint32_t quota_count);
void holder_destroy(struct holder *holder);

struct holder_key holder_key_heat(heat_no heat);
struct holder_key holder_key_slot(struct crew_slot slot);
struct holder_key holder_key_period(struct period period);

enum balance_scope holder_scope(const struct holder *holder);

/* Whether nothing more is expected: a heat has ended everywhere; a crew-shift or a period is over
 * and every heat that it owns has ended. */
bool holder_ended(const struct holder *holder);

/* The crew-shift itself, or the owner of a heat; all zero where there is none yet, and of a
 * period. */
bool holder_slot_known(const struct holder *holder);
struct crew_slot holder_slot(const struct holder *holder);

/* Heats before crew-shifts before periods; by number; by day, shift, crew; by day, kind. */
int holder_compare(const struct holder *a, const struct holder *b);

/* The instant whose rates apply to a heat for good: its first start; of one without a start its
 * first booked use, or what else is known of it. INT64_MIN: nothing is. */
int64_t holder_heat_rated_us(const struct heat *heat, const struct used *booked);

/* Whether the quota counts what the heat used, all of it or nothing: by the crew-shift that owns
 * it; while none does, by that of its first use. One that has neither is counted where the quota
 * has no bounds. Of a crew-shift: quota_counts_slot; of a period: quota_counts_period. */
bool holder_counts(const struct holder *holder, const struct quota *quota);

/* Whether that quota is held against heats. */
bool holder_quota_of_heats(const struct quota *quota);

#endif
