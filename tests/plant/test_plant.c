#include "memory.h"
#include "plant.h"
#include "plant_part.h"
#include "source_file.h"
#include "timestamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static struct plant *load_source(const char *name)
{
    char path[1024];
    struct failure failure = {0};
    struct plant *plant = plant_load(source_path(name, path), &failure);
    if (plant == NULL) {
        fail_msg("%s", failure.text);
    }
    return plant;
}

static const struct meter *meter_of(const struct plant *plant, const char *id)
{
    meter_id found = {0};
    if (!catalog_find_meter(&plant->catalog, id, &found)) {
        fail_msg("no meter %s", id);
    }
    return &plant->catalog.meters[found.index];
}

static const char *item_of(const struct plant *plant, const struct meter *meter)
{
    return plant->catalog.items[meter->item.index].id;
}

/* A text between the lines of which `body` stands: one item, one station, one crew. */
static struct plant *read_with(const char *body, struct failure *failure)
{
    char *text = memory_zeroed(strlen(body) + 1024, 1);
    sprintf(
        text,
        "{\"shop\": \"S\", \"zone\": \"UTC\", \"production_day_start\": \"00:00\",\n"
        "\"items\": [{\"id\": \"e\", \"unit\": \"kWh\", \"resolution\": \"0.001\"}],\n"
        "\"stations\": [{\"id\": \"LF\"}], \"shifts\": [{\"id\": \"s\", \"start\": \"00:00\"}],\n"
        "\"crews\": [{\"id\": \"A\"}],\n"
        "\"roster\": {\"epoch\": \"2026-01-01\", \"cycle\": [\"s\"], \"offsets\": {\"A\": 0}},\n"
        "%s}",
        body);
    struct plant *plant = plant_read("body.json", text, NULL, failure);
    free(text);
    return plant;
}

static void the_demo_plant_is_what_the_domain_says(void **state)
{
    (void)state;
    struct plant *plant = load_source("deploy/demo/plant.json");
    const struct catalog *catalog = &plant->catalog;
    assert_string_equal(catalog->shop, "BOF1");
    assert_int_equal(catalog->item_count, 16);
    assert_int_equal(catalog->meter_count, 27);
    assert_int_equal(catalog->station_count, 5);
    assert_int_equal(plant->quota_count, 8);
    assert_true(plant->heat_rules.owner_at_tap);
    assert_int_equal(plant->roster.day_start_s, 8 * 3600);
    assert_string_equal(catalog->shifts[0].id, "day");
    assert_string_equal(catalog->shifts[2].id, "night");
    assert_string_equal(catalog->crews[0].name.zh, "甲");
    const struct meter *e02 = meter_of(plant, "E02");
    assert_int_equal(e02->decimals, 3);
    assert_int_equal(e02->scale_num, 1);
    assert_int_equal(e02->scale_den, 1);
    assert_int_equal(e02->width_raw, 1000000000);
    assert_int_equal(e02->kind, METER_REGISTER);
    static const char *const checks[] = {"E01", "W01", "S02", "M07"};
    size_t check_count = 0;
    for (uint32_t i = 0; i < catalog->meter_count; i++) {
        check_count += catalog->meters[i].role == METER_CHECK;
    }
    assert_int_equal(check_count, sizeof checks / sizeof checks[0]);
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        assert_int_equal(meter_of(plant, checks[i])->role, METER_CHECK);
    }
    for (uint32_t i = 0; i < catalog->item_count; i++) {
        const struct item *item = &catalog->items[i];
        assert_int_equal(item->division_base, item->decimals == 3 ? 1000 : 1);
    }
    plant_free(plant);
}

