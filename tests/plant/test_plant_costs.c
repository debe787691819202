/* Prices, tariffs, energy factors, classes, causes, plans and the settlement in plant.json: what
 * they become, and what is refused, where and why. */
#include "memory.h"
#include "plant.h"
#include "tariff.h"
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

/* A plant that ends with `keys`, in line 12. */
static struct plant *plant_with(const char *keys, struct failure *failure)
{
    char path[] = "/tmp/heatledger-costs-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    FILE *out = fdopen(file, "w");
    fprintf(out,
            "{\n"
            "\"shop\": \"S\", \"zone\": \"Asia/Shanghai\", \"production_day_start\": \"08:00\",\n"
            "\"items\": [{\"id\": \"power\", \"unit\": \"kWh\", \"price\": \"0.62\","
            " \"coal_kgce\": \"0.1229\"},\n"
            "{\"id\": \"water\", \"unit\": \"m3\"}],\n"
            "\"stations\": [{\"id\": \"LF\", \"last\": true}],\n"
            "\"meters\": [{\"id\": \"E1\", \"item\": \"power\", \"station\": \"LF\","
            " \"kind\": \"register\"}],\n"
            "\"shifts\": [{\"id\": \"day\", \"start\": \"08:00\"}], \"crews\": [{\"id\": \"A\"}],\n"
            "\"roster\": {\"epoch\": \"2026-03-10\", \"cycle\": [\"day\"], \"offsets\": {\"A\": "
            "0}},\n"
            "\"quotas\": [{\"id\": \"q\", \"item\": \"power\", \"basis\": \"per_tonne\", "
            "\"limit\": 36},\n"
            "{\"id\": \"soft\", \"item\": \"power\", \"basis\": \"per_tonne\", \"limit\": 36,"
            " \"hard\": false},"
            "{\"id\": \"heats\", \"item\": \"power\", \"basis\": \"per_heat\", \"limit\": 36,"
            " \"scopes\": [\"heat\"]}],\n"
            "\"mappings\": []%s%s}\n",
            keys[0] != '\0' ? ",\n" : "", keys);
    fclose(out);
    struct plant *plant = plant_load(path, failure);
    remove(path);
    return plant;
}

static struct plant *good_plant(const char *keys)
{
    struct failure failure = {0};
    struct plant *plant = plant_with(keys, &failure);
    if (plant == NULL) {
        fail_msg("%s", failure.text);
    }
    return plant;
}

static int32_t day(const char *text)
{
    int32_t number = 0;
    assert_true(timestamp_parse_day(text, strlen(text), &number));
    return number;
}

#define POWER ((item_id){0})
#define WATER ((item_id){1})

static void a_price_holds_until_the_next_one(void **state)
{
    struct plant *plant =
        good_plant("\"prices\": [{\"item\": \"water\", \"from\": \"2026-03-01\", \"actual\": 3},\n"
                   "{\"item\": \"power\", \"from\": \"2026-03-10\", \"actual\": \"0.7\"},\n"
                   "{\"item\": \"power\", \"from\": \"2026-02-01\", \"standard\": \"0.65\"}]");
    const struct costing_rules *rules = &plant->costing;
    (void)state;
    assert_int_equal(costing_price(rules, POWER, day("2026-01-31"))->standard_e6, 620000);
    assert_int_equal(costing_price(rules, POWER, day("2026-01-31"))->actual_e6, COSTING_UNKNOWN);
    assert_int_equal(costing_price(rules, POWER, day("2026-02-01"))->standard_e6, 650000);
    assert_int_equal(costing_price(rules, POWER, day("2026-03-10"))->standard_e6, 650000);
    assert_int_equal(costing_price(rules, POWER, day("2026-03-10"))->actual_e6, 700000);
    assert_null(costing_price(rules, WATER, day("2026-02-28")));
    assert_int_equal(costing_price(rules, WATER, day("2026-03-01"))->standard_e6, COSTING_UNKNOWN);
    plant_free(plant);
}

