/* Heats: who owns one, when it ends, when the same number is another. */
#include "heat_shop.h"

static void the_crew_at_the_first_tap_owns_the_heat(void **state)
{
    (void)state;
    struct shop shop = shop_open(plant_create());
    tell_at(&shop, HEAT_START, "H1", BOF, "07:45:00");
    assert_false(heat_owned(heat_of(&shop, "H1")));
    tell_at(&shop, HEAT_END, "H1", BOF, "08:15:00");
    assert_false(heat_owned(heat_of(&shop, "H1")));
    tell_at(&shop, HEAT_TAP, "H1", CATALOG_NONE, "08:15:00");
    assert_int_equal(heat_of(&shop, "H1")->owner.crew.index, CREW_A);
    assert_int_equal(heat_of(&shop, "H1")->owner.shift.index, DAY_SHIFT);
    assert_int_equal(heat_of(&shop, "H1")->owner.day, day_at("2026-03-10"));
    tell_at(&shop, HEAT_TAP, "H1", CATALOG_NONE, "16:15:00");
    assert_int_equal(heat_of(&shop, "H1")->owner.crew.index, CREW_A);
    tell_at(&shop, HEAT_TAP, "H1", CATALOG_NONE, "07:55:00");
    assert_int_equal(heat_of(&shop, "H1")->owner.crew.index, CREW_D);
    tell_at(&shop, HEAT_TAP, "H2", CATALOG_NONE, "16:00:00");
    assert_int_equal(heat_of(&shop, "H2")->owner.crew.index, CREW_B);
    shop_close(&shop);
}

static void ownership_at_the_end_of_a_station_takes_that_station_alone(void **state)
{
    (void)state;
    struct plant *plant = plant_create();
    plant->rules = (struct heat_rules){.owner_at_tap = false, .owner_station = {LF}};
    struct shop shop = shop_open(plant);
    tell_at(&shop, HEAT_TAP, "H1", CATALOG_NONE, "07:30:00");
    tell_at(&shop, HEAT_END, "H1", BOF, "07:40:00");
    tell_at(&shop, HEAT_START, "H1", LF, "07:45:00");
    assert_false(heat_owned(heat_of(&shop, "H1")));
    tell_at(&shop, HEAT_END, "H1", LF, "16:00:00");
    assert_int_equal(heat_of(&shop, "H1")->owner.crew.index, CREW_B);
    tell_at(&shop, HEAT_END, "H1", LF, "15:00:00");
    assert_int_equal(heat_of(&shop, "H1")->owner.crew.index, CREW_A);
    assert_true(heat_of(&shop, "H1")->owner_at_us == clock_at("15:00:00"));
    shop_close(&shop);
}

static void count_heat(void *context, heat_no heat)
{
    uint32_t *sum = context;
    *sum += heat.value;
}

static void a_takeover_moves_ownership_and_names_the_heats_that_changed(void **state)
{
    (void)state;
    struct shop shop = shop_open(plant_create());
    tell_at(&shop, HEAT_TAP, "H1", CATALOG_NONE, "15:49:00");
    tell_at(&shop, HEAT_TAP, "H2", CATALOG_NONE, "15:50:00");
    tell_at(&shop, HEAT_TAP, "H3", CATALOG_NONE, "16:00:00");
    tell_at(&shop, HEAT_START, "H4", LF, "15:55:00");
    int64_t from_us = 0;
    int64_t to_us = 0;
    calendar_takeover(shop.calendar, clock_at("15:50:00"), (crew_id){CREW_B}, &from_us, &to_us);
    uint32_t sum = 0;
    heats_reown(shop.heats, from_us, to_us, count_heat, &sum);
    assert_int_equal(sum, 2); /* H2, and nobody else */
    assert_int_equal(heat_of(&shop, "H1")->owner.crew.index, CREW_A);
    assert_int_equal(heat_of(&shop, "H2")->owner.crew.index, CREW_B);
    assert_int_equal(heat_of(&shop, "H3")->owner.crew.index, CREW_B);
    shop_close(&shop);
}

