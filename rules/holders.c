#include "holders.h"

#include "allowance.h"
#include "failure.h"
#include "memory.h"
#include "quantity.h"

#include <stdlib.h>
#include <string.h>

void account_list_add(struct account_list *list, struct account *account)
{
    memory_grow(&list->accounts, list->count, &list->capacity, sizeof(struct account *));
    list->accounts[list->count++] = account;
}

static void mark_to_show(struct holders *holders, struct account *account)
{
    if (!account->to_show) {
        account->to_show = true;
        account_list_add(&holders->to_show, account);
    }
}

void holders_mark(struct holders *holders, struct account *account)
{
    if (!account->to_judge) {
        account->to_judge = true;
        account_list_add(&holders->to_judge, account);
    }
    mark_to_show(holders, account);
}

void holders_keep(struct holders *holders, struct account *account)
{
    account->kept = true;
    holders_mark(holders, account);
}

void holders_mark_end(struct holders *holders, struct holder *holder)
{
    for (uint32_t quota = 0; quota < holders->quota_count; quota++) {
        if (holder->accounts[quota] != NULL) {
            holders_mark(holders, holder->accounts[quota]);
        }
    }
    if (holder->to_settle) {
        return;
    }
    holder->to_settle = true;
    memory_grow(&holders->to_settle, holders->to_settle_count, &holders->to_settle_capacity,
                sizeof(struct holder *));
    holders->to_settle[holders->to_settle_count++] = holder;
}

void holders_settle(struct holders *holders)
{
    for (size_t i = 0; i < holders->to_settle_count; i++) {
        struct holder *holder = holders->to_settle[i];
        holder->had_ended = holder_ended(holder);
        holder->to_settle = false;
    }
    holders->to_settle_count = 0;
}

/* Two passes over the meters: how many quotas count each, then which. */
void holders_index(struct holders *holders)
{
    const struct catalog *catalog = holders->catalog;
    holders->meter_first =
        memory_zeroed((size_t)catalog->meter_count + 1, sizeof *holders->meter_first);
    size_t count = 0, capacity = 0;
    for (uint32_t i = 0; i < catalog->meter_count; i++) {
        holders->meter_first[i] = count;
        for (uint32_t quota = 0; quota < holders->quota_count; quota++) {
            if (holders->quotas[quota].item.index == catalog->meters[i].item.index &&
                quota_counts(&holders->quotas[quota], catalog, (meter_id){i})) {
                memory_grow(&holders->meter_quotas, count, &capacity,
                            sizeof *holders->meter_quotas);
                holders->meter_quotas[count++] = (uint16_t)quota;
            }
        }
    }
    holders->meter_first[catalog->meter_count] = count;
    holders->bounded = false;
    for (uint32_t quota = 0; quota < holders->quota_count; quota++) {
        const struct quota *row = &holders->quotas[quota];
        enum period_kind kind = PERIOD_DAY;
        holders->bounded = holders->bounded || row->from.day != 0 || row->until.day != 0;
        if (quota_of_period(row, &kind)) {
            holders->period_kinds[kind] = true;
        }
    }
}

void holders_init(struct holders *holders, const struct catalog *catalog,
                  const struct quota *quotas, uint32_t quota_count)
{
    REQUIRE(quota_count <= UINT16_MAX);
    *holders = (struct holders){
        .catalog = catalog,
        .quotas = quotas,
        .quota_count = quota_count,
        .zone = zone_fixed("UTC", 0),
        .present_day = INT32_MIN,
    };
    for (uint32_t quota = 0; quota < quota_count; quota++) {
        REQUIRE(quotas[quota].item.index < catalog->item_count);
        REQUIRE(catalog->items[quotas[quota].item.index].division_base > 0);
        REQUIRE(quotas[quota].rate_e9[QUOTA_TARGET] <= quotas[quota].rate_e9[QUOTA_LIMIT]);
    }
    holders_index(holders);
}

void holders_clear(struct holders *holders)
{
    /* The holders stay linked to one another after their table is gone. */
    struct holder *holder = holders->table;
    HASH_CLEAR(hh, holders->table);
    while (holder != NULL) {
        struct holder *next = holder->hh.next;
        holder_destroy(holder);
        holder = next;
    }
    free(holders->to_judge.accounts);
    free(holders->to_show.accounts);
    free(holders->to_settle);
    free(holders->periods);
    free(holders->meter_first);
    free(holders->meter_quotas);
    *holders = (struct holders){0};
}

