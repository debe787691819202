/* What comes late, changes or vanishes: postings are taken back and made again. */
#include "register_book.h"

static void a_late_start_books_again_by_reversal_and_new_postings(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    read_at(book, "08:50:00", 0);
    read_at(book, "09:00:00", 600);
    read_at(book, "09:10:00", 1200);
    book_heat(book, HEAT_END, "H1", LF, clock_at("09:06:00"));
    assert_int_equal(book->count, 0);
    heat_at(book, "H2", "09:08:00", NULL);
    assert_int_equal(book->count, 1); /* idle until 09:08 */
    assert_int_equal(book->postings[0].cause, POSTING_CLOSED);
    book_heat(book, HEAT_START, "H1", LF, clock_at("09:02:00"));
    assert_int_equal(book->postings[1].cause, POSTING_REVERSAL);
    assert_int_equal(book->postings[1].segment.amount_base, -1080);
    assert_true(book->postings[1].reverses.position == book->postings[0].id.position);
    assert_int_equal(book->count, 5);
    for (size_t i = 2; i < book->count; i++) {
        assert_int_equal(book->postings[i].cause, POSTING_LATE_EVENT);
    }
    assert_int_equal(book_sum(book, 0, "H1", -1), 240);
    assert_int_equal(book_sum(book, 0, "", -1), 840);
    assert_int_equal(book_sum(book, 0, "H2", -1), 120);
    book_close(book);
}

/* The shift change at 16:00 was booked already; the takeover at 16:01:30 says that it was then.
 * What is shared must be divided as if nobody had ever cut there. */
static void a_boundary_that_vanishes_leaves_no_cut_behind(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    heat_at(book, "H1", "15:50:00", "16:10:00");
    heat_at(book, "H2", "15:50:00", "16:10:00");
    read_at(book, "15:50:00", 0);
    read_at(book, "16:00:00", 11);
    assert_int_equal(book_takeover(book, CREW_B, clock_at("16:01:30")), OUTCOME_ACCEPTED);
    read_at(book, "16:03:00", 33);
    assert_int_equal(book_sum(book, 0, "H1", CREW_A), 11);
    assert_int_equal(book_sum(book, 0, "H2", CREW_A), 11);
    for (size_t i = 0; i < book->count; i++) {
        bool stands = !book->reversed[i] && book->postings[i].cause != POSTING_REVERSAL;
        assert_false(stands && book->postings[i].segment.end_us == clock_at("16:00:00"));
    }
    book_close(book);
}

static void a_late_reading_moves_only_its_neighbours(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    heat_at(book, "H1", "09:00:00", "09:10:00");
    heat_at(book, "H2", "09:10:00", "09:20:00");
    read_at(book, "08:50:00", 0);
    read_at(book, "09:05:00", 150);
    read_at(book, "09:15:00", 350);
    read_at(book, "09:30:00", 500);
    size_t before = book->count;
    assert_int_equal(before, 3);
    assert_int_equal(read_at(book, "09:12:00", 340), OUTCOME_LATE);
    for (size_t i = before; i < book->count; i++) {
        assert_true(book->postings[i].segment.start_us >= clock_at("09:00:00"));
        assert_true(book->postings[i].segment.end_us <= clock_at("09:20:00"));
        assert_true(book->postings[i].cause == POSTING_REVERSAL ||
                    book->postings[i].cause == POSTING_LATE_READING);
    }
    assert_int_equal(book->count, before + 4);
    assert_int_equal(book_sum(book, 0, "H1", -1), 185);
    assert_int_equal(book_sum(book, 0, "H2", -1), 115);
    assert_int_equal(book_sum(book, 0, NULL, -1), 500);
    book_close(book);
}

static void a_late_reading_that_changes_no_mark_posts_nothing(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    read_at(book, "07:50:00", 0);
    read_at(book, "08:00:00", 600);
    read_at(book, "08:10:00", 1200);
    read_at(book, "08:05:00", 700);
    read_at(book, "07:55:00", 300); /* on the line */
    assert_int_equal(book->count, 1);
    book_close(book);
}