static void the_demo_quotas_have_their_two_levels_and_posts(void **state)
{
    (void)state;
    static const struct {
        const char *id, *item, *posts;
        enum quota_basis basis;
        int64_t target_e9, limit_e9;
    } rows[] = {
        {"hot_metal", "hot_metal", "摇炉工;炉长", QUOTA_PER_TONNE, 1090000000000, 1100000000000},
        {"femn", "femn", "合金工", QUOTA_PER_TONNE, 6800000000, 7000000000},
        {"fesi", "fesi", "合金工", QUOTA_PER_TONNE, 4500000000, 4500000000},
        {"al", "al", "合金工", QUOTA_PER_TONNE, 200000000, 200000000},
        {"sial", "sial", "炉长", QUOTA_PER_TONNE, 800000000, 1000000000},
        {"thermocouple", "thermocouple", "操作工", QUOTA_PER_HEAT, 4000000000, 4000000000},
        {"o2", "o2", "", QUOTA_PER_TONNE, 55000000000, 55000000000},
        {"lf_electricity", "electricity", "", QUOTA_PER_TONNE, 36000000000, 36000000000},
    };
    struct plant *plant = load_source("deploy/demo/plant.json");
    assert_int_equal(plant->quota_count, sizeof rows / sizeof rows[0]);
    for (uint32_t i = 0; i < plant->quota_count; i++) {
        const struct quota *quota = &plant->quotas[i];
        char posts[256] = "";
        for (uint32_t j = 0; j < quota->post_count; j++) {
            strcat(strcat(posts, j == 0 ? "" : ";"), quota->posts[j]);
        }
        assert_string_equal(quota->id, rows[i].id);
        assert_string_equal(plant->catalog.items[quota->item.index].id, rows[i].item);
        assert_string_equal(posts, rows[i].posts);
        assert_int_equal(quota->basis, rows[i].basis);
        assert_int_equal(quota->view, QUOTA_VIEW_OWNER);
        assert_int_equal(quota->rate_e9[QUOTA_TARGET], rows[i].target_e9);
        assert_int_equal(quota->rate_e9[QUOTA_LIMIT], rows[i].limit_e9);
        assert_true(quota->of_heats && quota->of_crews);
    }
    const struct quota *lf = &plant->quotas[7];
    assert_int_equal(lf->station_count, 1);
    assert_string_equal(plant->catalog.stations[lf->stations[0].index].id, "LF");
    plant_free(plant);
}

static void the_demo_roster_gives_the_crews_of_the_domain(void **state)
{
    (void)state;
    /* DOMAIN: days 0-8, day/middle/night */
    static const char *const days[] = {"ABC", "ABC", "DAB", "DAB", "CDA",
                                       "CDA", "BCD", "BCD", "ABC"};
    struct plant *plant = load_source("deploy/demo/plant.json");
    int32_t first = 0;
    assert_true(timestamp_parse_day("2026-03-10", 10, &first));
    for (int32_t day = 0; day < 9; day++) {
        for (uint16_t shift = 0; shift < 3; shift++) {
            crew_id crew =
                roster_crew(&plant->roster, &plant->catalog, first + day, (shift_id){shift});
            assert_int_equal(plant->catalog.crews[crew.index].id[0], days[day][shift]);
        }
    }
    plant_free(plant);
}

