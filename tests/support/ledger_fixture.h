/* A small plant and a book to write by hand: for the tests of ledger and outlets.
 *
 * Two items (electricity in kWh, femn in kg, both with three decimals), stations BOF and LF, meters
 * E02 (electricity, LF), E03 (electricity, BOF), M02 (femn, BOF) and E01 (a check meter), shifts
 * day 08-16, middle, night, crews A and B, quotas femn and lf (electricity at LF), UTC+8. */
#ifndef LEDGER_FIXTURE_H
#define LEDGER_FIXTURE_H

#include "book.h"
#include "timestamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { F_ELECTRICITY, F_FEMN };
enum { F_BOF, F_LF };
enum { F_E02, F_E03, F_M02, F_E01 };
enum { F_DAY, F_MIDDLE, F_NIGHT };
enum { F_A, F_B };
enum { F_QUOTA_FEMN, F_QUOTA_LF };

#define F_DATE 20522 /* 2026-03-10 */
/* An instant of that date by its clock in the plant, UTC+8. */
#define F_AT(hour, minute)                                                                         \
    (F_DATE * TIMESTAMP_DAY_US + ((hour)-8) * TIMESTAMP_HOUR_US + (minute)*TIMESTAMP_MINUTE_US)

struct ledger_fixture {
    char directory[64], path[96]; /* empty directory: in memory */
    struct item items[2];
    struct station stations[2];
    struct meter meters[4];
    struct shift shifts[3];
    struct crew crews[2];
    struct catalog catalog;
    struct zone zone;
    struct book_quota quotas[2];
    struct book_plant plant;
    struct book *book;
    uint64_t position; /* of the batch being written */
    uint32_t ordinal;
};

static inline void fixture_plant(struct ledger_fixture *f)
{
    f->items[F_ELECTRICITY] = (struct item){.id = "electricity",
                                            .name = {"电", "electricity"},
                                            .unit = "kWh",
                                            .decimals = 3,
                                            .division_base = 1000,
                                            .price_e6 = 620000,
                                            .coal_gce_e6 = 122900,
                                            .co2_kg_e6 = -1};
    f->items[F_FEMN] = (struct item){.id = "femn",
                                     .name = {"锰铁", "Mn-Fe"},
                                     .unit = "kg",
                                     .decimals = 3,
                                     .division_base = 1000,
                                     .price_e6 = -1,
                                     .coal_gce_e6 = -1,
                                     .co2_kg_e6 = -1};
    f->stations[F_BOF] = (struct station){.id = "BOF", .name = {"转炉", "BOF"}};
    f->stations[F_LF] = (struct station){.id = "LF", .name = {"精炼炉", "LF"}, .last = true};
    const struct {
        const char *id;
        uint16_t item, station;
        enum meter_kind kind;
        enum meter_role role;
    } meters[] = {{"E02", F_ELECTRICITY, F_LF, METER_REGISTER, METER_BOOK},
                  {"E03", F_ELECTRICITY, F_BOF, METER_REGISTER, METER_BOOK},
                  {"M02", F_FEMN, F_BOF, METER_EVENT, METER_BOOK},
                  {"E01", F_ELECTRICITY, F_BOF, METER_REGISTER, METER_CHECK}};
    for (size_t i = 0; i < 4; i++) {
        struct meter *meter = &f->meters[i];
        snprintf(meter->id, sizeof meter->id, "%s", meters[i].id);
        meter->item.index = meters[i].item;
        meter->station.index = meters[i].station;
        meter->kind = meters[i].kind;
        meter->role = meters[i].role;
        meter->decimals = 3;
        meter->scale_num = meter->scale_den = 1;
        meter->stale_us = 10 * TIMESTAMP_MINUTE_US;
    }
    f->shifts[F_DAY] = (struct shift){"day", {"白班", "day"}, 8 * 3600};
    f->shifts[F_MIDDLE] = (struct shift){"middle", {"中班", "middle"}, 16 * 3600};
    f->shifts[F_NIGHT] = (struct shift){"night", {"夜班", "night"}, 0};
    f->crews[F_A] = (struct crew){.id = "A", .name = {"甲", "A"}};
    f->crews[F_B] = (struct crew){.id = "B", .name = {"乙", "B"}};
    f->catalog = (struct catalog){.shop = "BOF1",
                                  .shop_name = {"一炼钢", "Shop 1"},
                                  .item_count = 2,
                                  .station_count = 2,
                                  .meter_count = 4,
                                  .shift_count = 3,
                                  .crew_count = 2,
                                  .items = f->items,
                                  .stations = f->stations,
                                  .meters = f->meters,
                                  .shifts = f->shifts,
                                  .crews = f->crews};
    f->zone = zone_fixed("Asia/Shanghai", 8 * 3600);
    f->quotas[F_QUOTA_FEMN] = (struct book_quota){.id = "femn",
                                                  .name = {"锰铁定额", "Mn-Fe"},
                                                  .item = {F_FEMN},
                                                  .stations = "",
                                                  .meters = "",
                                                  .view = "owner",
                                                  .basis = "tonne",
                                                  .posts = "alloyer;foreman"};
    f->quotas[F_QUOTA_LF] = (struct book_quota){.id = "lf",
                                                .name = {"LF电耗", "LF electricity"},
                                                .item = {F_ELECTRICITY},
                                                .stations = "LF",
                                                .meters = "",
                                                .view = "owner",
                                                .basis = "tonne",
                                                .posts = "operator"};
    f->plant = (struct book_plant){.catalog = &f->catalog,
                                   .text = "{}",
                                   .version = 1,
                                   .position = 1,
                                   .zone = &f->zone,
                                   .root = "heatledger/BOF1",
                                   .quotas = f->quotas,
                                   .quota_count = 2};
}

