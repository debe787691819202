/* A quota's rates become others from an instant on: whatever began then or later is judged by
 * them. First the heats come off their owners, then what these are allowed by themselves; it goes
 * back in the other order, so that what is made on the way has the rates of its time. */
#include "holders.h"

#include "allowance.h"

/* What a shift or a period by itself is allowed. */
static void allow_own(struct holders *holders, struct holder *holder, int sign)
{
    for (uint32_t quota = 0; quota < holders->quota_count; quota++) {
        struct account *account = holder->accounts[quota];
        if (account != NULL && quota_takes_all(account->quota)) {
            allowance_add(holders, account, sign);
            holders_mark(holders, account);
        }
    }
}

static void allow_all(struct holders *holders, int64_t from_us, int sign)
{
    struct holder *holder;
    for (holder = holders->table; holder != NULL; holder = holder->hh.next) {
        if (holder_scope(holder) != BALANCE_HEAT && holder->rated_us >= from_us) {
            allow_own(holders, holder, sign);
        }
    }
}

static void change_heats(struct holders *holders, int64_t from_us,
                         void (*change)(struct holders *holders, struct holder *heat))
{
    struct holder *holder;
    for (holder = holders->table; holder != NULL; holder = holder->hh.next) {
        if (holder_scope(holder) == BALANCE_HEAT && holder->rated_us >= from_us) {
            change(holders, holder);
        }
    }
}

void holders_before_revision(struct holders *holders, int64_t from_us)
{
    change_heats(holders, from_us, holders_take_off);
    allow_all(holders, from_us, -1);
}

void holders_after_revision(struct holders *holders, int64_t from_us)
{
    allow_all(holders, from_us, 1);
    change_heats(holders, from_us, holders_put_on);
}
