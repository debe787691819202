/* The configuration's names in the database. */
#include "book_store.h"

#include "memory.h"
#include "quantity.h"

#include <stdio.h>
#include <stdlib.h>

/* Statements of a configuration are run once each time it changes, so they are not kept. */
static struct book_filling plant_fill(struct book *book, const char *sql, const char *what)
{
    struct book_filling filling = {.book = book, .next = 1, .what = what};

    if (!book->failed &&
        sqlite3_prepare_v2(book->database, sql, -1, &filling.statement, NULL) != SQLITE_OK) {
        book_fail(book, FAILURE_RESOURCE, what);
    }
    return filling;
}

static int64_t plant_run(struct book_filling *filling)
{
    int64_t number = fill_run_number(filling, 0);

    sqlite3_finalize(filling->statement);
    return number;
}

static void fill_label(struct book_filling *filling, const struct label *label)
{
    fill_text(filling, label->zh);
    fill_text(filling, label->en);
}

/* The row of a named thing (table is a literal of this file): written, or, where its id is there
 * already, brought to what the configuration says now. Its parameters are those of name_fill, then
 * the columns' (up to NULL), then the configuration's version. Run, it gives the row's number. */
static struct book_filling name_upsert(struct book *book, const char *table,
                                       const char *const *columns, const char *what)
{
    sqlite3_str *sql = sqlite3_str_new(book->database);

    sqlite3_str_appendf(sql, "INSERT INTO %s (id, name_zh, name_en", table);
    for (size_t i = 0; columns[i] != NULL; i++) {
        sqlite3_str_appendf(sql, ", %s", columns[i]);
    }
    sqlite3_str_appendall(sql, ", configuration) VALUES (?,?,?,");
    for (size_t i = 0; columns[i] != NULL; i++) {
        sqlite3_str_appendall(sql, "?,");
    }
    sqlite3_str_appendall(sql, "?) ON CONFLICT (id) DO UPDATE SET name_zh = excluded.name_zh,"
                               " name_en = excluded.name_en");
    for (size_t i = 0; columns[i] != NULL; i++) {
        sqlite3_str_appendf(sql, ", %s = excluded.%s", columns[i], columns[i]);
    }
    sqlite3_str_appendall(sql, ", configuration = excluded.configuration RETURNING no");
    char *text = sqlite3_str_finish(sql); /* NULL without memory: sqlite refuses it */
    struct book_filling row = plant_fill(book, text, what);

    sqlite3_free(text);
    return row;
}

/* Begins a row of name_upsert's statement. */
static void name_fill(struct book_filling *row, const char *id, const struct label *name)
{
    row->next = 1;
    fill_text(row, id);
    fill_label(row, name);
}

/* Ends it; its number. Nothing is written behind a failure, which may have ended the transaction.
 */
static int64_t name_run(struct book_filling *row, const struct book_plant *plant)
{
    fill_number(row, plant->version);
    return row->book->failed ? 0 : fill_run_number(row, 0);
}

static void write_configuration(struct book *book, const struct book_plant *plant)
{
    struct book_filling row =
        plant_fill(book,
                   "INSERT INTO configuration (version, position, text, shop, shop_zh, shop_en,"
                   " zone, root) VALUES (?,?,?,?,?,?,?,?)",
                   "the configuration");

    fill_number(&row, plant->version);
    fill_number(&row, (int64_t)plant->position);
    fill_text(&row, plant->text);
    fill_text(&row, plant->catalog->shop);
    fill_label(&row, &plant->catalog->shop_name);
    fill_text(&row, plant->zone->name);
    fill_text(&row, plant->root);
    plant_run(&row);
}

static void write_zone(struct book *book, const struct zone *zone)
{
    struct book_filling clear = plant_fill(book, "DELETE FROM zone_transition", "the zone");

    plant_run(&clear);
    for (uint32_t i = 0; i < zone->transition_count; i++) {
        struct book_filling row = plant_fill(
            book, "INSERT INTO zone_transition (at_us, offset_s) VALUES (?,?)", "the zone");
        fill_number(&row, zone->transitions[i].at_us);
        fill_number(&row, zone->transitions[i].offset_s);
        plant_run(&row);
    }
}

/* The number of a name that is there; table is a literal of this file. */
static int64_t find(struct book *book, const char *table, const char *id)
{
    char sql[64];

    snprintf(sql, sizeof sql, "SELECT no FROM %s WHERE id = ?", table);
    struct book_filling row = plant_fill(book, sql, "the configuration");
    fill_text(&row, id);
    return plant_run(&row);
}