const uint16_t *holders_quotas(const struct holders *holders, meter_id meter, size_t *count)
{
    REQUIRE(meter.index < holders->catalog->meter_count);
    size_t first = holders->meter_first[meter.index];
    *count = holders->meter_first[meter.index + 1] - first;
    return *count > 0 ? &holders->meter_quotas[first] : NULL;
}

static struct holder *find(const struct holders *holders, struct holder_key key)
{
    struct holder *holder = NULL;
    HASH_FIND(hh, holders->table, &key, sizeof key, holder);
    return holder;
}

static struct holder *add(struct holders *holders, struct holder_key key)
{
    struct holder *holder = holder_create(key, holders->quota_count);
    HASH_ADD(hh, holders->table, key, sizeof holder->key, holder);
    return holder;
}

struct holder *holders_heat(const struct holders *holders, heat_no heat)
{
    return find(holders, holder_key_heat(heat));
}

struct holder *holders_slot(const struct holders *holders, struct crew_slot slot)
{
    return find(holders, holder_key_slot(slot));
}

static struct holder *slot_holder(struct holders *holders, struct crew_slot slot)
{
    struct holder_key key = holder_key_slot(slot);
    struct holder *holder = find(holders, key);
    if (holder == NULL) {
        holder = add(holders, key);
        holder->slot = slot;
    }
    return holder;
}

/* Whether the heat's use counts on its owner: a quota that is no sum of heats takes all there is.
 */
static bool heat_counts(const struct quota *quota, const struct heat *heat)
{
    return quota->view == QUOTA_VIEW_OWNER &&
           (quota_takes_all(quota) || allowance_of_heat(quota, heat));
}

struct account *holders_account(struct holders *holders, struct holder *holder, uint32_t quota)
{
    struct account *account = holder->accounts[quota];
    if (account == NULL) {
        account = memory_zeroed(1, sizeof *account);
        account->id = (quota_id){(uint16_t)quota};
        account->quota = &holders->quotas[quota];
        account->division_base = holders->catalog->items[account->quota->item.index].division_base;
        account->holder = holder;
        holder->accounts[quota] = account;
        allowance_set(holders, account);
    }
    return account;
}

/* Whether a quota is held against that crew-shift or period. */
static bool is_of(const struct quota *quota, const struct holder *owner)
{
    enum period_kind kind = PERIOD_DAY;
    bool of_period = quota_of_period(quota, &kind);
    return holder_scope(owner) == BALANCE_PERIOD
               ? of_period && kind == owner->period.kind &&
                     quota_counts_period(quota, owner->period)
               : !of_period && quota->of_crews && quota_counts_slot(quota, owner->slot);
}

/* The crew-shift or the period that answers for a segment; NULL where none does: nobody was on
 * duty, the heat has no owner yet, or its weight is not known. */
static struct holder *answering(struct holders *holders, const struct quota *quota,
                                const struct segment *segment, const struct holder *heat)
{
    const struct crew_slot *slot = NULL;
    enum period_kind kind = PERIOD_DAY;
    if (quota->view == QUOTA_VIEW_CLOCK || (heat == NULL && quota_takes_all(quota))) {
        slot = &segment->slot;
    } else if (heat != NULL && heat_owned(&heat->heat) && heat_counts(quota, &heat->heat)) {
        slot = &heat->heat.owner;
    }
    if (slot == NULL) {
        return NULL;
    }
    if (quota_of_period(quota, &kind)) {
        struct period period = period_of(kind, slot->day);
        return quota_counts_period(quota, period) ? holders_make_period(holders, period) : NULL;
    }
    return quota->of_crews && slot->crew.index != CATALOG_NONE && quota_counts_slot(quota, *slot)
               ? slot_holder(holders, *slot)
               : NULL;
}

size_t holders_counted(struct holders *holders, uint16_t quota, const struct segment *segment,
                       struct account *counted[HOLDERS_COUNTED_MAX])
{
    size_t count = 0;
    struct holder *heat = NULL;
    if (!quota_counts_station(&holders->quotas[quota], segment->station)) {
        return 0; /* the meter serves other stations too */
    }
    if (segment->heat.value != 0) {
        heat = holders_heat(holders, segment->heat);
        REQUIRE(heat != NULL);
        counted[count++] = holders_account(holders, heat, quota);
    }
    struct holder *owner = answering(holders, &holders->quotas[quota], segment, heat);
    if (owner != NULL) {
        counted[count++] = holders_account(holders, owner, quota);
    }
    return count;
}

