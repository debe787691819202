/* Every way in which a meter lies, in the books: rows 1 to 9, 16 and 25 of the edge cases. */
#include "register_book.h"

static void decide(struct book *book, enum entry_kind kind, const char *time_of_day,
                   int64_t value_raw, enum outcome expected)
{
    struct entry entry = {.kind = kind,
                          .ts_us = clock_at("20:00:00"),
                          .by = "leader-a",
                          .event = "decision",
                          .at_us = clock_at(time_of_day),
                          .value_raw = value_raw};
    assert_int_equal(book_tell(book, &(struct fact){.kind = FACT_ENTRY, .as.entry = entry}),
                     expected);
}

static enum outcome tell_meter(struct book *book, enum meter_event_kind kind,
                               const char *time_of_day, int64_t final, int64_t initial, int64_t num,
                               int64_t den)
{
    struct meter_event event = {.ts_us = clock_at(time_of_day),
                                .kind = kind,
                                .final_raw = final,
                                .initial_raw = initial,
                                .value_num = num,
                                .value_den = den};
    return book_tell(book, &(struct fact){.kind = FACT_METER, .as.meter = event});
}

static enum outcome multiply(struct book *book, const char *time_of_day, int64_t num, int64_t den)
{
    return tell_meter(book, METER_EVENT_MULTIPLIER, time_of_day, INT64_MIN, INT64_MIN, num, den);
}

static struct book *book_of_limited(int64_t rate_hour)
{
    struct book *book = book_of_register();
    book->plant->meters[0].max_rate_raw_hour = rate_hour;
    return book;
}

static void check_all_booked(const struct book *book)
{
    struct meter_state shown;
    aggregator_meter(book->aggregator, (meter_id){0}, &shown);
    assert_int_equal(book_sum(book, 0, NULL, -1), shown.booked_base);
}

static void edge_01_a_reading_on_the_boundary_closes_and_opens(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    read_at(book, "15:00:00", 100);
    read_at(book, "16:00:00", 160); /* the middle shift begins */
    read_at(book, "17:00:00", 200);
    assert_int_equal(book_sum(book, 0, NULL, CREW_A), 60);
    assert_int_equal(book_sum(book, 0, NULL, CREW_B), 40);
    assert_int_equal(book->count, 1);
    assert_int_equal(book->postings[0].segment.quality, QUALITY_MEASURED);
    book_close(book);
}

static void edge_02_an_interval_across_boundaries_is_split_by_time(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    heat_at(book, "H1", "15:50:00", "16:10:00");
    read_at(book, "15:40:00", 0);
    read_at(book, "16:40:00", 100);
    assert_int_equal(book_sum(book, 0, "H1", CREW_A), 17); /* 33 - 16 */
    assert_int_equal(book_sum(book, 0, "H1", CREW_B), 17); /* 50 - 33 */
    assert_int_equal(book_sum(book, 0, "", CREW_A), 16);
    assert_int_equal(book_sum(book, 0, "", CREW_B), 50);
    for (size_t i = 0; i < book->count; i++) {
        assert_int_equal(book->postings[i].segment.quality, QUALITY_INTERPOLATED);
    }
    check_all_booked(book);
    book_close(book);
}

static void edge_06_a_jump_that_is_borne_out_is_booked_over_its_time_and_flagged(void **state)
{
    (void)state;
    struct book *book = book_of_limited(600);
    read_at(book, "15:00:00", 0);
    read_at(book, "15:59:00", 100);
    assert_int_equal(read_at(book, "16:01:00", 5100), OUTCOME_SPIKE);
    assert_int_equal(read_at(book, "16:02:00", 5101), OUTCOME_SPIKE);
    assert_int_equal(read_at(book, "16:03:00", 5102), OUTCOME_SPIKE);
    assert_int_equal(book_sum(book, 0, NULL, -1), 100);
    assert_int_equal(read_at(book, "16:04:00", 5103), OUTCOME_ACCEPTED);
    assert_int_equal(book_sum(book, 0, NULL, CREW_A), 100 + 2500);
    assert_int_equal(book_sum(book, 0, NULL, CREW_B), 2500 + 3);
    assert_int_equal(last_posting(book)->segment.quality, QUALITY_UNCERTAIN);
    check_all_booked(book);
    book_close(book);
}

