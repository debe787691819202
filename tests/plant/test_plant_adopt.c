/* A configuration that follows another (EDGE_CASES 35): rows keep their places, what is gone is
 * retired, rates have versions, what may not change is named with file, line and key. */
#include "memory.h"
#include "plant_adopt.h"
#include "sharing.h"
#include "timestamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* 2026-03-10, 09:00 and 15:00; shifts of 12 h from 08:00 on. */
#define MORNING_US (INT64_C(1773133200) * 1000000)
#define LATER_US (MORNING_US + 6 * TIMESTAMP_HOUR_US)

#define W2_ROW                                                                                     \
    "{\"id\": \"W2\", \"item\": \"water\", \"station\": \"BOF\", \"kind\": \"register\","          \
    " \"stale_s\": 60}"

/* The parts of a plant that tests change. */
struct parts {
    const char *stations, *meters, *crews, *quotas, *roster;
};
static const struct parts start = {
    .stations = "{\"id\": \"LF\"}, {\"id\": \"BOF\"}",
    .meters =
        "{\"id\": \"W1\", \"item\": \"water\", \"station\": \"LF\", \"kind\": \"register\"},\n"
        "{\"id\": \"W2\", \"item\": \"water\", \"station\": \"BOF\", \"kind\": \"register\","
        " \"stale_s\": 60}",
    .crews = "{\"id\": \"A\"}, {\"id\": \"B\"}, {\"id\": \"R\"}",
    .quotas = "{\"id\": \"q\", \"item\": \"water\", \"basis\": \"per_heat\", \"limit\": 5},\n"
              "{\"id\": \"p\", \"item\": \"water\", \"basis\": \"per_shift\", \"limit\": 7,"
              " \"meters\": [\"W2\"]}",
    .roster = "",
};

static char *text_of(const struct parts *parts)
{
    char *text = memory_zeroed(8192, 1);
    snprintf(text, 8192,
             "{ // with comments\n"
             "\"shop\": \"S\", \"zone\": \"UTC\", \"production_day_start\": \"08:00\",\n"
             "\"items\": [{\"id\": \"water\", \"unit\": \"m3\", \"price\": 0.123456}],\n"
             "\"stations\": [%s],\n"
             "\"shifts\": [{\"id\": \"day\", \"start\": \"08:00\"},"
             " {\"id\": \"night\", \"start\": \"20:00\"}],\n"
             "\"crews\": [%s],\n"
             "\"quotas\": [%s],\n"
             "\"roster\": {\"epoch\": \"2026-03-10\", \"cycle\": [\"day\", \"night\"],"
             " \"offsets\": {\"A\": 0, \"B\": 1}%s},\n"
             "\"meters\": [\n%s]}\n",
             parts->stations, parts->crews, parts->quotas, parts->roster, parts->meters);
    return text;
}

static struct plant *first(void)
{
    struct failure failure = {0};
    char *text = text_of(&start);
    struct plant *plant = plant_read("plant.json", text, NULL, &failure);
    free(text);
    assert_string_equal(failure.text, "");
    assert_non_null(plant);
    return plant;
}

/* What follows `former`, which is freed. */
static struct plant *then(struct plant *former, const struct parts *parts, int64_t at_us)
{
    struct failure failure = {0};
    char *text = text_of(parts);
    struct plant *plant = plant_adopt(former, "plant.json", text, at_us, NULL, &failure);
    assert_string_equal(failure.text, "");
    assert_non_null(plant);
    assert_string_equal(plant->text, text);
    free(text);
    plant_free(former);
    return plant;
}

static void refused(const struct parts *parts, const char *message)
{
    struct failure failure = {0};
    struct plant *former = first();
    char *text = text_of(parts);
    assert_null(plant_adopt(former, "plant.json", text, MORNING_US, NULL, &failure));
    assert_int_equal(failure.code, FAILURE_INPUT);
    if (strstr(failure.text, message) != failure.text) {
        fail_msg("\"%s\" does not begin with \"%s\"", failure.text, message);
    }
    free(text);
    plant_free(former);
}

