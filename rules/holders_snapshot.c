#include "failure.h"
#include "memory.h"
#include "parts_snapshot.h"

#define SECTION "holders"
#define VERSION 2 /* 1 had no periods, and heats one weight */
#define HOLDERS_MAX (1u << 30)
#define USES_MAX (1u << 28) /* of one heat */

/* ---- Heats ---- */

static void heat_save(const struct heat *heat, struct snapshot_writer *writer)
{
    snapshot_put_number(writer, heat->no.value);
    snapshot_put_text(writer, heat->id);
    snapshot_put_text(writer, heat->grade);
    snapshot_put_signed(writer, heat->steel_g);
    snapshot_put_signed(writer, heat->weighed_g);
    snapshot_put_signed(writer, heat->tapped_g);
    snapshot_put_signed(writer, heat->cast_g);
    snapshot_put_signed(writer, heat->planned_g);
    snapshot_put_moment(writer, heat->first_start_us, 0);
    snapshot_put_moment(writer, heat->owner_at_us, heat->first_start_us);
    crew_slot_save(heat->owner, 0, writer);
    snapshot_put_moment(writer, heat->ended_us, heat->first_start_us);
    snapshot_put_flag(writer, heat->provisional);
    snapshot_put_flag(writer, heat->review);
    snapshot_put_flag(writer, heat->gone);
    snapshot_put_number(writer, heat->keeper.value);
}

static struct heat heat_load(const struct catalog *catalog, struct snapshot_reader *reader)
{
    struct heat heat = {.no = {(uint32_t)snapshot_get_number(reader, UINT32_MAX)}};
    snapshot_get_text_into(reader, heat.id, CATALOG_ID_MAX);
    snapshot_get_text_into(reader, heat.grade, CATALOG_ID_MAX);
    heat.steel_g = snapshot_get_signed(reader);
    heat.weighed_g = snapshot_get_signed(reader);
    heat.tapped_g = reader->version > 1 ? snapshot_get_signed(reader) : -1;
    heat.cast_g = reader->version > 1 ? snapshot_get_signed(reader) : -1;
    heat.planned_g = snapshot_get_signed(reader);
    heat.first_start_us = snapshot_get_moment(reader, 0);
    heat.owner_at_us = snapshot_get_moment(reader, heat.first_start_us);
    heat.owner = crew_slot_load(catalog, 0, reader);
    heat.ended_us = snapshot_get_moment(reader, heat.first_start_us);
    heat.provisional = snapshot_get_flag(reader);
    heat.review = snapshot_get_flag(reader);
    heat.gone = snapshot_get_flag(reader);
    heat.keeper.value = (uint32_t)snapshot_get_number(reader, UINT32_MAX);
    return heat;
}

static void used_save(const struct used *used, struct snapshot_writer *writer)
{
    int64_t from_us = 0;
    int32_t from_day = 0;
    snapshot_put_number(writer, used->count);
    for (size_t i = 0; i < used->count; i++) {
        const struct used_at *use = &used->uses[i];
        snapshot_put_from(writer, use->start_us, from_us);
        snapshot_put_signed(writer, use->amount_base);
        snapshot_put_number(writer, use->meter.index);
        rules_station_save(use->station, writer);
        crew_slot_save(use->slot, from_day, writer);
        from_us = use->start_us;
        from_day = use->slot.day;
    }
}

static void used_load(struct used *used, const struct catalog *catalog,
                      struct snapshot_reader *reader)
{
    int64_t from_us = 0;
    int32_t from_day = 0;
    size_t count = snapshot_get_count(reader, USES_MAX);
    for (size_t i = 0; i < count && snapshot_is_good(reader); i++) {
        struct segment use = {.start_us = snapshot_get_from(reader, from_us)};
        use.amount_base = snapshot_get_signed(reader);
        use.meter = rules_meter_load(catalog, reader);
        use.station = rules_station_load(catalog, reader);
        use.slot = crew_slot_load(catalog, from_day, reader);
        used_count(used, &use, use.amount_base);
        if (used->count != i + 1) {
            snapshot_refuse(reader, "what a heat used stands twice, or is nothing");
        }
        from_us = use.start_us;
        from_day = use.slot.day;
    }
}

/* ---- Accounts ---- */

static void wide_save(quantity_wide number, struct snapshot_writer *writer)
{
    snapshot_put_signed(writer, (int64_t)(number >> 64));
    snapshot_put_number(writer, (uint64_t)number);
}

static quantity_wide wide_load(struct snapshot_reader *reader)
{
    quantity_wide high = snapshot_get_signed(reader);
    return high * ((quantity_wide)1 << 64) + (quantity_wide)snapshot_get_number(reader, UINT64_MAX);
}