/* The gap before a jump is known only when the jump is borne out. */
static void edge_16_a_gap_before_a_jump_is_estimated_apart(void **state)
{
    (void)state;
    struct book *book = book_of_limited(600);
    book->plant->meters[0].max_gap_us = 10 * MINUTE_US;
    read_at(book, "09:00:00", 0);
    read_at(book, "09:05:00", 10);
    read_at(book, "10:05:00", 9010);
    read_at(book, "10:06:00", 9011);
    read_at(book, "10:07:00", 9012);
    read_at(book, "10:08:00", 9013);
    assert_int_equal(book->count, 2);
    assert_int_equal(book->postings[0].segment.amount_base, 10);
    assert_int_equal(book->postings[0].segment.quality, QUALITY_MEASURED);
    assert_int_equal(book->postings[1].segment.amount_base, 9000);
    assert_int_equal(book->postings[1].segment.quality, QUALITY_ESTIMATED);
    check_all_booked(book);
    book_close(book);
}

static void edge_16_what_went_through_in_an_outage_is_spread_over_it(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    book->plant->meters[0].max_gap_us = 15 * MINUTE_US;
    read_at(book, "14:50:00", 0);
    read_at(book, "15:00:00", 10);
    read_at(book, "17:00:00", 130); /* back under another crew */
    read_at(book, "17:10:00", 140);
    assert_int_equal(book_sum(book, 0, NULL, CREW_A), 10 + 60);
    assert_int_equal(book_sum(book, 0, NULL, CREW_B), 60 + 10);
    for (size_t i = 0; i < book->count; i++) {
        bool outage = book->postings[i].segment.start_us >= clock_at("15:00:00");
        assert_int_equal(book->postings[i].segment.quality,
                         outage ? QUALITY_ESTIMATED : QUALITY_MEASURED);
    }
    book_close(book);
}

static void edge_04_a_person_says_that_a_fall_is_a_reset(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    read_at(book, "09:00:00", 500);
    assert_int_equal(read_at(book, "15:00:00", 20), OUTCOME_GLITCH);
    assert_int_equal(read_at(book, "17:00:00", 60), OUTCOME_GLITCH);
    assert_int_equal(book_sum(book, 0, NULL, -1), 0);
    decide(book, ENTRY_ACCEPT, "15:00:00", INT64_MIN, OUTCOME_ACCEPTED);
    assert_int_equal(book_sum(book, 0, NULL, CREW_A), 20);
    assert_int_equal(book_sum(book, 0, NULL, CREW_B), 20);
    assert_int_equal(last_posting(book)->segment.quality, QUALITY_CORRECTED);
    check_all_booked(book);
    decide(book, ENTRY_ACCEPT, "15:00:00", INT64_MIN, OUTCOME_DUPLICATE);
    book_close(book);
}

/* What closed on the strength of a reading is taken back when the reading is rejected. */
static void a_rejected_reading_takes_back_what_it_closed(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    read_at(book, "15:00:00", 0);
    read_at(book, "17:00:00", 1000);
    assert_int_equal(book_sum(book, 0, NULL, CREW_A), 500);
    decide(book, ENTRY_REJECT, "17:00:00", 1000, OUTCOME_ACCEPTED);
    assert_int_equal(book_sum(book, 0, NULL, -1), 0);
    read_at(book, "17:01:00", 121);
    assert_int_equal(book_sum(book, 0, NULL, CREW_A), 60);
    assert_int_equal(book_sum(book, 0, NULL, CREW_B), 61);
    check_all_booked(book);
    book_close(book);
}

