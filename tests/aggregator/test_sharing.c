/* Each sharing key, told to the aggregator: several heats on one meter, one meter of several
 * stations, and what the shares depend on coming late. */
#include "sharing_plant.h"

#define ANY SHARING_METHOD_COUNT

static void stay(struct book *book, const char *heat, uint16_t station, const char *start,
                 const char *end)
{
    assert_int_equal(book_heat(book, HEAT_START, heat, station, clock_at(start)), OUTCOME_ACCEPTED);
    if (end != NULL) {
        assert_int_equal(book_heat(book, HEAT_END, heat, station, clock_at(end)), OUTCOME_ACCEPTED);
    }
}

static void show(struct book *book, uint32_t meter, const char *time_of_day, int64_t value)
{
    book_reading(book, reading_of(meter, clock_at(time_of_day), value));
}

static void holds(const struct book *book, uint32_t meter, const char *heat, uint16_t station,
                  enum sharing_method method, int64_t amount)
{
    int64_t sum = shared_sum(book, meter, heat, station, method);
    if (sum != amount) {
        fail_msg("meter %u, heat \"%s\", station %u: %lld, not %lld", meter, heat, station,
                 (long long)sum, (long long)amount);
    }
}

/* Books of one meter at a station, shared by `method` from the beginning of time; where `bof` is
 * not 0 over BOF and LF, with these keys. */
static struct book *book_shared(enum meter_kind kind, uint16_t station, enum sharing_method method,
                                int64_t bof, int64_t lf)
{
    struct plant *plant = plant_create();
    struct sharing_rule *rule = add_rule(plant_meter(plant, kind, station), method, INT64_MIN);
    if (bof != 0) {
        add_part(rule, BOF, 0, bof);
        add_part(rule, LF, 0, lf);
    }
    return book_open(plant);
}

/* DOMAIN 3: 1000 kWh over 99,600, 100,100 and 99,700 kg. */
static void edge_21_tonnage_shares_by_steel_with_largest_remainder(void **state)
{
    (void)state;
    struct book *book = book_shared(METER_REGISTER, LF, SHARING_TONNAGE, 0, 0);
    stay(book, "1", LF, "09:00:00", "09:30:00");
    stay(book, "2", LF, "09:00:00", "09:30:00");
    stay(book, "3", LF, "09:00:00", "09:30:00");
    show(book, 0, "09:00:00", 0);
    show(book, 0, "09:30:00", 1000);
    holds(book, 0, "", LF, SHARING_TONNAGE, 1000); /* nobody's weight is known */
    weigh(book, "1", clock_at("09:40:00"), 99600000);
    holds(book, 0, "1", LF, SHARING_TONNAGE, 1000);
    weigh(book, "2", clock_at("09:41:00"), 100100000);
    weigh(book, "3", clock_at("09:42:00"), 99700000);
    holds(book, 0, "1", LF, SHARING_TONNAGE, 333);
    holds(book, 0, "2", LF, SHARING_TONNAGE, 334);
    holds(book, 0, "3", LF, SHARING_TONNAGE, 333);
    assert_int_equal(book->postings[book->count - 1].cause, POSTING_SHARES);
    close_with_keys(book);
}

static void edge_21_the_planned_weight_counts_until_the_steel_is_known(void **state)
{
    (void)state;
    struct book *book = book_shared(METER_REGISTER, LF, SHARING_TONNAGE, 0, 0);
    struct fact start = {.kind = FACT_HEAT,
                         .as.heat = heat_event_of(HEAT_START, "1", LF, clock_at("09:00:00"))};
    start.as.heat.planned_g = 60000000;
    book_tell(book, &start);
    start.as.heat.heat = "2";
    start.as.heat.planned_g = 40000000;
    book_tell(book, &start);
    show(book, 0, "09:00:00", 0);
    show(book, 0, "09:30:00", 100);
    holds(book, 0, "1", LF, SHARING_TONNAGE, 60); /* of open use, too */
    holds(book, 0, "2", LF, SHARING_TONNAGE, 40);
    weigh(book, "1", clock_at("09:20:00"), 120000000);
    holds(book, 0, "1", LF, SHARING_TONNAGE, 75);
    holds(book, 0, "2", LF, SHARING_TONNAGE, 25);
    close_with_keys(book);
}

