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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_is_the_newest_version_before_a_position),
        cmocka_unit_test(pages_are_found_backwards_and_only_those_that_stood_then),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
