/* Allocations in plant.json: what they become, and what is refused, where and why. */
#include "allocation.h"
#include "plant.h"

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
#define MARCH "{\"period\": \"2026-03\", \"tonnes\": \"108000\"}"

/* A plant with that plan, line 13, and those allocations, line 14. */
static struct plant *plant_with(const char *plan, const char *allocations, struct failure *failure)
{
    char path[] = "/tmp/heatledger-allocations-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    FILE *out = fdopen(file, "w");
    fprintf(out,
            "{\n"
            "\"shop\": \"S\", \"zone\": \"Asia/Shanghai\", \"production_day_start\": \"08:00\",\n"
            "\"items\": [{\"id\": \"femn\", \"unit\": \"kg\", \"resolution\": 0.001}],\n"
            "\"stations\": [{\"id\": \"BOF\"}, {\"id\": \"LF\", \"last\": true}],\n"
            "\"meters\": [{\"id\": \"M2\", \"item\": \"femn\", \"station\": \"LF\","
            " \"kind\": \"event\"}],\n"
            "\"shifts\": [{\"id\": \"day\", \"start\": \"08:00\"},"
            " {\"id\": \"night\", \"start\": \"20:00\"}],\n"
            "\"crews\": [{\"id\": \"A\"}, {\"id\": \"B\"}, {\"id\": \"C\"}, {\"id\": \"D\"}],\n"
            "\"roster\": {\"epoch\": \"2026-03-10\", \"cycle\": [\"day\", \"night\", null, null],"
            " \"offsets\": {\"A\": 0, \"B\": 1, \"C\": 2, \"D\": 3}},\n"
            "\"quotas\": [{\"id\": \"femn\", \"item\": \"femn\", \"basis\": \"per_tonne\",\n"
            "\"limit\": 7, \"target\": \"6.8\", \"seasons\": [{\"months\": [7, 8], \"factor\": "
            "\"1.05\"}]},\n"
            "{\"id\": \"heats\", \"item\": \"femn\", \"basis\": \"per_heat\", \"limit\": 36}],\n"
            "\"mappings\": [],\n"
            "\"plan\": [%s],\n"
            "\"allocations\": [%s]}\n",
            plan, allocations);
    fclose(out);
    struct plant *plant = plant_load(path, failure);
    remove(path);
    return plant;
}

static struct plant *good_plant(const char *plan, const char *allocations)
{
    struct failure failure = {0};
    struct plant *plant = plant_with(plan, allocations, &failure);
    if (plant == NULL) {
        fail_msg("%s", failure.text);
    }
    return plant;
}

static int64_t amount_of(const struct allocation *allocation, const char *text)
{
    struct period period;
    assert_true(period_parse(text, &period));
    for (size_t i = 0; i < allocation->node_count; i++) {
        const struct allocation_place *place = &allocation->places[i];
        if (place->part == ALLOCATION_NO_PART && place->level != ALLOCATION_SHIFT &&
            period_equal(place->period, period)) {
            return allocation->nodes[i].amount_base;
        }
    }
    return -1;
}

/* DOMAIN 1 M, 4 */
static void an_amount_is_said_or_grown_or_worked_out(void **state)
{
    static const struct {
        const char *how;
        int64_t amount_base;
    } rows[] = {
        {"\"amount\": \"756000\"", 756000000},
        {"\"growth\": {\"last\": \"400000\", \"factor\": \"1.06\"}", 424000000},
        {"\"growth\": {\"last\": 5500, \"factor\": 1.1}", 6050000},
        {"\"rate\": \"6.9\"", 745200000},
        {"\"frozen_days\": 0", 756000000}, /* the quota's own limit: 108,000 t x 7 */
    };
    (void)state;
    for (size_t i = 0; i < ROWS(rows); i++) {
        char text[256];
        snprintf(text, sizeof text, "{\"quota\": \"femn\", \"period\": \"2026-03\", %s}",
                 rows[i].how);
        struct plant *plant = good_plant(MARCH, text);
        assert_int_equal(plant->costing.allocation_count, 1);
        assert_int_equal(plant->costing.allocations[0].amount_base, rows[i].amount_base);
        assert_int_equal(plant->costing.allocations[0].limit_e9, INT64_C(7000000000));
        assert_int_equal(plant->costing.allocations[0].target_e9, INT64_C(6800000000));
        plant_free(plant);
    }
}