static void factors_are_dated_and_of_one_basis(void **state)
{
    struct plant *plant = good_plant(
        "\"energy_factors\": [{\"item\": \"water\", \"coal_kgce\": \"0.0857\", \"co2_kg\": 1},\n"
        "{\"item\": \"water\", \"from\": \"2021-04-01\", \"coal_kgce\": \"0.2571\","
        " \"basis\": \"equivalent\", \"source\": \"GB/T 2589-2020\"}]");
    const struct costing_rules *rules = &plant->costing;
    (void)state;
    assert_int_equal(costing_factor(rules, ENERGY_COAL, WATER, day("2021-03-31"))->factor_e6,
                     85700);
    assert_int_equal(costing_factor(rules, ENERGY_COAL, WATER, day("2021-04-01"))->factor_e6,
                     257100);
    assert_string_equal(costing_factor(rules, ENERGY_COAL, WATER, day("2021-04-01"))->source,
                        "GB/T 2589-2020");
    assert_int_equal(costing_factor(rules, ENERGY_CO2, WATER, 0)->factor_e6, 1000000);
    assert_int_equal(costing_factor(rules, ENERGY_COAL, POWER, 0)->factor_e6, 122900);
    assert_null(costing_factor(rules, ENERGY_CO2, POWER, 0));
    plant_free(plant);
}

static void classes_causes_and_plans_are_found(void **state)
{
    struct period march;
    struct plant *plant = good_plant(
        "\"cost_classes\": [{\"id\": \"energy\", \"items\": [\"power\"]},"
        " {\"id\": \"overhead\", \"controllable\": false, \"items\": []}],\n"
        "\"causes\": [{\"id\": \"MEA-02\"}, {\"id\": \"MAN\", \"charged_to\": \"nobody\"}],\n"
        "\"plan\": [{\"period\": \"2026-03\", \"tonnes\": \"108000.5\"},"
        " {\"period\": \"2026-03\", \"crew\": \"A\", \"tonnes\": 7}]");
    const struct costing_rules *rules = &plant->costing;
    (void)state;
    assert_true(rules->classes[0].controllable);
    assert_false(rules->classes[1].controllable);
    assert_int_equal(rules->item_class[POWER.index], 0);
    assert_int_equal(rules->item_class[WATER.index], CATALOG_NONE);
    assert_int_equal(costing_cause(rules, "MEA-02")->charge, CAUSE_INSTRUMENTS);
    assert_int_equal(costing_cause(rules, "MEA")->charge, CAUSE_INSTRUMENTS);
    assert_int_equal(costing_cause(rules, "MAN")->charge, CAUSE_NOBODY);
    assert_int_equal(costing_cause(rules, "MAT")->charge, CAUSE_CREW);
    assert_null(costing_cause(rules, "XXX"));
    assert_true(period_parse("2026-03", &march));
    assert_int_equal(costing_planned_g(rules, march, (crew_id){CATALOG_NONE}),
                     INT64_C(108000500000));
    assert_int_equal(costing_planned_g(rules, march, (crew_id){0}), 7000000);
    assert_int_equal(costing_planned_g(rules, period_next(march), (crew_id){0}), -1);
    plant_free(plant);
}

static void the_settlement_has_the_rule_of_the_domain_as_its_default(void **state)
{
    struct plant *plant = good_plant(
        "\"settlement\": {\"bonus\": \"10000\", \"bonuses\": {\"A\": \"12000.50\"},"
        " \"lines\": [{\"quota\": \"q\", \"weight\": \"12.5\"}], \"steps\": {\"step_pct\": 15,"
        " \"reward\": 500}}");
    const struct settlement_rule *rule = &plant->costing.settlement;
    (void)state;
    assert_true(rule->given);
    assert_int_equal(rule->period, PERIOD_DAY);
    assert_int_equal(rule->pool_e4, 4000);
    assert_int_equal(rule->bonus_fen, 1000000);
    assert_int_equal(rule->crew_bonus_fen[0], 1200050);
    assert_int_equal(rule->line_count, 1);
    assert_string_equal(rule->lines[0].quota, "q");
    assert_int_equal(rule->lines[0].weight_e3, 12500);
    assert_int_equal(rule->step_threshold_e2, 1500);
    assert_int_equal(rule->step_reward_fen, 50000);
    plant_free(plant);
    plant = good_plant("");
    assert_false(plant->costing.settlement.given);
    plant_free(plant);
}

