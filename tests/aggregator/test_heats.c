/* Heats: what follows from the set of their events. */
#include "heats.h"
#include "plant_fixture.h"

struct shop {
    struct plant *plant;
    struct calendar *calendar;
    struct heats *heats;
};

static struct shop shop_open(struct plant *plant)
{
    struct shop shop = {.plant = plant};
    shop.calendar = calendar_create(&plant->roster, &plant->catalog);
    shop.heats = heats_create(&plant->catalog, &plant->rules, shop.calendar);
    return shop;
}

static void shop_close(struct shop *shop)
{
    heats_destroy(shop->heats);
    calendar_destroy(shop->calendar);
    plant_destroy(shop->plant);
}

static enum outcome tell(struct shop *shop, struct heat_event event)
{
    struct heat_change change = {0};
    const char *detail = NULL;
    enum outcome outcome = heats_event(shop->heats, &event, &change, &detail);
    assert_int_equal(outcome_info(outcome)->refused, detail != NULL);
    return outcome;
}

static enum outcome tell_at(struct shop *shop, enum heat_event_kind kind, const char *heat,
                            uint16_t station, const char *time_of_day)
{
    return tell(shop, heat_event_of(kind, heat, station, clock_at(time_of_day)));
}

static const struct heat *heat_of(struct shop *shop, const char *id)
{
    for (uint32_t no = 1; no <= heats_count(shop->heats); no++) {
        const struct heat *heat = heats_get(shop->heats, (heat_no){no});
        if (strcmp(heat->id, id) == 0) {
            return heat;
        }
    }
    fail_msg("no heat %s", id);
    return NULL;
}

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
           a->steel_g == b->steel_g && a->planned_g == b->planned_g &&
           a->first_start_us == b->first_start_us && a->owner_at_us == b->owner_at_us &&
           crew_slot_equal(a->owner, b->owner) && a->ended_us == b->ended_us &&
           a->provisional == b->provisional;
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
        cmocka_unit_test(the_crew_at_the_first_tap_owns_the_heat),
        cmocka_unit_test(ownership_at_the_end_of_a_station_takes_that_station_alone),
        cmocka_unit_test(a_takeover_moves_ownership_and_names_the_heats_that_changed),
        cmocka_unit_test(without_last_stations_a_heat_ends_with_its_last_stay),
        cmocka_unit_test(with_a_last_station_a_heat_ends_only_after_it),
        cmocka_unit_test(an_id_that_comes_back_next_year_is_a_new_heat),
        cmocka_unit_test(a_named_heat_is_provisional_until_an_event_of_its_own),
        cmocka_unit_test(a_change_says_at_which_station_and_from_when),
        cmocka_unit_test(the_order_in_which_events_arrive_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
