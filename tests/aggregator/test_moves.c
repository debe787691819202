/* What steel takes along, and what becomes of books when two ids are one heat or none. */
#include "plant_fixture.h"

#include "heats.h"

enum { REGISTER, TICKETS };

struct shop {
    struct plant *plant;
    struct aggregator *aggregator;
    struct effects effects;
    uint64_t position;
};

static struct shop shop_open(void)
{
    struct shop shop = {.plant = plant_create()};
    shop.plant->stations[CCM].last = true;
    plant_meter(shop.plant, METER_REGISTER, LF);
    plant_meter(shop.plant, METER_EVENT, BOF);
    shop.aggregator =
        aggregator_create(&shop.plant->catalog, &shop.plant->roster, &shop.plant->rules);
    return shop;
}

static void shop_close(struct shop *shop)
{
    aggregator_destroy(shop->aggregator);
    plant_destroy(shop->plant);
}

static enum outcome tell(struct shop *shop, struct fact fact)
{
    aggregator_begin(shop->aggregator, shop->position++);
    return aggregator_apply(shop->aggregator, &fact, 0, &shop->effects);
}

static enum outcome tell_event(struct shop *shop, struct heat_event event)
{
    return tell(shop, (struct fact){.kind = FACT_HEAT, .as.heat = event});
}

static struct heat_event move(enum heat_event_kind kind, const char *from, const char *to,
                              int64_t moved_g, const char *time_of_day)
{
    struct heat_event event = heat_event_of(kind, from, CATALOG_NONE, clock_at(time_of_day));
    event.to = to;
    event.moved_g = moved_g;
    return event;
}

static enum outcome tell_weight(struct shop *shop, const char *heat, int64_t steel_g,
                                const char *time_of_day)
{
    struct heat_event event = heat_event_of(HEAT_TAP, heat, CATALOG_NONE, clock_at(time_of_day));
    event.steel_g = steel_g;
    return tell_event(shop, event);
}

static enum outcome tell_ticket(struct shop *shop, const char *heat, int64_t value,
                                const char *time_of_day)
{
    struct reading reading = reading_of(TICKETS, clock_at(time_of_day), value);
    reading.heat = heat;
    return tell(shop, (struct fact){.kind = FACT_READING, .as.reading = reading});
}

static const struct heat *heat_of(const struct shop *shop, const char *id)
{
    const struct heats *heats = aggregator_heats(shop->aggregator);
    for (uint32_t no = 1; no <= heats_count(heats); no++) {
        const struct heat *heat = heats_get(heats, (heat_no){no});
        if (!heat->gone && strcmp(heat->id, id) == 0) {
            return heat;
        }
    }
    fail_msg("no heat %s", id);
    return NULL;
}

/* The one posting with that cause of the fact told last. */
static struct segment posted(const struct shop *shop, enum posting_cause cause)
{
    struct segment found = {0};
    size_t count = 0;
    for (size_t i = 0; i < shop->effects.posting_count; i++) {
        if (shop->effects.postings[i].cause == cause) {
            found = shop->effects.postings[i].segment;
            count++;
        }
    }
    assert_int_equal(count, 1);
    return found;
}

/* H1 has used `base` at 10:00 and weighs 100 g. */
static struct shop shop_with_heat(int64_t base)
{
    struct shop shop = shop_open();
    tell_ticket(&shop, "H1", base, "10:00:00");
    tell_weight(&shop, "H1", 100, "10:10:00");
    return shop;
}

/* All that was posted of the fact told last is one pair: from one heat to the other. */
static void assert_pair(const struct shop *shop, int64_t amount_base)
{
    assert_int_equal(shop->effects.posting_count, 2);
    for (size_t i = 0; i < 2; i++) {
        int64_t part_base = shop->effects.postings[i].segment.amount_base;
        assert_true(part_base == amount_base || part_base == -amount_base);
    }
    assert_int_equal(shop->effects.postings[0].segment.amount_base,
                     -shop->effects.postings[1].segment.amount_base);
}

