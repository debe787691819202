/* All heats and crew-shifts with their accounts, and who counts on whom.
 *
 * The sums of a crew-shift are kept, not worked out: a change costs as much as it touches. What
 * changed stands on two lists until it is judged, and until it is shown. */
#ifndef HEATLEDGER_RULES_HOLDERS_H
#define HEATLEDGER_RULES_HOLDERS_H

#include "account.h"
#include "catalog.h"
#include "holder.h"

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
    size_t *meter_first; /* quotas that count meter m: meter_quotas[first[m] .. first[m + 1]) */
    uint16_t *meter_quotas;
    struct holder *table;
    struct account_list to_judge, to_show;
    struct holder **to_settle;
    size_t to_settle_count, to_settle_capacity;
};

/* `catalog` and `quotas` must outlive the holders. */
void holders_init(struct holders *holders, const struct catalog *catalog,
                  const struct quota *quotas, uint32_t quota_count);
void holders_clear(struct holders *holders);

/* Quotas that count the meter, as indices into `quotas`. */
const uint16_t *holders_quotas(const struct holders *holders, meter_id meter, size_t *count);

/* NULL where the heat was never heard of. */
struct holder *holders_heat(const struct holders *holders, heat_no heat);

/* The accounts of one quota on which a segment counts: its heat's, a crew-shift's, both or none.
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

void holders_end_shift(struct holders *holders, struct crew_slot slot);

/* Puts an account on the lists of what changed. */
void holders_mark(struct holders *holders, struct account *account);

/* Everything was judged: remembers which holders have ended, empties the list. */
void holders_settle(struct holders *holders);

void account_list_add(struct account_list *list, struct account *account);

#endif
