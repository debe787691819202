/* The catalog: looking things up by id, names of the enums. */
#include "catalog.h"
#include "memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define METERS 5000

static struct catalog make_catalog(uint32_t meters)
{
    struct catalog catalog = {
        .item_count = 2,
        .station_count = 2,
        .meter_count = meters,
        .shift_count = 3,
        .crew_count = 4,
        .items = memory_zeroed(2, sizeof(struct item)),
        .stations = memory_zeroed(2, sizeof(struct station)),
        .meters = memory_zeroed(meters, sizeof(struct meter)),
        .shifts = memory_zeroed(3, sizeof(struct shift)),
        .crews = memory_zeroed(4, sizeof(struct crew)),
    };
    strcpy(catalog.items[0].id, "o2");
    strcpy(catalog.items[1].id, "electricity");
    strcpy(catalog.stations[0].id, "LF");
    strcpy(catalog.stations[1].id, "BOF");
    for (int i = 0; i < 3; i++) {
        snprintf(catalog.shifts[i].id, sizeof catalog.shifts[i].id, "shift%d", i);
    }
    for (int i = 0; i < 4; i++) {
        snprintf(catalog.crews[i].id, sizeof catalog.crews[i].id, "%c", 'A' + i);
    }
    for (uint32_t i = 0; i < meters; i++) {
        snprintf(catalog.meters[i].id, sizeof catalog.meters[i].id, "E%05u", i);
    }
    catalog_index_build(&catalog);
    return catalog;
}

static void every_meter_is_found_by_its_id(void **state)
{
    (void)state;
    struct catalog catalog = make_catalog(METERS);
    for (uint32_t i = 0; i < METERS; i++) {
        meter_id found = {UINT32_MAX};
        assert_true(catalog_find_meter(&catalog, catalog.meters[i].id, &found));
        assert_int_equal(found.index, i);
    }
    catalog_clear(&catalog);
}

static void what_is_not_there_is_not_found(void **state)
{
    (void)state;
    struct catalog catalog = make_catalog(3);
    meter_id meter = {77};
    item_id item = {77};
    station_id station = {77};
    shift_id shift = {77};
    crew_id crew = {77};
    assert_false(catalog_find_meter(&catalog, "E0000", &meter));
    assert_false(catalog_find_meter(&catalog, "e00001", &meter));
    assert_false(catalog_find_meter(&catalog, "", &meter));
    assert_false(catalog_find_item(&catalog, "O2", &item));
    assert_false(catalog_find_station(&catalog, "L", &station));
    assert_false(catalog_find_shift(&catalog, "shift3", &shift));
    assert_false(catalog_find_crew(&catalog, "E", &crew));
    assert_int_equal(meter.index, 77);
    assert_int_equal(crew.index, 77);
    catalog_clear(&catalog);
}

static void short_tables_are_found_by_id_too(void **state)
{
    (void)state;
    struct catalog catalog = make_catalog(1);
    item_id item = {77};
    station_id station = {77};
    shift_id shift = {77};
    crew_id crew = {77};
    assert_true(catalog_find_item(&catalog, "electricity", &item));
    assert_true(catalog_find_station(&catalog, "BOF", &station));
    assert_true(catalog_find_shift(&catalog, "shift2", &shift));
    assert_true(catalog_find_crew(&catalog, "D", &crew));
    assert_int_equal(item.index, 1);
    assert_int_equal(station.index, 1);
    assert_int_equal(shift.index, 2);
    assert_int_equal(crew.index, 3);
    catalog_clear(&catalog);
}

static void a_plant_without_meters_finds_none(void **state)
{
    (void)state;
    struct catalog catalog = make_catalog(0);
    meter_id meter = {0};
    assert_false(catalog_find_meter(&catalog, "E00000", &meter));
    catalog_clear(&catalog);
    assert_int_equal(catalog.crew_count, 0);
    assert_null(catalog.meters);
}

static void ids_may_have_all_their_bytes(void **state)
{
    (void)state;
    struct catalog catalog = {
        .meter_count = 2,
        .meters = memory_zeroed(2, sizeof(struct meter)),
    };
    memset(catalog.meters[0].id, 'x', CATALOG_ID_MAX);
    memset(catalog.meters[1].id, 'x', CATALOG_ID_MAX);
    catalog.meters[1].id[CATALOG_ID_MAX - 1] = 'y';
    catalog_index_build(&catalog);
    meter_id found = {77};
    assert_true(catalog_find_meter(&catalog, catalog.meters[1].id, &found));
    assert_int_equal(found.index, 1);
    catalog_clear(&catalog);
}

static void an_id_is_found_within_a_longer_text(void **state)
{
    (void)state;
    struct catalog catalog = make_catalog(3);
    meter_id found = {77};
    const char *text = "E00001\",E00002 and whatever a message goes on with";
    assert_true(catalog_find_meter_text(&catalog, text, 6, &found));
    assert_int_equal(found.index, 1);
    assert_false(catalog_find_meter_text(&catalog, text, 5, &found));
    assert_false(catalog_find_meter_text(&catalog, text, 7, &found));
    assert_false(catalog_find_meter_text(&catalog, text, 0, &found));
    assert_false(catalog_find_meter_text(&catalog, text, strlen(text), &found));
    assert_int_equal(found.index, 1);
    catalog_clear(&catalog);
}

static void kinds_and_roles_have_their_names(void **state)
{
    (void)state;
    static const enum meter_kind kinds[] = {METER_REGISTER, METER_RATE, METER_INCREMENT,
                                            METER_EVENT, METER_LEVEL};
    static const char *const names[] = {"register", "rate", "increment", "event", "level"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        assert_string_equal(meter_kind_name(kinds[i]), names[i]);
    }
    assert_string_equal(meter_role_name(METER_BOOK), "book");
    assert_string_equal(meter_role_name(METER_CHECK), "check");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_meter_is_found_by_its_id),
        cmocka_unit_test(what_is_not_there_is_not_found),
        cmocka_unit_test(short_tables_are_found_by_id_too),
        cmocka_unit_test(a_plant_without_meters_finds_none),
        cmocka_unit_test(ids_may_have_all_their_bytes),
        cmocka_unit_test(an_id_is_found_within_a_longer_text),
        cmocka_unit_test(kinds_and_roles_have_their_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