void holders_count(struct holders *holders, const struct segment *segment, enum account_part part,
                   int64_t amount_base)
{
    if (amount_base == 0) {
        return;
    }
    size_t quota_count = 0;
    const uint16_t *quotas = holders_quotas(holders, segment->meter, &quota_count);
    for (size_t i = 0; i < quota_count; i++) {
        struct account *counted[HOLDERS_COUNTED_MAX];
        size_t count = holders_counted(holders, quotas[i], segment, counted);
        for (size_t j = 0; j < count; j++) {
            int64_t *used_base = &counted[j]->used_base[part];
            *used_base = quantity_add(*used_base, amount_base);
            if (part == ACCOUNT_SHOWN) { /* when that happens must leave no trace */
                mark_to_show(holders, counted[j]);
            } else {
                holders_keep(holders, counted[j]);
            }
        }
    }
}

/* Adds (sign 1) or takes off (sign -1) what one heat's account is to its owner's. */
static void carry(struct account *owner, const struct account *heat, int sign)
{
    owner->unknown_heats += allowance_waits(heat->quota, &heat->holder->heat) ? sign : 0;
    if (allowance_of_heat(heat->quota, &heat->holder->heat)) {
        owner->counted_heats += sign;
        owner->two_levels += sign * heat->two_levels;
        for (int level = 0; level < QUOTA_LEVELS; level++) {
            owner->allowed_base[level] += sign * heat->allowed_base[level];
        }
    }
    if (heat_counts(heat->quota, &heat->holder->heat)) {
        for (int part = 0; part < ACCOUNT_PARTS; part++) {
            owner->used_base[part] =
                quantity_add(owner->used_base[part], sign * heat->used_base[part]);
        }
    }
}

/* Puts a heat on a crew-shift or a period that has to answer for it, or takes it off. */
static void own_by(struct holders *holders, struct holder *owner, struct holder *heat, int sign)
{
    if (!heat_ended(&heat->heat)) {
        owner->heats_unended += sign;
    }
    for (uint32_t quota = 0; quota < holders->quota_count; quota++) {
        if (is_of(&holders->quotas[quota], owner)) {
            struct account *account = holders_account(holders, owner, quota);
            struct account *of_heat = holders_account(holders, heat, quota); /* may be new */
            carry(account, of_heat, sign);
            holders_mark(holders, of_heat);
            holders_keep(holders, account);
        }
    }
    holders_mark_end(holders, owner);
}

/* Puts a heat on its owner and the owner's periods (sign 1), or takes it off (sign -1). */
static void own(struct holders *holders, struct holder *heat, int sign)
{
    if (!heat_owned(&heat->heat)) {
        return;
    }
    const struct crew_slot owner = heat->heat.owner;
    if (owner.crew.index != CATALOG_NONE) { /* else nobody answers for it but the shop */
        own_by(holders, slot_holder(holders, owner), heat, sign);
    }
    for (int kind = 0; kind < PERIOD_KINDS; kind++) {
        if (holders->period_kinds[kind]) {
            struct period period = period_of((enum period_kind)kind, owner.day);
            own_by(holders, holders_make_period(holders, period), heat, sign);
        }
    }
}

/* A heat with a weight or an owner has a balance even where it has used nothing yet. */
static bool has_balance(const struct heat *heat)
{
    return heat->steel_g > 0 || heat_owned(heat);
}

static void change_allowed(struct holders *holders, struct holder *heat)
{
    bool keep = has_balance(&heat->heat);
    for (uint32_t quota = 0; quota < holders->quota_count; quota++) {
        if (keep && holder_quota_of_heats(&holders->quotas[quota]) &&
            holder_counts(heat, &holders->quotas[quota])) {
            holders_keep(holders, holders_account(holders, heat, quota));
        }
        if (heat->accounts[quota] != NULL) {
            allowance_set(holders, heat->accounts[quota]);
        }
    }
    holders_mark_end(holders, heat);
}

void holders_take_off(struct holders *holders, struct holder *heat)
{
    own(holders, heat, -1);
}

void holders_put_on(struct holders *holders, struct holder *heat)
{
    change_allowed(holders, heat);
    own(holders, heat, 1);
}

