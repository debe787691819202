/* Virtual meters and balances: what they come to, and what is refused. */
#include "plant.h"
#include "plant_part.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Meters M (main, e), A, B, C (e), S, R (steam by mass), G (steam by energy), in that order. */
#define PLANT(more)                                                                                \
    "{\"shop\": \"S\", \"zone\": \"UTC\", \"production_day_start\": \"08:00\",\n"                  \
    "\"items\": [{\"id\": \"e\", \"unit\": \"kWh\"}, {\"id\": \"steam\", \"unit\": \"t\"},\n"      \
    "{\"id\": \"steam_heat\", \"unit\": \"GJ\"}], \"stations\": [{\"id\": \"LF\"}],\n"             \
    "\"meters\": [{\"id\": \"M\", \"item\": \"e\", \"station\": \"LF\", \"kind\": \"register\", "  \
    "\"role\": \"check\"},\n"                                                                      \
    "{\"id\": \"A\", \"item\": \"e\", \"station\": \"LF\", \"kind\": \"register\"},\n"             \
    "{\"id\": \"B\", \"item\": \"e\", \"station\": \"LF\", \"kind\": \"register\"},\n"             \
    "{\"id\": \"C\", \"item\": \"e\", \"station\": \"LF\", \"kind\": \"register\"},\n"             \
    "{\"id\": \"S\", \"item\": \"steam\", \"station\": \"LF\", \"kind\": \"register\"},\n"         \
    "{\"id\": \"R\", \"item\": \"steam\", \"station\": \"LF\", \"kind\": \"register\"},\n"         \
    "{\"id\": \"G\", \"item\": \"steam_heat\", \"station\": \"LF\", \"kind\": \"register\"}],\n"   \
    "\"shifts\": [{\"id\": \"day\", \"start\": \"08:00\"}], \"crews\": [{\"id\": \"A\"}],\n"       \
    "\"roster\": {\"epoch\": \"2026-03-10\", \"cycle\": [\"day\"], \"offsets\": {\"A\": 0}}" more  \
    "}\n"
#define VIRTUAL(rows) ",\n\"virtual\": [" rows "]"
#define BALANCES(rows) ",\n\"balances\": [" rows "]"
#define ROW(id, item, terms) "{\"id\": \"" id "\", \"item\": \"" item "\", \"terms\": {" terms "}}"

static struct plant *plant_of(const char *text)
{
    struct failure failure = {0};
    struct plant *plant = plant_read("x.json", text, NULL, &failure);
    if (plant == NULL) {
        fail_msg("%s", failure.text);
    }
    return plant;
}

/* "A+2B-C" in the order of the configuration. */
static void sum_text(const struct plant *plant, const struct meter_sum *sum, char text[128])
{
    size_t used = 0;
    text[0] = '\0';
    for (uint32_t i = 0; i < sum->count; i++) {
        used += (size_t)snprintf(text + used, 128 - used, "%+d%s", sum->terms[i].coefficient,
                                 plant->catalog.meters[sum->terms[i].meter.index].id);
    }
}

static void a_virtual_meter_is_worked_out_to_meters_whatever_the_order(void **state)
{
    (void)state;
    struct plant *plant = plant_of(PLANT(
        VIRTUAL(ROW("OUTER", "e", "\"INNER\": -2, \"A\": 1") ", " ROW(
            "INNER", "e",
            "\"A\": 1, \"B\": -1, \"C\": \"3\"") ", "
                                                 "{\"id\": \"NET\", \"name\": {\"zh\": \"净汽\", "
                                                 "\"en\": \"Net steam\"},"
                                                 " \"item\": \"steam\", \"terms\": {\"S\": 1, "
                                                 "\"R\": -1}}")
            BALANCES("{\"main\": \"OUTER\", \"parts\": [\"B\", \"INNER\"], \"band_pct\": \"2.0\"}, "
                     "{\"id\": \"steam\", \"main\": \"NET\", \"parts\": [\"S\"]}")));
    const struct meter_balance *first = &plant->balances[0], *second = &plant->balances[1];
    char text[128];
    assert_int_equal(plant->balance_count, 2);
    assert_string_equal(first->id, "OUTER");
    assert_string_equal(first->main_id, "OUTER");
    assert_string_equal(first->part_ids, "B;INNER");
    assert_int_equal(first->band_e4, 20000);
    sum_text(plant, &first->main, text);
    assert_string_equal(text, "-1A+2B-6C");
    sum_text(plant, &first->parts, text);
    assert_string_equal(text, "+1A+3C");
    assert_string_equal(second->id, "steam");
    assert_string_equal(second->name.zh, "净汽");
    assert_int_equal(second->band_e4, METER_BALANCE_NO_BAND);
    sum_text(plant, &second->main, text);
    assert_string_equal(text, "+1S-1R");
    plant_free(plant);
}

