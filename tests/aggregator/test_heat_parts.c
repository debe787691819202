/* Heats that came of a split: whose they are, and when they ended. */
#include "heat_shop.h"

/* In this plant the end at LF makes the owner; CCM is the last station. */
static struct shop shop_of_parts(void)
{
    struct plant *plant = plant_create();
    plant->stations[CCM].last = true;
    plant->rules = (struct heat_rules){.owner_at_tap = false, .owner_station = {LF}};
    return shop_open(plant);
}

static void tell_split(struct shop *shop, const char *from, const char *to, const char *time_of_day,
                       const char *id)
{
    struct heat_event event = heat_event_of(HEAT_SPLIT, from, CATALOG_NONE, clock_at(time_of_day));
    event.to = to;
    event.moved_g = 30000;
    event.id = id;
    tell(shop, event);
}

/* Steel of P goes to Q at 15:30; P leaves LF at one time, Q at another, or never. */
struct owner_case {
    const char *what;
    const char *source_at, *part_at; /* the ends at LF; NULL: none */
    const char *ended_at;            /* the part leaves CCM; NULL: it does not */
    const char *owner_at;            /* of the part; NULL: none */
};

static const struct owner_case owner_cases[] = {
    {"after the source had its owner", "15:00:00", NULL, NULL, "15:00:00"},
    {"at the instant of the source's ownership event", "15:30:00", NULL, NULL, "15:30:00"},
    {"before it, and the part is still on its way", "15:40:00", NULL, NULL, NULL},
    {"before it, and the part never went there", "15:40:00", NULL, "17:00:00", "15:40:00"},
    {"before it, and the part went there itself", "15:40:00", "16:10:00", "17:00:00", "16:10:00"},
    {"after it, and the part went there once more", "15:00:00", "16:10:00", NULL, "16:10:00"},
    {"the source has no owner either", NULL, NULL, "17:00:00", NULL},
};

static void edge_22_a_part_is_owned_as_its_source_was(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(owner_cases); i++) {
        const struct owner_case *row = &owner_cases[i];
        struct shop shop = shop_of_parts();
        tell_at(&shop, HEAT_START, "P", LF, "14:30:00");
        if (row->source_at != NULL) {
            tell_at(&shop, HEAT_END, "P", LF, row->source_at);
        }
        tell_split(&shop, "P", "Q", "15:30:00", "s");
        tell_at(&shop, HEAT_START, "Q", row->part_at != NULL ? LF : CCM, "15:50:00");
        if (row->part_at != NULL) {
            tell_at(&shop, HEAT_END, "Q", LF, row->part_at);
        }
        if (row->ended_at != NULL) {
            tell_at(&shop, HEAT_END, "Q", CCM, row->ended_at);
        }
        const struct heat *part = heat_of(&shop, "Q");
        int64_t owner_at_us = row->owner_at != NULL ? clock_at(row->owner_at) : TIMESTAMP_NEVER_US;
        if (part->owner_at_us != owner_at_us) {
            fail_msg("%s: another owner", row->what);
        }
        bool by_b = row->owner_at != NULL && owner_at_us >= clock_at("16:00:00");
        if (row->owner_at != NULL) {
            assert_int_equal(part->owner.crew.index, by_b ? CREW_B : CREW_A);
        }
        assert_int_equal(part->review, row->owner_at == NULL && row->ended_at != NULL);
        shop_close(&shop);
    }
}

static void edge_22_a_part_that_was_nowhere_ends_with_its_source(void **state)
{
    (void)state;
    struct shop shop = shop_of_parts();
    tell_at(&shop, HEAT_START, "P", LF, "14:30:00");
    tell_at(&shop, HEAT_END, "P", LF, "15:00:00");
    tell_split(&shop, "P", "Q", "15:30:00", "s1");
    tell_split(&shop, "Q", "R", "17:10:00", "s2");
    assert_false(heat_ended(heat_of(&shop, "Q")));
    tell_at(&shop, HEAT_START, "P", CCM, "16:00:00");
    tell_at(&shop, HEAT_END, "P", CCM, "17:00:00");
    assert_true(heat_of(&shop, "Q")->ended_us == clock_at("17:00:00"));
    assert_true(heat_of(&shop, "R")->ended_us == clock_at("17:10:00")); /* not before it was */
    assert_true(heat_of(&shop, "R")->owner_at_us == clock_at("15:00:00"));
    tell_at(&shop, HEAT_START, "R", CCM, "18:00:00");
    assert_true(heat_of(&shop, "Q")->ended_us == clock_at("17:00:00"));
    assert_false(heat_ended(heat_of(&shop, "R")));
    shop_close(&shop);
}