static void a_decision_about_nothing_says_what_would_be_right(void **state)
{
    (void)state;
    struct book *book = book_of_limited(600);
    read_at(book, "09:00:00", 0);
    read_at(book, "09:10:00", 5000);
    decide(book, ENTRY_ACCEPT, "09:05:00", INT64_MIN, OUTCOME_NO_EFFECT);
    assert_non_null(strstr(book->detail, "waits"));
    decide(book, ENTRY_REJECT, "09:10:00", 4999, OUTCOME_NO_EFFECT);
    assert_non_null(strstr(book->detail, "another value"));
    decide(book, ENTRY_ACCEPT, "09:00:00", INT64_MIN, OUTCOME_NO_EFFECT);
    assert_non_null(strstr(book->detail, "first reading"));
    decide(book, ENTRY_ACCEPT, "09:10:00", -5, OUTCOME_OUT_OF_RANGE);
    decide(book, ENTRY_READING, "09:20:00", INT64_MIN, OUTCOME_BAD_FIELD);
    assert_non_null(book->detail);
    assert_int_equal(book_sum(book, 0, NULL, -1), 0);
    book_close(book);
}

static void a_decision_about_what_cannot_be_held_is_refused(void **state)
{
    (void)state;
    struct plant *plant = plant_create();
    plant_meter(plant, METER_EVENT, LF);
    plant_meter(plant, METER_REGISTER, LF);
    struct book *book = book_open(plant);
    decide(book, ENTRY_REJECT, "09:00:00", INT64_MIN, OUTCOME_NOT_ALLOWED);
    assert_non_null(strstr(book->detail, "\"void\""));
    struct fact fact = {.kind = FACT_ENTRY,
                        .as.entry = {.kind = ENTRY_ACCEPT,
                                     .by = "li",
                                     .meter = {1},
                                     .at_us = INT64_MIN,
                                     .value_raw = INT64_MIN}};
    assert_int_equal(book_tell(book, &fact), OUTCOME_BAD_FIELD);
    assert_non_null(strstr(book->detail, "\"at\""));
    book_close(book);
}

static void a_person_enters_a_reading_and_an_accepted_value(void **state)
{
    (void)state;
    struct book *book = book_of_limited(600);
    read_at(book, "15:00:00", 0);
    decide(book, ENTRY_READING, "16:00:00", 100, OUTCOME_ACCEPTED);
    assert_int_equal(book_sum(book, 0, NULL, CREW_A), 100);
    assert_int_equal(last_posting(book)->segment.quality, QUALITY_CORRECTED);
    decide(book, ENTRY_ACCEPT, "16:10:00", 7000, OUTCOME_ACCEPTED); /* a jump nobody else saw */
    assert_int_equal(book_sum(book, 0, NULL, CREW_B), 6900);
    decide(book, ENTRY_READING, "15:30:00", 80, OUTCOME_LATE);
    check_all_booked(book);
    book_close(book);
}

static void edge_08_a_back_dated_exchange_books_again(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    read_at(book, "09:00:00", 84000);
    read_at(book, "15:00:00", 60); /* the new one, but nobody said so: held */
    read_at(book, "17:00:00", 180);
    assert_int_equal(book_sum(book, 0, NULL, -1), 0);
    assert_int_equal(tell_meter(book, METER_EVENT_EXCHANGE, "10:00:00", 84213, 12, 0, 1),
                     OUTCOME_LATE);
    assert_int_equal(book_sum(book, 0, NULL, CREW_A), 213 + 48 + 60);
    assert_int_equal(book_sum(book, 0, NULL, CREW_B), 60);
    check_all_booked(book);
    book_close(book);
}

/* A reset and then an exchange, the exchange told first: its last reading fits only once the reset
 * is known. Until then that use is held; the new register counts at once. */
