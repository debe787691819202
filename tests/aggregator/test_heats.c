/* Heats: what follows from the set of their events. */
#include "heat_shop.h"

static size_t alive_at(struct shop *shop, uint16_t station, const char *time_of_day)
{
    heat_no heats[8];
    return stays_alive(heats_at(shop->heats, (station_id){station}), clock_at(time_of_day), heats,
                       8);
}

static void several_heats_are_at_one_station_and_one_at_several(void **state)
{
    (void)state;
    struct shop shop = shop_open(plant_create());
    tell_at(&shop, HEAT_START, "H1", LF, "10:00:00");
    tell_at(&shop, HEAT_START, "H2", LF, "10:10:00");
    tell_at(&shop, HEAT_START, "H1", BOF, "10:05:00");
    tell_at(&shop, HEAT_END, "H1", LF, "10:20:00");
    assert_int_equal(alive_at(&shop, LF, "10:09:59"), 1);
    assert_int_equal(alive_at(&shop, LF, "10:10:00"), 2);
    assert_int_equal(alive_at(&shop, LF, "10:20:00"), 1);
    assert_int_equal(alive_at(&shop, BOF, "12:00:00"), 1);
    assert_int_equal(alive_at(&shop, CCM, "12:00:00"), 0);
    assert_int_equal(heats_count(shop.heats), 2);
    shop_close(&shop);
}

/* Stays of one heat at LF, from rows of events told in order. */
struct stays_case {
    const char *what;
    struct {
        enum heat_event_kind kind;
        const char *ts;
    } events[5];
    size_t stay_count;
    struct {
        const char *start, *end; /* end NULL: open */
    } stays[3];
};

static const struct stays_case stays_cases[] = {
    {"one visit",
     {{HEAT_START, "10:00:00"}, {HEAT_END, "10:30:00"}},
     1,
     {{"10:00:00", "10:30:00"}}},
    {"not ended yet", {{HEAT_START, "10:00:00"}}, 1, {{"10:00:00", NULL}}},
    {"ended, never begun", {{HEAT_END, "10:30:00"}}, 0, {{NULL, NULL}}},
    {"the end is heard of first",
     {{HEAT_END, "10:30:00"}, {HEAT_START, "10:00:00"}},
     1,
     {{"10:00:00", "10:30:00"}}},
    {"an end before the start ends nothing",
     {{HEAT_START, "10:00:00"}, {HEAT_END, "09:30:00"}},
     1,
     {{"10:00:00", NULL}}},
    {"a second visit",
     {{HEAT_START, "10:00:00"},
      {HEAT_END, "10:30:00"},
      {HEAT_START, "11:00:00"},
      {HEAT_END, "11:20:00"}},
     2,
     {{"10:00:00", "10:30:00"}, {"11:00:00", "11:20:00"}}},
    {"a second visit begins as the first ends",
     {{HEAT_START, "10:00:00"}, {HEAT_START, "10:30:00"}, {HEAT_END, "10:30:00"}},
     2,
     {{"10:00:00", "10:30:00"}, {"10:30:00", NULL}}},
    {"another start opens the next visit",
     {{HEAT_START, "10:00:00"}, {HEAT_START, "11:00:00"}, {HEAT_END, "11:20:00"}},
     2,
     {{"10:00:00", "11:00:00"}, {"11:00:00", "11:20:00"}}},
    {"start and end at the same instant: empty",
     {{HEAT_START, "10:00:00"}, {HEAT_END, "10:00:00"}},
     0,
     {{NULL, NULL}}},
    {"an empty visit, then a real one",
     {{HEAT_START, "10:00:00"}, {HEAT_END, "10:00:00"}, {HEAT_START, "11:00:00"}},
     1,
     {{"11:00:00", NULL}}},
    {"a second end changes nothing",
     {{HEAT_START, "10:00:00"}, {HEAT_END, "10:30:00"}, {HEAT_END, "10:40:00"}},
     1,
     {{"10:00:00", "10:30:00"}}},
};

