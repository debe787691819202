/* How far back a meter goes: a year that was mistyped, a clock that was wrong, a register of which
 * nobody can tell how often it went round. */
#include "register_book.h"

static void check_all_booked(const struct book *book)
{
    struct meter_state shown;
    aggregator_meter(book->aggregator, (meter_id){0}, &shown);
    assert_int_equal(book_sum(book, 0, NULL, -1), shown.booked_base);
}

static const enum meter_kind kinds[] = {METER_REGISTER, METER_RATE, METER_LEVEL, METER_INCREMENT,
                                        METER_EVENT};

static struct book *book_of_kind(enum meter_kind kind)
{
    struct plant *plant = plant_create();
    plant_meter(plant, kind, LF)->division_raw = 1;
    return book_open(plant);
}

static enum outcome read_on(struct book *book, const char *time, int64_t value)
{
    return book_reading(book, reading_of(0, at(time), value));
}

static void edge_14_a_mistyped_year_is_too_late_for_every_kind_of_meter(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS(kinds); i++) {
        struct book *book = book_of_kind(kinds[i]);
        read_on(book, "2026-03-10T10:00:00Z", 100);
        read_on(book, "2026-03-10T10:10:00Z", 110);
        int64_t before = book_sum(book, 0, NULL, -1);
        size_t postings = book->count;
        assert_int_equal(read_on(book, "2016-03-10T10:10:00Z", 120), OUTCOME_TOO_LATE);
        assert_int_equal(read_on(book, "2025-02-03T10:09:59Z", 120), OUTCOME_TOO_LATE);
        assert_int_equal(book->count, postings);
        assert_int_equal(book_sum(book, 0, NULL, -1), before);
        assert_non_null(strstr(book->detail, "400 days"));
        assert_false(outcome_info(read_on(book, "2025-02-03T10:10:00Z", 90))->refused);
        check_all_booked(book);
        book_close(book);
    }
}

/* The clock of a controller begins at 2016, and is set right later. */
static void edge_16_behind_400_days_of_silence_a_meter_begins_anew(void **state)
{
    (void)state;
    static const int64_t used[] = {5 + 20, -1, 0, 100 + 105 + 500 + 520, 100 + 105 + 500 + 520};
    for (size_t i = 0; i < ROWS(kinds); i++) {
        struct book *book = book_of_kind(kinds[i]);
        read_on(book, "2016-03-10T10:00:00Z", 100);
        read_on(book, "2016-03-10T10:10:00Z", 105);
        int64_t until_then = book_sum(book, 0, NULL, -1);
        assert_false(outcome_info(read_on(book, "2026-03-10T10:00:00Z", 500))->refused);
        int64_t over_it = book_sum(book, 0, NULL, -1) - until_then;
        bool piece = kinds[i] == METER_INCREMENT || kinds[i] == METER_EVENT;
        assert_int_equal(over_it, piece ? 500 : 0);
        assert_true(book->count < 8); /* not a posting a shift */
        read_on(book, "2026-03-10T10:10:00Z", 520);
        if (used[i] >= 0) {
            assert_int_equal(book_sum(book, 0, NULL, -1), used[i]);
        }
        check_all_booked(book);
        book_close(book);
    }
}

static void a_reading_of_400_days_later_still_counts_from_the_one_before(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    read_on(book, "2025-02-03T10:10:00Z", 100);
    read_on(book, "2026-03-10T10:10:00Z", 500);
    assert_int_equal(book_sum(book, 0, NULL, -1), 400);
    check_all_booked(book);
    book_close(book);
    book = book_of_register();
    read_on(book, "2025-02-03T10:10:00Z", 100);
    read_on(book, "2026-03-10T10:10:01Z", 500);
    assert_int_equal(book_sum(book, 0, NULL, -1), 0);
    book_close(book);
}

static void a_register_that_is_lower_after_years_begins_anew(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    read_on(book, "2016-03-10T10:00:00Z", 900);
    assert_int_equal(read_on(book, "2026-03-10T10:00:00Z", 100), OUTCOME_ACCEPTED);
    read_on(book, "2026-03-10T10:10:00Z", 130);
    assert_int_equal(book_sum(book, 0, NULL, -1), 30);
    check_all_booked(book);
    book_close(book);
}

/* 1,000 an hour for 60 days is more than the width: it may have gone round once, or not at all. */
static void edge_03_a_fall_after_a_long_silence_is_held(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    book->plant->meters[0].width_raw = 1000000;
    book->plant->meters[0].max_rate_raw_hour = 1000;
    read_on(book, "2026-01-10T10:00:00Z", 1300);
    assert_int_equal(read_on(book, "2026-03-10T10:00:00Z", 1000), OUTCOME_GLITCH);
    assert_int_equal(book_sum(book, 0, NULL, -1), 0);
    assert_int_equal(read_on(book, "2026-03-10T10:10:00Z", 1100), OUTCOME_GLITCH);
    struct fact accept = {.kind = FACT_ENTRY,
                          .as.entry = {.kind = ENTRY_ACCEPT,
                                       .by = "li",
                                       .meter = {0},
                                       .ts_us = at("2026-03-10T11:00:00Z"),
                                       .at_us = at("2026-03-10T10:00:00Z"),
                                       .value_raw = INT64_MIN}};
    assert_int_equal(book_tell(book, &accept), OUTCOME_ACCEPTED);
    assert_int_equal(book_sum(book, 0, NULL, -1), 100);
    check_all_booked(book);
    book_close(book);
    book = book_of_register();
    book->plant->meters[0].width_raw = 1000000;
    book->plant->meters[0].max_rate_raw_hour = 1000;
    read_on(book, "2026-02-10T10:00:00Z", 999950);
    assert_int_equal(read_on(book, "2026-03-10T10:00:00Z", 30), OUTCOME_ROLLOVER);
    assert_int_equal(book_sum(book, 0, NULL, -1), 80);
    book_close(book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edge_14_a_mistyped_year_is_too_late_for_every_kind_of_meter),
        cmocka_unit_test(edge_16_behind_400_days_of_silence_a_meter_begins_anew),
        cmocka_unit_test(a_reading_of_400_days_later_still_counts_from_the_one_before),
        cmocka_unit_test(a_register_that_is_lower_after_years_begins_anew),
        cmocka_unit_test(edge_03_a_fall_after_a_long_silence_is_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