static void edge_35_known_rows_keep_their_places_and_new_ones_come_behind(void **state)
{
    (void)state;
    struct parts parts = start;
    parts.stations = "{\"id\": \"RH\"}, {\"id\": \"BOF\", \"name\": \"furnace\"}, {\"id\": \"LF\"}";
    parts.meters =
        "{\"id\": \"W0\", \"item\": \"water\", \"station\": \"RH\", \"kind\": \"register\"},\n"
        "{\"id\": \"W2\", \"item\": \"water\", \"station\": \"BOF\", \"kind\": \"register\"},\n"
        "{\"id\": \"W1\", \"item\": \"water\", \"station\": \"LF\", \"kind\": \"register\"}";
    struct plant *plant = then(first(), &parts, MORNING_US);
    const struct catalog *catalog = &plant->catalog;
    assert_int_equal(catalog->station_count, 3);
    assert_string_equal(catalog->stations[0].id, "LF");
    assert_string_equal(catalog->stations[1].id, "BOF");
    assert_string_equal(catalog->stations[1].name.en, "furnace");
    assert_string_equal(catalog->stations[2].id, "RH");
    assert_int_equal(catalog->meter_count, 3);
    assert_string_equal(catalog->meters[0].id, "W1");
    assert_int_equal(catalog->meters[0].station.index, 0);
    assert_string_equal(catalog->meters[2].id, "W0");
    assert_int_equal(catalog->meters[2].station.index, 2);
    for (uint32_t i = 0; i < 3; i++) {
        assert_false(catalog->meters[i].retired || catalog->stations[i].retired);
    }
    plant_free(plant);
}

static void edge_35_rows_that_are_gone_are_retired_and_may_come_back(void **state)
{
    (void)state;
    struct parts parts = start;
    parts.stations = "{\"id\": \"LF\"}";
    parts.meters =
        "{\"id\": \"W1\", \"item\": \"water\", \"station\": \"LF\", \"kind\": \"register\"}";
    parts.crews = "{\"id\": \"B\"}, {\"id\": \"A\"}";
    parts.quotas = "{\"id\": \"q\", \"item\": \"water\", \"basis\": \"per_heat\", \"limit\": 5}";
    struct plant *plant = then(first(), &parts, MORNING_US);
    assert_int_equal(plant->catalog.meter_count, 2);
    assert_true(plant->catalog.meters[1].retired);
    assert_int_equal(plant->catalog.meters[1].stale_us, 0);
    assert_int_equal(plant->catalog.meters[1].station.index, 1);
    assert_true(plant->catalog.stations[1].retired);
    assert_string_equal(plant->catalog.crews[0].id, "A");
    assert_true(plant->catalog.crews[2].retired);
    assert_int_equal(plant->quota_count, 2);
    assert_true(plant->quotas[1].retired);
    assert_int_equal(plant->quotas[1].meters[0].index, 1);
    parts.stations = start.stations;
    parts.meters = start.meters;
    parts.crews = start.crews;
    plant = then(plant, &parts, LATER_US);
    assert_false(plant->catalog.meters[1].retired);
    assert_int_equal(plant->catalog.meters[1].stale_us, 60 * TIMESTAMP_SECOND_US);
    assert_false(plant->catalog.stations[1].retired || plant->catalog.crews[2].retired);
    assert_true(plant->quotas[1].retired);
    plant_free(plant);
}

static void edge_35_a_quota_that_comes_or_goes_counts_whole_shifts(void **state)
{
    (void)state;
    struct parts parts = start;
    parts.quotas = "{\"id\": \"n\", \"item\": \"water\", \"basis\": \"per_shift\", \"limit\": 5},\n"
                   "{\"id\": \"q\", \"item\": \"water\", \"basis\": \"per_heat\", \"limit\": 5}";
    struct plant *plant = then(first(), &parts, MORNING_US);
    int32_t day = (int32_t)(MORNING_US / TIMESTAMP_DAY_US);
    assert_string_equal(plant->quotas[2].id, "n");
    assert_int_equal(plant->quotas[2].from.day, day);
    assert_int_equal(plant->quotas[2].from.shift.index, 1);
    assert_int_equal(plant->quotas[1].until.day, day);
    assert_int_equal(plant->quotas[1].until.shift.index, 1);
    assert_int_equal(plant->quotas[0].from.day, 0);
    plant_free(plant);
    /* Behind the middle of a shift the next one may have begun already: a crew took over early. */
    plant = then(first(), &parts, LATER_US);
    assert_int_equal(plant->quotas[2].from.day, day + 1);
    assert_int_equal(plant->quotas[2].from.shift.index, 0);
    plant_free(plant);
}

#define WATER "{\"id\": \"q\", \"item\": \"water\", "
#define PER_HEAT WATER "\"basis\": \"per_heat\", \"limit\": 5"

static int64_t limit_of_grade(const struct plant *plant, int64_t at_us, const char *grade)
{
    return quota_grade_rates_e9(&plant->quotas[0], at_us, grade)[QUOTA_LIMIT] / INT64_C(1000000000);
}