static void edge_22_a_heat_that_was_there_before_a_split_is_no_part(void **state)
{
    (void)state;
    struct shop shop = shop_of_parts();
    tell_at(&shop, HEAT_END, "P", LF, "15:00:00");
    tell_at(&shop, HEAT_START, "Q", BOF, "15:20:00");
    tell_split(&shop, "P", "Q", "15:30:00", "s");
    assert_false(heat_owned(heat_of(&shop, "Q")));
    shop_close(&shop);
}

static void edge_22_a_split_that_is_void_gives_no_owner(void **state)
{
    (void)state;
    struct shop shop = shop_of_parts();
    tell_at(&shop, HEAT_END, "P", LF, "15:00:00");
    tell_split(&shop, "P", "Q", "15:30:00", "s");
    tell_at(&shop, HEAT_START, "Q", CCM, "16:00:00");
    assert_true(heat_owned(heat_of(&shop, "Q")));
    struct heat_event cancel = heat_event_of(HEAT_VOID, "P", CATALOG_NONE, clock_at("16:10:00"));
    cancel.of = "s";
    tell(&shop, cancel);
    assert_false(heat_owned(heat_of(&shop, "Q")));
    shop_close(&shop);
}

static void edge_22_two_heats_that_are_parts_of_each_other_have_no_owner(void **state)
{
    (void)state;
    struct shop shop = shop_of_parts();
    tell_split(&shop, "P", "Q", "15:10:00", "s1");
    tell_split(&shop, "Q", "P", "15:20:00", "s2");
    assert_false(heat_owned(heat_of(&shop, "P")));
    assert_false(heat_owned(heat_of(&shop, "Q")));
    tell_at(&shop, HEAT_END, "P", LF, "15:00:00");
    assert_true(heat_of(&shop, "P")->owner_at_us == clock_at("15:00:00"));
    assert_true(heat_of(&shop, "Q")->owner_at_us == clock_at("15:00:00"));
    shop_close(&shop);
}

static void count_heat(void *context, heat_no heat)
{
    (void)heat;
    ++*(int *)context;
}

static void edge_22_a_part_follows_its_source_when_the_roster_is_corrected(void **state)
{
    (void)state;
    struct shop shop = shop_of_parts();
    tell_at(&shop, HEAT_END, "P", LF, "15:55:00");
    tell_split(&shop, "P", "Q", "16:30:00", "s");
    assert_int_equal(heat_of(&shop, "Q")->owner.crew.index, CREW_A);
    int64_t from_us = 0;
    int64_t to_us = 0;
    calendar_takeover(shop.calendar, clock_at("15:50:00"), (crew_id){CREW_B}, &from_us, &to_us);
    int count = 0;
    heats_reown(shop.heats, from_us, to_us, count_heat, &count);
    assert_int_equal(count, 2);
    assert_int_equal(heat_of(&shop, "Q")->owner.crew.index, CREW_B);
    shop_close(&shop);
}

static void edge_22_a_heat_that_ended_without_an_owner_waits_to_be_looked_at(void **state)
{
    (void)state;
    struct shop shop = shop_of_parts();
    tell_at(&shop, HEAT_START, "P", CCM, "15:00:00");
    assert_false(heat_of(&shop, "P")->review);
    tell_at(&shop, HEAT_END, "P", CCM, "15:30:00");
    struct heat_review reviews[HEATS_REVIEWS_MAX];
    heat_no no = heat_of(&shop, "P")->no;
    assert_int_equal(heats_reviews(shop.heats, no, reviews, HEATS_REVIEWS_MAX), 1);
    assert_int_equal(reviews[0].reason, HEAT_REVIEW_NO_OWNER);
    assert_true(reviews[0].since_us == clock_at("15:30:00"));
    assert_non_null(reviews[0].detail);
    tell_at(&shop, HEAT_END, "P", LF, "14:50:00"); /* late */
    assert_false(heat_of(&shop, "P")->review);
    shop_close(&shop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edge_22_a_part_is_owned_as_its_source_was),
        cmocka_unit_test(edge_22_a_part_that_was_nowhere_ends_with_its_source),
        cmocka_unit_test(edge_22_a_heat_that_was_there_before_a_split_is_no_part),
        cmocka_unit_test(edge_22_a_split_that_is_void_gives_no_owner),
        cmocka_unit_test(edge_22_two_heats_that_are_parts_of_each_other_have_no_owner),
        cmocka_unit_test(edge_22_a_part_follows_its_source_when_the_roster_is_corrected),
        cmocka_unit_test(edge_22_a_heat_that_ended_without_an_owner_waits_to_be_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