/* July is a season of 1.05; a year is not all of one, so its amount must be said. */
static void the_season_of_the_period_counts(void **state)
{
    struct failure failure = {0};
    (void)state;
    struct plant *plant = good_plant("{\"period\": \"2026-07\", \"tonnes\": 1000}",
                                     "{\"quota\": \"femn\", \"period\": \"2026-07\"}");
    assert_int_equal(plant->costing.allocations[0].amount_base, 7350000);
    assert_int_equal(plant->costing.allocations[0].season_e9, INT64_C(1050000000));
    plant_free(plant);
    assert_null(plant_with("{\"period\": \"2026\", \"tonnes\": 1000}",
                           "{\"quota\": \"femn\", \"period\": \"2026\"}", &failure));
    assert_non_null(strstr(failure.text, "no one rate a tonne"));
}

static void it_is_divided_down_to_the_shifts_of_the_roster(void **state)
{
    (void)state;
    struct plant *plant = good_plant(
        MARCH, "{\"quota\": \"femn\", \"period\": \"2026-03\", \"periods\": [\"ten_days\", "
               "\"day\", \"shift\"], \"shifts\": {\"day\": 2, \"night\": 1}, \"fixed\": "
               "[{\"period\": \"2026-03-X1\", \"amount\": \"259200\"}]}");
    const struct allocation *allocation = &plant->costing.allocations[0];
    assert_int_equal(allocation->node_count, 1 + 3 + 31 + 62);
    assert_int_equal(amount_of(allocation, "2026-03-X1"), 259200000);
    assert_int_equal(amount_of(allocation, "2026-03-X2") + amount_of(allocation, "2026-03-X3"),
                     496800000);
    for (size_t i = 35; i < allocation->node_count; i++) {
        const struct allocation_place *place = &allocation->places[i];
        assert_int_equal(place->crew.index, roster_crew(&plant->roster, &plant->catalog,
                                                        place->period.from_day, place->shift)
                                                .index);
        if (place->shift.index == 0) {
            int64_t night_base = allocation->nodes[i + 1].amount_base;
            assert_in_range(allocation->nodes[i].amount_base + 2 - 2 * night_base, 0, 4);
        }
    }
    plant_free(plant);
}

static void stations_crews_and_posts_have_parts(void **state)
{
    (void)state;
    struct plant *plant = good_plant(
        MARCH ", {\"period\": \"2026-03\", \"crew\": \"A\", \"tonnes\": 60000}, {\"period\": "
              "\"2026-03\", \"crew\": \"B\", \"tonnes\": 48000}",
        "{\"quota\": \"femn\", \"period\": \"2026-03\", \"amount\": 900, \"parts\": "
        "[{\"station\": \"BOF\", \"weight\": 2, \"parts\": [{\"post\": \"炉长\", \"weight\": 1}, "
        "{\"post\": \"合金工\", \"weight\": \"0.5\"}]}, {\"station\": \"LF\", \"weight\": 1}]},"
        "{\"quota\": \"heats\", \"period\": \"2026-03\", \"amount\": 108, \"parts\": "
        "[{\"crew\": \"A\"}, {\"crew\": \"B\"}]}");
    const struct allocation *stations = &plant->costing.allocations[0];
    const struct allocation *crews = &plant->costing.allocations[1];
    assert_int_equal(stations->nodes[1].amount_base, 600000);
    assert_int_equal(stations->nodes[2].amount_base, 300000);
    assert_int_equal(stations->nodes[3].amount_base, 400000);
    assert_int_equal(stations->nodes[4].amount_base, 200000);
    assert_string_equal(stations->parts[3].id, "合金工");
    assert_int_equal(crews->nodes[1].amount_base, 60000);
    assert_int_equal(crews->nodes[2].amount_base, 48000);
    plant_free(plant);
}

