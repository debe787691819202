/* What the file of a ledger may be when it is opened: this program's, an earlier or a newer one's,
 * another program's. */
#include "book_former.h"
#include "ledger_fixture.h"
#include "reader.h"

#include <sqlite3.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "ledger_rows.h"

/* Runs SQL on the file by another connection, as a stranger would. */
static void meddle(const struct ledger_fixture *f, const char *sql)
{
    sqlite3 *database = NULL;

    assert_int_equal(sqlite3_open(f->path, &database), SQLITE_OK);
    if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK) {
        fail_msg("%s", sqlite3_errmsg(database));
    }
    sqlite3_close(database);
}

static void a_newer_schema_is_refused(void **state)
{
    struct ledger_fixture *f = fixture_open(true);
    struct failure failure = {0};

    (void)state;
    commit_or_fail(f, F_AT(8, 0));
    book_close(f->book);
    meddle(f, "PRAGMA user_version = 99");
    f->book = book_open(f->path, &failure);
    assert_null(f->book);
    assert_int_equal(failure.code, FAILURE_RESOURCE);
    assert_non_null(strstr(failure.text, "written by a newer heatledger (schema 99"));
    assert_null(reader_open(f->directory, &failure));
    assert_non_null(strstr(failure.text, "written by a newer heatledger (schema 99"));
    meddle(f, "PRAGMA user_version = 3");
    f->book = book_open(f->path, &failure);
    assert_non_null(f->book);
    fixture_close(f);
}

/* The ledger in the fixture's file as an earlier program would have left it. */
static void expect_former(struct ledger_fixture *f)
{
    struct failure failure = {0};
    struct book_former former = {0};

    assert_null(book_open(f->path, &failure));
    assert_int_equal(failure.code, FAILURE_RESOURCE);
    assert_non_null(strstr(failure.text, "earlier heatledger"));
    assert_non_null(strstr(failure.text, "move ledger.db away"));
    assert_null(reader_open(f->directory, &failure));
    assert_non_null(strstr(failure.text, "start `heatledger run` or `replay` on its directory"));
    assert_true(book_former_find(f->path, &former, &failure));
    assert_true(former.found);
}

static void a_ledger_of_version_1_is_refused_with_the_way_out(void **state)
{
    struct ledger_fixture *f = fixture_open(true);
    struct failure failure = {0};

    (void)state;
    commit_or_fail(f, F_AT(8, 0));
    book_close(f->book);
    meddle(f, "PRAGMA user_version = 1");
    expect_former(f);
    meddle(f, "PRAGMA user_version = 3");
    f->book = book_open(f->path, &failure);
    assert_non_null(f->book);
    fixture_close(f);
}

static void other_tables_under_the_present_version_are_refused(void **state)
{
    struct ledger_fixture *f = fixture_open(true);
    struct failure failure = {0};

    (void)state;
    commit_or_fail(f, F_AT(8, 0));
    book_close(f->book);
    meddle(f, "ALTER TABLE reject RENAME COLUMN ts_us TO time_us");
    expect_former(f);
    meddle(f, "ALTER TABLE reject RENAME COLUMN time_us TO ts_us");
    f->book = book_open(f->path, &failure);
    assert_non_null(f->book);
    fixture_close(f);
}

static void what_an_earlier_ledger_had_to_send_goes_into_the_one_made_again(void **state)
{
    struct ledger_fixture *f = fixture_open(true);
    struct failure failure = {0};
    struct book_former former = {0};
    char first[BOOK_FORMER_PATH_MAX];

    (void)state;
    commit_or_fail(f, F_AT(8, 0));
    uint64_t position = book_position(f->book);
    book_close(f->book);
    meddle(f, "INSERT INTO outbox_message VALUES (7, 40, 0, 'heatledger/S/a', '{}', 1),"
              " (9, 41, 2, 'heatledger/S/b', '', 0); PRAGMA user_version = 1");
    assert_true(book_former_find(f->path, &former, &failure));
    assert_int_equal(former.position, position);
    assert_true(book_former_put_aside(f->path, &former, &failure));
    assert_int_not_equal(access(f->path, F_OK), 0);
    snprintf(first, sizeof first, "%s", former.aside);
    f->book = book_open(f->path, &failure);
    assert_non_null(f->book);
    assert_int_equal(book_position(f->book), 0);
    assert_true(book_former_outbox(f->book, &former, &failure));
    expect_rows(book_reader(f->book),
                "SELECT position, ordinal, topic, payload, retain FROM outbox_message ORDER BY row",
                "40|0|heatledger/S/a|{}|1\n41|2|heatledger/S/b||0\n");

    /* the next one does not take the place of the first */
    book_close(f->book);
    assert_true(book_former_put_aside(f->path, &former, &failure));
    assert_string_not_equal(former.aside, first);
    assert_int_equal(access(first, F_OK), 0);
    unlink(first);
    unlink(former.aside);
    f->book = book_open(f->path, &failure);
    assert_non_null(f->book);
    fixture_close(f);
}

static void no_ledger_and_one_of_this_program_are_none_of_an_earlier_one(void **state)
{
    struct ledger_fixture *f = fixture_open(true);
    struct failure failure = {0};
    struct book_former former = {.found = true};

    (void)state;
    commit_or_fail(f, F_AT(8, 0));
    assert_true(book_former_find(f->path, &former, &failure));
    assert_false(former.found);
    assert_true(book_former_find("/nowhere/at/all/ledger.db", &former, &failure));
    assert_false(former.found);
    fixture_close(f);
}

static void a_file_of_another_program_is_refused(void **state)
{
    struct ledger_fixture *f = fixture_open(true);
    struct failure failure = {0};

    (void)state;
    commit_or_fail(f, F_AT(8, 0));
    book_close(f->book);
    meddle(f, "PRAGMA application_id = 17");
    f->book = book_open(f->path, &failure);
    assert_null(f->book);
    assert_non_null(strstr(failure.text, "a database, but not a ledger"));
    /* and one that is no database at all */
    FILE *file = fopen(f->path, "w");
    fputs("this is a text file, long enough to be read as a header, but it is not one at all",
          file);
    fclose(file);
    f->book = book_open(f->path, &failure);
    assert_null(f->book);
    assert_non_null(strstr(failure.text, "cannot be read as a ledger: file is not a database"));
    fixture_close(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_newer_schema_is_refused),
        cmocka_unit_test(a_ledger_of_version_1_is_refused_with_the_way_out),
        cmocka_unit_test(other_tables_under_the_present_version_are_refused),
        cmocka_unit_test(what_an_earlier_ledger_had_to_send_goes_into_the_one_made_again),
        cmocka_unit_test(no_ledger_and_one_of_this_program_are_none_of_an_earlier_one),
        cmocka_unit_test(a_file_of_another_program_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
