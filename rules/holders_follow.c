/* Another configuration within the life of the ledger: accounts go on with the quotas as they are
 * now. */
#include "failure.h"
#include "holders.h"
#include "memory.h"
#include "quantity.h"

#include <stdlib.h>
#include <string.h>

/* Room for accounts of the quotas that are new; the accounts that there are find their quota where
 * it stands now. Their scale division stays what it was when they were opened. */
static void follow_accounts(const struct holders *holders, struct holder *holder)
{
    struct account **accounts =
        memory_zeroed(holders->quota_count == 0 ? 1 : holders->quota_count, sizeof *accounts);
    for (uint32_t i = 0; i < holder->quota_count; i++) {
        accounts[i] = holder->accounts[i];
        if (accounts[i] != NULL) {
            accounts[i]->quota = &holders->quotas[i];
        }
    }
    free(holder->accounts);
    holder->accounts = accounts;
    holder->quota_count = holders->quota_count;
}

/* What a heat used before the quota came: the crew-shift that owns the heat may be a later one. */
static void count_earlier(struct holders *holders, struct holder *heat, uint32_t quota)
{
    const struct quota *row = &holders->quotas[quota];
    for (size_t i = 0; i < heat->booked.count; i++) {
        const struct used_at *use = &heat->booked.uses[i];
        if (quota_counts(row, holders->catalog, use->meter) &&
            quota_counts_station(row, use->station)) {
            struct account *account = holders_account(holders, heat, quota);
            int64_t *used_base = &account->used_base[ACCOUNT_BOOKED];
            *used_base = quantity_add(*used_base, use->amount_base);
            holders_keep(holders, account);
        }
    }
}

void holders_follow(struct holders *holders, const struct quota *quotas, uint32_t quota_count)
{
    REQUIRE(quota_count >= holders->quota_count && quota_count <= UINT16_MAX);
    const uint32_t former_count = holders->quota_count;
    struct holder *holder;
    for (holder = holders->table; holder != NULL; holder = holder->hh.next) {
        if (holder_scope(holder) == BALANCE_HEAT) {
            holders_take_off(holders, holder);
        }
    }
    holders->quotas = quotas;
    holders->quota_count = quota_count;
    free(holders->meter_first);
    free(holders->meter_quotas);
    holders->meter_first = NULL;
    holders->meter_quotas = NULL;
    holders_index(holders);
    for (holder = holders->table; holder != NULL; holder = holder->hh.next) {
        follow_accounts(holders, holder);
    }
    for (holder = holders->table; holder != NULL; holder = holder->hh.next) {
        if (holder_scope(holder) == BALANCE_HEAT) {
            for (uint32_t quota = former_count; quota < quota_count; quota++) {
                count_earlier(holders, holder, quota);
            }
            holders_put_on(holders, holder);
        }
    }
}
