#include "rules_snapshot.h"

#include "memory.h"
#include "papers_snapshot.h"
#include "parts_snapshot.h"
#include "revisions.h"
#include "rules_state.h"

#define SECTION "rules"
#define METERS "meter alerts"
#define TROUBLES "troubles"
#define SHELVES "shelves"
#define RULES_VERSION 2 /* 1 had no papers */
#define VERSION 1
#define SHELVES_VERSION 2 /* 1 had no periods */

/* ---- Names ---- */

void crew_slot_save(struct crew_slot slot, int32_t from_day, struct snapshot_writer *writer)
{
    snapshot_put_from(writer, slot.day, from_day);
    snapshot_put_number(writer, slot.shift.index);
    snapshot_put_number(writer, slot.crew.index == CATALOG_NONE ? 0 : slot.crew.index + 1u);
}

struct crew_slot crew_slot_load(const struct catalog *catalog, int32_t from_day,
                                struct snapshot_reader *reader)
{
    struct crew_slot slot = {0};
    int64_t day = snapshot_get_from(reader, from_day);
    if (day < INT32_MIN || day > INT32_MAX) {
        snapshot_refuse(reader, "a production day that no calendar has");
        return slot;
    }
    slot.day = (int32_t)day;
    slot.shift.index = (uint16_t)snapshot_get_number(
        reader, catalog->shift_count > 0 ? catalog->shift_count - 1u : 0);
    /* Of a heat that nobody owns it is 0, which need not be a crew. */
    uint64_t crew = snapshot_get_number(reader, catalog->crew_count > 0 ? catalog->crew_count : 1);
    slot.crew.index = crew == 0 ? CATALOG_NONE : (uint16_t)(crew - 1);
    return slot;
}

void period_save(struct period period, struct snapshot_writer *writer)
{
    snapshot_put_number(writer, period.kind);
    snapshot_put_signed(writer, period.from_day);
    snapshot_put_flag(writer, period.until_day > period.from_day);
}

struct period period_load(struct snapshot_reader *reader)
{
    enum { DAYS_MAX = 1000000 }; /* either way: what a calendar can be asked for */
    enum period_kind kind = (enum period_kind)snapshot_get_number(reader, PERIOD_KINDS - 1);
    int32_t day = (int32_t)snapshot_get_between(reader, -DAYS_MAX, DAYS_MAX);
    if (!snapshot_get_flag(reader) || !snapshot_is_good(reader)) {
        return (struct period){0};
    }
    struct period period = period_of(kind, day);
    if (period.from_day != day) {
        snapshot_refuse(reader, "a period that begins on another day");
    }
    return period;
}

meter_id rules_meter_load(const struct catalog *catalog, struct snapshot_reader *reader)
{
    uint64_t meter = snapshot_get_number(reader, UINT32_MAX);
    if (meter >= catalog->meter_count) {
        snapshot_refuse(reader, "a meter that the configuration does not have");
        return (meter_id){0};
    }
    return (meter_id){(uint32_t)meter};
}

void rules_station_save(station_id station, struct snapshot_writer *writer)
{
    snapshot_put_number(writer, station.index == CATALOG_NONE ? 0 : station.index + 1u);
}

station_id rules_station_load(const struct catalog *catalog, struct snapshot_reader *reader)
{
    uint64_t station = snapshot_get_number(reader, catalog->station_count);
    return (station_id){station == 0 ? CATALOG_NONE : (uint16_t)(station - 1)};
}

/* ---- Alerts ---- */

enum { ALERT_BIT_RISEN = 1, ALERT_BIT_UNCLOSED = 2, ALERT_BIT_KNOWN = 4, ALERT_HANDLING_AT = 8 };

void alert_save(const struct alert *alert, struct snapshot_writer *writer)
{
    snapshot_put_number(writer, (alert->risen ? ALERT_BIT_RISEN : 0u) |
                                    (alert->unclosed ? ALERT_BIT_UNCLOSED : 0u) |
                                    (alert->known ? ALERT_BIT_KNOWN : 0u) |
                                    (unsigned)alert->handling * ALERT_HANDLING_AT);
    snapshot_put_moment(writer, alert->until_us, 0);
}

void alert_load(struct alert *alert, struct snapshot_reader *reader)
{
    uint64_t bits =
        snapshot_get_number(reader, ALERT_SHELVED * ALERT_HANDLING_AT + ALERT_HANDLING_AT - 1);
    alert->risen = (bits & ALERT_BIT_RISEN) != 0;
    alert->unclosed = (bits & ALERT_BIT_UNCLOSED) != 0;
    alert->known = (bits & ALERT_BIT_KNOWN) != 0;
    alert->handling = (enum alert_state)(bits / ALERT_HANDLING_AT);
    alert->until_us = snapshot_get_moment(reader, 0);
}