static void edge_21_a_heat_alone_takes_all_whatever_it_weighs(void **state)
{
    (void)state;
    struct book *book = book_shared(METER_REGISTER, LF, SHARING_TONNAGE, 0, 0);
    stay(book, "1", LF, "09:00:00", "09:30:00");
    show(book, 0, "09:00:00", 0);
    show(book, 0, "09:30:00", 10);
    holds(book, 0, "1", LF, SHARING_NONE, 10);
    close_with_keys(book);
}

static void edge_21_time_and_heat_count_share_by_presence_at_all_stations_named(void **state)
{
    static const enum sharing_method methods[] = {SHARING_TIME, SHARING_HEAT_COUNT};
    (void)state;
    for (size_t i = 0; i < ROWS(methods); i++) {
        struct plant *plant = plant_create();
        struct sharing_rule *rule =
            add_rule(plant_meter(plant, METER_REGISTER, CCM), methods[i], INT64_MIN);
        add_part(rule, LF, 0, 0);
        add_part(rule, BOF, 0, 0);
        struct book *book = book_open(plant);
        show(book, 0, "09:00:00", 0);
        stay(book, "1", LF, "09:10:00", "09:30:00");
        stay(book, "2", BOF, "09:20:00", "09:30:00");
        show(book, 0, "09:40:00", 400);
        holds(book, 0, "", CCM, SHARING_NONE, 200); /* before and after */
        holds(book, 0, "1", LF, SHARING_NONE, 100);
        holds(book, 0, "1", LF, methods[i], 50);
        holds(book, 0, "2", BOF, methods[i], 50);
        close_with_keys(book);
    }
}

static void edge_21_ratio_gives_each_station_its_part_idle_or_not(void **state)
{
    (void)state;
    struct book *book = book_shared(METER_REGISTER, CCM, SHARING_RATIO, 5, 3);
    show(book, 0, "09:00:00", 0);
    stay(book, "1", LF, "09:00:00", "09:10:00");
    stay(book, "2", LF, "09:00:00", "09:10:00");
    show(book, 0, "09:10:00", 80);
    holds(book, 0, "1", LF, SHARING_RATIO, 15);
    holds(book, 0, "2", LF, SHARING_RATIO, 15);
    holds(book, 0, "", BOF, SHARING_RATIO, 50);
    holds(book, 0, "", CCM, ANY, 0);
    close_with_keys(book);
}

static void edge_21_power_counts_the_stations_where_a_heat_is(void **state)
{
    (void)state;
    struct book *book = book_shared(METER_REGISTER, CCM, SHARING_POWER, 5, 3);
    show(book, 0, "09:00:00", 0);
    stay(book, "1", LF, "09:10:00", "09:30:00");
    stay(book, "2", BOF, "09:20:00", "09:30:00");
    show(book, 0, "09:10:00", 7);
    show(book, 0, "09:20:00", 107);
    show(book, 0, "09:30:00", 187);
    holds(book, 0, "", CCM, SHARING_NONE, 7);
    holds(book, 0, "1", LF, SHARING_POWER, 130);
    holds(book, 0, "2", BOF, SHARING_POWER, 50);
    close_with_keys(book);
}

/* Meter 0 at CCM is divided by what 1 at LF and 2 at BOF moved. */
static struct book *book_with_submeters(enum meter_kind kind)
{
    struct plant *plant = plant_create();
    struct sharing_rule *rule =
        add_rule(plant_meter(plant, kind, CCM), SHARING_SUBMETER, INT64_MIN);
    plant_meter(plant, METER_REGISTER, LF);
    plant_meter(plant, METER_REGISTER, BOF);
    add_part(rule, LF, 1, 0);
    add_part(rule, BOF, 2, 0);
    return book_open(plant);
}

static void edge_21_submeters_share_by_what_they_moved(void **state)
{
    (void)state;
    struct book *book = book_with_submeters(METER_REGISTER);
    for (uint32_t meter = 0; meter < 3; meter++) {
        show(book, meter, "09:00:00", 0);
    }
    stay(book, "1", LF, "09:00:00", "09:10:00");
    show(book, 1, "09:10:00", 30);
    show(book, 2, "09:10:00", 10);
    show(book, 0, "09:10:00", 100);
    holds(book, 0, "1", LF, SHARING_SUBMETER, 75);
    holds(book, 0, "", BOF, SHARING_SUBMETER, 25);
    /* nothing moves: idle where the meter stands */
    show(book, 1, "09:20:00", 30);
    show(book, 2, "09:20:00", 10);
    show(book, 0, "09:20:00", 108);
    holds(book, 0, "", CCM, SHARING_SUBMETER, 8);
    close_with_keys(book);
}

