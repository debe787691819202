#include "headroom.h"

#include "alert_life.h"
#include "failure.h"
#include "headroom_state.h"
#include "memory.h"

#include <stdlib.h>
#include <utlist.h>

#define GRANT_NO_LIMIT (ACCOUNT_DISTANCE_NEVER - 1)

static struct statement *statement_of(struct headroom *headroom, meter_id meter)
{
    struct statement *statement = NULL;
    HASH_FIND(hh, headroom->statements, &meter.index, sizeof meter.index, statement);
    if (statement == NULL) {
        statement = memory_zeroed(1, sizeof *statement);
        statement->meter = meter.index;
        HASH_ADD(hh, headroom->statements, meter, sizeof statement->meter, statement);
    }
    return statement;
}

static void pull_stakes(struct statement *statement)
{
    for (size_t i = 0; i < statement->stake_count; i++) {
        struct stake *stake = statement->stakes[i];
        struct account *account = stake->account;
        account->granted_base -= statement->granted_base;
        account->stake_count--;
        DL_DELETE(account->stakes, stake);
        free(stake);
    }
    statement->stake_count = 0;
    statement->granted_base = 0;
}

void headroom_clear(struct headroom *headroom)
{
    /* The statements stay linked to one another after their table is gone. */
    struct statement *statement = headroom->statements;
    HASH_CLEAR(hh, headroom->statements);
    while (statement != NULL) {
        struct statement *next = statement->hh.next;
        pull_stakes(statement);
        free(statement->stakes);
        free(statement->open);
        free(statement);
        statement = next;
    }
    free(headroom->asked);
    *headroom = (struct headroom){0};
}

static void put_stake(struct statement *statement, struct account *account)
{
    for (size_t i = 0; i < statement->stake_count; i++) {
        if (statement->stakes[i]->account == account) {
            return;
        }
    }
    struct stake *stake = memory_zeroed(1, sizeof *stake);
    stake->account = account;
    stake->statement = statement;
    memory_grow_sparingly(&statement->stakes, statement->stake_count, &statement->stake_capacity,
                          sizeof(struct stake *));
    statement->stakes[statement->stake_count++] = stake;
    account->stake_count++;
    DL_APPEND(account->stakes, stake);
}

/* Segments of nothing have stakes too: their heat and crew-shift are where growth will go. */
static void put_stakes(struct statement *statement, struct holders *holders)
{
    size_t quota_count = 0;
    const uint16_t *quotas = holders_quotas(holders, (meter_id){statement->meter}, &quota_count);
    for (size_t i = 0; i < statement->open_count; i++) {
        for (size_t j = 0; j < quota_count; j++) {
            struct account *counted[HOLDERS_COUNTED_MAX];
            size_t count = holders_counted(holders, quotas[j], &statement->open[i], counted);
            for (size_t k = 0; k < count; k++) {
                put_stake(statement, counted[k]);
            }
        }
    }
}

/* How much one of the meters at stake in the account may grow unheard. */
static int64_t share_base(const struct account *account)
{
    int64_t distance_base = account_distance_base(account);
    if (distance_base == ACCOUNT_DISTANCE_NEVER) {
        return GRANT_NO_LIMIT;
    }
    return account->stake_count == 1 ? distance_base - 1
                                     : (distance_base - 1) / (2 * account->stake_count);
}

static void grant(struct statement *statement, struct holders *holders)
{
    int64_t granted_base = GRANT_NO_LIMIT;
    for (size_t i = 0; i < statement->stake_count; i++) {
        int64_t share = share_base(statement->stakes[i]->account);
        granted_base = share < granted_base ? share : granted_base;
    }
    statement->granted_base = granted_base;
    for (size_t i = 0; i < statement->stake_count; i++) {
        statement->stakes[i]->account->granted_base += granted_base;
        holders_mark(holders, statement->stakes[i]->account);
    }
}

static void ask(struct headroom *headroom, struct statement *statement)
{
    if (statement->asked) {
        return;
    }
    statement->asked = true;
    memory_grow(&headroom->asked, headroom->asked_count, &headroom->asked_capacity,
                sizeof(struct statement *));
    headroom->asked[headroom->asked_count++] = statement;
}