/* A configuration that is in the book already, as after a restart: only its numbers are needed. */
static void find_all(struct book *book, const struct book_plant *plant)
{
    const struct catalog *catalog = plant->catalog;

    for (uint32_t i = 0; i < catalog->item_count; i++) {
        book->items[i] = find(book, "item", catalog->items[i].id);
    }
    for (uint32_t i = 0; i < catalog->station_count; i++) {
        book->stations[i] = find(book, "station", catalog->stations[i].id);
    }
    for (uint32_t i = 0; i < catalog->meter_count; i++) {
        const struct meter *meter = &catalog->meters[i];
        book->meters[i] = (struct book_meter){.no = find(book, "meter", meter->id),
                                              .item = book->items[meter->item.index],
                                              .station = book->stations[meter->station.index]};
    }
    for (uint32_t i = 0; i < catalog->shift_count; i++) {
        book->shifts[i] = find(book, "shift", catalog->shifts[i].id);
    }
    for (uint32_t i = 0; i < catalog->crew_count; i++) {
        book->crews[i] = find(book, "crew", catalog->crews[i].id);
    }
    for (uint32_t i = 0; i < plant->quota_count; i++) {
        book->quotas[i] = find(book, "quota", plant->quotas[i].id);
    }
}

static bool is_known(struct book *book, int32_t version)
{
    struct book_filling row = plant_fill(
        book, "SELECT version FROM configuration WHERE version = ?", "the configuration");

    fill_number(&row, version);
    return plant_run(&row) == version;
}

/* Amounts are stored in base units: another resolution would change what they mean. */
static void refuse_new_resolution(struct book *book, const struct item *item)
{
    struct book_filling row =
        plant_fill(book,
                   "SELECT decimals FROM item WHERE id = ?1 AND EXISTS ("
                   " SELECT 1 FROM entry_posting WHERE item = item.no LIMIT 1)",
                   "the items");

    fill_text(&row, item->id);
    int64_t decimals = fill_run_number(&row, item->decimals);
    sqlite3_finalize(row.statement);
    if (!book->failed && decimals != item->decimals) {
        book->failed = true;
        failure_set(&book->failure, FAILURE_INPUT,
                    "%s: item \"%s\" is booked with %d decimals, the configuration now says %d; "
                    "keep its resolution, or give the new one another id",
                    book->path, item->id, (int)decimals, item->decimals);
    }
}

static void write_items(struct book *book, const struct book_plant *plant)
{
    static const char *const columns[] = {"unit",          "decimals",  "resolution",
                                          "division_base", "recovered", "price_e6",
                                          "coal_gce_e6",   "co2_kg_e6", NULL};
    struct book_filling row = name_upsert(book, "item", columns, "the items");

    for (uint32_t i = 0; i < plant->catalog->item_count; i++) {
        const struct item *item = &plant->catalog->items[i];
        if (item->retired) {
            book->items[i] = find(book, "item", item->id);
            continue;
        }
        char resolution[QUANTITY_TEXT_MAX];

        refuse_new_resolution(book, item);
        quantity_to_text(1, item->decimals, resolution);
        name_fill(&row, item->id, &item->name);
        fill_text(&row, item->unit);
        fill_number(&row, item->decimals);
        fill_text(&row, resolution);
        fill_number(&row, item->division_base);
        fill_number(&row, item->recovered ? 1 : 0);
        fill_number_or_null(&row, item->price_e6, -1);
        fill_number_or_null(&row, item->coal_gce_e6, -1);
        fill_number_or_null(&row, item->co2_kg_e6, -1);
        book->items[i] = name_run(&row, plant);
    }
    sqlite3_finalize(row.statement);
}

static void write_stations(struct book *book, const struct book_plant *plant)
{
    static const char *const columns[] = {"last", NULL};
    struct book_filling row = name_upsert(book, "station", columns, "the stations");

    for (uint32_t i = 0; i < plant->catalog->station_count; i++) {
        const struct station *station = &plant->catalog->stations[i];
        if (station->retired) {
            book->stations[i] = find(book, "station", station->id);
            continue;
        }
        name_fill(&row, station->id, &station->name);
        fill_number(&row, station->last ? 1 : 0);
        book->stations[i] = name_run(&row, plant);
    }
    sqlite3_finalize(row.statement);
}

