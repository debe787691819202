/* Increments and events: each is a little curve of its own. Meter 0 stands at LF. */
#include "plant_fixture_book.h"

static struct book *book_of(enum meter_kind kind)
{
    struct plant *plant = plant_create();
    plant_meter(plant, kind, LF);
    return book_open(plant);
}

static struct reading piece(const char *from, const char *time_of_day, int64_t value)
{
    struct reading reading = reading_of(0, clock_at(time_of_day), value);
    reading.from_us = from != NULL ? clock_at(from) : INT64_MIN;
    return reading;
}

static struct reading ticket(const char *id, const char *time_of_day, int64_t value)
{
    struct reading reading = reading_of(0, clock_at(time_of_day), value);
    reading.id = id;
    return reading;
}

static struct reading cancel(const char *id, const char *time_of_day)
{
    struct reading reading = reading_of(0, clock_at(time_of_day), INT64_MIN);
    reading.void_id = id;
    return reading;
}

static void heat_at(struct book *book, const char *heat, const char *start, const char *end)
{
    book_heat(book, HEAT_START, heat, LF, clock_at(start));
    book_heat(book, HEAT_END, heat, LF, clock_at(end));
}

/* DOMAIN 3, test B, as one increment. */
static void an_increment_is_spread_over_its_time_and_floored_at_the_cut(void **state)
{
    (void)state;
    struct book *book = book_of(METER_INCREMENT);
    heat_at(book, "12602484", "07:50:00", "08:20:00");
    assert_int_equal(book_reading(book, piece("07:50:00", "08:20:00", 3700000)), OUTCOME_ACCEPTED);
    assert_int_equal(book_sum(book, 0, "12602484", CREW_D), 1233333);
    assert_int_equal(book_sum(book, 0, "12602484", CREW_A), 2466667);
    for (size_t i = 0; i < book->count; i++) {
        assert_int_equal(book->postings[i].segment.quality, QUALITY_INTERPOLATED);
    }
    book_close(book);
}

static void an_increment_that_nothing_cuts_is_measured(void **state)
{
    (void)state;
    struct book *book = book_of(METER_INCREMENT);
    heat_at(book, "H1", "09:00:00", "09:20:00");
    book_reading(book, piece("09:00:00", "09:20:00", 500));
    assert_int_equal(book->count, 1);
    assert_int_equal(book->postings[0].segment.quality, QUALITY_MEASURED);
    assert_true(book->postings[0].segment.start_us == clock_at("09:00:00"));
    assert_true(book->postings[0].segment.end_us == clock_at("09:20:00"));
    book_close(book);
}

static void overlapping_increments_are_floored_each_by_itself(void **state)
{
    (void)state;
    struct book *book = book_of(METER_INCREMENT);
    book_reading(book, piece("07:50:00", "08:05:00", 100)); /* D 66, A 34 */
    book_reading(book, piece("07:55:00", "08:10:00", 100)); /* D 33, A 67 */
    book_reading(book, piece("07:55:00", "08:12:00", 1));   /* D 0, A 1 */
    assert_int_equal(book_sum(book, 0, "", CREW_D), 99);
    assert_int_equal(book_sum(book, 0, "", CREW_A), 102);
    book_close(book);
}

static void the_first_increment_without_from_is_indivisible(void **state)
{
    (void)state;
    struct book *book = book_of(METER_INCREMENT);
    heat_at(book, "H1", "09:00:00", "09:30:00");
    book_reading(book, piece(NULL, "08:00:00", 70));
    assert_int_equal(book_sum(book, 0, "", CREW_A), 70);
    assert_int_equal(book_sum(book, 0, "", CREW_D), 0);
    book_reading(book, piece(NULL, "10:00:00", 120)); /* reaches back to 08:00: one a minute */
    assert_int_equal(book_sum(book, 0, "H1", CREW_A), 30);
    assert_int_equal(book_sum(book, 0, "", CREW_A), 160);
    book_close(book);
}