static void edge_15_a_silent_submeter_holds_up_nobody(void **state)
{
    (void)state;
    struct book *book = book_with_submeters(METER_REGISTER);
    for (uint32_t meter = 0; meter < 3; meter++) {
        show(book, meter, "09:00:00", 0);
    }
    stay(book, "1", LF, "09:00:00", "09:10:00");
    stay(book, "2", LF, "09:10:00", NULL);
    show(book, 2, "09:10:00", 10);
    show(book, 0, "09:10:00", 100);
    show(book, 0, "09:11:00", 100);
    holds(book, 0, "", BOF, SHARING_SUBMETER, 100); /* what is known now counts */
    size_t before = book->count;
    show(book, 1, "09:20:00", 60); /* 30 of it until 09:10 */
    holds(book, 0, "1", LF, SHARING_SUBMETER, 75);
    holds(book, 0, "", BOF, SHARING_SUBMETER, 25);
    assert_true(book->count > before + 1);
    assert_int_equal(book->postings[book->count - 1].cause, POSTING_SHARES);
    close_with_keys(book);
}

/* The shared meter is read once an hour: by then its sub-meters' curves are forgotten. */
static void submeters_are_remembered_at_boundaries_of_a_slower_meter(void **state)
{
    (void)state;
    struct book *book = book_with_submeters(METER_REGISTER);
    show(book, 0, "09:00:00", 0);
    stay(book, "1", LF, "09:00:00", "09:10:00");
    stay(book, "2", LF, "09:10:00", "09:20:00");
    for (int64_t minute = 0; minute <= 60; minute++) {
        int64_t ts_us = clock_at("09:00:00") + minute * MINUTE_US;
        /* LF 9 a minute until 09:10, then 1 a minute; BOF 1 a minute */
        int64_t moved = minute < 10 ? 9 * minute : 80 + minute;
        book_reading(book, reading_of(1, ts_us, moved));
        book_reading(book, reading_of(2, ts_us, minute));
    }
    show(book, 0, "10:00:00", 600);
    holds(book, 0, "1", LF, SHARING_SUBMETER, 90);
    holds(book, 0, "2", LF, SHARING_SUBMETER, 50);
    holds(book, 0, "", LF, SHARING_SUBMETER, 200);
    holds(book, 0, "", BOF, SHARING_SUBMETER, 10 + 50 + 200);
    close_with_keys(book);
}

static void increments_share_by_submeters_too(void **state)
{
    (void)state;
    struct book *book = book_with_submeters(METER_INCREMENT);
    show(book, 1, "09:00:00", 0);
    show(book, 2, "09:00:00", 0);
    stay(book, "1", LF, "09:00:00", "09:10:00");
    struct reading reading = reading_of(0, clock_at("09:10:00"), 100);
    reading.from_us = clock_at("09:00:00");
    book_reading(book, reading);
    holds(book, 0, "", CCM, SHARING_SUBMETER, 100);
    show(book, 1, "09:10:00", 30);
    show(book, 2, "09:10:00", 10);
    holds(book, 0, "1", LF, SHARING_SUBMETER, 75);
    holds(book, 0, "", BOF, SHARING_SUBMETER, 25);
    close_with_keys(book);
}

static void edge_21_a_key_is_in_force_from_its_date(void **state)
{
    (void)state;
    struct plant *plant = plant_create();
    struct meter *meter = plant_meter(plant, METER_REGISTER, LF);
    add_rule(meter, SHARING_TIME, clock_at("09:10:00"));
    struct sharing_rule *rule = add_rule(meter, SHARING_RATIO, clock_at("09:20:00"));
    add_part(rule, BOF, 0, 1);
    struct book *book = book_open(plant);
    show(book, 0, "09:00:00", 0);
    stay(book, "1", LF, "09:00:00", "09:30:00");
    stay(book, "2", LF, "09:00:00", "09:30:00");
    show(book, 0, "09:30:00", 30);
    holds(book, 0, "1", LF, SHARING_EQUAL, 5); /* no key yet: equal shares */
    holds(book, 0, "2", LF, SHARING_EQUAL, 5);
    holds(book, 0, "1", LF, SHARING_TIME, 5);
    holds(book, 0, "2", LF, SHARING_TIME, 5);
    holds(book, 0, "", BOF, SHARING_RATIO, 10);
    close_with_keys(book);
}