void headroom_recall(struct headroom *headroom, const struct holder *heat)
{
    for (uint32_t quota = 0; quota < heat->quota_count; quota++) {
        if (heat->accounts[quota] == NULL) {
            continue;
        }
        struct stake *stake;
        DL_FOREACH(heat->accounts[quota]->stakes, stake)
        {
            ask(headroom, stake->statement);
        }
    }
}

/* Without the stakes of the statement itself. */
static void count_open(struct headroom *headroom, struct statement *statement,
                       struct holders *holders, int64_t sign)
{
    for (size_t i = 0; i < statement->open_count; i++) {
        const struct segment *segment = &statement->open[i];
        holders_count(holders, segment, ACCOUNT_OPEN, sign * segment->amount_base);
        const struct holder *counted_anew = holders_note_open(holders, segment, sign);
        if (counted_anew != NULL) {
            headroom_recall(headroom, counted_anew);
        }
    }
}

int64_t headroom_state(struct headroom *headroom, struct holders *holders, meter_id meter,
                       const struct segment *open, size_t count)
{
    size_t quota_count = 0;
    (void)holders_quotas(holders, meter, &quota_count);
    if (quota_count == 0) {
        return INT64_MAX;
    }
    struct statement *statement = statement_of(headroom, meter);
    statement->asked = false;
    statement->round = headroom->round;
    pull_stakes(statement);
    count_open(headroom, statement, holders, -1);
    statement->open_count = 0;
    for (size_t i = 0; i < count; i++) {
        REQUIRE(open[i].meter.index == meter.index);
        memory_grow_sparingly(&statement->open, statement->open_count, &statement->open_capacity,
                              sizeof *statement->open);
        statement->open[statement->open_count++] = open[i];
    }
    if (count == 0) {
        return 1; /* where the next unit will go is not known */
    }
    count_open(headroom, statement, holders, 1);
    put_stakes(statement, holders);
    grant(statement, holders);
    return statement->granted_base == GRANT_NO_LIMIT ? INT64_MAX : statement->granted_base + 1;
}

void headroom_silence(struct headroom *headroom, struct holders *holders)
{
    for (struct statement *statement = headroom->statements; statement != NULL;
         statement = statement->hh.next) {
        pull_stakes(statement);
        count_open(headroom, statement, holders, -1);
        statement->open_count = 0;
    }
    for (struct statement *statement = headroom->statements; statement != NULL;
         statement = statement->hh.next) {
        statement->asked = false; /* emptying one may have asked for another */
    }
    headroom->asked_count = 0;
}

/* Where an account grants more than is left of it, somebody was granted more than his share. */
static bool overdrawn(const struct account *account)
{
    int64_t distance_base = account_distance_base(account);
    return distance_base != ACCOUNT_DISTANCE_NEVER && account->granted_base >= distance_base;
}

/* Somebody at stake in the account whose present use must be known before it is judged. */
static const struct statement *wanted(const struct headroom *headroom,
                                      const struct account *account)
{
    const struct stake *stake = account->stakes;
    if (stake == NULL) {
        return NULL;
    }
    /* The stakes are in the order in which they were spoken of: the first one is the oldest. */
    if (stake->statement->round != headroom->round && alert_life_pending(account)) {
        return stake->statement;
    }
    if (!overdrawn(account)) {
        return NULL;
    }
    int64_t most_base = share_base(account);
    while (stake != NULL && stake->statement->granted_base <= most_base) {
        stake = stake->next;
    }
    return stake != NULL ? stake->statement : NULL;
}

void headroom_next_round(struct headroom *headroom)
{
    headroom->round++;
}

bool headroom_ask(struct headroom *headroom, const struct holders *holders, meter_id *meter)
{
    while (headroom->asked_count > 0) {
        struct statement *statement = headroom->asked[headroom->asked_count - 1];
        if (statement->asked) {
            *meter = (meter_id){statement->meter};
            return true;
        }
        headroom->asked_count--;
    }
    for (size_t i = 0; i < holders->to_judge.count; i++) {
        const struct statement *statement = wanted(headroom, holders->to_judge.accounts[i]);
        if (statement != NULL) {
            *meter = (meter_id){statement->meter};
            return true;
        }
    }
    return false;
}