/* Starts the next batch; ordinals start again. */
static inline void fixture_begin(struct ledger_fixture *f)
{
    f->position += 10;
    f->ordinal = 0;
    book_begin(f->book);
}

static inline bool fixture_commit(struct ledger_fixture *f, int64_t now_us, struct failure *failure)
{
    return book_commit(f->book, f->position, now_us, failure);
}

/* A book in a directory of its own, or in memory, with the plant in its first batch, which stays
 * open. */
static inline struct ledger_fixture *fixture_open(bool on_disk)
{
    struct ledger_fixture *f = calloc(1, sizeof *f);
    const char *base = getenv("TMPDIR");
    struct failure failure;

    REQUIRE(f != NULL);
    fixture_plant(f);
    if (on_disk) {
        snprintf(f->directory, sizeof f->directory, "%.40s/ledger-XXXXXX",
                 base == NULL ? "/tmp" : base);
        REQUIRE(mkdtemp(f->directory) != NULL);
        snprintf(f->path, sizeof f->path, "%s/ledger.db", f->directory);
    } else {
        snprintf(f->path, sizeof f->path, ":memory:");
    }
    f->book = book_open(f->path, &failure);
    REQUIRE(f->book != NULL);
    fixture_begin(f);
    book_plant(f->book, &f->plant);
    return f;
}

static inline void fixture_close(struct ledger_fixture *f)
{
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    char file[128];

    book_close(f->book);
    if (f->directory[0] != '\0') {
        for (size_t i = 0; i < 3; i++) {
            snprintf(file, sizeof file, "%s%s", f->path, suffixes[i]);
            unlink(file);
        }
        rmdir(f->directory);
    }
    free(f);
}

static inline struct crew_slot fixture_slot(uint16_t shift, uint16_t crew)
{
    return (struct crew_slot){.day = F_DATE, .shift = {shift}, .crew = {crew}};
}

static inline struct segment fixture_segment(uint32_t meter, uint32_t heat, struct crew_slot slot,
                                             int64_t start_us, int64_t end_us, int64_t amount_base)
{
    return (struct segment){.meter = {meter},
                            .station = {meter == F_E02 ? F_LF : F_BOF},
                            .heat = {heat},
                            .slot = slot,
                            .start_us = start_us,
                            .end_us = end_us,
                            .amount_base = amount_base,
                            .quality = QUALITY_MEASURED,
                            .method = SHARING_NONE};
}

/* Posts a segment and returns its identity. */
static inline struct effect_id fixture_post(struct ledger_fixture *f, struct segment segment)
{
    struct posting posting = {.id = {f->position, f->ordinal++},
                              .segment = segment,
                              .cause = POSTING_CLOSED,
                              .reverses = EFFECT_NONE};

    book_posting(f->book, &posting);
    return posting.id;
}

/* Takes a posting back. */
static inline void fixture_reverse(struct ledger_fixture *f, struct effect_id id,
                                   struct segment segment)
{
    struct posting posting = {.id = {f->position, f->ordinal++},
                              .segment = segment,
                              .cause = POSTING_REVERSAL,
                              .reverses = id,
                              .booked_at_us = segment.end_us + 60 * INT64_C(1000000)};

    posting.segment.amount_base = -segment.amount_base;
    book_posting(f->book, &posting);
}