/* Increments without `from`, in every order, two of them at one time for different heats. */
static void increments_reach_back_to_the_reading_before_whatever_the_order(void **state)
{
    (void)state;
    struct permutation order = permutation_first(5);
    do {
        struct book *book = book_of(METER_INCREMENT);
        struct reading readings[] = {
            piece(NULL, "07:30:00", 11),  piece(NULL, "07:50:00", 20), piece(NULL, "08:10:00", 100),
            piece(NULL, "08:10:00", 200), piece(NULL, "08:20:00", 30),
        };
        readings[2].heat = "H1";
        readings[3].heat = "H2";
        for (size_t i = 0; i < ROWS(readings); i++) {
            book_reading(book, readings[order.order[i]]);
        }
        assert_int_equal(book_sum(book, 0, "H1", CREW_D), 50);
        assert_int_equal(book_sum(book, 0, "H1", CREW_A), 50);
        assert_int_equal(book_sum(book, 0, "H2", CREW_D), 100);
        assert_int_equal(book_sum(book, 0, "H2", CREW_A), 100);
        assert_int_equal(book_sum(book, 0, "", CREW_D), 31);
        assert_int_equal(book_sum(book, 0, "", CREW_A), 30);
        book_close(book);
    } while (permutation_next(&order));
}

static void a_named_heat_takes_it_all_and_is_cut_at_crews_only(void **state)
{
    (void)state;
    struct book *book = book_of(METER_INCREMENT);
    heat_at(book, "H1", "07:55:00", "08:05:00");
    heat_at(book, "H2", "08:05:00", "08:15:00");
    struct reading reading = piece("07:50:00", "08:20:00", 3700000);
    reading.heat = "H9";
    book_reading(book, reading);
    assert_int_equal(book->count, 2);
    assert_int_equal(book_sum(book, 0, "H9", CREW_D), 1233333);
    assert_int_equal(book_sum(book, 0, "H9", CREW_A), 2466667);
    assert_int_equal(book->postings[0].segment.method, SHARING_NAMED);
    const struct heats *heats = aggregator_heats(book->aggregator);
    assert_true(heats_get(heats, book->postings[0].segment.heat)->provisional);
    book_close(book);
}

static void an_event_belongs_to_what_begins_at_its_instant(void **state)
{
    (void)state;
    struct book *book = book_of(METER_EVENT);
    heat_at(book, "H1", "15:30:00", "16:00:00");
    heat_at(book, "H2", "16:00:00", "16:30:00");
    book_reading(book, piece(NULL, "15:59:59.999999", 1));
    book_reading(book, piece(NULL, "16:00:00", 10));
    book_reading(book, piece(NULL, "16:30:00", 100));
    struct reading named = piece(NULL, "16:30:00", 1000);
    named.heat = "H2";
    book_reading(book, named);
    assert_int_equal(book_sum(book, 0, "H1", CREW_A), 1);
    assert_int_equal(book_sum(book, 0, "H2", CREW_B), 1010);
    assert_int_equal(book_sum(book, 0, "", CREW_B), 100);
    assert_int_equal(book_sum(book, 0, NULL, -1), 1111);
    book_close(book);
}

static void an_event_is_shared_by_the_heats_that_are_there(void **state)
{
    (void)state;
    struct book *book = book_of(METER_EVENT);
    heat_at(book, "H2", "09:00:00", "09:30:00");
    heat_at(book, "H1", "09:00:00", "09:30:00");
    book_reading(book, piece(NULL, "09:10:00", 5));
    assert_int_equal(book_sum(book, 0, "H1", -1), 3);
    assert_int_equal(book_sum(book, 0, "H2", -1), 2);
    book_close(book);
}