static void a_heat_named_takes_all_whatever_the_key(void **state)
{
    (void)state;
    struct book *book = book_shared(METER_EVENT, CCM, SHARING_RATIO, 5, 3);
    struct reading reading = reading_of(0, clock_at("09:10:00"), 16);
    reading.heat = "9";
    book_reading(book, reading);
    book_reading(book, reading_of(0, clock_at("09:11:00"), 8));
    holds(book, 0, "9", CCM, SHARING_NAMED, 16);
    holds(book, 0, "", BOF, SHARING_RATIO, 5);
    holds(book, 0, "", LF, SHARING_RATIO, 3);
    close_with_keys(book);
}

static void idle_use_stays_idle_unless_it_is_declared_to_go_to_the_next_heat(void **state)
{
    (void)state;
    for (int declared = 0; declared < 3; declared++) {
        struct plant *plant = plant_create();
        struct meter *meter = plant_meter(plant, METER_REGISTER, LF);
        plant->stations[LF].idle_to_next = declared > 0;
        meter->idle = declared == 2 ? METER_IDLE_KEPT : METER_IDLE_AS_STATION;
        bool moves = declared == 1;
        struct book *book = book_open(plant);
        show(book, 0, "15:30:00", 0);
        stay(book, "1", LF, "15:30:00", "15:40:00");
        show(book, 0, "16:10:00", 40); /* the crews change in between */
        holds(book, 0, "", LF, SHARING_NONE, 30);
        stay(book, "3", LF, "16:20:00", NULL);
        show(book, 0, "16:20:00", 50);
        holds(book, 0, "3", LF, SHARING_NEXT_HEAT, moves ? 40 : 0);
        /* A start that comes late takes what was before it. */
        stay(book, "2", LF, "16:05:00", "16:06:00");
        holds(book, 0, "2", LF, SHARING_NEXT_HEAT, moves ? 25 : 0);
        holds(book, 0, "2", LF, SHARING_NONE, 1);
        holds(book, 0, "3", LF, SHARING_NEXT_HEAT, moves ? 14 : 0);
        holds(book, 0, "", LF, SHARING_NONE, moves ? 0 : 39);
        /* The crew on duty bears it: A until 16:00. */
        assert_int_equal(book_sum(book, 0, NULL, CREW_A), 30);
        close_with_keys(book);
    }
}

static void edge_02_parts_of_a_shared_meter_sum_exactly_over_every_boundary(void **state)
{
    (void)state;
    struct book *book = book_shared(METER_REGISTER, CCM, SHARING_RATIO, 7, 3);
    show(book, 0, "15:50:00", 0);
    stay(book, "1", LF, "15:51:07", "16:02:13");
    stay(book, "2", BOF, "15:53:00", "15:59:59");
    stay(book, "3", LF, "15:55:31", "16:08:00");
    show(book, 0, "16:10:00", 1001);
    assert_int_equal(book_sum(book, 0, NULL, -1), 1001);
    assert_int_equal(book_sum(book, 0, NULL, CREW_A), 500); /* floor at 16:00 */
    assert_int_equal(book_sum(book, 0, NULL, CREW_B), 501);
    close_with_keys(book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edge_21_tonnage_shares_by_steel_with_largest_remainder),
        cmocka_unit_test(edge_21_the_planned_weight_counts_until_the_steel_is_known),
        cmocka_unit_test(edge_21_a_heat_alone_takes_all_whatever_it_weighs),
        cmocka_unit_test(edge_21_time_and_heat_count_share_by_presence_at_all_stations_named),
        cmocka_unit_test(edge_21_ratio_gives_each_station_its_part_idle_or_not),
        cmocka_unit_test(edge_21_power_counts_the_stations_where_a_heat_is),
        cmocka_unit_test(edge_21_submeters_share_by_what_they_moved),
        cmocka_unit_test(edge_15_a_silent_submeter_holds_up_nobody),
        cmocka_unit_test(submeters_are_remembered_at_boundaries_of_a_slower_meter),
        cmocka_unit_test(increments_share_by_submeters_too),
        cmocka_unit_test(edge_21_a_key_is_in_force_from_its_date),
        cmocka_unit_test(a_heat_named_takes_all_whatever_the_key),
        cmocka_unit_test(idle_use_stays_idle_unless_it_is_declared_to_go_to_the_next_heat),
        cmocka_unit_test(edge_02_parts_of_a_shared_meter_sum_exactly_over_every_boundary),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