static void stays_follow_from_starts_and_ends(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(stays_cases); i++) {
        const struct stays_case *row = &stays_cases[i];
        struct shop shop = shop_open(plant_create());
        for (size_t e = 0; e < ROWS(row->events) && row->events[e].ts != NULL; e++) {
            assert_int_equal(tell_at(&shop, row->events[e].kind, "H1", LF, row->events[e].ts),
                             OUTCOME_ACCEPTED);
        }
        size_t count = 0;
        const struct heat_stay *stays = heats_stays(shop.heats, (heat_no){1}, &count);
        if (count != row->stay_count) {
            fail_msg("%s: %zu stays", row->what, count);
        }
        for (size_t s = 0; s < count; s++) {
            int64_t end_us =
                row->stays[s].end != NULL ? clock_at(row->stays[s].end) : TIMESTAMP_NEVER_US;
            assert_true(stays[s].start_us == clock_at(row->stays[s].start));
            assert_true(stays[s].end_us == end_us);
            assert_int_equal(stays[s].visit, s + 1);
            assert_int_equal(stays[s].station.index, LF);
        }
        shop_close(&shop);
    }
}

static void the_same_event_again_is_a_duplicate_with_and_without_id(void **state)
{
    (void)state;
    struct shop shop = shop_open(plant_create());
    struct heat_event start = heat_event_of(HEAT_START, "H1", LF, clock_at("10:00:00"));
    assert_int_equal(tell(&shop, start), OUTCOME_ACCEPTED);
    assert_int_equal(tell(&shop, start), OUTCOME_DUPLICATE);
    start.id = "e-1";
    assert_int_equal(tell(&shop, start), OUTCOME_DUPLICATE);
    struct heat_event end = heat_event_of(HEAT_END, "H1", LF, clock_at("10:30:00"));
    end.id = "e-2";
    assert_int_equal(tell(&shop, end), OUTCOME_ACCEPTED);
    assert_int_equal(tell(&shop, end), OUTCOME_DUPLICATE);
    shop_close(&shop);
}

static void the_same_id_with_other_content_is_a_conflict_and_the_first_stays(void **state)
{
    (void)state;
    struct shop shop = shop_open(plant_create());
    struct heat_event tap = heat_event_of(HEAT_TAP, "H1", CATALOG_NONE, clock_at("10:00:00"));
    tap.id = "e-1";
    tap.steel_g = 99600000;
    assert_int_equal(tell(&shop, tap), OUTCOME_ACCEPTED);
    struct heat_event others[] = {tap, tap, tap, tap};
    others[0].steel_g = 100100000;
    others[1].ts_us += 1;
    others[2].grade = "Q235B";
    others[3].heat = "H2";
    for (size_t i = 0; i < ROWS(others); i++) {
        assert_int_equal(tell(&shop, others[i]), OUTCOME_CONFLICT);
    }
    assert_int_equal(heat_of(&shop, "H1")->steel_g, 99600000);
    assert_string_equal(heat_of(&shop, "H1")->grade, "");
    /* A refused event makes no heat: nobody would be told of it. */
    assert_int_equal(heats_count(shop.heats), 1);
    shop_close(&shop);
}

static void two_starts_at_one_instant_are_one_visit(void **state)
{
    (void)state;
    struct shop shop = shop_open(plant_create());
    struct heat_event start = heat_event_of(HEAT_START, "H1", LF, clock_at("10:00:00"));
    tell(&shop, start);
    start.planned_g = 100000000;
    assert_int_equal(tell(&shop, start), OUTCOME_ACCEPTED);
    size_t count = 0;
    const struct heat_stay *stays = heats_stays(shop.heats, (heat_no){1}, &count);
    assert_int_equal(count, 1);
    assert_int_equal(stays[0].visit, 1);
    assert_int_equal(heat_of(&shop, "H1")->planned_g, 100000000);
    shop_close(&shop);
}

