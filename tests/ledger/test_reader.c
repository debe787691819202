#include "ledger_fixture.h"
#include "reader.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static bool keep_first(void *context, const struct reader_row *row)
{
    snprintf(context, 200, "%s", row->values[0] == NULL ? "null" : row->values[0]);
    return false;
}

static void expect(struct reader *reader, const char *sql, const char *value, const char *expected)
{
    const struct reader_parameter parameters[] = {{":value", value}, {":not_used", "x"}};
    struct failure failure = {0};
    char text[200] = "no row";

    if (!reader_query(reader, sql, parameters, 2, keep_first, text, &failure)) {
        fail_msg("%s: %s", sql, failure.text);
    }
    if (strcmp(text, expected) != 0) {
        fail_msg("%s: \"%s\", not \"%s\"", sql, text, expected);
    }
}

static void sql_functions_speak_the_reports_language(void **state)
{
    struct ledger_fixture *f = fixture_open(false);
    struct reader *reader = book_reader(f->book);
    static const struct {
        const char *sql, *value, *expected;
    } cases[] = {
        {"SELECT decimal(1793640, 3)", NULL, "1793.64"},
        {"SELECT decimal(NULL, 3)", NULL, "null"},
        {"SELECT decimal(-5, 0)", NULL, "-5"},
        {"SELECT ratio(2, 3, 2)", NULL, "0.67"},
        {"SELECT ratio(1, 0, 2)", NULL, "null"},
        {"SELECT ratio(1, -1, 2)", NULL, "null"},
        {"SELECT per_tonne(43600000, 3, 1199400000)", NULL, "36.351509"},
        {"SELECT per_tonne(43600000, 3, 0)", NULL, "null"},
        {"SELECT per_tonne(43600000, 3, NULL)", NULL, "null"},
        /* through 128 bits: the numerator alone is 9e24 */
        {"SELECT per_tonne(9000000000000000000, 0, 1000000000000)", NULL, "9000000000000"},
        {"SELECT percent(1, 3)", NULL, "33.33"},
        {"SELECT percent(1, 200)", NULL, "0.5"},
        {"SELECT percent(0, 0)", NULL, "0"},
        {"SELECT percent(1, 0)", NULL, "null"},
        {"SELECT percent(-1, -4)", NULL, "25"},
        {"SELECT local_time(0)", NULL, "1970-01-01T08:00:00+08:00"},
        {"SELECT local_time(NULL)", NULL, "null"},
        {"SELECT civil_day(20522)", NULL, "2026-03-10"},
        {"SELECT day_number(:value)", "2026-03-10", "20522"},
        {"SELECT day_number(:value)", "2026-13-10", "null"},
        {"SELECT instant(:value)", "1970-01-01T00:00:01Z", "1000000"},
        {"SELECT instant(:value)", "1970-01-01T08:00:01", "1000000"},
        {"SELECT instant(:value)", "1970-01-01", "-28800000000"},
        {"SELECT instant(:value)", "soon", "null"},
        {"SELECT printable(:value)", "a\tb\x7f", "a\\x09b\\x7f"},
        {"SELECT printable(:value)", "锰铁 é \xf0\x9f\x98\x80", "锰铁 é \xf0\x9f\x98\x80"},
        /* not shortest form, a surrogate, too large, cut off */
        {"SELECT printable(x'c0af')", NULL, "\\xc0\\xaf"},
        {"SELECT printable(x'eda080')", NULL, "\\xed\\xa0\\x80"},
        {"SELECT printable(x'f4908080')", NULL, "\\xf4\\x90\\x80\\x80"},
        {"SELECT printable(x'41e9')", NULL, "A\\xe9"},
        {"SELECT printable(x'')", NULL, ""},
        {"SELECT :missing IS NULL", NULL, "1"},
        {"SELECT 1 WHERE 0", NULL, "no row"},
    };
    struct failure failure;

    (void)state;
    assert_true(fixture_commit(f, F_AT(8, 0), &failure));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect(reader, cases[i].sql, cases[i].value, cases[i].expected);
    }
    fixture_close(f);
}

static void local_times_follow_the_plants_zone(void **state)
{
    struct ledger_fixture *f = fixture_open(false);
    struct failure failure;

    (void)state;
    expect(book_reader(f->book), "SELECT local_time(0)", NULL, "1970-01-01T08:00:00+08:00");
    /* summer time in the next configuration; the writer's reader sees it before the commit */
    f->zone.transition_count = 2;
    f->zone.transitions[1] = (struct zone_transition){1000000, 9 * 3600};
    f->plant.version = 2;
    book_plant(f->book, &f->plant);
    expect(book_reader(f->book), "SELECT local_time(999999)", NULL,
           "1970-01-01T08:00:00.999999+08:00");
    expect(book_reader(f->book), "SELECT local_time(1000000)", NULL, "1970-01-01T09:00:01+09:00");
    assert_true(fixture_commit(f, F_AT(8, 0), &failure));
    fixture_close(f);
}

static void a_directory_without_a_ledger_is_told_apart(void **state)
{
    struct failure failure = {0};

    (void)state;
    assert_null(reader_open("/nonexistent", &failure));
    assert_int_equal(failure.code, FAILURE_RESOURCE);
    assert_string_equal(failure.text, "/nonexistent/ledger.db: no ledger here; run or replay with "
                                      "-d /nonexistent writes one");
}

