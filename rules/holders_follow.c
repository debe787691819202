/* Another configuration within the life of the ledger: accounts go on with the quotas as they are
 * now. */
#include "failure.h"
#include "holders.h"
#include "memory.h"

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

/* The first revision of this ledger: of no heat that is known was it noted when it used something
 * first. It was before now. */
static void note_early(struct holder *holder, int64_t at_us)
{
    const struct segment early = {
        .meter = {UINT32_MAX}, .start_us = at_us - 1, .end_us = at_us - 1, .amount_base = 1};
    if (holder_scope(holder) == BALANCE_HEAT) {
        first_use_count(&holder->first_use, &early);
    }
}

void holders_follow(struct holders *holders, const struct quota *quotas, uint32_t quota_count,
                    int64_t at_us)
{
    REQUIRE(quota_count >= holders->quota_count && quota_count <= UINT16_MAX);
    holders->quotas = quotas;
    holders->quota_count = quota_count;
    for (struct holder *holder = holders->table; holder != NULL; holder = holder->hh.next) {
        follow_accounts(holders, holder);
        if (!holders->revised) {
            note_early(holder, at_us);
        }
    }
    holders->revised = true;
    free(holders->meter_first);
    free(holders->meter_quotas);
    holders->meter_first = NULL;
    holders->meter_quotas = NULL;
    holders_index(holders);
}