static void the_latest_weight_counts_whenever_it_arrives(void **state)
{
    (void)state;
    struct shop shop = shop_open(plant_create());
    struct heat_event correction =
        heat_event_of(HEAT_WEIGHT, "H1", CATALOG_NONE, clock_at("10:40:00"));
    correction.steel_g = 99700000;
    struct heat_event tap = heat_event_of(HEAT_TAP, "H1", CATALOG_NONE, clock_at("10:00:00"));
    tap.steel_g = 99600000;
    tap.grade = "Q235B";
    struct heat_event start = heat_event_of(HEAT_START, "H1", BOF, clock_at("09:30:00"));
    start.planned_g = 100000000;
    assert_int_equal(tell(&shop, correction), OUTCOME_ACCEPTED);
    assert_int_equal(tell(&shop, tap), OUTCOME_ACCEPTED);
    assert_int_equal(tell(&shop, start), OUTCOME_ACCEPTED);
    const struct heat *heat = heat_of(&shop, "H1");
    assert_int_equal(heat->steel_g, 99700000);
    assert_int_equal(heat->planned_g, 100000000);
    assert_string_equal(heat->grade, "Q235B");
    assert_true(heat->first_start_us == clock_at("09:30:00"));
    assert_false(heat->provisional);
    shop_close(&shop);
}

static void weight_at_the_instant_of_the_tap_corrects_it(void **state)
{
    (void)state;
    for (int order = 0; order < 2; order++) {
        struct shop shop = shop_open(plant_create());
        struct heat_event tap = heat_event_of(HEAT_TAP, "H1", CATALOG_NONE, clock_at("10:00:00"));
        tap.steel_g = 99600000;
        struct heat_event weight = tap;
        weight.kind = HEAT_WEIGHT;
        weight.steel_g = 90000000;
        tell(&shop, order == 0 ? tap : weight);
        tell(&shop, order == 0 ? weight : tap);
        assert_int_equal(heat_of(&shop, "H1")->steel_g, 90000000);
        shop_close(&shop);
    }
}

static void what_cannot_be_booked_is_refused_with_a_reason(void **state)
{
    (void)state;
    struct shop shop = shop_open(plant_create());
    int64_t ts_us = clock_at("10:00:00");
    struct heat_event weightless = heat_event_of(HEAT_WEIGHT, "H1", CATALOG_NONE, ts_us);
    weightless.steel_g = 0;
    struct heat_event itself = heat_event_of(HEAT_RENUMBER, "H1", CATALOG_NONE, ts_us);
    itself.to = "H1";
    struct heat_event nothing = heat_event_of(HEAT_RETURN, "H1", CATALOG_NONE, ts_us);
    nothing.moved_g = 0;
    static const enum heat_event_kind bare[] = {HEAT_RETURN, HEAT_SPLIT, HEAT_MERGE, HEAT_RENUMBER};
    assert_int_equal(tell(&shop, heat_event_of(HEAT_START, "H1", CATALOG_NONE, ts_us)),
                     OUTCOME_BAD_FIELD);
    assert_int_equal(tell(&shop, heat_event_of(HEAT_END, "H1", CATALOG_NONE, ts_us)),
                     OUTCOME_BAD_FIELD);
    assert_int_equal(tell(&shop, weightless), OUTCOME_BAD_FIELD);
    for (size_t i = 0; i < ROWS(bare); i++) { /* without "to" or "kg" */
        assert_int_equal(tell(&shop, heat_event_of(bare[i], "H1", LF, ts_us)), OUTCOME_BAD_FIELD);
    }
    assert_int_equal(tell(&shop, itself), OUTCOME_BAD_FIELD);
    assert_int_equal(tell(&shop, nothing), OUTCOME_BAD_FIELD);
    assert_int_equal(heats_count(shop.heats), 0);
    shop_close(&shop);
}

static void a_change_says_at_which_station_and_from_when(void **state)
{
    (void)state;
    struct shop shop = shop_open(plant_create());
    static const struct {
        enum heat_event_kind kind;
        uint16_t station;
        const char *ts, *from; /* from NULL: no stay changes */
    } rows[] = {
        {HEAT_START, LF, "10:00:00", "10:00:00"},   {HEAT_END, LF, "10:30:00", "10:30:00"},
        {HEAT_END, LF, "10:40:00", NULL},           {HEAT_END, LF, "10:20:00", "10:20:00"},
        {HEAT_START, LF, "09:50:00", "09:50:00"},   {HEAT_START, CCM, "10:45:00", "10:45:00"},
        {HEAT_TAP, CATALOG_NONE, "10:00:00", NULL},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        struct heat_event event =
            heat_event_of(rows[i].kind, "H1", rows[i].station, clock_at(rows[i].ts));
        struct heat_change change = {0};
        const char *detail = NULL;
        assert_int_equal(heats_event(shop.heats, &event, &change, &detail), OUTCOME_ACCEPTED);
        assert_int_equal(change.heat_count, 1);
        assert_int_equal(change.heats[0].value, 1);
        assert_int_equal(change.station_count, rows[i].from != NULL);
        assert_int_equal(change.resolved_count, 0);
        if (rows[i].from != NULL) {
            assert_int_equal(change.stations[0].station.index, rows[i].station);
            assert_true(change.stations[0].from_us == clock_at(rows[i].from));
        }
    }
    shop_close(&shop);
}