static void edge_22_a_return_books_a_pair_with_its_cause(void **state)
{
    (void)state;
    struct shop shop = shop_with_heat(690);
    struct heat_event event = move(HEAT_RETURN, "H1", "H2", 40, "10:20:00");
    assert_int_equal(tell_event(&shop, event), OUTCOME_ACCEPTED);
    assert_pair(&shop, 276);
    for (size_t i = 0; i < 2; i++) {
        const struct posting *posting = &shop.effects.postings[i];
        bool to = posting->segment.heat.value == heat_of(&shop, "H2")->no.value;
        assert_int_equal(posting->cause, POSTING_RETURN);
        assert_int_equal(posting->segment.method, SHARING_MOVED);
        assert_int_equal(posting->segment.amount_base, to ? 276 : -276);
        assert_true(posting->segment.start_us == clock_at("10:20:00"));
    }
    assert_int_equal(heat_of(&shop, "H1")->steel_g, 60);
    assert_int_equal(heat_of(&shop, "H1")->weighed_g, 100);
    assert_int_equal(heat_of(&shop, "H2")->steel_g, -1);
    shop_close(&shop);
}

static void edge_22_what_is_used_at_the_instant_of_a_return_stays(void **state)
{
    (void)state;
    struct shop shop = shop_with_heat(690);
    tell_ticket(&shop, "H1", 100, "10:20:00");
    tell_event(&shop, move(HEAT_RETURN, "H1", "H2", 40, "10:20:00"));
    assert_pair(&shop, 276);
    shop_close(&shop);
}

static void edge_22_a_late_ticket_moves_its_part_too(void **state)
{
    (void)state;
    struct shop shop = shop_with_heat(600);
    tell_event(&shop, move(HEAT_RETURN, "H1", "H2", 40, "10:20:00"));
    tell_ticket(&shop, "H1", 90, "10:05:00");
    /* its own posting; the pair of 240 is reversed, a pair of 276 posted */
    assert_int_equal(shop.effects.posting_count, 5);
    tell_ticket(&shop, "H1", 50, "10:30:00"); /* after the return: nothing of it moves */
    assert_int_equal(shop.effects.posting_count, 1);
    shop_close(&shop);
}

static void edge_22_what_cannot_have_moved_is_kept_and_says_why(void **state)
{
    (void)state;
    struct shop shop = shop_open();
    tell_event(&shop, heat_event_of(HEAT_START, "H1", BOF, clock_at("10:00:00")));
    tell_ticket(&shop, "H1", 700, "10:01:00");
    tell_event(&shop, heat_event_of(HEAT_START, "H1", CCM, clock_at("11:00:00")));
    assert_int_equal(tell_event(&shop, move(HEAT_RETURN, "H1", "H2", 150, "10:30:00")),
                     OUTCOME_ACCEPTED); /* the weight will come */
    assert_null(shop.effects.detail);
    assert_true(heat_of(&shop, "H1")->review);
    assert_int_equal(tell_weight(&shop, "H1", 100, "10:10:00"), OUTCOME_ACCEPTED);
    assert_int_equal(shop.effects.posting_count, 0); /* more than there is */
    assert_int_equal(heat_of(&shop, "H1")->steel_g, 100);
    static const char *const times[] = {"09:59:00", "11:00:00"};
    for (size_t i = 0; i < ROWS(times); i++) {
        assert_int_equal(tell_event(&shop, move(HEAT_RETURN, "H1", "H2", 10, times[i])),
                         OUTCOME_NOT_ALLOWED);
        assert_non_null(shop.effects.detail);
    }
    struct heat_event corrected =
        heat_event_of(HEAT_WEIGHT, "H1", CATALOG_NONE, clock_at("10:15:00"));
    corrected.steel_g = 200;
    tell_event(&shop, corrected);
    assert_int_equal(shop.effects.posting_count, 2);
    assert_int_equal(heat_of(&shop, "H1")->steel_g, 50);
    struct heat_review reviews[HEATS_REVIEWS_MAX];
    assert_int_equal(heats_reviews(aggregator_heats(shop.aggregator), heat_of(&shop, "H1")->no,
                                   reviews, HEATS_REVIEWS_MAX),
                     2); /* the two returns that cannot be */
    assert_int_equal(reviews[0].reason, HEAT_REVIEW_MOVE_PENDING);
    shop_close(&shop);
}

