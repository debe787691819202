/* Exchanges of registers, told in any order, with readings of the very instant. */
#include "register_book.h"

static void check_all_booked(const struct book *book)
{
    struct meter_state shown;
    aggregator_meter(book->aggregator, (meter_id){0}, &shown);
    assert_int_equal(book_sum(book, 0, NULL, -1), shown.booked_base);
}

#define NONE INT64_MIN

static enum outcome exchange_at(struct book *book, const char *time_of_day, int64_t final,
                                int64_t initial)
{
    struct fact fact = {.kind = FACT_METER,
                        .as.meter = {.ts_us = clock_at(time_of_day),
                                     .meter = {0},
                                     .kind = METER_EVENT_EXCHANGE,
                                     .final_raw = final,
                                     .initial_raw = initial,
                                     .value_num = 1,
                                     .value_den = 1}};
    return book_tell(book, &fact);
}

static enum outcome say_at(struct book *book, enum entry_kind kind, const char *time_of_day,
                           int64_t value)
{
    struct fact fact = {.kind = FACT_ENTRY,
                        .as.entry = {.kind = kind,
                                     .ts_us = clock_at("12:00:00"),
                                     .by = "li",
                                     .meter = {0},
                                     .at_us = clock_at(time_of_day),
                                     .value_raw = value}};
    return book_tell(book, &fact);
}

/* What stands on a shelf of facts about one register. */
struct told {
    const char *time_of_day;
    int64_t value;          /* of a reading; NONE: an exchange */
    int64_t final, initial; /* of an exchange */
};

static void tell(struct book *book, const struct told *told)
{
    if (told->value != NONE) {
        read_at(book, told->time_of_day, told->value);
    } else {
        exchange_at(book, told->time_of_day, told->final, told->initial);
    }
}

#define TOLD_MAX 8

/* All orders of the facts, by exchanging neighbours (Heap's way), give the sum. */
static void check_orders(struct told *facts, size_t fixed, size_t count, int64_t max_rate,
                         int64_t sum)
{
    size_t turns[TOLD_MAX] = {0};
    size_t at = fixed;
    for (;;) {
        struct book *book = book_of_register();
        book->plant->meters[0].max_rate_raw_hour = max_rate;
        for (size_t i = 0; i < count; i++) {
            tell(book, &facts[i]);
        }
        assert_int_equal(book_sum(book, 0, NULL, -1), sum);
        check_all_booked(book);
        book_close(book);
        while (at < count && turns[at] >= at - fixed) {
            turns[at++] = 0;
        }
        if (at >= count) {
            return;
        }
        size_t other = fixed + ((at - fixed) % 2 == 0 ? 0 : turns[at]);
        struct told moving = facts[other];
        facts[other] = facts[at];
        facts[at] = moving;
        turns[at]++;
        at = fixed;
    }
}

static void edge_12_two_exchanges_told_in_any_order_count_the_same(void **state)
{
    (void)state;
    struct told facts[] = {
        {"10:00:00", 84000, 0, 0}, {"10:06:00", NONE, 84213, 12}, {"10:08:00", NONE, 40, 5000},
        {"10:09:00", 5030, 0, 0},  {"10:10:00", 5055, 0, 0},
    };
    check_orders(facts, 0, ROWS(facts), 0, 213 + 28 + 55);
    check_orders(facts, 0, ROWS(facts), 100000, 213 + 28 + 55);
}

/* The reading of the instant is one of the new register, of the old one before its last, or one of
 * neither. */
static void edge_08_a_reading_at_the_very_instant_of_an_exchange_loses_nothing(void **state)
{
    (void)state;
    static const int64_t values[] = {12, 84213, 84200, 84300, 13, 7};
    for (size_t i = 0; i < ROWS(values); i++) {
        struct told facts[] = {
            {"10:00:00", 84000, 0, 0},     {"10:05:00", 84100, 0, 0}, {"10:06:00", NONE, 84213, 12},
            {"10:06:00", values[i], 0, 0}, {"10:09:00", 40, 0, 0},
        };
        check_orders(facts, 1, ROWS(facts), 0, 100 + 113 + 28);
        check_orders(facts, 0, ROWS(facts), 0, 100 + 113 + 28);
        check_orders(facts, 0, ROWS(facts), 20000, 100 + 113 + 28);
    }
}

static void what_was_read_at_the_instant_is_a_duplicate_or_a_conflict(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    read_at(book, "10:00:00", 84000);
    exchange_at(book, "10:06:00", 84213, 12);
    assert_int_equal(read_at(book, "10:06:00", 12), OUTCOME_DUPLICATE);
    book_close(book);
    book = book_of_register();
    read_at(book, "10:00:00", 84000);
    exchange_at(book, "10:06:00", 84213, 12);
    assert_int_equal(read_at(book, "10:06:00", 84200), OUTCOME_CONFLICT);
    assert_int_equal(exchange_at(book, "10:06:00", 84214, 12), OUTCOME_CONFLICT);
    assert_non_null(strstr(book->detail, "\"final\""));
    book_close(book);
}

/* A last reading that cannot be: until somebody accepts it, what was read at the instant counts. */
static void edge_04_a_final_that_does_not_fit_is_held_until_a_person_accepts_it(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    book->plant->meters[0].max_rate_raw_hour = 1000;
    read_at(book, "10:00:00", 84000);
    assert_int_equal(exchange_at(book, "10:06:00", 99999, 12), OUTCOME_SPIKE);
    read_at(book, "10:06:00", 84050);
    read_at(book, "10:30:00", 40);
    assert_int_equal(book_sum(book, 0, NULL, -1), 50 + 28);
    assert_int_equal(say_at(book, ENTRY_ACCEPT, "10:06:00", 99999), OUTCOME_ACCEPTED);
    assert_int_equal(book_sum(book, 0, NULL, -1), 15999 + 28);
    check_all_booked(book);
    book_close(book);
}

static void edge_08_a_final_is_judged_again_by_what_comes_late(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    book->plant->meters[0].max_rate_raw_hour = 1000;
    read_at(book, "10:00:00", 84000);
    assert_int_equal(exchange_at(book, "10:08:00", 12, 500), OUTCOME_GLITCH);
    read_at(book, "10:10:00", 510);
    assert_int_equal(book_sum(book, 0, NULL, -1), 10);
    exchange_at(book, "10:06:00", 84060, 2);
    assert_int_equal(book_sum(book, 0, NULL, -1), 60 + 10 + 10);
    check_all_booked(book);
    book_close(book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edge_12_two_exchanges_told_in_any_order_count_the_same),
        cmocka_unit_test(edge_08_a_reading_at_the_very_instant_of_an_exchange_loses_nothing),
        cmocka_unit_test(what_was_read_at_the_instant_is_a_duplicate_or_a_conflict),
        cmocka_unit_test(edge_04_a_final_that_does_not_fit_is_held_until_a_person_accepts_it),
        cmocka_unit_test(edge_08_a_final_is_judged_again_by_what_comes_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
