/* Pages of stored curves: each position finds what stood before it. */
#include "ledger_fixture.h"
#include "memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void put(struct ledger_fixture *f, uint16_t meter, int64_t page, uint64_t position,
                const char *text)
{
    struct book_page row = {
        .meter = {meter},
        .page = page,
        .position = position,
        .start_us = page * 3600,
        .bytes = (uint8_t *)memory_text(text),
        .count = strlen(text),
    };

    book_page(f->book, &row);
    free(row.bytes);
}

static void expect_page(struct ledger_fixture *f, int64_t page, uint64_t position, const char *text)
{
    struct book_page got = {.meter = {1}, .page = page};

    if (text == NULL) {
        assert_false(book_page_get(f->book, position, &got));
    } else {
        assert_true(book_page_get(f->book, position, &got));
        assert_int_equal(got.count, strlen(text));
        assert_memory_equal(got.bytes, text, got.count);
        assert_true(got.position < position);
        assert_int_equal(got.start_us, page * 3600);
    }
    free(got.bytes);
}

static void a_page_is_the_newest_version_before_a_position(void **state)
{
    struct ledger_fixture *f = fixture_open(false);

    (void)state;
    put(f, 1, 7, 100, "first");
    put(f, 1, 7, 300, "second");
    put(f, 1, 7, 500, "");
    put(f, 2, 7, 50, "another meter");
    expect_page(f, 7, 100, NULL);
    expect_page(f, 7, 101, "first");
    expect_page(f, 7, 300, "first");
    expect_page(f, 7, 301, "second"); /* uncommitted, and seen */
    expect_page(f, 7, UINT64_MAX / 2, "");
    expect_page(f, 8, UINT64_MAX / 2, NULL);
    fixture_close(f);
}

static void pages_are_found_backwards_and_only_those_that_stood_then(void **state)
{
    struct ledger_fixture *f = fixture_open(false);
    int64_t page = 0;

    (void)state;
    put(f, 1, -3, 10, "a");
    put(f, 1, 20, 20, "b");
    put(f, 1, 21, 400, "c");
    put(f, 0, 22, 1, "d");
    assert_true(book_page_find(f->book, (meter_id){1}, INT64_MAX, 500, &page));
    assert_int_equal(page, 21);
    assert_true(book_page_find(f->book, (meter_id){1}, INT64_MAX, 400, &page));
    assert_int_equal(page, 20);
    assert_true(book_page_find(f->book, (meter_id){1}, 20, 400, &page));
    assert_int_equal(page, -3);
    assert_false(book_page_find(f->book, (meter_id){1}, -3, 400, &page));
    fixture_close(f);
}

#define DAY 86400 /* put() gives page N the start N * 3600: 24 pages are a day of these units */

/* Commits until nothing more goes. */
static void prune(struct ledger_fixture *f, uint64_t position, int64_t reach)
{
    struct failure failure = {0};

    book_prune_before(f->book, position, reach);
    for (int i = 0; i < 20; i++) {
        if (!fixture_commit(f, F_AT(8, 0), &failure)) {
            fail_msg("%s", failure.text);
        }
        fixture_begin(f);
    }
}

static void versions_replaced_before_the_oldest_snapshot_go(void **state)
{
    struct ledger_fixture *f = fixture_open(false);

    (void)state;
    put(f, 1, 7, 100, "first");
    put(f, 1, 7, 300, "second");
    put(f, 1, 7, 500, "third");
    put(f, 1, 7, 600, "fourth");
    put(f, 2, 7, 100, "of another meter");
    prune(f, 500, 400 * DAY);
    expect_page(f, 7, 101, NULL); /* nobody goes on from there any more */
    expect_page(f, 7, 500, "second");
    expect_page(f, 7, 501, "third");
    expect_page(f, 7, 700, "fourth");
    struct book_page other = {.meter = {2}, .page = 7};
    assert_true(book_page_get(f->book, 500, &other));
    free(other.bytes);
    fixture_close(f);
}

static void pages_out_of_reach_go_but_the_one_at_which_it_begins(void **state)
{
    struct ledger_fixture *f = fixture_open(false);
    int64_t page = 0, oldest = INT64_MAX;

    (void)state;
    for (int64_t hour = 0; hour < 1000; hour++) {
        put(f, 1, hour, (uint64_t)(100 + hour), "a page");
    }
    put(f, 3, 0, 100, "of a meter that fell silent");
    /* at position 600 page 499 is the newest one; ten days before it begins page 259 */
    prune(f, 600, 10 * DAY);
    while (book_page_find(f->book, (meter_id){1}, oldest, 5000, &page)) {
        oldest = page;
    }
    assert_int_equal(oldest, 259);
    expect_page(f, 259, 5000, "a page");
    assert_true(book_page_find(f->book, (meter_id){3}, INT64_MAX, 5000, &page));
    fixture_close(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_is_the_newest_version_before_a_position),
        cmocka_unit_test(pages_are_found_backwards_and_only_those_that_stood_then),
        cmocka_unit_test(versions_replaced_before_the_oldest_snapshot_go),
        cmocka_unit_test(pages_out_of_reach_go_but_the_one_at_which_it_begins),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