static void edge_22_steel_is_never_less_than_nothing(void **state)
{
    (void)state;
    struct shop shop = shop_open();
    tell_ticket(&shop, "H1", 700, "10:01:00");
    tell_weight(&shop, "H1", 100, "10:10:00");
    struct heat_event first = move(HEAT_RETURN, "H1", "H2", 60, "10:30:00");
    struct heat_event second = move(HEAT_RETURN, "H1", "H2", 60, "10:30:00");
    first.id = "r1";
    second.id = "r2";
    assert_int_equal(tell_event(&shop, second), OUTCOME_ACCEPTED);
    assert_int_equal(tell_event(&shop, first), OUTCOME_ACCEPTED); /* the earlier by id counts */
    assert_int_equal(heat_of(&shop, "H1")->steel_g, 40);
    assert_int_equal(tell_event(&shop, second), OUTCOME_DUPLICATE);
    shop_close(&shop);
}

static void edge_22_a_new_label_books_nothing(void **state)
{
    (void)state;
    struct shop shop = shop_open();
    tell_event(&shop, heat_event_of(HEAT_START, "P1", LF, clock_at("10:00:00")));
    tell_ticket(&shop, "P1", 700, "10:01:00");
    uint32_t no = heat_of(&shop, "P1")->no.value;
    assert_int_equal(tell_event(&shop, move(HEAT_RENUMBER, "P1", "H1", -1, "10:30:00")),
                     OUTCOME_ACCEPTED);
    assert_int_equal(shop.effects.posting_count, 0);
    assert_int_equal(heat_of(&shop, "H1")->no.value, no);
    assert_false(heat_of(&shop, "H1")->provisional);
    shop_close(&shop);
}

static void edge_22_two_heats_that_are_one_are_booked_onto_the_one_that_stays(void **state)
{
    (void)state;
    struct shop shop = shop_open();
    tell_ticket(&shop, "P1", 700, "10:01:00");
    tell_ticket(&shop, "H1", 30, "10:02:00");
    tell_event(&shop, move(HEAT_RENUMBER, "P1", "H1", -1, "10:30:00"));
    assert_int_equal(shop.effects.posting_count, 2);
    assert_int_equal(posted(&shop, POSTING_REVERSAL).amount_base, -30);
    assert_int_equal(posted(&shop, POSTING_RENUMBER).heat.value, heat_of(&shop, "H1")->no.value);
    shop_close(&shop);
}

static void edge_22_of_renumberings_that_contradict_each_other_the_first_stands(void **state)
{
    (void)state;
    struct shop shop = shop_open();
    tell_weight(&shop, "A", 100, "10:00:00");
    assert_int_equal(tell_event(&shop, move(HEAT_RENUMBER, "A", "B", -1, "10:30:00")),
                     OUTCOME_ACCEPTED);
    assert_int_equal(tell_event(&shop, move(HEAT_RENUMBER, "B", "C", -1, "10:40:00")),
                     OUTCOME_ACCEPTED);
    assert_int_equal(heat_of(&shop, "C")->steel_g, 100);
    assert_int_equal(tell_event(&shop, move(HEAT_RENUMBER, "C", "A", -1, "10:50:00")),
                     OUTCOME_CONFLICT);
    assert_int_equal(tell_event(&shop, move(HEAT_RENUMBER, "A", "D", -1, "11:00:00")),
                     OUTCOME_CONFLICT);
    assert_int_equal(heat_of(&shop, "C")->steel_g, 100);
    /* told last, but the first by time: now the other one contradicts it */
    assert_int_equal(tell_event(&shop, move(HEAT_RENUMBER, "A", "E", -1, "10:20:00")),
                     OUTCOME_ACCEPTED);
    assert_int_equal(heat_of(&shop, "E")->steel_g, 100);
    shop_close(&shop);
}