static void edge_08_an_exchange_that_comes_before_the_reset_it_follows_counts_the_same(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    read_at(book, "09:00:00", 84000);
    assert_int_equal(tell_meter(book, METER_EVENT_EXCHANGE, "09:20:00", 30, 50000, 0, 1),
                     OUTCOME_GLITCH);
    assert_non_null(book->detail);
    assert_int_equal(tell_meter(book, METER_EVENT_EXCHANGE, "09:20:00", 30, 50000, 0, 1),
                     OUTCOME_DUPLICATE);
    read_at(book, "09:30:00", 50007);
    assert_int_equal(book_sum(book, 0, NULL, -1), 7);
    check_all_booked(book);
    tell_meter(book, METER_EVENT_RESET, "09:10:00", INT64_MIN, 10, 0, 1);
    assert_int_equal(book_sum(book, 0, NULL, -1), 20 + 7);
    check_all_booked(book);
    book_close(book);
}

/* Of a register of which nothing was heard before, the last reading tells no use; its successor
 * counts from its first one on. */
static void edge_08_a_register_first_heard_of_by_its_exchange_counts_from_there(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    tell_meter(book, METER_EVENT_EXCHANGE, "09:00:00", 84213, 12, 0, 1);
    assert_int_equal(book_sum(book, 0, NULL, -1), 0);
    read_at(book, "17:00:00", 492);
    assert_int_equal(book_sum(book, 0, NULL, CREW_A), 420);
    assert_int_equal(book_sum(book, 0, NULL, CREW_B), 60);
    check_all_booked(book);
    read_at(book, "08:50:00", 84200); /* it was heard of after all */
    assert_int_equal(book_sum(book, 0, NULL, CREW_A), 13 + 420);
    assert_int_equal(book_sum(book, 0, NULL, CREW_B), 60);
    check_all_booked(book);
    book_close(book);
    book = book_of_register();
    tell_meter(book, METER_EVENT_RESET, "09:00:00", INT64_MIN, 12, 0, 1);
    read_at(book, "17:00:00", 492);
    assert_int_equal(book_sum(book, 0, NULL, -1), 480);
    check_all_booked(book);
    book_close(book);
}

static void edge_09_a_back_dated_multiplier_books_again_with_its_cause(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    read_at(book, "15:00:00", 0);
    read_at(book, "17:00:00", 120);
    read_at(book, "18:00:00", 180);
    assert_int_equal(multiply(book, "15:30:00", 2, 1), OUTCOME_LATE);
    assert_int_equal(book_sum(book, 0, NULL, CREW_A), 30 + 60);
    assert_int_equal(book_sum(book, 0, NULL, CREW_B), 120 + 120);
    assert_int_equal(last_posting(book)->cause, POSTING_MULTIPLIER);
    assert_int_equal(multiply(book, "15:30:00", 2, 1), OUTCOME_DUPLICATE);
    check_all_booked(book);
    assert_int_equal(multiply(book, "19:00:00", INT64_C(1) << 55, 1), OUTCOME_OUT_OF_RANGE);
    assert_non_null(book->detail);
    book_close(book);
}

static void edge_09_pieces_count_by_the_multiplier_at_their_time(void **state)
{
    (void)state;
    static const enum meter_kind kinds[] = {METER_INCREMENT, METER_EVENT};
    for (size_t i = 0; i < ROWS(kinds); i++) {
        struct plant *plant = plant_create();
        plant_meter(plant, kinds[i], LF);
        struct book *book = book_open(plant);
        read_at(book, "09:00:00", 10);
        read_at(book, "10:00:00", 20);
        read_at(book, "17:00:00", 30);
        assert_int_equal(multiply(book, "10:00:00", 3, 1), OUTCOME_LATE);
        assert_int_equal(book_sum(book, 0, NULL, -1), 10 + 60 + 90);
        assert_int_equal(multiply(book, "17:00:00", 1, 2), OUTCOME_LATE);
        assert_int_equal(book_sum(book, 0, NULL, -1), 10 + 60 + 15);
        assert_int_equal(multiply(book, "18:00:00", 2, 1), OUTCOME_ACCEPTED);
        read_at(book, "18:00:00", 4);
        assert_int_equal(book_sum(book, 0, NULL, -1), 10 + 60 + 15 + 8);
        book_close(book);
    }
}