#define OF_MARCH "{\"quota\": \"femn\", \"period\": \"2026-03\""
#define TEN_DAYS ", \"periods\": [\"ten_days\"]"

static const struct {
    const char *plan, *allocations, *says[2];
} refused[] = {
    {MARCH,
     "{\"quota\": \"femm\", \"period\": \"2026-03\"}",
     {":14: allocations[0].quota", "femn"}},
    {MARCH, "{\"quota\": \"femn\", \"period\": \"March\"}", {"allocations[0].period", "2026-03"}},
    {MARCH, "{\"quota\": \"femn\"}", {"allocations[0].period", "missing"}},
    {"", OF_MARCH "}", {"allocations[0].rate", "planned tonnes of 2026-03"}},
    {"",
     OF_MARCH ", \"amount\": 5" TEN_DAYS "}",
     {"allocations[0].periods", "2026-03 has no planned tonnes"}},
    {"{\"period\": \"2026-03-X1\", \"tonnes\": 5}",
     OF_MARCH ", \"amount\": 5" TEN_DAYS "}",
     {"2026-03-X2 has no planned tonnes", "while others"}},
    {MARCH ", {\"period\": \"2026-03-X1\", \"tonnes\": 5}, {\"period\": \"2026-03-X2\", "
           "\"tonnes\": 5}, {\"period\": \"2026-03-X3\", \"tonnes\": 5}",
     OF_MARCH TEN_DAYS "}",
     {"2026-03 is planned with 108000 t", "with 15 t together"}},
    {MARCH,
     OF_MARCH TEN_DAYS ", \"fixed\": [{\"period\": \"2026-03-X1\", \"amount\": 756001}]}",
     {"allocations[0].fixed", "756001 are fixed, more than its 756000"}},
    {MARCH,
     OF_MARCH TEN_DAYS ", \"fixed\": [{\"period\": \"2026-03-X1\", \"amount\": 1}, {\"period\": "
                       "\"2026-03-X2\", \"amount\": 1}, {\"period\": \"2026-03-X3\", "
                       "\"amount\": 1}]}",
     {"allocations[0].fixed", "3 are fixed, and nothing is left free"}},
    {MARCH,
     OF_MARCH ", \"fixed\": [{\"period\": \"2026-03-X1\", \"amount\": 1}]}",
     {"allocations[0].fixed", "none of the periods"}},
    {MARCH,
     OF_MARCH TEN_DAYS ", \"fixed\": [{\"period\": \"2026-03-X1\", \"amount\": 1}, {\"period\": "
                       "\"2026-03-X1\", \"amount\": 1}]}",
     {"fixed[1].period", "fixed twice"}},
    {MARCH, OF_MARCH ", \"amount\": -1}", {"allocations[0].amount", "not between 0"}},
    {MARCH, OF_MARCH ", \"amount\": 1, \"rate\": 1}", {"allocations[0]", "more than one of"}},
    {MARCH,
     "{\"quota\": \"heats\", \"period\": \"2026-03\"}",
     {"allocations[0].amount", "no one rate a tonne"}},
    {MARCH, OF_MARCH ", \"periods\": [\"day\", \"ten_days\"]}", {"periods[1]", "not finer than"}},
    {MARCH, OF_MARCH ", \"periods\": [\"shift\"]}", {"periods[0]", "put \"day\" before it"}},
    {MARCH, OF_MARCH ", \"periods\": [\"week\"]}", {"periods[0]", "must be"}},
    {MARCH, OF_MARCH ", \"shifts\": {\"late\": 1}}", {"shifts.late", "no shift \"late\""}},
    {MARCH,
     OF_MARCH ", \"parts\": [{\"crew\": \"E\", \"weight\": 1}]}",
     {"parts[0].crew", "\"E\""}},
    {MARCH, OF_MARCH ", \"parts\": [{\"crew\": \"A\"}]}", {"for crew A", "no planned tonnes"}},
    {MARCH, OF_MARCH ", \"parts\": [{\"station\": \"LF\"}]}", {"parts[0].weight", "missing"}},
    {MARCH, OF_MARCH ", \"parts\": [{\"weight\": 1}]}", {"parts[0]", "must name one of"}},
    {MARCH,
     OF_MARCH ", \"parts\": [{\"crew\": \"A\", \"weight\": 1}, {\"station\": \"LF\", \"weight\": "
              "1}]}",
     {"parts[1]", "are of one kind"}},
    {MARCH,
     OF_MARCH ", \"parts\": [{\"crew\": \"A\", \"weight\": 1}, {\"crew\": \"A\", \"weight\": 1}]}",
     {"parts[1]", "a part already"}},
    {MARCH,
     OF_MARCH ", \"parts\": [{\"crew\": \"A\", \"weight\": 1, \"parts\": [{\"crew\": \"B\", "
              "\"weight\": 1}]}]}",
     {"parts[0].parts[0].crew", "is a crew below a crew"}},
    {MARCH,
     OF_MARCH ", \"periods\": [\"day\", \"shift\"], \"parts\": [{\"crew\": \"A\", \"weight\": 1}]}",
     {"parts[0].crew", "by the roster"}},
    {MARCH,
     OF_MARCH ", \"parts\": [{\"crew\": \"A\", \"weight\": 0}]}",
     {"allocations[0]", "whose planned tonnes or weight"}},
    {MARCH,
     OF_MARCH ", \"floors\": [{\"crew\": \"A\", \"rate\": 1}]}",
     {"floors[0].crew", "no amount of its own"}},
    {MARCH,
     OF_MARCH ", \"proposals\": [{\"period\": \"2026-04\", \"rate\": 1}]}",
     {"proposals[0].period", "does not lie in 2026-03"}},
    {MARCH, OF_MARCH "}, " OF_MARCH "}", {"allocations[1].period", "allocated twice"}},
    {"{\"period\": \"2026-Q1\", \"tonnes\": 90}, {\"period\": \"2026-03\", \"tonnes\": 31}",
     "{\"quota\": \"femn\", \"period\": \"2026-Q1\", \"amount\": 90, \"periods\": [\"month\"]}",
     {"2026-01 has no planned tonnes", "while others"}},
    {"{\"period\": \"2026-Q1\", \"tonnes\": 90}",
     "{\"quota\": \"femn\", \"period\": \"2026-Q1\", \"amount\": 90, \"periods\": "
     "[\"month\"]}, "
     "{\"quota\": \"femn\", \"period\": \"2026-03\", \"amount\": 30}",
     {"allocations[1].amount", "allocation of 2026-Q1 gives it 31"}},
};