#define TARIFF(bands)                                                                              \
    "\"tariffs\": [{\"item\": \"power\", \"seasons\": [{\"bands\": [" bands "]}]}]"
#define BAND(id, price, hours)                                                                     \
    "{\"id\": \"" id "\", \"price\": \"" price "\", \"hours\": [" hours "]}"

static void a_tariff_has_a_price_for_every_minute(void **state)
{
    struct plant *plant =
        good_plant(TARIFF(BAND("flat", "0.62", "\"07:00-10:00\", \"15:00-23:00\"") "," BAND(
            "peak", "0.95", "\"10:00-15:00\"") "," BAND("valley", "0.31", "\"23:00-07:00\"")));
    static const struct {
        const char *at, *band;
    } rows[] = {{"2026-03-10T06:59:59+08:00", "valley"}, {"2026-03-10T07:00:00+08:00", "flat"},
                {"2026-03-10T14:59:59+08:00", "peak"},   {"2026-03-10T15:00:00+08:00", "flat"},
                {"2026-03-10T23:00:00+08:00", "valley"}, {"2026-03-11T00:00:00+08:00", "valley"}};
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        int64_t at_us = 0;
        assert_true(timestamp_parse(rows[i].at, strlen(rows[i].at), &at_us));
        assert_string_equal(
            tariff_at(plant->catalog.items[0].tariff, &plant->roster.zone, at_us)->id,
            rows[i].band);
    }
    assert_null(plant->catalog.items[1].tariff);
    plant_free(plant);
}