/* Of most meters there is nothing to tell. */
static bool watch_is_idle(const struct meter_watch *watch)
{
    bool idle = !watch->to_judge && watch->held_base == 0;
    for (int matter = ALERT_QUOTA + 1; idle && matter < ALERT_METER_MATTERS; matter++) {
        idle = !watch->holds[matter] && !watch->alerts[matter].known;
    }
    return idle;
}

static void meter_alerts_save(const struct meter_alerts *alerts, struct snapshot_writer *writer)
{
    snapshot_put_section(writer, METERS, VERSION);
    for (uint32_t i = 0; i < alerts->meter_count; i++) {
        const struct meter_watch *watch = &alerts->meters[i];
        bool idle = watch_is_idle(watch);
        snapshot_put_flag(writer, !idle);
        if (idle) {
            continue;
        }
        snapshot_put_flag(writer, watch->to_judge);
        snapshot_put_signed(writer, watch->held_base);
        for (int matter = ALERT_QUOTA + 1; matter < ALERT_METER_MATTERS; matter++) {
            snapshot_put_flag(writer, watch->holds[matter]);
            alert_save(&watch->alerts[matter], writer);
        }
    }
}

static void meter_alerts_load(struct meter_alerts *alerts, struct snapshot_reader *reader)
{
    snapshot_get_section(reader, METERS, VERSION);
    for (uint32_t i = 0; i < alerts->meter_count && snapshot_is_good(reader); i++) {
        struct meter_watch *watch = &alerts->meters[i];
        if (!snapshot_get_flag(reader)) {
            continue;
        }
        watch->to_judge = snapshot_get_flag(reader);
        watch->held_base = snapshot_get_signed(reader);
        for (int matter = ALERT_QUOTA + 1; matter < ALERT_METER_MATTERS; matter++) {
            watch->holds[matter] = snapshot_get_flag(reader);
            alert_load(&watch->alerts[matter], reader);
        }
        if (watch->to_judge) {
            memory_grow(&alerts->changed, alerts->changed_count, &alerts->changed_capacity,
                        sizeof *alerts->changed);
            alerts->changed[alerts->changed_count++] = i;
        }
    }
}

/* ---- Troubles ---- */

static void troubles_save(const struct plant_alerts *alerts, struct snapshot_writer *writer)
{
    snapshot_put_section(writer, TROUBLES, VERSION);
    snapshot_put_number(writer, TROUBLE_KINDS);
    for (int kind = TROUBLE_NONE + 1; kind < TROUBLE_KINDS; kind++) {
        snapshot_put_signed(writer, alerts->of[kind].since_us);
        alert_save(&alerts->of[kind].alert, writer);
    }
}

static void troubles_load(struct plant_alerts *alerts, struct snapshot_reader *reader)
{
    snapshot_get_section(reader, TROUBLES, VERSION);
    uint64_t kinds = snapshot_get_number(reader, UINT32_MAX); /* new ones come behind the others */
    if (kinds > TROUBLE_KINDS) {
        snapshot_refuse(reader, "it knows troubles that this version does not");
        return;
    }
    for (uint64_t kind = TROUBLE_NONE + 1; kind < kinds; kind++) {
        alerts->of[kind].since_us = snapshot_get_signed(reader);
        alert_load(&alerts->of[kind].alert, reader);
    }
}

/* ---- Shelves ---- */

static void shelved_save(const struct alert_transition *shelved, struct snapshot_writer *writer)
{
    snapshot_put_number(writer, shelved->matter);
    snapshot_put_number(writer, shelved->quota.index);
    snapshot_put_number(writer, shelved->scope);
    snapshot_put_number(writer, shelved->heat.value);
    crew_slot_save(shelved->slot, 0, writer);
    snapshot_put_flag(writer, shelved->slot_known);
    period_save(shelved->period, writer);
    snapshot_put_number(writer, shelved->meter.index);
    snapshot_put_number(writer, shelved->trouble);
    snapshot_put_number(writer, shelved->level);
    snapshot_put_signed(writer, shelved->at_us);
    snapshot_put_signed(writer, shelved->used_base);
    snapshot_put_signed(writer, shelved->allowed_base);
    snapshot_put_flag(writer, shelved->retro);
    snapshot_put_moment(writer, shelved->until_us, shelved->at_us);
}

static struct alert_transition shelved_load(const struct catalog *catalog,
                                            struct snapshot_reader *reader)
{
    struct alert_transition shelved = {.state = ALERT_SHELVED};
    shelved.matter = (enum alert_matter)snapshot_get_number(reader, ALERT_MATTERS - 1);
    shelved.quota.index = (uint16_t)snapshot_get_number(reader, UINT16_MAX);
    shelved.scope = (enum balance_scope)snapshot_get_number(reader, BALANCE_PERIOD);
    shelved.heat.value = (uint32_t)snapshot_get_number(reader, UINT32_MAX);
    shelved.slot = crew_slot_load(catalog, 0, reader);
    shelved.slot_known = snapshot_get_flag(reader);
    shelved.period = reader->version > 1 ? period_load(reader) : (struct period){0};
    shelved.meter.index = (uint32_t)snapshot_get_number(reader, UINT32_MAX);
    shelved.trouble = (enum trouble_kind)snapshot_get_number(reader, TROUBLE_KINDS - 1);
    shelved.level = (enum alert_level)snapshot_get_number(reader, ALERT_LEVELS - 1);
    shelved.at_us = snapshot_get_signed(reader);
    shelved.used_base = snapshot_get_signed(reader);
    shelved.allowed_base = snapshot_get_signed(reader);
    shelved.retro = snapshot_get_flag(reader);
    shelved.until_us = snapshot_get_moment(reader, shelved.at_us);
    return shelved;
}