static bool heat_same(const struct heat *a, const struct heat *b)
{
    bool same_owner =
        heat_owned(a) == heat_owned(b) && (!heat_owned(a) || crew_slot_equal(a->owner, b->owner));
    bool same_steel = a->steel_g == b->steel_g && a->tapped_g == b->tapped_g &&
                      a->cast_g == b->cast_g && strcmp(a->grade, b->grade) == 0;
    return same_owner && same_steel && heat_ended(a) == heat_ended(b);
}

struct holder *holders_change_heat(struct holders *holders, const struct heat *heat)
{
    REQUIRE(heat->no.value != 0);
    struct holder *holder = holders_heat(holders, heat->no);
    static const struct used none = {0};
    int64_t rated_us = holder_heat_rated_us(heat, holder != NULL ? &holder->booked : &none);
    if (holder == NULL) {
        holder = add(holders, holder_key_heat(heat->no));
    } else if (heat_same(&holder->heat, heat) && holder->rated_us == rated_us) {
        holder->heat = *heat;
        return holder;
    } else {
        holders_take_off(holders, holder);
    }
    holder->heat = *heat;
    holder->rated_us = rated_us;
    holders_put_on(holders, holder);
    return holder;
}

/* Whether another first use makes a difference to which quotas count a heat that nobody owns. */
static bool counts_otherwise(const struct holders *holders, const struct holder *heat)
{
    if (!holders->bounded || heat_owned(&heat->heat)) {
        return false;
    }
    for (uint32_t quota = 0; quota < holders->quota_count; quota++) {
        const struct quota *row = &holders->quotas[quota];
        const struct account *account = heat->accounts[quota];
        bool matters = account != NULL || (has_balance(&heat->heat) && holder_quota_of_heats(row));
        bool counted = account != NULL && account->counts;
        if (matters && counted != holder_counts(heat, row)) {
            return true;
        }
    }
    return false;
}

/* What a heat used, or uses, is noted: its holder where that changed what it is allowed. */
static struct holder *follow_use(struct holders *holders, struct holder *heat)
{
    int64_t rated_us = holder_heat_rated_us(&heat->heat, &heat->booked);
    if (rated_us == heat->rated_us && !counts_otherwise(holders, heat)) {
        return NULL;
    }
    holders_take_off(holders, heat);
    heat->rated_us = rated_us;
    holders_put_on(holders, heat);
    return heat;
}

struct holder *holders_note_use(struct holders *holders, const struct segment *segment)
{
    if (segment->heat.value == 0) {
        return NULL;
    }
    struct holder *heat = holders_heat(holders, segment->heat);
    REQUIRE(heat != NULL);
    used_count(&heat->booked, segment, segment->amount_base);
    return follow_use(holders, heat);
}

struct holder *holders_note_open(struct holders *holders, const struct segment *segment,
                                 int64_t sign)
{
    if (!holders->bounded || segment->heat.value == 0) {
        return NULL;
    }
    struct holder *heat = holders_heat(holders, segment->heat);
    REQUIRE(heat != NULL);
    used_count(&heat->open, segment, sign);
    return follow_use(holders, heat);
}

/* Takes what a shift by itself is allowed off its accounts, and puts it there anew. */
static void allow_shift(struct holders *holders, struct holder *holder, int sign)
{
    for (uint32_t quota = 0; quota < holders->quota_count; quota++) {
        struct account *account = holder->accounts[quota];
        if (account != NULL && quota_takes_all(account->quota)) {
            allowance_add(holders, account, sign);
            holders_mark(holders, account);
        }
    }
}

void holders_start_shift(struct holders *holders, struct crew_slot slot, int64_t start_us)
{
    if (slot.crew.index != CATALOG_NONE) {
        struct holder *holder = slot_holder(holders, slot);
        allow_shift(holders, holder, -1);
        holder->rated_us = start_us;
        allow_shift(holders, holder, 1);
    }
}

void holders_size_shift(struct holders *holders, struct crew_slot slot, int64_t actual_us,
                        int64_t nominal_us)
{
    REQUIRE(actual_us > 0 && nominal_us > 0);
    if (slot.crew.index != CATALOG_NONE) {
        struct holder *holder = slot_holder(holders, slot);
        allow_shift(holders, holder, -1);
        holder->actual_us = actual_us;
        holder->nominal_us = nominal_us;
        allow_shift(holders, holder, 1);
    }
}

void holders_end_shift(struct holders *holders, struct crew_slot slot)
{
    if (slot.crew.index == CATALOG_NONE) {
        return;
    }
    struct holder *holder = slot_holder(holders, slot);
    holder->shift_ended = true;
    holders_mark_end(holders, holder);
}