static void mistakes_are_named_with_what_would_be_right(void **state)
{
    static const struct {
        const char *keys;
        int line;
        const char *key, *says;
    } rows[] = {
        {TARIFF(BAND("a", "1", "\"07:00-23:00\"")), 12, "tariffs[0].seasons[0].bands",
         "hole in the day from 00:00 to 07:00"},
        {TARIFF(BAND("a", "1", "\"00:00-12:00\"") "," BAND("b", "2", "\"11:00-24:00\"")), 12,
         "tariffs[0].seasons[0].bands", "cover 11:00 to 12:00 twice"},
        {TARIFF(BAND("a", "1", "\"7-23\"")), 12, "hours", "like \"08:00-11:00\""},
        {TARIFF(BAND("a", "-1", "\"00:00-24:00\"")), 12, "price", ""},
        {"\"tariffs\": [{\"item\": \"power\", \"seasons\": [{\"months\": [1, 2],\n\"bands\": "
         "[" BAND("a", "1", "\"00:00-24:00\"") "]}]}]",
         12, "tariffs[0].seasons", "leave out month 3"},
        {"\"prices\": [{\"item\": \"gas\", \"from\": \"2026-03-01\", \"actual\": 1}]", 12,
         "prices[0].item", "gas"},
        {"\"prices\": [{\"item\": \"power\", \"from\": \"2026-03-01\"}]", 12, "prices[0].standard",
         "give one of them"},
        {"\"prices\": [{\"item\": \"power\", \"from\": \"2026-03-01\", \"actual\": 1},\n"
         "{\"item\": \"power\", \"from\": \"2026-03-01\", \"actual\": 2}]",
         12, "prices", "same \"from\""},
        {"\"prices\": [{\"item\": \"power\", \"from\": \"2026-03-01\", \"actual\": -1}]", 12,
         "prices[0].actual", ""},
        {"\"energy_factors\": [{\"item\": \"water\", \"coal_kgce\": 1, \"basis\": \"calorific\"},\n"
         "{\"item\": \"power\", \"from\": \"2026-01-01\", \"coal_kgce\": 1, \"basis\": "
         "\"equivalent\"}]",
         12, "energy_factors", "mixes the bases"},
        {"\"energy_factors\": [{\"item\": \"power\", \"from\": \"2026-01-01\", \"coal_kgce\": 1, "
         "\"basis\": \"calorific\"},\n"
         "{\"item\": \"power\", \"from\": \"2026-02-01\", \"coal_kgce\": 1},\n"
         "{\"item\": \"power\", \"from\": \"2026-03-01\", \"coal_kgce\": 1, \"basis\": "
         "\"equivalent\"}]",
         12, "energy_factors", "mixes the bases"},
        {"\"causes\": [{\"id\": \"MEA-1\", \"charged_to\": \"crew\"}]", 12,
         "causes[MEA-1].charged_to", "is no crew's"},
        {"\"tariffs\": [{\"item\": \"power\", \"seasons\": []}]", 12, "tariffs[0].seasons",
         "every minute of the year"},
        {"\"tariffs\": [{\"item\": \"power\", \"seasons\": [{\"bands\": "
         "[" BAND("a", "1", "\"00:00-24:00\"") "]},\n{\"bands\": "
                                               "[" BAND("b", "1", "\"00:00-24:00\"") "]}]}]",
         13, "tariffs[0].seasons[1]", "has no month"},
        {"\"settlement\": {\"bonus\": 1, \"lines\": []}", 12, "settlement.lines",
         "no weight above 0"},
        {"\"cost_classes\": [{\"id\": \"a\", \"items\": [\"power\"]},\n{\"id\": \"b\", \"items\": "
         "[\"power\"]}]",
         13, "cost_classes[b].items[0]", "in class \"a\" already"},
        {"\"causes\": [{\"id\": \"BAD-1\"}]", 12, "causes[BAD-1].id", "must begin with MAN"},
        {"\"plan\": [{\"period\": \"2026-3\", \"tonnes\": 1}]", 12, "plan[0].period",
         "ten-day period (2026-03-X1)"},
        {"\"plan\": [{\"period\": \"2026-03\", \"tonnes\": 1},\n{\"period\": \"2026-03\", "
         "\"tonnes\": 2}]",
         13, "plan[1].period", "planned twice"},
        {"\"settlement\": {\"bonus\": 1, \"lines\": [{\"quota\": \"qq\", \"weight\": 1}]}", 12,
         "settlement.lines[0].quota", "qq"},
        {"\"settlement\": {\"bonus\": 1, \"lines\": [{\"quota\": \"soft\", \"weight\": 1}]}", 12,
         "settlement.lines[0].quota", "is a soft target"},
        {"\"settlement\": {\"bonus\": 1, \"lines\": [{\"quota\": \"heats\", \"weight\": 1}]}", 12,
         "settlement.lines[0].quota", "add \"crew\""},
        {"\"settlement\": {\"bonus\": 1, \"lines\": [{\"quota\": \"q\", \"weight\": "
         "1},\n{\"quota\": "
         "\"q\", \"weight\": 1}]}",
         13, "settlement.lines[1].quota", "is a line already"},
        {"\"settlement\": {\"bonus\": 1, \"lines\": [{\"quota\": \"q\", \"weight\": 0}]}", 12,
         "settlement.lines", "no weight above 0"},
        {"\"settlement\": {\"bonus\": 1, \"bonuses\": {\"Z\": 5}, \"lines\": [{\"quota\": \"q\", "
         "\"weight\": 1}]}",
         12, "settlement.bonuses.Z", "there is no crew"},
        {"\"settlement\": {\"bonus\": 1, \"people_file\": \"people.json\", \"lines\": [{\"quota\": "
         "\"q\", \"weight\": 1}]}",
         12, "settlement.people_file", "absolute path"},
        {"\"settlement\": {\"bonus\": 1, \"pool_pct\": 101, \"lines\": [{\"quota\": \"q\", "
         "\"weight\": 1}]}",
         12, "settlement.pool_pct", ""},
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct failure failure = {0};
        char line[16];
        struct plant *plant = plant_with(rows[i].keys, &failure);
        snprintf(line, sizeof line, ":%d: ", rows[i].line);
        if (plant != NULL) {
            fail_msg("row %zu was taken", i);
        }
        if (strstr(failure.text, line) == NULL || strstr(failure.text, rows[i].key) == NULL ||
            strstr(failure.text, rows[i].says) == NULL) {
            fail_msg("row %zu: %s", i, failure.text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_price_holds_until_the_next_one),
        cmocka_unit_test(factors_are_dated_and_of_one_basis),
        cmocka_unit_test(classes_causes_and_plans_are_found),
        cmocka_unit_test(the_settlement_has_the_rule_of_the_domain_as_its_default),
        cmocka_unit_test(a_tariff_has_a_price_for_every_minute),
        cmocka_unit_test(mistakes_are_named_with_what_would_be_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