static void edge_35_other_rates_of_a_grade_hold_from_the_change_on(void **state)
{
    (void)state;
    struct parts parts = start;
    parts.quotas = PER_HEAT ", \"grades\": {\"G\": {\"limit\": 4}, \"H\": {\"limit\": 3}}}";
    struct plant *plant = then(first(), &parts, MORNING_US);
    assert_int_equal(limit_of_grade(plant, MORNING_US - 1, "G"), 5);
    assert_int_equal(limit_of_grade(plant, MORNING_US, "G"), 4);
    assert_int_equal(limit_of_grade(plant, MORNING_US, "H"), 3);
    assert_int_equal(limit_of_grade(plant, MORNING_US, ""), 5);
    parts.quotas = PER_HEAT ", \"grades\": {\"H\": {\"limit\": 2}}}";
    plant = then(plant, &parts, LATER_US);
    assert_int_equal(limit_of_grade(plant, MORNING_US, "G"), 4);
    assert_int_equal(limit_of_grade(plant, MORNING_US, "H"), 3);
    assert_int_equal(limit_of_grade(plant, LATER_US, "G"), 5); /* none of its own any more */
    assert_int_equal(limit_of_grade(plant, LATER_US, "H"), 2);
    uint32_t rows = plant->quotas[0].grade_count;
    plant = then(plant, &parts, LATER_US + 1); /* the same again */
    assert_int_equal(plant->quotas[0].grade_count, rows);
    plant_free(plant);
}

static void edge_35_another_fixed_part_is_a_version_from_the_change_on(void **state)
{
    (void)state;
    struct parts parts = start;
    parts.quotas = PER_HEAT "}, {\"id\": \"l\", \"item\": \"water\", \"basis\": \"linear\","
                            " \"fixed\": 12000, \"limit\": 35}";
    struct plant *plant = then(first(), &parts, MORNING_US);
    parts.quotas = PER_HEAT "}, {\"id\": \"l\", \"item\": \"water\", \"basis\": \"linear\","
                            " \"fixed\": 11000, \"limit\": 35}";
    plant = then(plant, &parts, LATER_US);
    const struct quota *quota = &plant->quotas[2]; /* behind those that there were */
    assert_string_equal(quota->id, "l");
    assert_int_equal(quota->version_count, 1);
    assert_int_equal(quota_fixed_e9(quota, LATER_US - 1)[QUOTA_TARGET], INT64_C(12000000000000));
    assert_int_equal(quota_fixed_e9(quota, LATER_US)[QUOTA_TARGET], INT64_C(11000000000000));
    assert_int_equal(quota_rates_e9(quota, LATER_US)[QUOTA_LIMIT], INT64_C(35000000000));
    plant_free(plant);
}