static void account_save(const struct account *account, struct snapshot_writer *writer)
{
    snapshot_put_number(writer, account->id.index);
    snapshot_put_signed(writer, account->division_base);
    for (int level = 0; level < QUOTA_LEVELS; level++) {
        wide_save(account->allowed_base[level], writer);
    }
    snapshot_put_signed(writer, account->counted_heats);
    snapshot_put_signed(writer, account->unknown_heats);
    snapshot_put_signed(writer, account->two_levels);
    snapshot_put_signed(writer, account->used_base[ACCOUNT_BOOKED]);
    snapshot_put_signed(writer, account->used_base[ACCOUNT_OPEN]);
    snapshot_put_flag(writer, account->counts);
    snapshot_put_flag(writer, account->kept);
    for (int level = 0; level < ALERT_LEVELS; level++) {
        alert_save(&account->alerts[level], writer);
    }
    stakes_save(account, writer);
    earned_save(&account->earned, writer);
}

static void account_load(struct holders *holders, struct holder *holder,
                         const struct headroom *headroom, struct snapshot_reader *reader)
{
    uint64_t quota = snapshot_get_number(reader, UINT16_MAX);
    if (!snapshot_is_good(reader) || quota >= holders->quota_count ||
        holder->accounts[quota] != NULL) {
        snapshot_refuse(reader, "an account of a quota that is not there, or a second one");
        return;
    }
    struct account *account = holders_account(holders, holder, (uint32_t)quota);
    account->division_base = snapshot_get_between(reader, 1, INT64_MAX);
    for (int level = 0; level < QUOTA_LEVELS; level++) {
        account->allowed_base[level] = wide_load(reader);
    }
    account->counted_heats = snapshot_get_signed(reader);
    account->unknown_heats = reader->version > 1 ? snapshot_get_signed(reader) : 0;
    account->two_levels = snapshot_get_signed(reader);
    account->used_base[ACCOUNT_BOOKED] = snapshot_get_signed(reader);
    account->used_base[ACCOUNT_OPEN] = snapshot_get_signed(reader);
    account->counts = snapshot_get_flag(reader);
    account->kept = snapshot_get_flag(reader);
    for (int level = 0; level < ALERT_LEVELS; level++) {
        alert_load(&account->alerts[level], reader);
    }
    stakes_load(headroom, account, reader);
    if (reader->version > 1) {
        earned_load(&account->earned, reader);
    } else {
        earned_assume(holders, account);
    }
    account->to_show = true; /* nobody knows any more what was shown */
    account_list_add(&holders->to_show, account);
}

/* ---- Holders ---- */

static void holder_save(const struct holder *holder, struct snapshot_writer *writer)
{
    uint32_t accounts = 0;
    snapshot_put_number(writer, holder->key.scope);
    if (holder_scope(holder) == BALANCE_HEAT) {
        heat_save(&holder->heat, writer);
        used_save(&holder->booked, writer);
        used_save(&holder->open, writer);
    } else if (holder_scope(holder) == BALANCE_CREW) {
        crew_slot_save(holder->slot, 0, writer);
        snapshot_put_flag(writer, holder->shift_ended);
        snapshot_put_signed(writer, holder->actual_us);
        snapshot_put_signed(writer, holder->nominal_us);
        snapshot_put_signed(writer, holder->heats_unended);
    } else {
        period_save(holder->period, writer);
        snapshot_put_signed(writer, holder->heats_unended);
    }
    snapshot_put_moment(writer, holder->rated_us, 0);
    snapshot_put_flag(writer, holder->had_ended);
    snapshot_put_flag(writer, holder->to_settle);
    for (uint32_t quota = 0; quota < holder->quota_count; quota++) {
        accounts += holder->accounts[quota] != NULL;
    }
    snapshot_put_number(writer, accounts);
    for (uint32_t quota = 0; quota < holder->quota_count; quota++) {
        if (holder->accounts[quota] != NULL) {
            account_save(holder->accounts[quota], writer);
        }
    }
}

static struct holder *find(const struct holders *holders, struct holder_key key)
{
    struct holder *holder = NULL;
    HASH_FIND(hh, holders->table, &key, sizeof key, holder);
    return holder;
}

/* Whom it is about: NULL, and the reader broken, where that holder is there already. */
static struct holder *holder_begin(struct holders *holders, struct snapshot_reader *reader)
{
    uint64_t scope = BALANCE_HEAT;
    if (reader->version > 1) {
        scope = snapshot_get_number(reader, BALANCE_PERIOD);
    } else if (!snapshot_get_flag(reader)) { /* whether it is a heat */
        scope = BALANCE_CREW;
    }
    struct heat heat = {0};
    struct crew_slot slot = {0};
    struct period period = {0};
    struct holder_key key = {0};
    bool named = false;
    if (scope == BALANCE_HEAT) {
        heat = heat_load(holders->catalog, reader);
        key = holder_key_heat(heat.no);
        named = heat.no.value != 0;
    } else if (scope == BALANCE_CREW) {
        slot = crew_slot_load(holders->catalog, 0, reader);
        key = holder_key_slot(slot);
        named = slot.crew.index != CATALOG_NONE;
    } else if (scope == BALANCE_PERIOD) {
        period = period_load(reader);
        key = holder_key_period(period);
        named = period.until_day > period.from_day;
    }
    if (!snapshot_is_good(reader) || !named || find(holders, key) != NULL) {
        snapshot_refuse(reader, "a heat, a crew-shift or a period without a name, or that stands "
                                "twice");
        return NULL;
    }
    struct holder *holder = holder_create(key, holders->quota_count);
    HASH_ADD(hh, holders->table, key, sizeof holder->key, holder);
    holder->heat = heat;
    holder->slot = slot;
    holder->period = period;
    return holder;
}

