/* Baselines in plant.json: what they become, and what is refused, where and why. */
#include "plant.h"
#include "timestamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof *(table))

/* A plant whose baselines begin in line 6. */
static struct plant *plant_with(const char *baselines, struct failure *failure)
{
    char path[] = "/tmp/heatledger-baselines-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    FILE *out = fdopen(file, "w");
    fprintf(out,
            "{\"shop\": \"S\", \"zone\": \"Asia/Shanghai\", \"production_day_start\": \"08:00\",\n"
            "\"items\": [{\"id\": \"power\", \"unit\": \"kWh\"}, {\"id\": \"gas\", \"unit\": "
            "\"Nm3\"}],\n"
            "\"stations\": [{\"id\": \"BOF\"}, {\"id\": \"LF\", \"last\": true}], \"meters\": [],\n"
            "\"shifts\": [{\"id\": \"day\", \"start\": \"08:00\"}], \"crews\": [{\"id\": \"A\"}],\n"
            "\"roster\": {\"epoch\": \"2026-03-10\", \"cycle\": [\"day\"], \"offsets\": {\"A\": "
            "0}},\n"
            "\"baselines\": [%s]}\n",
            baselines);
    fclose(out);
    struct plant *plant = plant_load(path, failure);
    remove(path);
    return plant;
}

static int32_t day(const char *text)
{
    int32_t number = 0;
    assert_true(timestamp_parse_day(text, strlen(text), &number));
    return number;
}

static void a_baseline_holds_until_the_next_one_of_its_place(void **state)
{
    struct failure failure = {0};
    struct plant *plant = plant_with(
        "{\"item\": \"power\", \"from\": \"2026-04-01\", \"fit_from\": \"2026-03-01\","
        " \"fit_to\": \"2026-03-31\"},\n"
        "{\"item\": \"power\", \"fixed\": 12000, \"per_tonne\": \"35.5\"},\n"
        "{\"item\": \"power\", \"station\": \"LF\", \"from\": \"2026-03-10\", \"fixed\": \"0\","
        " \"per_tonne\": 36}",
        &failure);
    (void)state;
    if (plant == NULL) {
        fail_msg("%s", failure.text);
    }
    const struct costing_rules *rules = &plant->costing;
    const item_id power = {0}, gas = {1};
    const station_id shop = {CATALOG_NONE}, bof = {0}, lf = {1};
    const struct energy_baseline *baseline =
        costing_baseline(rules, power, shop, day("2026-03-31"));
    assert_false(baseline->fitted);
    assert_int_equal(baseline->fixed_e6, INT64_C(12000000000));
    assert_int_equal(baseline->per_tonne_e6, 35500000);
    baseline = costing_baseline(rules, power, shop, day("2026-04-01"));
    assert_true(baseline->fitted);
    assert_int_equal(baseline->fit_from_day, day("2026-03-01"));
    assert_int_equal(baseline->fit_until_day, day("2026-04-01"));
    assert_int_equal(costing_baseline(rules, power, lf, day("2026-03-10"))->per_tonne_e6, 36000000);
    assert_null(costing_baseline(rules, power, lf, day("2026-03-09")));
    assert_null(costing_baseline(rules, power, bof, day("2026-04-01")));
    assert_null(costing_baseline(rules, gas, shop, day("2026-04-01")));
    plant_free(plant);
}

static void mistakes_are_refused_with_line_and_key(void **state)
{
    static const struct {
        const char *baselines, *says;
    } mistakes[] = {
        {"{\"item\": \"powr\", \"fixed\": 1, \"per_tonne\": 1}", ":6: baselines[0].item: "},
        {"{\"item\": \"power\", \"station\": \"LV\", \"fixed\": 1, \"per_tonne\": 1}",
         ":6: baselines[0].station: "},
        {"\n{\"item\": \"power\", \"fixed\": 1}", ":7: baselines[0].per_tonne: is missing"},
        {"{\"item\": \"power\"}", "baselines[0].fixed: is missing"},
        {"{\"item\": \"power\", \"fixed\": -1, \"per_tonne\": 1}", "baselines[0].fixed: "},
        {"{\"item\": \"power\", \"fit_from\": \"2026-03-01\"}", "baselines[0].fit_to: is missing"},
        {"{\"item\": \"power\", \"fit_from\": \"2026-03-02\", \"fit_to\": \"2026-03-01\"}",
         "baselines[0].fit_to: lies before \"fit_from\""},
        {"{\"item\": \"power\", \"fit_from\": \"2026-03-01\", \"fit_to\": \"2026-03-02\","
         " \"per_tonne\": 1}",
         "baselines[0].per_tonne: is given, and so are days"},
        {"{\"item\": \"power\", \"from\": \"March\", \"fixed\": 1, \"per_tonne\": 1}",
         "baselines[0].from: "},
        {"{\"item\": \"power\", \"fixed\": 1, \"per_tonne\": 1},\n"
         "{\"item\": \"power\", \"fixed\": 2, \"per_tonne\": 1}",
         "baselines: item \"power\" has two rows for one place"},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(mistakes); i++) {
        struct failure failure = {0};
        struct plant *plant = plant_with(mistakes[i].baselines, &failure);
        assert_null(plant);
        if (strstr(failure.text, mistakes[i].says) == NULL) {
            fail_msg("%s\nis refused with: %s", mistakes[i].baselines, failure.text);
        }
    }
}

/* As in every list, the place of one more than there may be is not looked for. */
static void too_many_are_refused(void **state)
{
    struct failure failure = {0};
    enum { TOO_MANY = 65537 };
    char *rows = calloc(3, TOO_MANY);
    (void)state;
    assert_non_null(rows);
    for (size_t i = 0; i < TOO_MANY; i++) {
        memcpy(rows + 3 * i, "{},", 3);
    }
    rows[3 * TOO_MANY - 1] = '\0';
    assert_null(plant_with(rows, &failure));
    assert_non_null(strstr(failure.text, "at most 65536"));
    free(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_baseline_holds_until_the_next_one_of_its_place),
        cmocka_unit_test(mistakes_are_refused_with_line_and_key),
        cmocka_unit_test(too_many_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