static void the_configurations_of_the_recordings_are_complete(void **state)
{
    (void)state;
    static const struct {
        const char *name, *shop, *meter, *item;
        uint32_t items, meters, quotas;
        enum meter_kind kind;
        unsigned decimals;
        const char *owner_station;
    } rows[] = {
        {"ladle_furnace", "LF", "ARC", "electricity", 26, 26, 1, METER_INCREMENT, 3, "LF"},
        {"ladle_furnace", "LF", "BULK08", "bulk-08", 26, 26, 1, METER_EVENT, 0, "LF"},
        {"ladle_furnace", "LF", "WIRE07", "wire-07", 26, 26, 1, METER_EVENT, 6, "LF"},
        {"uci_steel", "MILL", "INCOMER", "electricity", 1, 1, 0, METER_INCREMENT, 3, NULL},
        {"sidenor_heat", "SM", "LF-E", "electricity", 2, 2, 0, METER_REGISTER, 3, "LF"},
        {"sidenor_reset", "SM", "HOPPER", "alloy", 2, 2, 0, METER_EVENT, 6, "LF"},
        {"water_registers", "TOWN", "W-feccd95f", "water", 1, 8, 0, METER_REGISTER, 0, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char name[128];
        snprintf(name, sizeof name, "tests/real/%s.plant.json", rows[i].name);
        struct plant *plant = load_source(name);
        const struct meter *meter = meter_of(plant, rows[i].meter);
        assert_string_equal(plant->catalog.shop, rows[i].shop);
        assert_string_equal(item_of(plant, meter), rows[i].item);
        assert_int_equal(plant->catalog.item_count, rows[i].items);
        assert_int_equal(plant->catalog.meter_count, rows[i].meters);
        assert_int_equal(plant->quota_count, rows[i].quotas);
        assert_int_equal(meter->kind, rows[i].kind);
        assert_int_equal(meter->decimals, rows[i].decimals);
        assert_int_equal(plant->heat_rules.owner_at_tap, rows[i].owner_station == NULL);
        plant_free(plant);
    }
}

static void the_shipped_configurations_have_no_findings(void **state)
{
    (void)state;
    static const char *const names[] = {
        "deploy/demo/plant.json",
        "tests/real/ladle_furnace.plant.json",
        "tests/real/uci_steel.plant.json",
        "tests/real/sidenor_heat.plant.json",
        "tests/real/sidenor_reset.plant.json",
        "tests/real/water_registers.plant.json",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[1024];
        char *output = NULL;
        size_t length = 0;
        uint32_t counts[PLANT_SEVERITY_COUNT] = {0};
        struct failure failure = {0};
        FILE *out = open_memstream(&output, &length);
        assert_true(plant_check_counted(source_path(names[i], path), out, counts, &failure));
        fclose(out);
        assert_int_equal(counts[PLANT_MISTAKE] + counts[PLANT_WARNING] + counts[PLANT_REMARK], 0);
        assert_ptr_equal(strchr(output, '\n'), output + length - 1);
        assert_non_null(strstr(output, ": ok\n"));
        free(output);
    }
}

static void the_minimal_configuration_of_the_manual_works(void **state)
{
    (void)state;
    char *manual = source_file("docs/configuration.md");
    char *begin = strstr(manual, "```json\n");
    assert_non_null(begin);
    begin += strlen("```json\n");
    char *end = strstr(begin, "```\n");
    assert_non_null(end);
    *end = '\0';
    size_t lines = 0;
    for (const char *at = begin; *at != '\0'; at++) {
        lines += *at == '\n';
    }
    assert_in_range(lines, 1, 40);
    struct failure failure = {0};
    struct plant *plant = plant_read("manual", begin, NULL, &failure);
    if (plant == NULL) {
        fail_msg("%s", failure.text);
    }
    plant_free(plant);
    free(manual);
}

static void what_is_left_out_has_the_documented_default(void **state)
{
    (void)state;
    struct failure failure = {0};
    struct plant *plant = read_with(
        "\"meters\": [{\"id\": \"E\", \"item\": \"e\", \"station\": \"LF\", \"kind\": \"rate\"}],"
        "\"quotas\": [{\"id\": \"t\", \"item\": \"e\", \"basis\": \"per_tonne\", \"limit\": 36},"
        "{\"id\": \"s\", \"item\": \"e\", \"basis\": \"per_shift\", \"limit\": 0.5}]",
        &failure);
    assert_non_null(plant);
    const struct broker *broker = &plant->broker;
    assert_string_equal(broker->url, "mqtt://127.0.0.1:1883");
    assert_string_equal(broker->client_id, "heatledger-S");
    assert_string_equal(broker->root, "heatledger/S");
    assert_int_equal(broker->version, 5);
    assert_int_equal(broker->keep_alive_s, 30);
    assert_int_equal(broker->receive_maximum, 1000);
    assert_int_equal(broker->session_expiry_s, 604800);
    assert_int_equal(broker->payload_max, 1048576);
    assert_int_equal(plant->journal.segment_bytes, 64 << 20);
    assert_int_equal(plant->journal.durability, JOURNAL_GROUP);
    assert_int_equal(plant->journal.sync_ms, 20);
    assert_true(plant->journal.compress);
    assert_int_equal(plant->journal.keep_days, 400);
    assert_int_equal(plant->metrics_us, 15000000);
    assert_int_equal(plant->skew_us, 300 * TIMESTAMP_SECOND_US);
    assert_int_equal(plant->handover_delay_us, 60 * TIMESTAMP_SECOND_US);
    assert_true(plant->heat_rules.owner_at_tap);
    const struct item *item = &plant->catalog.items[0];
    assert_int_equal(item->division_base, 1);
    assert_int_equal(item->price_e6, -1);
    assert_string_equal(item->name.zh, "e");
    const struct meter *meter = &plant->catalog.meters[0];
    assert_int_equal(meter->role, METER_BOOK);
    assert_int_equal(meter->decimals, 3);
    assert_int_equal(meter->min_raw, INT64_MIN);
    assert_int_equal(meter->max_raw, INT64_MAX);
    assert_int_equal(meter->width_raw + meter->max_rate_raw_hour + meter->max_gap_us, 0);
    const struct quota *tonne = &plant->quotas[0], *shift = &plant->quotas[1];
    assert_int_equal(tonne->rate_e9[QUOTA_TARGET], 36000000000);
    assert_int_equal(tonne->view, QUOTA_VIEW_OWNER);
    assert_true(tonne->of_heats && tonne->of_crews);
    assert_int_equal(shift->rate_e9[QUOTA_LIMIT], 500000000);
    assert_int_equal(shift->view, QUOTA_VIEW_CLOCK);
    assert_true(!shift->of_heats && shift->of_crews);
    assert_true(plant->mapping_count > 0); /* the native ones */
    plant_free(plant);
}

static void a_scale_leads_from_what_a_meter_shows_to_base_units(void **state)
{
    (void)state;
    static const struct {
        const char *resolution, *multiplier;
        int64_t num, den;
    } rows[] = {
        {"\"0.001\"", "1", 1, 1},
        {"1", "1", 1000, 1},
        {"0.1", "\"200\"", 20000, 1},
        {"\"0.000001\"", "1", 1, 1000},
        {"\"0.01\"", "\"1/3\"", 10, 3},
        {"\"0.001\"", "\"0.000000001\"", 1, 1000000000},
        {"\"0.001\"", "2.5", 5, 2},
        {"\"0.001\"", "\"6/4\"", 3, 2},
        {"\"0.000000001\"", "40", 1, 25000},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char body[512];
        struct failure failure = {0};
        snprintf(body, sizeof body,
                 "\"meters\": [{\"id\": \"E\", \"item\": \"e\", \"station\": \"LF\", \"kind\": "
                 "\"register\", \"resolution\": %s, \"multiplier\": %s}]",
                 rows[i].resolution, rows[i].multiplier);
        struct plant *plant = read_with(body, &failure);
        if (plant == NULL) {
            fail_msg("row %zu: %s", i, failure.text);
        }
        assert_int_equal(plant->catalog.meters[0].scale_num, rows[i].num);
        assert_int_equal(plant->catalog.meters[0].scale_den, rows[i].den);
        plant_free(plant);
    }
}

static void shifts_stand_in_the_order_of_the_production_day(void **state)
{
    (void)state;
    char *text = source_file("deploy/demo/plant.json");
    struct failure failure = {0};
    /* The day shift starts at 00:00 now and the night shift at 08:00, like the production day. */
    char *day = strstr(text, "\"08:00\"},\n");
    char *night = strstr(text, "\"00:00\"}\n");
    assert_true(day != NULL && night != NULL);
    memcpy(day, "\"00:00\"", 7);
    memcpy(night, "\"08:00\"", 7);
    struct plant *plant = plant_read("demo", text, NULL, &failure);
    if (plant == NULL) {
        fail_msg("%s", failure.text);
    }
    assert_string_equal(plant->catalog.shifts[0].id, "night");
    assert_string_equal(plant->catalog.shifts[1].id, "middle");
    assert_string_equal(plant->catalog.shifts[2].id, "day");
    plant_free(plant);
    free(text);
}

static void a_kept_zone_needs_no_tz_database(void **state)
{
    (void)state;
    char *text = source_file("deploy/demo/plant.json");
    struct failure failure = {0};
    const struct zone zone = zone_fixed("Asia/Shanghai", 28800);
    setenv("TZDIR", "/nonexistent", 1);
    struct plant *without = plant_read("demo", text, NULL, &failure);
    struct plant *with = plant_read("demo", text, &zone, &failure);
    unsetenv("TZDIR");
    assert_null(without);
    assert_non_null(with);
    assert_int_equal(zone_offset_s(&with->roster.zone, 0), 28800);
    assert_string_equal(with->text, text);
    plant_free(with);
    free(text);
}

static void write_text(const char *directory, const char *name, const char *text)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void password_and_certificates_are_found_beside_the_configuration(void **state)
{
    (void)state;
    char directory[] = "/tmp/heatledger-plant-XXXXXX";
    char path[512], ca[512];
    struct failure failure = {0};
    assert_non_null(mkdtemp(directory));
    char *text = source_file("deploy/demo/plant.json");
    char *url = strstr(text, "\"mqtt://127.0.0.1:1883\"");
    char *changed = memory_zeroed(strlen(text) + 256, 1);
    sprintf(changed,
            "%.*s\"mqtts://localhost\", \"user\": \"u\", \"password_file\": \"secret\","
            "\"ca_file\": \"ca.pem\"%s",
            (int)(url - text), text, url + strlen("\"mqtt://127.0.0.1:1883\""));
    write_text(directory, "plant.json", changed);
    snprintf(path, sizeof path, "%s/plant.json", directory);
    snprintf(ca, sizeof ca, "%s/ca.pem", directory);

    assert_null(plant_load(path, &failure));
    assert_non_null(strstr(failure.text, "mqtt.password_file: cannot read"));
    write_text(directory, "secret", "open sesame\n");
    write_text(directory, "ca.pem", "-----BEGIN CERTIFICATE-----\n");
    struct plant *plant = plant_load(path, &failure);
    if (plant == NULL) {
        fail_msg("%s", failure.text);
    }
    assert_string_equal(plant->broker.password, "open sesame");
    assert_string_equal(plant->broker.ca_file, ca);
    plant_free(plant);

    /* Read from the journal the text stands alone: no file is looked at. */
    plant = plant_read("journal", changed, NULL, &failure);
    assert_non_null(plant);
    assert_string_equal(plant->broker.password, "");
    plant_free(plant);

    write_text(directory, "secret", "\n");
    assert_null(plant_load(path, &failure));
    assert_non_null(strstr(failure.text, "must hold the password in its first line"));
    snprintf(ca, sizeof ca, "rm -r %s", directory);
    assert_int_equal(system(ca), 0);
    free(changed);
    free(text);
}

static void a_file_that_is_not_there_is_named(void **state)
{
    (void)state;
    struct failure failure = {0};
    assert_null(plant_load("/nonexistent/plant.json", &failure));
    assert_int_equal(failure.code, FAILURE_INPUT);
    assert_non_null(strstr(failure.text, "/nonexistent/plant.json: No such file"));
    assert_int_equal(plant_check("/nonexistent/plant.json", stderr), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_demo_plant_is_what_the_domain_says),
        cmocka_unit_test(the_demo_quotas_have_their_two_levels_and_posts),
        cmocka_unit_test(the_demo_roster_gives_the_crews_of_the_domain),
        cmocka_unit_test(the_configurations_of_the_recordings_are_complete),
        cmocka_unit_test(the_shipped_configurations_have_no_findings),
        cmocka_unit_test(the_minimal_configuration_of_the_manual_works),
        cmocka_unit_test(what_is_left_out_has_the_documented_default),
        cmocka_unit_test(a_scale_leads_from_what_a_meter_shows_to_base_units),
        cmocka_unit_test(shifts_stand_in_the_order_of_the_production_day),
        cmocka_unit_test(a_kept_zone_needs_no_tz_database),
        cmocka_unit_test(password_and_certificates_are_found_beside_the_configuration),
        cmocka_unit_test(a_file_that_is_not_there_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
