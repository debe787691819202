/* Sharing keys in plant.json: what they become, and what is refused, where and why. */
#include "memory.h"
#include "plant.h"
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

#define ROWS(table) (sizeof(table) / sizeof *(table))

/* A plant whose meter W1, in line 10, ends with `keys`, and W3, in line 12, with `others`. */
static char *text_with(const char *keys, const char *others)
{
    char *text = memory_zeroed(8192, 1);
    snprintf(
        text, 8192,
        "{\n"
        "\"shop\": \"S\", \"zone\": \"UTC\", \"production_day_start\": \"08:00\",\n"
        "\"items\": [{\"id\": \"water\", \"unit\": \"m3\"}],\n"
        "\"stations\": [\n"
        "{\"id\": \"LF\", \"idle\": \"next_heat\"},\n"
        "{\"id\": \"BOF\"},\n"
        "{\"id\": \"AUX\", \"last\": true}],\n"
        "\"shifts\": [{\"id\": \"day\", \"start\": \"08:00\"}], \"crews\": [{\"id\": \"A\"}],\n"
        "\"meters\": [\n"
        "{\"id\": \"W1\", \"item\": \"water\", \"station\": \"AUX\", \"kind\": \"register\"%s},\n"
        "{\"id\": \"W2\", \"item\": \"water\", \"station\": \"LF\", \"kind\": \"register\"},\n"
        "{\"id\": \"W3\", \"item\": \"water\", \"station\": \"BOF\", \"kind\": \"rate\"%s},\n"
        "{\"id\": \"M1\", \"item\": \"water\", \"station\": \"BOF\", \"kind\": \"event\"},\n"
        "{\"id\": \"C1\", \"item\": \"water\", \"station\": \"AUX\", \"kind\": \"register\",\n"
        " \"role\": \"check\"}],\n"
        "\"roster\": {\"epoch\": \"2026-03-10\", \"cycle\": [\"day\"], \"offsets\": {\"A\": 0}}\n"
        "}\n",
        keys, others);
    return text;
}

static struct plant *read_plant(const char *text, struct failure *failure)
{
    char path[] = "/tmp/heatledger-sharing-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    FILE *out = fdopen(file, "w");
    fputs(text, out);
    fclose(out);
    struct plant *plant = plant_load(path, failure);
    remove(path);
    return plant;
}

static struct plant *plant_with(const char *keys)
{
    struct failure failure = {0};
    char *text = text_with(keys, "");
    struct plant *plant = read_plant(text, &failure);
    if (plant == NULL) {
        fail_msg("%s", failure.text);
    }
    free(text);
    return plant;
}

static void a_word_is_a_key_since_ever_for_the_meter_s_own_station(void **state)
{
    (void)state;
    struct plant *plant = plant_with(", \"sharing\": \"tonnage\"");
    const struct meter *meter = &plant->catalog.meters[0];
    assert_int_equal(meter->sharing->rule_count, 1);
    assert_int_equal(meter->sharing->rules[0].method, SHARING_TONNAGE);
    assert_true(meter->sharing->rules[0].from_us == INT64_MIN);
    assert_int_equal(meter->sharing->rules[0].part_count, 0);
    assert_null(plant->catalog.meters[1].sharing);
    plant_free(plant);
}

static void keys_are_in_force_from_their_dates(void **state)
{
    (void)state;
    struct plant *plant = plant_with(
        ", \"sharing\": [{\"key\": \"time\", \"stations\": [\"LF\", \"BOF\"]},"
        " {\"from\": \"2026-04-01T08:00:00+08:00\", \"key\": \"submeter\", \"meters\": [\"W2\","
        " \"W3\"]}, {\"from\": \"2026-05-01T00:00:00Z\", \"key\": \"ratio\", \"stations\":"
        " {\"LF\": \"2.5\", \"BOF\": 5}}]");
    const struct sharing *sharing = plant->catalog.meters[0].sharing;
    int64_t april_us = 0;
    assert_true(timestamp_parse("2026-04-01T00:00:00Z", 20, &april_us));
    assert_int_equal(sharing->rule_count, 3);
    assert_ptr_equal(sharing_rule_at(sharing, april_us - 1), &sharing->rules[0]);
    assert_ptr_equal(sharing_rule_at(sharing, april_us), &sharing->rules[1]);
    assert_true(sharing_next_us(sharing, april_us - 1) == april_us);
    /* by the stations' ids: BOF before LF */
    const struct sharing_rule *submeter = &sharing->rules[1];
    assert_int_equal(submeter->parts[0].station.index, 1);
    assert_int_equal(submeter->parts[0].meter.index, 2);
    const struct sharing_rule *ratio = &sharing->rules[2];
    assert_int_equal(ratio->parts[0].station.index, 1);
    assert_true(ratio->parts[0].weight == 2 * ratio->parts[1].weight);
    assert_true(sharing_serves(&plant->catalog.meters[0], (station_id){0}));
    assert_true(sharing_serves(&plant->catalog.meters[0], (station_id){2}));
    assert_false(sharing_serves(&plant->catalog.meters[1], (station_id){1}));
    plant_free(plant);
}