static void a_two_way_register_books_negative_use(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    book->plant->meters[0].two_way = true;
    heat_at(book, "H1", "15:00:00", "16:30:00");
    read_at(book, "15:00:00", 50);
    read_at(book, "16:00:00", 80);
    read_at(book, "16:30:00", -10);
    assert_int_equal(book_sum(book, 0, "H1", CREW_A), 30);
    assert_int_equal(book_sum(book, 0, "H1", CREW_B), -90);
    check_all_booked(book);
    book_close(book);
}

/* The control system resets the register of a heat a while after the next has started. */
static void a_per_heat_register_that_is_reset_late_loses_nothing(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    book->plant->meters[0].reset = METER_RESET_TO_ZERO;
    heat_at(book, "H1", "09:00:00", "10:00:00");
    heat_at(book, "H2", "10:00:00", "11:00:00");
    read_at(book, "09:00:00", 0);
    read_at(book, "10:00:00", 500); /* H1 is done; it still shows that */
    read_at(book, "10:02:00", 500);
    read_at(book, "10:04:00", 507); /* H2 has begun to use */
    assert_int_equal(read_at(book, "10:05:00", 2), OUTCOME_RESET);
    read_at(book, "11:00:00", 400);
    assert_int_equal(book_sum(book, 0, "H1", -1), 500);
    assert_int_equal(book_sum(book, 0, "H2", -1), 7 + 400);
    check_all_booked(book);
    book_close(book);
}

static void edge_25_a_hopper_books_falls_alone(void **state)
{
    (void)state;
    struct plant *plant = plant_create();
    plant_meter(plant, METER_LEVEL, LF)->division_raw = 10;
    struct book *book = book_open(plant);
    heat_at(book, "H1", "09:00:00", "10:00:00");
    read_at(book, "09:00:00", 500);
    read_at(book, "09:10:00", 495); /* noise */
    read_at(book, "09:20:00", 440);
    read_at(book, "09:30:00", 900); /* filled up */
    read_at(book, "10:00:00", 870);
    read_at(book, "10:10:00", 875);
    assert_int_equal(book_sum(book, 0, "H1", -1), 60 + 30);
    assert_int_equal(book_sum(book, 0, "", -1), 0);
    book_close(book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edge_01_a_reading_on_the_boundary_closes_and_opens),
        cmocka_unit_test(edge_02_an_interval_across_boundaries_is_split_by_time),
        cmocka_unit_test(edge_06_a_jump_that_is_borne_out_is_booked_over_its_time_and_flagged),
        cmocka_unit_test(edge_16_a_gap_before_a_jump_is_estimated_apart),
        cmocka_unit_test(edge_16_what_went_through_in_an_outage_is_spread_over_it),
        cmocka_unit_test(edge_04_a_person_says_that_a_fall_is_a_reset),
        cmocka_unit_test(a_rejected_reading_takes_back_what_it_closed),
        cmocka_unit_test(a_decision_about_nothing_says_what_would_be_right),
        cmocka_unit_test(a_decision_about_what_cannot_be_held_is_refused),
        cmocka_unit_test(a_person_enters_a_reading_and_an_accepted_value),
        cmocka_unit_test(edge_08_a_back_dated_exchange_books_again),
        cmocka_unit_test(
            edge_08_an_exchange_that_comes_before_the_reset_it_follows_counts_the_same),
        cmocka_unit_test(edge_08_a_register_first_heard_of_by_its_exchange_counts_from_there),
        cmocka_unit_test(edge_09_a_back_dated_multiplier_books_again_with_its_cause),
        cmocka_unit_test(edge_09_pieces_count_by_the_multiplier_at_their_time),
        cmocka_unit_test(a_two_way_register_books_negative_use),
        cmocka_unit_test(a_per_heat_register_that_is_reset_late_loses_nothing),
        cmocka_unit_test(edge_25_a_hopper_books_falls_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