static void edge_22_a_void_of_everything_and_of_itself(void **state)
{
    (void)state;
    struct shop shop = shop_open();
    struct heat_event whole = heat_event_of(HEAT_VOID, "H1", CATALOG_NONE, clock_at("11:00:00"));
    struct heat_event back = whole;
    whole.id = "v1";
    back.of = "v1";
    back.id = "v2";
    tell_ticket(&shop, "H1", 700, "10:01:00");
    tell_weight(&shop, "H1", 100, "10:10:00");
    uint32_t no = heat_of(&shop, "H1")->no.value;
    assert_int_equal(tell_event(&shop, whole), OUTCOME_ACCEPTED);
    const struct heat *heat = heats_get(aggregator_heats(shop.aggregator), (heat_no){no});
    assert_true(heat->gone);
    assert_true(heat_ended(heat)); /* so that its alerts close */
    assert_false(heat_owned(heat));
    assert_int_equal(shop.effects.posting_count, 2);
    assert_int_equal(posted(&shop, POSTING_VOID).heat.value, 0);
    assert_int_equal(tell_event(&shop, whole), OUTCOME_DUPLICATE);
    whole.ts_us++;
    assert_int_equal(tell_event(&shop, whole), OUTCOME_CONFLICT);
    assert_int_equal(tell_event(&shop, back), OUTCOME_ACCEPTED);
    assert_int_equal(heat_of(&shop, "H1")->steel_g, 100);
    assert_int_equal(posted(&shop, POSTING_VOID).heat.value, no);
    shop_close(&shop);
}

static void edge_22_a_void_may_come_before_what_it_cancels(void **state)
{
    (void)state;
    struct shop shop = shop_open();
    struct heat_event cancels = heat_event_of(HEAT_VOID, "H1", CATALOG_NONE, clock_at("11:00:00"));
    cancels.of = "t1";
    assert_int_equal(tell_event(&shop, cancels), OUTCOME_ACCEPTED);
    assert_int_equal(tell_event(&shop, cancels), OUTCOME_DUPLICATE);
    assert_int_equal(heats_count(aggregator_heats(shop.aggregator)), 0);
    struct heat_event tap = heat_event_of(HEAT_TAP, "H1", CATALOG_NONE, clock_at("10:00:00"));
    tap.id = "t1";
    tap.steel_g = 100;
    assert_int_equal(tell_event(&shop, tap), OUTCOME_ACCEPTED);
    assert_true(heats_get(aggregator_heats(shop.aggregator), (heat_no){1})->gone);
    shop_close(&shop);
}

static void tell_register(struct shop *shop, int64_t value, const char *time_of_day)
{
    tell(shop, (struct fact){.kind = FACT_READING,
                             .as.reading = reading_of(REGISTER, clock_at(time_of_day), value)});
}

/* What is shown open of a heat; *moved: of that what came or went with steel. */
static int64_t open_of(const struct shop *shop, const char *heat, int64_t *moved_base)
{
    struct segment_list open = {0};
    int64_t sum_base = 0;
    *moved_base = 0;
    aggregator_open(shop->aggregator, (meter_id){REGISTER}, &open);
    for (size_t i = 0; i < open.count; i++) {
        const struct segment *segment = &open.items[i];
        if (segment->heat.value == heat_of(shop, heat)->no.value) {
            sum_base += segment->amount_base;
            *moved_base += segment->method == SHARING_MOVED ? segment->amount_base : 0;
        }
    }
    segment_list_clear(&open);
    return sum_base;
}

/* The register was read last before the return; nothing is posted, and yet what is shown is what
 * will be posted once it is read again. */