static void heats_and_takeovers_that_come_late_book_again(void **state)
{
    (void)state;
    static const enum meter_kind kinds[] = {METER_INCREMENT, METER_EVENT};
    for (size_t k = 0; k < ROWS(kinds); k++) {
        struct book *book = book_of(kinds[k]);
        book_reading(book, piece("15:40:00", "15:50:00", 100));
        book_reading(book, piece("15:50:00", "16:00:00", 1000));
        book_reading(book, piece("16:00:00", "16:10:00", 10000));
        heat_at(book, "H1", "15:50:00", "16:00:00");
        /* An increment lies before its time, an event at it. */
        assert_int_equal(book_sum(book, 0, "H1", -1), k == 0 ? 1000 : 100);
        assert_int_equal(book_takeover(book, CREW_B, clock_at("15:50:00")), OUTCOME_ACCEPTED);
        assert_int_equal(book_sum(book, 0, NULL, CREW_A), k == 0 ? 100 : 0);
        assert_int_equal(book_sum(book, 0, NULL, CREW_B), k == 0 ? 11000 : 11100);
        book_close(book);
    }
}

/* A long increment is found behind a short one that came after it. */
static void a_takeover_reaches_every_increment_that_lies_over_it(void **state)
{
    (void)state;
    struct book *book = book_of(METER_INCREMENT);
    book_reading(book, piece("15:30:00", "16:30:00", 60));
    book_reading(book, piece("16:30:00", "16:31:00", 1));
    assert_int_equal(book_sum(book, 0, "", CREW_A), 30);
    book_takeover(book, CREW_B, clock_at("15:50:00"));
    assert_int_equal(book_sum(book, 0, "", CREW_A), 20);
    assert_int_equal(book_sum(book, 0, "", CREW_B), 41);
    book_close(book);
}

static void a_void_takes_back_what_came_before_or_comes_after(void **state)
{
    (void)state;
    for (int order = 0; order < 2; order++) {
        struct book *book = book_of(METER_EVENT);
        struct reading readings[] = {ticket("t-1", "09:00:00", 500), cancel("t-1", "09:05:00")};
        assert_int_equal(book_reading(book, readings[order]), OUTCOME_ACCEPTED);
        assert_int_equal(book_reading(book, readings[1 - order]), OUTCOME_ACCEPTED);
        assert_int_equal(book_sum(book, 0, NULL, -1), 0);
        assert_int_equal(book->count, order == 0 ? 2 : 0);
        assert_int_equal(book_reading(book, readings[0]), OUTCOME_DUPLICATE);
        assert_int_equal(book_reading(book, readings[1]), OUTCOME_DUPLICATE);
        assert_int_equal(book_sum(book, 0, NULL, -1), 0);
        struct meter_state shown;
        aggregator_meter(book->aggregator, (meter_id){0}, &shown);
        assert_int_equal(shown.booked_base, 0);
        book_close(book);
    }
}

/* The corrected ticket and the cancellation of the wrong one are one message. */
static void edge_24_a_ticket_that_replaces_another_counts_itself(void **state)
{
    (void)state;
    struct plant *plant = plant_create();
    plant_meter(plant, METER_EVENT, LF);
    struct book *book = book_open(plant);
    struct reading correction = ticket("T2", "09:05:00", 560);
    correction.void_id = "T1";
    book_reading(book, ticket("T1", "09:00:00", 600));
    assert_int_equal(book_reading(book, correction), OUTCOME_ACCEPTED);
    assert_int_equal(book_sum(book, 0, NULL, -1), 560);
    assert_int_equal(book_reading(book, correction), OUTCOME_DUPLICATE);
    assert_int_equal(book_sum(book, 0, NULL, -1), 560);
    correction = ticket("T4", "09:15:00", 70);
    correction.void_id = "T3";
    book_reading(book, correction);
    book_reading(book, ticket("T3", "09:10:00", 60)); /* it comes after its cancellation */
    assert_int_equal(book_sum(book, 0, NULL, -1), 560 + 70);
    book_close(book);
}