/* Whether there is the alert that is put aside. */
static bool is_there(const struct rules *rules, const struct alert_transition *shelved)
{
    const struct holders *holders = &rules->holders;
    if (shelved->scope == BALANCE_METER) {
        return shelved->meter.index < rules->meters.meter_count && shelved->level == ALERT_LIMIT &&
               shelved->matter != ALERT_QUOTA && shelved->matter != ALERT_SYSTEM;
    }
    if (shelved->scope == BALANCE_PLANT) {
        return shelved->trouble != TROUBLE_NONE && shelved->level == ALERT_LIMIT &&
               shelved->matter == ALERT_SYSTEM;
    }
    const struct holder *holder = shelved->scope == BALANCE_HEAT
                                      ? holders_heat(holders, shelved->heat)
                                      : holders_slot(holders, shelved->slot);
    return shelved->matter == ALERT_QUOTA && holder != NULL &&
           shelved->quota.index < holders->quota_count &&
           holder->accounts[shelved->quota.index] != NULL;
}

static void shelves_save(const struct shelves *shelves, struct snapshot_writer *writer)
{
    snapshot_put_section(writer, SHELVES, SHELVES_VERSION);
    snapshot_put_number(writer, shelves->count);
    for (size_t i = 0; i < shelves->count; i++) {
        shelved_save(&shelves->alerts[i], writer);
    }
}

static void shelves_load(struct rules *rules, struct snapshot_reader *reader)
{
    struct shelves *shelves = &rules->shelves;
    snapshot_get_section(reader, SHELVES, SHELVES_VERSION);
    size_t count = snapshot_get_count(reader, SHELVES_MAX);
    for (size_t i = 0; i < count && snapshot_is_good(reader); i++) {
        struct alert_transition shelved = shelved_load(rules->holders.catalog, reader);
        if (!snapshot_is_good(reader) || !is_there(rules, &shelved)) {
            snapshot_refuse(reader, "an alert is put aside that is not there");
            return;
        }
        shelves_put(shelves, &shelved);
        if (shelves->count != i + 1) {
            snapshot_refuse(reader, "an alert is put aside twice");
        }
    }
}

/* ---- The whole ---- */

void rules_save(const struct rules *rules, struct snapshot_writer *writer)
{
    REQUIRE(!rules->showing);
    snapshot_put_section(writer, SECTION, RULES_VERSION);
    papers_save(&rules->papers, writer);
    headroom_save(&rules->headroom, writer);
    holders_save(&rules->holders, writer);
    meter_alerts_save(&rules->meters, writer);
    troubles_save(&rules->plant, writer);
    shelves_save(&rules->shelves, writer);
    carried_save(&rules->carried, writer);
}

/* Before the accounts, which are loaded under the rates in force. */
static void papers_load_in_force(struct rules *rules, struct snapshot_reader *reader)
{
    const struct holders *holders = &rules->holders;
    papers_load(&rules->papers, holders->catalog, holders->quota_count, reader);
    for (const struct kept_paper *kept = rules->papers.table; kept != NULL; kept = kept->hh.next) {
        if (!snapshot_is_good(reader) || kept->kind != PAPER_REVISE ||
            kept->state != PAPER_IN_FORCE) {
            continue;
        }
        struct quota *quota = &rules->quotas[kept->quota.index];
        if (revisions_full(quota)) {
            snapshot_refuse(reader, "a quota has more revisions than there can be");
            return;
        }
        revisions_put(quota, kept);
    }
}

bool rules_load(struct rules *rules, struct snapshot_reader *reader)
{
    snapshot_get_section(reader, SECTION, RULES_VERSION);
    const bool has_papers = reader->version >= 2; /* and what is carried, at the end */
    if (has_papers) {
        papers_load_in_force(rules, reader);
    }
    headroom_load(&rules->headroom, rules->holders.catalog, reader);
    holders_load(&rules->holders, &rules->headroom, reader);
    headroom_check(&rules->headroom, &rules->holders, reader);
    meter_alerts_load(&rules->meters, reader);
    troubles_load(&rules->plant, reader);
    shelves_load(rules, reader);
    if (has_papers) {
        carried_load(&rules->carried, &rules->holders, reader);
    }
    return snapshot_is_good(reader);
}
