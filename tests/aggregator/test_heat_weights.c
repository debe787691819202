/* Three weights of a heat: tapped, good (the latest weighing) and cast. */
#include "heat_shop.h"
#include "heats_state.h"

#define KG INT64_C(1000)
#define UNKNOWN INT64_C(-1)

static void weigh(struct shop *shop, enum heat_event_kind kind, const char *heat, uint16_t station,
                  const char *time_of_day, int64_t steel_g)
{
    struct heat_event event = heat_event_of(kind, heat, station, clock_at(time_of_day));
    event.steel_g = steel_g;
    tell(shop, event);
}

static void move(struct shop *shop, enum heat_event_kind kind, const char *from, const char *to,
                 const char *time_of_day, int64_t moved_g)
{
    struct heat_event event = heat_event_of(kind, from, CATALOG_NONE, clock_at(time_of_day));
    event.to = to;
    event.moved_g = moved_g;
    tell(shop, event);
}

static void expect(struct shop *shop, const char *id, int64_t good_g, int64_t tapped_g,
                   int64_t cast_g)
{
    const struct heat *heat = heat_of(shop, id);
    assert_int_equal(heat->steel_g, good_g);
    assert_int_equal(heat->tapped_g, tapped_g);
    assert_int_equal(heat->cast_g, cast_g);
}

static struct shop open_shop(void)
{
    struct plant *plant = plant_create();
    plant->stations[CCM].last = true;
    return shop_open(plant);
}

static void each_weighing_is_kept_by_what_told_it(void **state)
{
    (void)state;
    struct shop shop = open_shop();
    tell_at(&shop, HEAT_START, "H1", BOF, "09:30:00");
    expect(&shop, "H1", UNKNOWN, UNKNOWN, UNKNOWN);
    weigh(&shop, HEAT_TAP, "H1", CATALOG_NONE, "10:00:00", 100 * KG);
    expect(&shop, "H1", 100 * KG, 100 * KG, UNKNOWN);
    weigh(&shop, HEAT_WEIGHT, "H1", CATALOG_NONE, "10:20:00", 98 * KG);
    expect(&shop, "H1", 98 * KG, 100 * KG, UNKNOWN);
    weigh(&shop, HEAT_END, "H1", LF, "10:30:00", 97 * KG); /* no last station */
    expect(&shop, "H1", 97 * KG, 100 * KG, UNKNOWN);
    weigh(&shop, HEAT_END, "H1", CCM, "11:00:00", 96 * KG);
    expect(&shop, "H1", 96 * KG, 100 * KG, 96 * KG);
    weigh(&shop, HEAT_WEIGHT, "H1", CATALOG_NONE, "11:20:00", 95 * KG); /* the yard's scale */
    expect(&shop, "H1", 95 * KG, 100 * KG, 96 * KG);
    weigh(&shop, HEAT_TAP, "H1", CATALOG_NONE, "10:01:00", 101 * KG); /* corrected, late */
    expect(&shop, "H1", 95 * KG, 101 * KG, 96 * KG);
    shop_close(&shop);
}

static void a_heat_that_was_weighed_but_not_at_the_tap_has_no_tapped_weight(void **state)
{
    (void)state;
    struct shop shop = open_shop();
    tell_at(&shop, HEAT_TAP, "H1", CATALOG_NONE, "10:00:00");
    weigh(&shop, HEAT_WEIGHT, "H1", CATALOG_NONE, "10:20:00", 98 * KG);
    expect(&shop, "H1", 98 * KG, UNKNOWN, UNKNOWN);
    shop_close(&shop);
}

static void what_was_tapped_goes_with_the_steel(void **state)
{
    (void)state;
    struct shop shop = open_shop();
    tell_at(&shop, HEAT_START, "H1", BOF, "09:30:00");
    weigh(&shop, HEAT_TAP, "H1", CATALOG_NONE, "10:00:00", 100 * KG);
    weigh(&shop, HEAT_WEIGHT, "H1", CATALOG_NONE, "10:10:00", 98 * KG);
    tell_at(&shop, HEAT_START, "H2", BOF, "10:05:00");
    weigh(&shop, HEAT_TAP, "H2", CATALOG_NONE, "10:40:00", 60 * KG);
    move(&shop, HEAT_RETURN, "H1", "H2", "10:50:00", 40 * KG);
    expect(&shop, "H1", 58 * KG, 60 * KG, UNKNOWN);
    expect(&shop, "H2", 100 * KG, 100 * KG, UNKNOWN);
    move(&shop, HEAT_RETURN, "H1", NULL, "10:55:00", 58 * KG); /* the rest goes to no heat */
    expect(&shop, "H1", 0, 2 * KG, UNKNOWN);
    shop_close(&shop);
}

static void a_part_of_a_split_was_tapped_as_what_went_into_it(void **state)
{
    (void)state;
    struct shop shop = open_shop();
    tell_at(&shop, HEAT_START, "H1", BOF, "09:30:00");
    weigh(&shop, HEAT_TAP, "H1", CATALOG_NONE, "10:00:00", 100 * KG);
    move(&shop, HEAT_SPLIT, "H1", "P1", "10:20:00", 30 * KG);
    expect(&shop, "H1", 70 * KG, 70 * KG, UNKNOWN);
    expect(&shop, "P1", 30 * KG, 30 * KG, UNKNOWN);
    shop_close(&shop);
}

static void a_void_heat_has_no_weights(void **state)
{
    (void)state;
    struct shop shop = open_shop();
    weigh(&shop, HEAT_TAP, "H1", CATALOG_NONE, "10:00:00", 100 * KG);
    weigh(&shop, HEAT_END, "H1", CCM, "11:00:00", 96 * KG);
    tell_at(&shop, HEAT_VOID, "H1", CATALOG_NONE, "11:30:00");
    expect(&shop, "H1", UNKNOWN, UNKNOWN, UNKNOWN);
    shop_close(&shop);
}

/* What a snapshot of an earlier version did not have is worked out of the events. */
static void weights_are_found_again_from_the_events(void **state)
{
    (void)state;
    struct shop shop = open_shop();
    tell_at(&shop, HEAT_START, "H1", BOF, "09:30:00");
    weigh(&shop, HEAT_TAP, "H1", CATALOG_NONE, "10:00:00", 100 * KG);
    weigh(&shop, HEAT_WEIGHT, "H1", CATALOG_NONE, "10:10:00", 98 * KG);
    move(&shop, HEAT_RETURN, "H1", NULL, "10:55:00", 40 * KG);
    tell_at(&shop, HEAT_VOID, "H2", CATALOG_NONE, "11:30:00");
    for (uint32_t no = 1; no <= heats_count(shop.heats); no++) {
        struct heat_steel *steel = &shop.heats->steel[no - 1];
        steel->tapped_g = steel->cast_g = 7;
        heats_derive_weights(shop.heats, no);
    }
    expect(&shop, "H1", 58 * KG, 60 * KG, UNKNOWN);
    expect(&shop, "H2", UNKNOWN, UNKNOWN, UNKNOWN);
    shop_close(&shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_weighing_is_kept_by_what_told_it),
        cmocka_unit_test(a_heat_that_was_weighed_but_not_at_the_tap_has_no_tapped_weight),
        cmocka_unit_test(what_was_tapped_goes_with_the_steel),
        cmocka_unit_test(a_part_of_a_split_was_tapped_as_what_went_into_it),
        cmocka_unit_test(a_void_heat_has_no_weights),
        cmocka_unit_test(weights_are_found_again_from_the_events),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