static void a_conflict_books_the_better_reading(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    read_at(book, "07:50:00", 0);
    read_at(book, "08:00:00", 600);
    read_at(book, "08:10:00", 700);
    assert_int_equal(read_at(book, "08:00:00", 500), OUTCOME_CONFLICT);
    assert_int_equal(last_posting(book)->cause, POSTING_CONFLICT);
    assert_int_equal(book_sum(book, 0, "", CREW_D), 500);
    assert_int_equal(book_sum(book, 0, "", CREW_A), 200);
    assert_int_equal(read_at(book, "08:00:00", 550), OUTCOME_CONFLICT);
    assert_int_equal(book_sum(book, 0, "", CREW_D), 500);
    book_close(book);
}

static void an_earlier_baseline_books_what_was_before(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    read_at(book, "08:10:00", 700);
    read_at(book, "08:20:00", 800);
    assert_int_equal(read_at(book, "07:50:00", 500), OUTCOME_BASELINE);
    assert_int_equal(book_sum(book, 0, "", CREW_D), 100);
    assert_int_equal(book_sum(book, 0, "", CREW_A), 200);
    book_close(book);
}

/* A reading that came late makes the newest one a glitch: what that had closed is open again. */
static void what_a_held_reading_had_closed_is_taken_back(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    read_at(book, "07:50:00", 0);
    read_at(book, "08:10:00", 200);
    assert_int_equal(book_sum(book, 0, "", CREW_D), 100);
    assert_int_equal(read_at(book, "07:55:00", 250), OUTCOME_LATE);
    assert_int_equal(book_sum(book, 0, "", CREW_D), 250);
    assert_int_equal(book_sum(book, 0, "", CREW_A), 0);
    read_at(book, "08:20:00", 300);
    assert_int_equal(book_sum(book, 0, NULL, -1), 300);
    assert_int_equal(book_sum(book, 0, "", CREW_D), 260);
    book_close(book);
}

static void a_takeover_moves_what_was_booked_to_the_crew_that_was_there(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    read_at(book, "15:50:00", 0);
    read_at(book, "16:10:00", 1200);
    assert_int_equal(book_sum(book, 0, "", CREW_A), 600);
    assert_int_equal(book_takeover(book, CREW_B, clock_at("15:55:00")), OUTCOME_ACCEPTED);
    assert_int_equal(book_sum(book, 0, "", CREW_A), 300);
    assert_int_equal(book_sum(book, 0, "", CREW_B), 900);
    assert_int_equal(last_posting(book)->cause, POSTING_ROSTER);
    assert_int_equal(book_takeover(book, CREW_B, clock_at("15:55:00")), OUTCOME_DUPLICATE);
    assert_int_equal(book_takeover(book, CREW_D, clock_at("16:05:00")), OUTCOME_ACCEPTED);
    assert_int_equal(book_sum(book, 0, "", CREW_B), 600);
    assert_int_equal(book_sum(book, 0, "", CREW_D), 300);
    book_close(book);
}

/* B reports at 17:05 that it takes over; by then the readings of 16:00 are long forgotten, and a
 * heat has come and gone. One reading of that time was uncertain, and stays so. */
static void a_late_takeover_moves_a_change_of_shift_that_lies_far_behind(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    heat_at(book, "H1", "16:02:00", "16:12:00");
    for (int64_t s = 0; s <= 7200; s += 5) {
        int64_t ts_us = clock_at("15:30:00") + s * TIMESTAMP_SECOND_US;
        if (ts_us == clock_at("17:05:00")) {
            assert_int_equal(book_takeover(book, CREW_B, ts_us), OUTCOME_ACCEPTED);
            assert_null(book->detail);
        }
        struct reading reading = reading_of(0, ts_us, s);
        reading.quality = ts_us == clock_at("16:05:00") ? READING_UNCERTAIN : READING_GOOD;
        book_reading(book, reading);
    }
    assert_int_equal(book_sum(book, 0, "", CREW_A), 95 * 60 - 600);
    assert_int_equal(book_sum(book, 0, "H1", CREW_A), 600);
    assert_int_equal(book_sum(book, 0, NULL, CREW_B), 25 * 60);
    size_t uncertain = 0;
    for (size_t i = 0; i < book->count; i++) {
        const struct segment *segment = &book->postings[i].segment;
        bool stands = !book->reversed[i] && book->postings[i].cause != POSTING_REVERSAL;
        uncertain += stands && segment->quality == QUALITY_UNCERTAIN;
        /* 16:00 is no boundary any more. */
        assert_false(stands && segment->start_us == clock_at("16:00:00"));
        assert_int_equal(stands && segment->quality == QUALITY_UNCERTAIN,
                         stands && segment->heat.value == 1);
    }
    assert_int_equal(uncertain, 1);
    book_close(book);
}