static void idle_use_is_declared_at_stations_and_meters(void **state)
{
    (void)state;
    struct plant *plant = plant_with(", \"idle\": \"next_heat\"");
    assert_true(plant->catalog.stations[0].idle_to_next);
    assert_false(plant->catalog.stations[1].idle_to_next);
    assert_int_equal(plant->catalog.meters[0].idle, METER_IDLE_TO_NEXT);
    assert_int_equal(plant->catalog.meters[1].idle, METER_IDLE_AS_STATION);
    plant_free(plant);
    plant = plant_with(", \"idle\": \"idle\"");
    assert_int_equal(plant->catalog.meters[0].idle, METER_IDLE_KEPT);
    plant_free(plant);
}

static void a_key_that_cannot_be_is_refused_with_its_place(void **state)
{
    static const struct {
        const char *keys, *others;
        const char *place, *what;
    } rows[] = {
        {"\"sharing\": \"weight\"", "", "10: meters[W1].sharing", "must be \"time\""},
        {"\"sharing\": \"ratio\"", "", "10: meters[W1].sharing", "an object like"},
        {"\"sharing\": []", "", "10: meters[W1].sharing", "is empty"},
        {"\"sharing\": {\"key\": \"mass\"}", "", "10: meters[W1].sharing.key", "must be \"time\""},
        {"\"sharing\": {\"key\": \"ratio\"}", "", "10: meters[W1].sharing.stations",
         "must be an object"},
        {"\"sharing\": {\"key\": \"ratio\", \"stations\": {\"XX\": 1}}", "",
         "10: meters[W1].sharing.stations.XX", "there is no station \"XX\""},
        {"\"sharing\": {\"key\": \"ratio\", \"stations\": {\"LF\": -1}}", "",
         "10: meters[W1].sharing.stations.LF", "too small"},
        {"\"sharing\": {\"key\": \"power\", \"stations\": {\"LF\": 0, \"BOF\": 0}}", "",
         "10: meters[W1].sharing.stations", "no number above 0"},
        {"\"sharing\": {\"key\": \"time\", \"stations\": [\"LF\", \"LF\"]}", "",
         "10: meters[W1].sharing.stations[1]", "twice"},
        {"\"sharing\": {\"key\": \"time\", \"meters\": [\"W2\"]}", "",
         "10: meters[W1].sharing.meters", "remove it"},
        {"\"sharing\": {\"key\": \"submeter\"}", "", "10: meters[W1].sharing.meters", "is missing"},
        {"\"sharing\": {\"key\": \"submeter\", \"meters\": [\"W9\"]}", "",
         "10: meters[W1].sharing.meters[0]", "W9"},
        {"\"sharing\": {\"key\": \"submeter\", \"meters\": [\"M1\"]}", "",
         "10: meters[W1].sharing.meters[0]", "is of kind \"event\""},
        {"\"sharing\": {\"key\": \"submeter\", \"meters\": [\"W1\"]}", "",
         "10: meters[W1].sharing.meters[0]", "is the meter itself"},
        {"\"sharing\": {\"key\": \"submeter\", \"meters\": [\"W3\"]}",
         ", \"sharing\": {\"key\": \"submeter\", \"meters\": [\"W1\"]}", "10: meters[W1].sharing",
         "is a circle"},
        {"\"sharing\": [{\"key\": \"time\"}, {\"key\": \"tonnage\"}]", "",
         "10: meters[W1].sharing[1].from", "is missing"},
        {"\"sharing\": [{\"key\": \"time\", \"from\": \"2026-04-01T00:00:00Z\"},"
         " {\"key\": \"tonnage\", \"from\": \"2026-04-01T00:00:00Z\"}]",
         "", "10: meters[W1].sharing[1].from", "not later"},
        {"\"sharing\": {\"key\": \"time\", \"from\": \"yesterday\"}", "",
         "10: meters[W1].sharing.from", "is no time"},
        {"\"role\": \"check\", \"sharing\": \"time\"", "", "10: meters[W1].sharing",
         "role \"book\""},
        {"\"idle\": \"next\"", "", "10: meters[W1].idle", "must be \"idle\" or \"next_heat\""},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct failure failure = {0};
        char keys[512];
        snprintf(keys, sizeof keys, ", %s", rows[i].keys);
        char *text = text_with(keys, rows[i].others);
        assert_null(read_plant(text, &failure));
        if (strstr(failure.text, rows[i].place) == NULL ||
            strstr(failure.text, rows[i].what) == NULL) {
            fail_msg("row %zu: %s", i, failure.text);
        }
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_word_is_a_key_since_ever_for_the_meter_s_own_station),
        cmocka_unit_test(keys_are_in_force_from_their_dates),
        cmocka_unit_test(idle_use_is_declared_at_stations_and_meters),
        cmocka_unit_test(a_key_that_cannot_be_is_refused_with_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