static void a_ticket_counts_once_and_keeps_its_first_content(void **state)
{
    (void)state;
    struct book *book = book_of(METER_EVENT);
    assert_int_equal(book_reading(book, ticket("t-1", "09:00:00", 500)), OUTCOME_ACCEPTED);
    assert_int_equal(book_reading(book, ticket("t-1", "09:00:00", 500)), OUTCOME_DUPLICATE);
    assert_int_equal(book_reading(book, ticket("t-1", "09:00:00", 400)), OUTCOME_CONFLICT);
    assert_int_equal(book_reading(book, ticket("t-1", "09:00:01", 500)), OUTCOME_CONFLICT);
    struct reading other_heat = ticket("t-1", "09:00:00", 500);
    other_heat.heat = "H1";
    assert_int_equal(book_reading(book, other_heat), OUTCOME_CONFLICT);
    assert_int_equal(book_reading(book, ticket("t-2", "09:00:00", 500)), OUTCOME_ACCEPTED);
    assert_int_equal(book_sum(book, 0, "", -1), 1000);
    book_close(book);
}

static void without_an_id_events_are_known_by_time_value_and_heat(void **state)
{
    (void)state;
    struct book *book = book_of(METER_EVENT);
    struct reading named = piece(NULL, "09:00:00", 500);
    named.heat = "H1";
    assert_int_equal(book_reading(book, piece(NULL, "09:00:00", 500)), OUTCOME_ACCEPTED);
    assert_int_equal(book_reading(book, piece(NULL, "09:00:00", 500)), OUTCOME_DUPLICATE);
    book_reading(book, piece(NULL, "09:00:00", 501));
    book_reading(book, named);
    assert_int_equal(book_reading(book, named), OUTCOME_DUPLICATE);
    assert_int_equal(book_sum(book, 0, "", -1), 1001);
    assert_int_equal(book_sum(book, 0, "H1", -1), 500);
    book_close(book);
}

/* One increment meter and time, several values: the best of all stands, whatever the order. */
static void increments_at_one_time_follow_the_rule_of_readings(void **state)
{
    (void)state;
    struct permutation order = permutation_first(4);
    do {
        struct book *book = book_of(METER_INCREMENT);
        struct reading readings[4];
        for (size_t i = 0; i < ROWS(readings); i++) {
            readings[i] = piece("08:50:00", "09:00:00", i == 1 ? 20 : 30);
            readings[i].seq = (int64_t)i; /* 30 with seq 0, 20 with seq 1, 30 with seq 2 */
        }
        readings[3].seq = 9;
        readings[3].value_raw = 5;
        readings[3].quality = READING_UNCERTAIN;
        for (size_t i = 0; i < ROWS(readings); i++) {
            book_reading(book, readings[order.order[i]]);
        }
        assert_int_equal(book_sum(book, 0, NULL, -1), 30);
        for (size_t i = 0; i < book->count; i++) {
            if (!book->reversed[i] && book->postings[i].cause != POSTING_REVERSAL) {
                assert_int_equal(book->postings[i].segment.quality, QUALITY_MEASURED);
            }
        }
        book_close(book);
    } while (permutation_next(&order));
}

static void of_increments_that_differ_in_value_alone_the_smallest_stands(void **state)
{
    (void)state;
    for (int order = 0; order < 2; order++) {
        struct book *book = book_of(METER_INCREMENT);
        book_reading(book, piece("08:50:00", "09:00:00", order == 0 ? 30 : 20));
        book_reading(book, piece("08:50:00", "09:00:00", order == 0 ? 20 : 30));
        assert_int_equal(book_sum(book, 0, NULL, -1), 20);
        book_close(book);
    }
}

static void the_same_value_certain_and_not_is_certain(void **state)
{
    (void)state;
    for (int order = 0; order < 2; order++) {
        struct book *book = book_of(METER_INCREMENT);
        for (int i = 0; i < 2; i++) {
            struct reading reading = piece("08:50:00", "09:00:00", 30);
            reading.quality = i == order ? READING_UNCERTAIN : READING_GOOD;
            book_reading(book, reading);
        }
        assert_int_equal(book_sum(book, 0, NULL, -1), 30);
        assert_int_equal(book->postings[book->count - 1].segment.quality, QUALITY_MEASURED);
        book_close(book);
    }
}