/* A heat that nobody owns yet and that has not ended. */
static inline struct heat fixture_heat(uint32_t no, const char *id, int64_t first_start_us)
{
    struct heat heat = {.no = {no},
                        .steel_g = -1,
                        .planned_g = -1,
                        .first_start_us = first_start_us,
                        .owner_at_us = TIMESTAMP_NEVER_US,
                        .ended_us = TIMESTAMP_NEVER_US};

    snprintf(heat.id, sizeof heat.id, "%s", id);
    return heat;
}

static inline struct balance fixture_balance(uint16_t quota, uint32_t heat, struct crew_slot slot,
                                             int64_t target_base, int64_t limit_base,
                                             int64_t used_base, enum verdict verdict)
{
    return (struct balance){.quota = {quota},
                            .scope = heat == 0 ? BALANCE_CREW : BALANCE_HEAT,
                            .heat = {heat},
                            .slot = slot,
                            .slot_known = true,
                            .allowed_known = limit_base >= 0,
                            .allowed_target_base = target_base,
                            .allowed_limit_base = limit_base,
                            .used_base = used_base,
                            .verdict = verdict};
}

static inline void fixture_meter_state(struct ledger_fixture *f, uint32_t meter, int64_t last_us,
                                       int64_t value_raw, int64_t booked_base)
{
    struct book_meter_state state = {.meter = {meter},
                                     .last_ts_us = last_us,
                                     .last_alive_us = last_us,
                                     .last_value_raw = value_raw,
                                     .booked_base = booked_base,
                                     .readings = 12,
                                     .duplicates = 1};

    book_meter_state(f->book, &state);
}

/* A heat earned so much of a quota. */
static inline void fixture_earn(struct ledger_fixture *f, uint16_t quota, uint32_t heat,
                                int64_t target_base, int64_t limit_base)
{
    const struct quota_entry entry = {
        .quota = {quota},
        .from = quota_account_workshop(),
        .to = {.kind = QUOTA_ACCOUNT_HEAT, .heat = {heat}},
        .target_base = target_base,
        .limit_base = limit_base,
        .cause = QUOTA_ENTRY_EARNED,
        .at_us = F_AT(8, 15),
    };
    book_quota_entry(f->book, (struct effect_id){f->position, quota * 100u + heat}, &entry);
}

/* The ledger that reports and handover are tested with, at 16:00:30. Heat 12602485 is tapped at
 * 08:15 by A and has ended; heat 12602496 is tapped at 15:35 by A and stands at LF since 15:55:
 * 600 kWh are posted up to 16:00, 60 kWh are open under B since. */
