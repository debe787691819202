/* All heats, crew-shifts and periods with their accounts, and who counts on whom.
 *
 * The sums of a crew-shift are kept, not worked out: a change costs as much as it touches. What
 * changed stands on two lists until it is judged, and until it is shown. */
#ifndef HEATLEDGER_RULES_HOLDERS_H
#define HEATLEDGER_RULES_HOLDERS_H

#include "account.h"
#include "catalog.h"
#include "holder.h"
#include "zone.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct account_list {
    struct account **accounts;
    size_t count, capacity;
};

struct holders {
    const struct catalog *catalog;
    const struct quota *quotas;
    uint32_t quota_count;
    struct zone zone;                /* of production days; UTC until holders_zone */
    bool period_kinds[PERIOD_KINDS]; /* those that some quota is of */
    int32_t present_day;             /* production days before it are over */
    bool bounded;                    /* a quota came or went within the life of the ledger */
    size_t *meter_first; /* quotas that count meter m: meter_quotas[first[m] .. first[m + 1]) */
    uint16_t *meter_quotas;
    struct holder *table;
    struct holder **periods; /* those in the table that have not ended */
    size_t period_count, period_capacity;
    struct account_list to_judge, to_show;
    struct holder **to_settle;
    size_t to_settle_count, to_settle_capacity;
};

/* `catalog` and `quotas` must outlive the holders. */
void holders_init(struct holders *holders, const struct catalog *catalog,
                  const struct quota *quotas, uint32_t quota_count);
void holders_clear(struct holders *holders);

/* The catalog holds another configuration, of whose quotas the first ones, as many as there were,
 * mean what they meant; `quotas` must outlive the holders. No open use may be counted. What heats
 * used before a new quota came counts where the quota counts the heat. */
void holders_follow(struct holders *holders, const struct quota *quotas, uint32_t quota_count);

/* Finds out which quotas count which meter. */
void holders_index(struct holders *holders);

/* Quotas that count the meter, as indices into `quotas`. */
const uint16_t *holders_quotas(const struct holders *holders, meter_id meter, size_t *count);

/* NULL where the heat was never heard of. */
struct holder *holders_heat(const struct holders *holders, heat_no heat);

/* NULL where the crew-shift was never heard of. */
struct holder *holders_slot(const struct holders *holders, struct crew_slot slot);

/* NULL where nothing was counted in that period. */
struct holder *holders_period(const struct holders *holders, struct period period);

/* The accounts of one quota on which a segment counts: its heat's, a crew-shift's or a period's,
 * both or none
 * (as where the quota does not count the segment's station).
 * Makes those that do not exist yet. The segment's heat must be known. Returns how many. */
#define HOLDERS_COUNTED_MAX 2
size_t holders_counted(struct holders *holders, uint16_t quota, const struct segment *segment,
                       struct account *counted[HOLDERS_COUNTED_MAX]);

/* Adds `amount_base` of the segment's meter to one part of every account it counts on. */
void holders_count(struct holders *holders, const struct segment *segment, enum account_part part,
                   int64_t amount_base);

/* Takes a new heat, or what is known of a known one now, and moves its use and its allowance from
 * crew-shift to crew-shift. Returns its holder. */
struct holder *holders_change_heat(struct holders *holders, const struct heat *heat);

/* A posting was counted: a heat without a start is rated, one without an owner is counted by its
 * first use. Returns its holder where that changed what it is allowed, else NULL. */
struct holder *holders_note_use(struct holders *holders, const struct segment *segment);

/* The same of an open segment, of nothing too, that is said (sign 1) or no longer said (-1). */
struct holder *holders_note_open(struct holders *holders, const struct segment *segment,
                                 int64_t sign);

/* Takes a heat off its owner, before anything about it or its quotas changes; works out anew what
 * it is allowed, and puts it on its owner. */
void holders_take_off(struct holders *holders, struct holder *heat);
void holders_put_on(struct holders *holders, struct holder *heat);

/* The rates of a quota are about to become others from an instant on; and have. What the quotas say
 * changes in between, and nothing else is called there. */
void holders_before_revision(struct holders *holders, int64_t from_us);
void holders_after_revision(struct holders *holders, int64_t from_us);

/* When the shift starts, whose rates then apply to a crew-shift. */
void holders_start_shift(struct holders *holders, struct crew_slot slot, int64_t start_us);

/* That production day has begun: periods that end before it are over. Days before the latest one
 * said change nothing. */
void holders_begin_day(struct holders *holders, int32_t day);

/* The period's holder, made where there is none yet. */
struct holder *holders_make_period(struct holders *holders, struct period period);

/* Puts a period that was just made, or loaded, among those of the table: it has ended, or will. */
void holders_watch_period(struct holders *holders, struct holder *period);

void holders_end_shift(struct holders *holders, struct crew_slot slot);

/* A crew-shift has another length than usual: what a quota allows a shift is more or less. */
void holders_size_shift(struct holders *holders, struct crew_slot slot, int64_t actual_us,
                        int64_t nominal_us);

/* The account of a quota, made where there is none yet. */
struct account *holders_account(struct holders *holders, struct holder *holder, uint32_t quota);

/* Puts an account on the lists of what changed; for good among those that are judged and shown. */
void holders_mark(struct holders *holders, struct account *account);
void holders_keep(struct holders *holders, struct account *account);

/* Its end may have come or gone: everything it holds is judged again. */
void holders_mark_end(struct holders *holders, struct holder *holder);

/* Everything was judged: remembers which holders have ended, empties the list. */
void holders_settle(struct holders *holders);

void account_list_add(struct account_list *list, struct account *account);

#endif