struct mistake {
    const char *text;
    const char *place; /* "LINE: KEY" */
    const char *what;  /* a part of the text */
};

#define ONE_BALANCE(more) PLANT(BALANCES("{" more "}"))
#define ONE_VIRTUAL(terms) PLANT(VIRTUAL(ROW("V", "e", terms)))

/* Lines: 1 shop … 12 roster, 13 and on what is added. */
static const struct mistake mistakes[] = {
    {ONE_VIRTUAL("\"A\": 1, \"D\": 1"), "13: virtual[V].terms.D", "there is no meter or virtual"},
    {ONE_VIRTUAL("\"A\": 0"), "13: virtual[V].terms.A", "is 0, so it counts for nothing"},
    {ONE_VIRTUAL("\"A\": 0.5"), "13: virtual[V].terms.A", "more decimals"},
    {ONE_VIRTUAL("\"A\": 101"), "13: virtual[V].terms.A", "not between -100 and 100"},
    {ONE_VIRTUAL("\"A\": true"), "13: virtual[V].terms.A", "must be a whole number"},
    {ONE_VIRTUAL("\"A\": 1, \"A\": 1"), "13: virtual[V].terms.A", "given twice"},
    {ONE_VIRTUAL(""), "13: virtual[V].terms", "comes to no meter at all"},
    {ONE_VIRTUAL("\"V\": 1"), "13: virtual[V].terms.V", "goes round in a circle: V -> V;"},
    {ONE_VIRTUAL("\"S\": 1"), "13: virtual[V].terms.S",
     "\"S\" measures \"steam\", which cannot be added to \"e\""},
    {PLANT(VIRTUAL(ROW("A", "e", "\"B\": 1"))), "13: virtual[A].id", "is the id of a meter"},
    {PLANT(VIRTUAL(ROW("V", "x", "\"B\": 1"))), "13: virtual[V].item", "there is no item \"x\""},
    {PLANT(VIRTUAL("{\"id\": \"V\", \"item\": \"e\"}")), "13: virtual[V].terms", "is missing"},
    {PLANT(VIRTUAL(ROW("V", "e", "\"B\": 1") ",\n" ROW("V", "e", "\"A\": 1"))), "14: virtual[V].id",
     "given twice"},
    {PLANT(VIRTUAL(ROW("V", "e", "\"A\": 60") ", " ROW("W", "e", "\"V\": 2"))),
     "13: virtual[W].terms.V", "each at most 100 times"},
    {ONE_BALANCE("\"main\": \"X\", \"parts\": [\"A\"]"), "13: balances[0].main",
     "there is no meter or virtual meter \"X\""},
    {ONE_BALANCE("\"main\": \"M\", \"parts\": []"), "13: balances[0].parts", "is empty"},
    {ONE_BALANCE("\"main\": \"M\", \"parts\": [\"A\", \"X\"]"), "13: balances[0].parts[1]",
     "there is no meter or virtual meter \"X\""},
    {ONE_BALANCE("\"main\": \"M\", \"parts\": [\"A\", \"A\"]"), "13: balances[0].parts[1]",
     "stands in this balance already"},
    {ONE_BALANCE("\"main\": \"M\", \"parts\": [\"M\"]"), "13: balances[0].parts[0]",
     "stands in this balance already"},
    {ONE_BALANCE("\"main\": \"M\", \"parts\": [7]"), "13: balances[0].parts[0]", "in quotes"},
    {ONE_BALANCE("\"main\": \"M\", \"parts\": [\"S\"]"), "13: balances[0].parts[0]",
     "cannot be added to \"e\""},
    {ONE_BALANCE("\"main\": \"M\", \"parts\": [\"A\"], \"band_pct\": -1"),
     "13: balances[0].band_pct", "not between"},
    {ONE_BALANCE("\"main\": \"M\", \"parts\": [\"A\"], \"band\": 1"), "13: balances[0].band",
     "its keys are id, name, main, parts, band_pct"},
    {PLANT(BALANCES("{\"main\": \"M\", \"parts\": [\"A\"]},\n{\"main\": \"M\", \"parts\": "
                    "[\"B\"]}")),
     "14: balances[1].id", "names two balances"},
};