static bool heat_equal(const struct heat *a, const struct heat *b)
{
    return strcmp(a->id, b->id) == 0 && strcmp(a->grade, b->grade) == 0 &&
           a->steel_g == b->steel_g && a->planned_g == b->planned_g && a->tapped_g == b->tapped_g &&
           a->cast_g == b->cast_g && a->first_start_us == b->first_start_us &&
           a->owner_at_us == b->owner_at_us && crew_slot_equal(a->owner, b->owner) &&
           a->ended_us == b->ended_us && a->provisional == b->provisional;
}

/* A heat with two visits, a weight and its correction, told in every order, each event twice. */
static void the_order_in_which_events_arrive_does_not_matter(void **state)
{
    (void)state;
    struct heat_event events[] = {
        heat_event_of(HEAT_START, "H1", LF, clock_at("15:30:00")),
        heat_event_of(HEAT_END, "H1", LF, clock_at("15:50:00")),
        heat_event_of(HEAT_START, "H1", LF, clock_at("15:50:00")),
        heat_event_of(HEAT_END, "H1", LF, clock_at("16:10:00")),
        heat_event_of(HEAT_TAP, "H1", CATALOG_NONE, clock_at("15:59:00")),
        heat_event_of(HEAT_WEIGHT, "H1", CATALOG_NONE, clock_at("16:30:00")),
        heat_event_of(HEAT_TAP, "H1", CATALOG_NONE, clock_at("16:01:00")),
    };
    events[4].steel_g = 99600000;
    events[4].grade = "Q235B";
    events[5].steel_g = 99700000;
    events[6].steel_g = 12345;
    struct heat first = {0};
    struct permutation order = permutation_first(ROWS(events));
    do {
        struct shop shop = shop_open(plant_create());
        for (size_t i = 0; i < ROWS(events); i++) {
            assert_int_equal(tell(&shop, events[order.order[i]]), OUTCOME_ACCEPTED);
            assert_int_equal(tell(&shop, events[order.order[i]]), OUTCOME_DUPLICATE);
        }
        const struct heat *heat = heat_of(&shop, "H1");
        if (first.id[0] == '\0') {
            first = *heat;
        }
        assert_true(heat_equal(&first, heat));
        size_t count = 0;
        const struct heat_stay *stays = heats_stays(shop.heats, heat->no, &count);
        assert_int_equal(count, 2);
        assert_true(stays[0].end_us == clock_at("15:50:00"));
        assert_true(stays[1].start_us == clock_at("15:50:00"));
        assert_true(stays[1].end_us == clock_at("16:10:00"));
        assert_int_equal(alive_at(&shop, LF, "15:50:00"), 1);
        shop_close(&shop);
    } while (permutation_next(&order));
    assert_int_equal(first.steel_g, 99700000);
    assert_int_equal(first.owner.crew.index, CREW_A);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(several_heats_are_at_one_station_and_one_at_several),
        cmocka_unit_test(stays_follow_from_starts_and_ends),
        cmocka_unit_test(the_same_event_again_is_a_duplicate_with_and_without_id),
        cmocka_unit_test(the_same_id_with_other_content_is_a_conflict_and_the_first_stays),
        cmocka_unit_test(two_starts_at_one_instant_are_one_visit),
        cmocka_unit_test(the_latest_weight_counts_whenever_it_arrives),
        cmocka_unit_test(weight_at_the_instant_of_the_tap_corrects_it),
        cmocka_unit_test(what_cannot_be_booked_is_refused_with_a_reason),
        cmocka_unit_test(a_change_says_at_which_station_and_from_when),
        cmocka_unit_test(the_order_in_which_events_arrive_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