static void write_meters(struct book *book, const struct book_plant *plant)
{
    static const char *const columns[] = {"item",     "station",  "kind", "role",
                                          "decimals", "stale_us", NULL};
    struct book_filling row = name_upsert(book, "meter", columns, "the meters");

    for (uint32_t i = 0; i < plant->catalog->meter_count; i++) {
        const struct meter *meter = &plant->catalog->meters[i];
        struct book_meter *known = &book->meters[i];

        known->item = book->items[meter->item.index];
        known->station = book->stations[meter->station.index];
        name_fill(&row, meter->id, &meter->name);
        fill_number(&row, known->item);
        fill_number(&row, known->station);
        fill_text(&row, meter_kind_name(meter->kind));
        fill_text(&row, meter_role_name(meter->role));
        fill_number(&row, meter->decimals);
        fill_number(&row, meter->stale_us);
        known->no = name_run(&row, plant);
    }
    sqlite3_finalize(row.statement);
}

static void write_shifts(struct book *book, const struct book_plant *plant)
{
    static const char *const columns[] = {"start_s", "sort", NULL};
    struct book_filling row = name_upsert(book, "shift", columns, "the shifts");

    for (uint32_t i = 0; i < plant->catalog->shift_count; i++) {
        const struct shift *shift = &plant->catalog->shifts[i];
        name_fill(&row, shift->id, &shift->name);
        fill_number(&row, shift->start_s);
        fill_number(&row, i);
        book->shifts[i] = name_run(&row, plant);
    }
    sqlite3_finalize(row.statement);
}

static void write_crews(struct book *book, const struct book_plant *plant)
{
    static const char *const columns[] = {NULL};
    struct book_filling row = name_upsert(book, "crew", columns, "the crews");

    for (uint32_t i = 0; i < plant->catalog->crew_count; i++) {
        const struct crew *crew = &plant->catalog->crews[i];
        if (crew->retired) {
            book->crews[i] = find(book, "crew", crew->id);
            continue;
        }
        name_fill(&row, crew->id, &crew->name);
        book->crews[i] = name_run(&row, plant);
    }
    sqlite3_finalize(row.statement);
}

static void write_kind(struct book *book, int64_t no, const struct book_quota *quota)
{
    struct book_filling row =
        plant_fill(book,
                   "INSERT INTO quota_kind (quota, tonnes, hard, kind, kept_by)"
                   " VALUES (?,?,?,?,?) ON CONFLICT DO UPDATE SET tonnes = excluded.tonnes,"
                   " hard = excluded.hard, kind = excluded.kind, kept_by = excluded.kept_by",
                   "the quotas");
    fill_number(&row, no);
    fill_text(&row, quota->tonnes != NULL ? quota->tonnes : "good");
    fill_number(&row, quota->hard ? 1 : 0);
    fill_text(&row, quota->kind != NULL ? quota->kind : "result");
    fill_text(&row, quota->kept_by != NULL ? quota->kept_by : "");
    plant_run(&row);
}

static void write_quotas(struct book *book, const struct book_plant *plant)
{
    static const char *const columns[] = {"item",  "stations", "meters", "view",
                                          "basis", "posts",    "sort",   NULL};
    struct book_filling row = name_upsert(book, "quota", columns, "the quotas");

    for (uint32_t i = 0; i < plant->quota_count; i++) {
        const struct book_quota *quota = &plant->quotas[i];
        if (quota->retired) {
            book->quotas[i] = find(book, "quota", quota->id);
            continue;
        }
        name_fill(&row, quota->id, &quota->name);
        fill_number(&row, book->items[quota->item.index]);
        fill_text(&row, quota->stations);
        fill_text(&row, quota->meters);
        fill_text(&row, quota->view);
        fill_text(&row, quota->basis);
        fill_text(&row, quota->posts);
        fill_number(&row, i);
        book->quotas[i] = name_run(&row, plant);
        write_kind(book, book->quotas[i], quota);
    }
    sqlite3_finalize(row.statement);
}

static void write_terms(struct book *book, int64_t balance, bool of_parts,
                        const struct meter_sum *sum)
{
    for (uint32_t i = 0; i < sum->count; i++) {
        struct book_filling row =
            plant_fill(book,
                       "INSERT INTO meter_balance_term (balance, of_parts, meter, coefficient)"
                       " VALUES (?,?,?,?)",
                       "the balances");
        fill_number(&row, balance);
        fill_number(&row, of_parts ? 1 : 0);
        fill_number(&row, book_meter_row(book, sum->terms[i].meter)->no);
        fill_number(&row, sum->terms[i].coefficient);
        plant_run(&row);
    }
}