static void a_reader_sees_commits_only_and_between_snapshots_one_state(void **state)
{
    struct ledger_fixture *f = fixture_open(true);
    struct failure failure = {0};
    uint64_t position = 99;

    (void)state;
    assert_true(fixture_commit(f, F_AT(8, 0), &failure));
    struct reader *reader = reader_open(f->directory, &failure);
    assert_non_null(reader);
    fixture_begin(f);
    fixture_demo(f);
    expect(reader, "SELECT COUNT(*) FROM entry_posting", NULL, "0");
    assert_true(reader_position(reader, &position, &failure));
    assert_int_equal(position, 0); /* nothing open was shown yet */
    assert_true(reader_snapshot_begin(reader, &failure));
    assert_true(fixture_commit(f, F_DEMO_NOW_US, &failure));
    expect(reader, "SELECT COUNT(*) FROM entry_posting", NULL, "0");
    reader_snapshot_end(reader);
    expect(reader, "SELECT COUNT(*) FROM entry_posting", NULL, "7");
    assert_true(reader_position(reader, &position, &failure));
    assert_int_equal(position, 20);
    reader_close(reader);
    fixture_close(f);
}

static bool ask_again(void *context, const struct reader_row *row)
{
    char text[200];
    struct failure failure;

    (void)row;
    assert_true(reader_query(context, "SELECT id FROM crew ORDER BY id", NULL, 0, keep_first, text,
                             &failure));
    return true;
}

static void queries_can_be_nested_and_are_many(void **state)
{
    struct ledger_fixture *f = fixture_open(false);
    struct failure failure;
    char sql[64], number[16];

    (void)state;
    assert_true(fixture_commit(f, F_AT(8, 0), &failure));
    struct reader *reader = book_reader(f->book);
    assert_true(reader_query(reader, "SELECT id FROM crew ORDER BY id", NULL, 0, ask_again, reader,
                             &failure));
    /* more than are kept, twice; a value that was given once is not there the next time */
    for (int i = 0; i < 100; i++) {
        snprintf(sql, sizeof sql, "SELECT %d + COALESCE(:value, 0)", i % 50);
        snprintf(number, sizeof number, "%d", i % 50 + (i < 50 ? 7 : 0));
        expect(reader, sql, i < 50 ? "7" : NULL, number);
        expect(reader, "SELECT COALESCE(:value, 0)", i % 2 == 0 ? "1" : NULL,
               i % 2 == 0 ? "1" : "0");
    }
    fixture_close(f);
}

static void a_wrong_query_is_told_and_does_no_harm(void **state)
{
    struct ledger_fixture *f = fixture_open(true);
    struct failure failure = {0};
    char text[200];

    (void)state;
    assert_true(fixture_commit(f, F_AT(8, 0), &failure));
    struct reader *reader = reader_open(f->directory, &failure);
    assert_false(reader_query(reader, "SELECT absent", NULL, 0, keep_first, text, &failure));
    if (strstr(failure.text, "no such column: absent") == NULL) {
        fail_msg("%s", failure.text);
    }
    reader_close(reader);
    /* what the reader leaves behind is a ledger that the writer goes on with */
    fixture_begin(f);
    fixture_demo(f);
    assert_true(fixture_commit(f, F_DEMO_NOW_US, &failure));
    fixture_close(f);
}

static void what_is_gathered_stands_until_it_is_gathered_again(void **state)
{
    static const struct reader_gathering doubled = {
        "doubled", "id, value",
        "WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < (:value+0))"
        " SELECT i, 2 * i FROM n"};
    static const struct reader_gathering wrong = {"wrong", "id", "SELECT id FROM nowhere"};
    struct ledger_fixture *f = fixture_open(true);
    struct failure failure = {0};
    const struct reader_parameter three = {":value", "3"}, two = {":value", "2"};

    (void)state;
    assert_true(fixture_commit(f, F_AT(8, 0), &failure));
    struct reader *own = reader_open(f->directory, &failure);
    struct reader *const readers[] = {book_reader(f->book), own};
    assert_non_null(own);
    for (size_t i = 0; i < 2; i++) {
        assert_true(reader_gather(readers[i], &doubled, &three, 1, &failure));
        expect(readers[i], "SELECT SUM(value) FROM temp.doubled", NULL, "12");
        expect(readers[i], "SELECT SUM(value) FROM temp.doubled WHERE id > 1", NULL, "10");
        assert_true(reader_gather(readers[i], &doubled, &two, 1, &failure));
        expect(readers[i], "SELECT SUM(value) FROM temp.doubled", NULL, "6");
        assert_false(reader_gather(readers[i], &wrong, NULL, 0, &failure));
        assert_int_equal(failure.code, FAILURE_RESOURCE);
        if (strstr(failure.text, "no such table: nowhere") == NULL) {
            fail_msg("%s", failure.text);
        }
    }
    reader_close(own);
    fixture_close(f);
}

static void a_directory_that_cannot_be_reached_is_not_called_empty(void **state)
{
    char path[] = "/tmp/heatledger-reader-XXXXXX";
    struct failure failure = {0};
    int file = mkstemp(path);

    (void)state;
    assert_true(file >= 0);
    assert_null(reader_open(path, &failure)); /* a file, and not a directory */
    assert_non_null(strstr(failure.text, "cannot be reached: Not a directory"));
    assert_null(reader_open("/tmp/heatledger-that-is-not-there", &failure));
    assert_non_null(strstr(failure.text, "no ledger here"));
    close(file);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sql_functions_speak_the_reports_language),
        cmocka_unit_test(local_times_follow_the_plants_zone),
        cmocka_unit_test(a_directory_without_a_ledger_is_told_apart),
        cmocka_unit_test(a_reader_sees_commits_only_and_between_snapshots_one_state),
        cmocka_unit_test(queries_can_be_nested_and_are_many),
        cmocka_unit_test(a_wrong_query_is_told_and_does_no_harm),
        cmocka_unit_test(what_is_gathered_stands_until_it_is_gathered_again),
        cmocka_unit_test(a_directory_that_cannot_be_reached_is_not_called_empty),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