static void scale_and_gap_are_the_meter_s(void **state)
{
    (void)state;
    struct plant *plant = plant_create();
    struct meter *meter = plant_meter(plant, METER_INCREMENT, LF);
    meter->scale_num = 2;
    meter->scale_den = 3;
    meter->max_gap_us = 10 * MINUTE_US;
    struct book *book = book_open(plant);
    book_reading(book, piece("09:00:00", "09:10:00", 100));
    assert_int_equal(book->postings[0].segment.amount_base, 66);
    assert_int_equal(book->postings[0].segment.quality, QUALITY_MEASURED);
    book_reading(book, piece("09:10:00", "09:20:01", 1));
    assert_int_equal(book->count, 1); /* less than a base unit: nothing to post */
    book_reading(book, piece("09:20:01", "09:30:02", 3));
    assert_int_equal(book->postings[1].segment.amount_base, 2);
    assert_int_equal(book->postings[1].segment.quality, QUALITY_ESTIMATED);
    book_close(book);
}

static void a_check_meter_s_pieces_are_of_no_heat_even_where_they_name_one(void **state)
{
    (void)state;
    struct plant *plant = plant_create();
    plant_meter(plant, METER_EVENT, LF)->role = METER_CHECK;
    struct book *book = book_open(plant);
    book_reading(book, piece(NULL, "09:00:00", 100));
    heat_at(book, "H1", "08:50:00", "09:10:00");
    struct reading named = piece(NULL, "09:05:00", 30);
    named.heat = "H1";
    book_reading(book, named);
    assert_int_equal(book->count, 2);
    assert_int_equal(book_sum(book, 0, "", CREW_A), 130);
    assert_int_equal(book->postings[1].segment.method, SHARING_NONE);
    struct meter_state shown;
    aggregator_meter(book->aggregator, (meter_id){0}, &shown);
    assert_int_equal(shown.last_raw, 30);
    assert_int_equal(shown.booked_base, 130);
    assert_int_equal(shown.first_ts_us, clock_at("09:00:00"));
    book_close(book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_increment_is_spread_over_its_time_and_floored_at_the_cut),
        cmocka_unit_test(an_increment_that_nothing_cuts_is_measured),
        cmocka_unit_test(overlapping_increments_are_floored_each_by_itself),
        cmocka_unit_test(the_first_increment_without_from_is_indivisible),
        cmocka_unit_test(increments_reach_back_to_the_reading_before_whatever_the_order),
        cmocka_unit_test(a_named_heat_takes_it_all_and_is_cut_at_crews_only),
        cmocka_unit_test(an_event_belongs_to_what_begins_at_its_instant),
        cmocka_unit_test(an_event_is_shared_by_the_heats_that_are_there),
        cmocka_unit_test(heats_and_takeovers_that_come_late_book_again),
        cmocka_unit_test(a_takeover_reaches_every_increment_that_lies_over_it),
        cmocka_unit_test(a_void_takes_back_what_came_before_or_comes_after),
        cmocka_unit_test(edge_24_a_ticket_that_replaces_another_counts_itself),
        cmocka_unit_test(a_ticket_counts_once_and_keeps_its_first_content),
        cmocka_unit_test(without_an_id_events_are_known_by_time_value_and_heat),
        cmocka_unit_test(increments_at_one_time_follow_the_rule_of_readings),
        cmocka_unit_test(of_increments_that_differ_in_value_alone_the_smallest_stands),
        cmocka_unit_test(the_same_value_certain_and_not_is_certain),
        cmocka_unit_test(scale_and_gap_are_the_meter_s),
        cmocka_unit_test(a_check_meter_s_pieces_are_of_no_heat_even_where_they_name_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