/* Three hours, a reading every 10 s, a heat event twelve minutes late again and again. */
static void late_events_within_the_window_are_exact_after_trimming(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    int64_t begin_us = clock_at("08:30:00");
    static char ids[30][8];
    for (int64_t s = 0; s <= 3 * 3600; s += 10) {
        book_reading(book, reading_of(0, begin_us + s * TIMESTAMP_SECOND_US, s));
        if (s % 600 == 0 && s >= 720) {
            int64_t n = s / 600;
            snprintf(ids[n], sizeof ids[n], "H%02d", (int)n);
            int64_t start_us = begin_us + (s - 720) * TIMESTAMP_SECOND_US;
            assert_int_equal(book_heat(book, HEAT_END, ids[n], LF, start_us + 301 * MINUTE_US / 60),
                             OUTCOME_ACCEPTED);
            assert_int_equal(book_heat(book, HEAT_START, ids[n], LF, start_us), OUTCOME_ACCEPTED);
        }
    }
    for (size_t n = 2; n <= 18; n++) {
        assert_int_equal(book_sum(book, 0, ids[n], CREW_A), 301);
    }
    assert_int_equal(book_sum(book, 0, NULL, -1), 3 * 3600);
    book_close(book);
}

/* Without a history behind it nothing is forgotten (with one: test_timeline_past.c). */
static void an_event_older_than_the_window_is_exact(void **state)
{
    (void)state;
    struct book *book = book_of_register();
    int64_t begin_us = clock_at("08:30:00");
    for (int64_t s = 0; s <= 3 * 3600; s += 10) {
        book_reading(book, reading_of(0, begin_us + s * TIMESTAMP_SECOND_US, s));
    }
    assert_int_equal(book_heat(book, HEAT_START, "H1", LF, clock_at("08:40:00")), OUTCOME_ACCEPTED);
    assert_null(book->detail);
    assert_int_equal(book_heat(book, HEAT_END, "H1", LF, clock_at("08:50:00")), OUTCOME_ACCEPTED);
    assert_int_equal(book_sum(book, 0, NULL, -1), 3 * 3600);
    assert_int_equal(book_sum(book, 0, "H1", -1), 600);
    assert_int_equal(book_reading(book, reading_of(0, clock_at("08:35:05"), 309)), OUTCOME_LATE);
    assert_int_equal(book_sum(book, 0, NULL, -1), 3 * 3600);
    book_close(book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_late_start_books_again_by_reversal_and_new_postings),
        cmocka_unit_test(a_boundary_that_vanishes_leaves_no_cut_behind),
        cmocka_unit_test(a_late_reading_moves_only_its_neighbours),
        cmocka_unit_test(a_late_reading_that_changes_no_mark_posts_nothing),
        cmocka_unit_test(a_conflict_books_the_better_reading),
        cmocka_unit_test(an_earlier_baseline_books_what_was_before),
        cmocka_unit_test(what_a_held_reading_had_closed_is_taken_back),
        cmocka_unit_test(a_takeover_moves_what_was_booked_to_the_crew_that_was_there),
        cmocka_unit_test(a_late_takeover_moves_a_change_of_shift_that_lies_far_behind),
        cmocka_unit_test(late_events_within_the_window_are_exact_after_trimming),
        cmocka_unit_test(an_event_older_than_the_window_is_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