static void edge_22_a_return_takes_its_part_of_open_use(void **state)
{
    (void)state;
    struct shop shop = shop_open();
    int64_t moved_base = 0;
    tell_register(&shop, 1000, "10:00:00");
    tell_event(&shop, heat_event_of(HEAT_START, "H1", LF, clock_at("10:00:00")));
    tell_weight(&shop, "H1", 100, "10:10:00");
    tell_register(&shop, 1401, "10:15:00");
    tell_event(&shop, move(HEAT_RETURN, "H1", "H2", 40, "10:20:00"));
    tell_event(&shop, move(HEAT_MERGE, "H1", "H3", 30, "10:30:00"));
    assert_int_equal(shop.effects.posting_count, 0);
    /* 160 of 401, then 120 of the 241 that are left */
    assert_int_equal(open_of(&shop, "H1", &moved_base), 121);
    assert_int_equal(moved_base, -280);
    assert_int_equal(open_of(&shop, "H2", &moved_base), 160);
    assert_int_equal(open_of(&shop, "H3", &moved_base), 120);
    tell_register(&shop, 1401, "10:45:00");
    int64_t posted_base = 0;
    for (size_t i = 0; i < shop.effects.posting_count; i++) {
        const struct segment *segment = &shop.effects.postings[i].segment;
        bool of_source = segment->heat.value == heat_of(&shop, "H1")->no.value;
        posted_base += of_source ? segment->amount_base : 0;
    }
    assert_int_equal(posted_base, 121);
    assert_int_equal(open_of(&shop, "H1", &moved_base), 0);
    assert_int_equal(open_of(&shop, "H2", &moved_base), 0);
    shop_close(&shop);
}

static void edge_22_open_use_that_began_after_a_move_stays(void **state)
{
    (void)state;
    struct shop shop = shop_open();
    int64_t moved_base = 0;
    tell_register(&shop, 1000, "10:00:00");
    tell_event(&shop, heat_event_of(HEAT_START, "H1", LF, clock_at("10:00:00")));
    tell_weight(&shop, "H1", 100, "10:10:00");
    tell_event(&shop, move(HEAT_RETURN, "H1", "H2", 40, "10:20:00"));
    tell_register(&shop, 1000, "10:20:00");
    tell_register(&shop, 1300, "10:30:00");
    assert_int_equal(open_of(&shop, "H1", &moved_base), 300);
    assert_int_equal(moved_base, 0);
    shop_close(&shop);
}

/* Growth of what is open will be the other heat's, too: a segment of nothing says so. */
static void edge_22_open_use_of_nothing_says_where_it_will_go(void **state)
{
    (void)state;
    struct shop shop = shop_open();
    struct segment_list open = {0};
    tell_register(&shop, 1000, "10:00:00");
    tell_event(&shop, heat_event_of(HEAT_START, "H1", LF, clock_at("10:00:00")));
    tell_weight(&shop, "H1", 100, "10:10:00");
    tell_event(&shop, move(HEAT_RETURN, "H1", "H2", 40, "10:20:00"));
    aggregator_open(shop.aggregator, (meter_id){REGISTER}, &open);
    assert_int_equal(open.count, 3);
    assert_int_equal(open.items[2].heat.value, heat_of(&shop, "H2")->no.value);
    assert_int_equal(open.items[2].amount_base, 0);
    segment_list_clear(&open);
    shop_close(&shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edge_22_a_return_books_a_pair_with_its_cause),
        cmocka_unit_test(edge_22_what_is_used_at_the_instant_of_a_return_stays),
        cmocka_unit_test(edge_22_a_late_ticket_moves_its_part_too),
        cmocka_unit_test(edge_22_a_return_takes_its_part_of_open_use),
        cmocka_unit_test(edge_22_open_use_that_began_after_a_move_stays),
        cmocka_unit_test(edge_22_open_use_of_nothing_says_where_it_will_go),
        cmocka_unit_test(edge_22_what_cannot_have_moved_is_kept_and_says_why),
        cmocka_unit_test(edge_22_steel_is_never_less_than_nothing),
        cmocka_unit_test(edge_22_a_new_label_books_nothing),
        cmocka_unit_test(edge_22_two_heats_that_are_one_are_booked_onto_the_one_that_stays),
        cmocka_unit_test(edge_22_of_renumberings_that_contradict_each_other_the_first_stands),
        cmocka_unit_test(edge_22_a_void_of_everything_and_of_itself),
        cmocka_unit_test(edge_22_a_void_may_come_before_what_it_cancels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