static void what_does_not_add_up_is_refused_with_line_and_key(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(refused); i++) {
        struct failure failure = {0};
        struct plant *plant = plant_with(refused[i].plan, refused[i].allocations, &failure);
        if (plant != NULL) {
            fail_msg("row %zu is not refused", i);
        }
        for (size_t k = 0; k < 2; k++) {
            if (strstr(failure.text, refused[i].says[k]) == NULL) {
                fail_msg("row %zu does not say '%s': %s", i, refused[i].says[k], failure.text);
            }
        }
    }
}

/* The tree asks the roster; one with mistakes must not be asked. */
static void a_plant_with_other_mistakes_is_not_divided(void **state)
{
    struct failure failure = {0};
    (void)state;
    assert_null(plant_with("{\"period\": \"x\", \"tonnes\": 1}",
                           OF_MARCH ", \"periods\": [\"day\", \"shift\"]}", &failure));
    assert_non_null(strstr(failure.text, "no period"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_amount_is_said_or_grown_or_worked_out),
        cmocka_unit_test(the_season_of_the_period_counts),
        cmocka_unit_test(it_is_divided_down_to_the_shifts_of_the_roster),
        cmocka_unit_test(stations_crews_and_posts_have_parts),
        cmocka_unit_test(what_does_not_add_up_is_refused_with_line_and_key),
        cmocka_unit_test(a_plant_with_other_mistakes_is_not_divided),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