static void edge_35_what_a_quota_counts_stays(void **state)
{
    (void)state;
    static const struct {
        const char *quotas, *key;
    } rows[] = {
        {WATER "\"basis\": \"per_tonne\", \"limit\": 5}", "basis"},
        {WATER "\"basis\": \"per_day\", \"limit\": 5}", "basis"},
        {PER_HEAT ", \"seasons\": [{\"months\": [1], \"factor\": 2}]}", "seasons"},
        {PER_HEAT ", \"stretch\": 1}", "stretch"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct parts parts = start;
        struct failure failure = {0};
        parts.quotas = rows[i].quotas;
        struct plant *former = first();
        char *text = text_of(&parts);
        assert_null(plant_adopt(former, "plant.json", text, MORNING_US, NULL, &failure));
        assert_non_null(strstr(failure.text, "was another before"));
        assert_non_null(strstr(failure.text, rows[i].key));
        free(text);
        plant_free(former);
    }
}

static void edge_35_other_rates_are_a_version_from_the_change_on(void **state)
{
    (void)state;
    struct parts parts = start;
    parts.quotas = "{\"id\": \"q\", \"item\": \"water\", \"basis\": \"per_heat\", \"limit\": 6,\n"
                   " \"versions\": [{\"from\": \"2026-03-09T00:00:00Z\", \"limit\": 3},"
                   " {\"from\": \"2026-03-20T00:00:00Z\", \"limit\": 2}]}";
    struct plant *plant = then(first(), &parts, MORNING_US);
    const struct quota *quota = &plant->quotas[0];
    assert_int_equal(quota_rates_e9(quota, INT64_MIN)[QUOTA_LIMIT], INT64_C(5000000000));
    assert_int_equal(quota_rates_e9(quota, MORNING_US - 1)[QUOTA_LIMIT], INT64_C(5000000000));
    assert_int_equal(quota_rates_e9(quota, MORNING_US)[QUOTA_LIMIT], INT64_C(3000000000));
    assert_int_equal(quota->version_count, 2);
    assert_int_equal(quota->versions[1].rate_e9[QUOTA_TARGET], INT64_C(2000000000));
    parts.quotas = "{\"id\": \"q\", \"item\": \"water\", \"basis\": \"per_heat\", \"limit\": 3}";
    plant = then(plant, &parts, LATER_US);
    assert_int_equal(plant->quotas[0].version_count, 1);
    plant_free(plant);
}

static void edge_35_what_may_not_change_is_named(void **state)
{
    (void)state;
    struct parts parts = start;
    parts.meters = "{\"id\": \"W1\", \"item\": \"water\", \"station\": \"BOF\", \"kind\": "
                   "\"register\"},\n" W2_ROW;
    refused(&parts, "plant.json:11: meters[W1].station: was another before");
    parts.meters = "{\"id\": \"W1\", \"item\": \"water\", \"station\": \"LF\", \"kind\": "
                   "\"register\", \"width\": 10000},\n" W2_ROW;
    refused(&parts, "plant.json:11: meters[W1].width: was another before");
    parts = start;
    parts.stations = "{\"id\": \"LF\"}, {\"id\": \"BOF\", \"idle\": \"next_heat\"}";
    refused(&parts, "plant.json:4: stations[BOF].idle: was \"idle\" before");
    parts.stations = "{\"id\": \"LF\"}, {\"id\": \"BOF\"}, {\"id\": \"CCM\", \"last\": true}";
    refused(&parts, "plant.json:4: stations[CCM].last: would be the first last station");
    parts = start;
    parts.quotas = "{\"id\": \"q\", \"item\": \"water\", \"basis\": \"per_tonne\", \"limit\": 5}";
    refused(&parts, "plant.json:7: quotas[q].basis: was another before");
    /* What is wrong by itself is told first, and as always. */
    parts = start;
    parts.crews = "{\"id\": \"A\"}";
    refused(&parts, "plant.json:9: roster.offsets.B: there is no crew \"B\"");
}

static void edge_35_sharing_keys_may_only_be_added_for_times_to_come(void **state)
{
    (void)state;
    struct parts parts = start;
    parts.meters = "{\"id\": \"W1\", \"item\": \"water\", \"station\": \"LF\", \"kind\": "
                   "\"register\", \"sharing\": [{\"from\": \"2026-03-10T09:04:00Z\", \"key\": "
                   "\"tonnage\"}]},\n" W2_ROW; /* within the skew */
    refused(&parts, "plant.json:11: meters[W1].sharing: gets a key for a time that is booked");
    parts.meters = "{\"id\": \"W1\", \"item\": \"water\", \"station\": \"LF\", \"kind\": "
                   "\"register\", \"sharing\": [{\"from\": \"2026-03-10T09:06:00Z\", \"key\": "
                   "\"tonnage\"}]},\n" W2_ROW;
    struct plant *plant = then(first(), &parts, MORNING_US);
    assert_int_equal(plant->catalog.meters[0].sharing->rule_count, 1);
    plant_free(plant);
}

static void edge_35_what_changes_is_told_line_by_line(void **state)
{
    (void)state;
    struct failure failure = {0};
    struct parts parts = start;
    char *said = NULL;
    size_t length = 0;
    parts.meters = "{\"id\": \"W1\", \"item\": \"water\", \"station\": \"LF\", \"kind\": "
                   "\"register\", \"max\": 9, \"name\": \"inlet\"},\n"
                   "{\"id\": \"W3\", \"item\": \"water\", \"station\": \"LF\", \"kind\": "
                   "\"register\"}";
    parts.quotas = "{\"id\": \"q\", \"item\": \"water\", \"basis\": \"per_heat\", \"limit\": 5}";
    parts.roster = ", \"overrides\": []";
    struct plant *former = first();
    char *text = text_of(&parts);
    FILE *out = open_memstream(&said, &length);
    struct plant *plant = plant_adopt(former, "plant.json", text, MORNING_US, out, &failure);
    fclose(out);
    assert_string_equal(said, "meter W1: max, name\nmeter W3: new\nmeter W2: taken out\n"
                              "quota p: taken out\nroster: changed\n");
    free(said);
    free(text);
    plant_free(plant);
    plant_free(former);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edge_35_known_rows_keep_their_places_and_new_ones_come_behind),
        cmocka_unit_test(edge_35_rows_that_are_gone_are_retired_and_may_come_back),
        cmocka_unit_test(edge_35_a_quota_that_comes_or_goes_counts_whole_shifts),
        cmocka_unit_test(edge_35_other_rates_are_a_version_from_the_change_on),
        cmocka_unit_test(edge_35_other_rates_of_a_grade_hold_from_the_change_on),
        cmocka_unit_test(edge_35_another_fixed_part_is_a_version_from_the_change_on),
        cmocka_unit_test(edge_35_what_a_quota_counts_stays),
        cmocka_unit_test(edge_35_what_may_not_change_is_named),
        cmocka_unit_test(edge_35_sharing_keys_may_only_be_added_for_times_to_come),
        cmocka_unit_test(edge_35_what_changes_is_told_line_by_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