static void expect_mistake(const struct mistake *mistake)
{
    struct failure failure = {0};
    struct plant *plant = plant_read("x.json", mistake->text, NULL, &failure);
    char place[160];
    snprintf(place, sizeof place, "x.json:%s: ", mistake->place);
    if (plant != NULL || strncmp(failure.text, place, strlen(place)) != 0 ||
        strstr(failure.text, mistake->what) == NULL) {
        fail_msg("%s…%s is wanted, not: %s", place, mistake->what, failure.text);
    }
}

static void every_mistake_is_refused_with_line_and_key(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        expect_mistake(&mistakes[i]);
    }
}

static void edge_27_circles_are_refused_by_the_way_they_go(void **state)
{
    (void)state;
    expect_mistake(&(struct mistake){
        PLANT(VIRTUAL(ROW("V1", "e", "\"A\": 1, \"V2\": 1") ",\n" ROW(
            "V2", "e", "\"V3\": -1") ",\n" ROW("V3", "e", "\"B\": 1, \"V1\": 1"))),
        "15: virtual[V3].terms.V1", "goes round in a circle: V1 -> V2 -> V3 -> V1;"});
    /* One that leads into a circle is not part of it. */
    expect_mistake(
        &(struct mistake){PLANT(VIRTUAL(ROW("V0", "e", "\"V1\": 1") ",\n" ROW(
                              "V1", "e", "\"V2\": 1") ",\n" ROW("V2", "e", "\"V1\": 1"))),
                          "15: virtual[V2].terms.V1", "goes round in a circle: V1 -> V2 -> V1;"});
    /* The same one by two ways is no circle. */
    plant_free(plant_of(PLANT(
        VIRTUAL(ROW("V1", "e", "\"V2\": 1, \"V3\": 1") ", " ROW("V2", "e", "\"V4\": 1") ", " ROW(
            "V3", "e", "\"V4\": 1") ", " ROW("V4", "e", "\"A\": 1")))));
}

static void edge_26_mass_and_energy_of_steam_do_not_mix(void **state)
{
    (void)state;
    expect_mistake(
        &(struct mistake){PLANT(VIRTUAL(ROW("NET", "steam", "\"S\": 1, \"R\": -1, \"G\": 1"))),
                          "13: virtual[NET].terms.G",
                          "\"G\" measures \"steam_heat\", which cannot be added to \"steam\""});
    expect_mistake(&(struct mistake){ONE_BALANCE("\"main\": \"S\", \"parts\": [\"R\", \"G\"]"),
                                     "13: balances[0].parts[1]", "cannot be added to \"steam\""});
}

static void a_meter_that_counts_twice_is_a_warning(void **state)
{
    (void)state;
    char path[] = "/tmp/test_plant_virtual_XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    FILE *out = fdopen(file, "w");
    fputs(PLANT(VIRTUAL(ROW("V", "e", "\"A\": 1, \"B\": 1"))
                    BALANCES("{\"main\": \"M\", \"parts\": [\"V\", \"C\", \"B\"]}")),
          out);
    fclose(out);
    char *text = NULL;
    size_t length = 0;
    out = open_memstream(&text, &length);
    uint32_t counts[PLANT_SEVERITY_COUNT] = {0};
    struct failure failure = {0};
    assert_true(plant_check_counted(path, out, counts, &failure));
    fclose(out);
    assert_int_equal(counts[PLANT_MISTAKE], 0);
    assert_int_equal(counts[PLANT_WARNING], 1);
    assert_non_null(strstr(text, ":14: balances[0].parts[2]: warning: meter \"B\" counts twice"));
    free(text);
    remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_virtual_meter_is_worked_out_to_meters_whatever_the_order),
        cmocka_unit_test(every_mistake_is_refused_with_line_and_key),
        cmocka_unit_test(edge_27_circles_are_refused_by_the_way_they_go),
        cmocka_unit_test(edge_26_mass_and_energy_of_steam_do_not_mix),
        cmocka_unit_test(a_meter_that_counts_twice_is_a_warning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