static inline void fixture_demo(struct ledger_fixture *f)
{
    struct crew_slot a = fixture_slot(F_DAY, F_A), b = fixture_slot(F_MIDDLE, F_B);
    struct heat first = fixture_heat(1, "12602485", F_AT(7, 45));
    struct heat second = fixture_heat(2, "12602496", F_AT(15, 5));
    struct segment corrected = fixture_segment(F_M02, 1, a, F_AT(8, 10), F_AT(8, 10), 690000);
    struct segment open = fixture_segment(F_E02, 2, b, F_AT(16, 0), F_AT(16, 0) + 30000000, 60000);

    book_slot(f->book, a, F_AT(8, 0), F_AT(16, 0));
    book_slot(f->book, b, F_AT(16, 0), F_AT(24, 0));
    first.steel_g = 99600000;
    first.owner_at_us = F_AT(8, 15);
    first.owner = a;
    first.ended_us = F_AT(9, 55);
    snprintf(first.grade, sizeof first.grade, "Q235");
    second.steel_g = 100100000;
    second.owner_at_us = F_AT(15, 35);
    second.owner = a;
    book_heat(f->book, &first, 1);
    book_heat(f->book, &second, 1);
    book_stay(f->book, &(struct heat_stay){{1}, {F_BOF}, 1, F_AT(7, 45), F_AT(8, 15)});
    book_stay(f->book, &(struct heat_stay){{1}, {F_LF}, 1, F_AT(8, 30), F_AT(9, 0)});
    book_stay(f->book, &(struct heat_stay){{2}, {F_BOF}, 1, F_AT(15, 5), F_AT(15, 35)});
    book_stay(f->book, &(struct heat_stay){{2}, {F_LF}, 1, F_AT(15, 55), TIMESTAMP_NEVER_US});
    /* 690 kg taken back and posted again as 682, corrected */
    fixture_reverse(f, fixture_post(f, corrected), corrected);
    corrected.amount_base = 682000;
    corrected.quality = QUALITY_CORRECTED;
    fixture_post(f, corrected);
    fixture_post(f, fixture_segment(F_M02, 2, a, F_AT(15, 30), F_AT(15, 30), 686000));
    fixture_post(f, fixture_segment(F_E02, 1, a, F_AT(8, 30), F_AT(9, 0), 4100000));
    fixture_post(f, fixture_segment(F_E02, 2, a, F_AT(15, 55), F_AT(16, 0), 600000));
    struct segment idle = fixture_segment(F_E03, 0, a, F_AT(8, 0), F_AT(16, 0), 1000001);
    idle.quality = QUALITY_ESTIMATED;
    fixture_post(f, idle);
    book_balance(f->book, &(struct balance){.quota = {F_QUOTA_FEMN},
                                            .scope = BALANCE_HEAT,
                                            .heat = {1},
                                            .slot = a,
                                            .slot_known = true,
                                            .allowed_known = true,
                                            .allowed_target_base = 677280,
                                            .allowed_limit_base = 697200,
                                            .used_base = 682000,
                                            .verdict = VERDICT_AMBER});
    struct balance heat_lf =
        fixture_balance(F_QUOTA_LF, 2, a, 3603600, 3603600, 660000, VERDICT_GREEN);
    heat_lf.provisional = true;
    book_balance(f->book, &heat_lf);
    struct balance crew_femn =
        fixture_balance(F_QUOTA_FEMN, 0, a, 1357960, 1397900, 1368000, VERDICT_AMBER);
    struct balance crew_lf =
        fixture_balance(F_QUOTA_LF, 0, a, 7189200, 7189200, 4760000, VERDICT_GREEN);
    crew_femn.provisional = crew_lf.provisional = true;
    book_balance(f->book, &crew_femn);
    book_balance(f->book, &crew_lf);
    fixture_earn(f, F_QUOTA_FEMN, 1, 677280, 697200);
    fixture_earn(f, F_QUOTA_FEMN, 2, 680680, 700700);
    fixture_earn(f, F_QUOTA_LF, 1, 3585600, 3585600);
    fixture_earn(f, F_QUOTA_LF, 2, 3603600, 3603600);
    struct alert_transition alert = {.quota = {F_QUOTA_FEMN},
                                     .scope = BALANCE_HEAT,
                                     .heat = {1},
                                     .slot = a,
                                     .slot_known = true,
                                     .level = ALERT_TARGET,
                                     .state = ALERT_RAISED,
                                     .at_us = F_AT(8, 15),
                                     .used_base = 682000,
                                     .allowed_base = 677280};
    book_alert(f->book, (struct effect_id){f->position, f->ordinal++}, &alert);
    alert.state = ALERT_CLOSED;
    alert.at_us = F_AT(9, 55);
    book_alert(f->book, (struct effect_id){f->position, f->ordinal++}, &alert);
    alert.scope = BALANCE_CREW;
    alert.heat.value = 0;
    alert.state = ALERT_RAISED;
    alert.at_us = F_AT(15, 35);
    alert.used_base = 1368000;
    alert.allowed_base = 1357960;
    book_alert(f->book, (struct effect_id){f->position, f->ordinal++}, &alert);
    book_reject(f->book, &(struct book_reject){.id = {f->position, f->ordinal++},
                                               .at_us = F_AT(10, 0),
                                               .topic = "plant/BOF1/LF/electricity/E99",
                                               .topic_length = 29,
                                               .outcome = OUTCOME_UNKNOWN_METER,
                                               .detail = "meter \"E99\" is not in plant.json",
                                               .payload = "{\"v\":1,\x01\xff}",
                                               .payload_length = 10});
    book_open_begin(f->book, F_AT(16, 0) + 30000000);
    book_open_segment(f->book, &open);
    fixture_meter_state(f, F_E02, F_AT(16, 0) + 30000000, 123456789, 4760000);
    fixture_meter_state(f, F_E03, F_AT(15, 30), 5000, 1000001);
    fixture_meter_state(f, F_M02, F_AT(15, 30), 686000, 1368000);
}

#define F_DEMO_NOW_US (F_AT(16, 0) + 30 * TIMESTAMP_SECOND_US)

/* For cmocka_unit_test_setup_teardown: the state is a fixture with the demo's books. */
static inline int fixture_set_up_demo(void **state)
{
    struct ledger_fixture *f = fixture_open(false);
    struct failure failure;

    fixture_demo(f);
    REQUIRE(fixture_commit(f, F_DEMO_NOW_US, &failure));
    *state = f;
    return 0;
}

static inline int fixture_tear_down(void **state)
{
    fixture_close(*state);
    return 0;
}

#endif