static void settle_later(struct holders *holders, struct holder *holder)
{
    holder->to_settle = true;
    memory_grow(&holders->to_settle, holders->to_settle_count, &holders->to_settle_capacity,
                sizeof(struct holder *));
    holders->to_settle[holders->to_settle_count++] = holder;
}

static void holder_load(struct holders *holders, const struct headroom *headroom,
                        struct snapshot_reader *reader)
{
    struct holder *holder = holder_begin(holders, reader);
    if (holder == NULL) {
        return;
    }
    if (holder_scope(holder) == BALANCE_HEAT) {
        used_load(&holder->booked, holders->catalog, reader);
        used_load(&holder->open, holders->catalog, reader);
    } else if (holder_scope(holder) == BALANCE_CREW) {
        holder->shift_ended = snapshot_get_flag(reader);
        holder->actual_us = snapshot_get_between(reader, 0, INT64_MAX);
        holder->nominal_us = snapshot_get_between(reader, 0, INT64_MAX);
        if ((holder->actual_us > 0) != (holder->nominal_us > 0)) {
            snapshot_refuse(reader, "a shift has a length, and none that is usual");
            return;
        }
        holder->heats_unended = snapshot_get_signed(reader);
    } else {
        holders_watch_period(holders, holder);
        holder->heats_unended = snapshot_get_signed(reader);
    }
    holder->rated_us = snapshot_get_moment(reader, 0);
    holder->had_ended = snapshot_get_flag(reader);
    if (snapshot_get_flag(reader)) {
        settle_later(holders, holder);
    }
    size_t accounts = snapshot_get_count(reader, holders->quota_count);
    for (size_t i = 0; i < accounts && snapshot_is_good(reader); i++) {
        account_load(holders, holder, headroom, reader);
    }
}

/* ---- What is to be judged, in its order ---- */

static void to_judge_save(const struct holders *holders, struct snapshot_writer *writer)
{
    snapshot_put_number(writer, holders->to_judge.count);
    for (size_t i = 0; i < holders->to_judge.count; i++) {
        const struct account *account = holders->to_judge.accounts[i];
        const struct holder_key *key = &account->holder->key;
        snapshot_put_number(writer, key->scope);
        snapshot_put_number(writer, key->heat_or_day);
        snapshot_put_number(writer, key->shift);
        snapshot_put_number(writer, key->crew);
        snapshot_put_number(writer, account->id.index);
    }
}

static void to_judge_load(struct holders *holders, struct snapshot_reader *reader)
{
    size_t count = snapshot_get_count(reader, HOLDERS_MAX);
    for (size_t i = 0; i < count && snapshot_is_good(reader); i++) {
        struct holder_key key = {.scope = (uint32_t)snapshot_get_number(reader, UINT32_MAX)};
        key.heat_or_day = (uint32_t)snapshot_get_number(reader, UINT32_MAX);
        key.shift = (uint16_t)snapshot_get_number(reader, UINT16_MAX);
        key.crew = (uint16_t)snapshot_get_number(reader, UINT16_MAX);
        uint64_t quota = snapshot_get_number(reader, UINT16_MAX);
        const struct holder *holder = find(holders, key);
        struct account *account =
            holder != NULL && quota < holders->quota_count ? holder->accounts[quota] : NULL;
        if (!snapshot_is_good(reader) || account == NULL || account->to_judge) {
            snapshot_refuse(reader, "what is to be judged is not there, or stands twice");
            return;
        }
        account->to_judge = true;
        account_list_add(&holders->to_judge, account);
    }
}

void holders_save(const struct holders *holders, struct snapshot_writer *writer)
{
    snapshot_put_section(writer, SECTION, VERSION);
    snapshot_put_number(writer, holders->quota_count);
    snapshot_put_signed(writer, holders->present_day);
    snapshot_put_number(writer, HASH_COUNT(holders->table));
    for (const struct holder *holder = holders->table; holder != NULL; holder = holder->hh.next) {
        holder_save(holder, writer);
    }
    to_judge_save(holders, writer);
}

void holders_load(struct holders *holders, const struct headroom *headroom,
                  struct snapshot_reader *reader)
{
    snapshot_get_section(reader, SECTION, VERSION);
    if (snapshot_get_number(reader, UINT32_MAX) != holders->quota_count) {
        snapshot_refuse(reader, "the snapshot is one of another configuration: of other quotas");
        return;
    }
    if (reader->version > 1) {
        holders->present_day = (int32_t)snapshot_get_between(reader, INT32_MIN, INT32_MAX);
    }
    size_t count = snapshot_get_count(reader, HOLDERS_MAX);
    for (size_t i = 0; i < count && snapshot_is_good(reader); i++) {
        holder_load(holders, headroom, reader);
    }
    to_judge_load(holders, reader);
}