static void without_last_stations_a_heat_ends_with_its_last_stay(void **state)
{
    (void)state;
    struct shop shop = shop_open(plant_create());
    tell_at(&shop, HEAT_START, "H1", BOF, "10:00:00");
    assert_false(heat_ended(heat_of(&shop, "H1")));
    tell_at(&shop, HEAT_START, "H1", LF, "10:20:00");
    tell_at(&shop, HEAT_END, "H1", BOF, "10:30:00");
    assert_false(heat_ended(heat_of(&shop, "H1")));
    tell_at(&shop, HEAT_END, "H1", LF, "10:40:00");
    assert_true(heat_of(&shop, "H1")->ended_us == clock_at("10:40:00"));
    tell_at(&shop, HEAT_START, "H1", LF, "11:00:00");
    assert_false(heat_ended(heat_of(&shop, "H1")));
    shop_close(&shop);
}

static void with_a_last_station_a_heat_ends_only_after_it(void **state)
{
    (void)state;
    struct plant *plant = plant_create();
    plant->stations[CCM].last = true;
    struct shop shop = shop_open(plant);
    tell_at(&shop, HEAT_START, "H1", LF, "10:00:00");
    tell_at(&shop, HEAT_END, "H1", LF, "10:30:00");
    assert_false(heat_ended(heat_of(&shop, "H1")));
    tell_at(&shop, HEAT_START, "H1", CCM, "10:35:00");
    assert_false(heat_ended(heat_of(&shop, "H1")));
    tell_at(&shop, HEAT_END, "H1", CCM, "11:35:00");
    assert_true(heat_of(&shop, "H1")->ended_us == clock_at("11:35:00"));
    shop_close(&shop);
}

static void an_id_that_comes_back_next_year_is_a_new_heat(void **state)
{
    (void)state;
    struct shop shop = shop_open(plant_create());
    tell(&shop, heat_event_of(HEAT_START, "6126001", LF, at("2026-03-10T10:00:00Z")));
    tell(&shop, heat_event_of(HEAT_END, "6126001", LF, at("2026-03-10T11:00:00Z")));
    tell(&shop, heat_event_of(HEAT_START, "6126001", LF, at("2027-03-10T10:00:00Z")));
    assert_int_equal(heats_count(shop.heats), 2);
    assert_true(heat_ended(heats_get(shop.heats, (heat_no){1})));
    assert_false(heat_ended(heats_get(shop.heats, (heat_no){2})));
    bool made = true;
    assert_int_equal(heats_name(shop.heats, "6126001", at("2026-03-11T10:00:00Z"), &made).value, 1);
    assert_false(made);
    assert_int_equal(heats_name(shop.heats, "6126001", at("2027-03-11T10:00:00Z"), &made).value, 2);
    shop_close(&shop);
}

static void a_named_heat_is_provisional_until_an_event_of_its_own(void **state)
{
    (void)state;
    struct shop shop = shop_open(plant_create());
    char longest[CATALOG_ID_MAX + 1];
    memset(longest, 'h', CATALOG_ID_MAX);
    longest[CATALOG_ID_MAX] = '\0';
    bool made = false;
    heat_no no = heats_name(shop.heats, longest, clock_at("10:00:00"), &made);
    assert_true(made);
    assert_true(heats_get(shop.heats, no)->provisional);
    assert_string_equal(heats_get(shop.heats, no)->id, longest);
    tell_at(&shop, HEAT_TAP, longest, CATALOG_NONE, "10:30:00");
    assert_int_equal(heats_count(shop.heats), 1);
    assert_false(heats_get(shop.heats, no)->provisional);
    shop_close(&shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_crew_at_the_first_tap_owns_the_heat),
        cmocka_unit_test(ownership_at_the_end_of_a_station_takes_that_station_alone),
        cmocka_unit_test(a_takeover_moves_ownership_and_names_the_heats_that_changed),
        cmocka_unit_test(without_last_stations_a_heat_ends_with_its_last_stay),
        cmocka_unit_test(with_a_last_station_a_heat_ends_only_after_it),
        cmocka_unit_test(an_id_that_comes_back_next_year_is_a_new_heat),
        cmocka_unit_test(a_named_heat_is_provisional_until_an_event_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