/* A balance that a configuration no longer has stays with the version that had it last. */
static void write_balances(struct book *book, const struct book_plant *plant)
{
    static const char *const columns[] = {"item", "main", "parts", "band_e4", NULL};
    struct book_filling row = name_upsert(book, "meter_balance", columns, "the balances");

    for (uint32_t i = 0; i < plant->balance_count; i++) {
        const struct meter_balance *balance = &plant->balances[i];
        name_fill(&row, balance->id, &balance->name);
        fill_number(&row, book->items[balance->item.index]);
        fill_text(&row, balance->main_id);
        fill_text(&row, balance->part_ids);
        fill_number_or_null(&row, balance->band_e4, METER_BALANCE_NO_BAND);
        int64_t no = name_run(&row, plant);

        struct book_filling clear =
            plant_fill(book, "DELETE FROM meter_balance_term WHERE balance = ?", "the balances");
        fill_number(&clear, no);
        plant_run(&clear);
        write_terms(book, no, false, &balance->main);
        write_terms(book, no, true, &balance->parts);
    }
    sqlite3_finalize(row.statement);
}

void book_plant_clear(struct book *book)
{
    free(book->items);
    free(book->stations);
    free(book->meters);
    free(book->shifts);
    free(book->crews);
    free(book->quotas);
    book->items = book->stations = book->shifts = book->crews = book->quotas = NULL;
    book->meters = NULL;
}

static int64_t *numbers(uint32_t count)
{
    return memory_zeroed(count == 0 ? 1 : count, sizeof(int64_t));
}

static int64_t or_default(int64_t limit, int64_t by_default)
{
    return limit > 0 ? limit : by_default;
}

static void set_limits(struct book *book, const struct book_limits *limits)
{
    book->limits = (struct book_limits){
        .rejects_per_topic = or_default(limits->rejects_per_topic, BOOK_REJECTS_PER_TOPIC),
        .rejects = or_default(limits->rejects, BOOK_REJECTS),
        .outbox = or_default(limits->outbox, BOOK_OUTBOX_MESSAGES),
    };
}

void book_plant(struct book *book, const struct book_plant *plant)
{
    const struct catalog *catalog = plant->catalog;

    book_plant_clear(book);
    book->items = numbers(book->item_count = catalog->item_count);
    book->stations = numbers(book->station_count = catalog->station_count);
    book->shifts = numbers(book->shift_count = catalog->shift_count);
    book->crews = numbers(book->crew_count = catalog->crew_count);
    book->quotas = numbers(book->quota_count = plant->quota_count);
    book->meter_count = catalog->meter_count;
    book->meters =
        memory_zeroed(catalog->meter_count == 0 ? 1 : catalog->meter_count, sizeof *book->meters);
    book->configuration = plant->version;
    set_limits(book, &plant->limits);
    if (is_known(book, plant->version)) {
        find_all(book, plant);
        return;
    }
    REQUIRE(book->in_transaction || book->failed);
    write_configuration(book, plant);
    write_zone(book, plant->zone);
    book_plant_names(book, plant);
}

void book_plant_names(struct book *book, const struct book_plant *plant)
{
    write_items(book, plant);
    write_stations(book, plant);
    write_meters(book, plant);
    write_shifts(book, plant);
    write_crews(book, plant);
    write_quotas(book, plant);
    write_balances(book, plant);
}

int64_t book_shift_no(const struct book *book, shift_id shift)
{
    REQUIRE(shift.index < book->shift_count);
    return book->shifts[shift.index];
}

int64_t book_crew_no(const struct book *book, crew_id crew)
{
    if (crew.index == CATALOG_NONE) {
        return 0;
    }
    REQUIRE(crew.index < book->crew_count);
    return book->crews[crew.index];
}

int64_t book_station_no(const struct book *book, station_id station)
{
    REQUIRE(station.index < book->station_count);
    return book->stations[station.index];
}

int64_t book_item_no(const struct book *book, item_id item)
{
    REQUIRE(item.index < book->item_count);
    return book->items[item.index];
}

int64_t book_quota_no(const struct book *book, quota_id quota)
{
    REQUIRE(quota.index < book->quota_count);
    return book->quotas[quota.index];
}

const struct book_meter *book_meter_row(const struct book *book, meter_id meter)
{
    REQUIRE(meter.index < book->meter_count);
    return &book->meters[meter.index];
}

void fill_slot(struct book_filling *filling, struct crew_slot slot, bool known)
{
    if (!known || filling->statement == NULL) {
        fill_null(filling);
        fill_null(filling);
        fill_null(filling);
        return;
    }
    fill_number(filling, slot.day);
    fill_number(filling, book_shift_no(filling->book, slot.shift));
    fill_number(filling, book_crew_no(filling->book, slot.crew));
}
